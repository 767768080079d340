"""Chains in which results may be written into operands, and near misses. The kernels are for inference. But for one
near miss no value has two open dimensions: the rule in _printed.py counts on that."""
from _esper import Kernel, Tensor, Window

OPS = ("add", "multiply", "subtract", "divide")
SHAPES = ((None, 4), (None, 1), (None, 3, 5), (None, 1, 4), (2, 3), (1, 3), (None, 2, 4, 3), (4,))
# Those that ATen has in place too, and others.
IN_PLACE = ('"relu"', '"gelu"', '"gelu_tanh"', '"silu"', '"mish"', '"tanh"', '"sigmoid"', '"hardswish"',
            '"leaky_relu"(-0.5)', '"elu"(1.0)')
ELSEWHERE = ('"relu6"', '"hardtanh"(-1.0, 1.0)', '"softplus"(1.0, 20.0)', '"abs"', '"square"', '"add_scalar"(1.5)')


def infers(k: Kernel) -> None:
    k.attributes["esper.infer"] = "unit"


def own(k: Kernel, x: Tensor) -> Tensor:
    """In memory that nothing else knows of, of the shape of x."""
    of_images = ("conv", "norm", "pool") if len(x.shape) == 4 else ()
    kind = k.pick("linear", "product", "layer norm", "softmax", "scale", "function", "sum", *of_images)
    if kind == "linear":
        return k.linear(x, x.shape[-1], k.chance(0.5))
    if kind == "product":
        return k.plain("matmul", [x, k.param(x.shape[-1], x.shape[-1])], x.shape)
    if kind == "layer norm":
        return k.layer_norm(x, k.chance(0.7))
    if kind == "conv":
        return k.conv(x, x.shape[1], 3, k.chance(0.5), padding=1)
    if kind == "norm":
        return k.batch_norm(x, k.flag(False), updates=False)
    if kind == "pool":
        return k.max_pool(x, [Window(3, 1, 1)] * 2)
    if kind == "sum":
        return k.binary("add", x, x)
    return {"softmax": k.softmax, "scale": k.scale, "function": k.activation}[kind](x)


def view(k: Kernel, x: Tensor) -> Tensor:
    """Of the shape of x, in the memory of another value."""
    kind = k.pick("detach", "contiguous", "turned", "slice", "pieces", "flat")
    last = len(x.shape) - 1
    if kind == "contiguous":
        return k.contiguous(x, "contiguous")
    if kind == "turned":
        return k.transpose(k.transpose(x, 0, last), *k.pick((0, -1), (last, 0)))
    if kind == "slice":
        return k.plain("slice", [x], x.shape, dim=last, start=0)
    if kind == "pieces":
        return k.split(x, last, [x.shape[-1], 0])[0]
    if kind == "flat":
        return k.flatten(k.unflatten(x, last, [1, x.shape[-1]]), last, last + 1)
    return k.detach(x)


def fitting(k: Kernel, x: Tensor, y: Tensor) -> Tensor:
    """What y is added to: of the batch of x, of none, or of some that may be larger; y itself."""
    kind = k.pick("x", "own", "function", "shift", "column", "full rank", "input", "vector", "itself", "view")
    if kind == "own":
        return own(k, x)
    if kind == "function":
        return k.activation(y)
    if kind == "shift":
        return k.param(*y.shape[-1:])
    if kind == "column":
        return k.linear(x, 1)
    if kind == "full rank":
        return k.param(*[1] * (len(y.shape) - 1), y.shape[-1])
    if kind == "input":
        return k.input(*y.shape)
    if kind == "vector":
        return k.input(*y.shape[1:])
    return {"x": x, "itself": y}.get(kind) or view(k, x)


def step(k: Kernel, x: Tensor, y: Tensor) -> Tensor:
    kind = k.pick("in place", "in place", "elsewhere", "scale", "pair", "pair", "pair", "view", "own")
    if kind == "pair":
        other = fitting(k, x, y)
        return k.binary(k.pick(*OPS[:3], "add", "divide"), *k.pick((y, other), (other, y)))
    if kind in ("in place", "elsewhere"):
        return k.activation(y, k.pick(*(IN_PLACE if kind == "in place" else ELSEWHERE)))
    if kind == "scale":
        return k.scale(y)
    return view(k, y) if kind == "view" else own(k, y)


def chains(k: Kernel) -> list[Tensor]:
    """Ops of one value each, and what they take besides."""
    infers(k)
    x = k.input(*k.pick(*SHAPES))
    y = own(k, x)
    for _ in range(k.pick(1, 2, 3, 4)):
        y = step(k, x, y)
    return [y]


