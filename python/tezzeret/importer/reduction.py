"""Sums, means, extremes and what is made of them."""
from __future__ import annotations

from collections.abc import Sequence

from tezzeret.importer._builder import Builder
from tezzeret.importer._rows import row
from tezzeret.importer._values import Refusal, Value, wrap
from tezzeret.importer.elementwise import tensor_of

LEAST_SUM = 1e-30
MOST_STEPS = 256
"""Running sums are written out, one op a step."""

Dims = Sequence[int] | int | None


def _dims(dims: Dims) -> list[int]:
    return [] if dims is None else [dims] if isinstance(dims, int) else list(dims)


def _reduce(builder: Builder, kind: str, value: Value, dims: Dims, keepdim: bool, correction: float = 1) -> Value:
    value = tensor_of(builder, value) if builder.result_dtype.is_floating_point else value
    return value if value.rank == 0 and kind != "var" else \
        builder.reduce(kind, value, _dims(dims), keepdim, correction)


@row("sum.default", "sum.dim_IntList")
def total(builder: Builder, value: Value, dims: Dims = None, keepdim: bool = False, **options: object) -> Value:
    return _reduce(builder, "sum", value, dims, keepdim)


@row("mean.default", "mean.dim")
def mean(builder: Builder, value: Value, dims: Dims = None, keepdim: bool = False, **options: object) -> Value:
    return _reduce(builder, "mean", value, dims, keepdim)


@row("amax.default", "max.default")
def greatest(builder: Builder, value: Value, dims: Dims = None, keepdim: bool = False) -> Value:
    return _reduce(builder, "max", value, dims, keepdim)


@row("amin.default", "min.default")
def least(builder: Builder, value: Value, dims: Dims = None, keepdim: bool = False) -> Value:
    return _reduce(builder, "min", value, dims, keepdim)


def _float_only(value: Value) -> Value:
    if not value.is_float:
        raise Refusal(f"elements of type {value.dtype}, expected floating ones")
    return value


@row("max.dim")
def greatest_of_dim(builder: Builder, value: Value, dim: int, keepdim: bool = False) -> list[Value | None]:
    return list(_top(builder, _float_only(value), dim, keepdim))


@row("min.dim")
def least_of_dim(builder: Builder, value: Value, dim: int, keepdim: bool = False) -> list[Value | None]:
    values, indices = _top(builder, builder.activation("neg", _float_only(value)), dim, keepdim)
    return [builder.activation("neg", values), indices]


def _top(builder: Builder, value: Value, dim: int, keepdim: bool) -> tuple[Value, Value]:
    values, indices = builder.topk(value, 1, dim)
    return (values, indices) if keepdim else (builder.squeeze(values, dim), builder.squeeze(indices, dim))


@row("argmax.default")
def place_of_greatest(builder: Builder, value: Value, dim: int | None = None, keepdim: bool = False) -> Value:
    if dim is None:
        raise Refusal("the place in the whole tensor, expected a dimension")
    return _top(builder, _float_only(value), dim, keepdim)[1]


@row("argmin.default")
def place_of_least(builder: Builder, value: Value, dim: int | None = None, keepdim: bool = False) -> Value:
    return place_of_greatest(builder, builder.activation("neg", _float_only(value)), dim, keepdim)


@row("topk.default")
def topk(builder: Builder, value: Value, count: int, dim: int = -1, largest: bool = True,
         ordered: bool = True) -> list[Value | None]:
    if largest:
        return list(builder.topk(_float_only(value), count, dim))
    values, indices = builder.topk(builder.activation("neg", _float_only(value)), count, dim)
    return [builder.activation("neg", values), indices]


@row("sort.default")
def sort(builder: Builder, value: Value, dim: int = -1, descending: bool = False) -> list[Value | None]:
    size = value.shape[wrap(dim, value.rank)] if value.rank else None
    if size is None:
        raise Refusal("a dimension whose size only a call tells, or none")
    return topk(builder, value, size, dim, descending)


@row("sort.stable")
def sort_stable(builder: Builder, value: Value, *, stable: bool | None = False, dim: int = -1,
                descending: bool = False) -> list[Value | None]:
    if stable:
        raise Refusal("a sort that keeps equal elements in their order")
    return sort(builder, value, dim, descending)


def root_of_sums(builder: Builder, sums: Value, order: float = 2) -> Value:
    """At zeros torch gives a norm or a deviation the gradient 0, where the slope of a root is infinite: sums that small are cut off in
    front of the root, and what is left of them behind it."""
    kept = builder.activation("threshold", sums, LEAST_SUM, LEAST_SUM)
    root = builder.activation("sqrt", kept) if order == 2 else builder.activation("pow", kept, 1 / order)
    return builder.activation("threshold", root, LEAST_SUM ** (1 / order) * 1.001, 0.0)


@row("var.correction", "var.dim")
def variance(builder: Builder, value: Value, dims: Dims = None, unbiased: bool = True, keepdim: bool = False, *,
             correction: float | None = 1) -> Value:
    return _reduce(builder, "var", value, dims, keepdim, 1 if correction is None else correction)


@row("std.correction")
def deviation(builder: Builder, value: Value, dims: Dims = None, *, correction: float | None = 1,
              keepdim: bool = False) -> Value:
    return root_of_sums(builder, variance(builder, value, dims, keepdim=keepdim, correction=correction))


