"""Corners where a kernel, or its own validation, is likeliest to trip."""
import torch
from torch import nn
from torch.nn import functional as F

from _cases_architectures import conv, linear, one
from _forms import graph, module


def extreme_cases():
    yield one("edge-linear-dropout-all-deep", "linear", linear, dict(input_size=3, hidden_sizes=[4] * 6, output_size=2, dropout=1.0), (3, 3))
    for width in (1, 2, 3):
        yield one(f"edge-linear-thin-{width}", "linear", linear, dict(input_size=width, hidden_sizes=[width] * 40, output_size=width), (3, width))
    for kind in ("max", "avg"):
        yield one(f"edge-conv-wide-kernel-{kind}", "conv", conv,
                  dict(in_channels=1, out_channels=[2, 2], kernel_sizes=[11, 9], strides=[1, 2], paddings=[5, 4], pool_type=kind), (3, 1, 32, 32))
        yield one(f"edge-conv-pixel-{kind}", "conv", conv,
                  dict(in_channels=2, out_channels=[3], kernel_sizes=[1], strides=[32], paddings=[0], pool_size=1, pool_type=kind), (3, 2, 32, 32))
    yield one("edge-conv-stride-beyond", "conv", conv, dict(in_channels=2, out_channels=[3, 2], kernel_sizes=[2, 1], strides=[5, 2], paddings=[0, 0], pool_size=1),
              (3, 2, 32, 32))


def unbatched_cases():
    for name, config, shape in (
            ("Conv1d", dict(in_channels=2, out_channels=3, kernel_size=2), (2, 6)),
            ("Conv2d", dict(in_channels=2, out_channels=3, kernel_size=2), (2, 6, 5)),
            ("ConvTranspose2d", dict(in_channels=2, out_channels=3, kernel_size=2), (2, 3, 4)),
            ("MaxPool2d", dict(kernel_size=2), (2, 6, 5)), ("AvgPool1d", dict(kernel_size=2), (2, 6)),
            ("AdaptiveAvgPool2d", dict(output_size=2), (2, 6, 5)), ("ReflectionPad2d", dict(padding=1), (2, 6, 5)),
            ("PixelShuffle", dict(upscale_factor=2), (4, 2, 3))):
        yield module(f"edge-unbatched-{name}", name, config, [(shape,)])


def root_cases():
    """Negative inputs are cut off in front of a root, whose slope is infinite there."""
    for p in (2.0, 3.0, 0.5):
        for k in (1, 2):
            layers = [dict(type="ReLU"), dict(type="LPPool2d", norm_type=p, kernel_size=k)]
            yield module(f"edge-roots-{p}-{k}", "Sequential", dict(layers=layers), [((2, 3, 4, 4),)],
                         lambda p=p, k=k: nn.Sequential(nn.ReLU(), nn.LPPool2d(p, k)))


