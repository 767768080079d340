"""Functions of one element: rows of esper.activation, and what is made of them."""
from __future__ import annotations

import math

import torch

from tezzeret.importer import _attributes as attributes
from tezzeret.importer._builder import Builder
from tezzeret.importer._rows import Row, row
from tezzeret.importer._values import Refusal, Value
from tezzeret.importer.elementwise import tensor_of

PLAIN = {  # operator: kind
    "relu": "relu", "relu6": "relu6", "silu": "silu", "mish": "mish", "tanh": "tanh", "sigmoid": "sigmoid",
    "log_sigmoid": "log_sigmoid", "hardswish": "hardswish", "hardsigmoid": "hardsigmoid", "selu": "selu", "neg": "neg",
    "exp": "exp", "expm1": "expm1", "log1p": "log1p", "erf": "erf",
    "sin": "sin", "cos": "cos", "tan": "tan", "asin": "asin", "acos": "acos", "atan": "atan", "asinh": "asinh",
    "log": "log", "sqrt": "sqrt", "rsqrt": "rsqrt", "abs": "abs", "square": "square"}


def _plain(kind: str) -> Row:
    def function(builder: Builder, value: Value) -> Value:
        value = tensor_of(builder, value)
        if not value.is_float:
            raise Refusal(f"elements of type {value.dtype}, expected floating ones")
        return builder.activation(kind, value)
    return function


for _operator, _kind in PLAIN.items():
    row(f"{_operator}.default")(_plain(_kind))


@row("gelu.default")
def gelu(builder: Builder, value: Value, approximate: str = "none") -> Value:
    return builder.activation("gelu_tanh" if approximate == "tanh" else "gelu", value)


@row("elu.default")
def elu(builder: Builder, value: Value, alpha: float = 1, scale: float = 1, input_scale: float = 1) -> Value:
    return builder.scale(builder.activation("elu", builder.scale(value, input_scale), alpha), scale)


@row("celu.default")
def celu(builder: Builder, value: Value, alpha: float = 1) -> Value:
    return builder.activation("celu", value, alpha)


@row("leaky_relu.default")
def leaky_relu(builder: Builder, value: Value, negative_slope: float = 0.01) -> Value:
    return builder.activation("leaky_relu", value, negative_slope)


@row("rrelu_with_noise_functional.default")
def rrelu(builder: Builder, value: Value, noise: Value, lower: float = 1 / 8, upper: float = 1 / 3,
          training: bool = False, generator: object = None) -> list[Value | None]:
    if training:
        drawn = builder.op("rrelu", [value, builder.training(builder.module)], value.shape,
                           lower=attributes.f64(lower), upper=attributes.f64(upper))
        return [drawn, noise]
    return [builder.activation("leaky_relu", value, (lower + upper) / 2), noise]


@row("softplus.default")
def softplus(builder: Builder, value: Value, beta: float = 1, threshold: float = 20) -> Value:
    return builder.activation("softplus", value, beta, threshold)


@row("hardtanh.default")
def hardtanh(builder: Builder, value: Value, min_val: float = -1, max_val: float = 1) -> Value:
    return builder.activation("hardtanh", value, min_val, max_val)


@row("threshold.default")
def threshold(builder: Builder, value: Value, limit: float, otherwise: float) -> Value:
    return builder.activation("threshold", value, limit, otherwise)


@row("hardshrink.default")
def hardshrink(builder: Builder, value: Value, lambd: float = 0.5) -> Value:
    return builder.activation("hardshrink", value, lambd)


@row("softshrink.default")
def softshrink(builder: Builder, value: Value, lambd: float = 0.5) -> Value:
    return builder.activation("softshrink", value, lambd)


@row("glu.default")
def glu(builder: Builder, value: Value, dim: int = -1) -> Value:
    return builder.op("glu", [value], builder.result_shape, dim=attributes.i64(dim))


