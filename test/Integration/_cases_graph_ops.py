"""Form 1c: every op_type, one node at a time."""
import torch
from torch import nn
from torch.nn import functional as F

from _forms import Graph, edge, graph, node

ACTIVATIONS = dict(relu=F.relu, gelu=F.gelu, silu=F.silu, swish=F.silu, tanh=torch.tanh, sigmoid=torch.sigmoid,
                   leaky_relu=F.leaky_relu, elu=F.elu, hardswish=F.hardswish, hardsigmoid=F.hardsigmoid,
                   softplus=F.softplus, mish=F.mish)


def activation_cases():
    for name, function in ACTIVATIONS.items():
        yield node(f"op-activation-{name}", "activation", dict(type=name), [-1, 5], lambda m, x, f=function: f(x))
    for dim in (-1, 0, 1):
        yield node(f"op-softmax-{dim}", "activation", dict(type="softmax", dim=dim), [-1, 5],
                   lambda m, x, d=dim: x.softmax(d))
    yield node("op-leaky-slope", "activation", dict(type="leaky_relu", negative_slope=0.3), [-1, 5],
               lambda m, x: F.leaky_relu(x, 0.3))
    yield node("op-elu-alpha", "activation", dict(type="elu", alpha=0.3), [-1, 5], lambda m, x: F.elu(x, 0.3))
    yield node("op-gelu-tanh", "activation", dict(type="gelu", approximate="tanh"), [-1, 5],
               lambda m, x: F.gelu(x, approximate="tanh"))


