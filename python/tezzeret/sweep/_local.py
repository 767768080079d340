"""Workers on this machine: threads, each beside a compiler process, in which the time goes."""
from __future__ import annotations

import concurrent.futures
import queue
import threading
from collections.abc import Iterator, Sequence
from typing import Protocol

from tezzeret.sweep._work import Job, Outcome, Settings, Worker

TICK = 0.5
"""Seconds after which the wish to stop is looked at."""


class Engine(Protocol):
    """Whatever has workers. Used by one thread."""

    def run(self, batches: Iterator[Sequence[Job]]) -> Iterator[list[Outcome]]:
        """Results as they come. Takes a batch when a worker is free for it, so that no more are in memory. Ends when
        all are done, or soon after the wish to stop, with what was finished until then."""
        ...

    def close(self) -> None:
        """Ends the workers at once."""
        ...


class LocalEngine:
    """Raises what keeps a worker from compiling anything. stop: set by whoever wants the end."""

    def __init__(self, settings: Settings, count: int, stop: threading.Event) -> None:
        self._workers = [Worker(settings) for _ in range(count)]
        self._stop = stop
        try:
            self._workers[0].probe()
        except BaseException:
            self.close()
            raise
        self._pool = concurrent.futures.ThreadPoolExecutor(count)
        self._idle: queue.SimpleQueue[Worker] = queue.SimpleQueue()
        for worker in self._workers:
            self._idle.put(worker)

    def _run_one(self, batch: Sequence[Job]) -> list[Outcome]:
        worker = self._idle.get()  # there is one for each thread
        try:
            return worker.run(batch)
        finally:
            self._idle.put(worker)

    def run(self, batches: Iterator[Sequence[Job]]) -> Iterator[list[Outcome]]:
        running: set[concurrent.futures.Future[list[Outcome]]] = set()
        more = True
        while more or running:
            while more and len(running) < len(self._workers) and not self._stop.is_set():
                if (batch := next(batches, None)) is None:
                    more = False
                else:
                    running.add(self._pool.submit(self._run_one, batch))
            done, running = concurrent.futures.wait(running, TICK, concurrent.futures.FIRST_COMPLETED)
            if self._stop.is_set():
                more = False
                for worker in self._workers:
                    worker.stop()
            for future in done:
                yield future.result()

    def close(self) -> None:
        for worker in self._workers:
            worker.stop()
        if hasattr(self, "_pool"):
            self._pool.shutdown()
        for worker in self._workers:
            worker.close()
