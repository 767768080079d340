"""Operators that a graph has and the table has not, and where the model calls them."""
from __future__ import annotations

import dataclasses
import operator
import re

import torch

from tezzeret.importer._writer import Place

_FRAME = re.compile(r'File "(.+?)", line (\d+), in (\S+)(?:\n\s+(.+))?')


@dataclasses.dataclass(frozen=True)
class Unsupported:
    """One call that cannot be imported. `source` is the line of the model that makes it, where torch kept it."""

    operator: str
    reason: str
    module: str
    file: str
    line: int
    source: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.file else "place unknown"
        inside = f" in {self.module}" if self.module else ""
        return f"{self.operator}: {self.reason} ({where}{inside}{': ' + self.source if self.source else ''})"


def _trace_of(node: torch.fx.Node) -> str:
    """What torch.export recorded. Calls that it made itself have nothing: they came from a neighbour."""
    for near in (node, *node.users, *node.all_input_nodes):
        if near.meta.get("stack_trace"):
            return str(near.meta["stack_trace"])
    return ""


def frame_of(node: torch.fx.Node) -> tuple[str, int, str]:
    """File, line and text of the innermost call outside of torch, or of the innermost one."""
    frames = _FRAME.findall(_trace_of(node))
    if not frames:
        return "", 0, ""
    own = [frame for frame in frames if "/torch/" not in frame[0]]
    file, line, _, source = (own or frames)[-1]
    return file, int(line), source.strip()


def module_of(node: torch.fx.Node) -> str:
    """The path of the module whose forward makes the call, as the state dict names it."""
    stack = list((node.meta.get("nn_module_stack") or {}).values())
    path = str(stack[-1][0]) if stack else ""
    return re.sub(r"@\d+$", "", path.removeprefix("L['self']").lstrip("."))


def place_of(node: torch.fx.Node) -> Place:
    file, line, _ = frame_of(node)
    return Place(module_of(node), node.name, file.rpartition("/")[2] or None, line)


def unsupported(node: torch.fx.Node, reason: str) -> Unsupported:
    """One of several results is named by the operator that gives them."""
    node = node.all_input_nodes[0] if node.target is operator.getitem else node
    file, line, source = frame_of(node)
    return Unsupported(str(node.target), reason, module_of(node), file, line, source)
