"""Pools, padding and resizing."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tezzeret.importer import _attributes as attributes
from tezzeret.importer._builder import Builder
from tezzeret.importer._rows import Row, row
from tezzeret.importer._values import Refusal, Value


def _spread(sizes: Sequence[int] | int, count: int) -> list[int]:
    sizes = [sizes] if isinstance(sizes, int) else list(sizes)
    return sizes * count if len(sizes) == 1 else sizes


def with_batch(builder: Builder, value: Value, spatial: int) -> tuple[Value, bool]:
    """Images without a batch get one: esper's windows have a batch and channels in front."""
    bare = value.rank == spatial + 1
    return (builder.unsqueeze(value, 0) if bare else value), bare


def _window(builder: Builder, name: str, value: Value, spatial: int, **attrs: str) -> Value:
    value, bare = with_batch(builder, value, spatial)
    shape = ((1,) if bare else ()) + builder.result_shape
    made = builder.op(name, [value], shape, **attrs)
    return builder.squeeze(made, 0) if bare else made


def _max_pool(spatial: int, indices: bool) -> Row:
    def function(builder: Builder, value: Value, kernel_size: Sequence[int], stride: Sequence[int] = (),
                 padding: Sequence[int] = (0,), dilation: Sequence[int] = (1,),
                 ceil_mode: bool = False) -> Value | list[Value | None]:
        kernel = _spread(kernel_size, spatial)
        made = _window(builder, "max_pool", value, spatial, kernel_size=attributes.i64s(kernel),
                       stride=attributes.i64s(_spread(stride, spatial) or kernel),
                       padding=attributes.i64s(_spread(padding, spatial)),
                       dilation=attributes.i64s(_spread(dilation, spatial)), ceil_mode=attributes.flag(ceil_mode))
        return [made, None] if indices else made
    return function


def _avg_pool(spatial: int) -> Row:
    def function(builder: Builder, value: Value, kernel_size: Sequence[int], stride: Sequence[int] = (),
                 padding: Sequence[int] = (0,), ceil_mode: bool = False, count_include_pad: bool = True,
                 divisor_override: int | None = None) -> Value:
        kernel = _spread(kernel_size, spatial)
        divisor = {} if divisor_override is None else {"divisor_override": attributes.i64(divisor_override)}
        return _window(builder, "avg_pool", value, spatial, kernel_size=attributes.i64s(kernel),
                       stride=attributes.i64s(_spread(stride, spatial) or kernel),
                       padding=attributes.i64s(_spread(padding, spatial)), ceil_mode=attributes.flag(ceil_mode),
                       count_include_pad=attributes.flag(count_include_pad), **divisor)
    return function


def _adaptive(name: str, spatial: int, indices: bool) -> Row:
    def function(builder: Builder, value: Value, output_size: Sequence[int]) -> Value | list[Value | None]:
        made = _window(builder, name, value, spatial, output_size=attributes.i64s(_spread(output_size, spatial)))
        return [made, None] if indices else made
    return function


for _spatial in (1, 2, 3):
    row(f"max_pool{_spatial}d.default")(_max_pool(_spatial, indices=False))
    row(f"avg_pool{_spatial}d.default")(_avg_pool(_spatial))
    row(f"adaptive_avg_pool{_spatial}d.default")(_adaptive("adaptive_avg_pool", _spatial, indices=False))
    row(f"adaptive_max_pool{_spatial}d.default")(_adaptive("adaptive_max_pool", _spatial, indices=True))
for _spatial in (2, 3):
    row(f"max_pool{_spatial}d_with_indices.default")(_max_pool(_spatial, indices=True))
    row(f"_adaptive_avg_pool{_spatial}d.default")(_adaptive("adaptive_avg_pool", _spatial, indices=False))


@row("constant_pad_nd.default")
def constant_pad(builder: Builder, value: Value, pad: Sequence[int], fill: float = 0) -> Value:
    return _padded(builder, value, pad, "constant", value=attributes.f64(float(fill)))


def _padded(builder: Builder, value: Value, pad: Sequence[int], mode: str, /, **more: str) -> Value:
    if not all(isinstance(size, int) for size in pad):
        raise Refusal("padding by a size that only a call tells")
    return builder.op("pad", [value], builder.result_shape, pads=attributes.i64s(pad),
                      mode=f"#esper<pad_mode {mode}>", **more)


@row("pad.default")
def pad(builder: Builder, value: Value, sizes: Sequence[int], mode: str = "constant",
        fill: float | None = None) -> Value:
    if mode == "constant":
        return constant_pad(builder, value, sizes, fill or 0)
    value, bare = with_batch(builder, value, len(sizes) // 2)
    builder.result_shape = ((1,) if bare else ()) + builder.result_shape
    made = _padded(builder, value, sizes, mode)
    return builder.squeeze(made, 0) if bare else made


def _border(mode: str) -> Row:
    def function(builder: Builder, value: Value, sizes: Sequence[int]) -> Value:
        return pad(builder, value, sizes, mode)
    return function


for _spatial in (1, 2, 3):
    row(f"reflection_pad{_spatial}d.default")(_border("reflect"))
    row(f"replication_pad{_spatial}d.default")(_border("replicate"))


def _upsample(mode: str) -> Row:
    def function(builder: Builder, value: Value, output_size: Sequence[int] | None, *more: Any) -> Value:
        """By a factor where a factor was given: pixels are then found by it, not by the ratio of the sizes."""
        factors: Any = more[-1] if more else None
        if output_size is None and factors is None:
            raise Refusal("neither a size nor a factor")
        size = {"output_size": attributes.i64s([size or 0 for size in builder.result_shape[2:]])} \
            if output_size is not None else {"scale_factor": attributes.f64s(factors)}
        corners = {"align_corners": attributes.flag(bool(more[0]))} if mode != "nearest" else {}
        return builder.op("upsample", [value], builder.result_shape, mode=f"#esper<upsample_mode {mode}>", **size,
                          **corners)
    return function


for _name, _mode in (("nearest1d", "nearest"), ("nearest2d", "nearest"), ("nearest3d", "nearest"),
                     ("linear1d", "linear"), ("bilinear2d", "bilinear"), ("bicubic2d", "bicubic"),
                     ("trilinear3d", "trilinear")):
    row(f"upsample_{_name}.vec")(_upsample(_mode))


@row("pixel_shuffle.default")
def pixel_shuffle(builder: Builder, value: Value, factor: int) -> Value:
    return builder.op("pixel_shuffle", [value], builder.result_shape, factor=attributes.i64(factor))


@row("pixel_unshuffle.default")
def pixel_unshuffle(builder: Builder, value: Value, factor: int) -> Value:
    return builder.op("pixel_unshuffle", [value], builder.result_shape, factor=attributes.i64(factor))


@row("channel_shuffle.default")
def channel_shuffle(builder: Builder, value: Value, groups: int) -> Value:
    return builder.op("channel_shuffle", [value], builder.result_shape, groups=attributes.i64(groups))
