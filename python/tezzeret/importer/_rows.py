"""The table of operators: an ATen overload, and the function that says it in esper.

A row takes the builder and the operator's arguments in the order of its schema, keyword-only ones under its names:
tensors as values, sizes as numbers or torch.SymInt. It returns a value, or a sequence of them where the operator has
several results (None for those that nothing stands for). What it cannot say it refuses (see Refusal).
`builder.result_shape` and `.result_dtype` are those of the operator's first result, as torch.export traced it.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import torch
from torch._ops import OpOverload

from tezzeret.importer._values import Value

Row = Callable[..., Value | Sequence[Value | None]]
Function = TypeVar("Function", bound=Row)

ROWS: dict[OpOverload, Row] = {}


def row(*names: str) -> Callable[[Function], Function]:
    """Registers a row for overloads of the namespace aten, each by its name ("add.Tensor")."""
    def register(function: Function) -> Function:
        for name in names:
            ROWS[overload(name)] = function
        return function
    return register


def overload(name: str) -> OpOverload:
    packet, _, which = name.partition(".")
    found: OpOverload = getattr(getattr(torch.ops.aten, packet), which or "default")
    return found
