"""What every builder of ops has: values that are not written yet, state, modes, and the way an op is written."""
from __future__ import annotations

from collections.abc import Sequence

import torch

from tezzeret.importer import _attributes as attributes
from tezzeret.importer._values import Refusal, Shape, Value
from tezzeret.importer._writer import State, Writer


class Core:
    """One kernel under construction. Methods take and return values; nothing is computed but what is constant."""

    def __init__(self) -> None:
        self.writer = Writer()
        self.inputs: list[Value] = []
        self.constants: list[State] = []
        self.result_shape: Shape = ()
        self.result_dtype = torch.float32
        self.module = ""
        self.batch = ""  # the symbol of dimension 0 of all inputs where it is dynamic, and of the operator's result
        self.result_rows = ""
        self._training: dict[str, str] = {}
        self._known: dict[tuple[object, ...], Value] = {}
        self.taken: set[str] = set()
        self.counts: dict[str, Value] = {}  # by module: the batches that its batch norm had seen before the one at hand

    def constant(self, tensor: torch.Tensor) -> Value:
        return Value(tuple(tensor.shape), tensor.dtype, constant=tensor.detach())

    def scalar(self, number: float, dtype: torch.dtype) -> Value:
        return self.constant(torch.tensor(number, dtype=dtype))

    def use(self, value: Value) -> Value:
        """The value, written down."""
        if value.name is not None:
            return value
        made = self._repeated(value.base, value.shape) if value.base is not None else self._buffer(value)
        value.name = made.name
        return value

    def _repeated(self, value: Value, shape: Shape) -> Value:
        raise NotImplementedError  # in terms of ops: Builder's

    def _buffer(self, value: Value) -> Value:
        """Constants are buffers, as esper has no tensors in its text; equal ones are one."""
        if value.constant is None:
            raise Refusal("a condition that only a call tells")
        tensor = value.constant.contiguous()
        key = _content(tensor)
        if key not in self._known:
            name = f"constant_{len(self.constants)}"
            while name in self.taken:
                name += "_"
            state = State(name, Value(value.shape, value.dtype, self.writer.fresh()), tensor, trained=False)
            self.constants.append(state)
            self._known[key] = state.value
        return self._known[key]

    def hold(self, tensor: torch.Tensor, value: Value) -> None:
        """A buffer of the model: constants that are equal to it are this one."""
        self._known.setdefault(_content(tensor.contiguous()), value)

    def training(self, module: str) -> str:
        """Is the submodule of this path in training mode."""
        if module not in self._training:
            self._training[module] = self.writer.flag(f"esper.training {attributes.text(module)}")
        return self._training[module]

    def flag(self, value: bool) -> str:
        return self.writer.flag(f"esper.flag {attributes.flag(value)}")

    def ops(self, name: str, operands: Sequence[Value | str], results: Sequence[tuple[Shape, torch.dtype]], /,
            **attrs: str) -> list[Value]:
        used = [operand if isinstance(operand, str) else self.use(operand) for operand in operands]
        return self.writer.op(name, used, attrs, results)

    def op(self, name: str, operands: Sequence[Value | str], shape: Shape, dtype: torch.dtype | None = None, /,
           **attrs: str) -> Value:
        first = operands[0]
        assert dtype is not None or isinstance(first, Value)
        return self.ops(name, operands, [(shape, dtype or first.dtype)], **attrs)[0]  # type: ignore[union-attr]

    def segmented(self, name: str, groups: Sequence[Sequence[Value | str]],
                  results: Sequence[tuple[Shape, torch.dtype]], /, **attrs: str) -> list[Value]:
        """An op with groups of operands, some of them empty."""
        sizes = attributes.i32s([len(group) for group in groups])
        return self.ops(name, [operand for group in groups for operand in group], results,
                        operandSegmentSizes=sizes, **attrs)


def _content(tensor: torch.Tensor) -> tuple[object, ...]:
    return tensor.dtype, tuple(tensor.shape), tensor.reshape(-1).view(torch.uint8).numpy().tobytes()
