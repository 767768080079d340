#!/usr/bin/env python
"""Random modules against themselves in eager PyTorch: hypothesis writes the text of an nn.Module, its kernel must agree.

    random_modules.py [--examples=N] [--of=traced|text|infer] [--seed=S] [--hunt=FOLDER]

`traced`: the module goes through tezzeret.compile (torch.export); `infer`: the same, frozen for inference; `text`: the
text is the forward_logic of a blueprint, translated and never run. Compared in fp64, with batches that the compiler has
not seen (a text also with more leading dimensions, where it may refuse the call), in training and evaluation: results,
gradients of parameters and inputs, buffers after the call, names and order of the state, and that no result lies in an
input or in state. A refusal has to be one of the import's errors, and one in ten may be refused. Without --seed
the examples are the same in each run. --hunt goes on after a failure, and writes each text to FOLDER.
"""
import argparse
import collections
import copy
import os
import pathlib
import sys
import tempfile
import warnings

import torch
from hypothesis import HealthCheck, Phase, given, seed, settings, strategies
from hypothesis.configuration import set_hypothesis_home_dir

import _random_layers
import _random_moves
from _compare import difference, evaluate, flatten, materialise, perturb, shared_memory
from _random_text import BATCH, Sketch, draws

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "python"))
os.environ.setdefault("TEZ", str(pathlib.Path(os.environ.get("TEZ_BIN", ROOT / "build/bin")) / "tez"))
import tezzeret  # noqa: E402

KINDS = {"traced": 10, "infer": 4, "text": 40}
TOLERANCE = 1e-7
ROUNDED = 2e-4  # of infer kernels, in fp32, relative to the greatest value
SHAPES = ((4,), (3, 4), (5, 6), (2, 6, 6), (3, 5, 5), (4, 4, 8))
warnings.filterwarnings("ignore")
torch.set_num_threads(1)


def moves(text_only):
    if text_only:
        return [*_random_moves.MOVES, *_random_moves.MOVES, *_random_layers.LAYERS, *_random_layers.LAYERS_TEXT]
    return [*_random_moves.MOVES, *_random_moves.MOVES_TRACED, *_random_layers.LAYERS, *_random_layers.LAYERS_TRACED]


@strategies.composite
def modules(draw, text_only):
    """A Module with some statements. A text tells ranks by what its layers take: there inputs pass a Linear first."""
    torch.manual_seed(0)
    c = Sketch(draw, text_only)
    for _ in range(c.pick(1, 1, 2)):
        shape = c.pick((4,), (3,), (6,)) if text_only else c.pick(*SHAPES)
        x = c.input(*shape)
        if text_only:
            c.attempt(lambda c: _random_layers.applied(c, f"nn.Linear({shape[-1]}, {c.width()})", x))
    for _ in range(draw(strategies.integers(2, 8))):
        c.attempt(c.pick(*moves(text_only)))
    return c.finish()


def compiled(module, kind):
    """(the kernel, the module in eager mode)."""
    eager = module.made()
    if kind == "text":
        kernel = tezzeret.compile({"metadata": {"blueprint_id": "random", "name": "random", "version": "1.0.0", "category": "custom"},
                                   "architecture": {"module_type": "torch.nn.Module", "config": {}, "forward_logic": module.text}},
                                  validate=False)
    else:
        kernel = tezzeret.compile(eager, module.example(), for_="infer" if kind == "infer" else "train", validate=False)
    return kernel, eager


def calls_of(module, eager, leads=((BATCH,), (3,), (1,))):
    """(batch, call, its number) with other batches than the example's, of which eager mode takes all."""
    for number, lead in enumerate(leads):
        call = module.call(lead, number)
        with torch.no_grad():
            try:
                copy.deepcopy(eager).double().train()(*materialise(call, number))
            except (RuntimeError, ValueError, IndexError):
                continue
        yield lead, call, number


def adopted(path, eager):
    """The kernel with the weights of `eager`, both in fp64. Tied tensors are one parameter; constants are buffers."""
    kernel, reference = torch.jit.load(path), copy.deepcopy(eager).double()
    distinct = {name for name, _ in [*eager.named_parameters(), *eager.named_buffers()]}
    theirs = {name: value for name, value in eager.state_dict().items() if name in distinct}
    own = kernel.state_dict()
    if [name for name in own if not name.startswith("constant_")] != list(theirs):
        raise AssertionError(f"state {list(own)} instead of {list(theirs)}")
    kernel.load_state_dict(own | theirs)
    return kernel.double(), reference


def faults_trained(kernel, module, eager):
    own, faults = torch.jit.load(kernel.path).state_dict(), []
    if kernel.blueprint:
        faults = [f"initial {name}" for name, value in eager.state_dict().items() if name in own and difference(own[name], value, 0)]
    perturb(eager, 2)
    ours, theirs = adopted(kernel.path, eager)
    for _, call, number in calls_of(module, eager):
        for train in (True, False):
            # Buffers go on, and the executor optimises what it has seen. Then it may draw for branches in another order.
            again = not (train and draws(module.text) > 1)
            if not again:
                ours, theirs = adopted(kernel.path, eager)
            faults += faults_of_call(ours, theirs, call, number, train, 1 + again)
    if not kernel.blueprint:
        faults += faults_of_ranks(ours, theirs, module, eager)
    return faults + shared_memory(ours, call, number)


def faults_of_call(ours, theirs, call, number, train, runs):
    for _ in range(runs):
        found, expected = evaluate(ours, call, train, number), evaluate(theirs, call, train, number)
    where = f"call {number} in {'train' if train else 'eval'} mode: "
    return [*(f"{where}no {name}" for name in expected.keys() - found.keys()),
            *(f"{where}{name}: {wrong}" for name in expected.keys() & found.keys()
              if (wrong := difference(found[name], expected[name], TOLERANCE)))]


