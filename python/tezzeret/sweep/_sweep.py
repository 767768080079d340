"""The order of things: who is compiled when, and what is done when it goes wrong."""
from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import itertools
import json
import os
import pathlib
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence

from tezzeret._errors import EnvironmentFailed, UsageError
from tezzeret._tez import Compiler
from tezzeret.sweep import _table
from tezzeret.sweep._inputs import Entry, check_inputs, read_entries
from tezzeret.sweep._journal import UNSURE, Journal, Known
from tezzeret.sweep._local import Engine, LocalEngine
from tezzeret.sweep._progress import Progress
from tezzeret.sweep._ray import RayEngine
from tezzeret.sweep._table import Summary, make_rows, write_tables
from tezzeret.sweep._work import Job, Outcome, Settings

OURS = ("-o", "--output", "--report", "--cache", "--explain-cache", "--print-id", "--stop-after", "--portfolio",
        "--emit", "--tune", "--diagnostics")
"""Options of `tez compile` that a sweep sets itself, or that several workers cannot have."""

MOST_FAILURES = 20
"""In a row: then it is the disk or the machine, and no blueprint should be blamed for it."""

IDENTIFY_BATCH = 64
"""Some milliseconds each."""


@dataclasses.dataclass(frozen=True)
class Plan:
    """What is to be done. inputs: files of blueprints. folder: for all that comes of it. options: of `tez compile`, for
    each. workers: 0 for one a core. ray: None for none, else an address (see RayEngine). column: of Parquet files.
    batch: blueprints handed to a worker at once. tries: for what crashes or fails. seconds, memory: limits of a
    blueprint. retry: states whose blueprints are done once more."""

    inputs: Sequence[str]
    folder: str
    options: Sequence[str] = ()
    workers: int = 0
    ray: str | None = None
    column: str = "blueprint"
    batch: int = 8
    tries: int = 3
    seconds: float = 600.0
    memory: int = 16 << 30
    retry: Sequence[str] = ()


def run(plan: Plan, stop: threading.Event | None = None, progress: Progress | None = None) -> Summary:
    """Does what the folder's journal does not have yet, and writes the tables. Returns early, with what there is, when
    `stop` is set. Raises a CompilationError for what is no blueprint's fault."""
    _check_options(plan.options)
    check_inputs(plan.inputs)
    folder = pathlib.Path(os.path.abspath(plan.folder))
    with _owned(folder):
        _check_description(folder, plan)
        _prepare(folder)
        journal = Journal(folder / "journal.jsonl")
        try:
            return _Sweep(plan, folder, journal, stop or threading.Event(), progress or Progress()).run()
        finally:
            journal.close()


