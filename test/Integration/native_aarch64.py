#!/usr/bin/env python
"""Machine code for AArch64, run under qemu-user beside the graph in the same file.

    native_aarch64.py [-v]
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import zipfile

import numpy
import torch

import native
import native_images
import native_narrow
import precision

ROOT = pathlib.Path(__file__).resolve().parent
COMPILER, EMULATOR = "aarch64-linux-gnu-gcc", "qemu-aarch64"
LINEAR = {"type": "linear", "config": {"input_size": 37, "hidden_sizes": [65, 600], "output_size": 11, "activation": "gelu"}}


def words_of(variant):
    kinds = {"input": "i", "output": "o", "scratch": "s"}
    return [kinds.get(argument["kind"]) or f"w{argument['offset']}" for argument in variant["arguments"]]


def run(program, path, x, folder):
    """The outputs of the file's code on x."""
    with zipfile.ZipFile(path) as archive:
        plan = json.loads(archive.read("kernel/extra/native/plan.json"))
        variant = plan["variants"][0]
        for kind in ("code", "weights"):
            (folder / kind).write_bytes(archive.read("kernel/extra/" + variant[kind]))
    x.numpy().tofile(folder / "x")
    columns = plan["inputs"][0]["columns"], plan["outputs"][0]["columns"]
    result = plan["outputs"][0].get("image", [columns[1]])
    rows = x.numel() // columns[0]
    scratch = rows * variant["scratch_columns"] + variant["scratch_numbers"]
    command = [EMULATOR, program, folder / "code", folder / "weights", variant["entry"], rows, x.shape[-2], folder / "x", columns[0],
               folder / "y", columns[1], scratch, *words_of(variant)]
    subprocess.run([str(word) for word in command], check=True)
    return torch.from_numpy(numpy.fromfile(folder / "y", dtype=numpy.float32).reshape(*x.shape[:len(plan["leading"] or x.shape[1:])], *result))


def check(blueprint, row, name, program, folder):
    path = native.compile_(blueprint, folder, name, "--cpu=neoverse-v1")
    exact = torch.jit.load(path).double()
    for rows in (1, 3) if len(row) == 3 else (1, 2, 3, 5, 8, 13, 40):
        x = torch.randn(rows, *row)
        error = native.difference(run(program, path, x, folder), exact(x.double()))
        assert error < 1e-5, f"{name}, {rows} rows: {error}"


def check_narrow(program, folder):
    """With the instructions for narrow numbers and without: the same integers, and sums of bf16 that are nearly the same."""
    for cpu, level in (("neoverse-v1", "armv8-a+i8mm+bf16"), ("neoverse-n1", "armv8-a")):
        for inputs, outputs, relu in native_narrow.SIZES[:2]:
            blueprint = precision.linear(inputs, outputs, relu)
            weight, bias = native_narrow.weights_of(folder, blueprint)
            for kind in ("int8", "bf16"):
                path = native.compile_(blueprint, folder, kind, f"--precision={kind}", f"--cpu={cpu}")
                with zipfile.ZipFile(path) as archive:
                    assert json.loads(archive.read("kernel/extra/native/plan.json"))["variants"][0]["level"] == level
                for rows in (1, 2, 3, 9):
                    x = native_narrow.numbers(rows, inputs, rows)
                    y = run(program, path, torch.from_numpy(x), folder)
                    if kind == "int8":
                        want = native_narrow.expected(x, *native_narrow.row_grids(x), weight, bias, relu)
                        assert numpy.array_equal(y.numpy(), want), f"{cpu}, {inputs}x{outputs}, {rows} rows"
                    else:
                        excess = native_narrow.excess(torch.from_numpy(x), y, path, (weight, bias), relu)
                        assert excess <= 0, f"{cpu}, {inputs}x{outputs}, {rows} rows: {excess}"


def main():
    torch.manual_seed(0)
    with tempfile.TemporaryDirectory(prefix="tez-aarch64-") as name:
        folder = pathlib.Path(name)
        program = folder / "run_image"
        subprocess.run([COMPILER, "-static", "-O1", "-Wall", "-Werror", ROOT / "Inputs/run_image.c", "-o", program], check=True)
        check(LINEAR, [37], "linear", program, folder)
        check_narrow(program, folder)
        for positions in (1, 17, 130):
            check(native.transformer(20, 2, True), [positions, 20], f"transformer{positions}", program, folder)
        check(*native_images.filtering_net(33, 35, 9, 9, 1), "filtering", program, folder)
        for seed in range(4):
            blueprint, row = native.random_kernel(native.random.Random(seed))
            check(blueprint, row, f"random{seed}", program, folder)
            check(*native_images.random_net(native.random.Random(seed)), f"images{seed}", program, folder)
            if "-v" in sys.argv:
                print("seed", seed)
    print("14 passed, 0 failed")


if __name__ == "__main__":
    main()
