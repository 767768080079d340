"""Moves of random modules that take values of any rank: functions, arithmetic, conditions, reductions, shapes, state.

A move appends statements to a Sketch; whatever torch refuses is taken back, so a move need not look whether it fits.
`MOVES` are for both importers, `MOVES_TRACED` for models that torch.export traces.
"""
FUNCTIONS = ("F.relu({v})", "torch.sigmoid({v})", "torch.tanh({v})", "F.gelu({v})", "F.gelu({v}, approximate='tanh')", "F.silu({v})",
             "F.elu({v}, 0.7)", "F.leaky_relu({v}, 0.2)", "F.softplus({v})", "F.mish({v})", "F.hardswish({v})", "F.hardsigmoid({v})",
             "F.softsign({v})", "F.selu({v})", "F.celu({v}, 1.3)", "F.logsigmoid({v})", "F.hardtanh({v}, -0.7, 0.6)", "F.relu6({v})",
             "torch.exp(-{v}.abs())", "torch.log1p({v}.abs())", "torch.sqrt({v}.abs() + 0.1)", "torch.rsqrt({v} * {v} + 0.5)",
             "torch.sin({v})", "{v}.cos()", "{v}.clamp(-0.5, 0.8)", "torch.clamp({v}, min=-0.3)", "{v}.clamp(max=0.4)", "{v} ** 2",
             "{v}.pow(3)", "{v}.abs()", "-{v}", "{v}.square()", "torch.reciprocal({v}.abs() + 1)", "torch.log({v}.abs() + 0.2)",
             "{v}.abs() ** 1.5", "torch.sign({v}) * 0.5", "torch.round({v} * 4) / 4", "torch.floor({v} * 3)", "{v}.relu()", "{v}.sigmoid()",
             "torch.square({v}).neg()", "torch.threshold({v}, 0.1, -0.2)", "F.threshold({v}, 0.1, -0.2)", "F.tanhshrink({v})",
             "F.softshrink({v}, 0.3)", "F.hardshrink({v}, 0.3)", "torch.abs({v}).exp().log()", "1 - {v}", "2 / (1 + {v}.abs())",
             "{v} % 1.5", "{v}.detach() // 0.1 + {v}", "torch.ceil({v})", "{v}.detach() * {v}", "{v} * math.sqrt(2.0)", "{v}.contiguous() + 0.5")
FUNCTIONS_TRACED = ("torch.expm1({v})", "torch.erf({v})", "torch.atan({v})", "torch.sinh({v} * 0.3)", "torch.cosh({v} * 0.3)",
                    "torch.asinh({v})", "torch.tan({v} * 0.2)", "torch.exp2({v} * 0.2)", "torch.log2({v}.abs() + 0.3)",
                    "torch.frac({v})", "torch.trunc({v} * 2)", "torch.nan_to_num({v})", "{v}.clone().mul_(0.5)", "torch.logit({v}.sigmoid(), 1e-3)",
                    "torch.sinc({v})", "F.relu({v}.clone(), inplace=True)", "torch.fmod({v}, 0.7)", "torch.remainder({v}, 0.7)",
                    "torch.clamp_min({v}, -0.2)", "torch.special.expit({v})", "F.rrelu({v}, 0.1, 0.3, training=False)",
                    "torch.deg2rad({v})", "torch.heaviside({v}, torch.ones_like({v})) * {v}", "torch.positive({v})", "torch.pow(1.5, {v} * 0.2)",
                    "torch.cos({v}).asin()", "torch.atanh(torch.tanh({v}) * 0.9)", "{v}.clone().clamp_(-1, 1)", "torch.xlogy({v}, {v}.abs() + 1)")
PAIRS = ("{v} + {w}", "{v} - {w}", "{v} * {w}", "{v} / ({w}.abs() + 0.5)", "torch.maximum({v}, {w})", "torch.minimum({v}, {w})",
         "torch.lerp({v}, {w}, 0.3)", "torch.where({v} > {w}, {v}, 0.1 * {w})", "torch.add({v}, {w}, alpha=0.5)", "torch.sub({v}, {w}, alpha=2)",
         "torch.where({v} > 0.2, {v}, {w})", "{v} * ({w} > 0.1).to({v}.dtype)", "{v}.masked_fill({w} > 0.3, 0.0)",
         "torch.where(({v} > 0.1) & ({w} < 0.5), {v}, {w})", "torch.where(({v} >= {w}) | ~({w} <= 0.1), {v} * 2, -{w})",
         "{v} * torch.sigmoid({w})", "torch.where({v}.abs() > 0.4, torch.zeros_like({v}), {w})", "{v} + ({v} != {w}).float() * {w}",
         "torch.logical_and({v} > 0, {w} > 0).float() * {v}", "{v}.mul({w}).add({v})", "torch.cat([{v}, {w}], dim={d})",
         "torch.stack([{v}, {w}], dim={d})", "torch.cat(({w}, {v}, {w}), dim=-1)")
