"""Comparisons, logic, choices by a mask that only a call tells, and what rounds."""
from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import torch

from tezzeret.importer import _attributes as attributes
from tezzeret.importer._builder import Builder
from tezzeret.importer._rows import Row, row
from tezzeret.importer._values import Refusal, Value, broadcast
from tezzeret.importer.elementwise import Operand, tensor_of


def _pair(builder: Builder, left: Operand, right: Operand) -> tuple[Value, Value]:
    """Both in the type that torch compares them in."""
    dtype = torch.result_type(_example(left), _example(right))
    first = next(operand for operand in (left, right) if isinstance(operand, Value))
    like = builder.cast(first, dtype)
    made = [builder.cast(operand, dtype) if isinstance(operand, Value) else builder.number(operand, like)
            for operand in (left, right)]
    return made[0], made[1]


def _example(operand: Operand) -> torch.Tensor | float:
    """Something that torch promotes as it does the operand."""
    if not isinstance(operand, Value):
        return operand
    return torch.empty((1,) * operand.rank, dtype=operand.dtype, device="meta")


def compared(builder: Builder, kind: str, left: Operand, right: Operand) -> Value:
    first, second = _pair(builder, left, right)
    return builder.op("compare", [first, second], broadcast(first.shape, second.shape), torch.bool,
                      kind=f"#esper<compare_kind {kind}>")


def _comparison(kind: str) -> Row:
    def function(builder: Builder, left: Operand, right: Operand) -> Value:
        return compared(builder, kind, left, right)
    return function


for _kind in ("eq", "ne", "lt", "le", "gt", "ge"):
    row(f"{_kind}.Tensor", f"{_kind}.Scalar")(_comparison(_kind))


def mask_of(builder: Builder, value: Value) -> Value:
    """What is not zero."""
    return value if value.dtype == torch.bool else compared(builder, "ne", value, 0)


def inverted(builder: Builder, mask: Value) -> Value:
    return compared(builder, "eq", mask, False)


def both(builder: Builder, left: Value, right: Value) -> Value:
    return builder.multiply(left, right)


def either(builder: Builder, left: Value, right: Value) -> Value:
    return chosen(builder, left, left, right)


def chosen(builder: Builder, mask: Value, left: Value, right: Value) -> Value:
    return builder.op("where", [mask, left, right], broadcast(mask.shape, left.shape, right.shape), left.dtype)


@row("logical_not.default")
def logical_not(builder: Builder, value: Value) -> Value:
    return inverted(builder, mask_of(builder, value))


@row("bitwise_not.default")
def bitwise_not(builder: Builder, value: Value) -> Value:
    _of_masks(value)
    return inverted(builder, value)


def _of_masks(*operands: Operand) -> None:
    for operand in operands:
        if not (isinstance(operand, bool) or isinstance(operand, Value) and operand.dtype == torch.bool):
            raise Refusal("the bits of integers, expected booleans")


def _mask(builder: Builder, operand: Operand, other: Operand) -> Value:
    if isinstance(operand, Value):
        return mask_of(builder, operand)
    assert isinstance(other, Value)
    return builder.number(bool(operand), mask_of(builder, other))


def _logic(kind: str, bits: bool) -> Row:
    def function(builder: Builder, left: Operand, right: Operand) -> Value:
        if bits:
            _of_masks(left, right)
        first, second = _mask(builder, left, right), _mask(builder, right, left)
        if kind == "and":
            return both(builder, first, second)
        return either(builder, first, second) if kind == "or" else compared(builder, "ne", first, second)
    return function


for _kind in ("and", "or", "xor"):
    row(f"logical_{_kind}.default")(_logic(_kind, bits=False))
    row(f"bitwise_{_kind}.Tensor", f"bitwise_{_kind}.Scalar", f"__{_kind}__.Tensor",
        f"__{_kind}__.Scalar")(_logic(_kind, bits=True))


@row("isnan.default")
def is_nan(builder: Builder, value: Value) -> Value:
    return compared(builder, "ne", value, value)


@row("isinf.default")
def is_infinite(builder: Builder, value: Value) -> Value:
    if not value.is_float:
        return compared(builder, "ne", value, value)  # never
    return compared(builder, "eq", builder.activation("abs", value), math.inf)


