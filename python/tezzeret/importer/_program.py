"""Walks an exported program and writes its kernel.

The graph is decomposed first, but for operators that the table has: what torch calls functional (no operator writes
into its operands) is what esper's values are. All calls that cannot be said are collected before anything is refused.
"""
from __future__ import annotations

import dataclasses
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch.export import ExportedProgram
from torch.export.graph_signature import InputKind, OutputKind

from tezzeret.importer._builder import Builder
from tezzeret.importer._rows import ROWS
from tezzeret.importer._unsupported import Unsupported, module_of, place_of, unsupported
from tezzeret.importer._values import Refusal, Value, shape_of
from tezzeret.importer._writer import State, kernel_text
from tezzeret.importer.norm import MOVED

COUNTER = "num_batches_tracked"


@dataclasses.dataclass
class Imported:
    """A kernel as esper text, and the tensors of its state by name: parameters, buffers, and constants of the graph."""

    text: str
    weights: dict[str, torch.Tensor]
    inputs: list[str]


class ImportRefused(Exception):
    """`calls`: everything that cannot be imported."""

    def __init__(self, calls: Sequence[Unsupported]):
        super().__init__("\n".join(str(call) for call in calls))
        self.calls = list(calls)


def decomposed(program: ExportedProgram) -> ExportedProgram:
    """Functional, in operators of the table as far as torch knows how."""
    if all(node.op != "call_function" or _is_plain(node) for node in program.graph.nodes):
        return program  # decomposing takes longer than all the rest
    table: Any = torch.export.default_decompositions()
    for known in ROWS:
        if known in table:
            table.pop(known)
    functional: ExportedProgram = program.run_decompositions(table)
    return functional


def _is_plain(node: torch.fx.Node) -> bool:
    """In the table, and writes to no operand."""
    known = node.target in ROWS or node.target is operator.getitem or _is_size(node)
    return known and not getattr(getattr(node.target, "_schema", None), "is_mutable", False)


def import_program(program: ExportedProgram, name: str = "model") -> Imported:
    functional = decomposed(program)
    importer = Importer(functional, name)
    if functional is not program:
        importer.refused += [unsupported(node, MOVED) for node in program.graph.nodes if _is_dropped(node)]
    return importer.run()


def _is_counter(node: torch.fx.Node) -> bool:
    traced = node.meta.get("val")
    return isinstance(traced, torch.Tensor) and traced.dtype == torch.int64 and not traced.dim()


def _is_dropped(node: torch.fx.Node) -> bool:
    """Decomposing leaves out this call, whose schema does not say that it moves running statistics."""
    return (node.target is torch.ops.aten.instance_norm.default and not node.users
            and node.args[3] is not None and node.args[5] is True)