PAIRS_TRACED = ("torch.addcmul({v}, {w}, {w}, value=0.5)", "torch.addcdiv({v}, {w}, {v}.abs() + 1)", "torch.hypot({v}, {w} + 0.3)",
                "torch.atan2({v}, {w}.abs() + 0.2)", "torch.fmax({v}, {w})", "torch.logaddexp({v}, {w})", "torch.rsub({v}, {w})",
                "torch.logical_xor({v} > 0, {w} > 0) * {v}", "torch.dist({v}, {w}) * {v}", "torch.copysign({v}, {w})",
                "torch.isclose({v}, {w}).float() + {v}", "F.mse_loss({v}, {w}) + {v}", "F.smooth_l1_loss({v}, {w}) * {w}",
                "F.cosine_similarity({v}, {w}, dim={d})", "F.l1_loss({v}, {w}, reduction='none')", "F.huber_loss({v}, {w}) + {w}",
                "F.kl_div(F.log_softmax({v}, -1), F.softmax({w}, -1), reduction='batchmean') + {v}", "torch.fmod({v}, {w}.abs() + 0.3)",
                "torch.hstack([{v}, {w}])", "torch.dstack([{v}, {w}])", "F.pairwise_distance({v}, {w})", "({v} * {w}).clone().add_({w})")
ALONG = ("{v}.mean({d}, keepdim=True) + {v}", "{v} - {v}.mean(dim={d}, keepdim=True)", "{v}.sum({d})", "{v}.mean({d})", "{v}.amax({d})",
         "{v}.amin(dim={d}, keepdim=True)", "{v}.var({d})", "{v}.std(dim={d}, unbiased=False)", "F.softmax({v}, dim={d})", "F.log_softmax({v}, {d})",
         "F.normalize({v}, dim={d})", "{v}.max({d})[0]", "{v}.max(dim={d}).values", "{v}.norm(dim={d}, keepdim=True) * {v}", "{v}.softmax({d})",
         "{v}.topk(1, dim={d})[0]", "{v} / ({v}.norm(p=2, dim={d}, keepdim=True) + 0.1)", "torch.sum({v}, dim={d}, keepdim=True) * {v}",
         "{v}.argmax({d}, keepdim=True) * 0.1 + {v}", "{v}.min({d})[0]", "{v}.mean((0, {d}))+ {v}.mean()", "{v}.sum(-1, keepdim=True).expand_as({v})",
         "torch.var({v}, dim={d}, keepdim=True, unbiased=True) * {v}", "({v} > 0).any({d}, keepdim=True) * {v}")
ALONG_TRACED = ("torch.logsumexp({v}, {d})", "{v}.cumsum({d})", "({v} * 0.3).cumprod({d})", "{v}.prod({d})", "{v}.flip({d})", "{v}.roll(1, {d})",
                "torch.roll({v}, (1, -1), (0, {d}))", "{v}.sort(dim={d})[0]", "{v}.sort({d}, descending=True).values",
                "torch.gather({v}, {d}, {v}.argsort({d}))", "{v}.median({d}).values", "{v}.unbind({d})[0]", "torch.diff({v}, dim={d})",
                "{v}.cummax({d})[0]", "{v}.repeat_interleave(2, dim={d})", "{v}.select({d}, 0)", "{v}.narrow({d}, 0, 1)", "F.glu({v}, {d})",
                "torch.linalg.vector_norm({v}, dim={d})", "torch.linalg.norm({v}, dim={d}, keepdim=True) + {v}", "{v}.aminmax(dim={d}).max",
                "torch.std_mean({v}, dim={d})[1]", "torch.var_mean({v}, dim={d}, keepdim=True)[0] * {v}", "{v}.index_select({d}, torch.tensor([0, 0]))",
                "F.gumbel_softmax({v}, dim={d}) * 0 + {v}", "torch.renorm({v}, 2, {d}, 1.0)", "torch.movedim({v}, {d}, 1)", "{v}.nansum({d})",
                "{v}.kthvalue(1, {d})[0]", "torch.count_nonzero({v} > 0, dim={d}).to({v}.dtype)", "{v}.swapaxes(1, {d})", "torch.trapezoid({v}, dim={d})",
                "F.softmin({v}, dim={d})", "{v}.unfold({d}, 2, 1)", "torch.nanmean({v}, {d})", "F.softmax({v}, {d}, dtype={v}.dtype)",
                "F.dropout({v}, 0.0) + {v}", "{v}.logcumsumexp({d})", "{v}.all({d}).to({v}.dtype)", "torch.take_along_dim({v}, {v}.argmax({d}, True), {d})")
