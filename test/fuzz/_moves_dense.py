"""Moves for (batch, features) and (batch, positions, features)."""
from _graph import is_static
from _moves_any import activation, maybe_activation


def linear(b, x, out=None, bias=None):
    if not isinstance(x.shape[-1], int):
        return None
    out = out or b.width()
    attributes = {"in_features": x.shape[-1], "out_features": out}
    bias = b.chance(0.8) if bias is None else bias
    return b.op("linear", attributes if bias else attributes | {"bias": False}, [x], x.shape[:-1] + (out,))


def linear_activation(b, x):
    y = linear(b, x)
    return y and maybe_activation(b, y, 0.8)


def linear_chain(b, x):
    """A linear between scales, sums and products, which may be folded into it."""
    x = b.op("scale", {"value": b.pick(0.5, -2.0, 3.0)}, [x], x.shape) if b.chance(0.5) else x
    y = linear(b, x)
    if not y:
        return None
    for _ in range(b.pick(1, 2)):
        if b.chance(0.5):
            y = b.op("scale", {"value": b.pick(0.5, -2.0, 1.5)}, [y], y.shape)
        else:
            y = b.op(b.pick("add", "subtract", "multiply"), {}, [y, b.like(y)], y.shape)
    return linear(b, y) if b.chance(0.5) else y


def residual_block(b, x):
    if not isinstance(x.shape[-1], int):
        return None
    y = norm(b, x) if b.chance(0.5) else x
    y = activation(b, linear(b, y))
    y = linear(b, y, x.shape[-1])
    return b.op("add", {}, [x, y] if b.chance(0.5) else [y, x], x.shape)


def norm(b, x):
    size = x.shape[-1]
    if not isinstance(size, int):
        return x
    kind = b.pick("layer_norm", "rms_norm")
    more = {"elementwise_affine": False} if b.chance(0.2) else {}
    shape = list(x.shape[-2:]) if is_static(x.shape[-2:]) and x.rank > 2 and b.chance(0.2) else [size]
    eps = {"eps": b.pick(1e-5, 1e-3, 0.1)} if b.chance(0.5) else {"eps": 1e-5}
    return b.op("normalization", {"type": kind, "normalized_shape": shape} | eps | more, [x], x.shape)


def batch_norm(b, x):
    """After a linear; of rank 3, the channels are dimension 1."""
    if x.rank == 2 and b.chance(0.8):
        x = linear(b, x) or x
    if not isinstance(x.shape[1], int):
        return None
    more = {"affine": False} if b.chance(0.2) else {}
    more |= {"eps": 1e-3, "momentum": 0.3} if b.chance(0.3) else {}
    y = b.op("normalization", {"type": "batch_norm", "num_features": x.shape[1]} | more, [x], x.shape)
    return maybe_activation(b, y)


def group_norm(b, x):
    if not isinstance(x.shape[1], int) or x.rank < 3:
        return None
    groups = b.pick(*(g for g in (1, 2, 3, 4) if x.shape[1] % g == 0))
    return b.op("normalization", {"type": "group_norm", "num_groups": groups, "num_channels": x.shape[1]}, [x], x.shape)


def gated(b, x):
    """Gate and up: two linears of one value."""
    out = b.width()
    gate, up = linear(b, x, out), linear(b, x, out)
    if not gate:
        return None
    y = b.op("multiply", {}, [activation(b, gate), up], up.shape)
    return linear(b, y) if b.chance(0.7) else y


def projections(b, x):
    """Query, key and value, and attention as its parts."""
    if x.rank != 3:
        return gated(b, x)
    width, positions = b.pick(2, 4, 6), x.shape[1]
    q, k = linear(b, x, width), linear(b, x, width)
    if not q:
        return None
    v = linear(b, x, b.width() if b.chance(0.3) else width)
    if b.chance(0.2):
        q, k = (b.op("rotary_embedding", {}, [y], y.shape) for y in (q, k))
    q = b.op("scale", {"value": width ** -0.5}, [q], q.shape) if b.chance(0.4) else q
    turned = b.op("transpose", {"dim0": -2, "dim1": -1}, [k], (k.shape[0], width, positions))
    scores = b.op("matmul", {}, [q, turned], (x.shape[0], positions, positions))
    scores = b.op("scale", {"value": 0.5}, [scores], scores.shape) if b.chance(0.6) else scores
    weights = b.op("activation", {"type": "softmax", "dim": b.pick(-1, -1, 2, 1)}, [scores], scores.shape)
    weights = b.op("dropout", {"p": 0.2}, [weights], weights.shape) if b.chance(0.3) else weights
    y = b.op("matmul", {}, [weights, v], v.shape)
    return linear(b, y) if b.chance(0.6) else y


