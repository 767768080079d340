"""Subgraphs that the optimising passes look for, and near misses."""
from _esper import Kernel, Tensor, Window


def image(k):
    return k.input(None, k.pick(2, 4), k.pick(3, 5), 4)


def convolution(k, x):
    groups = k.pick(1, 1, x.shape[1])
    out, bias = groups * k.pick(1, 2), k.chance(0.5)
    if k.chance(0.3):
        return k.conv_transpose(x, out, k.pick(1, 2), bias, groups, k.pick(1, 2))
    return k.conv(x, out, k.pick(1, 3), bias, groups, k.pick(0, 1), k.pick(1, 2))


def batch_norms(k):
    """In evaluation, mostly; seen once, mostly."""
    if k.chance(0.3):
        x = k.linear(k.input(None, 3), k.width(), k.chance(0.5))
    else:
        x = convolution(k, image(k))
    flag = k.flag(k.pick(False, False, False, "hosts"))
    y = k.batch_norm(x, flag, affine=k.chance(0.8), running=k.chance(0.9), updates=k.chance(0.3))
    y = k.activation(y) if k.chance(0.5) else y
    return [y, x] if k.chance(0.2) else [y]


def batch_norm_first(k):
    """Before the layer: right only where no padding mixes in zeros."""
    x = image(k)
    return [convolution(k, k.batch_norm(x, k.flag(False), affine=k.chance(0.8), updates=False))]


def batch_norm_of_positions(k):
    """The channels of the norm are not the features of the linear."""
    return [k.batch_norm(k.linear(k.input(None, 3, 2), 3), k.flag(False), updates=False)]


def shifted(k, x, channels=-1):
    """Scaled or shifted by a number, or by one for each channel."""
    if k.chance(0.4):
        return k.scale(x)
    shape = [1] * len(x.shape)
    shape[channels] = x.shape[channels]
    trim = len(shape) + channels if channels < 0 else channels
    by = k.param(*(shape[trim:] if k.chance(0.7) else shape))
    operands = [x, by] if k.chance(0.6) else [by, x]
    return k.binary(k.pick("add", "subtract", "multiply"), *operands)


def affine_after_linear(k):
    x = k.linear(k.input(None, *k.pick((3,), (2, 3))), k.width(), k.chance(0.6))
    y = x
    for _ in range(k.pick(1, 2, 3)):
        y = shifted(k, y)
    return [y, x] if k.chance(0.2) else [y]


def affine_before_linear(k):
    y = shifted(k, k.input(None, *k.pick((3,), (2, 3))))
    return [k.linear(y, k.width(), k.chance(0.6))] + ([y] if k.chance(0.2) else [])


def affine_around_conv(k):
    x = image(k)
    x = shifted(k, x, 1) if k.chance(0.3) else x
    return [shifted(k, convolution(k, x), 1)]


def affine_after_norm(k):
    x = k.input(None, 2, 4)
    return [shifted(k, k.layer_norm(x, k.chance(0.7))),
            shifted(k, k.batch_norm(x, k.flag(k.pick(False, "hosts")), updates=False), 1)]


def affine_by_input(k):
    """Near misses: what scales is not known before the call, or broadcasts the other way."""
    x = k.linear(k.input(None, 3), 4)
    return [k.binary("multiply", x, k.input(4)), k.binary("add", k.linear(k.input(None, 2), 1), k.param(4))]


def shared_input(k):
    x = k.input(None, *k.pick((3,), (2, 3)))
    x = k.activation(x) if k.chance(0.5) else x
    found = [k.linear(x, k.width(), k.chance(0.8)) for _ in range(k.pick(2, 2, 3))]
    return [k.activation(y) if k.chance(0.5) else y for y in found]


def gate_and_up(k):
    x, width = k.input(None, 2, 4), k.width()
    y = k.binary("multiply", k.activation(k.linear(x, width, False)), k.linear(x, width, False))
    return [k.linear(y, 4)]


