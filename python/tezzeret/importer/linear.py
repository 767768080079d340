"""Products of matrices."""
from __future__ import annotations

from tezzeret.importer._builder import Builder
from tezzeret.importer._rows import row
from tezzeret.importer._values import Value
from tezzeret.importer.elementwise import times


@row("linear.default")
def linear(builder: Builder, value: Value, weight: Value, bias: Value | None = None) -> Value:
    if weight.rank == 1:
        product = builder.matmul(value, weight)
        return product if bias is None else builder.add(product, bias)
    return builder.linear(value, weight, bias)


@row("matmul.default", "mm.default", "bmm.default", "mv.default", "dot.default", "inner.default", "vdot.default")
def matmul(builder: Builder, left: Value, right: Value) -> Value:
    return builder.matmul(left, right)


@row("addmm.default", "baddbmm.default", "addmv.default")
def add_matmul(builder: Builder, value: Value, left: Value, right: Value, *, beta: float = 1,
               alpha: float = 1) -> Value:
    product = times(builder, builder.matmul(left, right), alpha)
    return product if beta == 0 else builder.add(times(builder, value, beta), product)


@row("addbmm.default")
def add_sum_of_products(builder: Builder, value: Value, left: Value, right: Value, *, beta: float = 1,
                        alpha: float = 1) -> Value:
    product = times(builder, builder.reduce("sum", builder.matmul(left, right), [0], False), alpha)
    return product if beta == 0 else builder.add(times(builder, value, beta), product)


@row("outer.default", "ger.default")
def outer(builder: Builder, left: Value, right: Value) -> Value:
    return builder.multiply(builder.unsqueeze(left, 1), builder.unsqueeze(right, 0))


@row("addr.default")
def add_outer(builder: Builder, value: Value, left: Value, right: Value, *, beta: float = 1, alpha: float = 1) -> Value:
    product = times(builder, outer(builder, left, right), alpha)
    return product if beta == 0 else builder.add(times(builder, value, beta), product)


@row("bilinear.default")
def bilinear(builder: Builder, left: Value, right: Value, weight: Value, bias: Value | None = None) -> Value:
    operands = [left, right, weight] + ([bias] if bias is not None else [])
    return builder.op("bilinear", operands, left.shape[:-1] + weight.shape[:1])
