"""Arithmetic element by element. What torch promotes is promoted here, since esper's operands have one type."""
from __future__ import annotations

import math

import torch

from tezzeret.importer import _attributes as attributes
from tezzeret.importer._builder import Builder
from tezzeret.importer._rows import row
from tezzeret.importer._values import Refusal, Value

Operand = Value | float | int | bool


def number_of(operand: object) -> float | int | None:
    """A number, also as a constant without dimensions."""
    if isinstance(operand, Value):
        constant = operand.constant
        return None if constant is None or constant.dim() != 0 else constant.item()
    return operand if isinstance(operand, (int, float)) else None


def tensor_of(builder: Builder, operand: Operand) -> Value:
    """The operand in the type of the operator's result."""
    if isinstance(operand, Value):
        return builder.cast(operand, builder.result_dtype)
    if not isinstance(operand, (int, float)):
        raise Refusal(f"{operand} as an operand, expected a tensor or a number known before the call")
    return builder.scalar(operand, builder.result_dtype)


def _known(builder: Builder, operand: Operand) -> float | None:
    """A number that can be an attribute."""
    number = number_of(operand) if builder.result_dtype.is_floating_point else None
    return None if number is None else float(number)


@row("add.Tensor", "add.Scalar")
def add(builder: Builder, left: Operand, right: Operand, alpha: float = 1) -> Value:
    left_number, right_number = _known(builder, left), _known(builder, right)
    if right_number is not None:
        return builder.shift(tensor_of(builder, left), right_number * alpha)
    if left_number is not None and alpha == 1:
        return builder.shift(tensor_of(builder, right), left_number)
    return builder.add(tensor_of(builder, left), times(builder, tensor_of(builder, right), alpha))


@row("sub.Tensor", "sub.Scalar", "subtract.Tensor")
def subtract(builder: Builder, left: Operand, right: Operand, alpha: float = 1) -> Value:
    right_number = _known(builder, right)
    if right_number is not None:
        return builder.shift(tensor_of(builder, left), -right_number * alpha)
    return builder.subtract(tensor_of(builder, left), times(builder, tensor_of(builder, right), alpha))


@row("rsub.Tensor", "rsub.Scalar")
def subtract_from(builder: Builder, left: Operand, right: Operand, alpha: float = 1) -> Value:
    number = _known(builder, right)
    if number is not None:
        return builder.shift(builder.scale(tensor_of(builder, left), -alpha), number)
    return subtract(builder, right, left, alpha)


def times(builder: Builder, value: Value, by: float) -> Value:
    if by == 1:
        return value
    return builder.scale(value, by) if value.is_float else builder.multiply(value, builder.scalar(by, value.dtype))


@row("mul.Tensor", "mul.Scalar", "multiply.Tensor")
def multiply(builder: Builder, left: Operand, right: Operand) -> Value:
    for operand, other in ((right, left), (left, right)):
        number = _known(builder, operand)
        if number is not None:
            return builder.scale(tensor_of(builder, other), number)
    return builder.multiply(tensor_of(builder, left), tensor_of(builder, right))


@row("div.Tensor", "div.Scalar", "true_divide.Tensor")
def divide(builder: Builder, left: Operand, right: Operand) -> Value:
    above, below = _known(builder, left), _known(builder, right)
    if above is not None and below is None:
        value = tensor_of(builder, right)
        return builder.divide(builder.number(above, value), value)
    value = tensor_of(builder, left)
    if below is None:
        return builder.divide(value, tensor_of(builder, right))
    if below != 0 and math.frexp(below)[0] in (0.5, -0.5):  # the quotient is the product
        return builder.scale(value, 1 / below)
    return builder.divide(value, builder.number(below, value))


@row("addcmul.default")
def add_product(builder: Builder, start: Value, left: Value, right: Value, *, value: float = 1) -> Value:
    return builder.add(tensor_of(builder, start), times(builder, multiply(builder, left, right), value))


@row("addcdiv.default")
def add_quotient(builder: Builder, start: Value, left: Value, right: Value, *, value: float = 1) -> Value:
    return builder.add(tensor_of(builder, start), times(builder, divide(builder, left, right), value))


@row("lerp.Scalar", "lerp.Tensor")
def interpolate(builder: Builder, start: Value, end: Value, weight: Operand) -> Value:
    return builder.add(start, multiply(builder, builder.subtract(end, start), weight))


@row("maximum.default")
def maximum(builder: Builder, left: Operand, right: Operand) -> Value:
    return builder.binary("maximum", tensor_of(builder, left), tensor_of(builder, right))