def heads(b, x):
    """Features split into heads and joined again, with or without something between."""
    size = x.shape[-1]
    if x.rank != 3 or not isinstance(size, int):
        return None
    count = b.pick(*(h for h in (1, 2, 3, 4) if size % h == 0))
    parts = (count, size // count)
    if isinstance(x.shape[1], int):
        y = b.op("reshape", {"shape": [-1, x.shape[1], *parts]}, [x], x.shape[:2] + parts)
    else:
        y = b.op("torch.nn.Unflatten", {"dim": -1, "unflattened_size": list(parts)}, [x], x.shape[:2] + parts)
    y = b.op("permute", {"dims": [0, 2, 1, 3]}, [y], (x.shape[0], count, x.shape[1], parts[1]))
    y = maybe_activation(b, y, 0.5)
    y = b.op("transpose", {"dim0": 1, "dim1": 2}, [y], x.shape[:2] + parts)
    return b.op("flatten", {"start_dim": 2}, [y], x.shape)


def reshapes(b, x):
    if not is_static(x.shape[1:]):
        return None
    flat = 1
    for d in x.shape[1:]:
        flat *= d
    y = b.op("reshape", {"shape": [-1, flat]}, [x], (x.shape[0], flat))
    if b.chance(0.4):
        return y
    y = maybe_activation(b, y, 0.3)
    if b.chance(0.6):
        return b.op("reshape", {"shape": [-1, *x.shape[1:]]}, [y], x.shape)
    first = b.pick(*(n for n in (1, 2, 3, 4, 5) if flat % n == 0))
    return b.op("reshape", {"shape": [-1, first, flat // first]}, [y], (x.shape[0], first, flat // first))


def attention(b, x):
    size = x.shape[-1]
    if x.rank != 3 or not isinstance(size, int):
        return None
    count = b.pick(*(h for h in (1, 2, 4) if size % h == 0))
    attributes = {"embed_dim": size, "num_heads": count}
    attributes |= {"dropout": 0.2} if b.chance(0.3) else {}
    attributes |= {"bias": False} if b.chance(0.2) else {}
    attributes |= {"causal": True} if b.chance(0.3) else {}
    other = b.like(x) if b.chance(0.3) else None
    return b.op("attention", attributes, [x, other, b.pick(other, b.like(x))] if other else [x], x.shape)


def recurrent(b, x):
    size = x.shape[-1]
    if x.rank != 3 or not isinstance(size, int):
        return None
    kind, hidden, both = b.pick("lstm", "gru"), b.pick(1, 2, 3, 4), b.chance(0.3)
    layers = b.pick(1, 1, 2)
    attributes = {"input_size": size, "hidden_size": hidden, "batch_first": True}
    attributes |= {"bidirectional": True} if both else {}
    attributes |= {"num_layers": 2, "dropout": b.pick(0.0, 0.3)} if layers == 2 else {}
    attributes |= {"bias": False} if b.chance(0.2) else {}
    state = (layers * (1 + both), x.shape[0], hidden)
    results = b.op(kind, attributes, [x], x.shape[:2] + (hidden * (1 + both),), *[state] * (2 if kind == "lstm" else 1))
    b.set_aside(*results[1:])
    return results[0]


def rotary(b, x):
    size = x.shape[-1]
    if x.rank != 3 or not isinstance(size, int) or size % 2:
        return None
    return b.op("rotary_embedding", {"num_heads": 2} if size % 4 == 0 and b.chance(0.5) else {}, [x], x.shape)


def convolution(b, x):
    """Over the positions: features are channels."""
    if x.rank != 3 or not isinstance(x.shape[-1], int):
        return None
    channels, out = x.shape[-1], b.width()
    y = b.op("transpose", {"dim0": 1, "dim1": 2}, [x], (x.shape[0], channels, x.shape[1]))
    y = b.op("conv1d", {"in_channels": channels, "out_channels": out, "kernel_size": 3, "padding": 1}, [y],
             (x.shape[0], out, x.shape[1]))
    y = b.op("normalization", {"type": "batch_norm", "num_features": out}, [y], y.shape) if b.chance(0.4) else y
    y = maybe_activation(b, y)
    return b.op("transpose", {"dim0": 1, "dim1": 2}, [y], (x.shape[0], x.shape[1], out))


def pooled(b, x):
    if x.rank != 3:
        return None
    operation = b.pick("mean", "sum", "max", "min")
    return b.op("reduce", {"operation": operation, "dim": b.pick(1, -2)}, [x], (x.shape[0], x.shape[2]))


def variance(b, x):
    if not isinstance(x.shape[-1], int) or x.shape[-1] < 2:
        return None
    attributes = {"operation": "var", "dim": -1, "keepdim": True, "correction": b.pick(0, 1)}
    y = b.op("reduce", attributes, [x], x.shape[:-1] + (1,))
    return b.op("multiply", {}, [x, y], x.shape)


def mixture(b, x):
    experts, out = b.pick(2, 3), b.width()
    logits = linear(b, x, experts)
    if not logits:
        return None
    outputs = [linear(b, x, out) for _ in range(experts)]
    if b.chance(0.3):
        b.set_aside(b.op("moe_aux_loss", {"loss_coef": 0.5}, [logits], ()))
    if b.chance(0.3):
        gates = b.op("activation", {"type": "softmax", "dim": -1}, [logits], logits.shape)
        return b.op("moe_combine", {"num_experts": experts, "top_k": experts}, [gates, *outputs], outputs[0].shape)
    k = b.rng.randrange(1, experts + 1)
    gates, indices = b.op("topk_gating", {"k": k}, [logits], logits.shape[:-1] + (k,), logits.shape[:-1] + (k,))
    b.set_aside(indices)
    return b.op("moe_combine", {"num_experts": experts, "top_k": k}, [gates, indices, *outputs], outputs[0].shape)


def product(b, x):
    """A matrix product with what the caller gives, or with itself."""
    if not isinstance(x.shape[-1], int):
        return None
    if x.rank == 3 and b.chance(0.4):
        turned = b.op("transpose", {"dim0": -1, "dim1": -2}, [x], (x.shape[0], x.shape[2], x.shape[1]))
        return b.op("matmul", {}, [turned, x], (x.shape[0], x.shape[2], x.shape[2]))
    out = b.width()
    return b.op("matmul", {}, [x, b.input((x.shape[-1], out))], x.shape[:-1] + (out,))


MOVES = ((4, linear_activation), (3, linear_chain), (3, residual_block), (2, norm), (4, batch_norm), (1, group_norm),
         (3, gated), (4, projections), (2, heads), (2, reshapes), (2, attention), (1, recurrent), (1, rotary),
         (2, convolution), (2, pooled), (1, variance), (1, mixture), (1, product))