def faults_of_ranks(ours, theirs, module, eager):
    """A text does not tell ranks: with more leading dimensions a kernel agrees too, or refuses by an error."""
    faults = []
    for _, call, number in calls_of(module, eager, [(2, 3)]):
        try:
            faults += [f"more dimensions: {fault}" for fault in faults_of_call(ours, theirs, call, number, False, 1)]
        except (RuntimeError, torch.jit.Error):
            continue
    return faults


def faults_frozen(kernel, module, eager):
    """fp32 against fp64, relative: folded weights are rounded."""
    loaded, reference, faults = torch.jit.load(kernel.path), copy.deepcopy(eager).double().eval(), []
    for _, call, number in calls_of(module, eager):
        leaves = materialise(call, number)
        with torch.no_grad():
            expected = flatten(reference(*leaves))
            found = flatten(loaded(*[leaf.float() if leaf.is_floating_point() else leaf for leaf in leaves]))
        for i, (f, e) in enumerate(zip(found, expected, strict=True)):
            bound = ROUNDED * (1 + e.abs().max().item()) if e.is_floating_point() and e.numel() else 0
            if f.shape != e.shape or (f.double() - e.double()).abs().gt(bound).any():
                faults.append(f"call {number}, result {i}: off by {(f.double() - e.double()).abs().max():.3g} of {bound / ROUNDED:.3g}")
    return faults


class Tally:
    """What became of the examples."""

    def __init__(self, folder):
        self.counts, self.reasons, self.folder = collections.Counter(), collections.Counter(), folder
        self.moves = collections.Counter()

    def judge(self, module, kind):
        self.counts[f"{kind}: all"] += 1
        try:
            kernel, eager = compiled(module, kind)
        except tezzeret.CompilationError as refused:
            self.refused(module, kind, refused)
            return
        try:
            faults = (faults_frozen if kind == "infer" else faults_trained)(kernel, module, eager)
        except (AssertionError, RuntimeError, torch.jit.Error) as error:
            if kind == "text" and " has rank " in str(error):  # the text fits another rank, which the kernel says
                self.counts["text: refused"] += 1
                self.reasons["text: in the call, " + str(error).rstrip().splitlines()[-1]] += 1
                return
            faults = [str(error)]
        self.counts[f"{kind}: {'wrong' if faults else 'compared'}"] += 1
        if faults:
            self.found(kind, module, faults)

    def refused(self, module, kind, error):
        """By name and place: a fault of the compiler, or one that nobody can find, is none."""
        asked = isinstance(error, (tezzeret.UnsupportedOperators, tezzeret.BlueprintRefused, tezzeret.ImportFailed))
        self.counts[f"{kind}: {'refused' if asked else 'failed'}"] += 1
        self.reasons[f"{kind}: {_reason(error)}"] += 1
        if not asked:
            self.found(kind, module, [str(error)])
        elif self.folder:
            self.keep("refused", kind, module, [str(error)])

    def found(self, kind, module, faults):
        if not self.folder:
            raise AssertionError(f"{kind}:\n{module.text}\ninputs {module.inputs}\n" + "\n".join(faults[:6]))
        self.keep("wrong", kind, module, faults)

    def keep(self, how, kind, module, lines):
        number = self.counts[f"{kind}: all"]
        said = "".join(f"# {line}\n" for text in lines[:8] for line in text.splitlines()[:12])
        (self.folder / f"{how}-{kind}-{number}.py").write_text(f"{said}# inputs {module.inputs}\n{module.text}")

    def report(self):
        for reason, count in self.reasons.most_common():
            print(f"{count:5} {reason}")
        print(", ".join(f"{name} {count}" for name, count in sorted(self.counts.items())))

    def is_sound(self, kind):
        counts = self.counts
        return not counts[f"{kind}: wrong"] + counts[f"{kind}: failed"] and 10 * counts[f"{kind}: refused"] <= counts[f"{kind}: all"]


def _reason(error):
    if isinstance(error, tezzeret.UnsupportedOperators):
        return "; ".join(sorted({f"{call.operator}: {call.reason}" for call in error.calls}))[:160]
    return f"{type(error).__name__}: {' '.join(str(error).split())[:160]}"


def run(kind, count, tally, anew):
    """With `anew`, a number, other examples than always."""
    phases = [Phase.generate] if tally.folder else [Phase.generate, Phase.shrink]

    @settings(max_examples=count, deadline=None, derandomize=anew is None, database=None, print_blob=False,
              suppress_health_check=list(HealthCheck), phases=phases)
    @given(modules(kind == "text"))
    def agree(module):
        tally.judge(module, kind)
    (agree if anew is None else seed(anew)(agree))()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=int, help="of each kind")
    parser.add_argument("--of", choices=KINDS)
    parser.add_argument("--seed", type=int, help="other examples than always")
    parser.add_argument("--hunt", type=pathlib.Path, metavar="FOLDER")
    options = parser.parse_args()
    if options.hunt:
        options.hunt.mkdir(parents=True, exist_ok=True)
    tally = Tally(options.hunt)
    with tempfile.TemporaryDirectory() as home:
        set_hypothesis_home_dir(home)  # it keeps things beside the current folder otherwise
        kinds = [options.of] if options.of else list(KINDS)
        try:
            for kind in kinds:
                run(kind, options.examples or KINDS[kind], tally, options.seed)
        finally:
            tally.report()
    sys.exit(not all(tally.is_sound(kind) for kind in kinds))


if __name__ == "__main__":
    main()