@row("var_mean.correction")
def variance_and_mean(builder: Builder, value: Value, dims: Dims = None, *, correction: float | None = 1,
                      keepdim: bool = False) -> list[Value | None]:
    return [variance(builder, value, dims, keepdim=keepdim, correction=correction),
            _reduce(builder, "mean", value, dims, keepdim)]


@row("std_mean.correction")
def deviation_and_mean(builder: Builder, value: Value, dims: Dims = None, *, correction: float | None = 1,
                       keepdim: bool = False) -> list[Value | None]:
    var, middle = variance_and_mean(builder, value, dims, correction=correction, keepdim=keepdim)
    assert var is not None
    return [root_of_sums(builder, var), middle]


@row("softmax.int", "_softmax.default")
def softmax(builder: Builder, value: Value, dim: int, *more: object, **options: object) -> Value:
    return _over_dim(builder, value, dim, logarithm=False)


@row("log_softmax.int", "_log_softmax.default")
def log_softmax(builder: Builder, value: Value, dim: int, *more: object, **options: object) -> Value:
    return _over_dim(builder, value, dim, logarithm=True)


def _over_dim(builder: Builder, value: Value, dim: int, logarithm: bool) -> Value:
    value = tensor_of(builder, value)
    if value.rank == 0:
        return builder.squeeze(builder.softmax(builder.unsqueeze(value, 0), 0, logarithm), 0)
    return builder.softmax(value, dim, logarithm)


@row("logsumexp.default")
def logsumexp(builder: Builder, value: Value, dims: Dims, keepdim: bool = False) -> Value:
    """The greatest is taken out, so that no exponential overflows; it takes no gradient."""
    value = tensor_of(builder, value)
    if value.rank == 0:
        return value
    top = builder.reduce("max", value, _dims(dims), True)
    top = builder.op("detach", [top], top.shape)
    summed = builder.reduce("sum", builder.activation("exp", builder.subtract(value, top)), _dims(dims), True)
    made = builder.add(builder.activation("log", summed), top)
    return made if keepdim else builder.reshape(made, builder.result_shape)


@row("cumsum.default")
def running_sum(builder: Builder, value: Value, dim: int, **options: object) -> Value:
    return _running(builder, value, dim, builder.add)


@row("cumprod.default")
def running_product(builder: Builder, value: Value, dim: int, **options: object) -> Value:
    return _running(builder, value, dim, builder.multiply)


def _running(builder: Builder, value: Value, dim: int, combine: object) -> Value:
    value = tensor_of(builder, value)
    if value.rank == 0:
        return value
    parts = _parts(builder, value, dim)
    for at in range(1, len(parts)):
        parts[at] = combine(parts[at - 1], parts[at])  # type: ignore[operator]
    return builder.concat(parts, dim)


def _parts(builder: Builder, value: Value, dim: int) -> list[Value]:
    size = value.shape[wrap(dim, value.rank)]
    if size is None or not 0 < size <= MOST_STEPS:
        raise Refusal(f"a dimension of size {size}, expected one of 1 to {MOST_STEPS}")
    return builder.split(value, [1] * size, dim) if size > 1 else [value]


@row("prod.dim_int")
def product(builder: Builder, value: Value, dim: int, keepdim: bool = False, **options: object) -> Value:
    value = tensor_of(builder, value)
    if value.rank == 0:
        return value
    parts = _parts(builder, value, dim)
    made = parts[0]
    for part in parts[1:]:
        made = builder.multiply(made, part)
    return made if keepdim else builder.squeeze(made, dim)


@row("prod.default")
def product_of_all(builder: Builder, value: Value, **options: object) -> Value:
    size = 1
    for known in value.shape:
        if known is None:
            raise Refusal("a size that only a call tells")
        size *= known
    return product(builder, builder.reshape(value, (size,)), 0)


@row("logaddexp.default")
def log_of_sum(builder: Builder, left: Value, right: Value) -> Value:
    pair = [builder.unsqueeze(builder.expand(tensor_of(builder, value), builder.result_shape), 0)
            for value in (left, right)]
    return logsumexp(builder, builder.concat(pair, 0), [0])


@row("aminmax.default")
def extremes(builder: Builder, value: Value, *, dim: int | None = None, keepdim: bool = False) -> list[Value | None]:
    return [least(builder, value, dim, keepdim), greatest(builder, value, dim, keepdim)]


@row("median.dim")
def median(builder: Builder, value: Value, dim: int, keepdim: bool = False) -> list[Value | None]:
    """The lower of the two in the middle."""
    size = value.shape[wrap(dim, value.rank)] if value.rank else None
    if size is None:
        raise Refusal("a dimension whose size only a call tells, or none")
    return kth_value(builder, value, (size - 1) // 2 + 1, dim, keepdim)


@row("kthvalue.default")
def kth_value(builder: Builder, value: Value, k: int, dim: int = -1, keepdim: bool = False) -> list[Value | None]:
    if value.rank == 0:
        raise Refusal("a tensor without dimensions")
    parts = [builder.slice(part, dim, k - 1, k) for part in topk(builder, value, k, dim, False) if part is not None]
    return [part if keepdim else builder.squeeze(part, dim) for part in parts]
