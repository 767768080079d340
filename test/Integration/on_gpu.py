#!/usr/bin/env python
"""Kernels of `--for=infer --target=cuda` on a GPU, against torch's own modules in fp64.

    on_gpu.py [-k TEXT] [--kernels DIR [--compile-only]] [--device cuda]

Convolutions with norm, relu and sum, which become calls of cuDNN's fused operators: at many batches, none and one among
them, and for images laid out in any way. TF32 is off, since its rounding is a thousand times that of fp32. Prints the largest
error of each kernel: the largest difference over the root mean square of the result.

--kernels keeps kernels and weights, so that a machine with a GPU and no compiler can run them: `--compile-only` here,
without it there. `--device cpu` tries the script, with CPU operators in the place of cuDNN's. Exit status 77 (ctest: skipped)
where there is no GPU.
"""
import argparse
import contextlib
import pathlib
import re
import sys
import tempfile
import warnings

warnings.filterwarnings("ignore")
import torch  # noqa: E402
from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402

import _cases_cudnn as cudnn  # noqa: E402
from _cases_architectures import conv  # noqa: E402
from _cases_hosts import recompile, reference_of  # noqa: E402
from _forms import arch, graph, module  # noqa: E402

BATCHES = [0, 1, 2, 7]
TOLERANCE = {"fp32": 1e-4, "fp16": 1e-2, "bf16": 8e-2}
NARROW = ("plain", "stem", "dilated", "block", "architecture")  # those that cuDNN takes in 16 bits


def residual(name, edges, size):
    """relu(norm(conv(x)) + x): the image that the caller laid out is added too. `edges`: into the sum, in order."""
    nodes = [("x", "input", dict(shape=[-1, 8, *size])), ("c", "conv2d", cudnn.CONV), ("b", "normalization", cudnn.NORM), ("s", "add"),
             ("a", "activation", dict(type="relu")), ("y", "output")]
    modules = lambda: dict(c=nn.Conv2d(8, 8, 3, padding=1, bias=False), b=nn.BatchNorm2d(8))  # noqa: E731
    return graph(name, nodes, ["x>c", "c>b", *edges, "s>a", "a>y"], lambda n, x: F.relu(n["b"](n["c"](x)) + x), [((2, 8, *size),)], modules)


def sequence(name, shape, *layers, dimensions=2):
    """Convolutions with norm and relu, each `layers` entry the arguments of one; or another layer by its type."""
    listed = []
    for layer in layers:
        if "type" in layer:
            listed.append(layer)
            continue
        listed += [dict(type=f"Conv{dimensions}d", bias=False, **layer), dict(type=f"BatchNorm{dimensions}d", num_features=layer["out_channels"]),
                   dict(type="ReLU")]
    return module(name, "Sequential", dict(layers=listed), [((2, *shape),)])


def convolution(inputs, outputs, size, **more):
    return dict(in_channels=inputs, out_channels=outputs, kernel_size=size, **more)


def cases():
    yield sequence("plain", (8, 13, 11), convolution(8, 16, 3, padding=1))
    yield sequence("pixel", (8, 1, 1), convolution(8, 8, 3, padding=1), convolution(8, 24, 1))
    yield sequence("stem", (4, 33, 29), convolution(4, 64, 7, stride=2, padding=3), dict(type="MaxPool2d", kernel_size=3, stride=2, padding=1),
                   convolution(64, 64, 1))
    yield sequence("channels", (12, 9, 7), convolution(12, 20, 3), convolution(20, 36, [1, 3], stride=[2, 1], padding=[0, 1]))
    yield sequence("dilated", (16, 15, 17), convolution(16, 16, 3, dilation=2, padding=2), convolution(16, 128, 1, stride=2))
    yield sequence("volume", (4, 5, 7, 6), convolution(4, 8, 3, padding=1), dimensions=3)
    yield residual("sum", ["b>s", "x>s"], (13, 11))
    yield residual("sum-turned", ["x>s", "b>s"], (6, 5))
    nodes, edges = cudnn.BLOCK["nodes"], cudnn.BLOCK["edges"]
    yield graph("block", nodes, edges, cudnn.block, [((2, 8, 6, 5),)], cudnn.block_modules)
    yield arch("architecture", "conv", dict(in_channels=4, out_channels=[32, 64]), lambda: conv(in_channels=4, out_channels=[32, 64]),
               [((2, 4, 32, 32),)])


