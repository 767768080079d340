"""Form 1d: the classes of the closed list, each under several constructor arguments."""
import torch
from torch import nn

from _forms import module


def kept(shape_by_class):
    for (name, tag, config), shapes in shape_by_class:
        calls = [s if s and isinstance(s[0], (tuple, torch.Tensor)) else (s,) for s in shapes]
        yield module(f"nn-{name}{'-' + tag if tag else ''}", name, config, calls)


def rows(name, *entries):
    for number, (config, *shapes) in enumerate(entries):
        yield (name, str(number), config), shapes


def linear_rows():
    yield from rows("Linear", (dict(in_features=6, out_features=4), (3, 6), (6,), (2, 3, 6), (0, 6)),
                    (dict(in_features=6, out_features=4, bias=False), (3, 6)),
                    (dict(in_features=1, out_features=1), (3, 1)))
    yield from rows("Bilinear", (dict(in1_features=5, in2_features=3, out_features=4), ((2, 5), (2, 3))),
                    (dict(in1_features=5, in2_features=3, out_features=4, bias=False), ((2, 4, 5), (2, 4, 3))))
    yield from rows("Identity", ({}, (2, 3)))


def convolution_rows():
    two = dict(in_channels=4, out_channels=6)
    yield from rows("Conv1d", (dict(two, kernel_size=3), (2, 4, 9)), (dict(two, kernel_size=[2], groups=2), (2, 4, 9)),
                    (dict(two, kernel_size=3, padding="same", dilation=2), (2, 4, 9)),
                    (dict(two, kernel_size=3, padding=2, padding_mode="circular"), (2, 4, 9)))
    yield from rows("Conv2d", (dict(two, kernel_size=3), (2, 4, 9, 7)),
                    (dict(two, kernel_size=[3, 2], stride=[2, 1], padding=[1, 0], dilation=[1, 2]), (2, 4, 9, 7)),
                    (dict(two, kernel_size=2, padding="same"), (2, 4, 9, 7)),
                    (dict(two, kernel_size=3, padding="valid", bias=False), (2, 4, 9, 7)),
                    *[(dict(two, kernel_size=3, padding=1, padding_mode=m), (2, 4, 9, 7))
                      for m in ("zeros", "reflect", "replicate", "circular")],
                    (dict(two, kernel_size=[4, 3], padding="same", padding_mode="reflect"), (2, 4, 9, 7)),
                    (dict(in_channels=4, out_channels=8, kernel_size=3, groups=4), (2, 4, 9, 7), (0, 4, 9, 7)))
    yield from rows("Conv3d", (dict(in_channels=2, out_channels=3, kernel_size=2), (2, 2, 4, 5, 3)),
                    (dict(in_channels=2, out_channels=3, kernel_size=[1, 2, 3], padding=1, stride=2), (2, 2, 4, 5, 3)))
    yield from rows("ConvTranspose1d", (dict(two, kernel_size=3), (2, 4, 5)),
                    (dict(two, kernel_size=3, stride=2, padding=1, output_padding=1, groups=2), (2, 4, 5)))
    yield from rows("ConvTranspose2d", (dict(two, kernel_size=3), (2, 4, 5, 4)),
                    (dict(two, kernel_size=[3, 2], stride=[2, 3], padding=[1, 0], output_padding=[1, 2]), (2, 4, 5, 4)),
                    (dict(two, kernel_size=3, dilation=2, bias=False, groups=2), (2, 4, 5, 4)))
    yield from rows("ConvTranspose3d", (dict(in_channels=2, out_channels=3, kernel_size=2, stride=2), (1, 2, 2, 3, 2)))


