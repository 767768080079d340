"""Forms 1a and 1b: linear, conv, attention, custom, with every default and every odd size."""
import torch
from torch import nn

from _compare import Case
from _forms import arch, envelope

ACTIVATIONS = dict(relu=nn.ReLU, gelu=nn.GELU, tanh=nn.Tanh)


def linear(input_size=128, hidden_sizes=(256, 256), output_size=128, activation="relu", dropout=0.0):
    layers, width = [], input_size
    for hidden in hidden_sizes:
        layers += [nn.Linear(width, hidden), ACTIVATIONS[activation]()] + ([nn.Dropout(dropout)] if dropout > 0 else [])
        width = hidden
    return nn.Sequential(*layers, nn.Linear(width, output_size))


def conv(in_channels=3, out_channels=(64, 128, 256), kernel_sizes=(3, 3, 3), strides=(1, 1, 1), paddings=(1, 1, 1),
         activation="relu", pool_type="max", pool_size=2):
    layers = []
    for out, kernel, stride, padding in zip(out_channels, kernel_sizes, strides, paddings):
        pool = dict(max=nn.MaxPool2d, avg=nn.AvgPool2d)[pool_type]
        layers += [nn.Conv2d(in_channels, out, kernel, stride, padding), nn.BatchNorm2d(out),
                   ACTIVATIONS[activation](), pool(pool_size)]
        in_channels = out
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten())


class Attention(nn.MultiheadAttention):
    def __init__(self, embed_dim=256, num_heads=8, dropout=0.1):
        super().__init__(embed_dim, num_heads, dropout=dropout, batch_first=True)

    def forward(self, query, key=None, value=None):
        return super().forward(query, query if key is None else key, query if value is None else value)


class Block(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(dim, dim), nn.ReLU(), nn.Linear(dim, dim))

    def forward(self, x):
        return x + self.layers(x)


def custom(dim=256, num_blocks=2):
    return nn.Sequential(*[Block(dim) for _ in range(num_blocks)])


def flat(name, config, reference, calls):
    return Case(name, config, reference, calls)


def one(name, kind, make, config, *shapes):
    return arch(name, kind, config, lambda: make(**config), [shape if isinstance(shape[0], tuple) else (shape,)
                                                            for shape in shapes])


def linear_cases():
    def case(name, config, *shapes):
        return one(f"linear-{name}", "linear", linear, config, *(shapes or ((3, config.get("input_size", 128)),)))
    small = dict(input_size=6, hidden_sizes=[5, 4], output_size=3)
    yield case("defaults", {}, (2, 128), (1, 128), (7, 128))
    yield case("small", small, (2, 6), (1, 6), (6,), (2, 3, 6), (2, 3, 4, 6), (2, 1, 2, 1, 6))
    yield case("empty-batch", small, (0, 6), (2, 0, 6))
    yield case("no-hidden", dict(small, hidden_sizes=[]), (3, 6), (6,))
    yield case("no-hidden-dropout", dict(small, hidden_sizes=[], dropout=0.5), (3, 6))
    for name in ACTIVATIONS:
        yield case(name, dict(small, activation=name), (3, 6))
        yield case(f"{name}-dropout", dict(small, activation=name, dropout=0.3), (3, 6), (6,))
        yield case(f"{name}-no-hidden", dict(small, hidden_sizes=[], activation=name), (3, 6))
    for p in (0, 0.0, 0.1, 0.5, 1.0, 1, 1e-9, 0.999):
        yield case(f"dropout-{p}{'i' if isinstance(p, int) else ''}", dict(small, dropout=p), (4, 6), (2, 3, 6))
    yield case("units", dict(input_size=1, hidden_sizes=[1], output_size=1), (4, 1), (1,), (1, 1))
    yield case("unit-no-hidden", dict(input_size=1, hidden_sizes=[], output_size=1), (4, 1))
    yield case("unit-dropout", dict(input_size=1, hidden_sizes=[1, 1], output_size=1, dropout=0.5), (9, 1))
    yield case("wide", dict(input_size=3, hidden_sizes=[1031], output_size=2), (5, 3))
    yield case("wide-in", dict(input_size=4099, hidden_sizes=[2], output_size=1), (2, 4099))
    yield case("odd", dict(input_size=13, hidden_sizes=[17, 1, 19], output_size=7), (3, 13))
    yield case("bottleneck", dict(input_size=64, hidden_sizes=[1], output_size=64), (3, 64))
    yield case("large", dict(input_size=784, hidden_sizes=[512, 256, 128], output_size=10, dropout=0.2), (2, 784))
    for depth in (10, 30, 100):
        for name in ("relu", "tanh"):
            yield case(f"deep-{depth}-{name}", dict(input_size=8, hidden_sizes=[8] * depth, output_size=8,
                                                    activation=name), (2, 8))
    yield case("deep-50-dropout", dict(input_size=8, hidden_sizes=[8] * 50, output_size=2, dropout=0.1), (2, 8))
    yield case("deep-300", dict(input_size=4, hidden_sizes=[4] * 300, output_size=4, activation="gelu"), (2, 4))
    yield case("deep-1000", dict(input_size=2, hidden_sizes=[2] * 1000, output_size=2), (2, 2))
    bare = dict(type="linear", config=small)
    yield Case("linear-bare", bare, lambda: linear(**small), [((3, 6),)])
    yield Case("linear-envelope-full", envelope(
        dict(type="linear", config=small), state="proposed", blueprint_id="b-1", hyperparameters=dict(lr=0.1, n=[1]),
        performance_metrics=dict(a=1, b=0.5), created_at="2025-01-01T00:00:00Z", updated_at="2025-01-01T00:00:00"),
        lambda: linear(**small), [((3, 6),)])


