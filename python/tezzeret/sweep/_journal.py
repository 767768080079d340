"""The sweep's memory: a file to which each result is added, and on disk, before it counts as done."""
from __future__ import annotations

import dataclasses
import json
import os
import pathlib
from collections.abc import Container, Iterable
from typing import IO, Any, NamedTuple

from tezzeret._errors import EnvironmentFailed
from tezzeret.sweep._work import Outcome

UNSURE = ("failed", "crashed")
"""States whose reason may pass."""


class Known(NamedTuple):
    """state: the last. tries: that failed or crashed, so far. offset: of the last line in the file."""

    state: str
    content_id: str
    tries: int
    offset: int


class Journal:
    """One line of JSON a result. Used by one process: whoever has locked the sweep's folder.

    A line that has no end is what a kill left: it is cut off, as nobody was told of it. What else cannot be read is an
    error, and is left as it is.
    """

    def __init__(self, path: pathlib.Path) -> None:
        self.known: dict[str, Known] = {}
        self._path = path
        self._file: IO[bytes] = open(path, "a+b")
        self._load()

    def _load(self) -> None:
        self._file.seek(0)
        offset = 0
        for number, line in enumerate(self._file, 1):
            if not line.endswith(b"\n"):
                self._file.truncate(offset)
                break
            try:
                entry = json.loads(line)
                self._note(entry["digest"], entry["state"], entry["content_id"], offset)
            except (ValueError, KeyError, TypeError) as error:
                raise EnvironmentFailed(f"{self._path}:{number}: the line is damaged ({error}); remove it, and its "
                                        "blueprint is compiled again") from error
            offset += len(line)
        self._end = offset

    def _note(self, digest: str, state: str, content_id: str, offset: int) -> None:
        before = self.known.get(digest)
        tries = (before.tries if before else 0) + (state in UNSURE)
        self.known[digest] = Known(state, content_id or (before.content_id if before else ""), tries, offset)

    def add(self, outcomes: Iterable[Outcome]) -> None:
        """Returns when they are on disk."""
        lines = [(one, json.dumps(dataclasses.asdict(one)).encode() + b"\n") for one in outcomes]
        try:
            self._file.write(b"".join(line for _, line in lines))
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise EnvironmentFailed(f"{self._path}: {error.strerror}: results since the last line are not kept; the "
                                    "same command finds them again") from error
        for one, line in lines:
            self._note(one.digest, one.state, one.content_id, self._end)
            self._end += len(line)

    def forget(self, states: Container[str]) -> None:
        """Blueprints that ended so are done once more, by this run."""
        for digest, one in list(self.known.items()):
            if one.state in states:
                self.known[digest] = one._replace(state="identified" if one.content_id else "", tries=0)

    def read(self, digest: str) -> dict[str, Any]:
        """The last line about it."""
        self._file.seek(self.known[digest].offset)
        entry: dict[str, Any] = json.loads(self._file.readline())
        return entry

    def close(self) -> None:
        self._file.close()
