"""Loads compiled kernels with plain torch.jit.load and trains each inside a host module.   demo.py FOLDER NAME...

The second half of tools/demo. Nothing of ours is imported: what a host needs is torch and the file.
"""
import json
import os
import pathlib
import sys
import warnings

import torch
from torch import nn

# torch.jit is deprecated in Python; the files are what deployed hosts load.
warnings.filterwarnings("ignore", category=DeprecationWarning)
warnings.filterwarnings("ignore", message=".*torch.jit.*")

STEPS = 20
# Per example: what the host feeds its first layer, that layer, and what it puts behind the kernel.
HOSTS = {
    "linear": ((32, 48), lambda: nn.Linear(48, 128), lambda: nn.Linear(64, 1)),
    "conv": ((16, 1, 32, 32), lambda: nn.Conv2d(1, 3, 3, padding=1), lambda: nn.Linear(64, 1)),
    "transformer": ((8, 16, 24), lambda: nn.Linear(24, 64), lambda: nn.Linear(64, 1)),
    "moe": ((8, 16, 24), lambda: nn.Linear(24, 16), lambda: nn.Linear(16, 1)),
}


class Host(nn.Module):
    """A model that was there before: a layer, the grafted kernel, a head. Gives y and the sum of the losses that the
    kernel has of its own: its results behind the first."""

    def __init__(self, before, kernel, after):
        super().__init__()
        self.before, self.kernel, self.after = before, kernel, after

    def forward(self, x):
        found = self.kernel(self.before(x))
        y, *losses = found if isinstance(found, tuple) else (found,)
        return self.after(y), sum(losses)


def train(host, x):
    """The losses of STEPS steps of Adam on a fixed regression."""
    with torch.no_grad():
        target = torch.sin(3 * host.eval()(x)[0]) + 0.5
    optimiser = torch.optim.Adam(host.train().parameters(), lr=3e-3)
    losses = []
    for _ in range(STEPS):
        optimiser.zero_grad()
        y, own = host(x)
        loss = nn.functional.mse_loss(y, target) + own
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return losses


def faults(host, losses):
    """What is wrong after training; empty when all is well."""
    without = [name for name, p in host.named_parameters() if p.grad is None or not p.grad.isfinite().all()]
    found = [f"no finite gradient: {', '.join(without)}"] if without else []
    if not any(True for _ in host.kernel.parameters()):
        found.append("the kernel has no parameters")
    if not losses[-1] < losses[0]:
        found.append(f"the loss did not go down: {losses[0]:.4f} -> {losses[-1]:.4f}")
    return found


def demonstrate(folder, name):
    """Trains one kernel; returns its row of the table and its faults."""
    path = folder / f"{name}.pt"
    shape, before, after = HOSTS[name]
    torch.manual_seed(0)
    host = Host(before(), torch.jit.load(path), after())
    losses = train(host, torch.randn(shape))
    count = sum(p.numel() for p in host.kernel.parameters())
    row = (name, f"{os.path.getsize(path) / 1024:,.0f} KiB", f"{count:,}", f"{losses[0]:.4f}",
           f"{losses[-1]:.4f}", os.path.relpath(path))
    return row, faults(host, losses)


def print_validation(folder, names):
    """What `tez compile` found when it ran each file before it was let out, from the reports beside the files."""
    for name in names:
        report = folder / f"{name}.report.json"
        if not report.exists():
            continue
        checks = [f"{v['check']} in {v['runs']} runs, worst error {v['worst_error_fp32']:.1e} (fp64 "
                  f"{v['worst_error_fp64']:.1e})" for v in json.loads(report.read_text())["verdicts"]]
        print(f"   {name} validated against the interpreter: {'; '.join(checks)}")


def print_table(rows):
    rows = [("kernel", "size", "parameters", "first loss", "last loss", "file"), *rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = [cell.rjust(w) if 0 < i < 5 else cell.ljust(w) for i, (cell, w) in enumerate(zip(row, widths))]
        print("   " + "  ".join(cells).rstrip())


def main():
    folder = pathlib.Path(sys.argv[1])
    results = [demonstrate(folder, name) for name in sys.argv[2:]]
    print()
    print_validation(folder, sys.argv[2:])
    print(f"\n   {STEPS} steps of Adam on each kernel, between two layers of a host module\n")
    print_table([row for row, _ in results])
    broken = [f"{row[0]}: {fault}" for row, found in results for fault in found]
    for line in broken:
        print(f"   wrong: {line}")
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