def conv_cases():
    def case(name, config, *shapes):
        return one(f"conv-{name}", "conv", conv, config, *(shapes or ((2, config.get("in_channels", 3), 32, 32),)))

    def small(**more):
        return dict(in_channels=2, out_channels=[3, 4], kernel_sizes=[3, 3], strides=[1, 1], paddings=[1, 1]) | more
    yield case("defaults", {}, (2, 3, 32, 32))
    yield case("small", small(), (2, 2, 32, 32), (3, 2, 9, 14), (1, 2, 8, 8), (2, 2, 5, 4))
    yield case("gelu", small(activation="gelu"), (2, 2, 12, 12))
    yield case("avg", small(pool_type="avg"), (2, 2, 12, 10))
    yield case("avg-gelu", small(pool_type="avg", activation="gelu"), (2, 2, 11, 13))
    yield case("avg-3", small(pool_type="avg", pool_size=3), (2, 2, 20, 31))
    yield case("pool-1", small(pool_size=1), (2, 2, 7, 6))
    yield case("avg-pool-1", small(pool_size=1, pool_type="avg"), (2, 2, 7, 6))
    yield case("pool-3", small(pool_size=3), (2, 2, 32, 32))
    yield case("pool-5", small(pool_size=5), (2, 2, 27, 32))
    yield case("even-kernels", small(kernel_sizes=[2, 4]), (2, 2, 12, 15))
    yield case("kernel-1", small(kernel_sizes=[1, 1], paddings=[0, 0]), (2, 2, 8, 9))
    yield case("kernel-7-5", small(kernel_sizes=[7, 5], paddings=[3, 2]), (2, 2, 16, 9))
    yield case("no-padding", small(paddings=[0, 0]), (2, 2, 12, 15))
    yield case("big-padding", small(paddings=[3, 2]), (2, 2, 9, 9))
    yield case("strides", small(strides=[2, 3]), (2, 2, 32, 32), (2, 2, 24, 37))
    yield case("surplus", small(kernel_sizes=[3, 1, 5, 7], strides=[1, 1, 9], paddings=[1, 0, 4]), (2, 2, 12, 12))
    yield case("surplus-defaults", dict(out_channels=[4, 5]), (2, 3, 32, 32))
    yield case("surplus-one", dict(out_channels=[4]), (2, 3, 32, 32))
    yield case("one-channel", dict(in_channels=1, out_channels=[1], kernel_sizes=[3], strides=[1], paddings=[1]),
               (3, 1, 8, 8))
    yield case("one-layer-avg", dict(in_channels=1, out_channels=[2], pool_type="avg"), (3, 1, 9, 9))
    yield case("no-layers", dict(out_channels=[], kernel_sizes=[], strides=[], paddings=[]), (3, 3, 8, 8))
    yield case("four", dict(in_channels=3, out_channels=[4, 5, 6, 7], kernel_sizes=[3] * 4, strides=[1] * 4,
                            paddings=[1] * 4), (2, 3, 32, 32))
    yield case("to-one-pixel", dict(in_channels=2, out_channels=[3] * 5, kernel_sizes=[3] * 5, strides=[1] * 5,
                                    paddings=[1] * 5), (2, 2, 32, 32), (3, 2, 33, 47))
    yield case("whole-kernel", dict(in_channels=1, out_channels=[3], kernel_sizes=[32], strides=[1], paddings=[0],
                                    pool_size=1), (3, 1, 32, 32))
    yield case("deep", dict(in_channels=2, out_channels=[3] * 20, kernel_sizes=[3] * 20, strides=[1] * 20,
                            paddings=[1] * 20, pool_size=1), (2, 2, 5, 5))


