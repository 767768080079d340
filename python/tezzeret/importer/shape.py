"""Views, parts and orders of dimensions. Sizes are those that torch.export has traced."""
from __future__ import annotations

from collections.abc import Sequence

import torch

from tezzeret.importer._builder import Builder
from tezzeret.importer._rows import row
from tezzeret.importer._values import Refusal, Value, wrap


@row("view.default", "reshape.default", "_unsafe_view.default", "flatten.using_ints", "unflatten.int",
     "view_as.default", "_reshape_alias.default", "reshape_as.default")
def view(builder: Builder, value: Value, *arguments: object) -> Value:
    return builder.reshape(value, builder.result_shape)


@row("expand.default", "broadcast_to.default", "expand_as.default")
def expand(builder: Builder, value: Value, *arguments: object, **options: object) -> Value:
    return builder.expand(value, builder.result_shape)


@row("permute.default")
def permute(builder: Builder, value: Value, dims: Sequence[int]) -> Value:
    return builder.permute(value, dims)


@row("transpose.int", "swapaxes.default")
def transpose(builder: Builder, value: Value, first: int, second: int) -> Value:
    dims = list(range(value.rank))
    first, second = wrap(first, value.rank), wrap(second, value.rank)
    if dims:
        dims[first], dims[second] = dims[second], dims[first]
    return builder.permute(value, dims)


@row("t.default")
def transpose_matrix(builder: Builder, value: Value) -> Value:
    return value if value.rank < 2 else builder.permute(value, [1, 0])


@row("unsqueeze.default")
def unsqueeze(builder: Builder, value: Value, dim: int) -> Value:
    return builder.unsqueeze(value, dim)


@row("squeeze.dim", "squeeze.dims", "squeeze.default")
def squeeze(builder: Builder, value: Value, dims: Sequence[int] | int | None = None) -> Value:
    listed = range(value.rank) if dims is None else [dims] if isinstance(dims, int) else dims
    for dim in sorted({wrap(dim, value.rank) for dim in listed}, reverse=True):
        value = builder.squeeze(value, dim)
    return value


@row("slice.Tensor")
def part(builder: Builder, value: Value, dim: int = 0, start: int | None = None, end: int | None = None,
         step: int = 1) -> Value:
    if not all(bound is None or isinstance(bound, int) for bound in (start, end)):
        raise Refusal("a bound that only a call tells")
    return builder.slice(value, dim, start or 0, end, step)


@row("select.int")
def entry(builder: Builder, value: Value, dim: int, index: int) -> Value:
    if not isinstance(index, int):
        raise Refusal("an index that only a call tells")
    return builder.select(value, dim, index)


@row("narrow.default")
def narrow(builder: Builder, value: Value, dim: int, start: int, length: int) -> Value:
    return builder.slice(value, dim, start, start + length)


@row("cat.default", "concat.default")
def concat(builder: Builder, values: Sequence[Value], dim: int = 0) -> Value:
    full = [value for value in values if value.shape != (0,)] or list(values[:1])
    return builder.concat([builder.cast(value, builder.result_dtype) for value in full], dim)


@row("stack.default")
def stack(builder: Builder, values: Sequence[Value], dim: int = 0) -> Value:
    dim = dim + values[0].rank + 1 if dim < 0 else dim
    return builder.concat([builder.unsqueeze(builder.cast(value, builder.result_dtype), dim) for value in values], dim)


@row("split.Tensor", "split_with_sizes.default", "split.sizes")
def split(builder: Builder, value: Value, sizes: Sequence[int] | int, dim: int = 0) -> list[Value]:
    whole = value.shape[wrap(dim, value.rank)]
    if isinstance(sizes, int):
        if whole is None:
            raise Refusal("parts of a dimension whose size only a call tells")
        sizes = [min(sizes, whole - start) for start in range(0, whole, max(sizes, 1))] or [0]
    return builder.split(value, list(sizes), dim)