def norm_rows():
    shapes = {1: (4, 5, 6), 2: (4, 5, 3, 4), 3: (3, 5, 2, 3, 2)}
    for n, shape in shapes.items():
        yield from rows(f"BatchNorm{n}d", (dict(num_features=5), shape),
                        (dict(num_features=5, affine=False, momentum=0.3), shape),
                        (dict(num_features=5, track_running_stats=False, eps=0.1), shape))
        yield from rows(f"InstanceNorm{n}d", (dict(num_features=5), shape), (dict(num_features=5, affine=True), shape),
                        (dict(num_features=5, affine=True, track_running_stats=True), shape))
    yield (("BatchNorm1d", "flat", dict(num_features=5)), [(4, 5)])
    yield from rows("LayerNorm", (dict(normalized_shape=4), (3, 4), (4,), (2, 3, 4)),
                    (dict(normalized_shape=[3, 4], eps=0.01), (2, 3, 4), (2, 2, 3, 4)),
                    (dict(normalized_shape=4, bias=False), (3, 4)),
                    (dict(normalized_shape=[4], elementwise_affine=False), (3, 4)), (dict(normalized_shape=1), (3, 1)))
    yield from rows("RMSNorm", (dict(normalized_shape=4), (3, 4)), (dict(normalized_shape=[3, 4], eps=0.01), (2, 3, 4)),
                    (dict(normalized_shape=4, elementwise_affine=False), (3, 4)))
    yield from rows("GroupNorm", (dict(num_groups=2, num_channels=6), (2, 6, 5), (2, 6, 3, 3), (3, 6)),
                    (dict(num_groups=6, num_channels=6, affine=False), (2, 6, 5)),
                    (dict(num_groups=1, num_channels=6, eps=0.1), (2, 6, 5)))
    yield from rows("LocalResponseNorm", (dict(size=3), (2, 6, 5, 4)), (dict(size=2, alpha=0.1, beta=0.5, k=2.0), (2, 6, 5, 4)))


def activation_rows():
    for name in ("ReLU ReLU6 LeakyReLU ELU SELU CELU GELU SiLU Mish Sigmoid Tanh LogSigmoid Hardswish Hardsigmoid "
                 "Hardtanh Softplus Softsign Tanhshrink Softshrink Hardshrink").split():
        yield (name, "default", {}), [(3, 5), (2, 3, 4), (7,)]
    yield from rows("LeakyReLU", (dict(negative_slope=0.2), (3, 5)))
    yield from rows("ELU", (dict(alpha=0.5), (3, 5)))
    yield from rows("CELU", (dict(alpha=2.0), (3, 5)))
    yield from rows("GELU", (dict(approximate="tanh"), (3, 5)), (dict(approximate="none"), (3, 5)))
    yield from rows("Softplus", (dict(beta=2.0, threshold=1.0), (3, 5)))
    yield from rows("Hardtanh", (dict(min_val=-0.5, max_val=0.25), (3, 5)))
    yield from rows("Threshold", (dict(threshold=0.1, value=2.0), (3, 5)))
    yield from rows("Softshrink", (dict(lambd=0.2), (3, 5)))
    yield from rows("Hardshrink", (dict(lambd=0.2), (3, 5)))
    yield from rows("PReLU", ({}, (3, 5)), (dict(num_parameters=5, init=0.1), (3, 5), (2, 5, 4)))
    yield from rows("RReLU", ({}, (3, 5), (2, 3, 4), (7,)), (dict(lower=-0.5, upper=2), (40, 30)),
                    (dict(lower=0.25, upper=0.25), (3, 5)))
    for name in ("Softmax", "Softmin", "LogSoftmax"):
        yield from rows(name, (dict(dim=-1), (3, 5)), (dict(dim=1), (3, 5), ), (dict(dim=0), (3, 5)))
    yield from rows("Softmax2d", ({}, (2, 3, 4, 5)))
    yield from rows("GLU", ({}, (3, 6)), (dict(dim=1), (3, 6)))


def pool_rows():
    shapes = {1: (2, 3, 11), 2: (2, 3, 11, 9), 3: (2, 3, 7, 8, 6)}
    for n, s in shapes.items():
        yield from rows(f"MaxPool{n}d", (dict(kernel_size=2), s), (dict(kernel_size=3, stride=2, padding=1), s),
                        (dict(kernel_size=3, stride=2, ceil_mode=True, dilation=1), s),
                        (dict(kernel_size=2, stride=1, dilation=2), s))
        yield from rows(f"AvgPool{n}d", (dict(kernel_size=2), s), (dict(kernel_size=3, stride=2, padding=1), s),
                        (dict(kernel_size=3, stride=2, padding=1, count_include_pad=False, ceil_mode=True), s))
        yield from rows(f"LPPool{n}d", (dict(norm_type=2.0, kernel_size=2), s),
                        (dict(norm_type=1, kernel_size=3, stride=2, ceil_mode=True), s))
        yield from rows(f"AdaptiveAvgPool{n}d", (dict(output_size=1), s), (dict(output_size=4), s))
        yield from rows(f"AdaptiveMaxPool{n}d", (dict(output_size=1), s), (dict(output_size=3), s))
    yield (("AdaptiveAvgPool2d", "none", dict(output_size=[None, 3])), [(2, 3, 5, 7)])
    yield (("AvgPool2d", "divisor", dict(kernel_size=[2, 3], divisor_override=5)), [(2, 3, 5, 7)])
    yield (("MaxPool2d", "pair", dict(kernel_size=[2, 3], stride=[1, 2])), [(2, 3, 5, 7)])


