"""Tables: embeddings, and entries taken by indices that are known before the call."""
from __future__ import annotations

import math
from collections.abc import Sequence

import torch

from tezzeret.importer import _attributes as attributes
from tezzeret.importer._builder import Builder
from tezzeret.importer._rows import row
from tezzeret.importer._values import Refusal, Value, wrap
from tezzeret.importer.choice import chosen, mask_of, picked


@row("embedding.default")
def embedding(builder: Builder, weight: Value, indices: Value, padding_idx: int = -1, scale_grad_by_freq: bool = False,
              sparse: bool = False) -> Value:
    if scale_grad_by_freq or sparse:
        raise Refusal("scale_grad_by_freq or sparse gradients")
    return builder.embedding(indices, weight, padding_idx)


def _known(indices: Value, what: str = "indices") -> torch.Tensor:
    if indices.constant is None:
        raise Refusal(f"{what} that only a call tells, expected constants")
    return indices.constant


@row("index_select.default")
def index_select(builder: Builder, value: Value, dim: int, indices: Value) -> Value:
    if value.rank == 0:
        raise Refusal("an entry of a tensor without dimensions")
    if indices.constant is not None:
        return builder.take(value, dim, _positive(indices.constant, value.shape[wrap(dim, value.rank)]))
    return _rows_of(builder, value, dim, indices)


def _positive(indices: torch.Tensor, size: int | None) -> torch.Tensor:
    return torch.where(indices < 0, indices + (size or 0), indices)


def _rows_of(builder: Builder, value: Value, dim: int, indices: Value) -> Value:
    """Rows by indices of the call; negative ones are torch's to refuse."""
    if wrap(dim, value.rank) != 0 or value.rank < 1 or not value.is_float or value.shape[0] is None:
        raise Refusal("indices that only a call tells, expected them of dimension 0 of a floating tensor")
    rest = value.shape[1:]
    width = None if None in rest else math.prod(size or 0 for size in rest)
    rows = builder.embedding(indices, builder.reshape(value, (value.shape[0], width)) if value.rank != 2 else value)
    return builder.reshape(rows, indices.shape + rest)


@row("index.Tensor")
def index(builder: Builder, value: Value, indices: Sequence[Value | None]) -> Value:
    given = [at for at, entry in enumerate(indices) if entry is not None]
    entries = [entry for entry in indices if entry is not None]
    if len(given) == 1 and entries[0].constant is None and given[0] == 0 and entries[0].dtype == torch.int64:
        return _rows_of(builder, value, 0, entries[0])
    if given != list(range(given[0], given[-1] + 1)):
        raise Refusal("indices of dimensions that do not follow each other")
    return _taken_together(builder, value, given[0], [_known(entry) for entry in entries])


def _taken_together(builder: Builder, value: Value, first: int, entries: list[torch.Tensor]) -> Value:
    """Neighbouring dimensions become one, and their indices places in it."""
    sizes = value.shape[first:first + len(entries)]
    if None in sizes or any(entry.dtype == torch.bool for entry in entries):
        raise Refusal("a mask as index, or a dimension whose size only a call tells")
    known = [size or 0 for size in sizes]
    places = torch.zeros((), dtype=torch.int64)
    for entry, size in zip(entries, known):
        places = places * size + _positive(entry.long(), size)
    flat = builder.reshape(value, value.shape[:first] + (math.prod(known),) + value.shape[first + len(entries):])
    return builder.reshape(builder.take(flat, first, places), builder.result_shape)


@row("gather.default")
def gather(builder: Builder, value: Value, dim: int, indices: Value, *, sparse_grad: bool = False) -> Value:
    if value.rank == 0:
        raise Refusal("an entry of a tensor without dimensions")
    if indices.constant is None:
        last = [builder.move(part, dim, -1) for part in (value, indices)]
        return builder.move(picked(builder, *last), -1, dim)
    known = indices.constant
    if None in value.shape:
        raise Refusal("entries of a tensor whose size only a call tells")
    grid = torch.meshgrid(*[torch.arange(size) for size in known.shape], indexing="ij")
    entries = [known if at == wrap(dim, value.rank) else places for at, places in enumerate(grid)]
    return _taken_together(builder, value, 0, entries)


