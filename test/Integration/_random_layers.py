"""Moves of random modules that make a layer of torch.nn, or call its functional form, by the rank of a value."""

ACTIVATIONS = ("nn.ReLU()", "nn.GELU()", "nn.Tanh()", "nn.SiLU()", "nn.LeakyReLU(0.1)", "nn.ELU()", "nn.PReLU()", "nn.Softplus()", "nn.Hardswish()",
               "nn.Mish()", "nn.Sigmoid()", "nn.ReLU6()", "nn.Softsign()", "nn.Identity()", "nn.GELU(approximate='tanh')", "nn.Softmax(dim=-1)",
               "nn.Dropout(0.2)", "nn.LogSoftmax(dim=-1)", "nn.CELU()", "nn.Threshold(0.1, 0.2)", "nn.Hardtanh()")


def applied(c, layer, v):
    return c.let(f"{c.state('layer', layer)}({v})")


def _odd(c, size):
    """A window of at most `size`."""
    return c.pick(*[k for k in (1, 2, 3) if k <= size] or [1])


def linear(c):
    v = c.value()
    size, out = c[v].shape[-1], c.width()
    bias = c.pick("", ", bias=False")
    made = c.pick("one", "one", "twice", "block", "functional", "bilinear")
    if made == "one":
        return applied(c, f"nn.Linear({size}, {out}{bias})", v)
    if made == "twice":
        layer = c.state("layer", f"nn.Linear({size}, {size})")
        return c.let(f"{layer}({c.pick('F.relu', 'torch.tanh')}({layer}({v})))")
    if made == "block":
        norm = c.pick("nn.Identity()", f"nn.LayerNorm({out})", "nn.Dropout(0.3)")
        layer = c.state("layer", f"nn.Sequential(nn.Linear({size}, {out}), {norm}, {c.pick(*ACTIVATIONS)}, nn.Linear({out}, {size}))")
        return c.let(f"{v} + {layer}({v})")
    if made == "functional":
        weight = c.parameter(out, size)
        return c.let(c.pick(f"F.linear({v}, {weight})", f"F.linear({v}, {weight}, {c.parameter(out)})", f"{v} @ {weight}.t()",
                            f"torch.matmul({v}, {weight}.transpose(0, 1))"))
    w = c.like(v)
    return c.let(f"{c.state('layer', f'nn.Bilinear({size}, {size}, {out})')}({v}, {w})")


def stacked(c):
    """A list of layers, in a loop."""
    v = c.value()
    size = c[v].shape[-1]
    layers = c.state("layers", f"nn.ModuleList([nn.Linear({size}, {size}) for _ in range({c.pick(1, 2, 3)})])")
    name = c.fresh("v")
    step = c.pick(f"{name} = {name} + layer({name})", f"{name} = torch.relu(layer({name}))", f"{name} = layer({name}) * {v}")
    c.run(f"{name} = {v}\nfor layer in {layers}:\n    {step}")
    c.keep(name)


def activated(c):
    applied(c, c.pick(*ACTIVATIONS), c.value())


def normed(c):
    v = c.value()
    sizes = list(c[v].shape[c.pick(-1, -1, 1 - c[v].dim()) or -1:])
    affine = c.pick("", ", elementwise_affine=False", ", eps=1e-3")
    c.pick(lambda: applied(c, f"nn.LayerNorm({sizes}{affine})", v), lambda: applied(c, f"nn.RMSNorm({sizes}{affine})", v),
           lambda: c.let(f"F.layer_norm({v}, {sizes})"), lambda: c.let(f"F.rms_norm({v}, {sizes})"),
           lambda: c.let(f"F.layer_norm({v}, ({sizes[-1]},), {c.parameter(sizes[-1])}, {c.parameter(sizes[-1])})"))()


def normed_channels(c):
    v = c.value()
    count, rank = c[v].shape[1], c[v].dim()
    name = {2: "1d", 3: "1d", 4: "2d", 5: "3d"}[rank]
    groups = c.pick(*[g for g in (1, 2, 3, count) if count % g == 0])
    applied(c, c.pick(f"nn.BatchNorm{name}({count}{c.pick('', ', affine=False', ', momentum=0.3', ', momentum=None', ', track_running_stats=False')})",
                      f"nn.GroupNorm({groups}, {count}{c.pick('', ', affine=False')})", f"nn.InstanceNorm{name}({count}{c.pick('', ', affine=True')})"), v)


