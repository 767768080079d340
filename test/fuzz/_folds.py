"""Subgraphs that canonicalize, decomposition and specialisation change, and near misses. A generator takes a kernel
and gives the kernel's results."""
from _esper import Tensor


def some(k, *shapes):
    return k.input(*k.pick(*shapes))


def vectors(k):
    return some(k, (None, 5), (None, 3, 4), (None, 1), (2, 3))


def scales(k):
    x = vectors(k)
    return [k.scale(k.activation(x), k.pick(1.0, 1.0, 1.0000000001, -1.0, 0.0)), k.scale(x, 1.0)]


def detaches(k):
    x = vectors(k)
    y = k.detach(k.detach(k.activation(x)))
    return [k.binary("multiply", x, y), k.detach(k.scale(k.detach(x)))]


def activations(k):
    x = vectors(k)
    kind = k.pick('"relu"', '"relu"', '"relu6"', '"tanh"', '"gelu"', '"leaky_relu"(0.5)')
    other = k.pick(kind, kind, kind, '"relu"')
    return [k.activation(k.activation(k.scale(x, k.pick(1.0, -4.0, 5.0)), kind), other)]


def dropouts(k):
    x = vectors(k)
    kind = k.pick("element", "alpha", "feature", "feature_alpha")
    y = k.dropout(x, k.pick(0.0, 0.0, 0.3, 1.0), k.flag(), kind)
    return [k.dropout(k.activation(y), 0.5, k.flag(), kind), k.dropout(x, 0.5, k.flag("hosts"))]


def noises(k):
    x = vectors(k)
    y = k.noise(x, k.pick(0.0, 0.5), k.flag(), k.chance(0.6))
    return [k.noise(k.activation(y), 0.25, k.flag(), k.chance(0.6)), k.noise(x, 0.25, k.flag("hosts"), True)]


def transposes(k):
    x = some(k, (None, 3, 4), (None, 3, 3), (2, 1, 5), (None, 2, 3, 4))
    y, dims = x, []
    for _ in range(k.pick(1, 2, 2, 3)):
        dims = dims if dims and k.chance(0.6) else [k.rng.randrange(-len(x.shape), len(x.shape)) for _ in range(2)]
        y = k.transpose(y, *dims)
        y = k.activation(y) if k.chance(0.15) else y
    return [y]


def permutes(k):
    x = some(k, (None, 3, 4), (None, 3, 3, 4), (2, 1, 5))
    y, rank = x, len(x.shape)
    dims = k.rng.sample(range(rank), rank)
    for _ in range(k.pick(1, 2, 3)):
        y = k.permute(y, dims)
        dims = [dims.index(i) for i in range(rank)] if k.chance(0.5) else k.rng.sample(range(rank), rank)
    return [y, k.permute(x, list(range(rank)))]


def reshapes(k):
    k.fixed_ranks = k.chance(0.7)  # of other ranks, [-1, 24] may be no identity
    x = some(k, (None, 4, 6), (2, 4, 6), (None, 24))
    y = x
    for _ in range(k.pick(1, 2, 3)):
        y = k.reshape(y, k.pick([-1, 24], [-1, 4, 6], [-1, 2, 2, 6], [-1, 12, 2]))
        y = k.activation(y) if k.chance(0.15) else y
    return [y]


def flattens(k):
    x = some(k, (None, 4, 1), (None, 4, 6), (2, 3, 4))
    dim = k.rng.randrange(0, 3)
    y = k.flatten(x, dim, dim)
    z = k.unflatten(y, 1, k.pick([y.shape[1]], [1, y.shape[1]]))
    return [y, z, k.flatten(x, 1, 2)]


def parts(k):
    x = some(k, (None, 4), (None, 4, 6))
    one = k.split(x, 1, [4])[0]
    left, right = k.split(k.activation(one), 1, k.pick([2, 2], [1, 3], [0, 4]))
    return [k.concat([one], 0), k.concat([left, right], 1), k.concat([right, left], 1)]


def slices(k):
    x = some(k, (None, 4), (None, 4, 6))
    end = k.pick(4, 4, 100, 3, -1)
    start = k.pick(0, 0, -4, -100, 1)
    step = k.pick(1, 1, 2)
    size = len(range(4)[start:end:step])
    return [k.plain("slice", [x], (None, size) + x.shape[2:], dim=1, start=start, end=end, step=step),
            k.plain("slice", [x], x.shape, dim=1, start=0)]


def pads(k):
    x = some(k, (None, 4), (None, 3, 4))
    before = k.pick(0, 0, 1)
    mode = k.pick("constant", "constant", "replicate") if len(x.shape) == 3 else "constant"
    wider = x.shape[:-1] + (x.shape[-1] + before,)
    return [k.plain("pad", [x], wider, pads=[before, 0], mode=f"#esper<pad_mode {mode}>"),
            k.plain("pad", [x], x.shape, pads=[0, 0], mode="#esper<pad_mode constant>")]