@row("where.self")
def where(builder: Builder, condition: Value, left: Value, right: Value) -> Value:
    """Of a known condition: entries of the two, side by side, which takes no mask beside the weights."""
    shape = builder.result_shape
    start = 1 if shape[:1] == (None,) else 0
    known = condition.known()
    if known is None or None in shape[start:] or (start and known.dim() == len(shape) and known.shape[0] > 1):
        return _chosen(builder, condition, left, right)
    values = [builder.expand(builder.cast(value, builder.result_dtype), shape) for value in (left, right)]
    sizes = [size or 0 for size in shape[start:]]
    mask = known[0] if start and known.dim() == len(shape) else known
    both = builder.concat([builder.reshape(value, (*shape[:start], math.prod(sizes))) for value in values], start)
    places = torch.arange(math.prod(sizes))
    chosen = torch.where(mask.expand(sizes).reshape(-1), places, places + math.prod(sizes))
    return builder.reshape(builder.take(both, start, chosen), shape)


def _chosen(builder: Builder, condition: Value, left: Value, right: Value) -> Value:
    """Numbers stand in the graph, not in the state."""
    mask, values = mask_of(builder, condition), [left, right]
    like = next((value for value in values if value.number() is None), None)
    made = [builder.cast(value, builder.result_dtype) for value in values]
    for at, value in enumerate(values):
        number = value.number()
        if number is not None:
            made[at] = builder.number(number, builder.cast(like or mask, builder.result_dtype))
    return builder.expand(chosen(builder, mask, *made), builder.result_shape)


@row("masked_fill.Scalar", "masked_fill.Tensor")
def masked_fill(builder: Builder, value: Value, mask: Value, fill: Value | float) -> Value:
    number = fill if isinstance(fill, Value) else builder.scalar(fill, value.dtype)
    return where(builder, mask, number, value)


@row("tril.default")
def lower_triangle(builder: Builder, value: Value, diagonal: int = 0) -> Value:
    return _triangle(builder, value, torch.tril, diagonal)


@row("triu.default")
def upper_triangle(builder: Builder, value: Value, diagonal: int = 0) -> Value:
    return _triangle(builder, value, torch.triu, diagonal)


def _triangle(builder: Builder, value: Value, part: object, diagonal: int) -> Value:
    rows, columns = value.shape[-2:]
    if rows is None or columns is None:
        raise Refusal("a triangle of a matrix whose size only a call tells")
    mask = part(torch.ones(rows, columns, dtype=torch.bool), diagonal)  # type: ignore[operator]
    return where(builder, builder.constant(mask), value, builder.scalar(0.0, value.dtype))


