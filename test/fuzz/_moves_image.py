"""Moves for (batch, channels, height, width)."""
from _graph import is_static
from _moves_any import activation, maybe_activation


def spatial(size, kernel, stride=1, padding=0, dilation=1):
    """The size after a window; None where it does not fit. An open size is kept only by windows that keep all."""
    if isinstance(size, int):
        reach = size + 2 * padding - dilation * (kernel - 1) - 1
        return None if reach < 0 else reach // stride + 1
    return size if stride == 1 and 2 * padding == dilation * (kernel - 1) else None


def conv(b, x, out=None):
    channels = x.shape[1]
    if not isinstance(channels, int):
        return None
    kernel, stride, dilation = b.pick(1, 3, 3, 2), b.pick(1, 1, 1, 2), b.pick(1, 1, 1, 2)
    padding = dilation * (kernel - 1) // 2
    sizes = [spatial(s, kernel, stride, padding, dilation) for s in x.shape[2:]]
    if None in sizes:
        kernel = stride = dilation = 1
        padding, sizes = 0, list(x.shape[2:])
    groups = b.pick(1, 1, 1, channels)
    out = out or (groups * b.pick(1, 2) if groups > 1 else b.pick(1, 2, 3, 4, 6))
    groups = groups if out % groups == 0 else 1
    attributes = {"in_channels": channels, "out_channels": out, "kernel_size": kernel, "stride": stride,
                  "padding": padding, "dilation": dilation, "groups": groups}
    attributes |= {"bias": False} if b.chance(0.4) else {}
    return b.op("conv2d", attributes, [x], (x.shape[0], out, *sizes))


def conv_activation(b, x):
    y = conv(b, x)
    return y and maybe_activation(b, y, 0.8)


def transposed(b, x):
    if not is_static(x.shape[1:]):
        return None
    out, kernel, stride = b.pick(1, 2, 3, 4), b.pick(1, 2, 3), b.pick(1, 2)
    extra = b.pick(0, stride - 1)
    sizes = [(s - 1) * stride + kernel + extra for s in x.shape[2:]]
    if max(sizes) > 20:
        return None
    attributes = {"in_channels": x.shape[1], "out_channels": out, "kernel_size": kernel, "stride": stride,
                  "output_padding": extra}
    attributes |= {"bias": False} if b.chance(0.4) else {}
    if x.shape[1] % 2 == 0 and out % 2 == 0 and b.chance(0.4):
        attributes["groups"] = 2
    return b.op("conv_transpose2d", attributes, [x], (x.shape[0], out, *sizes))


def batch_norm(b, x):
    """None for images of one row or column: there torch's own backward is wrong when the gradient comes permuted."""
    if 1 in x.shape[2:]:
        return None
    more = {"affine": False} if b.chance(0.15) else {}
    more |= {"eps": 1e-3, "momentum": 0.3} if b.chance(0.3) else {}
    return b.op("normalization", {"type": "batch_norm", "num_features": x.shape[1]} | more, [x], x.shape)


def conv_norm(b, x):
    """A convolution and its batch norm, which fold, unless the value between is used twice."""
    y = (transposed if b.chance(0.25) else conv)(b, x)
    if not y:
        return None
    z = batch_norm(b, y)
    if not z:
        return y
    if b.chance(0.15):
        z = b.op("add", {}, [y, z], z.shape)
    z = b.op("scale", {"value": b.pick(0.5, -3.0)}, [z], z.shape) if b.chance(0.2) else z
    return maybe_activation(b, z)


def conv_residual(b, x):
    if not isinstance(x.shape[1], int):
        return None
    y = x
    for _ in range(b.pick(1, 2)):
        channels = x.shape[1]
        y = b.op("conv2d", {"in_channels": channels, "out_channels": channels, "kernel_size": 3, "padding": 1,
                            "bias": b.chance(0.5)}, [y], x.shape)
        y = batch_norm(b, y) or y if b.chance(0.7) else y
        y = maybe_activation(b, y, 0.4)
    y = b.op("add", {}, [x, y] if b.chance(0.5) else [y, x], x.shape)
    return maybe_activation(b, y)


def norm_first(b, x):
    """A batch norm or scale before the convolution: folds only without padding."""
    if not isinstance(x.shape[1], int):
        return None
    y = batch_norm(b, x) if b.chance(0.6) else b.op("scale", {"value": -0.5}, [x], x.shape)
    return y and conv(b, y)


