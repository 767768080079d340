"""Ops that say where elements are: views, orders, parts."""
from __future__ import annotations

import math
from collections.abc import Sequence

from tezzeret.importer import _attributes as attributes
from tezzeret.importer._arithmetic import Arithmetic
from tezzeret.importer._values import Dim, Refusal, Shape, Value, wrap


class Shapes(Arithmetic):
    """Views, orders of dimensions, parts and what is put together of them."""

    def reshape(self, value: Value, shape: Sequence[Dim]) -> Value:
        shape = tuple(shape)
        if shape == value.shape and shape.count(None) <= 1:
            return value
        if value.constant is not None:
            return self.constant(value.constant.reshape([size if size is not None else -1 for size in shape]))
        return self._flattened(value, shape) or self._unflattened(value, shape) or self._reshaped(value, shape)

    def _reshaped(self, value: Value, shape: Shape) -> Value:
        if shape.count(None) > 1:
            raise Refusal("a view with more than one size that only a call tells, expected at most one")
        sizes = [-1 if size is None else size for size in shape]
        return self.op("reshape", [value], shape, shape=attributes.i64s(sizes))

    def _flattened(self, value: Value, shape: Shape) -> Value | None:
        """A view that makes one dimension of a run of known ones says so: that holds for any batch."""
        run = value.rank - len(shape)
        for start in range(len(shape) if run > 0 else 0):
            sizes = value.shape[start:start + run + 1]
            same = value.shape[:start] == shape[:start] and value.shape[start + run + 1:] == shape[start + 1:]
            if same and None not in sizes and shape[start] == math.prod(size or 0 for size in sizes):
                return self.op("flatten", [value], shape, start_dim=attributes.i64(start),
                               end_dim=attributes.i64(start + run))
        return None

    def _unflattened(self, value: Value, shape: Shape) -> Value | None:
        run = len(shape) - value.rank
        for start in range(value.rank if run > 0 else 0):
            sizes = shape[start:start + run + 1]
            same = value.shape[:start] == shape[:start] and value.shape[start + 1:] == shape[start + run + 1:]
            if same and None not in sizes and value.shape[start] == math.prod(size or 0 for size in sizes):
                known = [size or 0 for size in sizes]
                return self.op("unflatten", [value], shape, dim=attributes.i64(start), sizes=attributes.i64s(known))
        return None

    def permute(self, value: Value, dims: Sequence[int]) -> Value:
        dims = [wrap(dim, value.rank) for dim in dims]
        if dims == list(range(value.rank)):
            return value
        shape = tuple(value.shape[dim] for dim in dims)
        moved = [at for at, dim in enumerate(dims) if at != dim]
        if len(moved) == 2:
            return self.op("transpose", [value], shape, dim0=attributes.i64(moved[0]), dim1=attributes.i64(moved[1]))
        return self.op("permute", [value], shape, dims=attributes.i64s(dims))

    def move(self, value: Value, source: int, target: int) -> Value:
        """One dimension elsewhere, the others in their order."""
        source, target = wrap(source, value.rank), wrap(target, value.rank)
        dims = [dim for dim in range(value.rank) if dim != source]
        return self.permute(value, dims[:target] + [source] + dims[target:])

    def unsqueeze(self, value: Value, dim: int) -> Value:
        dim = dim + value.rank + 1 if dim < 0 else dim
        shape = value.shape[:dim] + (1,) + value.shape[dim:]
        if value.base is not None and value.base.rank == value.rank:
            return Value(shape, value.dtype, base=self.unsqueeze(value.base, dim))
        return self.op("unsqueeze", [value], shape, dim=attributes.i64(dim))

    def squeeze(self, value: Value, dim: int) -> Value:
        dim = wrap(dim, value.rank)
        if value.rank == 0 or value.shape[dim] != 1:
            return value
        return self.op("squeeze", [value], value.shape[:dim] + value.shape[dim + 1:], dim=attributes.i64(dim))

    def expand(self, value: Value, shape: Sequence[Dim]) -> Value:
        """Repeated to a shape when somebody needs it to be: element-wise ops do not."""
        shape = tuple(shape)
        more_rows = shape[:1] == (None,) and (value.rank < len(shape) or value.shape[0] == 1)
        if more_rows and (self.result_rows != self.batch or not self.batch):
            raise Refusal(f"a tensor repeated to {self.result_rows} rows, expected the batch of all inputs")
        return value if shape == value.shape else Value(shape, value.dtype, base=value.base or value)

    def slice(self, value: Value, dim: int, start: int, end: int | None, step: int = 1) -> Value:
        dim = wrap(dim, value.rank)
        size = value.shape[dim]
        whole = start == 0 and step == 1 and (end is None or end >= (1 << 62) or (size is not None and end >= size))
        if whole:
            return value
        end = None if end is not None and end >= (1 << 62) else end
        left = None if size is None else len(range(*slice(start, end, step).indices(size)))
        shape = value.shape[:dim] + (left,) + value.shape[dim + 1:]
        attrs = {"dim": attributes.i64(dim), "start": attributes.i64(start), "step": attributes.i64(step)}
        return self.op("slice", [value], shape, **attrs, **({} if end is None else {"end": attributes.i64(end)}))

    def select(self, value: Value, dim: int, index: int) -> Value:
        dim = wrap(dim, value.rank)
        part = self.slice(value, dim, index, index + 1 if index != -1 else None)
        if part.shape[dim] == 1:
            return self.squeeze(part, dim)
        return self.reshape(part, part.shape[:dim] + part.shape[dim + 1:])

    def concat(self, values: Sequence[Value], dim: int) -> Value:
        dim = wrap(dim, values[0].rank)
        if len(values) == 1:
            return values[0]
        sizes = [value.shape[dim] for value in values]
        size = None if None in sizes else sum(size or 0 for size in sizes)
        shape = values[0].shape[:dim] + (size,) + values[0].shape[dim + 1:]
        return self.op("concat", values, shape, dim=attributes.i64(dim))

    def split(self, value: Value, sizes: Sequence[int], dim: int) -> list[Value]:
        dim = wrap(dim, value.rank)
        results = [(value.shape[:dim] + (size,) + value.shape[dim + 1:], value.dtype) for size in sizes]
        return self.ops("split", [value], results, sizes=attributes.i64s(sizes), dim=attributes.i64(dim))
