"""Blueprints from files: JSONL (one a line), Parquet (a column of text), or a file each."""
from __future__ import annotations

import gzip
import hashlib
import json
import os
import pathlib
from collections.abc import Iterable, Iterator
from typing import IO, Any, NamedTuple, cast

from tezzeret._errors import EnvironmentFailed, UsageError

MOST_BYTES = 16 << 20
"""Of one blueprint; the compiler takes no more."""

LINES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
SINGLE = (".json", ".mlir", ".mlirbc")


class Entry(NamedTuple):
    """A blueprint in its place: `nets.jsonl:17`, `nets.parquet[17]` (rows count from 0) or `net.json`.

    ending: of a file that holds the text alone. fault: why there is no text. given_id: the Parquet file's own.
    """

    place: str
    text: bytes
    ending: str = ".json"
    fault: str = ""
    given_id: str = ""

    @property
    def digest(self) -> str:
        """Texts that are the same are compiled once, wherever they stand."""
        return hashlib.sha256(self.ending.encode() + b"\n" + self.text).hexdigest()

    @property
    def id(self) -> str:
        """What the sweep's file or the blueprint itself calls it, else the beginning of the digest."""
        return self.given_id or _own_id(self.text) or ("" if self.fault else self.digest[:16])

    def locate(self, line: int, column: int) -> str:
        """Where a diagnostic of the compiler points to."""
        if line <= 0:
            return self.place
        return f"{self.place}:{column}" if self.stands_on_a_line else f"{self.place}:{line}:{column}"

    @property
    def stands_on_a_line(self) -> bool:
        return self.place.rpartition(":")[0].endswith(LINES)


def _own_id(text: bytes) -> str:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(found, dict):
        return ""
    metadata = found.get("metadata")
    for holder in (found, metadata if isinstance(metadata, dict) else {}):
        for key in ("blueprint_id", "id"):
            if isinstance(value := holder.get(key), str) and value:
                return value
    return ""


def read_entries(paths: Iterable[str], column: str) -> Iterator[Entry]:
    """All blueprints, in order, read as they are asked for. column: of Parquet files. Raises UsageError for what is no
    such file, EnvironmentFailed for what cannot be read."""
    for path in paths:
        try:
            yield from _entries_of(path, column)
        except OSError as error:  # gzip's and Arrow's, too
            raise EnvironmentFailed(f"{path}: {error.strerror or error}") from error


def check_inputs(paths: Iterable[str]) -> None:
    """Raises for a file of no known kind, or that is not there, before anything is begun."""
    for path in paths:
        if not path.endswith((*LINES, *SINGLE, ".parquet")):
            raise UsageError(f"{path}: expected a file *.jsonl, *.jsonl.gz, *.parquet, *.json, *.mlir or *.mlirbc")
        if not os.access(path, os.R_OK) or not os.path.isfile(path):
            raise EnvironmentFailed(f"{path}: there is no such file, or it cannot be read")


def _entries_of(path: str, column: str) -> Iterator[Entry]:
    if path.endswith(".parquet"):
        yield from _rows(path, column)
    elif path.endswith(LINES):
        with gzip.open(path) if path.endswith(".gz") else open(path, "rb") as file:
            yield from _lines(path, cast(IO[bytes], file))
    else:
        with open(path, "rb") as file:
            yield _entry(path, file.read(MOST_BYTES + 1), pathlib.Path(path).suffix)


def _entry(place: str, text: bytes, ending: str = ".json", given_id: str = "") -> Entry:
    if len(text) > MOST_BYTES:
        return Entry(place, b"", ending, f"expected a blueprint of at most {MOST_BYTES} bytes, found more", given_id)
    return Entry(place, text, ending, "", given_id)


def _lines(path: str, file: IO[bytes]) -> Iterator[Entry]:
    number = 0
    while line := file.readline(MOST_BYTES + 2):
        number += 1
        rest = line
        while rest and not rest.endswith(b"\n"):  # of a line that is too long; or of the last, which has no end
            rest = file.readline(MOST_BYTES)
        if text := line.rstrip(b"\r\n"):
            if text.strip():
                yield _entry(f"{path}:{number}", text)


def _rows(path: str, column: str) -> Iterator[Entry]:
    parquet = _pyarrow("pyarrow.parquet")
    arrow = _pyarrow("pyarrow")
    try:
        file = parquet.ParquetFile(path)
    except arrow.ArrowException as error:
        raise EnvironmentFailed(f"{path}: {error}") from error
    with file:
        yield from _cells(path, file, column, arrow.types)


def _cells(path: str, file: Any, column: str, types: Any) -> Iterator[Entry]:
    schema = file.schema_arrow
    if column not in schema.names:
        raise UsageError(f"{path}: there is no column {column}, only {', '.join(schema.names)}; name it with --column")
    kind = schema.field(column).type
    if not any(is_kind(kind) for is_kind in (types.is_string, types.is_large_string, types.is_binary,
                                             types.is_large_binary)):
        raise UsageError(f"{path}: column {column} has the type {kind}, expected text")
    has_ids = "id" in schema.names and column != "id"
    number = 0
    for batch in file.iter_batches(batch_size=256, columns=[column, "id"] if has_ids else [column]):
        cells = batch.column(column).to_pylist()
        ids = batch.column("id").to_pylist() if has_ids else [None] * len(cells)
        for cell, given in zip(cells, ids):
            place, name = f"{path}[{number}]", "" if given is None else str(given)
            number += 1
            if cell is None:
                yield Entry(place, b"", fault="expected a blueprint, found null", given_id=name)
            else:
                yield _entry(place, cell.encode(errors="surrogatepass") if isinstance(cell, str) else cell,
                             given_id=name)


def _pyarrow(name: str) -> Any:
    import importlib
    try:
        return importlib.import_module(name)
    except ImportError:
        raise UsageError("Parquet needs pyarrow: pip install pyarrow") from None


def can_write_parquet() -> bool:
    import importlib.util
    return importlib.util.find_spec("pyarrow") is not None