class Importer:
    """One program on its way. `values` holds what each node of the graph became."""

    def __init__(self, program: ExportedProgram, name: str):
        self.program, self.name = program, name
        self.builder = Builder()
        self.values: dict[torch.fx.Node, Any] = {}
        self.states: dict[str, State] = {}
        self.input_names: list[str] = []
        self.refused: list[Unsupported] = []
        self.batches: set[str] = set()
        self.tied: dict[tuple[object, ...], torch.fx.Node] = {}
        signature = program.graph_signature
        self.mutated = {spec.arg.name: str(spec.target) for spec in signature.output_specs
                        if spec.kind == OutputKind.BUFFER_MUTATION}

    def run(self) -> Imported:
        nodes = list(self.program.graph.nodes)
        self._placeholders([node for node in nodes if node.op == "placeholder"])
        for node in nodes:
            if node.op == "call_function":
                self._call(node)
            elif node.op not in ("placeholder", "output"):
                self.refused.append(unsupported(node, f"a graph with {node.op}, expected one of operators only"))
        results, updates = self._outputs(nodes[-1])
        if self.refused:
            raise ImportRefused(self.refused)
        states = _in_order_of_modules([*self.builder.constants, *self.states.values()])
        text = kernel_text(self.name, self.builder.inputs, self.input_names, states, self.builder.writer.lines, results,
                           updates)
        return Imported(text, {state.name: state.tensor for state in states}, self.input_names)

    # Inputs and state

    def _placeholders(self, nodes: Sequence[torch.fx.Node]) -> None:
        for node, spec in zip(nodes, self.program.graph_signature.input_specs):
            if spec.kind == InputKind.USER_INPUT:
                self._input(node)
            elif spec.kind in (InputKind.PARAMETER, InputKind.BUFFER):
                self._state(node, str(spec.target), spec.kind == InputKind.PARAMETER)
            elif spec.kind == InputKind.CONSTANT_TENSOR:
                self.values[node] = self.builder.constant(self.program.constants[str(spec.target)])
            else:
                self.refused.append(unsupported(node, f"an input of kind {spec.kind.name.lower()}"))

    def _input(self, node: torch.fx.Node) -> None:
        traced = node.meta.get("val")
        if not isinstance(traced, torch.Tensor):
            self.values[node] = traced  # torch.export has put it into the graph
            return
        shape = shape_of(traced.shape)
        if None in shape[1:]:
            self._refuse(node, f"a dynamic size in dimension {shape[1:].index(None) + 1} of the input {node.name!r}, "
                               "expected dimension 0 alone to be dynamic")
        if shape[:1] == (None,):
            self.batches.add(str(traced.shape[0]))
        self.builder.batch = self.batches.copy().pop() if len(self.batches) == 1 else ""
        value = Value(shape, traced.dtype, self.builder.writer.fresh())
        self.values[node] = value
        self.builder.inputs.append(value)
        self.input_names.append(node.name)

    def _state(self, node: torch.fx.Node, name: str, trained: bool) -> None:
        """A buffer of integers that nothing changes is a constant to the graph, but stays in the state dict."""
        held: Mapping[str, torch.Tensor] = self.program.state_dict
        tensor = (held[name] if name in held else self.program.constants[name]).detach()
        if _is_real(tensor) and (tied := self.tied.setdefault(_memory(tensor), node)) is not node:
            self.values[node] = self.values[tied]  # the graph knows both names, and reads either
            return
        value = Value(tuple(tensor.shape), tensor.dtype, self.builder.writer.fresh(), state=name)
        self.states[name] = State(name, value, tensor, trained)
        self.builder.taken.add(name)
        fixed = not trained and not tensor.dtype.is_floating_point and name not in self.mutated.values()
        self.values[node] = dataclasses.replace(value, constant=tensor) if fixed else value
        if fixed:
            self.builder.hold(tensor, value)

    # Calls

    def _call(self, node: torch.fx.Node) -> None:
        traced = node.meta.get("val")
        if isinstance(traced, (torch.SymInt, torch.SymFloat, torch.SymBool, int, float, bool)) and not isinstance(
                node.target, torch._ops.OpOverload) or _is_size(node):
            self.values[node] = traced
        elif node.target is operator.getitem:
            self._item(node)
        else:
            self._operator(node)

    def _item(self, node: torch.fx.Node) -> None:
        whole = self.values.get(node.args[0])  # type: ignore[arg-type]
        found = whole[node.args[1]] if whole is not None else None
        if whole is not None and found is None and node.users:
            self._refuse(node, f"its result {node.args[1]}")
        self.values[node] = found

    def _operator(self, node: torch.fx.Node) -> None:
        args, kwargs = self._resolved(node.args), self._resolved(dict(node.kwargs))
        self.values[node] = None
        if any(self.values.get(operand) is None for operand in node.all_input_nodes):
            if node.target not in ROWS and not _is_check(node):  # beside what it is made of, which is refused already
                self._refuse(node, "not supported")
            return
        folded = _folded(node, args, kwargs)
        if folded is not None:
            self.values[node] = self._constants(folded)
        elif node.target in ROWS:
            self._row(node, args, kwargs)
        elif node.users or not _is_check(node):
            self._refuse(node, "not supported")

    def _row(self, node: torch.fx.Node, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        self.builder.writer.place, self.builder.module = place_of(node), module_of(node)
        first = _first_tensor(node.meta.get("val"))
        self.builder.result_shape, self.builder.result_dtype = shape_of(first.shape), first.dtype
        self.builder.result_rows = str(first.shape[0]) if first.dim() else ""
        try:
            counter = self._counted(node, args)
            self.values[node] = counter or ROWS[node.target](self.builder, *args, **kwargs)  # type: ignore[index]
        except Refusal as refusal:
            self._refuse(node, str(refusal))

    def _counted(self, node: torch.fx.Node, args: Sequence[Any]) -> Value | None:
        """Batch norm counts its batches, in training only."""
        name = self._counter_of(node)
        if name.rpartition(".")[2] != COUNTER:
            return None
        holder = name.rpartition(".")[0]
        self.builder.counts[holder] = args[0]
        return self.builder.op("increment", [args[0], self.builder.training(holder)], args[0].shape)

    def _counter_of(self, node: torch.fx.Node) -> str:
        """The buffer that becomes this sum, at once or after further calls of the same layer."""
        while node.target is torch.ops.aten.add.Tensor and _is_counter(node):
            if node.name in self.mutated:
                return self.mutated[node.name]
            later = [user for user in node.users if user.target is node.target and user.args[0] is node]
            if not later:
                break
            node = later[0]
        return ""

    def _resolved(self, argument: Any) -> Any:
        if isinstance(argument, torch.fx.Node):
            return self.values.get(argument)
        if isinstance(argument, (list, tuple)):
            return [self._resolved(entry) for entry in argument]
        if isinstance(argument, dict):
            return {key: self._resolved(entry) for key, entry in argument.items()}
        return argument

    def _constants(self, folded: Any) -> Any:
        if isinstance(folded, torch.Tensor):
            return self.builder.constant(folded)
        return [self._constants(entry) for entry in folded]

    def _refuse(self, node: torch.fx.Node, reason: str) -> None:
        self.values[node] = None
        self.refused.append(unsupported(node, reason))

    # Results

    def _outputs(self, node: torch.fx.Node) -> tuple[list[Value], dict[str, Value]]:
        results: list[Value] = []
        updates: dict[str, Value] = {}
        made: Sequence[Any] = node.args[0]  # type: ignore[assignment]
        self.builder.writer.place = place_of(node)
        for output, spec in zip(made, self.program.graph_signature.output_specs):
            value = self.values.get(output) if isinstance(output, torch.fx.Node) else None
            if spec.kind == OutputKind.USER_OUTPUT:
                results += self._result(node, output, value)
            elif spec.kind == OutputKind.BUFFER_MUTATION:
                if value is not None:
                    updates[str(spec.target)] = self._written(node, value)
            elif spec.kind == OutputKind.USER_INPUT_MUTATION:
                self._refuse(output, f"its result is written to the argument {spec.target!r}")
            else:
                self._refuse(node, f"an output of kind {spec.kind.name.lower()} ({spec.target})")
        return results, updates

    def _result(self, node: torch.fx.Node, output: Any, value: Any) -> list[Value]:
        if isinstance(value, Value):
            return [self._written(node, value)]
        if output is not None and not self.refused:
            self._refuse(node, f"a result that is {output!r}, expected tensors")
        return []

    def _written(self, node: torch.fx.Node, value: Value) -> Value:
        try:
            return self.builder.use(value)
        except Refusal as refusal:
            self._refuse(node, str(refusal))
            return value


def _is_real(tensor: torch.Tensor) -> bool:
    return type(tensor) is torch.Tensor and not tensor.is_meta and tensor.numel() > 0


def _memory(tensor: torch.Tensor) -> tuple[object, ...]:
    return tensor.data_ptr(), tensor.dtype, tuple(tensor.shape), tensor.stride()


def _is_size(node: torch.fx.Node) -> bool:
    return node.target is torch.ops.aten.sym_size.int


def _is_check(node: torch.fx.Node) -> bool:
    """What torch.export adds to find wrong sizes; kernels have their own checks."""
    return "assert" in str(node.target)


def _first_tensor(traced: Any) -> torch.Tensor:
    if isinstance(traced, torch.Tensor):
        return traced
    return next((entry for entry in traced or () if isinstance(entry, torch.Tensor)), torch.empty(0))


def _folded(node: torch.fx.Node, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """The results of a call whose operands are all known now, or None."""
    if not isinstance(node.target, torch._ops.OpOverload) or torch.Tag.nondeterministic_seeded in node.target.tags:
        return None
    leaves, tree = torch.utils._pytree.tree_flatten((list(args), dict(kwargs)))
    plain = [leaf.constant if isinstance(leaf, Value) else leaf for leaf in leaves]
    known = all(not isinstance(leaf, Value) or leaf.constant is not None for leaf in leaves)
    if not known or any(isinstance(leaf, torch.SymInt) for leaf in leaves):
        return None
    again_args, again_kwargs = torch.utils._pytree.tree_unflatten(plain, tree)
    if "device" in again_kwargs:
        again_kwargs["device"] = "cpu"
    with torch.no_grad():
        return node.target(*again_args, **again_kwargs)


def _in_order_of_modules(states: Sequence[State]) -> list[State]:
    """A module's own state comes before that of its submodules, as torch lists it."""
    own = [state for state in states if "." not in state.name]
    below: dict[str, list[State]] = {}
    for state in states:
        first, dot, rest = state.name.partition(".")
        if dot:
            below.setdefault(first, []).append(dataclasses.replace(state, name=rest))
    for first, inside in below.items():
        own += [dataclasses.replace(state, name=f"{first}.{state.name}") for state in _in_order_of_modules(inside)]
    return own
