"""Moves for values of any rank. A move takes a builder and a value and gives a value; None: it does not fit."""
ACTIVATIONS = ({"type": "relu"}, {"type": "gelu"}, {"type": "gelu", "approximate": "tanh"}, {"type": "silu"},
               {"type": "swish"}, {"type": "tanh"}, {"type": "sigmoid"}, {"type": "leaky_relu"},
               {"type": "leaky_relu", "negative_slope": 0.3}, {"type": "elu"}, {"type": "elu", "alpha": 0.4},
               {"type": "hardswish"}, {"type": "hardsigmoid"}, {"type": "softplus"}, {"type": "softplus", "beta": 2.0},
               {"type": "mish"})
CLASSES = ("ReLU6", "SELU", "CELU", "LogSigmoid", "Hardtanh", "Softsign", "Tanhshrink", "Softshrink", "PReLU")


def activation(b, x):
    if b.chance(0.15):
        return b.op("torch.nn." + b.pick(*CLASSES), {}, [x], x.shape)
    return b.op("activation", dict(b.pick(*ACTIVATIONS)), [x], x.shape)


def maybe_activation(b, x, probability=0.6):
    return activation(b, x) if b.chance(probability) else x


def softmax(b, x):
    return b.op("activation", {"type": "softmax", "dim": b.rng.randrange(-x.rank, x.rank)}, [x], x.shape)


def scale(b, x):
    return b.op("scale", {"value": b.pick(2.0, -0.5, 0.125, 1.0, -1.0, 3, 0.7, 0.0)}, [x], x.shape)


def scale_chain(b, x):
    for _ in range(b.pick(2, 3)):
        x = scale(b, x) if b.chance(0.6) else binary(b, x)
    return x


def binary(b, x):
    y = b.like(x)
    operands = [x, y] if b.chance(0.5) else [y, x]
    return b.op(b.pick("add", "add", "subtract", "multiply"), {}, operands, x.shape)


def twice(b, x):
    return b.op(b.pick("add", "multiply"), {}, [x, x], x.shape)


def residual(b, x):
    y = x
    for _ in range(b.pick(1, 2)):
        y = b.pick(activation, scale, dropout)(b, y)
    return b.op("add", {}, [x, y] if b.chance(0.5) else [y, x], x.shape)


def vector(b, x):
    """A number for each feature, given by the caller: broadcast over all other dimensions."""
    if not isinstance(x.shape[-1], int):
        return None
    y = next((v for v in b.values if v.shape == x.shape[-1:]), None) or b.input(x.shape[-1:])
    return b.op(b.pick("add", "subtract", "multiply"), {}, [x, y] if b.chance(0.6) else [y, x], x.shape)


def divide(b, x):
    below = b.op("activation", {"type": "softplus"}, [b.like(x)], x.shape)
    below = b.op("add", {}, [below, b.op("activation", {"type": "sigmoid"}, [x], x.shape)], x.shape)
    return b.op("divide", {}, [x, below], x.shape)


def centred(b, x):
    """x minus a statistic of itself, broadcast back."""
    dim = b.rng.randrange(1, x.rank)
    shape = x.shape[:dim] + (1,) + x.shape[dim + 1:]
    operation = b.pick("mean", "mean", "sum", "max", "min")
    y = b.op("reduce", {"operation": operation, "dim": dim - b.pick(0, x.rank), "keepdim": True}, [x], shape)
    return b.op(b.pick("subtract", "multiply", "add"), {}, [x, y], x.shape)


def dropout(b, x):
    if b.chance(0.2):
        return b.op("torch.nn.AlphaDropout", {"p": 0.2}, [x], x.shape)
    return b.op("dropout", {"p": b.pick(0.1, 0.5, 0.0, 1.0, 0.3)} if b.chance(0.9) else {}, [x], x.shape)


def noise(b, x):
    more = {"training_only": True} if b.chance(0.2) else {}
    return b.op("noise", {"std": b.pick(0.1, 0.5, 0.0)} | more, [x], x.shape)