def attention_cases():
    def case(name, config, *calls):
        return one(f"attention-{name}", "attention", Attention, config, *calls)
    small = dict(embed_dim=8, num_heads=2)
    yield case("defaults", {}, (2, 3, 256))
    yield case("one-input", small, (2, 3, 8), (1, 1, 8), (4, 1, 8))
    yield case("two-inputs", small, ((2, 3, 8), (2, 3, 8)))
    yield case("three-inputs", small, ((2, 3, 8), (2, 5, 8), (2, 5, 8)), ((2, 1, 8), (2, 1, 8), (2, 1, 8)))
    yield case("value-only", small, ((2, 3, 8), None, (2, 3, 8)))
    yield case("empty-batch", small, (0, 3, 8))
    yield case("no-dropout", dict(small, dropout=0.0), (2, 3, 8))
    yield case("dropout-int-0", dict(small, dropout=0), (2, 3, 8))
    yield case("dropout-half", dict(small, dropout=0.5), (2, 3, 8))
    yield case("dropout-1", dict(small, dropout=1.0), (2, 3, 8))
    yield case("one-head", dict(embed_dim=6, num_heads=1), (2, 4, 6))
    yield case("heads-are-width", dict(embed_dim=5, num_heads=5), (2, 4, 5))
    yield case("unit", dict(embed_dim=1, num_heads=1), (2, 4, 1))


def custom_cases():
    def case(name, config, *shapes):
        return one(f"custom-{name}", "custom", custom, config, *shapes)
    yield case("defaults", {}, (2, 256))
    yield case("small", dict(dim=5, num_blocks=3), (2, 5), (5,), (2, 3, 5), (2, 1, 2, 5), (0, 5))
    yield case("unit", dict(dim=1, num_blocks=1), (4, 1))
    yield case("deep-100", dict(dim=4, num_blocks=100), (2, 4))


def flat_cases():
    def lin(i=10, h=20, o=10):
        return nn.Sequential(nn.Linear(i, h), nn.ReLU(), nn.Linear(h, o))

    def con(i=3, o=16, k=3):
        return nn.Sequential(nn.Conv2d(i, o, k), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten())
    yield flat("flat-linear", dict(type="linear"), lin, [((3, 10),), ((10,),), ((2, 3, 10),)])
    yield flat("flat-linear-sizes", dict(type="linear", input_size=4, hidden_size=7, output_size=2),
               lambda: lin(4, 7, 2), [((3, 4),), ((0, 4),)])
    yield flat("flat-linear-units", dict(type="linear", input_size=1, hidden_size=1, output_size=1),
               lambda: lin(1, 1, 1), [((3, 1),)])
    yield flat("flat-conv", dict(type="conv"), con, [((2, 3, 8, 9),), ((2, 3, 3, 3),)])
    yield flat("flat-conv-sizes", dict(type="conv", in_channels=1, out_channels=2, kernel_size=4),
               lambda: con(1, 2, 4), [((2, 1, 8, 9),), ((1, 1, 4, 4),)])
    yield flat("flat-conv-kernel-1", dict(type="conv", in_channels=1, out_channels=1, kernel_size=1),
               lambda: con(1, 1, 1), [((2, 1, 1, 2),)])


def cases():
    for part in (linear_cases, conv_cases, attention_cases, custom_cases, flat_cases):
        yield from part()
