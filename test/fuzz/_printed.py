"""Reads kernels that tez-opt printed, and says of them what their values do not show: the interpreter knows neither
which memory a value lies in nor in which order its elements lie there. A rule takes a kernel that its pass has changed
and gives complaints."""
import collections
import dataclasses
import functools
import re

NAME = r"%\w+(?:#\d+)?"
TENSOR = r"tensor<[^>]*>"
STATE = ("param", "buffer")
# The result lies, or may lie, in the memory of the operand.
ALIASES = ("reshape", "flatten", "unflatten", "transpose", "permute", "split", "slice", "expand_as", "unsqueeze",
           "squeeze", "detach", "contiguous", "channel_shuffle", "pixel_shuffle", "pixel_unshuffle", "dropout", "noise",
           "value_or", "cast")


@dataclasses.dataclass(frozen=True)
class Op:
    """One line. `types`: of the results; a constant flag has none."""
    kind: str
    results: tuple[str, ...]
    operands: tuple[str, ...]
    types: tuple[str, ...]
    text: str

    def has(self, words: str) -> bool:
        return words in self.text


def results_of(left: str) -> tuple[str, ...]:
    """`%a, %b` has two, `%a:3` has three."""
    name, _, count = left.partition(":")
    return tuple(f"{name}#{i}" for i in range(int(count))) if count else tuple(re.findall(NAME, left))


def read(line: str) -> Op:
    left, right = re.fullmatch(r"(?:(%[^=]+) = )?(esper\..*)", " ".join(line.split())).groups(default="")
    types = right.rpartition("-> " if "-> " in right else " : ")[2]
    return Op(re.match(r"esper\.(\w+)", right)[1], results_of(left), tuple(re.findall(NAME, right)),
              tuple(re.findall(TENSOR, types)), right)


class Printed:
    """A kernel. `types` and `makers` by the names of values; arguments have no maker."""

    def __init__(self, text: str):
        self.head, *lines = [line for line in text.split("\n") if "esper." in line]
        self.ops = [read(line) for line in lines]
        self.arguments = dict(re.findall(rf"({NAME}): ({TENSOR})", self.head))
        self.types = self.arguments | {n: t for op in self.ops for n, t in zip(op.results, op.types)}
        self.makers = {name: op for op in self.ops for name in op.results}
        self.uses = collections.Counter(name for op in self.ops for name in op.operands)

    def kind(self, name: str) -> str:
        return self.makers[name].kind if name in self.makers else "argument"

    def rank(self, name: str) -> int:
        return self.types[name].count("x")

    @functools.cached_property
    def sources(self) -> dict[str, frozenset[str]]:
        """The arguments whose batch a value has: of several, the one to which the others broadcast. For kernels in
        which no value has two open dimensions."""
        found = {name: frozenset([name] if "?" in type_ else []) for name, type_ in self.arguments.items()}
        for op in self.ops:
            together = frozenset().union(*(found[operand] for operand in op.operands))
            for name in op.results:
                found[name] = together if "?" in self.types.get(name, "") else frozenset()
        return found

    @functools.cached_property
    def constants(self) -> set[str]:
        """What is made of state alone."""
        found = set()
        for op in self.ops:
            if op.kind in STATE or op.operands and found.issuperset(op.operands):
                found.update(op.results)
        return found


def complaints_about_operand(kernel: Printed, op: Op, name: str) -> list[str]:
    """Of the operand that is overwritten."""
    kind = kernel.kind(name)
    found = ["an argument"] if kind == "argument" else []
    found += ["state"] if kind in STATE else []
    found += ["a view, or may be one,"] if kind in ALIASES else []
    found += ["read elsewhere"] if kernel.uses[name] > 1 else []
    found += ["of another type than the result"] if kernel.types[name] != op.types[0] else []
    return [f"{name} is {what} and overwritten" for what in found]


def complaints_about_other(kernel: Printed, target: str, other: str) -> list[str]:
    """Of the operand that must fit into the overwritten one, whatever batches a call has, or if it has none."""
    if not kernel.sources[other] <= kernel.sources[target]:
        return [f"{other} may have another batch than {target}, which is overwritten"]
    if other in kernel.constants and kernel.rank(other) >= kernel.rank(target):
        return [f"{other} keeps its rank in a call without a batch, in which {target} is overwritten"]
    return []


def overwrites_safely(kernel: Printed) -> list[str]:
    """Who overwrites an operand has it for itself, and the result fits."""
    marked = [op for op in kernel.ops if op.has("esper.in_place")]
    found = [] if marked else ["no operand is overwritten"]
    for op in marked:
        target, *others = op.operands
        complaints = complaints_about_operand(kernel, op, target)
        complaints += [c for other in others for c in complaints_about_other(kernel, target, other)]
        complaints += [] if "esper.infer" in kernel.head else ["the kernel may train: backward reads the operands"]
        found += [f"{complaint}: {op.text}" for complaint in complaints]
    return found


def complaints_about_sum(kernel: Printed, total: Op) -> list[str]:
    """Of what a fused call adds: cuDNN broadcasts nothing."""
    conv, other = total.operands
    found = ["of another type than the convolution"] if kernel.types[other] != kernel.types[conv] else []
    found += ["maybe of another batch"] if kernel.sources[other] != kernel.sources[conv] else []
    found += ["state"] if other in kernel.constants else []
    return [f"{other} is added and {what}" for what in found]


def fuses_safely(kernel: Printed) -> list[str]:
    """A marked relu alone reads a convolution with constant weights, or alone the sum of one that it alone reads."""
    marked = [op for op in kernel.ops if op.has("esper.fused")]
    found = [] if marked and "esper.infer" in kernel.head else ["nothing is fused, or something that may train"]
    for op in marked:
        name, = op.operands
        used, maker = kernel.uses[name], kernel.makers[name]
        if maker.kind == "add":
            found += complaints_about_sum(kernel, maker)
            used, maker = max(used, kernel.uses[maker.operands[0]]), kernel.makers[maker.operands[0]]
        named = "cudnn_convolution_add_relu" if kernel.kind(name) == "add" else "cudnn_convolution_relu"
        found += [] if op.has('"relu"') and op.has(f'"{named}"') else [f"marked for another function: {op.text}"]
        found += [] if maker.kind == "conv" and used == 1 else [f"it alone reads no convolution: {op.text}"]
        found += [] if kernel.constants.issuperset(maker.operands[1:]) else [f"weights that may change: {maker.text}"]
    return found


def returns_row_major(kernel: Printed) -> list[str]:
    """What is made of channels-last values is converted before it leaves, unless it is a vector: that has one order."""
    other = set()
    for op in kernel.ops[:-1]:
        begins = op.has("contiguous channels_last") or op.has("memory channels_last")
        if begins or op.kind != "contiguous" and other.intersection(op.operands):
            other.update(op.results)
    found = [] if other else ["nothing is channels-last"]
    return found + [f"{name} leaves channels-last, or may" for name in kernel.ops[-1].operands
                    if name in other and kernel.rank(name) > 1]