def chained_linears(k):
    """One linear feeds the other, and one takes another value: not to be merged, or only the right ones."""
    x = k.input(None, 3)
    y = k.linear(x, 3)
    return [k.linear(y, 2), k.linear(x, 2), k.linear(k.input(None, 3), 2)]


def shared_weight(k):
    """The same parameter twice."""
    x, w = k.input(None, 3), k.param(4, 3)
    return [k.plain("linear", [x, w], (None, 4)), k.plain("linear", [x, w, k.param(4)], (None, 4))]


def scores(k, q, key):
    q = k.scale(q) if k.chance(0.4) else q
    s = k.matmul(q, k.transpose(key, *k.pick((-2, -1), (-1, -2))))
    s = k.scale(s) if k.chance(0.5) else s
    return k.short(f"causal_mask {s.name}", s) if k.chance(0.3) else s


def attentions(k):
    lead = k.pick((None,), (None, 2))
    rows = k.pick(3, 4)
    q, key, value = k.input(*lead, 3, 4), k.input(*lead, rows, 4), k.input(*lead, rows, k.pick(4, 5))
    weights = k.softmax(scores(k, q, key))
    weights = k.dropout(weights, 0.5, k.flag(False)) if k.chance(0.2) else weights
    return [k.matmul(weights, value)]


def nearly_attentions(k):
    """Softmax over the other dimension, weights that somebody reads, dropout that hosts switch, something between."""
    q, key, value = (k.input(None, 4, 4) for _ in range(3))
    weights = k.softmax(scores(k, q, key), k.pick(-1, -2, 1))
    which = k.pick("read", "dropout", "between", "none")
    weights = k.dropout(weights, 0.5, k.flag("hosts")) if which == "dropout" else weights
    between = k.activation(weights) if which == "between" else weights
    y = k.matmul(between, value)
    return [y, weights] if which == "read" else [y]


def heads(k):
    """As a blueprint has it: projections, heads, attention, joined again."""
    x = k.input(None, 3, 4)
    q, key, value = (k.permute(k.unflatten(k.linear(x, 4), 2, [2, 2]), [0, 2, 1, 3]) for _ in range(3))
    y = k.matmul(k.softmax(scores(k, q, key)), value)
    return [k.linear(k.flatten(k.permute(y, [0, 2, 1, 3]), 2, 3), 4)]