@row("minimum.default")
def minimum(builder: Builder, left: Operand, right: Operand) -> Value:
    return builder.binary("minimum", tensor_of(builder, left), tensor_of(builder, right))


@row("clamp.Tensor", "clamp_min.Tensor")
def clamp_between(builder: Builder, value: Operand, low: Operand | None = None, high: Operand | None = None) -> Value:
    if low is not None:
        value = maximum(builder, value, low)
    return minimum(builder, value, high) if high is not None else tensor_of(builder, value)


@row("clamp_max.Tensor")
def clamp_below(builder: Builder, value: Operand, high: Operand) -> Value:
    return minimum(builder, value, high)


@row("pow.Scalar")
def power_of_number(builder: Builder, base: float, exponent: Value) -> Value:
    if base <= 0:
        raise Refusal(f"powers of {base}, expected a positive base")
    return builder.activation("exp", builder.scale(tensor_of(builder, exponent), math.log(base)))


@row("pow.Tensor_Scalar")
def power(builder: Builder, value: Value, exponent: float) -> Value:
    value = tensor_of(builder, value)
    plain = {0.5: "sqrt", 2: "square", -0.5: "rsqrt"}.get(exponent)
    if exponent == 1:
        return value
    return builder.activation(plain, value) if plain else builder.activation("pow", value, float(exponent))


def reduced(builder: Builder, losses: Value, reduction: int) -> Value:
    """torch's three ways to sum up a loss: not, by mean, by sum."""
    return losses if reduction == 0 else builder.reduce("mean" if reduction == 1 else "sum", losses, [], False)


@row("_to_copy.default")
def convert(builder: Builder, value: Value, **options: object) -> Value:
    return builder.cast(value, builder.result_dtype)


@row("to.dtype", "to.dtype_layout", "type_as.default")
def convert_to(builder: Builder, value: Value, *arguments: object, **options: object) -> Value:
    return builder.cast(value, builder.result_dtype)


@row("clone.default", "alias.default", "contiguous.default", "lift_fresh_copy.default", "positive.default",
     "resolve_conj.default")
def same(builder: Builder, value: Value, **options: object) -> Value:
    """Copies and orders of memory are the compiler's matter."""
    return value


@row("detach.default")
def detach(builder: Builder, value: Value) -> Value:
    return builder.op("detach", [value], value.shape) if value.is_float else value


@row("copy.default")
def copy(builder: Builder, target: Value, source: Value, non_blocking: bool = False) -> Value:
    return builder.expand(builder.cast(source, target.dtype), target.shape)


def constant_like(builder: Builder, fill: float) -> Value:
    """A tensor of one number, in the traced size; what is made of one that is known is known as well."""
    known = [size for size in builder.result_shape if size is not None]
    if len(known) == len(builder.result_shape):
        return builder.constant(torch.full(known, fill, dtype=builder.result_dtype))
    one = torch.full((1,) * len(builder.result_shape), fill, dtype=builder.result_dtype)
    return builder.expand(builder.constant(one), builder.result_shape)


@row("full.default")
def full(builder: Builder, size: object, fill_value: float, **options: object) -> Value:
    return constant_like(builder, fill_value)


@row("zeros.default", "new_zeros.default", "empty.memory_format")
def zeros(builder: Builder, *arguments: object, **options: object) -> Value:
    """torch.empty holds what was there before: zeros are as good."""
    return constant_like(builder, 0)


@row("ones.default", "new_ones.default")
def ones(builder: Builder, *arguments: object, **options: object) -> Value:
    return constant_like(builder, 1)


@row("full_like.default")
def full_like(builder: Builder, value: Value, fill_value: float, **options: object) -> Value:
    """Of as many rows as `value` has, whatever input they come from."""
    if value.shape[:1] != (None,) or builder.result_rows == builder.batch:
        return constant_like(builder, fill_value)
    filled = builder.op("full", [value], value.shape, value=attributes.f64(fill_value))
    return builder.cast(filled, builder.result_dtype)


@row("zeros_like.default", "empty_like.default")
def zeros_like(builder: Builder, value: Value, **options: object) -> Value:
    return full_like(builder, value, 0)


@row("ones_like.default")
def ones_like(builder: Builder, value: Value, **options: object) -> Value:
    return full_like(builder, value, 1)


@row("scalar_tensor.default")
def scalar_tensor(builder: Builder, number: float, **options: object) -> Value:
    return builder.scalar(number, builder.result_dtype)
