"""Form 1c: how nodes hang together."""
import random

import torch
from torch import nn
from torch.nn import functional as F

from _forms import graph


def lin(i, o, **more):
    return "linear", dict(in_features=i, out_features=o, **more)


def act(kind):
    return "activation", dict(type=kind)


def chain(*ids):
    return [f"{a}>{b}" for a, b in zip(ids, ids[1:])]


X = ("x", "input", dict(shape=[-1, 6]))
Y = ("y", "output")


def small_cases():
    yield graph("graph-linear", [X, ("fc", *lin(6, 4)), Y], chain("x", "fc", "y"), lambda m, x: m["fc"](x), [((3, 6),), ((0, 6),)],
                lambda: dict(fc=nn.Linear(6, 4)))
    yield graph("graph-pass-through", [X, Y], ["x>y"], lambda m, x: x + 0, [((3, 6),)])
    yield graph("graph-twice", [X, ("a", "add"), Y], ["x>a", "x>a", "a>y"], lambda m, x: x + x, [((3, 6),)])
    yield graph("graph-square", [X, ("a", "multiply"), Y], ["x>a", "x>a", "a>y"], lambda m, x: x * x, [((3, 6),)])
    yield graph("graph-minus-itself", [X, ("a", "subtract"), Y], ["x>a", "x>a", "a>y"], lambda m, x: x - x, [((3, 6),)])
    yield graph("graph-concat-twice", [X, ("a", "concat", dict(dim=-1)), Y], ["x>a", "x>a", "a>y"],
                lambda m, x: torch.cat([x, x], -1), [((3, 6),)])
    two = [("p", "input", dict(shape=[-1, 6])), ("q", "input", dict(shape=[-1, 4]))]
    yield graph("graph-two-inputs", [*two, ("c", "concat", dict(dim=1)), ("fc", *lin(10, 3)), Y],
                ["p>c", "q>c", "c>fc", "fc>y"], lambda m, p, q: m["fc"](torch.cat([p, q], 1)), [((3, 6), (3, 4))],
                lambda: dict(fc=nn.Linear(10, 3)))
    yield graph("graph-operand-order", [*two, ("a", *lin(6, 3)), ("b", *lin(4, 3)), ("s", "subtract"), Y],
                ["p>a", "q>b", "b>s", "a>s", "s>y"], lambda m, p, q: m["b"](q) - m["a"](p), [((3, 6), (3, 4))],
                lambda: dict(a=nn.Linear(6, 3), b=nn.Linear(4, 3)))
    yield graph("graph-two-outputs", [X, ("a", *lin(6, 3)), ("b", *lin(3, 2)), ("y1", "output"), ("y2", "output")],
                ["x>a", "a>b", "b>y1", "a>y2"], lambda m, x: (m["b"](m["a"](x)), m["a"](x)), [((3, 6),)],
                lambda: dict(a=nn.Linear(6, 3), b=nn.Linear(3, 2)))
    yield graph("graph-output-twice", [X, ("a", *lin(6, 3)), ("y1", "output"), ("y2", "output")], ["x>a", "a>y1", "a>y2"],
                lambda m, x: (m["a"](x), m["a"](x)), [((3, 6),)], lambda: dict(a=nn.Linear(6, 3)))
    yield graph("graph-one-output-two-edges", [X, ("a", *lin(6, 3)), ("b", *lin(6, 2)), Y], ["x>a", "x>b", "b>y", "a>y"],
                lambda m, x: (m["b"](x), m["a"](x)), [((3, 6),)], lambda: dict(a=nn.Linear(6, 3), b=nn.Linear(6, 2)))
    yield graph("graph-fan-out", [X, *[(f"f{i}", *lin(6, 3)) for i in range(5)], ("c", "concat", dict(dim=-1)), Y],
                [*[f"x>f{i}" for i in range(5)], *[f"f{i}>c" for i in range(5)], "c>y"],
                lambda m, x: torch.cat([m[f"f{i}"](x) for i in range(5)], -1), [((3, 6),)],
                lambda: {f"f{i}": nn.Linear(6, 3) for i in range(5)})
    yield graph("graph-unused", [X, ("a", *lin(6, 3)), ("idle", *lin(6, 2)), Y], ["x>a", "x>idle", "a>y"],
                lambda m, x: m["a"](x), [((3, 6),)], lambda: dict(a=nn.Linear(6, 3), idle=nn.Linear(6, 2)))
    yield graph("graph-unused-input", [X, ("z", "input", dict(shape=[-1, 2])), ("a", *lin(6, 3)), Y], ["x>a", "a>y"],
                lambda m, x, z: m["a"](x), [((3, 6), (3, 2))], lambda: dict(a=nn.Linear(6, 3)))
    yield graph("graph-units", [("x", "input", dict(shape=[-1, 1])), ("a", *lin(1, 1)), ("t", *act("tanh")), Y],
                chain("x", "a", "t", "y"), lambda m, x: m["a"](x).tanh(), [((4, 1),), ((1, 1),)], lambda: dict(a=nn.Linear(1, 1)))
    yield graph("graph-dropouts", [X, ("d1", "dropout", dict(p=0.3)), ("a", *lin(6, 6)), ("d2", "dropout", dict(p=0.5)), Y],
                chain("x", "d1", "a", "d2", "y"), lambda m, x: m["d2"](m["a"](m["d1"](x))), [((4, 6),)],
                lambda: dict(d1=nn.Dropout(0.3), a=nn.Linear(6, 6), d2=nn.Dropout(0.5)))
    yield graph("graph-dropout-branches", [X, ("a", *lin(6, 6)), ("d1", "dropout", {}), ("b", *lin(6, 6)), ("d2", "dropout", {}),
                                           ("s", "subtract"), Y],
                ["x>a", "a>d1", "x>b", "b>d2", "d1>s", "d2>s", "s>y"], lambda m, x: m["d1"](m["a"](x)) - m["d2"](m["b"](x)),
                [((3, 6),)], lambda: dict(a=nn.Linear(6, 6), d1=nn.Dropout(), b=nn.Linear(6, 6), d2=nn.Dropout()))
    yield graph("graph-fixed-batch", [("x", "input", dict(shape=[3, 6])), ("a", *lin(6, 3)), Y], chain("x", "a", "y"),
                lambda m, x: m["a"](x), [((3, 6),)], lambda: dict(a=nn.Linear(6, 3)))
    yield graph("graph-rank-0", [("x", "input", dict(shape=[])), ("s", "scale", dict(value=2.0)), Y], chain("x", "s", "y"),
                lambda m, x: x * 2, [((),)])
    yield graph("graph-zero-width", [("x", "input", dict(shape=[-1, 0])), ("s", "scale", dict(value=2.0)), Y], chain("x", "s", "y"),
                lambda m, x: x * 2, [((3, 0),)])
    yield graph("graph-zero-concat", [("x", "input", dict(shape=[-1, 0])), ("z", "input", dict(shape=[-1, 3])),
                ("c", "concat", dict(dim=1)), Y], ["x>c", "z>c", "c>y"], lambda m, x, z: torch.cat([x, z], 1), [((2, 0), (2, 3))])


