"""Builds a kernel op by op: what of esper the importers use, each with the rule of its shape.

Rules stand in the dialect too (a verifier finds where the two differ); they are here because text needs types.
"""
from __future__ import annotations

import math
from collections.abc import Sequence

import torch

from tezzeret.importer import _attributes as attributes
from tezzeret.importer._shapes import Shapes
from tezzeret.importer._values import Refusal, Shape, Value, broadcast, wrap


MOST_PARTS = 256


class Builder(Shapes):
    """All ops: those of its bases, sums, products, tables, and how a tensor is repeated to a shape."""

    def reduce(self, kind: str, value: Value, dims: Sequence[int], keepdim: bool, correction: float = 1) -> Value:
        dims = sorted(wrap(dim, value.rank) for dim in dims) or list(range(value.rank))
        shape = tuple(1 if dim in dims else size for dim, size in enumerate(value.shape) if keepdim or dim not in dims)
        dtype = torch.int64 if kind == "sum" and not value.is_float else value.dtype
        more = {"correction": attributes.i64(int(correction))} if kind == "var" else {}
        return self.op("reduce", [value], shape, dtype, kind=f"#esper<reduce_kind {kind}>",
                       dims=attributes.i64s(dims if value.rank else []), keepdim=attributes.flag(keepdim), **more)

    def matmul(self, left: Value, right: Value) -> Value:
        lead = broadcast(left.shape[:-2], right.shape[:-2])
        rows = left.shape[-2:-1] if left.rank > 1 else ()
        columns = right.shape[-1:] if right.rank > 1 else ()
        return self.op("matmul", [left, right], lead + rows + columns)

    def linear(self, value: Value, weight: Value, bias: Value | None = None) -> Value:
        operands = [value, weight] + ([bias] if bias is not None else [])
        return self.op("linear", operands, value.shape[:-1] + weight.shape[:1])

    def softmax(self, value: Value, dim: int, logarithm: bool = False) -> Value:
        return self.op("log_softmax" if logarithm else "softmax", [value], value.shape,
                       dim=attributes.i64(wrap(dim, value.rank)))

    def embedding(self, indices: Value, table: Value, padding: int = -1) -> Value:
        return self.op("embedding", [indices, table], indices.shape + table.shape[1:], table.dtype,
                       padding_idx=attributes.i64(padding))

    def take(self, value: Value, dim: int, indices: torch.Tensor) -> Value:
        """Entries of a dimension by indices that are known: rows of a table, so values and gradients are exact."""
        front = self.move(value, dim, 0)
        if front.shape[0] is None:
            raise Refusal("entries taken by index of a dimension whose size only a call tells")
        if not value.is_float:
            return self._slices(value, dim, indices)
        rest = front.shape[1:]
        width = None if None in rest else math.prod(size or 0 for size in rest)
        table = self.reshape(front, (front.shape[0], width)) if front.rank != 2 else front
        taken = self.embedding(self.constant(indices.reshape(-1).to(torch.int64)), table)
        return self.move(self.reshape(taken, taken.shape[:1] + rest), 0, dim)

    def _slices(self, value: Value, dim: int, indices: torch.Tensor) -> Value:
        """Of integers and booleans, which a table cannot hold: one by one, equal ones once."""
        places = [int(index) for index in indices.reshape(-1)]
        if not 0 < len(places) <= MOST_PARTS:
            raise Refusal(f"{len(places)} entries of {value.dtype} taken by index, expected 1 to {MOST_PARTS}")
        parts = {place: self.slice(value, dim, place, place + 1) for place in places}
        return self.concat([parts[place] for place in places], dim)

    def topk(self, value: Value, count: int, dim: int) -> tuple[Value, Value]:
        dim = wrap(dim, value.rank)
        shape = value.shape[:dim] + (count,) + value.shape[dim + 1:]
        values, indices = self.ops("topk", [value], [(shape, value.dtype), (shape, torch.int64)],
                                   k=attributes.i64(count), dim=attributes.i64(dim))
        return values, indices

    def _repeated(self, value: Value, shape: Shape) -> Value:
        if value.rank < len(shape):
            value = self.reshape(value, (1,) * (len(shape) - value.rank) + value.shape)
        for dim, size in enumerate(shape):
            if value.shape[dim] == size:
                continue
            if size is not None:
                value = self.take(value, dim, torch.zeros(size, dtype=torch.int64))
            else:
                value = self.add(value, self._rows(dim, value.rank, value.dtype))
        return self.use(value)

    def _rows(self, dim: int, rank: int, dtype: torch.dtype) -> Value:
        """Zeros with as many entries in `dim` as the batch has rows, the other sizes 1.

        They are sums over nothing, so whatever the input holds (NaN too) does not get in.
        """
        source = next((value for value in self.inputs if value.shape[:1] == (None,)), None)
        if source is None or dim != 0:
            raise Refusal("a tensor repeated to a size that only a call tells in another place than dimension 0")
        wide = source if source.rank > 1 else self.unsqueeze(source, 1)
        none = self.slice(self.op("detach", [wide], wide.shape) if wide.is_float else wide, 1, 0, 0)
        rows = self.reduce("sum", none, list(range(1, none.rank)), True)
        return self.reshape(self.cast(rows, dtype), (None,) + (1,) * (rank - 1))