@row("prelu.default", "_prelu_kernel.default")
def prelu(builder: Builder, value: Value, weight: Value) -> Value:
    """torch's kernel gets the slopes in the rank of the input, esper as a list."""
    slopes = builder.reshape(weight, (math.prod(size or 0 for size in weight.shape),))
    return builder.op("prelu", [value, slopes], value.shape)


@row("clamp.default", "clamp_min.default")
def clamp(builder: Builder, value: Value, min: float | None = None, max: float | None = None) -> Value:
    """Not by relu and hardtanh: they have no gradient at the bounds, and clamp has."""
    value = tensor_of(builder, value)
    if not value.is_float:
        raise Refusal("a clamp of integers, expected floating elements")
    if min is not None:
        value = _at_least(builder, value, float(min))
    return value if max is None else _at_most(builder, value, float(max))


def _at_least(builder: Builder, value: Value, low: float) -> Value:
    """What is not above the number before the bound becomes the bound, so the bound itself passes."""
    bound = torch.tensor(low, dtype=value.dtype)
    below = torch.nextafter(bound, torch.tensor(-math.inf, dtype=value.dtype))
    return builder.activation("threshold", value, below.item(), low)


def _at_most(builder: Builder, value: Value, high: float) -> Value:
    return builder.activation("neg", _at_least(builder, builder.activation("neg", value), -high))


@row("clamp_max.default")
def clamp_max(builder: Builder, value: Value, max: float) -> Value:
    return clamp(builder, value, None, max)


@row("reciprocal.default")
def reciprocal(builder: Builder, value: Value) -> Value:
    return builder.activation("pow", tensor_of(builder, value), -1.0)


@row("exp2.default")
def exp2(builder: Builder, value: Value) -> Value:
    return builder.activation("exp", builder.scale(tensor_of(builder, value), math.log(2)))


@row("erfc.default")
def erfc(builder: Builder, value: Value) -> Value:
    """Loses digits where it is small, as torch's fp32 does not."""
    return builder.shift(builder.activation("neg", builder.activation("erf", tensor_of(builder, value))), 1)


@row("log2.default")
def log2(builder: Builder, value: Value) -> Value:
    return builder.scale(builder.activation("log", tensor_of(builder, value)), 1 / math.log(2))


@row("log10.default")
def log10(builder: Builder, value: Value) -> Value:
    return builder.scale(builder.activation("log", tensor_of(builder, value)), 1 / math.log(10))


@row("sinh.default")
def sinh(builder: Builder, value: Value) -> Value:
    value = tensor_of(builder, value)
    both = [builder.activation("expm1", part) for part in (value, builder.activation("neg", value))]
    return builder.scale(builder.subtract(*both), 0.5)


@row("cosh.default")
def cosh(builder: Builder, value: Value) -> Value:
    value = tensor_of(builder, value)
    both = [builder.activation("exp", part) for part in (value, builder.activation("neg", value))]
    return builder.scale(builder.add(*both), 0.5)


@row("atanh.default")
def atanh(builder: Builder, value: Value) -> Value:
    value = tensor_of(builder, value)
    above, below = (builder.activation("log1p", part) for part in (value, builder.activation("neg", value)))
    return builder.scale(builder.subtract(above, below), 0.5)


@row("acosh.default")
def acosh(builder: Builder, value: Value) -> Value:
    value = tensor_of(builder, value)
    root = builder.activation("sqrt", builder.shift(builder.activation("square", value), -1))
    return builder.activation("log", builder.add(value, root))


@row("logit.default")
def logit(builder: Builder, value: Value, eps: float | None = None) -> Value:
    value = tensor_of(builder, value)
    if eps is not None and eps > 0.5:
        raise Refusal(f"bounds from {eps} to {1 - eps}, expected an ascending range")
    if eps is not None:
        value = clamp(builder, value, eps, 1 - eps)
    odds = builder.divide(value, builder.shift(builder.activation("neg", value), 1))
    return builder.activation("log", odds)
