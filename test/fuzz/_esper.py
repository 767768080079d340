"""Writes kernels of the esper dialect, op by op, knowing the shape of every value."""
import dataclasses
import math
import random


@dataclasses.dataclass(frozen=True)
class Tensor:
    """An SSA value; None in a shape is an open dimension."""
    name: str
    shape: tuple

    @property
    def type(self):
        return f"tensor<{''.join('?x' if d is None else f'{d}x' for d in self.shape)}f32>"


@dataclasses.dataclass(frozen=True)
class Window:
    """What a convolution or a pool sees at once of one dimension."""
    kernel: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1
    ceil: bool = False

    def count(self, size: int | None) -> int | None:
        """How many of them there are; None of an open dimension."""
        if size is None:
            return None
        slack = size + 2 * self.padding - self.dilation * (self.kernel - 1) - 1
        last = (slack + (self.stride - 1 if self.ceil else 0)) // self.stride
        # Rounded up, the last one must still start inside the input or its left padding.
        return last if self.ceil and last * self.stride >= size + self.padding else last + 1


def counts(x, windows):
    """The spatial dimensions that the windows leave of those of x."""
    return tuple(window.count(size) for size, window in zip(x.shape[2:], windows))


def number(value):
    """MLIR wants a point in every mantissa."""
    mantissa, e, exponent = repr(value).partition("e")
    return (mantissa if "." in mantissa else mantissa + ".0") + e + exponent


def attribute(value):
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return f"{value} : i64"
    if isinstance(value, float):
        return f"{number(value)} : f64"
    if isinstance(value, (list, tuple)):
        return f"array<i64: {', '.join(map(str, value))}>" if value else "array<i64>"
    return value


def dictionary(attributes):
    entries = ", ".join(f"{key} = {attribute(value)}" for key, value in attributes.items())
    return f"{{{entries}}}" if entries else ""


