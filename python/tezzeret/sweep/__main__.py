"""python -m tezzeret.sweep BLUEPRINTS... -o DIR"""
from __future__ import annotations

import argparse
import signal
import sys
import threading
from types import FrameType

from tezzeret._errors import KINDS, CompilationError
from tezzeret.sweep import Plan, Summary, run

DESCRIPTION = """Compiles many blueprints into kernels, without a registry. What is done is never done again: the same
command goes on after Ctrl-C, a crash or a kill, and takes up blueprints that were added to its files."""

RETRIED = ("refused", "not_validated", "failed", "crashed")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m tezzeret.sweep", description=DESCRIPTION)
    add = parser.add_argument
    add("blueprints", nargs="+", metavar="BLUEPRINTS",
        help="*.jsonl (.gz): one a line; *.parquet: a column of text; *.json, *.mlir, *.mlirbc: one a file")
    add("-o", "--output", required=True, metavar="DIR", help="folder for kernels, tables and the journal")
    add("--option", action="append", default=[], metavar="--OPTION",
        help="of tez compile, for all of them: --option=--tier=fast; may be repeated")
    add("--workers", type=_count, default=0, metavar="N", help="compiler processes (default: one a core)")
    add("--ray", nargs="?", const="", metavar="ADDRESS",
        help="workers on Ray: on this machine without an address, else auto (the cluster this machine belongs to) or "
             "HOST:PORT; all its machines share DIR and the compiler under the same paths")
    add("--column", default="blueprint", metavar="NAME", help="of Parquet files (default: blueprint)")
    add("--batch", type=_count, default=8, metavar="N", help="blueprints handed to a worker at once (default: 8)")
    add("--tries", type=_count, default=3, metavar="N", help="for one that crashes the compiler or fails (default: 3)")
    add("--job-seconds", type=_count, default=600, metavar="N", help="for one blueprint (default: 600)")
    add("--job-memory", type=_count, default=16 << 30, metavar="BYTES", help="for one blueprint (default: 16 GiB)")
    add("--retry", action="append", default=[], choices=RETRIED,
        help="compile once more what ended so; may be repeated")
    return parser


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 on, found {text!r}")
    return int(text)


def _plan(given: argparse.Namespace) -> Plan:
    return Plan(inputs=given.blueprints, folder=given.output, options=given.option, workers=given.workers,
                ray=given.ray, column=given.column, batch=given.batch, tries=given.tries, seconds=given.job_seconds,
                memory=given.job_memory, retry=given.retry)


def _status(summary: Summary) -> int:
    """As of tez: the worst of all."""
    for status, states in ((4, ("failed", "crashed", "pending")), (3, ("not_validated",)), (1, ("refused",))):
        if any(summary.states[state] for state in states):
            return status
    return 0


def main() -> int:
    """Its exit status: those of tez, or 128 and the signal that ended it."""
    plan, stop, received = _plan(_parser().parse_args()), threading.Event(), []

    def end(number: int, _: FrameType | None) -> None:
        received.append(number)
        stop.set()
        signal.signal(number, signal.SIG_DFL)  # the second one ends it wherever it is

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    try:
        summary = run(plan, stop)
    except CompilationError as error:
        print(f"error: {error}", file=sys.stderr)
        return next((status for status, kind in KINDS.items() if isinstance(error, kind)), 4)
    print(summary.text(), end="")
    return 128 + received[0] if received else _status(summary)


if __name__ == "__main__":
    sys.exit(main())