def mixed_views(k):
    """Views that undo each other, with elementwise ops between; a batch that is open."""
    x = k.input(None, 4, 6)
    y = x
    for _ in range(k.pick(2, 3, 4)):
        kind = k.pick("transpose", "permute", "reshape", "element")
        if kind == "transpose":
            y = k.transpose(k.transpose(y, 1, 2), 1, 2) if k.chance(0.5) else k.transpose(y, 1, 2)
        elif kind == "permute":
            y = k.permute(y, [0, 2, 1])
        elif kind == "reshape":
            y = k.reshape(y, [-1, 6, 4] if k.chance(0.5) else [-1, 4, 6])
        else:
            y = k.activation(y)
    there_and_back = k.reshape(k.reshape(y, [-1, 24]), [-1, *y.shape[1:]])
    return [there_and_back, k.flatten(k.unflatten(y, 2, [2, y.shape[2] // 2]), 2, 3)]


def window(k: Kernel, size: int | None, ceil: bool, padded: bool) -> Window:
    """One that fits."""
    kernel = k.pick(1, 2, 2, 3)
    padding = k.pick(0, kernel // 2) if padded else 0
    fits = size is None or size + 2 * padding >= kernel
    return Window(kernel, k.pick(1, 2, 3), padding, ceil=ceil) if fits else Window(1, k.pick(1, 2), ceil=ceil)


def pooled(k: Kernel, x: Tensor) -> Tensor:
    """In three dimensions a window has to fit without padding; there is none then, to keep it simple."""
    ceil = k.chance(0.4)
    return k.max_pool(x, [window(k, size, ceil, len(x.shape) < 5) for size in x.shape[2:]])


def monotone(k: Kernel, x: Tensor) -> Tensor:
    return k.activation(x, k.pick('"relu"', '"relu"', '"relu6"', '"hardtanh"(-1.0, 1.0)', '"hardtanh"(0.25, 0.5)',
                                  '"leaky_relu"(0.01)', '"leaky_relu"(0.0)', '"leaky_relu"(3.0)'))


def not_monotone(k: Kernel, x: Tensor) -> Tensor:
    """Some fall; of some only the computed values may, by a rounding."""
    return k.activation(x, k.pick('"leaky_relu"(-0.1)', '"neg"', '"abs"', '"square"', '"gelu"', '"silu"', '"mish"',
                                  '"hardswish"', '"tanh"', '"sigmoid"', '"elu"(1.0)', '"elu"(-1.0)', '"exp"'))


def signal(k: Kernel) -> Tensor:
    """Of 1 to 3 spatial dimensions, with odd sizes, single elements and open ones."""
    sizes = [k.pick(1, 2, 3, 5, 7) for _ in range(k.pick(1, 2, 2, 3))]
    sizes[-1] = None if k.chance(0.2) else sizes[-1]
    return k.input(k.pick(None, None, 1, 2), k.pick(1, 3), *sizes)


def pools_of_activations(k: Kernel) -> list[Tensor]:
    x = signal(k)
    y = k.scale(x) if k.chance(0.3) else k.conv(x, 2) if k.chance(0.5) else x
    y = monotone(k, y)
    y = monotone(k, y) if k.chance(0.3) else y
    y = pooled(k, y)
    y = pooled(k, monotone(k, y)) if k.chance(0.3) else y
    return [k.activation(y) if k.chance(0.3) else y] + ([x] if k.chance(0.2) else [])


def some_pools(k: Kernel) -> list[Tensor]:
    """Each may be pooled first or not, whatever the others are."""
    x = signal(k)
    y = k.conv(x, 2)
    return [pooled(k, k.pick(monotone, not_monotone)(k, y)) for _ in range(k.pick(2, 3))] + [pooled(k, monotone(k, x))]


def pools_to_keep(k: Kernel) -> list[Tensor]:
    """Near misses: the function falls, is read elsewhere or is not what the pool reads, or it is another pool."""
    x = signal(k)
    kind = k.pick("falls", "returned", "read", "pooled twice", "dilated", "between", "behind", "adaptive", "mean")
    y = (not_monotone if kind == "falls" else monotone)(k, x)
    spatial = range(2, len(x.shape))
    if kind == "returned":
        return [pooled(k, y), y]
    if kind == "read":
        return [pooled(k, y), k.scale(y)]
    if kind == "pooled twice":
        return [pooled(k, y), pooled(k, y)]
    if kind == "dilated":
        # Around a single element such a window holds nothing but padding.
        dilated = Window(2, 1, 1, dilation=2) if len(spatial) < 3 else Window(1, dilation=2)
        return [k.max_pool(y, [dilated] * len(spatial))]
    if kind == "between":
        return [pooled(k, k.pick(k.scale, k.detach)(y))]
    if kind == "behind":
        return [monotone(k, pooled(k, x)), y]
    if kind in ("adaptive", "mean"):
        return [k.adaptive_pool(y, [1] * len(spatial), "max") if kind == "adaptive" else k.mean(y, spatial)]
    return [pooled(k, y)]


FOLD_BATCH_NORM = (batch_norms, batch_norm_first, batch_norm_of_positions)
FOLD_AFFINE = (affine_after_linear, affine_before_linear, affine_around_conv, affine_after_norm, affine_by_input)
MERGE_LINEARS = (shared_input, gate_and_up, chained_linears, shared_weight)
FUSE_ATTENTION = (attentions, nearly_attentions, heads)
CANCEL_SHAPES = (mixed_views,)
KEPT_POOLS = (pools_to_keep,)
POOL_BEFORE_ACTIVATION = (pools_of_activations, some_pools) + KEPT_POOLS