@row("isfinite.default")
def is_finite(builder: Builder, value: Value) -> Value:
    """x - x is NaN for infinities too."""
    return compared(builder, "eq", builder.subtract(value, value) if value.is_float else value,
                    0 if value.is_float else value)


def _over(kind: str) -> Callable[..., Value]:
    def function(builder: Builder, value: Value, dims: Sequence[int] | int | None = None,
                 keepdim: bool = False) -> Value:
        """Of 0 and 1 the greatest or the least."""
        numbers = builder.cast(mask_of(builder, value), torch.int64)
        listed = [] if dims is None else [dims] if isinstance(dims, int) else list(dims)
        most = numbers if value.rank == 0 else builder.reduce(kind, numbers, listed, keepdim)
        return compared(builder, "ne", most, 0)
    return function


any_of = row("any.default", "any.dim", "any.dims")(_over("max"))
row("all.default", "all.dim", "all.dims")(_over("min"))


def least_or_greatest(builder: Builder, kind: str, left: Operand, right: Operand) -> Value:
    """torch's fmax and fmin: NaN loses, and of equal ones the first has the gradient."""
    first, second = tensor_of(builder, left), tensor_of(builder, right)
    better = compared(builder, "ge" if kind == "max" else "le", first, second)
    return chosen(builder, either(builder, better, is_nan(builder, second)), first, second)


@row("fmax.default")
def fmax(builder: Builder, left: Operand, right: Operand) -> Value:
    return least_or_greatest(builder, "max", left, right)


@row("fmin.default")
def fmin(builder: Builder, left: Operand, right: Operand) -> Value:
    return least_or_greatest(builder, "min", left, right)


# What rounds

@row("ceil.default")
def ceil(builder: Builder, value: Value) -> Value:
    if not value.is_float:
        return value
    return builder.activation("neg", builder.activation("floor", builder.activation("neg", value)))


@row("trunc.default", "fix.default")
def trunc(builder: Builder, value: Value) -> Value:
    if not value.is_float:
        return value
    return chosen(builder, compared(builder, "lt", value, 0), ceil(builder, value), builder.activation("floor", value))


@row("floor.default")
def floor(builder: Builder, value: Value) -> Value:
    return builder.activation("floor", value) if value.is_float else value


@row("round.default")
def rounded(builder: Builder, value: Value) -> Value:
    return builder.activation("round", value) if value.is_float else value


@row("round.decimals")
def rounded_to(builder: Builder, value: Value, *, decimals: int) -> Value:
    """torch multiplies or divides by the power that is a whole number."""
    if not value.is_float:
        raise Refusal("integers rounded to decimals")
    power = float(10 ** abs(decimals))
    by = builder.number(power, value)
    if decimals < 0:
        return builder.scale(builder.activation("round", builder.divide(value, by)), power)
    return builder.divide(builder.activation("round", builder.scale(value, power)), by)


@row("remainder.Tensor", "remainder.Scalar", "remainder.Scalar_Tensor")
def remainder(builder: Builder, left: Operand, right: Operand) -> Value:
    first, second = _pair(builder, left, right)
    return builder.binary("remainder", first, second)


@row("fmod.Tensor", "fmod.Scalar")
def fmod(builder: Builder, left: Operand, right: Operand) -> Value:
    """The remainder of the sizes, with the sign of the dividend."""
    first, second = _pair(builder, left, right)
    if not first.is_float:
        raise Refusal("integers, expected floating elements")
    size = builder.activation("abs", second)
    negative = builder.binary("remainder", builder.activation("neg", first), size)
    return chosen(builder, compared(builder, "lt", first, 0), builder.activation("neg", negative),
                  builder.binary("remainder", first, size))


@row("floor_divide.default", "floor_divide.Scalar")
def floor_divide(builder: Builder, left: Operand, right: Operand) -> Value:
    """What the remainder leaves, divided: a whole number but for the last bits. Not the quotient rounded down, which
    makes 10 of 1.0 // 0.1."""
    first, second = _pair(builder, left, right)
    if not first.is_float:
        raise Refusal("whole quotients of integers, expected floating elements")
    whole = builder.divide(builder.subtract(first, builder.binary("remainder", first, second)), second)
    by_zero = compared(builder, "eq", second, 0)
    return chosen(builder, by_zero, builder.divide(first, second), builder.activation("round", whole))


