"""What one worker of a sweep does: a batch of blueprints through a compiler process of its own."""
from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import pathlib
import shutil
import socket
import tempfile
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

from tezzeret._errors import EnvironmentFailed, error_of, read_diagnostics
from tezzeret._tez import Compiler, CompilerEnded, Limits, Result

STATES = {1: "refused", 3: "not_validated"}
"""By the exit status of the compiler; every other one is "failed"."""

MOST_DIAGNOSTICS, MOST_TEXT = 20, 2000
"""Of what is kept of a blueprint."""

JOBS_OF_A_COMPILER = 1000
"""Then it is replaced: what a library leaves behind in memory does not add up."""

PROBE = b'{"type": "linear", "config": {"input_size": 2, "hidden_sizes": [2]}}'


class Job(NamedTuple):
    """A blueprint, to be identified (its content id is found) or compiled. shared: others have the same content, so
    the cache is filled and asked."""

    digest: str
    text: bytes
    ending: str
    compiled: bool
    shared: bool = False


@dataclasses.dataclass(frozen=True)
class Settings:
    """What all workers are told. folder: of the sweep, absolute, the same on all machines. options: of `tez compile`.
    seconds and memory: limits of a job."""

    folder: str
    options: tuple[str, ...]
    seconds: float
    memory: int

    def kernel(self, digest: str) -> pathlib.Path:
        return pathlib.Path(self.folder, kernel_place(digest))


def kernel_place(digest: str) -> str:
    """In the sweep's folder. Ten thousands of files in one folder make every look at it slow."""
    return f"kernels/{digest[:2]}/{digest}.pt"


@dataclasses.dataclass
class Outcome:
    """What became of a blueprint. state: "identified"; "validated" or "compiled" (nobody looked); "refused" (it is at
    fault), "not_validated" (the compiler is); "failed" (file, disk, options) or "crashed", which are tried again.

    seconds: of the clock, for all of it. milliseconds: of the compiler's phases. verdicts: of the validation suite.
    bytes, sha256: of the kernel file as it was read back. worker: machine and process.
    """

    digest: str
    state: str
    content_id: str = ""
    kernel_id: str = ""
    diagnostics: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    seconds: float = 0.0
    milliseconds: dict[str, float] = dataclasses.field(default_factory=dict)
    verdicts: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    cached: bool = False
    parameters: int = 0
    bytes: int = 0
    sha256: str = ""
    worker: str = ""


def lost(job: Job, reason: str) -> Outcome:
    """Of a job whose worker is gone."""
    return Outcome(job.digest, "crashed", diagnostics=[{"severity": "error", "message": reason}])


