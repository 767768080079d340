"""Convolutions over one to three dimensions."""
from __future__ import annotations

from collections.abc import Sequence

from tezzeret.importer import _attributes as attributes
from tezzeret.importer._builder import Builder
from tezzeret.importer._rows import row
from tezzeret.importer._values import Value


def _for_each(sizes: Sequence[int], spatial: int) -> str:
    """torch takes one number for all dimensions."""
    return attributes.i64s(list(sizes) * spatial if len(sizes) == 1 else sizes)


@row("convolution.default")
def convolution(builder: Builder, value: Value, weight: Value, bias: Value | None, stride: Sequence[int],
                padding: Sequence[int], dilation: Sequence[int], transposed: bool, output_padding: Sequence[int],
                groups: int) -> Value:
    spatial = weight.rank - 2
    operands = [value, weight] + ([bias] if bias is not None else [])
    attrs = {"stride": _for_each(stride, spatial), "padding": _for_each(padding, spatial),
             "dilation": _for_each(dilation, spatial), "groups": attributes.i64(groups)}
    if not transposed:
        return builder.op("conv", operands, builder.result_shape, **attrs)
    return builder.op("conv_transpose", operands, builder.result_shape, **attrs,
                      output_padding=_for_each(output_padding, spatial))


@row("conv1d.default", "conv2d.default", "conv3d.default")
def plain_convolution(builder: Builder, value: Value, weight: Value, bias: Value | None = None,
                      stride: Sequence[int] = (1,), padding: Sequence[int] = (0,), dilation: Sequence[int] = (1,),
                      groups: int = 1) -> Value:
    """As a model calls it: also of one image without a batch."""
    bare = value.rank == weight.rank - 1
    if bare:
        value, builder.result_shape = builder.unsqueeze(value, 0), (1, *builder.result_shape)
    made = convolution(builder, value, weight, bias, stride, padding, dilation, False, (), groups)
    return builder.squeeze(made, 0) if bare else made