def result_cases():
    split = ("s", "split", dict(sizes=[2, 4], dim=-1))
    yield graph("graph-split-first", [X, split, ("a", *lin(2, 3)), Y], ["x>s", "s>a", "a>y"],
                lambda m, x: m["a"](x[:, :2]), [((3, 6),)], lambda: dict(a=nn.Linear(2, 3)))
    yield graph("graph-split-index", [X, split, ("a", *lin(4, 2)), ("m", "multiply"), Y],
                ["x>s", "s.1>a", "s.0>m", "a>m", "m>y"], lambda m, x: x[:, :2] * m["a"](x[:, 2:]), [((3, 6),)],
                lambda: dict(a=nn.Linear(4, 2)))
    yield graph("graph-split-second-out", [X, split, Y], ["x>s", "s.1>y"], lambda m, x: x[:, 2:] + 0, [((3, 6),)])
    recurrent = ("r", "lstm", dict(input_size=6, hidden_size=4, batch_first=True))
    sequence = ("x", "input", dict(shape=[-1, -1, 6]))
    make = lambda: dict(r=nn.LSTM(6, 4, batch_first=True), a=nn.Linear(4, 2))
    yield graph("graph-lstm-head", [sequence, recurrent, ("a", *lin(4, 2)), Y], chain("x", "r", "a", "y"),
                lambda m, x: m["a"](m["r"](x)[0]), [((2, 3, 6),)], make)
    yield graph("graph-lstm-state", [sequence, recurrent, ("a", *lin(4, 2)), Y], ["x>r", "r.1>a", "a>y"],
                lambda m, x: m["a"](m["r"](x)[1][0]), [((2, 3, 6),)], make)
    yield graph("graph-lstm-cell", [sequence, recurrent, ("a", *lin(4, 2)), Y], ["x>r", "r.2>a", "a>y"],
                lambda m, x: m["a"](m["r"](x)[1][1]), [((2, 3, 6),)], make)
    attention = ("r", "torch.nn.MultiheadAttention", dict(embed_dim=6, num_heads=2, batch_first=True))
    yield graph("graph-attention-weights", [sequence, attention, Y], ["x>r", "x>r", "x>r", "r.1>y"],
                lambda m, x: m["r"](x, x, x)[1], [((2, 3, 6),)], lambda: dict(r=nn.MultiheadAttention(6, 2, batch_first=True)))