def sequence(c):
    """Values of rank 3: batch, positions, width."""
    v = c.value(3)
    width = c[v].shape[-1]
    heads = c.pick(*[h for h in (1, 2, 4) if width % h == 0])
    kind = c.pick("attention", "sdpa", "block", "recurrent", "product", "conv")
    if kind == "attention":
        layer = c.state("attention", f"nn.MultiheadAttention({width}, {heads}, batch_first=True{c.pick('', ', bias=False', ', dropout=0.1')})")
        c.let(f"{layer}({v}, {v}, {v}{c.pick('', ', need_weights=False')})[0]")
    elif kind == "sdpa":
        w = c.pick(v, c.let(f"{c.state('layer', f'nn.Linear({width}, {width})')}({v})"))
        c.let(c.pick(f"F.scaled_dot_product_attention({v}, {w}, {w})", f"F.scaled_dot_product_attention({v}, {w}, {w}, is_causal=True)",
                     f"torch.softmax({v} @ {w}.transpose(-2, -1) / math.sqrt({width}), dim=-1) @ {w}"))
    elif kind == "block":
        applied(c, f"nn.TransformerEncoderLayer({width}, {heads}, {c.width()}, dropout={c.pick(0.0, 0.1)}, batch_first=True"
                   f"{c.pick('', ', norm_first=True')}, activation={c.pick(repr('relu'), repr('gelu'))})", v)
    elif kind == "recurrent":
        out = c.width()
        layer = c.state("layer", f"nn.{c.pick('LSTM', 'GRU', 'RNN')}({width}, {out}, batch_first=True"
                                 f"{c.pick('', ', bidirectional=True', ', num_layers=2', ', bias=False')})")
        c.let(c.pick(f"{layer}({v})[0]", f"{layer}({v})[0][:, -1]"))
    elif kind == "product":
        c.let(c.pick(f"torch.bmm({v}, {v}.transpose(1, 2))", f"{v} @ {v}.transpose(-1, -2)", f"torch.matmul({v}.transpose(1, 2), {c.like(v)})"))
    else:
        window = _odd(c, width)
        applied(c, c.pick(f"nn.Conv1d({c[v].shape[1]}, {c.width()}, {window}{c.pick('', ', padding=1', ', bias=False', ', stride=2')})",
                          f"nn.ConvTranspose1d({c[v].shape[1]}, {c.width()}, {window})", f"nn.MaxPool1d({window})", f"nn.AvgPool1d({window})",
                          f"nn.AdaptiveAvgPool1d({c.pick(1, 2)})", f"nn.AdaptiveMaxPool1d({c.pick(1, 2)})", "nn.Dropout1d(0.3)"), v)


def image(c):
    """Values of rank 4: batch, channels, height, width."""
    v = c.value(4)
    count, side = c[v].shape[1], min(c[v].shape[2:])
    out, k = c.width(), _odd(c, side)
    groups = c.pick(*[g for g in (1, 2, count) if count % g == 0])
    applied(c, c.pick(
        f"nn.Conv2d({count}, {out}, {k}{c.pick('', ', padding=1', ', stride=2', ', bias=False', ', dilation=2, padding=2')})",
        f"nn.Conv2d({count}, {count * groups}, {k}, groups={groups}, padding={c.pick(0, 1, repr('same'))})",
        f"nn.Conv2d({count}, {out}, ({k}, 1), padding=(1, 0), padding_mode={c.pick(repr('zeros'), repr('reflect'), repr('circular'))})",
        f"nn.ConvTranspose2d({count}, {out}, {k}{c.pick('', ', stride=2', ', padding=1', ', stride=2, output_padding=1')})",
        f"nn.MaxPool2d({k}{c.pick('', ', stride=1', ', ceil_mode=True', ', stride=2')})", f"nn.AvgPool2d({k}{c.pick('', ', stride=1', ', ceil_mode=True', ', count_include_pad=False')})",
        f"nn.AdaptiveAvgPool2d({c.pick(1, 2, (2, 1), (None, 1))})", f"nn.AdaptiveMaxPool2d({c.pick(1, 2)})", "nn.Dropout2d(0.3)", f"nn.PReLU({count})",
        f"nn.Upsample(scale_factor=2{c.pick('', ', mode=' + repr('bilinear'), ', mode=' + repr('bilinear') + ', align_corners=True')})",
        f"nn.ZeroPad2d({c.pick(1, (0, 1, 1, 0))})", f"nn.ReflectionPad2d({c.pick(1, (0, 1, 1, 0))})", "nn.ReplicationPad2d(1)", "nn.LocalResponseNorm(2)",
        f"nn.Sequential(nn.Conv2d({count}, {out}, 1), nn.BatchNorm2d({out}), nn.ReLU())", "nn.PixelShuffle(2)", "nn.PixelUnshuffle(2)",
        f"nn.ChannelShuffle({groups})", "nn.Softmax2d()", "nn.Flatten()", "nn.Flatten(2)", f"nn.LPPool2d(2, {k})"), v)