def module_cases():
    def case(tag, op, attributes, shape, make, **more):
        return node(f"op-{tag}", op, attributes, shape, None, torch_module=make, **more)
    yield case("linear", "linear", dict(in_features=5, out_features=3), [-1, 5], lambda: nn.Linear(5, 3))
    yield case("linear-3d", "linear", dict(in_features=5, out_features=3), [-1, -1, 5], lambda: nn.Linear(5, 3))
    yield case("linear-no-bias", "linear", dict(in_features=5, out_features=1, bias=False), [-1, 5],
               lambda: nn.Linear(5, 1, False))
    yield case("conv1d", "conv1d", dict(in_channels=4, out_channels=6, kernel_size=3, padding=1, groups=2), [-1, 4, 9],
               lambda: nn.Conv1d(4, 6, 3, padding=1, groups=2))
    yield case("conv2d", "conv2d", dict(in_channels=3, out_channels=4, kernel_size=[3, 2], stride=2, padding=[1, 0]),
               [-1, 3, 9, 8], lambda: nn.Conv2d(3, 4, (3, 2), 2, (1, 0)))
    yield case("conv2d-any-size", "conv2d", dict(in_channels=3, out_channels=4, kernel_size=2), [-1, 3, -1, -1],
               lambda: nn.Conv2d(3, 4, 2), calls=[((2, 3, 4, 5),), ((1, 3, 2, 9),)])
    yield case("conv-transpose2d", "conv_transpose2d", dict(in_channels=3, out_channels=4, kernel_size=3, stride=2,
               output_padding=1, padding=1), [-1, 3, 4, 5], lambda: nn.ConvTranspose2d(3, 4, 3, 2, 1, 1))
    norm = dict(type="batch_norm", num_features=4)
    for n, shape in ((1, [-1, 4, 6]), (2, [-1, 4, 3, 5]), (3, [-1, 4, 2, 3, 2])):
        yield case(f"batch-norm-{n}d", "normalization", norm, shape, lambda n=n: getattr(nn, f"BatchNorm{n}d")(4))
        yield case(f"instance-norm-{n}d", "normalization", dict(type="instance_norm", num_features=4), shape,
                   lambda n=n: getattr(nn, f"InstanceNorm{n}d")(4))
    yield case("batch-norm-flat", "normalization", norm, [-1, 4], lambda: nn.BatchNorm1d(4))
    yield case("batch-norm-settings", "normalization", dict(norm, eps=0.01, momentum=0.5, affine=False), [-1, 4],
               lambda: nn.BatchNorm1d(4, 0.01, 0.5, affine=False))
    yield case("layer-norm", "normalization", dict(type="layer_norm", normalized_shape=[4]), [-1, 4], lambda: nn.LayerNorm(4))
    yield case("layer-norm-2", "normalization", dict(type="layer_norm", normalized_shape=[3, 4], eps=0.1), [-1, 3, 4],
               lambda: nn.LayerNorm([3, 4], eps=0.1))
    yield case("layer-norm-int", "normalization", dict(type="layer_norm", normalized_shape=4, elementwise_affine=False),
               [-1, 4], lambda: nn.LayerNorm(4, elementwise_affine=False))
    yield case("group-norm", "normalization", dict(type="group_norm", num_groups=2, num_channels=4), [-1, 4, 3, 5],
               lambda: nn.GroupNorm(2, 4))
    yield case("rms-norm", "normalization", dict(type="rms_norm", normalized_shape=[4]), [-1, 4], lambda: nn.RMSNorm(4))
    image = [-1, 3, 9, 7]
    yield case("max-pool", "pooling", dict(type="max_pool2d", kernel_size=2), image, lambda: nn.MaxPool2d(2))
    yield case("max-pool-ceil", "pooling", dict(type="max_pool2d", kernel_size=3, stride=2, padding=1, ceil_mode=True),
               image, lambda: nn.MaxPool2d(3, 2, 1, ceil_mode=True))
    yield case("avg-pool", "pooling", dict(type="avg_pool2d", kernel_size=3, stride=2, padding=1), image,
               lambda: nn.AvgPool2d(3, 2, 1))
    yield case("adaptive-avg", "pooling", dict(type="adaptive_avg_pool2d", output_size=1), image, lambda: nn.AdaptiveAvgPool2d(1))
    yield case("adaptive-max", "pooling", dict(type="adaptive_max_pool2d", output_size=[2, 3]), image,
               lambda: nn.AdaptiveMaxPool2d((2, 3)))
    yield case("dropout", "dropout", dict(p=0.4), [-1, 5], lambda: nn.Dropout(0.4))
    yield case("dropout-default", "dropout", {}, [-1, 5], lambda: nn.Dropout())
    yield case("flatten", "flatten", {}, [-1, 3, 4], lambda: nn.Flatten())
    yield case("flatten-from", "flatten", dict(start_dim=2), [-1, 3, 4, 2], lambda: nn.Flatten(2))
    ids = torch.tensor([[1, 2, 6], [0, 1, 1]])
    yield case("embedding", "embedding", dict(num_embeddings=7, embedding_dim=3), [-1, -1], lambda: nn.Embedding(7, 3),
               dtype="int64", calls=[(ids,)])
    yield case("embedding-padding", "embedding", dict(num_embeddings=7, embedding_dim=3, padding_idx=1), [-1, 3],
               lambda: nn.Embedding(7, 3, padding_idx=1), dtype="int64", calls=[(ids,)])
    for name, cls in (("lstm", nn.LSTM), ("gru", nn.GRU)):
        yield case(name, name, dict(input_size=5, hidden_size=4), [-1, -1, 5], lambda c=cls: c(5, 4))
        yield case(f"{name}-deep", name, dict(input_size=5, hidden_size=4, num_layers=2, bidirectional=True, dropout=0.3,
                   batch_first=True), [-1, -1, 5],
                   lambda c=cls: c(5, 4, 2, bidirectional=True, dropout=0.3, batch_first=True))


