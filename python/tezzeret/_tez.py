"""The compiler, as a process: `tez jobs`, which stays warm and answers one command a line.

A process and not a library in this one, for three reasons. The compiler links the libtorch it was built with, and the
host's torch may be another; two of them in one process share symbols and crash. A fault of the compiler ends its
process, not the training job. And the host's threads run meanwhile, as waiting for a pipe holds no lock of Python's.
"""
from __future__ import annotations

import atexit
import contextlib
import dataclasses
import importlib.util
import json
import os
import pathlib
import resource
import select
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from typing import NoReturn

from tezzeret._errors import EnvironmentFailed, UsageError, error_of

MOST_BYTES = 1 << 20
"""Of one line of `tez jobs`."""
PACKAGE = pathlib.Path(__file__).resolve().parent


@dataclasses.dataclass(frozen=True)
class Answer:
    """What a command said; it ended well."""

    output: str
    messages: str


@dataclasses.dataclass(frozen=True)
class Result:
    """What a command said, and its exit status (README.md)."""

    status: int
    output: str
    messages: str


@dataclasses.dataclass(frozen=True)
class Limits:
    """Of a compiler that nobody watches. `seconds`: of the clock, for one command. `memory`: bytes of address space,
    of the process and of each that it starts. `file`: bytes of a file it writes."""

    seconds: float
    memory: int
    file: int


class CompilerEnded(EnvironmentFailed):
    """The compiler's process crashed, was ended from outside, or took longer than it may."""


def find_program(search: bool = True) -> str:
    """$TEZ, that of an installed package, the build folder beside a checkout's, or, with `search`, PATH."""
    given = os.environ.get("TEZ")
    own = [str(PACKAGE / "bin" / "tez"), str(PACKAGE.parents[1] / "build" / "bin" / "tez")]
    candidates = [given] if given else own + ([shutil.which("tez") or ""] if search else [])
    for candidate in candidates:
        if candidate and os.access(candidate, os.X_OK):
            return candidate
    places = " and ".join(name or "PATH" for name in candidates)
    raise EnvironmentFailed(f"there is no program tez: looked at {places}; build it, or name it in $TEZ")


def environment_of(program: str) -> dict[str, str]:
    """For `program`: names the folder of this Python's libtorch where an installed package does not lie beside torch."""
    variables = dict(os.environ)
    if pathlib.Path(program).parent == PACKAGE / "bin" and not (PACKAGE.parent / "torch" / "lib").is_dir():
        torch = importlib.util.find_spec("torch")
        if torch is not None and torch.origin is not None:
            folders = [variables.get("LD_LIBRARY_PATH", ""), str(pathlib.Path(torch.origin).parent / "lib")]
            variables["LD_LIBRARY_PATH"] = ":".join(filter(None, folders))
    return variables


def main() -> NoReturn:
    """The command `tez` that an installed package puts into PATH: becomes the program in the package."""
    try:
        program = find_program(search=False)
    except EnvironmentFailed as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(4)
    os.execve(program, [program, *sys.argv[1:]], environment_of(program))


