"""Scaled dot product attention: one op where nothing is dropped or masked, else its parts."""
from __future__ import annotations

import math

import torch

from tezzeret.importer import _attributes as attributes
from tezzeret.importer._builder import Builder
from tezzeret.importer._rows import row
from tezzeret.importer._values import Refusal, Value
from tezzeret.importer.choice import any_of, chosen, compared
from tezzeret.importer.random import dropout


@row("scaled_dot_product_attention.default")
def attention(builder: Builder, query: Value, key: Value, value: Value, attn_mask: Value | None = None,
              dropout_p: float = 0.0, is_causal: bool = False, *, scale: float | None = None,
              enable_gqa: bool = False) -> Value:
    width = query.shape[-1]
    if width is None or (enable_gqa and query.shape[-3] != key.shape[-3]):
        raise Refusal("grouped queries, or heads whose size only a call tells")
    factor = 1 / math.sqrt(width) if scale is None else scale
    alike = query.rank >= 3 and query.shape[:-2] == key.shape[:-2] == value.shape[:-2]
    if attn_mask is None and not dropout_p and alike:
        return builder.op("sdpa", [query, key, value], query.shape[:-1] + value.shape[-1:],
                          scale=attributes.f64(factor), causal=attributes.flag(is_causal))
    return _in_parts(builder, query, key, value, attn_mask, dropout_p, is_causal, factor)


def _in_parts(builder: Builder, query: Value, key: Value, value: Value, mask: Value | None, dropout_p: float,
              is_causal: bool, factor: float) -> Value:
    scores = builder.matmul(builder.scale(query, factor), builder.permute(key, _swapped(key.rank)))
    if is_causal:
        scores = builder.op("causal_mask", [scores], scores.shape)
    if mask is not None:
        scores = builder.add(scores, _additive(builder, mask, query.dtype))
    weights = builder.softmax(scores, -1)
    return builder.matmul(dropout(builder, weights, dropout_p, True) if dropout_p else weights, value)


def _swapped(rank: int) -> list[int]:
    return [*range(rank - 2), rank - 1, rank - 2]


def _additive(builder: Builder, mask: Value, dtype: torch.dtype) -> Value:
    """What is added to the scores: a mask of booleans must be known now, as it becomes 0 and -inf."""
    if mask.dtype != torch.bool:
        return builder.cast(mask, dtype)
    known = mask.known()
    if known is None:
        raise Refusal("a mask of booleans that only a call tells, expected one of floating elements or a constant")
    return builder.constant(torch.zeros(known.shape, dtype=dtype).masked_fill(~known, float("-inf")))


@row("_scaled_dot_product_flash_attention_for_cpu.default")
def flash_attention(builder: Builder, query: Value, key: Value, value: Value, dropout_p: float = 0.0,
                    is_causal: bool = False, *, attn_mask: Value | None = None,
                    scale: float | None = None) -> list[Value | None]:
    """Without the logarithms of the sums, its second result."""
    return [attention(builder, query, key, value, attn_mask, dropout_p, is_causal, scale=scale), None]


@row("_safe_softmax.default")
def safe_softmax(builder: Builder, value: Value, dim: int, dtype: torch.dtype | None = None) -> Value:
    """Of a row that is -inf throughout it is 0, and has the gradient 0."""
    value = builder.cast(value, builder.result_dtype)
    kept = any_of(builder, compared(builder, "ne", value, -math.inf), dim, True)
    nothing = builder.number(0, value)
    return chosen(builder, kept, builder.softmax(chosen(builder, kept, value, nothing), dim), nothing)
