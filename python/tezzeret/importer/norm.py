"""Normalisations, batch norm with what becomes of its running statistics."""
from __future__ import annotations

import math
from collections.abc import Sequence

from tezzeret.importer import _attributes as attributes
from tezzeret.importer._builder import Builder
from tezzeret.importer._rows import row
from tezzeret.importer._values import Refusal, Value


# torch.export cannot trace a momentum of None: torch makes a number of the counter. A batch norm that has this one,
# which is no momentum, is meant to have None.
COUNTS = math.nan


def _eps(eps: float) -> str:
    if eps < 0:
        raise Refusal(f"eps is {eps}, expected at least 0")
    return attributes.f64(eps)


def _given(*values: Value | None) -> list[list[Value]]:
    return [[] if value is None else [value] for value in values]


@row("layer_norm.default")
def layer_norm(builder: Builder, value: Value, normalized_shape: Sequence[int], weight: Value | None = None,
               bias: Value | None = None, eps: float = 1e-5, cudnn_enable: bool = True) -> Value:
    return builder.segmented("layer_norm", [[value], *_given(weight, bias)], [(value.shape, value.dtype)],
                             normalized_shape=attributes.i64s(normalized_shape), eps=_eps(eps))[0]


@row("native_layer_norm.default")
def layer_norm_decomposed(builder: Builder, value: Value, normalized_shape: Sequence[int], weight: Value | None,
                          bias: Value | None, eps: float) -> Sequence[Value | None]:
    return layer_norm(builder, value, normalized_shape, weight, bias, eps), None, None


@row("native_group_norm.default")
def group_norm_decomposed(builder: Builder, value: Value, weight: Value | None, bias: Value | None, samples: object,
                          channels: object, pixels: object, groups: int, eps: float) -> Sequence[Value | None]:
    return group_norm(builder, value, groups, weight, bias, eps), None, None


@row("rms_norm.default")
def rms_norm(builder: Builder, value: Value, normalized_shape: Sequence[int], weight: Value | None = None,
             eps: float | None = None) -> Value:
    operands = [value] + ([weight] if weight is not None else [])
    chosen = {} if eps is None else {"eps": _eps(eps)}
    return builder.op("rms_norm", operands, value.shape, normalized_shape=attributes.i64s(normalized_shape), **chosen)


@row("group_norm.default")
def group_norm(builder: Builder, value: Value, num_groups: int, weight: Value | None = None, bias: Value | None = None,
               eps: float = 1e-5, cudnn_enabled: bool = True) -> Value:
    return builder.segmented("group_norm", [[value], *_given(weight, bias)], [(value.shape, value.dtype)],
                             num_groups=attributes.i64(num_groups), eps=_eps(eps))[0]


def _with_statistics(builder: Builder, name: str, value: Value, weight: Value | None, bias: Value | None,
                     mean: Value | None, var: Value | None, mode: str, momentum: float, eps: float,
                     count: Value | None = None) -> list[Value]:
    results = [(value.shape, value.dtype)]
    if mean is not None and var is not None:
        results += [(mean.shape, mean.dtype), (var.shape, var.dtype)]
    groups: list[Sequence[Value | str]] = [[value], *_given(weight, bias, mean, var), [mode]]
    if name == "batch_norm":
        groups += _given(count)
    return builder.segmented(name, groups, results, momentum=attributes.f64(momentum), eps=_eps(eps))


def _holder(builder: Builder, buffer: Value | None) -> str:
    """The module whose mode counts: that of the running statistics, else the one that is called."""
    if buffer is not None and buffer.state is not None:
        return buffer.state.rpartition(".")[0]
    return builder.module


@row("_native_batch_norm_legit_functional.default")
def batch_norm(builder: Builder, value: Value, weight: Value | None, bias: Value | None, running_mean: Value,
               running_var: Value, training: bool, momentum: float, eps: float) -> Sequence[Value | None]:
    """Results as torch's: y, the batch's statistics (nobody reads them but a backward graph), the new running ones."""
    holder = _holder(builder, running_mean)
    mode = builder.training(holder) if training else builder.flag(False)
    count = builder.counts[holder] if math.isnan(momentum) else None
    y, mean, var = _with_statistics(builder, "batch_norm", value, weight, bias, running_mean, running_var, mode,
                                    0 if count else momentum, eps, count)
    return y, None, None, mean, var


@row("_native_batch_norm_legit_no_training.default")
def batch_norm_evaluated(builder: Builder, value: Value, weight: Value | None, bias: Value | None, running_mean: Value,
                         running_var: Value, momentum: float, eps: float) -> Sequence[Value | None]:
    y = _with_statistics(builder, "batch_norm", value, weight, bias, running_mean, running_var, builder.flag(False),
                         momentum, eps)[0]
    return y, None, None


@row("_native_batch_norm_legit.no_stats")
def batch_norm_of_batch(builder: Builder, value: Value, weight: Value | None, bias: Value | None, training: bool,
                        momentum: float, eps: float) -> Sequence[Value | None]:
    y = _with_statistics(builder, "batch_norm", value, weight, bias, None, None, builder.flag(True), momentum, eps)[0]
    return y, None, None


MOVED = "running statistics that are moved, expected track_running_stats=False or a model in eval mode"


@row("instance_norm.default")
def instance_norm(builder: Builder, value: Value, weight: Value | None, bias: Value | None, running_mean: Value | None,
                  running_var: Value | None, use_input_stats: bool, momentum: float, eps: float,
                  cudnn_enabled: bool) -> Value:
    if running_mean is not None and use_input_stats:
        raise Refusal(MOVED)
    return _with_statistics(builder, "instance_norm", value, weight, bias, running_mean, running_var,
                            builder.flag(use_input_stats), momentum, eps)[0]