class _Sweep:
    def __init__(self, plan: Plan, folder: pathlib.Path, journal: Journal, stop: threading.Event,
                 progress: Progress) -> None:
        self._plan, self._folder, self._journal, self._stop, self._progress = plan, folder, journal, stop, progress
        self._settings = Settings(str(folder), tuple(plan.options), plan.seconds, plan.memory)
        self._failures = 0
        self._summary = Summary()

    def run(self) -> Summary:
        self._journal.forget(self._plan.retry)
        begin = time.monotonic()
        try:
            if self._is_anything_left():
                with contextlib.closing(self._engine()) as engine:
                    self._work(engine)
        finally:
            self._progress.end()
        self._summary.seconds, self._summary.interrupted = time.monotonic() - begin, self._stop.is_set()
        self._summary.distinct = sum(1 for _ in self._distinct())
        write_tables(make_rows(self._entries(), self._journal), self._folder, self._summary)
        (self._folder / "summary.txt").write_text(self._summary.text())
        return self._summary

    def _engine(self) -> Engine:
        if self._plan.ray is None:
            return LocalEngine(self._settings, self._plan.workers or os.cpu_count() or 1, self._stop)
        return RayEngine(self._settings, self._plan.workers, self._stop, self._plan.ray, self._plan.tries,
                         self._progress.note)

    # Who is next.

    def _entries(self) -> Iterator[Entry]:
        return read_entries(self._plan.inputs, self._plan.column)

    def _distinct(self) -> Iterator[Entry]:
        """Each text once. The files are read anew for each stretch of work: they need not fit into memory."""
        seen: set[str] = set()
        for entry in self._entries():
            if not entry.fault and (digest := entry.digest) not in seen:
                seen.add(digest)
                yield entry

    def _known(self, entry: Entry) -> Known | None:
        known = self._journal.known.get(entry.digest)
        return known if known and known.state else None

    def _identified(self, entry: Entry) -> Known | None:
        """None: is to be identified (still, or once more)."""
        known = self._known(entry)
        if known and known.state in UNSURE and not known.content_id and known.tries < self._plan.tries:
            return None
        return known

    def _wants(self, entry: Entry) -> bool:
        """Whether it is to be compiled: it never was, it may go better now, or its kernel is gone."""
        known = self._known(entry)
        if known is None or not known.content_id:
            return False
        if known.state in _table.WITH_KERNEL:
            return not self._settings.kernel(entry.digest).is_file()
        return known.state == "identified" or (known.state in UNSURE and known.tries < self._plan.tries)

    def _is_anything_left(self) -> bool:
        return any(self._identified(entry) is None or self._wants(entry) for entry in self._distinct())

    def _work(self, engine: Engine) -> None:
        """Identifying comes first: it finds most faults within minutes, and tells who is the first of its content. The
        others of that content come after it, and find what it left in the cache."""
        for _ in range(self._plan.tries):
            self._do(engine, "identify", lambda entry: self._identified(entry) is None, IDENTIFY_BATCH,
                     lambda entry: Job(entry.digest, entry.text, entry.ending, compiled=False))
            firsts, shared = self._contents()
            self._compile(engine, shared, "compile", lambda entry: entry.digest in firsts)
            self._compile(engine, shared, "compile what has been seen", lambda entry: entry.digest not in firsts)
            if self._stop.is_set() or not self._is_anything_left():
                return

    def _contents(self) -> tuple[set[str], set[str]]:
        """Digests of the first blueprint of each content, and contents of more than one."""
        first: dict[str, str] = {}
        shared: set[str] = set()
        for entry in self._distinct():
            known = self._journal.known.get(entry.digest)
            if known and known.content_id and first.setdefault(known.content_id, entry.digest) != entry.digest:
                shared.add(known.content_id)
        return set(first.values()), shared

    def _compile(self, engine: Engine, shared: set[str], title: str, chosen: Callable[[Entry], bool]) -> None:
        def job(entry: Entry) -> Job:
            content = self._journal.known[entry.digest].content_id
            return Job(entry.digest, entry.text, entry.ending, compiled=True, shared=content in shared)
        self._do(engine, title, lambda entry: chosen(entry) and self._wants(entry), self._plan.batch, job)

    # Doing it.

    def _do(self, engine: Engine, title: str, chosen: Callable[[Entry], bool], size: int,
            make: Callable[[Entry], Job]) -> None:
        wanted = [entry.digest for entry in self._distinct() if chosen(entry)]
        if not wanted or self._stop.is_set():
            return
        self._progress.begin(title, len(wanted))
        chosen_now = set(wanted)  # results that come meanwhile change what `chosen` says
        jobs = (make(entry) for entry in self._distinct() if entry.digest in chosen_now)
        for outcomes in engine.run(_batches(jobs, size)):
            self._journal.add(outcomes)
            self._progress.add([one.state for one in outcomes])
            self._summary.finished += sum(one.state not in ("identified", *UNSURE) for one in outcomes)
            self._watch(outcomes)

    def _watch(self, outcomes: Sequence[Outcome]) -> None:
        for one in outcomes:
            self._failures = self._failures + 1 if one.state == "failed" else 0
            if self._failures == MOST_FAILURES:
                raise EnvironmentFailed(f"{MOST_FAILURES} blueprints in a row failed for no fault of theirs, the last "
                                        f"one so: {one.diagnostics[0]['message']}; mend it, and the same command "
                                        "goes on")


def _batches(jobs: Iterable[Job], size: int) -> Iterator[list[Job]]:
    source = iter(jobs)
    while batch := list(itertools.islice(source, size)):
        yield batch


def _check_options(options: Sequence[str]) -> None:
    for option in options:
        if not option.startswith("--"):
            raise UsageError(f"--option={option}: expected an option of tez compile, such as --option=--tier=fast")
        if option.split("=")[0] in OURS:
            raise UsageError(f"--option={option}: a sweep sets that itself")


@contextlib.contextmanager
def _owned(folder: pathlib.Path) -> Iterator[None]:
    """One sweep at a time."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise EnvironmentFailed(f"{folder}: {error.strerror}") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise EnvironmentFailed(f"{folder}: another sweep is at work there") from None
    try:
        yield
    finally:
        os.close(lock)


def _check_description(folder: pathlib.Path, plan: Plan) -> None:
    """A table must not hold kernels of two kinds."""
    compiler = Compiler()
    try:
        version = compiler.run(["--version"]).output.strip()
    finally:
        compiler.close()
    now = {"options": list(plan.options), "compiler": version}
    path = folder / "sweep.json"
    if not path.exists():
        temporary = folder / "sweep.json.part"
        temporary.write_text(json.dumps(now, indent=1) + "\n")
        os.replace(temporary, path)
        return
    try:
        before = json.loads(path.read_text())
    except ValueError as error:
        raise EnvironmentFailed(f"{path}: {error}") from error
    for key, value in now.items():
        if before.get(key) != value:
            raise UsageError(f"{folder} holds a sweep with {key} {before.get(key)}, found {value}: name another folder")


def _prepare(folder: pathlib.Path) -> None:
    """Folders for kernels, without what a killed compiler left half written in them."""
    for number in range(256):
        place = folder / "kernels" / f"{number:02x}"
        place.mkdir(parents=True, exist_ok=True)
        for entry in os.scandir(place):
            if ".pt." in entry.name and not entry.name.endswith((".sig", ".next")):
                os.unlink(entry)
    for place in (folder / "kernels", folder):
        descriptor = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
        os.fsync(descriptor)
        os.close(descriptor)
