"""How far a sweep is, for a person: one line that changes on a terminal, else a line now and then."""
from __future__ import annotations

import collections
import sys
import time
from typing import TextIO

ON_TERMINAL, ELSEWHERE = 0.2, 30.0
"""Seconds between two lines."""


def duration(seconds: float) -> str:
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {whole % 60:02} s" if minutes else f"{whole} s"


class Progress:
    """Used by one thread."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self._title, self._total, self._done = "", 0, 0
        self._counts: collections.Counter[str] = collections.Counter()
        self._begin = self._last = time.monotonic()
        self._note = ""

    def begin(self, title: str, total: int) -> None:
        """Another stretch of the way, of `total` blueprints."""
        self._title, self._total, self._done, self._counts = title, total, 0, collections.Counter()
        self._begin = self._last = time.monotonic()
        self._show()

    def add(self, states: list[str]) -> None:
        self._done += len(states)
        self._counts.update(states)
        if time.monotonic() - self._last > (ON_TERMINAL if self._live else ELSEWHERE):
            self._show()

    def note(self, text: str) -> None:
        """What keeps it waiting; "" when nothing does."""
        if text != self._note:
            self._note = text
            self._show()

    def line(self) -> str:
        seconds = time.monotonic() - self._begin
        rate = self._done / seconds if seconds > 0 else 0.0
        parts = [f"{self._title}: {self._done:,} of {self._total:,}"]
        parts += [f"{count:,} {state}" for state, count in sorted(self._counts.items())]
        if self._done and self._done < self._total:
            parts += [f"{rate:.1f}/s", f"{duration((self._total - self._done) / rate)} left"]
        return ", ".join([*parts, *([self._note] if self._note else [])])

    def _show(self) -> None:
        self._last = time.monotonic()
        print(f"\r\x1b[2K{self.line()[:200]}" if self._live else self.line(), end="" if self._live else "\n",
              file=self._stream, flush=True)

    def end(self) -> None:
        """The next output begins on a line of its own."""
        if self._live:
            print("\r\x1b[2K", end="", file=self._stream, flush=True)
