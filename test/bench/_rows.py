"""The rows of the race: a blueprint, the shape of its input, and the torch module that a user would write instead."""
import torch
from torch import nn
from torch.nn import functional as F


def envelope(kind, **config):
    return {"name": kind, "description": "a row of the race", "created_by": "race", "architecture": {"type": kind, "config": config}}


def graph(shape, nodes, edges):
    """Nodes as (id, op_type, attributes), edges as "a>b c>d"; `in` and `out` are added."""
    listed = [("in", "input", {"shape": [-1, *shape]}), *nodes, ("out", "output", {})]
    return {"id": "row", "name": "row",
            "nodes": [{"id": name, "op_type": kind, "attributes": attributes} for name, kind, attributes in listed],
            "edges": [{"id": f"e{i}", "source": edge.split(">")[0], "target": edge.split(">")[1]}
                      for i, edge in enumerate(edges.split())]}


class Residual(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(width, width), nn.ReLU(), nn.Linear(width, width))

    def forward(self, x):
        return x + self.layers(x)


class Nodes(nn.Module):
    """What the graphs here hold: modules under `layers`, and how they hang together as a function."""

    def __init__(self, function, **layers):
        super().__init__()
        self.layers = nn.ModuleDict(layers)
        self.function = function

    def forward(self, x):
        return self.function(self.layers, x)


class SelfAttention(nn.MultiheadAttention):
    def forward(self, x):
        return super().forward(x, x, x, need_weights=False)[0]


def mlp(sizes, act=nn.ReLU):
    layers = []
    for a, b in zip(sizes, sizes[1:]):
        layers += [nn.Linear(a, b), act()]
    return nn.Sequential(*layers[:-1])


def conv(channels=(64, 128, 256), act=nn.ReLU):
    layers, before = [], 3
    for after in channels:
        layers += [nn.Conv2d(before, after, 3, 1, 1), nn.BatchNorm2d(after), act(), nn.MaxPool2d(2)]
        before = after
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten())


def swiglu(width, hidden):
    blueprint = graph([width], [("gate", "linear", dict(in_features=width, out_features=hidden)), ("act", "activation", {"type": "silu"}),
                                ("up", "linear", dict(in_features=width, out_features=hidden)), ("mul", "multiply", {}),
                                ("down", "linear", dict(in_features=hidden, out_features=width))],
                      "in>gate gate>act in>up act>mul up>mul mul>down down>out")
    return blueprint, lambda: Nodes(lambda n, x: n["down"](F.silu(n["gate"](x)) * n["up"](x)), gate=nn.Linear(width, hidden),
                                    up=nn.Linear(width, hidden), down=nn.Linear(hidden, width))


def transformer(width, heads, hidden):
    norm = {"type": "layer_norm", "normalized_shape": [width]}
    blueprint = graph([-1, width], [("n1", "normalization", norm), ("at", "attention", dict(embed_dim=width, num_heads=heads)),
                                    ("r1", "add", {}), ("n2", "normalization", norm),
                                    ("up", "linear", dict(in_features=width, out_features=hidden)), ("act", "activation", {"type": "gelu"}),
                                    ("down", "linear", dict(in_features=hidden, out_features=width)), ("r2", "add", {})],
                      "in>n1 n1>at in>r1 at>r1 r1>n2 n2>up up>act act>down r1>r2 down>r2 r2>out")

    def forward(n, x):
        x = x + n["at"](n["n1"](x))
        return x + n["down"](F.gelu(n["up"](n["n2"](x))))
    return blueprint, lambda: Nodes(forward, n1=nn.LayerNorm(width), at=SelfAttention(width, heads, batch_first=True), n2=nn.LayerNorm(width),
                                    up=nn.Linear(width, hidden), down=nn.Linear(hidden, width))


def basic_block(width):
    """Two convolutions with norms and a residual, as in a residual network."""
    c = dict(in_channels=width, out_channels=width, kernel_size=3, padding=1, bias=False)
    n = {"type": "batch_norm", "num_features": width}
    blueprint = graph([width, 16, 16], [("c1", "conv2d", c), ("b1", "normalization", n), ("a1", "activation", {"type": "relu"}),
                                        ("c2", "conv2d", c), ("b2", "normalization", n), ("s", "add", {}), ("a2", "activation", {"type": "relu"})],
                      "in>c1 c1>b1 b1>a1 a1>c2 c2>b2 b2>s in>s s>a2 a2>out")

    def make():
        conv2d = lambda: nn.Conv2d(width, width, 3, padding=1, bias=False)  # noqa: E731
        return Nodes(lambda m, x: F.relu(m["b2"](m["c2"](F.relu(m["b1"](m["c1"](x))))) + x), c1=conv2d(), b1=nn.BatchNorm2d(width),
                     c2=conv2d(), b2=nn.BatchNorm2d(width))
    return blueprint, make


LINEAR = [128, 256, 256, 128]
WIDE = [512, 1024, 1024, 512]
ROWS = {
    "mlp_b1": (envelope("linear"), lambda: mlp(LINEAR), (1, 128)),
    "mlp_b8": (envelope("linear"), lambda: mlp(LINEAR), (8, 128)),
    "mlp_b32": (envelope("linear"), lambda: mlp(LINEAR), (32, 128)),
    "mlp_b256": (envelope("linear"), lambda: mlp(LINEAR), (256, 128)),
    "mlp_tanh_b32": (envelope("linear", activation="tanh"), lambda: mlp(LINEAR, nn.Tanh), (32, 128)),
    "mlp_gelu_b32": (envelope("linear", activation="gelu"), lambda: mlp(LINEAR, nn.GELU), (32, 128)),
    "mlp_wide_b1": (envelope("linear", input_size=512, hidden_sizes=[1024, 1024], output_size=512), lambda: mlp(WIDE), (1, 512)),
    "mlp_wide_b64": (envelope("linear", input_size=512, hidden_sizes=[1024, 1024], output_size=512), lambda: mlp(WIDE), (64, 512)),
    "conv_b1": (envelope("conv"), conv, (1, 3, 32, 32)),
    "conv_b8": (envelope("conv"), conv, (8, 3, 32, 32)),
    "conv_gelu_b4": (envelope("conv", activation="gelu"), lambda: conv(act=nn.GELU), (4, 3, 32, 32)),
    "conv_small_b4": (envelope("conv", out_channels=[8, 16, 16]), lambda: conv((8, 16, 16)), (4, 3, 32, 32)),
    "residual_b32": (envelope("custom"), lambda: nn.Sequential(Residual(256), Residual(256)), (32, 256)),
    "swiglu_b1": (*swiglu(256, 512), (1, 256)),
    "swiglu_b32": (*swiglu(256, 512), (32, 256)),
    "block_b4": (*basic_block(32), (4, 32, 16, 16)),
    "transformer_b1s16": (*transformer(256, 8, 1024), (1, 16, 256)),
    "transformer_b4s64": (*transformer(256, 8, 1024), (4, 64, 256)),
}