def block(m, x, i):
    h = m[f"n{i}"](x)
    return x + m[f"b{i}"](F.gelu(m[f"a{i}"](h)))


def larger_cases():
    nodes, edges, last = [X], [], "x"
    for i in range(4):
        nodes += [(f"n{i}", "normalization", dict(type="layer_norm", normalized_shape=[6])), (f"a{i}", *lin(6, 9)),
                  (f"g{i}", *act("gelu")), (f"b{i}", *lin(9, 6)), (f"r{i}", "add")]
        edges += [*chain(last, f"n{i}", f"a{i}", f"g{i}", f"b{i}"), f"{last}>r{i}", f"b{i}>r{i}"]
        last = f"r{i}"

    def modules():
        return {k: v for i in range(4) for k, v in ((f"n{i}", nn.LayerNorm(6)), (f"a{i}", nn.Linear(6, 9)), (f"b{i}", nn.Linear(9, 6)))}

    def forward(m, x):
        for i in range(4):
            x = block(m, x, i)
        return x
    for tag, seed in (("ordered", None), ("shuffled-1", 1), ("shuffled-2", 2)):
        listed, linked = [*nodes, Y], [*edges, f"{last}>y"]
        if seed:
            random.Random(seed).shuffle(listed)
        yield graph(f"graph-blocks-{tag}", listed, linked, forward, [((3, 6),)], modules, ordered=not seed)
    depth = 300
    yield graph("graph-residuals-300", [X, *[n for i in range(depth) for n in ((f"t{i}", *act("tanh")), (f"r{i}", "add"))], Y],
                [e for i in range(depth) for e in (f"{'x' if not i else f'r{i-1}'}>t{i}", f"{'x' if not i else f'r{i-1}'}>r{i}",
                                                   f"t{i}>r{i}")] + [f"r{depth-1}>y"], deep_residual, [((2, 6),)])
    yield graph("graph-convnet", [
        ("x", "input", dict(shape=[-1, 3, 12, 12])), ("c", "conv2d", dict(in_channels=3, out_channels=4, kernel_size=3, padding=1)),
        ("n", "normalization", dict(type="batch_norm", num_features=4)), ("r", *act("relu")),
        ("p", "pooling", dict(type="max_pool2d", kernel_size=2)), ("f", "flatten", {}), ("d", "dropout", dict(p=0.2)), ("l", *lin(144, 5)), Y],
        chain("x", "c", "n", "r", "p", "f", "d", "l", "y"),
        lambda m, x: m["l"](m["d"](F.max_pool2d(m["n"](m["c"](x)).relu(), 2).flatten(1))), [((3, 3, 12, 12),)],
        lambda: dict(c=nn.Conv2d(3, 4, 3, padding=1), n=nn.BatchNorm2d(4), d=nn.Dropout(0.2), l=nn.Linear(144, 5)))
    yield graph("graph-softmax-attention", [
        ("x", "input", dict(shape=[-1, -1, 6])), ("q", *lin(6, 4)), ("k", *lin(6, 4)), ("v", *lin(6, 4)),
        ("t", "transpose", dict(dim0=-2, dim1=-1)), ("s", "matmul"), ("d", "scale", dict(value=0.5)),
        ("w", "activation", dict(type="softmax", dim=-1)), ("o", "matmul"), Y],
        ["x>q", "x>k", "x>v", "k>t", "q>s", "t>s", "s>d", "d>w", "w>o", "v>o", "o>y"],
        lambda m, x: (m["q"](x) @ m["k"](x).mT * 0.5).softmax(-1) @ m["v"](x), [((2, 3, 6),)],
        lambda: dict(q=nn.Linear(6, 4), k=nn.Linear(6, 4), v=nn.Linear(6, 4)))


def deep_residual(m, x):
    for _ in range(300):
        x = x + x.tanh()
    return x


def cases():
    for part in (small_cases, result_cases, larger_cases):
        yield from part()
