"""The compiler, as a process: `tez jobs`, which stays warm and answers one command a line.

A process and not a library in this one, for three reasons. The compiler links the libtorch it was built with, and the
host's torch may be another; two of them in one process share symbols and crash. A fault of the compiler ends its
process, not the training job. And the host's threads run meanwhile, as waiting for a pipe holds no lock of Python's.
"""
from __future__ import annotations

import atexit
import dataclasses
import importlib.util
import json
import os
import pathlib
import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import Any, NoReturn

from tezzeret._errors import EnvironmentFailed, UsageError, error_of

MOST_BYTES = 1 << 20
"""Of one line of `tez jobs`."""
PACKAGE = pathlib.Path(__file__).resolve().parent


@dataclasses.dataclass(frozen=True)
class Answer:
    """What a command said; it ended well."""

    output: str
    messages: str


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


def environment(program: str) -> dict[str, str]:
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
    os.execve(program, [program, *sys.argv[1:]], environment(program))


class Compiler:
    """One process, for any number of threads: they wait for each other. It is started when it is first needed, and
    again after it crashed or this process was forked."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._owner = 0

    def run(self, words: Sequence[str]) -> Answer:
        """Runs `tez WORDS...`; raises the CompilationError of its exit status."""
        line = json.dumps(list(words))
        if len(line.encode()) > MOST_BYTES:
            raise UsageError(f"a command of {len(line)} bytes, expected at most {MOST_BYTES}")
        with self._lock:
            answer = self._ask(line)
        if answer["exit"] != 0:
            raise error_of(int(answer["exit"]), str(answer["stderr"]))
        return Answer(str(answer["stdout"]), str(answer["stderr"]))

    def _ask(self, line: str) -> dict[str, Any]:
        process = self._running()
        assert process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write(line + "\n")
            process.stdin.flush()
            said = process.stdout.readline()
        except BrokenPipeError:
            said = ""
        if not said:
            self._process = None
            raise EnvironmentFailed(f"the compiler ended without an answer (status {process.wait()}) to {line[:200]}")
        answer: dict[str, Any] = json.loads(said)
        return answer

    def _running(self) -> subprocess.Popen[str]:
        alive = self._process is not None and self._owner == os.getpid() and self._process.poll() is None
        if not alive:
            program = find_program()
            self._process = subprocess.Popen([program, "jobs"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                             env=environment(program))
            self._owner = os.getpid()
        assert self._process is not None
        return self._process

    def close(self) -> None:
        """Ends the process; a later command starts another."""
        with self._lock:
            process, self._process = self._process, None
        if process is not None and self._owner == os.getpid() and process.stdin is not None:
            process.stdin.close()
            process.wait()


COMPILER = Compiler()
atexit.register(COMPILER.close)