class Kernel:
    """One kernel. Everything random comes from `rng`."""

    def __init__(self, name, seed):
        self.name, self.rng, self.attributes = name, random.Random(f"{name} {seed}"), {}
        self.arguments, self.lines, self.updates, self.count, self.flags = [], [], [], 0, {}
        self.fixed_ranks = False  # calls with other ranks are refused

    def chance(self, probability):
        return self.rng.random() < probability

    def pick(self, *choices):
        return self.rng.choice(choices)

    def width(self):
        return self.pick(1, 2, 3, 4, 5, 6, 8)

    def fresh(self):
        self.count += 1
        return f"%v{self.count}"

    # Where values come from.

    def input(self, *shape):
        value = Tensor(f"%x{len(self.arguments)}", shape)
        self.arguments.append(value)
        return value

    def state(self, kind, init, shape):
        name = self.fresh()
        value = Tensor(name, tuple(shape))
        self.lines.append(f'{name} = esper.{kind} "s{name[1:]}" {init} : {value.type}')
        return value

    def param(self, *shape):
        init = self.pick("<normal, 0.0, 1.0>", "<uniform, -1.0, 1.0>", "<uniform, 0.5, 1.5>")
        return self.state("param", init, shape)

    def buffer(self, init, *shape):
        return self.state("buffer", init, shape)

    def flag(self, known=None):
        """The mode: what hosts switch, or a constant."""
        known = self.pick(False, False, True, None) if known is None else known
        if known not in self.flags:
            name = self.flags[known] = self.fresh()
            self.lines.append(f"{name} = esper.flag {str(known).lower()}" if isinstance(known, bool)
                              else f'{name} = esper.training ""')
        return self.flags[known]

    # Ops.

    def emit(self, head, operands, attributes, shapes, more_types=()):
        """`head` up to the attributes; types in the functional form."""
        results = [Tensor(self.fresh(), tuple(shape)) for shape in shapes]
        types = [operand.type for operand in operands] + list(more_types)
        self.lines.append(f"{', '.join(r.name for r in results)} = esper.{head} {dictionary(attributes)} : "
                          f"({', '.join(types)}) -> ({', '.join(r.type for r in results)})")
        return results[0] if len(results) == 1 else results

    def plain(self, op, operands, result, **attributes):
        """`result` is its shape."""
        return self.emit(f"{op} {', '.join(o.name for o in operands)}", operands, attributes, [result])

    def short(self, head, x):
        """An op whose only type is that of its input and result."""
        result = Tensor(self.fresh(), x.shape)
        self.lines.append(f"{result.name} = esper.{head} : {x.type}")
        return result

    def activation(self, x, kind=None):
        kind = kind or self.pick('"relu"', '"gelu"', '"tanh"', '"silu"', '"leaky_relu"(0.01)', '"sigmoid"')
        return self.short(f"activation {kind} {x.name}", x)

    def scale(self, x, value=None):
        value = self.pick(0.5, -2.0, 3.0, 0.125) if value is None else value
        return self.short(f"scale {x.name}, {number(value)}", x)

    def detach(self, x):
        return self.short(f"detach {x.name}", x)

    def dropout(self, x, p, flag, kind="element"):
        return self.short(f"dropout {kind}({number(p)}) {x.name}, {flag}", x)

    def noise(self, x, std, flag, training_only):
        return self.short(f"noise({number(std)}) {x.name}, {flag} {dictionary({'training_only': training_only})}", x)

    def binary(self, op, a, b):
        return self.plain(op, [a, b], broadcast(a.shape, b.shape))

    def linear(self, x, out, bias=True):
        operands = [x, self.param(out, x.shape[-1])] + ([self.param(out)] if bias else [])
        return self.plain("linear", operands, x.shape[:-1] + (out,))

    def conv(self, x, out, kernel=1, bias=True, groups=1, padding=0, stride=1):
        weight = self.param(out, x.shape[1] // groups, *[kernel] * len(x.shape[2:]))
        return self.conv_with(x, [weight] + ([self.param(out)] if bias else []), groups, padding, stride)

    def conv_with(self, x, state, groups=1, padding=0, stride=1):
        """`state`: the weight, and the bias if there is one."""
        out, _, *kernel = state[0].shape
        windows = [Window(size, stride, padding) for size in kernel]
        return self.plain("conv", [x, *state], (x.shape[0], out) + counts(x, windows), stride=[stride] * len(kernel),
                          padding=[padding] * len(kernel), dilation=[1] * len(kernel), groups=groups)

    def conv_transpose(self, x, out, kernel=2, bias=True, groups=1, stride=1):
        weight = self.param(x.shape[1], out // groups, kernel, kernel)
        sizes = tuple((s - 1) * stride + kernel for s in x.shape[2:])
        operands = [x, weight] + ([self.param(out)] if bias else [])
        return self.plain("conv_transpose", operands, (x.shape[0], out) + sizes,
                          stride=[stride] * 2, padding=[0, 0], output_padding=[0, 0], dilation=[1, 1], groups=groups)

    def statistics(self, op, mode, x, flag, affine=True, running=True, updates=True):
        """Batch or instance norm over dimension 1, with statistics that are not where they start."""
        size = (x.shape[1],)
        operands, head, shapes = [x], f"{op} {x.name}", [x.shape]
        if affine:
            operands += [self.param(*size), self.param(*size)]
            head += f" weight({operands[-2].name}) bias({operands[-1].name})"
        if running:
            operands += [self.buffer("<normal, 0.0, 1.0>", *size), self.buffer("<uniform, 0.5, 1.5>", *size)]
            head += f" running({operands[-2].name}, {operands[-1].name})"
            shapes += [size, size]
        attributes = {"momentum": 0.1, "eps": self.pick(1e-5, 1e-3)}
        found = self.emit(f"{head} {mode}({flag})", operands, attributes, shapes, ["i1"])
        if not running:
            return found
        if updates:
            self.updates += list(zip((o.name[1:] for o in operands[-2:]), found[1:]))
        return found[0]

    def batch_norm(self, x, flag, **more):
        return self.statistics("batch_norm", "training", x, flag, **more)

    def layer_norm(self, x, affine=True):
        size = x.shape[-1]
        operands = [x] + ([self.param(size), self.param(size)] if affine else [])
        state = f" weight({operands[1].name}) bias({operands[2].name})" if affine else ""
        return self.emit(f"layer_norm {x.name}{state}", operands, {"normalized_shape": [size], "eps": 1e-3}, [x.shape])

    def transpose(self, x, dim0, dim1):
        shape = list(x.shape)
        shape[dim0], shape[dim1] = shape[dim1], shape[dim0]
        return self.plain("transpose", [x], shape, dim0=dim0, dim1=dim1)

    def permute(self, x, dims):
        return self.plain("permute", [x], [x.shape[d] for d in dims], dims=list(dims))

    def reshape(self, x, shape):
        """-1 is open where a dimension of x is."""
        rest = None if None in x.shape else math.prod(x.shape) // abs(math.prod(shape))
        return self.plain("reshape", [x], [rest if d == -1 else d for d in shape], shape=list(shape))

    def flatten(self, x, first, last):
        product = 1
        for d in x.shape[first:last + 1]:
            product = None if d is None or product is None else product * d
        shape = x.shape[:first] + (product,) + x.shape[last + 1:]
        return self.plain("flatten", [x], shape, start_dim=first, end_dim=last)

    def unflatten(self, x, dim, sizes):
        shape = x.shape[:dim] + tuple(sizes) + x.shape[dim + 1:]
        return self.plain("unflatten", [x], shape, dim=dim, sizes=list(sizes))

    def contiguous(self, x, memory):
        return self.short(f"contiguous {memory} {x.name}", x)

    def max_pool(self, x, windows):
        """One window for each spatial dimension."""
        return self.plain("max_pool", [x], x.shape[:2] + counts(x, windows), kernel_size=[w.kernel for w in windows],
                          stride=[w.stride for w in windows], padding=[w.padding for w in windows],
                          dilation=[w.dilation for w in windows], ceil_mode=windows[0].ceil)

    def adaptive_pool(self, x, sizes, kind="avg"):
        return self.plain(f"adaptive_{kind}_pool", [x], x.shape[:2] + tuple(sizes), output_size=list(sizes))

    def mean(self, x, dims, keepdim=False):
        kept = [1 if i in dims else size for i, size in enumerate(x.shape) if keepdim or i not in dims]
        return self.plain("reduce", [x], kept, kind="#esper<reduce_kind mean>", dims=list(dims), keepdim=keepdim)

    def softmax(self, x, dim=-1):
        return self.plain("softmax", [x], x.shape, dim=dim)

    def matmul(self, a, b):
        return self.plain("matmul", [a, b], broadcast(a.shape[:-2], b.shape[:-2]) + (a.shape[-2], b.shape[-1]))

    def split(self, x, dim, sizes):
        shapes = [x.shape[:dim] + (size,) + x.shape[dim + 1:] for size in sizes]
        found = self.emit(f"split {x.name}", [x], {"dim": dim, "sizes": list(sizes)}, shapes)
        return found if len(sizes) > 1 else [found]

    def concat(self, values, dim):
        sizes = [v.shape[dim] for v in values]
        total = None if None in sizes else sum(sizes)
        shape = values[0].shape[:dim] + (total,) + values[0].shape[dim + 1:]
        return self.plain("concat", values, shape, dim=dim)

    def text(self, results):
        rank = " {esper.fixed_rank}" if self.fixed_ranks else ""
        arguments = ", ".join(f"{a.name}: {a.type}{rank}" for a in self.arguments)
        types = ", ".join(r.type for r in results)
        updates = ", ".join(f'"s{name}" = {value.name} : {value.type}' for name, value in self.updates)
        attributes = f" attributes {dictionary(self.attributes)}" if self.attributes else ""
        end = f"esper.return {', '.join(r.name for r in results)} : {types}"
        end += f" updates({updates})" if updates else ""
        body = "".join(f"  {line}\n" for line in [*self.lines, end])
        return f"esper.kernel @{self.name}({arguments}) -> ({types}){attributes} {{\n{body}}}\n"


def broadcast(a, b):
    rank = max(len(a), len(b))
    a, b = (1,) * (rank - len(a)) + tuple(a), (1,) * (rank - len(b)) + tuple(b)
    return tuple(right if left == 1 else left for left, right in zip(a, b))