def function_cases():
    def case(tag, op, attributes, shape, function, **more):
        return node(f"op-{tag}", op, attributes, shape, lambda m, *x: function(*x), **more)
    pair = [[-1, 5], [-1, 5]]
    for name, function in (("add", torch.add), ("subtract", torch.sub), ("multiply", torch.mul)):
        yield case(name, name, {}, pair, function)
        yield case(f"{name}-broadcast", name, {}, [[-1, 3, 5], [5]], function)
    yield case("divide", "divide", {}, pair, torch.div, calls=[((3, 5), 3 + torch.rand(3, 5).double())])
    yield case("matmul", "matmul", {}, [[-1, 3, 4], [-1, 4, 5]], torch.matmul, calls=[((2, 3, 4), (2, 4, 5))])
    yield case("matmul-2d", "matmul", {}, [[-1, 4], [4, 5]], torch.matmul)
    yield case("identity", "identity", {}, [-1, 5], lambda x: x)
    yield case("detach", "detach", {}, [-1, 5], lambda x: x.detach())
    yield case("scale", "scale", dict(value=-2.5), [-1, 5], lambda x: x * -2.5)
    yield case("scale-int", "scale", dict(value=3), [-1, 5], lambda x: x * 3)
    yield case("scale-zero", "scale", dict(value=0.0), [-1, 5], lambda x: x * 0.0)
    for name, function in (("sum", torch.sum), ("mean", torch.mean), ("max", torch.amax), ("min", torch.amin), ("var", torch.var)):
        yield case(f"reduce-{name}", "reduce", dict(operation=name, dim=-1), [-1, 5], lambda x, f=function: f(x, -1))
        yield case(f"reduce-{name}-keep", "reduce", dict(operation=name, dim=1, keepdim=True), [-1, 4, 5],
                   lambda x, f=function: f(x, 1, keepdim=True))
        whole = dict(max=torch.max, min=torch.min).get(name, function)
        yield case(f"reduce-{name}-all", "reduce", dict(operation=name), [-1, 5], lambda x, f=whole: f(x))
    yield case("reduce-mean-2", "reduce", dict(operation="mean", dim=[1, 2]), [-1, 4, 5], lambda x: x.mean((1, 2)))
    yield case("reshape", "reshape", dict(shape=[-1, 2, 6]), [-1, 3, 4], lambda x: x.reshape(-1, 2, 6))
    yield case("reshape-flat", "reshape", dict(shape=[-1]), [-1, 3, 4], lambda x: x.reshape(-1))
    yield case("transpose", "transpose", dict(dim0=1, dim1=2), [-1, 3, 4], lambda x: x.transpose(1, 2))
    yield case("transpose-negative", "transpose", dict(dim0=0, dim1=-1), [-1, 3, 4], lambda x: x.transpose(0, -1))
    yield case("permute", "permute", dict(dims=[0, 3, 1, 2]), [-1, 3, 4, 2], lambda x: x.permute(0, 3, 1, 2))
    yield case("permute-negative", "permute", dict(dims=[0, -1, 1]), [-1, 3, 4], lambda x: x.permute(0, -1, 1))
    yield case("concat", "concat", dict(dim=1), [[-1, 3], [-1, 4], [-1, 5]], lambda *x: torch.cat(x, 1))
    yield case("concat-default", "concat", {}, [[-1, 3], [-1, 3]], lambda *x: torch.cat(x))
    yield case("concat-one", "concat", dict(dim=-1), [-1, 3], lambda x: x + 0)
    yield case("split-all", "split", dict(sizes=[2, 3], dim=1), [-1, 5], lambda x: x.split([2, 3], 1))
    yield case("split-zero", "split", dict(sizes=[0, 5], dim=-1), [-1, 5], lambda x: x.split([0, 5], -1))
    yield case("slice", "slice", dict(dim=1, start=1, end=4), [-1, 5], lambda x: x[:, 1:4])
    yield case("slice-step", "slice", dict(dim=1, start=-4, step=2), [-1, 5], lambda x: x[:, -4::2])
    yield case("slice-batch", "slice", dict(dim=0, start=1), [-1, 5], lambda x: x[1:])
    yield case("pad", "pad", dict(pad=[1, 2]), [-1, 5], lambda x: F.pad(x, (1, 2)))
    yield case("pad-value", "pad", dict(pad=[1, 2, 0, 1], value=2.5), [-1, 4, 5], lambda x: F.pad(x, (1, 2, 0, 1), value=2.5))
    for mode in ("reflect", "replicate", "circular"):
        yield case(f"pad-{mode}", "pad", dict(pad=[1, 2], mode=mode), [-1, 4, 5], lambda x, m=mode: F.pad(x, (1, 2), m))
    yield case("noise-zero", "noise", dict(std=0.0), [-1, 5], lambda x: x + 0)