def webs(k: Kernel) -> list[Tensor]:
    """Any value may be read by any op, and leave."""
    infers(k)
    x = k.input(*k.pick(*SHAPES))
    values = [x, own(k, x)]
    for _ in range(k.pick(3, 5, 8)):
        values.append(step(k, k.pick(*values), values[-1] if k.chance(0.6) else k.pick(*values)))
    return [values[-1]] + ([k.pick(*values)] if k.chance(0.5) else [])


def residuals(k: Kernel) -> list[Tensor]:
    """The branch is turned into the first operand, where the order does not matter."""
    infers(k)
    x = k.input(*k.pick(*SHAPES[:4]))
    y = x
    for _ in range(k.pick(1, 2, 3)):
        branch = k.activation(own(k, y)) if k.chance(0.5) else own(k, y)
        y = k.binary(k.pick("add", "add", "multiply", "subtract"), *k.pick((y, branch), (branch, y)))
    return [y]


def mix(k: Kernel, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    """Attention, by name or in products. It has the batch of the query, if no other is larger."""
    if k.chance(0.5):
        return k.plain("sdpa", [query, key, value], query.shape, scale=0.5)
    return k.matmul(k.matmul(query, k.transpose(key, -2, -1)), value)


def batches(k: Kernel) -> list[Tensor]:
    """Sums of two inputs, of which either may have a batch of one, unless they are the same."""
    infers(k)
    x = k.input(None, 3, 4)
    z = x if k.chance(0.5) else k.input(None, 3, 4)
    mixed = mix(k, k.linear(k.pick(x, z), 4), k.pick(x, z), k.pick(x, z))
    y = k.linear(k.pick(x, z), 4)
    both = k.binary("multiply", *k.pick((own(k, x), own(k, z)), (z, own(k, x))))
    return [k.binary("add", *k.pick((mixed, y), (y, mixed))), k.linear(both, 4)]


def shared(k: Kernel, y: Tensor) -> list[Tensor]:
    """Ways to read a value twice; each would be overwritten but for the other."""
    z = k.activation(y, '"relu"')
    return [z, k.pick(lambda: y, lambda: k.softmax(y), lambda: k.flatten(y, 0, 1), lambda: k.activation(y, '"tanh"'))()]


def foreign(k: Kernel, x: Tensor) -> Tensor:
    """What is not ours to overwrite."""
    return k.pick(lambda: x, lambda: k.param(*x.shape[1:]), lambda: k.buffer("<normal, 0.0, 1.0>", *x.shape[1:]),
                  lambda: view(k, own(k, x)), lambda: view(k, x))()


def misfits(k: Kernel, y: Tensor) -> Tensor:
    """Sums with y that may be larger than y: of another batch, another width, or of a rank that never gets less."""
    kind = k.pick("batch", "width", "rank")
    if kind == "batch":
        other = k.input(*y.shape)
        return k.binary(k.pick(*OPS), *k.pick((y, other), (other, y)))
    if kind == "rank":
        return k.binary(k.pick(*OPS), y, k.param(*[1] * len(y.shape)))
    return k.binary(k.pick(*OPS), k.softmax(k.linear(y, 1)), y)


def operands_to_keep(k: Kernel) -> list[Tensor]:
    """Near misses. Each kernel has one reason."""
    kind = k.pick("trains", "foreign", "shared", "misfit", "turned", "order", "elsewhere")
    if kind != "trains":
        infers(k)
    if kind == "turned":  # the same dimensions, in another order
        x = k.input(None, None, 3)
        return [k.binary(k.pick(*OPS), k.linear(x, 3), k.transpose(x, 0, 1))]
    x = k.input(*k.pick(*SHAPES[:4]))
    if kind == "foreign":
        y = foreign(k, x)
        return [k.scale(y) if k.chance(0.5) else k.activation(y, k.pick(*IN_PLACE))]
    y = k.linear(x, x.shape[-1] + 1)
    if kind == "shared":
        return shared(k, y)
    if kind == "misfit":
        return [misfits(k, y)]
    if kind == "order":
        return [k.binary(k.pick("subtract", "divide"), k.input(*y.shape[-1:]), y)]
    return [k.activation(y, k.pick(*(ELSEWHERE if kind == "elsewhere" else IN_PLACE)))]


KEPT_OPERANDS = (operands_to_keep,)
REUSE_BUFFERS = (chains, webs, residuals, batches) + KEPT_OPERANDS
