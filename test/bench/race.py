#!/usr/bin/env python3
"""Kernels against what a user would run instead, on the same weights and inputs, interleaved in one process, one thread.

  race.py [--tez PATH] [--rows A,B] [--train] [--precision P] [--seconds S] [--json OUT]

Without --train: torch eager, torch.jit.freeze + optimize_for_inference ("ofi"), and the kernel of `tez compile --for=infer
--tier=aggressive`, each checked against fp64 before it is timed. With --train: a step of forward, backward and SGD, eager
against the kernel of `--for=train`. Prints medians in microseconds and the better rival's time over the kernel's.
"""
import argparse
import copy
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

os.environ["OMP_NUM_THREADS"] = "1"
warnings.filterwarnings("ignore")
import torch  # noqa: E402

from _rows import ROWS  # noqa: E402


def make_module(make):
    """A module with weights and statistics that are not the fresh ones: folding them must be seen to be right."""
    torch.manual_seed(0)
    module = make()
    for layer in module.modules():
        if isinstance(layer, torch.nn.modules.batchnorm._BatchNorm):
            torch.nn.init.normal_(layer.running_mean, std=0.1)
            torch.nn.init.uniform_(layer.running_var, 0.5, 1.5)
        if isinstance(layer, (torch.nn.LayerNorm, torch.nn.modules.batchnorm._BatchNorm)):
            torch.nn.init.uniform_(layer.weight, 0.5, 1.5)
    return module


def compile_kernel(tez, blueprint, module, folder, *options):
    file, weights, kernel = folder / "row.json", folder / "row.weights.pt", folder / "row.pt"
    file.write_text(json.dumps(blueprint))
    torch.save(module.state_dict(), weights)
    subprocess.run([tez, "compile", file, "--weights", weights, "-o", kernel, *options], check=True)
    return torch.jit.load(str(kernel))


def sgd_step(module, x):
    """One training step; the module keeps its weights near where they were."""
    parameters = [p for p in module.parameters() if p.requires_grad]
    optimiser = torch.optim.SGD(parameters, lr=1e-6)

    def step(_):
        optimiser.zero_grad()
        module(x).square().mean().backward()
        optimiser.step()
    return step


def rivals_in_inference(args, blueprint, module, x, folder):
    module.eval().requires_grad_(False)
    options = ["--for=infer", "--tier=aggressive", f"--precision={args.precision}"]
    if args.precision == "fp32":
        options.pop()
    frozen = torch.jit.freeze(torch.jit.trace(module, x, check_trace=False))
    return {"eager": module, "ofi": torch.jit.optimize_for_inference(frozen),
            "tez": compile_kernel(args.tez, blueprint, module, folder, *options)}


def rivals_in_training(args, blueprint, module, x, folder):
    kernel = compile_kernel(args.tez, blueprint, module, folder, "--for=train")
    return {"eager": sgd_step(copy.deepcopy(module).train(), x), "tez": sgd_step(kernel.train(), x)}


def check(name, rivals, module, x):
    want = copy.deepcopy(module).double()(x.double())
    for key, rival in rivals.items():
        error = (rival(x).double() - want).abs().max().item() / max(1.0, want.square().mean().sqrt().item())
        if not error <= (1e-5 if key != "tez" or ARGS.precision == "fp32" else 1e-1):
            sys.exit(f"{name}: {key} is wrong by {error:.2g}")


def timed(rivals, x, seconds, rounds=9):
    """Median microseconds a call of each; the order turns round each time."""
    counts, times = {}, {key: [] for key in rivals}
    for key, rival in rivals.items():
        for _ in range(10):
            rival(x)
        start = time.perf_counter()
        rival(x)
        counts[key] = max(3, int(seconds / max(time.perf_counter() - start, 1e-6)))
    for turn in range(rounds):
        for key in list(rivals) if turn % 2 == 0 else reversed(list(rivals)):
            start = time.perf_counter()
            for _ in range(counts[key]):
                rivals[key](x)
            times[key].append((time.perf_counter() - start) / counts[key] * 1e6)
    return {key: statistics.median(values) for key, values in times.items()}


def run_row(args, name):
    blueprint, make, shape = ROWS[name]
    module = make_module(make)
    x = torch.randn(*shape)
    with tempfile.TemporaryDirectory() as folder:
        gather = rivals_in_training if args.train else rivals_in_inference
        rivals = gather(args, blueprint, module, x, pathlib.Path(folder))
        with torch.inference_mode(not args.train):
            if not args.train:
                check(name, rivals, module, x)
            times = timed(rivals, x, args.seconds)
    best = min(value for key, value in times.items() if key != "tez")
    print(f"{name:18} " + " ".join(f"{key} {value:9.1f}" for key, value in times.items()) + f"   {best / times['tez']:.3f}", flush=True)
    return {"us": times, "ratio": best / times["tez"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tez", default=str(pathlib.Path(__file__).resolve().parents[2] / "build/bin/tez"))
    parser.add_argument("--rows", default=",".join(ROWS))
    parser.add_argument("--train", action="store_true")
    parser.add_argument("--precision", default="fp32")
    parser.add_argument("--seconds", type=float, default=0.1)
    parser.add_argument("--json")
    global ARGS
    ARGS = args = parser.parse_args()
    torch.set_num_threads(1)
    report = {name: run_row(args, name) for name in args.rows.split(",")}
    ratios = [row["ratio"] for row in report.values()]
    print(f"geometric mean {statistics.geometric_mean(ratios):.3f}, worst {min(ratios):.3f}, {len(ratios)} rows")
    if args.json:
        pathlib.Path(args.json).write_text(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
