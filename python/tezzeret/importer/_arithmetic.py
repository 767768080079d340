"""Ops that work element by element."""
from __future__ import annotations

import math

import torch

from tezzeret.importer import _attributes as attributes
from tezzeret.importer._core import Core
from tezzeret.importer._values import ELEMENTS, Refusal, Value, broadcast


EXACT = 1 << 53
"""Beyond it not all whole numbers are numbers of f64."""


def _integer(dtype: torch.dtype) -> str:
    if dtype not in (torch.int8, torch.int16, torch.int32, torch.int64):
        raise Refusal(f"a conversion to {dtype}, expected one to floating elements, int8 to int64, or booleans")
    return ELEMENTS[dtype]


class Arithmetic(Core):
    """Sums, products and functions; operands broadcast."""

    def activation(self, kind: str, value: Value, *parameters: float) -> Value:
        return self.op("activation", [value], value.shape, kind=attributes.text(kind),
                       parameters=attributes.f64s(parameters))

    def binary(self, name: str, left: Value, right: Value) -> Value:
        """Repeated operands are taken as they were where the other one repeats them all the same."""
        shape = broadcast(left.shape, right.shape)
        bases = [value.base or value for value in (left, right)]
        if broadcast(bases[0].shape, bases[1].shape) == shape:
            left, right = bases
        elif broadcast(bases[0].shape, right.shape) == shape:
            left = bases[0]
        elif broadcast(left.shape, bases[1].shape) == shape:
            right = bases[1]
        return self.op(name, [left, right], shape)

    def add(self, left: Value, right: Value) -> Value:
        return self.binary("add", left, right)

    def subtract(self, left: Value, right: Value) -> Value:
        return self.binary("subtract", left, right)

    def multiply(self, left: Value, right: Value) -> Value:
        return self.binary("multiply", left, right)

    def divide(self, left: Value, right: Value) -> Value:
        return self.binary("divide", left, right)

    def scale(self, value: Value, by: float) -> Value:
        if by == 1:
            return value
        if not math.isfinite(by):
            return self.multiply(value, self.scalar(by, value.dtype))
        return self.op("scale", [value], value.shape, value=attributes.f64(by))

    def shift(self, value: Value, by: float) -> Value:
        """The sum with a number."""
        if by == 0:
            return value
        if not math.isfinite(by):
            return self.add(value, self.scalar(by, value.dtype))
        return self.activation("add_scalar", value, by)

    def number(self, value: float | int | bool, like: Value) -> Value:
        """A number in the graph, of the type of `like`: no constant of the state."""
        if like.constant is not None or like.base is not None or abs(value) > EXACT and not like.is_float:
            return self.scalar(value, like.dtype)
        return self.op("full", [like], (), value=attributes.f64(value), shape=attributes.i64s([]))

    def cast(self, value: Value, dtype: torch.dtype) -> Value:
        """The numbers in another type. To integers they are rounded towards zero, to booleans compared with 0."""
        if value.dtype == dtype:
            return value
        if value.constant is not None:
            return self.constant(value.constant.to(dtype))
        if value.base is not None:
            return Value(value.shape, dtype, base=self.cast(value.base, dtype))
        if dtype == torch.bool:
            return self.op("compare", [value, self.number(0, value)], value.shape, dtype,
                           kind="#esper<compare_kind ne>")
        if not dtype.is_floating_point:
            return self.op("to_integer", [value], value.shape, dtype, to=_integer(dtype))
        if value.is_float:
            return self.op("cast", [value], value.shape, dtype, to=ELEMENTS[dtype])
        return self.op("type_as", [value, self.scalar(0.0, dtype)], value.shape, dtype)