@row("div.Tensor_mode", "div.Scalar_mode")
def divide_rounded(builder: Builder, left: Operand, right: Operand, *, rounding_mode: str | None) -> Value:
    if rounding_mode == "floor":
        return floor_divide(builder, left, right)
    first, second = (builder.cast(value, builder.result_dtype) for value in _pair(builder, left, right))
    if not first.is_float:
        raise Refusal("whole quotients of integers, expected floating elements")
    quotient = builder.divide(first, second)
    return trunc(builder, quotient) if rounding_mode == "trunc" else quotient


@row("sign.default", "sgn.default")
def sign(builder: Builder, value: Value) -> Value:
    if not value.is_float:
        raise Refusal("signs of integers, expected floating elements")
    return builder.activation("sign", value)


@row("one_hot.default")
def one_hot(builder: Builder, indices: Value, num_classes: int = -1) -> Value:
    if num_classes < 1:
        raise Refusal("as many classes as the largest index, expected their number")
    return builder.op("one_hot", [indices], indices.shape + (num_classes,), torch.int64,
                      num_classes=attributes.i64(num_classes))


def picked(builder: Builder, value: Value, indices: Value) -> Value:
    """Entries of the last dimension by indices of the call, one dimension of them in the last place. All others are
    left out by a mask, not by products with 0, so that what they hold does not matter."""
    size = value.shape[-1]
    if size is None or value.shape[:-1] != indices.shape[:-1]:
        raise Refusal("entries by indices of the call, expected them of a dimension of known size, all others equal")
    at = compared(builder, "ne", one_hot(builder, builder.cast(indices, torch.int64), size), 0)
    entries = chosen(builder, at, builder.unsqueeze(value, -2), builder.number(0, value))
    return builder.reduce("sum", entries, [-1], False)


@row("pow.Tensor_Tensor")
def power(builder: Builder, base: Value, exponent: Value) -> Value:
    """By the logarithm of the base's size. A negative base has a power where the exponent is whole; 0 is apart, since
    its logarithm has no gradient."""
    base, exponent = tensor_of(builder, base), tensor_of(builder, exponent)
    if not base.is_float:
        raise Refusal("powers of integers, expected floating elements")
    positive = base.constant is not None and bool((base.constant > 0).all())
    if exponent.known() is None and not positive:
        raise Refusal("an exponent that only a call tells, expected a constant, or positive constants as base: a negative "
                      "base has no derivative by it")
    one, nothing = builder.number(1, base), builder.number(0, base)
    is_zero, is_negative = compared(builder, "eq", base, 0), compared(builder, "lt", base, 0)
    size = chosen(builder, is_zero, one, builder.activation("abs", base))
    power = builder.activation("exp", builder.multiply(builder.activation("log", size), exponent))
    is_odd = compared(builder, "eq", remainder(builder, exponent, 2), 1)
    is_whole = compared(builder, "eq", exponent, builder.activation("floor", exponent))
    signed = chosen(builder, is_odd, builder.activation("neg", power), power)
    negative = chosen(builder, is_whole, signed, builder.number(math.nan, base))
    others = chosen(builder, compared(builder, "gt", exponent, 0), nothing, builder.number(math.inf, base))
    of_zero = chosen(builder, compared(builder, "eq", exponent, 0), one, others)
    of_zero = chosen(builder, compared(builder, "eq", exponent, 1), base, of_zero)
    return chosen(builder, is_zero, of_zero, chosen(builder, is_negative, negative, power))


@row("atan2.default")
def atan2(builder: Builder, left: Value, right: Value) -> Value:
    """By the quotient that is at most 1 in size, from the nearest axis."""
    y, x = tensor_of(builder, left), tensor_of(builder, right)
    steep = compared(builder, "gt", builder.activation("abs", y), builder.activation("abs", x))
    below, above = chosen(builder, steep, y, x), chosen(builder, steep, x, y)
    safe = chosen(builder, compared(builder, "eq", below, 0), builder.number(1, below), below)
    angle = builder.activation("atan", builder.divide(above, safe))
    signs = [chosen(builder, compared(builder, "lt", y, 0), builder.number(-turn, y), builder.number(turn, y))
             for turn in (math.pi, math.pi / 2)]
    behind = chosen(builder, compared(builder, "lt", x, 0), signs[0], builder.number(0, y))
    return chosen(builder, steep, builder.subtract(signs[1], angle), builder.add(behind, angle))
