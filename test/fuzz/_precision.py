"""Kernels for inference of which products become narrower. Evaluated without rounding: what such
a pass changes besides the precision shows."""
from _esper import Kernel, Tensor
from _reuse import infers

LEAST_ELEMENTS = 8
CALM = ('"relu"', '"gelu"', '"tanh"', '"exp"', '"square"', '"sigmoid"')


def mixed(k: Kernel) -> list[Tensor]:
    """Products, norms, softmax, sums and functions in any order; an earlier value is read again now and then."""
    infers(k)
    values = [k.input(None, *k.pick((4,), (3, 4)))]
    values.append(k.linear(values[0], 4, k.chance(0.6)))
    for _ in range(k.pick(3, 5, 7)):
        x = k.pick(*values)
        kind = k.pick("linear", "function", "norm", "softmax", "sum", "scale", "product", "shift")
        if kind == "linear":
            y = k.linear(x, 4, k.chance(0.6))
        elif kind == "norm":
            y = k.layer_norm(x, k.chance(0.7))
        elif kind == "sum":
            y = k.binary(k.pick("add", "subtract", "multiply"), x, k.pick(*values))
        elif kind == "shift":
            y = k.binary("add", x, k.param(4))
        elif kind == "product":
            y = k.plain("matmul", [x, k.param(4, 4)], x.shape)
        elif kind == "function":
            y = k.activation(x, k.pick(*CALM))
        else:
            y = {"softmax": k.softmax, "scale": k.scale}[kind](x)
        values.append(y)
    return values[-2:]


def images(k: Kernel) -> list[Tensor]:
    infers(k)
    x = k.conv(k.input(None, 2, k.pick(4, 5), 4), 4, k.pick(1, 3), k.chance(0.5), padding=1)
    y = k.activation(k.batch_norm(x, k.flag(False), updates=False), k.pick(*CALM))
    return [k.binary("add", x, k.conv(y, 4, 1, k.chance(0.5))), y]


def large_linears(k: Kernel) -> list[Tensor]:
    """A relu that alone reads one goes along."""
    infers(k)
    x = k.input(None, *k.pick((4,), (3, 4)))
    y = k.linear(x, k.pick(2, 4, 5), k.chance(0.5))
    z = k.activation(y, k.pick('"relu"', '"relu"', '"gelu"'))
    return [k.linear(z, 4, k.chance(0.5))] + ([y] if k.chance(0.3) else [])


def small_or_given(k: Kernel) -> list[Tensor]:
    infers(k)
    x = k.input(None, 4)
    return [k.linear(x, 1, k.chance(0.5)), k.plain("linear", [x, k.input(6, 4)], (None, 6))]


CONVERT = (mixed, images)
QUANTIZE = (large_linears,)
