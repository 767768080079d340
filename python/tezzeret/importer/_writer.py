"""The text of one esper kernel, op by op, in MLIR's generic form: one way of writing for all of them."""
from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import torch

from tezzeret.importer import _attributes as attributes
from tezzeret.importer._values import Shape, Value, mlir_type


@dataclasses.dataclass(frozen=True)
class Place:
    """Where in the model an op comes from. A file's folder is left out: a kernel must not depend on it."""

    module: str
    node: str
    file: str | None = None
    line: int = 0

    def location(self) -> str:
        inner = f'({attributes.text(self.file)}:{self.line}:1)' if self.file else ""
        return f"loc({attributes.text(self.module or 'model')}({attributes.text(self.node)}{inner}))"


@dataclasses.dataclass
class State:
    """A parameter or buffer of the kernel."""

    name: str
    value: Value
    tensor: torch.Tensor
    trained: bool

    def text(self) -> str:
        op, first = ("param" if self.trained else "buffer"), self._first()
        return (f"  {self.value.name} = esper.{op} {attributes.text(self.name)} <constant, {attributes.number(first)}>"
                f" : {self.value.type}")

    def _first(self) -> float:
        """The initialiser where the kernel is compiled without weights; it has to be a number."""
        if self.tensor.numel() == 0 or self.tensor.is_meta:
            return 0.0
        first = float(self.tensor.flatten()[0].item())
        return first if abs(first) < 1e30 else 0.0


class Writer:
    """Names values, and keeps the lines of the body."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.place = Place("", "input")
        self._names = 0

    def fresh(self) -> str:
        self._names += 1
        return f"%{self._names}"

    def op(self, name: str, operands: Sequence[Value | str], attrs: Mapping[str, str],
           results: Sequence[tuple[Shape, torch.dtype]]) -> list[Value]:
        """Writes one op; operands are tensors with a name, or flags (values of type i1) by their names."""
        made = [Value(shape, dtype, self.fresh()) for shape, dtype in results]
        words = [operand if isinstance(operand, str) else str(operand.name) for operand in operands]
        types = ["i1" if isinstance(operand, str) else operand.type for operand in operands]
        inside = ", ".join(f"{key} = {value}" for key, value in attrs.items())
        self.lines.append(
            f"  {', '.join(str(value.name) for value in made)} = \"esper.{name}\"({', '.join(words)})"
            f"{' <{' + inside + '}>' if attrs else ''} : ({', '.join(types)}) -> "
            f"({', '.join(value.type for value in made)}) {self.place.location()}")
        return made

    def flag(self, spelled: str) -> str:
        """A mode of the kernel: `esper.training "path"` or `esper.flag false`."""
        name = self.fresh()
        self.lines.append(f"  {name} = {spelled}")
        return name


def kernel_text(name: str, inputs: Sequence[Value], input_names: Sequence[str], states: Sequence[State],
                lines: Sequence[str], results: Sequence[Value], updates: Mapping[str, Value]) -> str:
    """A module with one kernel. Imported graphs hold for the ranks they were traced with, so those are fixed."""
    arguments = ", ".join(f"{value.name}: {value.type} {{esper.fixed_rank, esper.name = {attributes.text(spelled)}}}"
                          for value, spelled in zip(inputs, input_names))
    types = ", ".join(mlir_type(value.shape, value.dtype) for value in results)
    moved = ", ".join(f"{attributes.text(state)} = {value.name} : {value.type}" for state, value in updates.items())
    words = ", ".join(str(value.name) for value in results) + (f" : {types}" if results else "")
    return "\n".join([f"esper.kernel @{attributes.text(name)}({arguments}) -> ({types}) {{",
                      *(state.text() for state in states), *lines,
                      f"  esper.return {words}{f' updates({moved})' if moved else ''}", "}", ""])
