#!/usr/bin/env python3
"""Kernels against what a user would run instead, on the same weights and inputs, interleaved in one process, one thread.

  race.py [--tez PATH] [--rows A,B] [--train | --precision int8,bf16] [--device cuda] [--kernels DIR [--compile-only]] [--seconds S] [--json OUT]

Without --train: torch eager, torch.jit.freeze + optimize_for_inference ("ofi"), and the kernel of `tez compile --for=infer
--tier=aggressive`, each checked against fp64 before it is timed. With --train: a step of forward, backward and SGD, eager
against the kernel of `--for=train`, whose outputs and gradients are first compared in fp64. With --precision: the fp32 kernel against those of fewer bits (int8,
int8-static with ranges of other inputs, bf16, fp16), and the error of each as a part of the result. Prints the least microseconds of each (what
else the machine does only adds) and the better rival's time over the kernel's, or fp32's over each narrow kernel's. --kernels keeps weights and kernels, so that a machine with a GPU and no compiler can
race them: `--kernels DIR --compile-only` here, `--kernels DIR --device cuda` there.
"""
import argparse
import copy
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

os.environ["OMP_NUM_THREADS"] = "1"
warnings.filterwarnings("ignore")
import numpy  # noqa: E402
import torch  # noqa: E402

from _rows import ROWS  # noqa: E402

TEZ = str(pathlib.Path(__file__).resolve().parents[2] / "build/bin/tez")


def make_module(make, weights):
    """A module with weights and statistics that are not the fresh ones: folding them must be seen to be right."""
    torch.manual_seed(0)
    module = make()
    if weights.exists():
        module.load_state_dict(torch.load(weights))
        return module
    for layer in module.modules():
        if isinstance(layer, torch.nn.modules.batchnorm._BatchNorm):
            torch.nn.init.normal_(layer.running_mean, std=0.1)
            torch.nn.init.uniform_(layer.running_var, 0.5, 1.5)
        if isinstance(layer, (torch.nn.LayerNorm, torch.nn.modules.batchnorm._BatchNorm)):
            torch.nn.init.uniform_(layer.weight, 0.5, 1.5)
    torch.save(module.state_dict(), weights)
    return module


def kernel_file(args, name, blueprint, weights, *options):
    """The row's kernel for the purpose and device at hand, compiled unless it lies there."""
    purpose = "train" if args.train else "infer"
    narrow = "".join(re.sub(r"^--(\w+)=?(\w*).*", r"\1-\2.", option) for option in options)
    kernel = args.kernels / f"{name}.{purpose}.{narrow}{args.target}.pt"
    if not kernel.exists():
        file = args.kernels / f"{name}.json"
        file.write_text(json.dumps(blueprint))
        subprocess.run([args.tez, "compile", file, "--weights", weights, "-o", kernel, f"--for={purpose}",
                        f"--target={args.target}", "--tier=aggressive", *options], check=True)
    return str(kernel)


def narrow_kernels(args, name, blueprint, weights, shape):
    """The row's kernels of fewer bits, by precision; the budget of int8 is a tenth, for what it costs is to be seen."""
    samples = args.kernels / f"{name}.npy"
    numpy.save(samples, torch.randn(max(8, shape[0]), *shape[1:]).numpy())
    options = {"int8": ["--max-drop=0.1"], "int8-static": ["--max-drop=0.1", f"--calibrate={samples}"]}
    return {precision: kernel_file(args, name, blueprint, weights, f"--precision={precision.removesuffix('-static')}",
                                   *options.get(precision, []))
            for precision in args.precision}


def sgd_step(module, x):
    """One training step; the rate is small, so that the weights stay near where they were."""
    optimiser = torch.optim.SGD([p for p in module.parameters() if p.requires_grad], lr=1e-6)

    def step(_):
        optimiser.zero_grad()
        module(x).square().mean().backward()
        optimiser.step()
    return step


def rivals_in_inference(module, x, kernel, device):
    module.eval().requires_grad_(False)
    frozen = torch.jit.freeze(torch.jit.trace(module, x, check_trace=False))
    return {"eager": module, "ofi": torch.jit.optimize_for_inference(frozen), "tez": torch.jit.load(kernel).to(device)}


def check_training(module, x, kernel):
    """One forward and backward of both in fp64: outputs, and gradients by their names."""
    module, kernel = copy.deepcopy(module).double().train(), kernel.double()
    outputs = [net(x.double()) for net in (module, kernel)]
    for output in outputs:
        output.square().mean().backward()
    torch.testing.assert_close(outputs[1], outputs[0], rtol=1e-6, atol=1e-7)
    gradients = dict(kernel.named_parameters())
    for name, parameter in module.named_parameters():
        torch.testing.assert_close(gradients[name].grad, parameter.grad, rtol=1e-6, atol=1e-7)


