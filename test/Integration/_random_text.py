"""The text of a random nn.Module, statement by statement, each run as soon as it is written.

So shapes are never computed here: torch tells them, and a statement that torch does not take is taken back. The same
text is an nn.Module for tezzeret.compile and a forward_logic for a blueprint. Dimension 0 of values in `rows` is the
batch, and no other size is a multiple of BATCH.
"""
import dataclasses
import math
import re

import torch
from hypothesis import strategies

BATCH = 7  # of the example; the calls that are compared have others
WIDTHS = (1, 2, 3, 4, 6, 8)
MOST_ELEMENTS, GREATEST = 4000, 1e4
HEAD = """class Net(nn.Module):
    def __init__(self):
        super().__init__()
"""


def draws(text):
    """How often the text draws random numbers, roughly."""
    return text.count("ropout(") + 3 * text.count("dropout=0.1")


def scope():
    return {"torch": torch, "nn": torch.nn, "F": torch.nn.functional, "math": math}


@dataclasses.dataclass
class Module:
    """A finished text, and what its inputs are: shapes of floats (dimension 0 the batch), or the limit of integers."""

    text: str
    inputs: list
    moves: list

    def made(self):
        """The module, run by Python."""
        known = scope()
        exec(compile(self.text, "random-module", "exec"), known)
        torch.manual_seed(0)
        return known["Net"]()

    def call(self, lead, seed):
        """Arguments as _compare.materialise takes them; `lead`: the batch, in one dimension or several."""
        generator = torch.Generator().manual_seed(seed)
        return [(*lead, *shape) if not below else torch.randint(below, (*lead, *shape), generator=generator)
                for shape, below in self.inputs]

    def example(self):
        return tuple(torch.randn(given) if isinstance(given, tuple) else given for given in self.call((BATCH,), 0))


class Sketch:
    """The module so far. `draw` is hypothesis'. `text_only`: what forward_logic does not know is left out."""

    def __init__(self, draw, text_only):
        self.draw, self.text_only = draw, text_only
        self.init, self.body, self.inputs, self.moves = [], [], [], []
        self.rows, self.used, self.count = [], set(), 0
        self.known = scope() | {"self": torch.nn.Module()}

    def pick(self, *choices):
        return self.draw(strategies.sampled_from(choices))

    def chance(self, one_in):
        return self.draw(strategies.integers(1, one_in)) == one_in

    def width(self):
        return self.pick(*WIDTHS)

    def number(self):
        return self.pick(-2, -1.5, -0.5, -0.25, 0.1, 0.5, 1.25, 2, 3)

    def __getitem__(self, name):
        return self.known[name]

    def fresh(self, prefix):
        self.count += 1
        return f"{prefix}{self.count}"

    # Statements

    def run(self, statement, lines=None):
        exec(statement, self.known)
        (self.body if lines is None else lines).append(statement)

    def state(self, prefix, expression):
        """self.<name>, a layer or a parameter."""
        name = self.fresh(prefix)
        self.run(f"self.{name} = {expression}", self.init)
        return f"self.{name}"

    def buffer(self, expression):
        name = self.fresh("buffer")
        self.run(f'self.register_buffer("{name}", {expression})', self.init)
        return f"self.{name}"

    def parameter(self, *sizes):
        return self.state("weight", f"nn.Parameter({self.pick('0.5 * ', '')}torch.randn({', '.join(map(str, sizes))}))")

    def let(self, expression):
        """v = expression; the name. Rows of floats may be operands of later moves."""
        name = self.fresh("v")
        self.run(f"{name} = {expression}")
        self.keep(name)
        return name

    def keep(self, name):
        value = self.known[name]
        if not isinstance(value, torch.Tensor):
            return
        if value.is_floating_point():
            if not value.isfinite().all() or value.numel() > MOST_ELEMENTS or value.numel() and value.abs().max() > GREATEST:
                raise ValueError("too large")
            if value.dim() and value.shape[0] == BATCH and not any(d % BATCH == 0 for d in value.shape[1:]):
                self.rows.append(name)

    def input(self, *shape, below=0):
        name = f"x{len(self.inputs)}"
        self.inputs.append((shape, below))
        generator = torch.Generator().manual_seed(len(self.inputs))
        made = torch.randint(below, (BATCH, *shape), generator=generator) if below else torch.randn(
            (BATCH, *shape), generator=generator)
        self.known[name] = made
        if not below:
            self.rows.append(name)
        return name

    # Operands

    def value(self, *ranks):
        """A value of one of these ranks, mostly a late one."""
        fitting = [name for name in self.rows if not ranks or self[name].dim() in ranks]
        if not fitting:
            raise ValueError("no such value")
        found = self.pick(*fitting[-3:]) if not self.chance(4) else self.pick(*fitting)
        self.used.add(found)
        return found

    def like(self, name):
        """A value of the same shape, perhaps this one."""
        found = self.pick(*[other for other in reversed(self.rows) if self[other].shape == self[name].shape])
        self.used.add(found)
        return found

    def dim(self, name, first=1):
        """A dimension of a value, counted from either end, of those from `first` on."""
        rank = self[name].dim()
        dim = self.draw(strategies.integers(first, rank - 1))
        return dim - rank if self.chance(2) else dim

    def attempt(self, move):
        """One move; what it wrote is taken back where torch refuses it, or where it found nothing to do."""
        before = len(self.init), len(self.body), len(self.rows), set(self.used)
        known = dict(self.known)
        copies = {name: value.clone() for name, value in known.items() if isinstance(value, torch.Tensor)}
        try:
            move(self)
            self.moves.append(move.__name__)
        except (RuntimeError, ValueError, IndexError, TypeError, ZeroDivisionError, AssertionError, NotImplementedError):
            del self.init[before[0]:], self.body[before[1]:], self.rows[before[2]:]
            self.used = before[3]
            self.known = known | copies

    # The whole

    def outputs(self):
        loose = [name for name in self.rows if name not in self.used and not name.startswith("x")]
        chosen = loose[-1:] + [name for name in loose[:-1] if self.chance(2)]
        scalars = [name for name in self.known if name.startswith("scalar")]
        chosen += [name for name in scalars if self.chance(2)]
        return chosen or self.rows[-1:]

    def without_unused(self, results):
        """The body, without values that nobody reads: eager mode draws numbers for them, a kernel need not."""
        kept, read = [], set(results)
        for line in reversed(self.body):
            made = re.match(r"((?:v|scalar)\d+(?:, v\d+)*) =", line)
            if made is None or "\n" in line or read & set(made[1].split(", ")):
                kept.append(line)
                read |= set(re.findall(r"\b(?:v|scalar)\d+", line[made.end():] if made else line))
        return kept[::-1]

    def finish(self):
        results = self.outputs()
        if draws("\n".join(self.init + self.body)):
            self.body = self.without_unused(results)
        arguments = ", ".join(["self", *(f"x{i}" for i in range(len(self.inputs)))])
        lines = [*self.body, f"return {', '.join(results)}"]
        text = (HEAD + "".join(f"        {line}\n" for line in self.init) + f"\n    def forward({arguments}):\n"
                + "".join("        " + line.replace("\n", "\n        ") + "\n" for line in lines))
        return Module(text, self.inputs, self.moves)
