#!/usr/bin/env python3
"""Where the time of the race's inference kernels goes.   profile_rows.py [--rows A,B] [--write]

For each row: the share of each kind of operator in the time that torch's profiler sees inside of operators, and what a
call costs outside of them (the interpreter, allocations, Python), as the least wall time less the operators' own. One
thread. --write keeps the table in docs/measured/profile.csv.
"""
import argparse
import collections
import csv
import pathlib
import subprocess
import sys
import tempfile

import race  # first: it sets the threads
import torch
from _rows import ROWS
from torch.profiler import ProfilerActivity, profile

TABLE = pathlib.Path(__file__).resolve().parents[2] / "docs/measured/profile.csv"
KINDS = {
    "products": ("mm", "addmm", "matmul", "bmm", "linear", "baddbmm"),
    "convolutions": ("convolution", "conv2d", "mkldnn_convolution", "_convolution", "_slow_conv2d_forward", "thnn_conv2d", "_nnpack_spatial_convolution"),
    "attention": ("scaled_dot_product_attention", "_scaled_dot_product_flash_attention_for_cpu"),
    "pools": ("max_pool2d", "max_pool2d_with_indices", "adaptive_avg_pool2d", "mean", "_adaptive_avg_pool2d"),
    "norms": ("layer_norm", "native_layer_norm", "batch_norm"),
    "element-wise": ("relu_", "relu", "gelu_", "gelu", "silu_", "silu", "tanh_", "tanh", "add_", "add", "mul_", "mul", "clamp_min_"),
}
COLUMNS = [*KINDS, "other operators"]


def kind_of(event):
    name = event.removeprefix("aten::")
    return next((kind for kind, names in KINDS.items() if name in names), "other operators")


def shares(kernel, x, calls):
    """Share of each kind in the operators' own time."""
    with profile(activities=[ProfilerActivity.CPU]) as seen:
        for _ in range(calls):
            kernel(x)
    times = collections.Counter()
    for event in seen.key_averages():
        if event.key.startswith("aten::") or "mkldnn" in event.key:
            times[kind_of(event.key)] += event.self_cpu_time_total
    total = sum(times.values())
    return {kind: times[kind] / total for kind in COLUMNS}


def rows(names, folder):
    args = argparse.Namespace(kernels=folder, train=False, target="cpu", device="cpu", tez=race.TEZ)
    for name in names:
        blueprint, make, shape = ROWS[name]
        weights = folder / f"{name}.weights.pt"
        module, x = race.make_module(make, weights), torch.randn(*shape)
        kernel = torch.jit.load(race.kernel_file(args, name, blueprint, weights))
        with torch.inference_mode():
            least = race.least_times({"tez": kernel, "nothing": torch.jit.script(torch.nn.Identity())}, x, 0.01)
            yield name, least, shares(kernel, x, max(3, int(2e5 / least["tez"])))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", default=",".join(ROWS))
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    torch.set_num_threads(1)
    table = [["row", "us a call", "us of an empty call", *COLUMNS]]
    with tempfile.TemporaryDirectory() as folder:
        for name, least, found in rows(args.rows.split(","), pathlib.Path(folder)):
            table.append([name, f"{least['tez']:.1f}", f"{least['nothing']:.1f}", *(f"{found[kind]:.2f}" for kind in COLUMNS)])
            print(*(f"{cell:>16}" for cell in table[-1]), flush=True)
    if args.write:
        with open(TABLE, "w", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows(table)


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(str(error))
