"""Convolutions with what cuDNN computes in the same call, and near misses. The kernels are for inference. But for one
near miss no value has two open dimensions: the rule in _printed.py counts on that."""
from _esper import Kernel, Tensor, Window
from _reuse import infers

IMAGES = ((None, 4, 5, 6), (2, 8, 4, 5), (None, 4, 3, 4, 3))


def convolution(k: Kernel, x: Tensor, out: int | None = None, groups: int = 1) -> Tensor:
    """Of the spatial size of x."""
    kernel = k.pick(1, 3)
    return k.conv(x, out or x.shape[1], kernel, k.chance(0.6), groups, padding=kernel // 2)


def relu(k: Kernel, x: Tensor) -> Tensor:
    return k.activation(x, '"relu"')


def pooled(k: Kernel, x: Tensor) -> Tensor:
    return k.max_pool(x, [Window(2, 1, 1)] * len(x.shape[2:]))


def added(k: Kernel, x: Tensor) -> Tensor:
    """What has the shape of a convolution of x."""
    return k.pick(lambda: x, lambda: k.activation(x), lambda: convolution(k, x), lambda: k.scale(x))()


def blocks(k: Kernel) -> list[Tensor]:
    infers(k)
    y = k.input(*k.pick(*IMAGES))
    for _ in range(k.pick(1, 2, 3)):
        kind = k.pick("relu", "sum", "pool")
        made = convolution(k, y)
        if kind == "sum":
            made = k.binary("add", *k.pick((made, added(k, y)), (added(k, y), made)))
        y = relu(k, pooled(k, made) if kind == "pool" else made)
    return [y]


def webs(k: Kernel) -> list[Tensor]:
    """Some convolutions are read twice, some functions are others."""
    infers(k)
    values = [k.input(*k.pick(*IMAGES))]
    for _ in range(k.pick(3, 5, 7)):
        x, z = k.pick(*values), k.pick(*values)
        values.append(k.pick(lambda: relu(k, convolution(k, x)), lambda: relu(k, k.binary("add", convolution(k, x), z)),
                             lambda: convolution(k, x), lambda: k.activation(x), lambda: relu(k, x))())
    return [values[-1], relu(k, convolution(k, values[-1]))]


def convolutions_to_keep(k: Kernel) -> list[Tensor]:
    """Near misses. Each kernel has one reason."""
    kind = k.pick("trains", "read", "sum read", "function", "line", "batch", "shift", "product", "given", "few", "groups")
    if kind != "trains":
        infers(k)
    shape = (None, 4, 5) if kind == "line" else k.pick(*IMAGES[::2])
    x = k.input(*shape)
    if kind == "given":
        return [relu(k, k.conv_with(x, [k.input(8, shape[1], *[1] * len(shape[2:]))]))]
    y = convolution(k, x, 6 if kind == "few" else 8, 2 if kind == "groups" else 1)
    if kind == "function":
        return [k.activation(y, k.pick('"relu6"', '"tanh"', '"gelu"'))]
    if kind == "read":
        return [relu(k, y), k.scale(y)]
    if kind == "sum read":
        both = k.binary("add", y, convolution(k, x, 8))
        return [relu(k, both), both]
    if kind == "product":
        return [relu(k, k.binary(k.pick("multiply", "subtract"), y, convolution(k, x, 8)))]
    if kind in ("batch", "shift"):
        other = k.input(*y.shape) if kind == "batch" else k.param(*y.shape[1:])
        return [relu(k, k.binary("add", *k.pick((y, other), (other, y))))]
    return [relu(k, y)]


KEPT_CONVOLUTIONS = (convolutions_to_keep,)
FUSE_CONVOLUTION = (blocks, webs) + KEPT_CONVOLUTIONS