def image_functional(c):
    v = c.value(4)
    count, k = c[v].shape[1], _odd(c, min(c[v].shape[2:]))
    c.let(c.pick(f"F.max_pool2d({v}, {k})", f"F.avg_pool2d({v}, {k}, stride=1)", f"F.adaptive_avg_pool2d({v}, 1)", f"F.adaptive_avg_pool2d({v}, (2, 2)).flatten(1)",
                 f"F.interpolate({v}, scale_factor=2.0, mode={c.pick(repr('nearest'), repr('bilinear'))})", f"F.interpolate({v}, size=(3, 4))",
                 f"F.conv2d({v}, {c.parameter(c.width(), count, k, k)}, padding=1)", f"F.pad({v}, (1, 0, 0, 1))", f"F.pad({v}, (1, 1, 1, 1), mode='reflect')",
                 f"F.unfold({v}, {k})", f"F.pixel_shuffle({v}, 2)", f"F.group_norm({v}, 1)", f"F.batch_norm({v}, None, None, training=True)", f"{v}.mean((2, 3))",
                 f"{v}.mean(dim=[-2, -1], keepdim=True) * {v}", f"{v}.amax((2, 3))", f"{v}.flatten(2).transpose(1, 2)", f"F.instance_norm({v})",
                 f"{v}.permute(0, 2, 3, 1)", f"F.local_response_norm({v}, 3)", f"F.lp_pool2d({v}, 2, {k})", f"F.interpolate({v}, scale_factor=0.5)"))


def tokens(c):
    """An input of integers and its table."""
    count, width = c.pick(2, 3, 5), c.width()
    positions = c.pick((), (3,), (2,))
    x = c.input(*positions, below=count)
    table = c.state("layer", f"nn.Embedding({count}, {width})")
    c.let(c.pick(f"{table}({x})", f"{table}({x}) * {c.number()}", f"F.embedding({x}, {table}.weight)", f"{table}({x}) + {x}.unsqueeze(-1)",
                 f"{table}({x})" if not positions else f"{table}({x}).sum(1)"))


def mixed(c):
    """Of tokens that are there: one-hot, comparison with numbers."""
    width, x = c.pick(3, 4), None
    x = c.input(below=width)
    c.let(c.pick(f"F.one_hot({x}, {width}).float() * {c.value(2)}[:, :1]", f"({x} > 1).float().unsqueeze(-1) * {c.value(2)}", f"{c.value(2)} * ({x} % 2).unsqueeze(1)",
                 f"torch.where({x}.unsqueeze(-1) == 0, {c.value(2)}, 0.5)"))


def folded(c):
    """Positions join the batch for a while."""
    v = c.value(3)
    _, positions, width = c[v].shape
    layer = c.state("layer", f"nn.Linear({width}, {c.width()})")
    c.let(c.pick(f"{layer}({v}.reshape(-1, {width})).reshape({v}.shape[0], {positions}, -1)", f"{layer}({v}.flatten(0, 1)).view({v}.shape[0], {positions}, -1)",
                 f"{layer}({v}.view(-1, {v}.shape[-1])).view(*{v}.shape[:-1], -1)", f"{layer}({v}.transpose(0, 1)).transpose(0, 1)",
                 f"{v}.unflatten(-1, (-1, 1)).transpose(1, 2).flatten(2)"))


def heads(c):
    """Attention by hand, the heads cut out of one projection."""
    v = c.value(3)
    _, positions, width = c[v].shape
    count = c.pick(*[h for h in (1, 2) if width % h == 0])
    qkv, q, k, u = c.state("layer", f"nn.Linear({width}, {3 * width})"), c.fresh("v"), c.fresh("v"), c.fresh("v")
    cut = f".view({v}.shape[0], {v}.shape[1], {count}, {width // count}).transpose(1, 2)"
    c.run(f"{q}, {k}, {u} = {qkv}({v}).chunk(3, dim=-1)")
    c.let(f"(torch.softmax({q}{cut} @ {k}{cut}.transpose(-2, -1) * {(width // count) ** -0.5}, dim=-1) @ {u}{cut})"
          + f".transpose(1, 2).reshape({v}.shape[0], {v}.shape[1], {width})")


def tied(c):
    """One weight in two layers."""
    v = c.value()
    size = c[v].shape[-1]
    first, second = c.state("layer", f"nn.Linear({size}, {size})"), c.state("layer", f"nn.Linear({size}, {size})")
    c.run(f"{second}.weight = {first}.weight", c.init)
    c.let(f"{second}(torch.tanh({first}({v})))")


def products(c):
    v = c.value(3)
    w = c.like(v)
    c.let(c.pick(f"torch.einsum('bij,bkj->bik', {v}, {w})", f"torch.einsum('bij,bij->bi', {v}, {w})", f"torch.einsum('bij->bji', {v})",
                 f"torch.einsum('bij,bik->bjk', {v}, {w})", f"torch.baddbmm({v} @ {w}.mT, {v}, {w}.mT)", f"torch.tensordot({v}, {c.parameter(c[v].shape[-1], 3)}, dims=1)",
                 f"torch.cdist({v}, {w} + 0.3)", f"torch.linalg.matrix_norm({v})", f"torch.cross({v}[..., :3], {w}[..., :3], dim=-1)"))


LAYERS = (linear, linear, stacked, activated, normed)
LAYERS_TRACED = (normed_channels, sequence, sequence, image, image, image, image_functional, image_functional, tokens, mixed, folded, heads, tied, products)
LAYERS_TEXT = (tokens, mixed, heads)
