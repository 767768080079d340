"""What compiling, checking, validating and inspecting give, to be looked at in a terminal and in a notebook."""
from __future__ import annotations

import dataclasses
import html
import os
import pathlib
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch


@dataclasses.dataclass(frozen=True)
class Verdict:
    """One check of the suite.

    * `check`: its name, "outputs" or "gradients" for two.
    * `answer`: "pass", "fail" or "undecided".
    * `runs`: of the kernel.
    * `error_fp32`, `error_fp64`: the largest deviation from the fp64 interpreter in runs of that type, relative to values
      of size 1, without a unit.
    * `of_bound`: the largest of them as a part of what is allowed; 1 is the limit.
    * `notes`: what else is to be known.
    """

    check: str
    answer: str
    runs: int
    error_fp32: float
    error_fp64: float
    of_bound: float
    notes: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Nothing speaks against the kernel: races of a busy machine are "undecided"."""
        return self.answer != "fail"

    def _repr_html_(self) -> str:
        return Table(f"{self.check}: {self.answer}", {}, _HEAD, _rows([self])).html()


def verdicts_of(entries: Sequence[Mapping[str, Any]]) -> list[Verdict]:
    return [Verdict(entry["check"], entry["answer"], entry["runs"], entry["worst_error_fp32"], entry["worst_error_fp64"],
                    entry["worst_ratio_to_bound"], tuple(entry["notes"])) for entry in entries]


class Table:
    """Rows under a heading, as text and as HTML."""

    def __init__(self, title: str, facts: Mapping[str, object], head: Sequence[str] = (),
                 rows: Sequence[Sequence[object]] = ()):
        self.title, self.facts, self.head = title, facts, head
        self.rows = [[_text(cell) for cell in row] for row in rows]

    def text(self) -> str:
        lines = [self.title, *(f"  {name}: {value}" for name, value in self.facts.items())]
        table = [list(self.head), *self.rows] if self.rows else []
        widths = [max(len(row[at]) for row in table) for at in range(len(self.head))] if table else []
        return "\n".join([*lines, *("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip()
                                    for row in table)])

    def html(self) -> str:
        escape = html.escape
        facts = "".join(f"<tr><th>{escape(name)}</th><td>{escape(str(value))}</td></tr>"
                        for name, value in self.facts.items())
        head = "".join(f"<th>{escape(name)}</th>" for name in self.head)
        rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in self.rows)
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>" if self.rows else ""
        return f"<div><b>{escape(self.title)}</b><table>{facts}</table>{table}</div>"


def _text(cell: object) -> str:
    return f"{cell:.3g}" if isinstance(cell, float) else str(cell)


class Shown:
    """Has a table, and is shown as it."""

    def table(self) -> Table:
        raise NotImplementedError

    def __repr__(self) -> str:
        return self.table().text()

    def _repr_html_(self) -> str:
        return self.table().html()


_HEAD = ("check", "answer", "runs", "error fp32", "error fp64", "of bound")


def _rows(verdicts: Sequence[Verdict]) -> list[list[object]]:
    return [[one.check, one.answer, one.runs, one.error_fp32, one.error_fp64, one.of_bound] for one in verdicts]


@dataclasses.dataclass(repr=False)
class Validation(Shown):
    """Verdicts of a kernel file run against the blueprint in it."""

    path: str
    verdicts: list[Verdict]

    @property
    def passed(self) -> bool:
        return all(one.passed for one in self.verdicts)

    def table(self) -> Table:
        return Table(f"{self.path}: {'passes' if self.passed else 'fails'}", {}, _HEAD, _rows(self.verdicts))


@dataclasses.dataclass(repr=False)
class Analysis(Shown):
    """What `tez check` found.

    * `verdict`: "pass", or what speaks against it.
    * `costs`: its JSON: FLOPs of one sample (a multiply-add is two), parameters, bytes of fp32, the table of ops with the
      shape of each output.
    * `warnings`: hazards that are no errors.
    """

    name: str
    verdict: str
    costs: dict[str, Any]
    warnings: list[str]

    def table(self) -> Table:
        plain = {key: value for key, value in self.costs.items() if isinstance(value, (int, float, str))}
        return Table(f"{self.name}: {self.verdict}", plain, ("warning",), [[text] for text in self.warnings])


@dataclasses.dataclass(repr=False)
class Inspection(Shown):
    """What a kernel file says of itself. Nothing of it is proved: `verify` looks at hashes and signature."""

    path: str
    content: dict[str, Any]

    @property
    def metadata(self) -> dict[str, Any]:
        found: dict[str, Any] = self.content.get("metadata", {})
        return found

    @property
    def verdicts(self) -> list[Verdict]:
        return verdicts_of(self.content.get("evidence", {}).get("verdicts", []))

    def table(self) -> Table:
        keys = ("name", "kernel_id", "input_shape", "output_shape", "parameter_count")
        facts: dict[str, object] = {"sha256": self.content["sha256"]}
        facts |= {key: self.metadata[key] for key in keys if key in self.metadata}
        return Table(f"{self.path}, {self.content['bytes']:,} bytes", facts, _HEAD, _rows(self.verdicts))


@dataclasses.dataclass(repr=False)
class Kernel(Shown):
    """A kernel that was made. `path` is its file; one that nobody asked to keep goes with this object.

    Called with tensors of the traced shapes (dimension 0 of any size where it was dynamic), it gives what the model
    gives: one tensor, or a tuple of all tensors in the model's results.

    * `purpose`: "train" or "infer".
    * `inputs`: names of the arguments (of imported models).
    * `verdicts`: of the validation before the file was written; empty without it.
    * `report`: the compiler's own, as JSON; sizes in bytes, times in milliseconds.
    * `blueprint`: esper text (of imported models).
    """

    path: str
    purpose: str
    inputs: list[str]
    verdicts: list[Verdict]
    report: dict[str, Any]
    blueprint: str = ""
    _folder: tempfile.TemporaryDirectory[str] | None = None
    _module: Any = None

    @property
    def module(self) -> torch.nn.Module:
        """The loaded kernel (see `tezzeret.load`): its parameters live, to be trained with those of a host."""
        if self._module is None:
            from tezzeret._load import load
            self._module = load(self.path)
        loaded: torch.nn.Module = self._module
        return loaded

    def __call__(self, *inputs: torch.Tensor) -> Any:
        return self.module(*inputs)

    def save(self, path: str | os.PathLike[str]) -> pathlib.Path:
        """Copies the kernel file; the weights are those that it was compiled with."""
        target = pathlib.Path(path)
        shutil.copyfile(self.path, target)
        return target

    def table(self) -> Table:
        facts = {"file": self.path, "for": self.purpose, "inputs": ", ".join(self.inputs),
                 "parameters": f"{self.report.get('parameter_count', 0):,}",
                 "bytes": f"{self.report.get('kernel_bytes', 0):,}", "kernel_id": self.report.get("kernel_id", "")}
        return Table("kernel" + ("" if self.verdicts else ", not validated"), facts, _HEAD, _rows(self.verdicts))
