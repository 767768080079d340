#!/usr/bin/env python
"""Texts (form 1d, forward_logic) whose draws are not torch's own: uniform numbers, and masks made of them.

    forward_logic_draws.py

A kernel draws them from the same distribution by other steps of the generator (docs/forward-logic.md), so they are judged
by frequencies: 20,000 samples within 5 standard deviations, for fixed seeds. Each call draws anew, one seed gives the same
numbers again, and evaluation draws nothing where the text says `if self.training`.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import torch

TEZ = pathlib.Path(os.environ["TEZ_BIN"]) / "tez"
SAMPLES, KEEP, SIGMAS = 20_000, 0.75, 5


def text(lines, condition="if self.training:"):
    """A class that changes x by these lines, in training."""
    body = "\n".join(f"            {line}" for line in lines)
    return ("class Drawn(nn.Module):\n    def __init__(self, keep=0.75):\n        super().__init__()\n        self.keep = keep\n"
            f"    def forward(self, x):\n        {condition}\n{body}\n        return x\n")


# Names: of a mask that keeps a row with KEEP and makes it 1 / KEEP; of numbers between 0 and 1; between -2 and 3.
MASKS = {
    "floor": ["mask = torch.floor(self.keep + torch.rand(x.shape[0], 1, dtype=x.dtype, device=x.device))", "x = x / self.keep * mask"],
    "compare": ["x = x * (torch.rand(x.shape[0], 1) < self.keep) / self.keep"],
    "tensor": ["x = x * torch.bernoulli(torch.full((x.shape[0], 1), self.keep)) / self.keep"],
    "method": ["x = x * (torch.ones(x.size(0), 1) * self.keep).bernoulli() / self.keep"],
    "number": ["x = x * torch.empty(x.size(0), 1).bernoulli_(self.keep) / self.keep"],
}
UNIFORM = {"like": ["x = x * torch.rand_like(x)"], "sizes": ["x = torch.rand(x.shape) * x"]}
SCALED = {"scaled": ["x = x * torch.empty_like(x).uniform_(-2, 3)"]}
ALWAYS = {"always": text(["x = x + torch.rand_like(x)"], "if True:")}


def compile_all(texts, folder):
    for name, source in texts.items():
        pathlib.Path(folder, f"{name}.json").write_text(json.dumps({
            "metadata": {"blueprint_id": f"BP-{name}", "name": name, "version": "1.0.0", "category": "custom"},
            "architecture": {"module_type": "torch.nn.Module", "config": {}, "forward_logic": source}}))
    run = subprocess.run([TEZ, "compile", *[pathlib.Path(folder, f"{name}.json") for name in texts], "-o", folder, "--bench-budget=0"],
                         capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return {name: torch.jit.load(pathlib.Path(folder, f"{name}.pt")) for name in texts}


def near(name, found, expected, deviation):
    """Is a mean of SAMPLES numbers with this standard deviation what it should be."""
    bound = SIGMAS * deviation / SAMPLES**0.5
    return [] if abs(found - expected) <= bound else [f"{name}: a mean of {found}, expected {expected} within {bound:.2g}"]


def draws(kernel, columns=1):
    torch.manual_seed(7)
    ones = torch.ones(SAMPLES, columns)
    return kernel(ones), kernel(ones), ones


def judge_calls(name, kernel):
    first, second, ones = draws(kernel)
    faults = [f"{name}: two calls draw the same"] if torch.equal(first, second) else []
    again, _, _ = draws(kernel)
    faults += [] if torch.equal(first, again) else [f"{name}: one seed gives two results"]
    if name not in ALWAYS and not torch.equal(kernel.eval()(ones), ones):
        faults.append(f"{name}: draws in evaluation")
    kernel.train()
    return faults


def judge_mask(name, kernel):
    wide, _, _ = draws(kernel, columns=3)
    found = wide[:, 0]
    kept = found != 0
    faults = near(name, kept.double().mean().item(), KEEP, (KEEP * (1 - KEEP))**0.5)
    if not torch.equal(wide, found[:, None].expand(-1, 3)):
        faults.append(f"{name}: a row is kept in part")
    if not torch.allclose(found[kept], torch.tensor(1 / KEEP)):
        faults.append(f"{name}: rows that are kept are {found[kept].unique()}")
    return faults


def judge_uniform(name, kernel, low, high):
    found, _, _ = draws(kernel)
    if found.min() < low or found.max() > high:
        return [f"{name}: numbers from {found.min()} to {found.max()}"]
    deviation = (high - low) / 12**0.5
    # The square of the distance from the middle has this mean, and less than its half as deviation.
    squares = ((found - (low + high) / 2)**2).double().mean().item()
    return near(name, found.double().mean().item(), (low + high) / 2, deviation) + near(f"{name}, variance", squares, deviation**2, deviation**2)


def main():
    texts = {name: text(lines) for name, lines in (MASKS | UNIFORM | SCALED).items()} | ALWAYS
    with tempfile.TemporaryDirectory() as folder:
        kernels = compile_all(texts, folder)
    faults = [fault for name, kernel in kernels.items() for fault in judge_calls(name, kernel)]
    faults += [fault for name in MASKS for fault in judge_mask(name, kernels[name])]
    for names, low, high in ((UNIFORM, 0, 1), (SCALED, -2, 3), (ALWAYS, 1, 2)):
        faults += [fault for name in names for fault in judge_uniform(name, kernels[name], low, high)]
    print("\n".join(faults) or f"{len(kernels)} texts draw as they say")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