def identity(b, x):
    return b.op(b.pick("identity", "identity", "detach"), {}, [x], x.shape)


def concat(b, x):
    dim = b.rng.randrange(1, x.rank)
    others = [v for v in b.values if v.rank == x.rank and isinstance(v.shape[dim], int)
              and v.shape[:dim] + v.shape[dim + 1:] == x.shape[:dim] + x.shape[dim + 1:]]
    if not isinstance(x.shape[dim], int):
        return None
    parts = [x] + [b.rng.choice(others) for _ in range(b.pick(0, 1, 1, 2))]
    b.rng.shuffle(parts)
    total = sum(part.shape[dim] for part in parts)
    return b.op("concat", {"dim": dim - b.pick(0, x.rank)}, parts, x.shape[:dim] + (total,) + x.shape[dim + 1:])


def split(b, x):
    dim = b.rng.randrange(1, x.rank)
    size = x.shape[dim]
    if not isinstance(size, int) or size < 2:
        return None
    first = size // 2 if size % 2 == 0 and b.chance(0.5) else b.rng.randrange(1, size)
    shapes = [x.shape[:dim] + (part,) + x.shape[dim + 1:] for part in (first, size - first)]
    left, right = b.op("split", {"sizes": [first, size - first], "dim": dim - b.pick(0, x.rank)}, [x], *shapes)
    if first * 2 == size and b.chance(0.5):
        return b.op("multiply", {}, [left, b.op("activation", {"type": "sigmoid"}, [right], right.shape)], left.shape)
    if b.chance(0.5):
        return b.op("concat", {"dim": dim}, [left, right] if b.chance(0.5) else [right, left], x.shape)
    return b.pick(left, right)


def slice_(b, x):
    dim = b.rng.randrange(1, x.rank)
    size = x.shape[dim]
    if not isinstance(size, int) or size < 2:
        return None
    start, step = b.rng.randrange(0, size - 1), b.pick(1, 1, 2)
    end = b.rng.randrange(start + 1, size + 1)
    given = {"end": end} if end < size or b.chance(0.5) else {}
    shape = x.shape[:dim] + (len(range(start, end, step)),) + x.shape[dim + 1:]
    return b.op("slice", {"dim": dim - b.pick(0, x.rank), "start": start, "step": step} | given, [x], shape)


def pad(b, x):
    if not isinstance(x.shape[-1], int):
        return None
    before, after = b.pick(0, 1, 2), b.pick(0, 1)
    shape = x.shape[:-1] + (x.shape[-1] + before + after,)
    return b.op("pad", {"pad": [before, after], "value": b.pick(0, 1.5)}, [x], shape)


def exchanges(b, x):
    """Transposes, often ones that undo each other."""
    first, second = (b.rng.randrange(1, x.rank) for _ in range(2))
    for _ in range(b.pick(1, 2, 2, 3)):
        shape = list(x.shape)
        shape[first], shape[second] = shape[second], shape[first]
        x = b.op("transpose", {"dim0": first - b.pick(0, x.rank), "dim1": second}, [x], shape)
        x = maybe_activation(b, x, 0.2)
        if b.chance(0.2):
            first, second = (b.rng.randrange(1, x.rank) for _ in range(2))
    return x


def permutes(b, x):
    """A permutation and, often, the one that undoes it."""
    order = list(range(1, x.rank))
    b.rng.shuffle(order)
    order = [0] + order
    y = b.op("permute", {"dims": order}, [x], [x.shape[i] for i in order])
    y = maybe_activation(b, y, 0.3)
    if b.chance(0.3):
        return y
    return b.op("permute", {"dims": [order.index(i) for i in range(x.rank)]}, [y], x.shape)


MOVES = ((5, activation), (1, softmax), (3, scale), (2, scale_chain), (3, binary), (2, twice), (3, residual),
         (2, vector), (1, divide), (2, centred), (2, dropout), (1, noise), (1, identity), (2, concat), (2, split),
         (1, slice_), (1, pad), (2, exchanges), (2, permutes))
