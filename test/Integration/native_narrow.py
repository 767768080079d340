#!/usr/bin/env python
"""Machine code of fewer bits: 8-bit products against integer arithmetic, bit by bit, and bf16 ones against fp64.

    native_narrow.py [-v] [CPU ...]

CPU: code for those processors, in place of this machine's, of which the first that runs here is called.
"""
import json
import pathlib
import sys
import tempfile
import zipfile

import numpy as np
import torch

import native
import precision

SIZES = [(127, 251, False), (128, 256, True), (130, 130, True), (1030, 17, False)]  # inputs, outputs, relu
ROWS = [1, 2, 3, 5, 8, 13, 33, 200]


def row_grids(x):
    """Of each row of fp32: the step, and what 0 is (docs/design.md, "Machine code")."""
    low, high = np.minimum(x.min(1, keepdims=True), 0), np.maximum(x.max(1, keepdims=True), 0)
    step = np.maximum((high - low) / np.float32(127), np.float32(2.0**-60))
    return step, np.rint(-low / step)


def expected(x, step, zero, weight, bias, relu):
    """The layer in integers, and in fp32 only the last three steps, in their order. All arrays but `weight` are fp32."""
    values, scales = precision.weight_grid(weight)
    on_grid = np.clip(np.rint(x * (np.float32(1) / step)) + zero, 0, 127).astype(np.int64)
    sums = on_grid @ values.T - zero.astype(np.int64) * values.sum(1)
    y = sums.astype(np.float32) * (step * scales) + bias
    return np.maximum(y, 0) if relu else y


def numbers(rows, width, seed):
    """Rows of different ranges: with and without negative numbers, of zeros, of one number that is far away."""
    x = np.random.RandomState(seed).randn(rows, width).astype(np.float32)
    x[1::5] = np.abs(x[1::5])
    x[2::5] *= 1e-6
    x[3::5] = 0
    x[4::5, 0] = -300
    return x


def check_integers(folder, flags):
    for inputs, outputs, relu in SIZES:
        path = native.compile_(precision.linear(inputs, outputs, relu), folder, "dynamic", "--precision=int8", *flags)
        weight, bias = weights_of(folder, precision.linear(inputs, outputs, relu))
        kernel = native.tezzeret.load(path, native=True)
        for rows in ROWS:
            x = numbers(rows, inputs, rows)
            y = kernel(torch.from_numpy(x))
            assert np.array_equal(y.numpy(), expected(x, *row_grids(x), weight, bias, relu)), f"{inputs}x{outputs}, {rows} rows"
            native.check_threads(kernel, torch.from_numpy(x), y, f"{inputs}x{outputs}")


def check_no_numbers(folder, flags):
    """What is no number stays to be seen, in its row, and only there."""
    kernel = native.tezzeret.load(native.compile_(precision.linear(130, 130), folder, "none", "--precision=int8", *flags), native=True)
    x = torch.randn(5, 130)
    usual = kernel(x)
    x[0, 3], x[2, 129], x[4, 64] = float("inf"), float("nan"), -float("inf")
    y = kernel(x)
    assert y[::2].isnan().all() and torch.equal(y[1::2], usual[1::2]), "NaN and infinity"


def weights_of(folder, blueprint):
    state = torch.jit.load(native.compile_(blueprint, folder, "weights", purpose=["--no-validate"])).state_dict()
    return tuple(next(tensor.numpy() for name, tensor in state.items() if name.endswith(end)) for end in (".weight", ".bias"))


def check_calibrated(folder, flags):
    """Values outside of the range are clamped."""
    samples = (0.25 * np.random.RandomState(0).randn(64, 200)).astype(np.float32)
    np.save(folder / "samples.npy", samples)
    step, zero = precision.static_grid(samples)
    blueprint = precision.linear(200, 130, True)
    path = native.compile_(blueprint, folder, "static", "--precision=int8", f"--calibrate={folder / 'samples.npy'}", *flags)
    kernel, (weight, bias) = native.tezzeret.load(path, native=True), weights_of(folder, blueprint)
    for x in (samples, 4 * samples[:7]):
        want = expected(x, np.float32(step), np.float32(zero), weight, bias, True)
        assert np.array_equal(kernel(torch.from_numpy(x)).numpy(), want), "static"


