"""Workers as actors of Ray, on any number of machines that share the sweep's folder.

Ray can repeat the call of an actor that died, but it waits for that very actor, which may need a machine that never
comes back. So calls are not repeated by Ray (max_task_retries=0): a batch that is lost goes to whoever is free, and the
actor, which Ray restarts where there is room (max_restarts=-1), gets work again when it has answered.
"""
from __future__ import annotations

import collections
import importlib
import os
import pathlib
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tezzeret._errors import CompilationError, EnvironmentFailed, UsageError
from tezzeret._tez import find_program
from tezzeret.sweep._local import TICK
from tezzeret.sweep._work import Job, Outcome, Settings, Worker, lost

MOST_FAILURES = 20
"""Of starting a worker, in a row."""

OBJECT_STORE = 128 << 20
"""Bytes, of a cluster that we start: batches and results are small."""

PACKAGES = str(pathlib.Path(__file__).resolve().parents[2])


class RayEngine:
    """address: "" is $RAY_ADDRESS, and where that is not set starts Ray on this machine; "auto" and HOST:PORT join a
    cluster.
    count: 0 is one for each core that the cluster has now; those for which there is no room start when there is.
    tries: how often a blueprint may be with a worker that is lost. note: is told what a person should know."""

    def __init__(self, settings: Settings, count: int, stop: threading.Event, address: str, tries: int,
                 note: Callable[[str], None]) -> None:
        self._settings, self._stop, self._tries, self._note = settings, stop, tries, note
        self._ray = _ray()
        self._connect(address, count)
        self._actor = self._ray.remote(num_cpus=1, max_restarts=-1, max_task_retries=0)(Worker)
        cores = int(self._ray.cluster_resources().get("CPU", 0))
        self._losses: collections.Counter[str] = collections.Counter()
        self._again: collections.deque[Sequence[Job]] = collections.deque()
        self._running: dict[Any, tuple[Any, Sequence[Job]]] = {}
        self._coming: dict[Any, Any] = {}  # the answer that is awaited, and the actor
        self._idle: list[Any] = []
        self._failures = 0
        for _ in range(count or max(cores, 1)):
            self._begin()

    def _connect(self, address: str, count: int) -> None:
        address = address or os.environ.get("RAY_ADDRESS", "local")
        # Whoever runs an actor needs this package and the compiler, at the same places as here.
        variables = {"PYTHONPATH": os.pathsep.join(filter(None, [PACKAGES, os.environ.get("PYTHONPATH")])),
                     "TEZ": find_program()}
        more = {"num_cpus": count or os.cpu_count(), "include_dashboard": False,
                "object_store_memory": OBJECT_STORE} if address == "local" else {}
        before = signal.getsignal(signal.SIGTERM)
        try:
            self._ray.init(address=address, runtime_env={"env_vars": variables}, log_to_driver=False,
                           logging_level="ERROR", **more)
        except Exception as error:  # of many kinds, a bare Exception among them
            raise EnvironmentFailed(f"Ray at {address}: {_first_line(error)}") from error
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, before)  # Ray's own would end this process wherever it is

    def _begin(self) -> None:
        self._greet(self._actor.remote(self._settings))

    def _greet(self, actor: Any) -> None:
        self._coming[actor.probe.remote()] = actor

    def run(self, batches: Iterator[Sequence[Job]]) -> Iterator[list[Outcome]]:
        more = True
        while more or self._again or self._running:
            more = self._hand_out(batches) and more
            if not (more or self._again or self._running) or self._stop.is_set():
                return  # what runs is lost, and is done by whoever goes on
            self._tell()
            done, _ = self._ray.wait([*self._running, *self._coming], num_returns=1, timeout=TICK)
            for answer in done:
                if answer in self._coming:
                    self._welcome(answer)
                else:
                    yield self._take(answer)

    def _hand_out(self, batches: Iterator[Sequence[Job]]) -> bool:
        """False: there are no more batches."""
        while self._idle:
            batch = self._again.popleft() if self._again else next(batches, None)
            if batch is None:
                return False
            actor = self._idle.pop()
            self._running[actor.run.remote(batch)] = actor, batch
        return True

    def _tell(self) -> None:
        self._note("" if self._running or self._idle else "waits for Ray to start workers")

    def _welcome(self, answer: Any) -> None:
        """An actor that answers may work. One that cannot compile ends the sweep: its machine lacks something."""
        actor, errors = self._coming.pop(answer), self._ray.exceptions
        try:
            self._ray.get(answer)
        except errors.ActorUnavailableError:
            self._greet(actor)
        except errors.ActorDiedError as died:
            self._failures += 1
            if self._failures == MOST_FAILURES:
                raise EnvironmentFailed(f"Ray cannot start workers: {_first_line(died)}") from died
            self._begin()
        except errors.RayTaskError as failed:
            if isinstance(failed.cause, CompilationError):
                raise failed.cause from None
            raise EnvironmentFailed(f"a worker of Ray cannot begin: {_first_line(failed)}") from failed
        else:
            self._idle.append(actor)
            self._failures = 0

    def _take(self, answer: Any) -> list[Outcome]:
        actor, batch = self._running.pop(answer)
        try:
            outcomes: list[Outcome] = self._ray.get(answer)
        except self._ray.exceptions.RayTaskError as failed:
            raise EnvironmentFailed(f"a worker of Ray failed: {_first_line(failed)}") from failed
        except self._ray.exceptions.RayError as error:
            self._greet(actor)
            return self._repeat(batch, _first_line(error))
        self._idle.append(actor)
        return outcomes

    def _repeat(self, batch: Sequence[Job], reason: str) -> list[Outcome]:
        """Each by itself, so that one that ends its worker takes no others with it. Returns those that are given up."""
        given_up = []
        for job in batch:
            self._losses[job.digest] += 1
            if self._losses[job.digest] < self._tries:
                self._again.append([job])
            else:
                given_up.append(lost(job, f"{self._tries} workers were lost with it, the last one so: {reason}"))
        return given_up

    def close(self) -> None:
        self._ray.shutdown()


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _ray() -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # it would call its makers
    try:
        return importlib.import_module("ray")
    except ImportError:
        raise UsageError("--ray needs Ray: pip install ray") from None