class Worker:
    """Used by one thread; `stop` may be called by another."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._place = pathlib.Path(tempfile.mkdtemp(prefix="tezzeret-sweep-"))
        # As many workers as cores: threads of one would wait for those of another.
        self._compiler = Compiler(Limits(settings.seconds, settings.memory, 64 << 30),
                                  {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"})
        self._name = f"{socket.gethostname()}:{os.getpid()}"
        self._jobs, self._stopped = 0, False

    def probe(self) -> None:
        """Compiles a small network: wrong options would turn every blueprint into a failure. Raises a
        CompilationError."""
        source, target = self._place / "probe.json", self._place / "probe.pt"
        source.write_bytes(PROBE)
        result = self._compiler.ask(["compile", str(source), "-o", str(target), *self._settings.options])
        if result.status != 0:
            raise error_of(4 if result.status == 1 else result.status,
                           f"error: a small network cannot be compiled: {result.messages}")
        if not os.access(self._settings.folder, os.W_OK):
            raise EnvironmentFailed(f"{self._settings.folder} is not there or cannot be written on "
                                    f"{socket.gethostname()}: all machines of a sweep must share it")

    def run(self, jobs: Sequence[Job]) -> list[Outcome]:
        """One for each, in order; fewer when stopped. Each kernel is on disk before it is in the list."""
        outcomes = []
        for job in jobs:
            begin = time.monotonic()
            try:
                outcome = self._one(job)
            except CompilerEnded as ended:
                outcome = lost(job, ended.cause)
            except Exception as error:  # a full disk, or our own fault: one blueprint's trouble is not all others'
                said = f"{type(error).__name__}: {error}"
                outcome = Outcome(job.digest, "failed", diagnostics=[{"severity": "error", "message": said}])
            if self._stopped:  # perhaps by the same kill; a good one is good all the same
                if outcome.state in ("crashed", "failed"):
                    break
            outcome.seconds, outcome.worker = round(time.monotonic() - begin, 4), self._name
            outcomes.append(outcome)
            if self._stopped:
                break
        return outcomes

    def _one(self, job: Job) -> Outcome:
        self._jobs += 1
        if self._jobs % JOBS_OF_A_COMPILER == 0:
            self._compiler.close()
        source = self._place / f"blueprint{job.ending}"
        source.write_bytes(job.text)
        return self._compile(job, source) if job.compiled else self._identify(job, source)

    def _ask(self, source: pathlib.Path, words: Sequence[str]) -> Result:
        return self._compiler.ask(["compile", str(source), "--diagnostics=json", *self._settings.options, *words])

    def _identify(self, job: Job, source: pathlib.Path) -> Outcome:
        result = self._ask(source, ["--print-id"])
        outcome = self._outcome(job, result, "identified")
        if result.status == 0:
            ids = dict(line.split(" ", 1) for line in result.output.splitlines())
            outcome.content_id, outcome.kernel_id = ids["content_id"], ids["kernel_id"]
        return outcome

    def _compile(self, job: Job, source: pathlib.Path) -> Outcome:
        report, target = self._place / "report.json", self._settings.kernel(job.digest)
        cache = [f"--cache={self._settings.folder}/cache"] if job.shared else []
        result = self._ask(source, ["-o", str(target), f"--report={report}", *cache])
        outcome = self._outcome(job, result, "validated")
        if result.status == 0:
            self._read_report(json.loads(report.read_bytes()), outcome)
            content = target.read_bytes()
            outcome.bytes, outcome.sha256 = len(content), hashlib.sha256(content).hexdigest()
        return outcome

    def _outcome(self, job: Job, result: Result, good: str) -> Outcome:
        found, others = read_diagnostics(result.messages.replace(f"{self._place}/", ""))
        said: list[dict[str, Any]] = [dataclasses.asdict(one) for one in found]
        said += [{"severity": "error" if result.status else "note", "message": line} for line in others if line.strip()]
        for one in said:
            one["message"] = one["message"][:MOST_TEXT]
        said.sort(key=lambda one: one["severity"] != "error")  # errors first, in their order
        state = good if result.status == 0 else STATES.get(result.status, "failed")
        if not said and result.status:
            said = [{"severity": "error", "message": f"tez ended with exit status {result.status}"}]
        return Outcome(job.digest, state, diagnostics=said[:MOST_DIAGNOSTICS])

    @staticmethod
    def _read_report(report: dict[str, Any], outcome: Outcome) -> None:
        outcome.content_id, outcome.kernel_id = report["content_id"], report["kernel_id"]
        outcome.milliseconds = {phase: round(time, 3) for phase, time in report.get("milliseconds", {}).items()}
        outcome.cached, outcome.parameters = report["cached"], report["parameter_count"]
        outcome.verdicts = [{"check": one["check"], "answer": one["answer"], "error_fp32": one["worst_error_fp32"],
                             "error_fp64": one["worst_error_fp64"], "of_bound": one["worst_ratio_to_bound"]}
                            for one in report["verdicts"]]
        if not outcome.verdicts:
            outcome.state = "compiled"

    def stop(self) -> None:
        """The batch under way ends at once, with what was finished."""
        self._stopped = True
        self._compiler.kill()

    def close(self) -> None:
        self._compiler.close()
        shutil.rmtree(self._place, ignore_errors=True)