class Attend(nn.MultiheadAttention):
    def __init__(self, causal, *arguments, **more):
        super().__init__(*arguments, **more)
        self.causal = causal

    def forward(self, q, k=None, v=None):
        k = q if k is None else k
        rows, columns = (q.shape[1], k.shape[1]) if self.batch_first else (q.shape[0], k.shape[0])
        mask = torch.ones(rows, columns, dtype=torch.bool).triu(1) if self.causal else None
        return super().forward(q, k, k if v is None else v, attn_mask=mask)[0]


def attention_cases():
    def case(tag, attributes, shapes, calls, causal=False, **more):
        config = dict(embed_dim=8, num_heads=2, batch_first=True) | more
        return node(f"op-attention-{tag}", "attention", dict(embed_dim=8, num_heads=2) | attributes, shapes, None,
                    torch_module=lambda: Attend(causal, **config), calls=calls)
    self_shape, three = [-1, -1, 8], [[-1, -1, 8]] * 3
    yield case("self", {}, self_shape, [((2, 3, 8),), ((1, 1, 8),), ((0, 3, 8),)])
    yield case("causal", dict(causal=True), self_shape, [((2, 4, 8),), ((2, 1, 8),)], causal=True)
    yield case("causal-dropout", dict(causal=True, dropout=0.2), self_shape, [((2, 4, 8),)], causal=True, dropout=0.2)
    yield case("dropout", dict(dropout=0.2), self_shape, [((2, 4, 8),)], dropout=0.2)
    yield case("no-bias", dict(bias=False), self_shape, [((2, 4, 8),)], bias=False)
    yield case("three", {}, three, [((2, 3, 8), (2, 5, 8), (2, 5, 8))])
    yield case("kdim", dict(kdim=5, vdim=6), [[-1, -1, 8], [-1, -1, 5], [-1, -1, 6]], [((2, 3, 8), (2, 4, 5), (2, 4, 6))],
               kdim=5, vdim=6)
    yield case("sequence-first", dict(batch_first=False), self_shape, [((4, 2, 8),)], batch_first=False)


def torch_cases():
    def case(name, config, shape, **more):
        return node(f"op-torch-{name}", f"torch.nn.{name}", config, shape, None,
                    torch_module=lambda: getattr(nn, name)(**config), **more)
    yield case("Linear", dict(in_features=5, out_features=4), [-1, 5])
    yield case("PReLU", dict(num_parameters=5), [-1, 5])
    yield case("BatchNorm2d", dict(num_features=3), [-1, 3, 4, 5])
    yield case("Bilinear", dict(in1_features=4, in2_features=5, out_features=2), [[-1, 4], [-1, 5]])
    yield case("GLU", {}, [-1, 6])
    yield case("MultiheadAttention", dict(embed_dim=8, num_heads=2, batch_first=True), [[-1, -1, 8]] * 3)
    yield case("TransformerEncoderLayer", dict(d_model=8, nhead=2, dim_feedforward=12, batch_first=True), [-1, -1, 8])
    yield case("LSTM", dict(input_size=5, hidden_size=4), [-1, -1, 5])
    yield case("AvgPool1d", dict(kernel_size=2), [-1, 3, 6])


def cases():
    for part in (activation_cases, module_cases, function_cases, attention_cases, torch_cases):
        yield from part()