def other_norm(b, x):
    channels = x.shape[1]
    if not isinstance(channels, int):
        return None
    more = {"affine": False} if b.chance(0.3) else {}
    if b.chance(0.5):
        groups = b.pick(*(g for g in (1, 2, 3, channels) if channels % g == 0))
        return b.op("normalization", {"type": "group_norm", "num_groups": groups, "num_channels": channels} | more, [x],
                    x.shape)
    if x.shape[2] == 1 and x.shape[3] == 1:
        return None  # torch refuses statistics of one value
    more = {"affine": True} if b.chance(0.5) else {}
    more |= {"track_running_stats": True} if b.chance(0.4) else {}
    return b.op("normalization", {"type": "instance_norm", "num_features": channels} | more, [x], x.shape)


def pool(b, x):
    kind, kernel = b.pick("max_pool2d", "avg_pool2d"), b.pick(2, 2, 3)
    stride = b.pick(1, 2)
    padding = 1 if kernel == 3 else 0
    sizes = [spatial(s, kernel, stride, padding) for s in x.shape[2:]]
    if None in sizes:
        return adaptive(b, x)
    attributes = {"type": kind, "kernel_size": kernel, "stride": stride, "padding": padding}
    return b.op("pooling", attributes, [x], (*x.shape[:2], *sizes))


def adaptive(b, x):
    size = b.pick([1, 1], [2, 2], [2, 3])
    return b.op("pooling", {"type": b.pick("adaptive_avg_pool2d", "adaptive_max_pool2d"), "output_size": size}, [x],
                (*x.shape[:2], *size))


def squeeze_excite(b, x):
    channels = x.shape[1]
    if not isinstance(channels, int):
        return None
    y = b.op("pooling", {"type": "adaptive_avg_pool2d", "output_size": 1}, [x], (*x.shape[:2], 1, 1))
    y = b.op("flatten", {}, [y], x.shape[:2])
    y = activation(b, b.op("linear", {"in_features": channels, "out_features": 3}, [y], (x.shape[0], 3)))
    y = b.op("linear", {"in_features": 3, "out_features": channels}, [y], x.shape[:2])
    y = b.op("activation", {"type": b.pick("sigmoid", "hardsigmoid")}, [y], y.shape)
    y = b.op("reshape", {"shape": [-1, channels, 1, 1]}, [y], (*x.shape[:2], 1, 1))
    return b.op("multiply", {}, [x, y], x.shape)


def channels_last(b, x):
    channels = x.shape[1]
    if not isinstance(channels, int):
        return None
    y = b.op("permute", {"dims": [0, 2, 3, 1]}, [x], (x.shape[0], *x.shape[2:], channels))
    out = b.pick(2, 3, channels)
    if b.chance(0.6):
        y = b.op("normalization", {"type": "layer_norm", "normalized_shape": [channels]}, [y], y.shape)
    y = b.op("linear", {"in_features": channels, "out_features": out}, [y], y.shape[:3] + (out,))
    y = maybe_activation(b, y)
    return b.op("permute", {"dims": [0, 3, 1, 2]}, [y], (x.shape[0], out, *x.shape[2:]))


def pixels(b, x):
    if not is_static(x.shape[1:]):
        return None
    batch, channels, height, width = x.shape
    if channels % 4 == 0 and b.chance(0.5):
        return b.op("torch.nn.PixelShuffle", {"upscale_factor": 2}, [x], (batch, channels // 4, height * 2, width * 2))
    if max(height, width) <= 8:
        return b.op("torch.nn.Upsample", {"scale_factor": 2.0, "mode": b.pick("nearest", "bilinear")}, [x],
                    (batch, channels, height * 2, width * 2))
    return None


def to_tokens(b, x):
    """Positions are pixels, features are channels."""
    if not is_static(x.shape[1:]):
        return b.op("reduce", {"operation": b.pick("mean", "max"), "dim": [2, 3]}, [x], x.shape[:2])
    count = x.shape[2] * x.shape[3]
    y = b.op("flatten", {"start_dim": 2}, [x], (*x.shape[:2], count))
    return b.op("transpose", {"dim0": 1, "dim1": 2}, [y], (x.shape[0], count, x.shape[1]))


def to_vector(b, x):
    y = b.op("pooling", {"type": "adaptive_avg_pool2d", "output_size": 1}, [x], (*x.shape[:2], 1, 1))
    return b.op("flatten", {}, [y], x.shape[:2])


def feature_dropout(b, x):
    return b.op("torch.nn.Dropout2d", {"p": 0.3}, [x], x.shape)


MOVES = ((5, conv_activation), (8, conv_norm), (4, conv_residual), (3, norm_first), (2, other_norm), (3, pool),
         (1, adaptive), (2, squeeze_excite), (2, channels_last), (1, pixels), (1, to_tokens), (2, to_vector),
         (1, feature_dropout), (2, transposed))