def singular_cases():
    X, Y = ("x", "input", dict(shape=[-1, 4])), ("y", "output")

    def unary(tag, op, attributes, function, shape=(3, 4)):
        return graph(f"edge-{tag}", [X, ("n", op, attributes), Y], ["x>n", "n>y"], lambda m, x: function(x), [(shape,)])
    yield unary("softmax-over-one", "activation", dict(type="softmax", dim=0), lambda x: x.softmax(0), (1, 4))
    yield unary("var-uncorrected", "reduce", dict(operation="var", dim=1, correction=0), lambda x: x.var(1, correction=0))
    yield unary("mean-batch", "reduce", dict(operation="mean", dim=0), lambda x: x.mean(0))
    yield unary("max-batch", "reduce", dict(operation="max", dim=0), lambda x: x.amax(0))
    yield unary("scale-large", "scale", dict(value=1e6), lambda x: x * 1e6)
    yield unary("scale-tiny", "scale", dict(value=1e-12), lambda x: x * 1e-12)
    yield unary("pad-crop", "pad", dict(pad=[-1, -1]), lambda x: F.pad(x, (-1, -1)))
    yield unary("reshape-one", "reshape", dict(shape=[-1, 1, 4, 1]), lambda x: x.reshape(-1, 1, 4, 1))
    yield unary("slice-empty", "slice", dict(dim=1, start=2, end=2), lambda x: x[:, 2:2])
    yield graph("edge-divide-itself", [X, ("n", "divide"), Y], ["x>n", "x>n", "n>y"], lambda m, x: x / x, [((3, 4),)])
    yield graph("edge-square-chain", [X, *[(f"m{i}", "multiply") for i in range(3)], Y],
                ["x>m0", "x>m0", "m0>m1", "m0>m1", "m1>m2", "m1>m2", "m2>y"], lambda m, x: x ** 8, [((3, 4),)])
    yield graph("edge-layer-norm-after-scale", [X, ("s", "scale", dict(value=1e-4)), ("n", "normalization", dict(type="layer_norm", normalized_shape=[4])), Y],
                ["x>s", "s>n", "n>y"], lambda m, x: m["n"](x * 1e-4), [((3, 4),)], lambda: dict(n=nn.LayerNorm(4)))
    yield graph("edge-dropout-one", [X, ("d", "dropout", dict(p=1.0)), ("a", "linear", dict(in_features=4, out_features=3)), Y],
                ["x>d", "d>a", "a>y"], lambda m, x: m["a"](m["d"](x)), [((3, 4),)], lambda: dict(d=nn.Dropout(1.0), a=nn.Linear(4, 3)))
    yield graph("edge-detached", [X, ("a", "linear", dict(in_features=4, out_features=3)), ("d", "detach"), ("r", "linear", dict(in_features=3, out_features=2)), Y],
                ["x>a", "a>d", "d>r", "r>y"], lambda m, x: m["r"](m["a"](x).detach()), [((3, 4),)],
                lambda: dict(a=nn.Linear(4, 3), r=nn.Linear(3, 2)))
    yield graph("edge-same-relu-twice", [X, ("r", "activation", dict(type="relu")), ("q", "activation", dict(type="relu")), ("s", "subtract"), Y],
                ["x>r", "x>q", "r>s", "q>s", "s>y"], lambda m, x: x.relu() - x.relu(), [((3, 4),)])
    yield graph("edge-odd-ids", [("in put", "input", dict(shape=[-1, 4])), ("1", "linear", dict(in_features=4, out_features=3)),
                                 ("weight", "linear", dict(in_features=3, out_features=2)), Y], ["in put>1", "1>weight", "weight>y"],
                lambda m, x: m["weight"](m["1"](x)), [((3, 4),)], lambda: {"1": nn.Linear(4, 3), "weight": nn.Linear(3, 2)})
    yield graph("edge-dashed-ids", [X, ("my-layer", "linear", dict(in_features=4, out_features=3)), ("weight", "linear", dict(in_features=3, out_features=2)), Y],
                ["x>my-layer", "my-layer>weight", "weight>y"], lambda m, x: m["weight"](m["my-layer"](x)), [((3, 4),)],
                lambda: {"my-layer": nn.Linear(4, 3), "weight": nn.Linear(3, 2)})


def plain_sequences():
    def seq(tag, layers, shape):
        return module(f"edge-{tag}", "Sequential", dict(layers=layers), [(shape,)])
    for kind, n, s in (("Conv1d", 1, (2, 3, 16)), ("Conv2d", 2, (2, 3, 12, 12)), ("Conv3d", 3, (2, 3, 6, 6, 6))):
        yield seq(f"norm-chain-{n}d", [dict(type=kind, in_channels=3, out_channels=4, kernel_size=3, padding=1),
                                       dict(type=f"BatchNorm{n}d", num_features=4), dict(type="LeakyReLU"), dict(type=f"MaxPool{n}d", kernel_size=2),
                                       dict(type=f"InstanceNorm{n}d", num_features=4), dict(type="Hardswish"), dict(type=f"AvgPool{n}d", kernel_size=3),
                                       dict(type="LocalResponseNorm", size=2), dict(type="Flatten")], s)
    yield seq("saturated", [dict(type="Hardtanh"), dict(type="ReLU6"), dict(type="Hardsigmoid"), dict(type="Softsign"), dict(type="Tanhshrink"),
                            dict(type="LogSigmoid"), dict(type="SELU")], (3, 5))
    yield seq("softmaxes", [dict(type="LogSoftmax", dim=-1), dict(type="Softmin", dim=-1), dict(type="Softmax", dim=0)], (3, 5))
    yield seq("kinks", [dict(type="Threshold", threshold=0.0, value=-3.0), dict(type="Hardshrink"), dict(type="Softshrink")], (3, 5))


def cases():
    for part in (extreme_cases, unbatched_cases, root_cases, singular_cases, plain_sequences):
        yield from part()
