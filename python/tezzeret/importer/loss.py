"""Losses and distances whose decomposition asks for conditions that esper has not."""
from __future__ import annotations

from collections.abc import Sequence

from tezzeret.importer._builder import Builder
from tezzeret.importer._rows import row
from tezzeret.importer._values import Refusal, Value
from tezzeret.importer.activation import clamp
from tezzeret.importer.elementwise import reduced, tensor_of
from tezzeret.importer.reduction import root_of_sums

@row("mse_loss.default")
def squared_error(builder: Builder, value: Value, target: Value, reduction: int = 1) -> Value:
    return reduced(builder, builder.activation("square", builder.subtract(value, target)), reduction)


@row("l1_loss.default")
def absolute_error(builder: Builder, value: Value, target: Value, reduction: int = 1) -> Value:
    return reduced(builder, builder.activation("abs", builder.subtract(value, target)), reduction)


def _huber(builder: Builder, value: Value, target: Value, delta: float) -> Value:
    """With d the distance and s = min(d, delta): s (d - s / 2), which is d^2 / 2 below delta and linear above."""
    distance = builder.activation("abs", builder.subtract(value, target))
    small = clamp(builder, distance, None, delta)
    return builder.multiply(small, builder.subtract(distance, builder.scale(small, 0.5)))


@row("huber_loss.default")
def huber(builder: Builder, value: Value, target: Value, reduction: int = 1, delta: float = 1.0) -> Value:
    return reduced(builder, _huber(builder, value, target, delta), reduction)


@row("smooth_l1_loss.default")
def smooth_absolute_error(builder: Builder, value: Value, target: Value, reduction: int = 1,
                          beta: float = 1.0) -> Value:
    if beta == 0:
        return absolute_error(builder, value, target, reduction)
    return reduced(builder, builder.scale(_huber(builder, value, target, beta), 1 / beta), reduction)


@row("soft_margin_loss.default")
def soft_margin(builder: Builder, value: Value, target: Value, reduction: int = 1) -> Value:
    product = builder.activation("neg", builder.multiply(value, tensor_of(builder, target)))
    return reduced(builder, builder.activation("softplus", product, 1.0, 40.0), reduction)


@row("linalg_vector_norm.default")
def vector_norm(builder: Builder, value: Value, order: float = 2, dims: Sequence[int] | None = None,
                keepdim: bool = False, **options: object) -> Value:
    value = tensor_of(builder, value)
    chosen = list(dims or [])
    if value.rank == 0:
        return builder.activation("abs", value)
    if order == 2:
        return root_of_sums(builder, builder.reduce("sum", builder.activation("square", value), chosen, keepdim))
    size = builder.activation("abs", value)
    if order in (float("inf"), float("-inf")):
        return builder.reduce("max" if order > 0 else "min", size, chosen, keepdim)
    if order < 1:  # its slope at 0 is infinite, or there is none
        raise Refusal(f"a norm of order {order}, expected at least 1 or an infinity")
    if order == 1:
        return builder.reduce("sum", size, chosen, keepdim)
    powers = builder.reduce("sum", builder.activation("pow", size, float(order)), chosen, keepdim)
    return root_of_sums(builder, powers, order)


@row("hypot.default")
def hypot(builder: Builder, left: Value, right: Value) -> Value:
    squares = [builder.activation("square", tensor_of(builder, value)) for value in (left, right)]
    return builder.activation("sqrt", builder.add(*squares))


@row("dist.default")
def distance(builder: Builder, left: Value, right: Value, order: float = 2) -> Value:
    return vector_norm(builder, builder.subtract(tensor_of(builder, left), tensor_of(builder, right)), order)


@row("_cdist_forward.default")
def distances(builder: Builder, left: Value, right: Value, order: float, compute_mode: int | None = None) -> Value:
    """Of each row of the one to each of the other."""
    apart = builder.subtract(builder.unsqueeze(left, -2), builder.unsqueeze(right, -3))
    return vector_norm(builder, apart, order, [-1])
