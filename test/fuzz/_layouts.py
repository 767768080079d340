"""Subgraphs of which passes change how they lie in memory, and near misses: weights to transpose, images to make
channels-last."""
from _esper import Kernel, Tensor, Window
from _reuse import infers

# The limit that the row gives to the pass: its own is too high to be met from above in a test.
MOST_ELEMENTS = 24


def weight(k: Kernel, out: int, columns: int) -> Tensor:
    """The same in every call, whether it is stored or made of what is stored."""
    kind = k.pick("param", "param", "buffer", "scaled", "transposed", "sum")
    if kind == "transposed":
        return k.transpose(k.param(columns, out), *k.pick((0, 1), (-1, 0)))
    if kind == "buffer":
        return k.buffer("<normal, 0.0, 1.0>", out, columns)
    w = k.param(out, columns)
    if kind == "sum":
        return k.binary("add", w, k.param(*k.pick((columns,), (out, 1), (1,))))
    return k.scale(w) if kind == "scaled" else w


def changing_weight(k: Kernel, out: int, columns: int) -> Tensor:
    """Another one in each call, or it may be."""
    kind = k.pick("input", "made of an input", "updated")
    if kind == "input":
        return k.input(out, columns)
    if kind == "made of an input":
        return k.binary("multiply", k.param(out, columns), k.input(*k.pick((columns,), (out, 1), (1,))))
    w = k.buffer("<normal, 0.0, 1.0>", out, columns)
    k.updates.append((w.name[1:], k.scale(w)))
    return w


def vectors(k: Kernel, columns: int) -> Tensor:
    """Of any rank that a linear takes."""
    return k.input(*k.pick((None,), (None, 3), (None, 1), (None, 2, 1), (2,), (1,), ()), columns)


def linear_of(k: Kernel, x: Tensor, w: Tensor) -> Tensor:
    """Its bias may change from call to call: that does not matter."""
    kind, out = k.pick("none", "stored", "made", "input"), w.shape[0]
    bias = [k.input(out) if kind == "input" else k.param(out)] if kind != "none" else []
    bias = [k.scale(*bias)] if kind == "made" else bias
    return k.plain("linear", [x, w, *bias], x.shape[:-1] + (out,))


def small_linears(k: Kernel) -> list[Tensor]:
    """Two in a row, the weight seen by others too, a weight that changes next to one that does not."""
    columns, between, out = (k.pick(1, 2, 3, 4) for _ in range(3))
    x, w = vectors(k, columns), weight(k, between, columns)
    y = linear_of(k, x, w)
    y = k.activation(y) if k.chance(0.4) else y
    found = [linear_of(k, y, (changing_weight if k.chance(0.3) else weight)(k, out, between))]
    found += [linear_of(k, x, w)] if k.chance(0.3) else []
    return found + ([w] if k.chance(0.2) else []) + ([y] if k.chance(0.2) else [])


def limits(k: Kernel) -> list[Tensor]:
    """The largest weight to transpose, and one of a row more."""
    columns = k.pick(1, 2, 3, 4, 6, 8, 12, 24)
    x, rows = vectors(k, columns), MOST_ELEMENTS // columns
    return [linear_of(k, x, weight(k, size, columns)) for size in (rows, rows + 1)]