@row("diagonal.default")
def diagonal(builder: Builder, value: Value, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Value:
    value = builder.move(builder.move(value, dim1, -1), _left_of(dim1, dim2, value.rank), -1)
    rows, columns = value.shape[-2:]
    if rows is None or columns is None:
        raise Refusal("a diagonal of a matrix whose size only a call tells")
    places = torch.arange(rows * columns).reshape(rows, columns).diagonal(offset)
    flat = builder.reshape(value, value.shape[:-2] + (rows * columns,))
    return builder.take(flat, -1, places)


@row("trace.default")
def trace(builder: Builder, value: Value) -> Value:
    return builder.reduce("sum", diagonal(builder, value), [0], False)


def _left_of(moved: int, dim: int, rank: int) -> int:
    """Where `dim` is after `moved` went to the end."""
    moved, dim = wrap(moved, rank), wrap(dim, rank)
    return dim - (1 if moved < dim else 0)


@row("unfold.default")
def unfold(builder: Builder, value: Value, dim: int, size: int, step: int) -> Value:
    whole = value.shape[wrap(dim, value.rank)] if value.rank else None
    if whole is None:
        raise Refusal("windows over a dimension whose size only a call tells, or over none")
    dim = wrap(dim, value.rank)
    starts = torch.arange(0, whole - size + 1, step)
    taken = builder.take(value, dim, (starts[:, None] + torch.arange(size)).reshape(-1))
    apart = builder.reshape(taken, value.shape[:dim] + (len(starts), size) + value.shape[dim + 1:])
    return builder.move(apart, dim + 1, -1)


@row("repeat_interleave.self_int")
def repeat_entries(builder: Builder, value: Value, repeats: int, dim: int | None = None, **options: object) -> Value:
    if dim is None:
        value, dim = builder.reshape(value, (_count(value),)), 0
    size = value.shape[wrap(dim, value.rank)] if value.rank else None
    if size is None:
        raise Refusal("copies of entries whose number only a call tells")
    return builder.take(value, dim, torch.arange(size).repeat_interleave(repeats))


def _count(value: Value) -> int:
    if None in value.shape:
        raise Refusal("elements whose number only a call tells")
    return math.prod(size or 0 for size in value.shape)


@row("index_put.default")
def index_put(builder: Builder, value: Value, indices: Sequence[Value | None], source: Value,
              accumulate: bool = False) -> Value:
    """Where a mask of leading dimensions is set, one number: x[x > 1] = 0."""
    mask = indices[0] if len(indices) == 1 else None
    if mask is None or mask.dtype != torch.bool or accumulate or any(size != 1 for size in source.shape):
        raise Refusal("writing to entries that only a call tells, expected one number where a mask is set")
    wide = builder.reshape(mask, mask.shape + (1,) * (value.rank - mask.rank)) if mask.rank < value.rank else mask
    return where(builder, wide, builder.reshape(source, ()), value)


@row("index_copy.default")
def index_copy(builder: Builder, value: Value, dim: int, indices: Value, source: Value) -> Value:
    return _replaced(builder, value, dim, _known(indices), source)


@row("index_fill.int_Scalar", "index_fill.int_Tensor")
def index_fill(builder: Builder, value: Value, dim: int, indices: Value, fill: Value | float) -> Value:
    number = builder.cast(fill, value.dtype) if isinstance(fill, Value) else builder.scalar(fill, value.dtype)
    known, dim = _known(indices).reshape(-1), wrap(dim, value.rank)
    if value.rank == 0:
        raise Refusal("an entry of a tensor without dimensions")
    return _replaced(builder, value, dim, known,
                     builder.expand(number, value.shape[:dim] + (len(known),) + value.shape[dim + 1:]))


def _replaced(builder: Builder, value: Value, dim: int, indices: torch.Tensor, source: Value) -> Value:
    """Entries of a dimension from another tensor: both behind each other, taken in an order that is known."""
    size = value.shape[wrap(dim, value.rank)] if value.rank else None
    if size is None or source.rank != value.rank:
        raise Refusal("writing to entries of a dimension whose size only a call tells, or of none")
    order = torch.arange(size)
    order[indices.reshape(-1)] = size + torch.arange(indices.numel())
    return builder.take(builder.concat([value, source], dim), dim, order)


@row("scatter.src", "scatter.value")
def scatter(builder: Builder, value: Value, dim: int, indices: Value, source: Value | float) -> Value:
    known = _known(indices)
    if None in value.shape or value.rank == 0 or known.dim() != value.rank:
        raise Refusal("entries of a tensor whose size only a call tells, or without dimensions")
    written = source if isinstance(source, Value) else \
        builder.expand(builder.scalar(source, value.dtype), tuple(known.shape))
    for at, size in enumerate(known.shape):
        written = builder.slice(written, at, 0, size)
    grid = torch.meshgrid(*[torch.arange(size) for size in known.shape], indexing="ij")
    places = torch.zeros((), dtype=torch.int64)
    for at, whole in enumerate(value.shape):
        places = places * (whole or 0) + (known if at == wrap(dim, value.rank) else grid[at])
    flat = [builder.reshape(part, (_count(part),)) for part in (value, written)]
    return builder.reshape(_replaced(builder, flat[0], 0, places, flat[1]), value.shape)