def rounds_rows(path):
    """Has the file's first code an instruction for products of bf16, which takes rows of bf16, too."""
    with zipfile.ZipFile(path) as archive:
        return "bf16" in json.loads(archive.read("kernel/extra/native/plan.json"))["variants"][0]["level"]


def excess(x, y, path, weights, relu):
    """How far y, a layer of bf16, is outside of the bound on sums in fp32 of products of rounded numbers; <= 0: within."""
    weight, bias = (torch.from_numpy(array).bfloat16().double() for array in weights)
    truth = torch.nn.functional.linear((x.bfloat16() if rounds_rows(path) else x).double(), weight, bias)
    bound = 2e-6 * (x.abs().double() @ weight.abs().T + 1)
    return ((y.double() - (truth.relu() if relu else truth)).abs() - bound).max().item()


def check_halves(folder, flags):
    """One layer rounds its weights, and its rows where an instruction takes them so, and nothing else."""
    for inputs, outputs, relu in SIZES:
        blueprint = precision.linear(inputs, outputs, relu)
        path = native.compile_(blueprint, folder, "halves", "--precision=bf16", *flags)
        kernel = native.tezzeret.load(path, native=True)
        weights = weights_of(folder, blueprint)
        for rows in ROWS:
            x = torch.from_numpy(numbers(rows, inputs, rows))
            y = kernel(x)
            assert excess(x, y, path, weights, relu) <= 0, f"{inputs}x{outputs}, {rows} rows"
            native.check_threads(kernel, x, y, f"{inputs}x{outputs}")


NETS = {"gated": native.graph(
    [native.node("a", "linear", in_features=130, out_features=200), native.node("s", "activation", type="silu"),
     native.node("b", "linear", in_features=130, out_features=200), native.node("m", "multiply"),
     native.node("n", "normalization", type="layer_norm", normalized_shape=[200]),
     native.node("c", "linear", in_features=200, out_features=130), native.node("r", "add")],
    "input>a a>s input>b s>m b>m m>n n>c c>r input>r r>output".split(), [-1, 130]),
    "transformer": native.transformer(144, 4, True)}


def check_nets(folder, flags):
    """What stands between products is as in fp32: the error is theirs, and a row does not depend on others."""
    for name, blueprint in NETS.items():
        exact = torch.jit.load(native.compile_(blueprint, folder, name)).double()
        for kind, most in (("bf16", 0.01), ("int8", 0.05)):
            kernel = native.tezzeret.load(native.compile_(blueprint, folder, f"{name}-{kind}", f"--precision={kind}", *flags), native=True)
            for rows in (1, 3, 21):
                x = torch.randn(2, rows, 144) if name == "transformer" else torch.randn(rows, 130)
                y, truth = kernel(x), exact(x.double())
                drop = ((y - truth).square().mean() / truth.square().mean()).sqrt().item()
                assert 1e-5 < drop < most, f"{name}, {kind}, {rows} rows: {drop}"
                assert torch.equal(y[1:], kernel(x[1:].clone())), f"{name}, {kind}: a row depends on others"
                if "-v" in sys.argv:
                    print(name, kind, rows, f"{drop:.2e}")


def main():
    torch.manual_seed(0)
    torch.set_num_threads(1)
    flags = [f"--cpu={word}" for word in sys.argv[1:] if word != "-v"]
    checks = [check_integers, check_no_numbers, check_calibrated, check_halves, check_nets]
    with tempfile.TemporaryDirectory(prefix="tez-narrow-") as folder:
        for check in checks:
            check(pathlib.Path(folder), flags)
            if "-v" in sys.argv:
                print(check.__name__)
    print(f"{len(checks)} passed, 0 failed")


if __name__ == "__main__":
    main()