@row("chunk.default")
def chunk(builder: Builder, value: Value, chunks: int, dim: int = 0) -> list[Value]:
    whole = value.shape[wrap(dim, value.rank)]
    return split(builder, value, -(-(whole or 0) // chunks) if whole is not None else 0, dim)


@row("unbind.int")
def unbind(builder: Builder, value: Value, dim: int = 0) -> list[Value]:
    size = value.shape[wrap(dim, value.rank)]
    if size is None:
        raise Refusal("entries of a dimension whose size only a call tells")
    parts = builder.split(value, [1] * size, dim)
    return [builder.squeeze(made, dim) for made in parts]


@row("repeat.default")
def repeat(builder: Builder, value: Value, repeats: Sequence[int]) -> Value:
    """Copies one after the other."""
    if not all(isinstance(count, int) for count in repeats):
        return _repeat_rows(builder, value, repeats)
    value = builder.reshape(value, (1,) * (len(repeats) - value.rank) + value.shape)
    for dim, count in enumerate(repeats):
        if count > 1:
            value = builder.concat([value] * count, dim)
        elif count == 0:
            value = builder.slice(value, dim, 0, 0)
    return value


def _repeat_rows(builder: Builder, value: Value, repeats: Sequence[int]) -> Value:
    """As many copies as the batch has rows: of one row, that is a tensor expanded to the batch."""
    padded = (1,) * (len(repeats) - value.rank) + value.shape
    if isinstance(repeats[0], int) or padded[0] != 1 or any(count != 1 for count in repeats[1:]):
        raise Refusal("copies whose number only a call tells, expected them of one row in dimension 0")
    return builder.expand(builder.reshape(value, padded), builder.result_shape)


@row("flip.default")
def flip(builder: Builder, value: Value, dims: Sequence[int]) -> Value:
    for dim in dims:
        size = value.shape[wrap(dim, value.rank)] if value.rank else 1
        if size is None:
            raise Refusal("the order of a dimension whose size only a call tells")
        value = builder.take(value, dim, torch.arange(size - 1, -1, -1)) if value.rank else value
    return value


@row("roll.default")
def roll(builder: Builder, value: Value, shifts: Sequence[int], dims: Sequence[int] = ()) -> Value:
    if not dims:
        flat = builder.reshape(value, (_size(value),))
        return builder.reshape(_rolled(builder, flat, shifts[0], 0), value.shape)
    for shift, dim in zip(shifts, dims):
        value = _rolled(builder, value, shift, dim)
    return value


def _size(value: Value) -> int:
    product = 1
    for size in value.shape:
        if size is None:
            raise Refusal("the order of elements whose number only a call tells")
        product *= size
    return product


def _rolled(builder: Builder, value: Value, shift: int, dim: int) -> Value:
    size = value.shape[wrap(dim, value.rank)] if value.rank else None
    if size is None:
        raise Refusal("the order of a dimension whose size only a call tells")
    shift = shift % size if size else 0
    if shift == 0:
        return value
    parts = [builder.slice(value, dim, size - shift, None), builder.slice(value, dim, 0, size - shift)]
    return builder.concat(parts, dim)


@row("slice_scatter.default")
def slice_scatter(builder: Builder, value: Value, source: Value, dim: int = 0, start: int | None = None,
                  end: int | None = None, step: int = 1) -> Value:
    """Writing into a part is putting the parts together again."""
    size, start = value.shape[wrap(dim, value.rank)], start or 0
    if start == 0 and step == 1 and (end is None or end >= (1 << 62) or end == size):
        return source
    if size is None or not all(bound is None or isinstance(bound, int) for bound in (start, end)):
        raise Refusal("writing to a part of a dimension whose size only a call tells")
    written = list(range(*slice(start, end, step).indices(size)))
    return _put_together(builder, value, source, dim, written)


def _put_together(builder: Builder, value: Value, source: Value, dim: int, written: Sequence[int]) -> Value:
    if not written:
        return value
    size = value.shape[wrap(dim, value.rank)] or 0
    first, last = written[0], written[-1]
    if list(written) == list(range(first, last + 1)):
        before = [builder.slice(value, dim, 0, first)] if first > 0 else []
        after = [builder.slice(value, dim, last + 1, None)] if last + 1 < size else []
        return builder.concat([*before, source, *after], dim)
    order = torch.arange(size)
    order[list(written)] = size + torch.arange(len(written))
    return builder.take(builder.concat([value, source], dim), dim, order)


@row("select_scatter.default")
def select_scatter(builder: Builder, value: Value, source: Value, dim: int, index: int) -> Value:
    size = value.shape[wrap(dim, value.rank)]
    if size is None or not isinstance(index, int):
        raise Refusal("writing to an entry of a dimension whose size only a call tells")
    one = builder.unsqueeze(builder.cast(source, value.dtype), wrap(dim, value.rank))
    return _put_together(builder, value, one, dim, [index % size])