def padding_rows():
    shapes = {1: (2, 3, 5), 2: (2, 3, 5, 6), 3: (2, 3, 4, 5, 6)}
    for n, s in shapes.items():
        yield from rows(f"ConstantPad{n}d", (dict(padding=1, value=0.5), s),
                        (dict(padding=[1, 2, 0, 1, -1, 2][:2 * n], value=3.0), s))
        for kind in ("Zero", "Reflection", "Replication", "Circular"):
            yield from rows(f"{kind}Pad{n}d", (dict(padding=2), s), (dict(padding=[1, 2, 0, 1, 3, 0][:2 * n]), s))


def dropout_rows():
    for p in (0.0, 0.3, 1.0):
        for name, shape in (("Dropout", (4, 5)), ("Dropout1d", (4, 5, 3)), ("Dropout2d", (4, 5, 3, 2)),
                            ("Dropout3d", (2, 5, 3, 2, 2)), ("AlphaDropout", (4, 5)), ("FeatureAlphaDropout", (4, 5, 3))):
            yield (name, str(p), dict(p=p)), [shape]


def shape_rows():
    yield from rows("Flatten", ({}, (2, 3, 4)), (dict(start_dim=0), (2, 3, 4)), (dict(start_dim=1, end_dim=2), (2, 3, 4, 5)))
    yield from rows("Unflatten", (dict(dim=1, unflattened_size=[2, 3]), (4, 6)), (dict(dim=-1, unflattened_size=[2, -1]), (4, 6)))
    yield from rows("PixelShuffle", (dict(upscale_factor=2), (2, 8, 3, 4)))
    yield from rows("PixelUnshuffle", (dict(downscale_factor=2), (2, 3, 4, 6)))
    yield from rows("ChannelShuffle", (dict(groups=2), (2, 6, 3, 4)))
    yield from rows("Upsample", (dict(scale_factor=2), (2, 3, 4, 5)), (dict(size=[7, 9]), (2, 3, 4, 5)),
                    (dict(size=[7, 9], mode="nearest-exact"), (2, 3, 4, 5)),
                    (dict(scale_factor=1.5, mode="nearest-exact"), (2, 3, 4, 5)),
                    (dict(scale_factor=2.0, mode="bilinear"), (2, 3, 4, 5)),
                    (dict(scale_factor=[1.5, 2.0], mode="bilinear", align_corners=True), (2, 3, 4, 5)),
                    (dict(scale_factor=2, mode="bicubic"), (2, 3, 4, 5)), (dict(size=9, mode="linear"), (2, 3, 4)),
                    (dict(scale_factor=2, mode="trilinear"), (2, 3, 2, 3, 2)))
    yield from rows("UpsamplingNearest2d", (dict(scale_factor=2), (2, 3, 4, 5)))
    yield from rows("UpsamplingBilinear2d", (dict(size=5), (2, 3, 4, 4)))


def table_rows():
    ids = torch.tensor([[1, 2, 3], [4, 1, 0]])
    flat = torch.tensor([3, 1, 1])
    table = dict(num_embeddings=5, embedding_dim=3)
    yield from rows("Embedding", (table, (ids,), (flat,)), (dict(table, padding_idx=1), (ids,)),
                    (dict(table, padding_idx=-1, scale_grad_by_freq=True), (ids,)))
    padded = torch.tensor([[1, 2, 3], [2, 2, 4], [2, 2, 2], [0, 1, 3]])
    yield from rows("EmbeddingBag", *[(dict(table, mode=mode), (ids,)) for mode in ("sum", "mean", "max")],
                    *[(dict(table, mode=mode, padding_idx=row), (padded,), (ids,))
                      for mode, row in (("sum", 2), ("mean", 2), ("max", 2), ("mean", -3), ("max", 0))])


def cases():
    for part in (linear_rows, convolution_rows, norm_rows, activation_rows, pool_rows, padding_rows, dropout_rows,
                 shape_rows, table_rows):
        yield from kept(part())