def expansions(k):
    x, s = k.input(None, 4), k.input(2, 3)
    small = k.pick(k.param(4), k.param(1, 4), k.param(1))
    y = k.plain("expand_as", [small, x], x.shape)
    same = k.plain("expand_as", [s, s], s.shape)
    return [k.binary("multiply", x, y), same, k.plain("squeeze", [x], x.shape, dim=1)]


def statistics(k):
    x = some(k, (None, 4, 3), (None, 4, 3, 2))
    y = k.batch_norm(x, k.flag(), affine=k.chance(0.7), running=k.chance(0.8))
    z = k.statistics("instance_norm", "use_input_stats", x, k.flag(), affine=k.chance(0.7))
    return [y, k.batch_norm(y, k.flag(False)), z, k.batch_norm(k.activation(x), k.flag("hosts"))]


def counters(k):
    x = vectors(k)
    for flag in (k.flag(False), k.flag("hosts")):
        name, after = k.fresh(), k.fresh()
        k.lines.append(f'{name} = esper.buffer "s{name[1:]}" <constant, 3.0> : tensor<i64>')
        k.lines.append(f"{after} = esper.increment {name}, {flag} : tensor<i64>")
        k.updates.append((name[1:], Counter(after, ())))
    return [x]


class Counter(Tensor):
    type = "tensor<i64>"


def recurrences(k):
    x = k.input(None, 3, 4)
    gates, kind = k.pick((4, "lstm"), (3, "gru"))
    shapes, states = [], 2 if kind == "lstm" else 1
    for size in (4, 2):
        shapes += [(2 * gates, size), (2 * gates, 2)]
    weights = [k.param(*shape) for shape in shapes]
    flag = k.flag(False if k.chance(0.6) else "hosts")
    found = k.emit(f"{kind} {x.name} training {flag} weights({', '.join(w.name for w in weights)})", [],
                   {"hidden_size": 2, "num_layers": 2, "bias": False, "batch_first": True, "dropout": 0.5,
                    "bidirectional": False}, [(None, 3, 2)] + [(2, None, 2)] * states,
                   [x.type, "i1"] + [w.type for w in weights])
    return found[:1]


def attention(k):
    size, heads = k.pick((4, 1), (4, 2), (6, 3))
    first = k.chance(0.7)
    shape = (None, 3, size) if first else (3, None, size)
    q = k.input(*shape)
    kv = q if k.chance(0.5) else k.input(*shape)
    operands = [q, kv, k.pick(kv, k.activation(kv)), k.param(3 * size, size)]
    head = f"in_proj({operands[3].name})"
    if k.chance(0.7):
        operands.append(k.param(3 * size))
        head += f" in_bias({operands[-1].name})"
    operands += [k.param(size, size), k.param(size)]
    head += f" out_proj({operands[-2].name}, {operands[-1].name})"
    weights = k.chance(0.4)
    flag = k.flag(False if k.chance(0.6) else "hosts")
    attributes = {"num_heads": heads, "dropout": k.pick(0.5, 0.5, 0.0), "causal": k.chance(0.3), "batch_first": first,
                  "need_weights": weights, "add_zero_attn": k.chance(0.2)}
    columns = 4 if attributes["add_zero_attn"] else 3
    shapes = [shape] + ([(None, 3, columns)] if weights else [])
    found = k.emit(f"attention {', '.join(o.name for o in operands[:3])} {head} training {flag}", operands, attributes,
                   shapes, ["i1"])
    return found if weights else [found]


def mixtures(k):
    logits, a, b = k.linear(k.input(None, 3), 2), k.input(None, 4), k.input(None, 4)
    gates = k.softmax(logits)
    y = k.emit(f"moe_combine {gates.name} experts({a.name}, {b.name})", [gates, a, b],
               {"num_experts": 2, "top_k": 2}, [(None, 4)])
    return [y, k.plain("moe_aux_loss", [logits], (), loss_coef=0.5)]


def neighbours(k):
    x = k.input(None, 4, 3)
    return [k.plain("local_response_norm", [x], x.shape, size=k.pick(1, 2, 3), alpha=0.3, beta=0.75, k=1.0)]


CANONICALIZE = (scales, detaches, activations, dropouts, noises, transposes, permutes, reshapes, flattens, parts,
                slices, pads, expansions, statistics, counters, recurrences, attention)
DECOMPOSE = (attention, mixtures, neighbours)
SPECIALIZE = (dropouts, noises, statistics, counters, recurrences, attention)