SHAPES = ("{v}.transpose(1, {d})", "{v}.flatten(1)", "{v}.unsqueeze({d})", "{v}.unsqueeze(-1)", "{v}.squeeze({d})", "{v}[:, :{k}]", "{v}[:, {k}:]",
          "{v}[..., -1]", "{v}[:, 0]", "{v}[..., :{k}]", "{v}[:, None]", "{v}.reshape({v}.shape[0], -1)", "{v}.view({v}.size(0), -1)",
          "{v}.chunk(2, dim={d})[0]", "{v}.split({k}, dim={d})[0]", "torch.flatten({v}, 1)", "{v}.expand_as({v})", "{v}[:, -1:]", "{v}[:, ::2]",
          "{v}.unsqueeze({d}).expand({shape2})", "{v}.permute({order})", "{v}.permute({order}).contiguous()", "{v}.reshape({shape})",
          "torch.unsqueeze({v}, 1)", "{v}[..., None] * {v}[..., None]", "torch.transpose({v}, {d}, -1)")
SHAPES_TRACED = ("{v}[:, [0, -1]]", "F.pad({v}, (1, 2))", "F.pad({v}, (0, 1), value=0.5)", "{v}.repeat({repeat})", "torch.tile({v}, (2,))",
                 "{v}.tril()", "torch.triu({v}, 1)", "{v}.diagonal(dim1=-2, dim2=-1)", "{v}.mT", "{v}.flip(-1)", "torch.tensor_split({v}, 2, dim={d})[-1]",
                 "{v}.view_as({v})", "{v}.flatten(-2)", "{v}.unflatten(-1, (-1, 2))", "torch.atleast_3d({v})", "{v}.swapdims(0, 1).swapdims(0, 1)",
                 "torch.rot90({v}, 1, (-2, -1))", "{v}.reshape(-1, {last})[:1] + {v}", "{v}.ravel()[:1] + {v}", "{v}.new_zeros({v}.shape) + {v}",
                 "torch.ones_like({v}).cumsum(-1) * {v}", "torch.arange({last}, dtype={v}.dtype) * {v}", "{v}.diag_embed()", "F.one_hot({v}.argmax(-1), {last}).float() * {v}",
                 "torch.einsum('b...->b...', {v})", "{v} * torch.eye({last})[0]", "{v}[:, torch.tensor([0])]", "{v}.index_fill(1, torch.tensor([0]), 0.5)",
                 "torch.full_like({v}, 0.3) * {v}", "{v}.new_full(({last},), 2.0) + {v}", "{v}.masked_scatter({v} > 9e9, {v})", "{v}.slice_scatter({v}[:, :1] * 2, 1, 0, 1)")


def filled(c, template):
    """A template with operands."""
    v = c.value()
    rank, shape = c[v].dim(), c[v].shape
    fields = {"v": v}
    if "{w}" in template:
        fields["w"] = c.like(v)
    if "{d}" in template:
        fields["d"] = c.dim(v)
    if "{k}" in template:
        fields["k"] = c.pick(1, 2, 3)
    if "{order}" in template:
        fields["order"] = ", ".join(map(str, [0, *c.pick(*_orders(rank))]))
    if "{shape}" in template:
        fields["shape"] = f"{v}.shape[0], {', '.join(map(str, c.pick(*_shapes(shape[1:].numel()))))}"
    if "{shape2}" in template:
        fields["shape2"] = ", ".join(["-1"] * (rank + 1))
    if "{repeat}" in template:
        fields["repeat"] = ", ".join(["1"] * (rank - 1) + ["2"])
    if "{last}" in template:
        fields["last"] = shape[-1]
    return template.format(**fields)


def _orders(rank):
    rest = list(range(1, rank))
    return [rest, rest[::-1], rest[1:] + rest[:1]]


