"""The results as a table, one row a blueprint in the order of the input, and the summary for a person."""
from __future__ import annotations

import collections
import contextlib
import csv
import dataclasses
import io
import json
import os
import pathlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from tezzeret.sweep._inputs import Entry, can_write_parquet
from tezzeret.sweep._journal import Journal
from tezzeret.sweep._progress import duration
from tezzeret.sweep._work import kernel_place

WITH_KERNEL = ("validated", "compiled")

COLUMNS: dict[str, str] = {
    "number": "int64", "place": "string", "id": "string", "state": "string", "error": "string", "warnings": "int64",
    "verdicts": "string", "worst_error_fp32": "double", "worst_error_fp64": "double", "worst_of_bound": "double",
    "seconds": "double", "milliseconds": "string", "parameters": "int64", "bytes": "int64", "path": "string",
    "sha256": "string", "kernel_id": "string", "content_id": "string", "same_as": "int64", "cached": "bool",
    "tries": "int64", "digest": "string", "worker": "string", "diagnostics": "string"}
"""Names and types (Arrow's). docs/sweeps.md says what they mean."""

ROWS_OF_A_GROUP = 5000


@dataclasses.dataclass
class Summary:
    """What a sweep came to. states: rows by state. reasons: the most frequent first errors of each state, without
    their places, with how often and where first. seconds, finished: of this run. path: of the tables."""

    states: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)
    reasons: dict[tuple[str, str], tuple[int, str]] = dataclasses.field(default_factory=dict)
    distinct: int = 0
    seconds: float = 0.0
    finished: int = 0
    interrupted: bool = False
    paths: list[str] = dataclasses.field(default_factory=list)

    @property
    def rows(self) -> int:
        return self.states.total()

    def text(self) -> str:
        rate = f", {self.finished / self.seconds:.1f} a second" if self.seconds > 0 and self.finished else ""
        lines = [f"{self.rows:,} blueprints, {self.distinct:,} of them different",
                 *(f"  {count:>9,}  {state}" for state, count in self.states.most_common()),
                 f"this run: {self.finished:,} compiled or found at fault in {duration(self.seconds)}{rate}"]
        if self.reasons:
            lines.append("most frequent reasons:")
            ranked = sorted(self.reasons.items(), key=lambda item: -item[1][0])[:10]
            lines += [f"  {count:>9,}  {state}: {reason} (first: {place})"
                      for (state, reason), (count, place) in ranked]
        lines += [f"table: {path}" for path in self.paths]
        if self.interrupted:
            lines.append("interrupted: the same command goes on where it stopped")
        return "\n".join(lines) + "\n"


def make_rows(entries: Iterable[Entry], journal: Journal) -> Iterator[dict[str, Any]]:
    firsts: dict[str, int] = {}
    for number, entry in enumerate(entries):
        row: dict[str, Any] = dict.fromkeys(COLUMNS)
        row |= {"number": number, "place": entry.place, "id": entry.id}
        if entry.fault:
            row |= {"state": "refused", "error": f"{entry.place}: error: {entry.fault}"}
        else:
            _fill(row, entry, journal, firsts)
        yield row


def _fill(row: dict[str, Any], entry: Entry, journal: Journal, firsts: dict[str, int]) -> None:
    row["digest"] = digest = entry.digest
    known = journal.known.get(digest)
    if known is None or known.state in ("", "identified"):
        row["state"] = "pending"
        return
    found = journal.read(digest)
    first = firsts.setdefault(known.content_id or digest, row["number"])
    errors = [one for one in found["diagnostics"] if one["severity"] == "error"]
    row |= {"state": known.state, "tries": known.tries + (known.state not in ("failed", "crashed")),
            "content_id": known.content_id or None, "same_as": first if first != row["number"] else None,
            "error": _first_error(errors, entry),
            "warnings": sum(one["severity"] == "warning" for one in found["diagnostics"]),
            "diagnostics": json.dumps(found["diagnostics"]) if found["diagnostics"] else None,
            "seconds": found["seconds"], "worker": found["worker"]}
    if known.state in WITH_KERNEL:
        row |= {key: found[key] for key in ("kernel_id", "bytes", "sha256", "parameters", "cached")}
        row |= {"path": kernel_place(digest), "milliseconds": json.dumps(found["milliseconds"])}
    if found["verdicts"]:
        row["verdicts"] = json.dumps(found["verdicts"])
        for name in ("error_fp32", "error_fp64", "of_bound"):
            row[f"worst_{name}"] = max((one[name] for one in found["verdicts"] if one[name] is not None), default=None)


def _first_error(errors: list[dict[str, Any]], entry: Entry) -> str | None:
    if not errors:
        return None
    first = errors[0]
    where = entry.locate(int(first.get("line", 0)), int(first.get("column", 0)))
    path = f"{first['path']}: " if first.get("path") else ""
    return f"{where}: error: {path}{first['message']}"


def _reason(row: dict[str, Any]) -> str:
    """The error without its place, so that those of many blueprints are one."""
    return str(row["error"]).partition(": error: ")[2] if row["error"] else ""


def count(row: dict[str, Any], summary: Summary) -> None:
    summary.states[row["state"]] += 1
    if reason := _reason(row):
        key = row["state"], reason[:200]
        times, place = summary.reasons.get(key, (0, row["place"]))
        summary.reasons[key] = times + 1, place


def write_tables(rows: Iterable[dict[str, Any]], folder: pathlib.Path, summary: Summary) -> None:
    """results.csv, and results.parquet where pyarrow is there: put beside, synced, then renamed."""
    with contextlib.ExitStack() as stack:
        writers: list[Callable[[list[dict[str, Any]]], None]] = [stack.enter_context(_csv(folder / "results.csv"))]
        summary.paths.append(str(folder / "results.csv"))
        if can_write_parquet():
            writers.append(stack.enter_context(_parquet(folder / "results.parquet")))
            summary.paths.append(str(folder / "results.parquet"))
        group: list[dict[str, Any]] = []
        for row in rows:
            count(row, summary)
            group.append(row)
            if len(group) == ROWS_OF_A_GROUP:
                for write in writers:
                    write(group)
                group = []
        for write in writers:
            write(group)


@contextlib.contextmanager
def _beside(path: pathlib.Path) -> Iterator[io.BufferedWriter]:
    temporary = path.with_name(path.name + ".part")
    with open(temporary, "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


@contextlib.contextmanager
def _csv(path: pathlib.Path) -> Iterator[Callable[[list[dict[str, Any]]], None]]:
    with _beside(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", errors="backslashreplace", newline="", write_through=True)
        writer = csv.DictWriter(text, COLUMNS)
        writer.writeheader()
        yield writer.writerows
        text.detach()


@contextlib.contextmanager
def _parquet(path: pathlib.Path) -> Iterator[Callable[[list[dict[str, Any]]], None]]:
    import importlib
    arrow, parquet = importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    types = {"int64": arrow.int64(), "string": arrow.string(), "double": arrow.float64(), "bool": arrow.bool_()}
    schema = arrow.schema([(name, types[kind]) for name, kind in COLUMNS.items()])
    with _beside(path) as file:
        with parquet.ParquetWriter(file, schema) as writer:
            yield lambda rows: writer.write_table(arrow.Table.from_pylist([_clean(row) for row in rows], schema))


def _clean(row: dict[str, Any]) -> dict[str, Any]:
    """Names of files, and what Parquet cells hold, need not be UTF-8."""
    return {name: value.encode(errors="backslashreplace").decode() if isinstance(value, str) else value
            for name, value in row.items()}
