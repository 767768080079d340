#!/usr/bin/env python
"""Models of PyTorch through `tezzeret.compile`: which of them become kernels that compute the same.

    architectures.py [-k TEXT] [--results=FILE] [--write]

--write: docs/measured/architectures.md. --results: keeps lines in FILE, and goes on from there (some models take minutes).

Networks of torch.nn, and of torchvision and timm from .venv-models (tools/setup --check), randomly initialised. Each is compiled
for inference and for training, without the compiler's own validation, and compared with eager torch in fp64, at another
batch than it was traced with: outputs in eval mode, then outputs, gradients of parameters and buffers after a step in training
mode, with dropout turned off, as two generators do not draw the same.
"""
import argparse
import copy
import json
import pathlib
import sys
import time
import traceback

import torch

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "python"))
import tezzeret  # noqa: E402
from _models_nn import ROWS  # noqa: E402

BOUND = 1e-5
PAGE = ROOT / "docs/measured/architectures.md"
HEAD = """<!-- Written by test/bench/architectures.py --write. -->

# Models of PyTorch that become kernels

`test/bench/architectures.py` builds each of these with random weights, compiles it by `tezzeret.compile` for inference and for
training, and compares with eager torch in fp64 at another batch than it was traced with. Errors are the largest
deviations, as parts of 1 + the largest value: 0 where the kernel calls the operators that torch calls, in their order. Seconds are
those of a machine that others were using, most of them torch.export's.

{passed} of {all} pass.

| model | parameters | eval, outputs | training: outputs | gradients | buffers | seconds |
|---|---|---|---|---|---|---|
"""


def arguments(shapes, batch, dtype=torch.float32):
    return tuple(torch.randint(0, 40, (batch, shape)) if isinstance(shape, int) else torch.randn(batch, *shape, dtype=dtype)
                 for shape in shapes)


def flat(results):
    return [results] if isinstance(results, torch.Tensor) else list(results)


def deviation(ours, theirs):
    pairs = list(zip(ours, theirs, strict=True))
    return max(((a - b).abs().max().item() / (1 + b.abs().max().item()) for a, b in pairs if b.numel()), default=0.0)


def without_dropout(model):
    for module in model.modules():
        if isinstance(getattr(module, "p", None), float):
            module.p = 0.0
        if isinstance(getattr(module, "dropout", None), float):
            module.dropout = 0.0
    return model


def loaded(model, shapes, for_):
    kernel = tezzeret.compile(model, arguments(shapes, 2), for_=for_, validate=False, tier="fast")
    return kernel.module.double(), kernel


def compare_inference(model, shapes):
    ours, kernel = loaded(model, shapes, "infer")
    theirs, inputs = copy.deepcopy(model).double().eval(), arguments(shapes, 3, torch.float64)
    with torch.no_grad():
        return deviation(flat(ours(*inputs)), flat(theirs(*inputs)))


def step(module, inputs, weights):
    results = flat(module(*inputs))
    sum((result * weight).sum() for result, weight in zip(results, weights)).backward()
    return [result.detach() for result in results]


def compare_training(model, shapes):
    ours, kernel = loaded(model, shapes, "train")
    theirs, inputs = copy.deepcopy(model).double().train(), arguments(shapes, 3, torch.float64)
    with torch.no_grad():
        weights = [torch.randn_like(result) for result in flat(copy.deepcopy(theirs)(*inputs))]
    outputs = deviation(step(ours, inputs, weights), step(theirs, inputs, weights))
    mine, others = dict(ours.named_parameters()), dict(theirs.named_parameters())
    missing = sorted(set(others) - set(mine))
    assert not missing, f"parameters that the kernel has not: {missing}"
    zero = {name: torch.zeros_like(value) for name, value in others.items()}
    gradients = deviation([mine[name].grad if mine[name].grad is not None else zero[name] for name in others],
                          [value.grad if value.grad is not None else zero[name] for name, value in others.items()])
    held = dict(ours.named_buffers())
    buffers = [(held[name].double(), value.double()) for name, value in theirs.named_buffers() if name in held]
    return outputs, gradients, deviation([pair[0] for pair in buffers], [pair[1] for pair in buffers])


def measure(name, make, shapes):
    torch.manual_seed(0)
    begin, count = time.monotonic(), 0
    try:
        model = without_dropout(make())
        count = sum(parameter.numel() for parameter in model.parameters())
        errors = (compare_inference(model, shapes), *compare_training(model, shapes))
    except Exception as error:  # whatever is raised is the finding
        where = traceback.extract_tb(error.__traceback__)[-1]
        return f"| {name} | {count:,} | {explained(error, where)} | | | | |", False
    good = all(error < BOUND for error in errors)
    words = " | ".join(f"{error:.1e}{'' if error < BOUND else ' **differs**'}" for error in errors)
    return f"| {name} | {count:,} | {words} | {time.monotonic() - begin:.0f} |", good


def explained(error, where):
    if isinstance(error, tezzeret.UnsupportedOperators):
        reasons = dict.fromkeys(f"{call.operator.removeprefix('aten.')}: {call.reason}" for call in error.calls)
        return "not imported: " + "; ".join(list(reasons)[:4])
    text = " ".join(str(error).split())[:300].replace("|", "/")
    return f"{type(error).__name__}: {text} ({pathlib.Path(where.filename).name}:{where.lineno})"


def chosen(text):
    import site
    site.addsitedir(str(next((ROOT / ".venv-models/lib").glob("python*/site-packages"), ROOT / ".venv-models")))
    rows = list(ROWS)
    try:
        from _models_packages import rows as more
        rows += more()
    except ImportError as error:
        print(f"without torchvision and timm: {error}", file=sys.stderr)
    return [row for row in rows if text in row[0]]


def kept(path):
    """Lines of an earlier run, and whether they are good, by model."""
    if path is None or not path.exists():
        return {}
    return {entry["name"]: (entry["line"], entry["good"]) for entry in map(json.loads, path.read_text().splitlines())}


def measure_all(rows, path):
    known = kept(path)
    for row in rows:
        if row[0] in known:
            continue
        known[row[0]] = line, good = measure(*row)
        print(line, flush=True)
        if path is not None:
            with path.open("a") as file:
                file.write(json.dumps({"name": row[0], "line": line, "good": good}) + "\n")
    return [known[row[0]] for row in rows]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-k", default="", metavar="TEXT", help="only models with TEXT in their name")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--results", type=pathlib.Path)
    given = parser.parse_args()
    found = measure_all(chosen(given.k), given.results)
    passed = sum(good for _, good in found)
    print(f"{passed} of {len(found)} pass")
    if given.write:
        PAGE.write_text(HEAD.format(passed=passed, all=len(found)) + "".join(line + "\n" for line, _ in found))


if __name__ == "__main__":
    main()