def _shapes(count):
    pairs = [(d, count // d) for d in (1, 2, 3, 4) if count % d == 0]
    return [(-1,), *pairs, *((-1, last) for _, last in pairs), *((first, -1) for first, _ in pairs)]


def of(name, templates):
    def move(c):
        c.let(filled(c, c.pick(*templates)))
    move.__name__ = name
    return move


def scaled(c):
    v, number = c.value(), c.number()
    c.let(c.pick(f"{v} * {number}", f"{v} + {number}", f"{number} - {v}", f"{v} / {number}", f"{number} * {v} + 1"))


def weighed(c):
    """A parameter or a buffer that broadcasts."""
    v = c.value()
    last = c[v].shape[-1] if c[v].dim() > 1 else 1
    weight = c.pick(c.parameter, lambda *sizes: c.buffer(f"torch.linspace(0.5, 1.5, {sizes[0]})"))(last) if not c.text_only else c.parameter(last)
    c.let(c.pick(f"{v} * {weight}", f"{v} + {weight}", f"{v} * (1 + {weight})", f"{weight} - {v}", f"{v} * torch.tanh({weight})"))


def broadcast(c):
    """Two values of different shapes."""
    v, w = c.value(), c.value()
    c.let(c.pick(f"{v} + {w}", f"{v} * {w}", f"{v}.unsqueeze(-1) * {w}.unsqueeze(1)", f"torch.where({v} > 0, {v}, {w})", f"{v} - {w}[:, :1]"))


def total(c):
    """A scalar result."""
    v = c.value()
    name = c.fresh("scalar")
    c.run(f"{name} = " + c.pick(f"{v}.mean()", f"{v}.sum() * 0.1", f"({v} ** 2).mean()", f"{v}.abs().max()", f"{v}.std()", f"{v}.norm()"))
    if c.chance(2):
        c.let(f"{c.value()} * {name}")


def parts(c):
    v, d = c.value(2, 3, 4), None
    d = c.dim(v)
    size = c[v].shape[d]
    a, b = c.fresh("v"), c.fresh("v")
    first = c.pick(*range(1, max(2, size)))
    c.run(f"{a}, {b} = " + c.pick(f"{v}.chunk(2, dim={d})", f"torch.split({v}, [{first}, {size - first}], {d})", f"torch.chunk({v}, 2, {d})"))
    c.keep(a), c.keep(b)
    if c.chance(2):
        c.let(f"{a} * torch.sigmoid({b})")


def counted(c):
    """State that a call changes."""
    v = c.value(2, 3, 4)
    b = c.buffer(f"torch.zeros({c[v].shape[-1]})")
    mean = f"{v}.detach().mean({tuple(range(c[v].dim() - 1))})"
    c.let(f"{v} - {b}")
    c.run(c.pick(f"{b}.mul_(0.9).add_({mean}, alpha=0.1)", f"{b}.copy_(0.8 * {b} + 0.2 * {mean})", f"{b} += {mean}", f"{b} = 0.5 * {b} + {mean}"))
    if c.chance(2):
        c.let(f"{v} * {b}")


def ticked(c):
    b = c.buffer(c.pick("torch.tensor(0)", "torch.zeros(())", "torch.tensor(1.0)", "torch.zeros(1)"))
    c.run(f"{b} += 1")
    c.let(f"{c.value()} / (1 + {b})")


def written(c):
    """In place, on a copy."""
    v = c.let(f"{c.value(2, 3, 4)}.clone()")
    w = c.like(v)
    c.run(c.pick(f"{v}[:, 0] = 0.5", f"{v}[:, 1:] *= 2", f"{v} += {w}", f"{v}[..., 0] = {w}[..., -1]", f"{v}.mul_(0.5)", f"{v}[{w} > 0] = 0.1",
                 f"{v}[:, :1].add_(1.0)", f"{v}[:, -1] += {w}[:, 0]", f"{v}.add_({w}, alpha=0.5)", f"{v}.masked_fill_({w} > 0.2, -1.0)",
                 f"{v}[0] = 0.0", f"{v}.fill_diagonal_(0.0)", f"{v}.zero_()", f"{v}[:, 0].copy_({w}[:, -1])", f"{v}.sub_(1).relu_()"))


def dropped(c):
    v = c.value()
    c.let(c.pick(f"F.dropout({v}, 0.3, self.training)", f"F.dropout({v}, p=0.25, training=self.training)", f"{c.state('drop', 'nn.Dropout(0.4)')}({v})",
                 f"F.dropout({v}, 0.5, training=False) * 2"))


MOVES = (of("function", FUNCTIONS), of("pair", PAIRS), of("along", ALONG), of("shape", SHAPES), scaled, weighed, broadcast, total, parts, counted,
         dropped, ticked)
MOVES_TRACED = (of("function", FUNCTIONS_TRACED), of("pair", PAIRS_TRACED), of("along", ALONG_TRACED), of("shape", SHAPES_TRACED), written)