def files(arguments, case, precision):
    """The kernel and the weights of the case, compiled unless they lie there."""
    kernel, weights = (arguments.kernels / f"{case.name}.{ending}.pt" for ending in (precision, "weights"))
    if not weights.exists():
        torch.save(reference_of(case).state_dict(), weights)
    if not kernel.exists():
        kernel.write_bytes(recompile(case, *cudnn.FLAGS, f"--weights={weights}", f"--precision={precision}", "--bench-budget=0"))
    return kernel, weights


def layouts(x):
    """The same numbers, laid out otherwise, by name."""
    dense = {4: torch.channels_last, 5: torch.channels_last_3d}[x.dim()]
    found = {"contiguous": x, "channels-last": x.contiguous(memory_format=dense), "strided": torch.stack([x, x], -1)[..., 1],
             "turned": x.transpose(-1, -2).contiguous().transpose(-1, -2)}
    if len(x) > 1:
        found |= {"expanded": x[:1].expand_as(x), "every second": torch.cat([x, x])[::2]}
    return found


def error_of(found, truth):
    """The largest difference over the root mean square of the result."""
    if found.shape != truth.shape or found.dtype != torch.float32:
        raise AssertionError(f"{found.dtype} {list(found.shape)}, torch has {list(truth.shape)}")
    if not truth.numel():
        return 0.0
    error = (found.double() - truth).abs().max() / truth.square().mean().sqrt().clamp(min=1e-30)
    return error.item() if error.isfinite() else float("inf")


def call(kernel, image, truth, benchmark):
    """The error, and what torch said: an exception counts as an infinite error."""
    try:
        with torch.backends.cudnn.flags(enabled=True, benchmark=benchmark, allow_tf32=False):
            return error_of(kernel(image), truth), ""
    except Exception as error:  # whatever torch raises is a finding
        return float("inf"), f": {type(error).__name__}: {(str(error).strip().splitlines() or [''])[-1][:200]}"


def measure(kernel, exact, shape, device):
    """(error, what was called) of each call. cuDNN's search for its fastest algorithm takes long, so one batch has it."""
    for batch in BATCHES:
        x = torch.randn(batch, *shape, device=device)
        for name, image in layouts(x).items():
            truth = exact(image.double())
            for benchmark in (False, True) if batch == 2 else (False,):
                error, said = call(kernel, image, truth, benchmark)
                yield error, f"batch {batch}, {name}{', benchmark' if benchmark else ''}{said}"


def check(arguments, case, precision):
    """What is wrong, as lines."""
    path, weights = files(arguments, case, precision)
    if arguments.compile_only:
        return []
    kernel, exact = torch.jit.load(path, map_location=arguments.device), case.reference()
    fused = re.findall(r"aten::(cudnn\w*)\(", str(kernel.graph))
    exact.load_state_dict(torch.load(weights))
    exact = exact.double().eval().to(arguments.device)
    worst, problems = (-1.0, ""), [] if fused else ["there is no call of cuDNN in it"]
    with torch.no_grad():
        for error, called in measure(kernel, exact, case.calls[0][0][1:], arguments.device):
            worst = max(worst, (error, called))
            if not error <= TOLERANCE[precision]:
                problems.append(f"{called}: wrong by {error:.2g}")
    print(f"{case.name:14} {precision}  {len(fused)} fused  largest error {worst[0]:.1e} ({worst[1]})", flush=True)
    return [f"{case.name} {precision}: {problem}" for problem in problems]


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-k", default="", metavar="TEXT", help="only the cases whose names hold it")
    parser.add_argument("--kernels", type=pathlib.Path)
    parser.add_argument("--compile-only", action="store_true")
    parser.add_argument("--device", default="cuda")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    if arguments.device == "cuda" and not arguments.compile_only and not torch.cuda.is_available():
        print("no GPU")
        sys.exit(77)
    chosen = [case for case in cases() if arguments.k in case.name]
    torch.manual_seed(0)
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        if arguments.device == "cpu":
            stack.enter_context(cudnn.stand_ins("CPU"))
        arguments.kernels = arguments.kernels or pathlib.Path(folder)
        arguments.kernels.mkdir(parents=True, exist_ok=True)
        problems = [line for case in chosen for precision in TOLERANCE if precision == "fp32" or case.name in NARROW
                    for line in check(arguments, case, precision)]
    print("\n".join(problems))
    print(f"{len(chosen)} cases, {len(problems)} problems")
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
