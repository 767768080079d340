"""Samples of torch's own table of operators (op_db) through tezzeret.from_exported: forward and gradient."""
import itertools
import os
import pathlib
import sys

import torch
from torch.testing._internal.common_methods_invocations import op_db

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "python"))
os.environ.setdefault("TEZ", str(pathlib.Path(os.environ.get("TEZ_BIN", ROOT / "build/bin")) / "tez"))
import tezzeret  # noqa: E402

BOUND = 1e-5
MOST_SAMPLES = 3
"""Of one operator: the first ones of op_db, which are its plain uses."""


class Call(torch.nn.Module):
    """One sample as a model: floating tensors are its arguments, all else is part of it."""

    def __init__(self, operator, sample):
        super().__init__()
        self.operator = operator
        leaves, self.tree = torch.utils._pytree.tree_flatten(((sample.input, *sample.args), dict(sample.kwargs)))
        self.places = [at for at, leaf in enumerate(leaves)
                       if isinstance(leaf, torch.Tensor) and leaf.is_floating_point()]
        self.inputs = tuple(leaves[at].detach() for at in self.places)
        self.others = [None if at in self.places else leaf for at, leaf in enumerate(leaves)]

    def forward(self, *inputs):
        leaves = list(self.others)
        for place, tensor in zip(self.places, inputs):
            leaves[place] = tensor
        args, kwargs = torch.utils._pytree.tree_unflatten(leaves, self.tree)
        return self.operator(*args, **kwargs)


def entries():
    """One of op_db for each name: those that take floating elements and give gradients."""
    found = {}
    for entry in op_db:
        name = entry.name + (f".{entry.variant_test_name}" if entry.variant_test_name else "")
        if torch.float32 in entry.dtypes and entry.supports_autograd:
            found[name] = entry
    return found


def results_of(made):
    leaves = torch.utils._pytree.tree_leaves(made)
    return [leaf for leaf in leaves if isinstance(leaf, torch.Tensor)]


def step(function, inputs, trained):
    """Results, and gradients of the first inputs for upstream gradients that are the same for all."""
    inputs = [tensor.detach().clone().double().requires_grad_(at < trained) for at, tensor in enumerate(inputs)]
    results = results_of(function(*inputs))
    torch.manual_seed(1)
    weighted = [(result * torch.randn(result.shape, dtype=torch.float64)).sum() for result in results
                if result.is_floating_point() and result.requires_grad]
    leaves = inputs[:trained]
    gradients = torch.autograd.grad(sum(weighted), leaves, allow_unused=True) if weighted else [None] * trained
    return results, [torch.zeros_like(tensor) if gradient is None else gradient
                     for tensor, gradient in zip(leaves, gradients)]


def eager(model):
    """Of all inputs, or where torch has no gradient for some (weights of a loss), of the first."""
    try:
        return step(model, model.inputs, len(model.inputs)), len(model.inputs)
    except RuntimeError:
        return step(model, model.inputs, 1), 1


def close(ours, theirs):
    ours, theirs = ours.double(), theirs.double()
    return ours.shape == theirs.shape and torch.allclose(ours, theirs, rtol=BOUND, atol=BOUND, equal_nan=True)


def try_sample(entry, sample):
    """None, or what is wrong: "refused: ..." before a kernel is there, "wrong: ..." after."""
    model = Call(entry.op, sample)
    if not model.inputs or any(tensor.numel() == 0 or tensor.dim() == 0 for tensor in model.inputs[:1]):
        return "skipped"
    try:
        program = torch.export.export(model, model.inputs, strict=False)
    except Exception as error:
        return f"refused: torch.export: {type(error).__name__}"
    try:
        kernel = tezzeret.from_exported(program, validate=False, tier="fast")
    except tezzeret.UnsupportedOperators as refusal:
        return "refused: " + "; ".join(dict.fromkeys(f"{call.operator}: {call.reason}" for call in refusal.calls))
    except tezzeret.CompilationError as refusal:
        return f"wrong: {refusal.phase}: {' '.join(str(refusal).split())[:200]}"
    return _compared(model, kernel)


def _compared(model, kernel):
    theirs, trained = eager(model)
    again = [results_of(model(*(tensor.double() for tensor in model.inputs))) for _ in range(6)]
    if not all(close(*pair) for results in again for pair in zip(theirs[0], results)):
        return "skipped"  # it draws random numbers, and torch's generator is not the kernel's
    module = kernel.module.double()

    def seeded(*inputs):
        torch.manual_seed(42)  # as torch's table does before it calls an operator that draws
        return module(*inputs)
    try:
        ours = step(seeded, model.inputs, trained)
    except Exception as error:
        return f"wrong: at run time: {' '.join(str(error).split())[-200:]}"
    for what, mine, others in zip(("result", "gradient"), ours, theirs):
        if len(mine) != len(others):
            return f"wrong: {len(mine)} {what}s, expected {len(others)}"
        bad = [at for at, pair in enumerate(zip(mine, others)) if not close(*pair)]
        if bad:
            return f"wrong: {what} {bad[0]}"
    return None


def try_operator(entry):
    """(state, samples that pass, samples tried, what the others say)."""
    torch.manual_seed(0)
    said, passed = [], 0
    for sample in itertools.islice(entry.sample_inputs("cpu", torch.float32, requires_grad=False), 40):
        word = try_sample(entry, sample)
        if word == "skipped":
            continue
        passed += word is None
        said += [word] if word else []
        if passed + len(said) == MOST_SAMPLES:
            break
    return _state(passed, said), passed, passed + len(said), list(dict.fromkeys(said))


def _state(passed, said):
    if any(word.startswith("wrong") for word in said):
        return "wrong"
    if not said:
        return "works" if passed else "no sample"
    return "partly" if passed else "refused"