def rivals_in_training(module, x, file, device):
    # Loaded twice: torch's deep copy of a scripted module has no leaves to hold gradients.
    check_training(module, x, torch.jit.load(file).to(device).train())
    kernel = torch.jit.load(file).to(device).train()
    return {"eager": sgd_step(copy.deepcopy(module).train(), x), "tez": sgd_step(kernel, x)}


def drops(rivals, module, x):
    """rms(error) / rms(result) of each, against fp64."""
    want = copy.deepcopy(module).eval().double()(x.double())
    return {key: ((rival(x).double() - want).norm() / want.norm()).item() for key, rival in rivals.items()}


def check(rivals, module, x):
    want = copy.deepcopy(module).double()(x.double())
    for key, rival in rivals.items():
        error = (rival(x).double() - want).abs().max().item() / max(1.0, want.square().mean().sqrt().item())
        if not error <= 1e-5:
            raise AssertionError(f"{key} is wrong by {error:.2g}")


def least_times(rivals, x, seconds, rounds=31):
    """Least microseconds a call of each over the rounds; their order turns round each time."""
    wait = torch.cuda.synchronize if x.is_cuda else lambda: None
    counts, least = {}, {key: float("inf") for key in rivals}

    def run(rival, times):
        wait()
        start = time.perf_counter()
        for _ in range(times):
            rival(x)
        wait()
        return (time.perf_counter() - start) / times

    for key, rival in rivals.items():
        run(rival, 10)
        counts[key] = max(3, int(seconds / max(run(rival, 1), 1e-6)))
    for turn in range(rounds):
        for key in list(rivals) if turn % 2 == 0 else reversed(list(rivals)):
            least[key] = min(least[key], run(rivals[key], counts[key]) * 1e6)
    return least


def run_narrow(args, name):
    """The row's times and errors by precision."""
    blueprint, make, shape = ROWS[name]
    weights = args.kernels / f"{name}.weights.pt"
    module = make_module(make, weights)
    files = {"fp32": kernel_file(args, name, blueprint, weights), **narrow_kernels(args, name, blueprint, weights, shape)}
    if args.compile_only:
        return None
    x = torch.randn(*shape, device=args.device)
    rivals = {key: torch.jit.load(file).to(args.device) for key, file in files.items()}
    with torch.inference_mode():
        errors = drops(rivals, module.to(args.device), x)
        times = least_times(rivals, x, args.seconds)
    print(f"{name:18} fp32 {times['fp32']:9.1f}  " + "  ".join(
        f"{key} {times[key]:9.1f} ({times['fp32'] / times[key]:.2f} times, drop {errors[key]:.4f})" for key in args.precision), flush=True)
    return {"us": times, "drop": errors, "ratio": max(times["fp32"] / times[key] for key in args.precision)}


def run_row(args, name):
    blueprint, make, shape = ROWS[name]
    weights = args.kernels / f"{name}.weights.pt"
    module = make_module(make, weights).to(args.device)
    kernel = kernel_file(args, name, blueprint, weights)
    if args.compile_only:
        return None
    x = torch.randn(*shape, device=args.device)
    rivals = (rivals_in_training if args.train else rivals_in_inference)(module, x, kernel, args.device)
    with torch.inference_mode(not args.train):
        if not args.train:
            check(rivals, module, x)
        times = least_times(rivals, x, args.seconds)
    best = min(value for key, value in times.items() if key != "tez")
    print(f"{name:18} " + " ".join(f"{key} {value:9.1f}" for key, value in times.items()) + f"   {best / times['tez']:.3f}", flush=True)
    return {"us": times, "ratio": best / times["tez"]}


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tez", default=TEZ)
    parser.add_argument("--rows", default=",".join(ROWS))
    parser.add_argument("--train", action="store_true")
    parser.add_argument("--precision", type=lambda text: text.split(","))
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--target", help="of the kernels; the device's by default")
    parser.add_argument("--kernels", type=pathlib.Path)
    parser.add_argument("--compile-only", action="store_true")
    parser.add_argument("--seconds", type=float, default=0.02, help="for one rival in one round")
    parser.add_argument("--json")
    args = parser.parse_args()
    args.target = args.target or args.device
    args.kernels = args.kernels or pathlib.Path(tempfile.mkdtemp())
    args.kernels.mkdir(parents=True, exist_ok=True)
    return args


def main():
    args = parse_arguments()
    torch.set_num_threads(1)
    torch.backends.cudnn.allow_tf32 = False  # its rounding is a thousand times that of fp32
    report, failed = {}, []
    for name in args.rows.split(","):
        try:
            report[name] = (run_narrow if args.precision else run_row)(args, name)
        except (AssertionError, RuntimeError) as error:  # the other rows are raced all the same
            failed.append(name)
            print(f"{name}: {error}", file=sys.stderr, flush=True)
    ratios = [row["ratio"] for row in report.values() if row]
    if ratios:
        print(f"geometric mean {statistics.geometric_mean(ratios):.3f}, worst {min(ratios):.3f}, {len(ratios)} rows")
    if args.json:
        pathlib.Path(args.json).write_text(json.dumps(report, indent=1))
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