def weights_to_keep(k: Kernel) -> list[Tensor]:
    """Near misses: weights that change, and large ones."""
    columns = k.pick(1, 2, 3, 5)
    x = vectors(k, columns)
    return [linear_of(k, x, changing_weight(k, k.width(), columns)),
            linear_of(k, x, weight(k, MOST_ELEMENTS // columns + k.pick(1, 2), columns))]


def images(k: Kernel, channels: int) -> Tensor:
    """Some of open size, some of one row, some with a depth; as large as the windows of a tower ask for."""
    sizes = k.pick((5, 4), (1, 7), (7, 7), (None, None), (None, 3), (3, 2, 4))
    return k.input(k.pick(None, None, None, 1, 2), channels, *sizes)


def same_conv(k: Kernel, x: Tensor, out: int) -> Tensor:
    """Keeps the size, so that any number of them may follow each other."""
    groups = k.pick(1, 1, 1, x.shape[1])
    kernel = k.pick(1, 1, 3) if len(x.shape) == 4 else 1
    return k.conv(x, out if out % groups == 0 else groups, kernel, k.chance(0.5), groups, kernel // 2)


def shift(k: Kernel, x: Tensor) -> Tensor:
    """An image of one pixel: stored, an input, or made of vectors, which have no order of channels."""
    ones = (1,) * (len(x.shape) - 2)
    kind = k.pick("stored", "stored without a batch", "input", "gate")
    if kind == "gate":
        gates = k.linear(k.mean(x, range(2, len(x.shape))), x.shape[1])
        return k.reshape(k.activation(gates, '"sigmoid"'), [-1, x.shape[1], *ones])
    if kind == "input":
        return k.input(*x.shape[:2], *ones)
    return k.param(*((1,) if kind == "stored" else ()), x.shape[1], *ones)


def upsampled(k: Kernel, x: Tensor) -> Tensor:
    sizes = [2 * size for size in x.shape[2:]]
    return k.plain("upsample", [x], (*x.shape[:2], *sizes), mode="#esper<upsample_mode nearest>", output_size=sizes)


def neighbour(k: Kernel, x: Tensor, first: Tensor) -> Tensor:
    """Between two convolutions. `first` is what the kernel began with: some lead back to it."""
    kind = k.pick("none", "none", "activation", "norm", "scale", "shift", "skip", "join", "pool", "softmax", "matrix",
                  "upsample", "transposed")
    known = None not in x.shape[1:]
    if kind == "activation":
        return k.activation(x)
    if kind == "norm":
        return k.batch_norm(x, k.flag(False), updates=False)
    if kind == "scale":
        return k.scale(x)
    if kind == "shift":
        return k.binary(k.pick("add", "multiply", "subtract"), x, shift(k, x))
    if kind == "skip" and x.shape == first.shape:
        return k.binary("add", *k.pick((x, first), (first, x)))
    if kind == "join" and x.shape[2:] == first.shape[2:]:
        return k.concat(k.pick([x, first], [first, x], [x, x]), 1)
    if kind == "pool":
        flat = Window(3, 1, 1) if len(x.shape) == 4 else Window(1)
        return k.max_pool(x, [flat] * len(x.shape[2:]))
    # From here on, what may or may not keep the order.
    if kind == "softmax":
        return k.softmax(x, 1)
    if kind == "matrix" and known:
        return k.unflatten(k.flatten(x, 2, len(x.shape) - 1), 2, x.shape[2:])
    if kind == "transposed" and known and len(x.shape) == 4:
        return k.conv_transpose(x, x.shape[1], 1)
    return upsampled(k, x) if kind == "upsample" and known and x.shape == first.shape else x


def ending(k: Kernel, x: Tensor) -> Tensor:
    """How hosts get it: an image, a view of one, a matrix that may have kept its order, a vector."""
    spatial = range(2, len(x.shape))
    kind = k.pick("image", "mean", "pool", "view", "permuted", "classes", "number")
    if kind == "mean":
        return k.mean(x, spatial, k.chance(0.3))
    if kind == "pool":
        return k.adaptive_pool(x, [1] * len(spatial), k.pick("avg", "max"))
    if kind == "view":
        return k.flatten(x, *k.pick((2, len(x.shape) - 1), (0, 1)))
    if kind == "permuted":
        return k.permute(x, [0, *spatial, 1])
    if kind == "classes":
        return k.linear(k.flatten(k.adaptive_pool(x, [1] * len(spatial)), 1, len(x.shape) - 1), 3)
    return k.mean(x, range(1, len(x.shape))) if kind == "number" else x


def tower(k: Kernel, x: Tensor, count: int) -> Tensor:
    """So many convolutions on top of each other."""
    y = x
    for _ in range(count):
        y = neighbour(k, same_conv(k, y, k.pick(1, 2, 4, x.shape[1])), x)
    return y


def towers(k: Kernel) -> list[Tensor]:
    infers(k)
    x = images(k, k.pick(1, 2, 3))
    first = k.conv(x, k.pick(1, 2, 4), stride=2) if k.chance(0.3) else x
    y = tower(k, first, k.pick(1, 2, 3, 4))
    return [ending(k, y)] + ([ending(k, y)] if k.chance(0.2) else []) + ([x] if k.chance(0.1) else [])


def two_images(k: Kernel) -> list[Tensor]:
    """Each has its entry, or the gain of one pays for both."""
    infers(k)
    x = images(k, 2)
    y, z = tower(k, x, 3), tower(k, k.input(*x.shape) if k.chance(0.7) else x, k.pick(0, 1, 2))
    joined = k.concat([y, z], 1) if y.shape[2:] == z.shape[2:] else y
    return [ending(k, joined), ending(k, z)]


def weights_seen_twice(k: Kernel) -> list[Tensor]:
    """What else reads the weight of a convolution expects rows: hosts, sums, a convolution of the weight itself."""
    infers(k)
    x = images(k, 2)
    w = k.param(2, 2, *[1] * len(x.shape[2:]))
    w = k.scale(w) if k.chance(0.2) else w
    y = k.conv_with(k.conv_with(k.conv_with(x, [w]), [w]), [k.param(*w.shape)])
    kind = k.pick("returned", "viewed", "added", "convolved", "none")
    if kind == "viewed":
        w = k.flatten(w, 0, 2)
    elif kind == "added":
        w = k.binary("add", w, k.input(*w.shape))
    elif kind == "convolved":
        w = k.conv(w, 3)
    return [ending(k, y)] + ([w] if kind != "none" else [])


def weights_given(k: Kernel) -> list[Tensor]:
    """Between images that are channels-last anyway, a weight that is converted in each call."""
    infers(k)
    y = tower(k, images(k, 2), 2)
    y = k.conv_with(y, [k.input(4, y.shape[1], *[1] * len(y.shape[2:]))])
    return [ending(k, same_conv(k, y, 4))]


def rows_to_keep(k: Kernel) -> list[Tensor]:
    """Near misses: a convolution alone, or with a conversion more, of sequences, of a weight that is given, none at
    all, in a kernel that may train."""
    kind = k.pick("alone", "entry", "sequence", "given", "none", "trained")
    if kind == "trained":
        return [ending(k, tower(k, images(k, 2), 3))]
    infers(k)
    if kind == "sequence":
        return [k.conv(k.activation(k.conv(k.input(None, 2, 5), 4, 3)), 3, bias=False)]
    x = images(k, 3)
    if kind == "alone":
        return [k.activation(k.conv(x, k.pick(1, 3, 5)))]
    if kind == "entry":
        return [k.binary("add", k.input(*x.shape), k.conv(x, 3))]
    if kind == "given":
        ones = [1] * len(x.shape[2:])
        return [k.conv_with(k.conv_with(x, [k.input(4, 3, *ones)]), [k.input(4, 4, *ones)])]
    return [ending(k, k.activation(k.binary("add", x, shift(k, x))))]


KEPT_WEIGHTS = (weights_to_keep,)
TRANSPOSE_WEIGHTS = (small_linears, limits) + KEPT_WEIGHTS
KEPT_ROWS = (rows_to_keep,)
CHOOSE_LAYOUT = (towers, two_images, weights_seen_twice, weights_given) + KEPT_ROWS