class Compiler:
    """One process, for any number of threads: they wait for each other. It is started when it is first needed, and
    again after it crashed or this process was forked.

    limits: ends the process, and whatever it started, where a command goes beyond them. Such a process is in a group
    of its own, which Ctrl-C does not reach, and dies with the thread that started it. environment: variables for it
    beside those of this process.
    """

    def __init__(self, limits: Limits | None = None, environment: Mapping[str, str] | None = None) -> None:
        self._limits, self._environment = limits, dict(environment or {})
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def run(self, words: Sequence[str]) -> Answer:
        """Runs `tez WORDS...`; raises the CompilationError of its exit status."""
        result = self.ask(words)
        if result.status != 0:
            raise error_of(result.status, result.messages)
        return Answer(result.output, result.messages)

    def ask(self, words: Sequence[str]) -> Result:
        """Runs `tez WORDS...`, whatever its exit status. Raises CompilerEnded where there is none."""
        line = json.dumps(list(words)).encode()
        if len(line) > MOST_BYTES:
            raise UsageError(f"a command of {len(line)} bytes, expected at most {MOST_BYTES}")
        with self._lock:
            try:
                answer = json.loads(self._exchange(line))
            except BaseException:  # Ctrl-C too: the next command must not get this one's answer
                self._discard()
                raise
        return Result(int(answer["exit"]), str(answer["stdout"]), str(answer["stderr"]))

    def _exchange(self, line: bytes) -> bytes:
        process = self._running()
        assert process.stdin is not None
        said = b""
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(line + b"\n")
            process.stdin.flush()
            said = self._read_line(process)
        if not said.endswith(b"\n"):
            raise CompilerEnded(f"the compiler ended without an answer ({_how(self._reap(process))}) to "
                                f"{line[:200].decode()}")
        return said

    def _read_line(self, process: subprocess.Popen[bytes]) -> bytes:
        """Ends early where the process has. A child of its own may hold its output open longer than it lives."""
        assert process.stdout is not None
        poller = select.poll()
        poller.register(process.stdout, select.POLLIN)
        end = time.monotonic() + self._limits.seconds if self._limits else None
        pieces: list[bytes] = []
        while not pieces or not pieces[-1].endswith(b"\n"):
            ended = process.poll() is not None
            if not poller.poll(250):
                if ended:
                    break
                if end is not None and time.monotonic() > end:
                    assert self._limits is not None
                    raise CompilerEnded(f"the compiler took more than {self._limits.seconds:g} s")
                continue
            piece = os.read(process.stdout.fileno(), 1 << 16)
            if not piece:
                break
            pieces.append(piece)
        return b"".join(pieces)

    def _running(self) -> subprocess.Popen[bytes]:
        alive = self._process is not None and self._owner == os.getpid() and self._process.poll() is None
        if not alive:
            self._process = self._start()
            self._owner = os.getpid()
        assert self._process is not None
        return self._process

    def _start(self) -> subprocess.Popen[bytes]:
        program = find_program()
        words, environment = [program, "jobs"], {**environment_of(program), **self._environment}
        if self._limits is None:
            return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
        process = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", *words], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, process_group=0)
        for what, most in ((resource.RLIMIT_AS, self._limits.memory), (resource.RLIMIT_FSIZE, self._limits.file),
                           (resource.RLIMIT_CORE, 0)):
            with contextlib.suppress(ProcessLookupError):  # it has ended: whoever reads its answer sees that
                resource.prlimit(process.pid, what, (most, most))
        return process

    def kill(self) -> None:
        """Ends the process at once; a command that another thread waits for raises CompilerEnded."""
        process = self._process
        if process is None or self._owner != os.getpid():
            return
        with contextlib.suppress(ProcessLookupError):
            if self._limits is None:
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)

    def _reap(self, process: subprocess.Popen[bytes]) -> int:
        """The status of a process that has closed its output, and the end of the children it left."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=2)
        self.kill()
        return process.wait()

    def _discard(self) -> None:
        self.kill()
        process, self._process = self._process, None
        if process is not None and self._owner == os.getpid():
            _finish(process)

    def close(self) -> None:
        """Ends the process; a later command starts another."""
        with self._lock:
            process, self._process = self._process, None
        if process is not None and self._owner == os.getpid():
            _finish(process)


def _finish(process: subprocess.Popen[bytes]) -> None:
    """It ends with its input."""
    for pipe in (process.stdin, process.stdout):
        with contextlib.suppress(BrokenPipeError):
            assert pipe is not None
            pipe.close()
    process.wait()


def _how(status: int) -> str:
    return f"signal {-status}, {signal.strsignal(-status)}" if status < 0 else f"exit status {status}"


COMPILER = Compiler()
atexit.register(COMPILER.close)
