#!/usr/bin/env python3
"""Times the stock operators that could compute one layer, and writes what it saw to docs/measured.

  measure_operators.py [--seconds S] [--rounds N] [--tables int8_linear,...]

For each size: every candidate as a scripted module on the same weights, interleaved, one thread; the least time of all
rounds counts, since whatever else the machine does only adds. docs/design.md says which passes rest on these tables.
"""
import argparse
import csv
import os
import pathlib
import time

os.environ["OMP_NUM_THREADS"] = "1"
import torch  # noqa: E402
from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "docs/measured"
LINEARS = [(batch, width, out) for width, out in [(128, 256), (256, 256), (256, 1024), (512, 512), (512, 1024), (1024, 1024)]
           for batch in (1, 4, 16, 64, 256)]
CONVOLUTIONS = [(batch, a, b, size) for a, b, size in [(3, 64, 32), (16, 16, 32), (32, 32, 16), (64, 128, 16), (128, 256, 8)]
                for batch in (1, 8)]


class Layer(nn.Module):
    """A weight and a bias as buffers, as kernels for inference hold them."""

    def __init__(self, weight, bias):
        super().__init__()
        self.register_buffer("w", weight)
        self.register_buffer("b", bias)


class Linear(Layer):
    def forward(self, x):
        return torch.relu_(F.linear(x, self.w, self.b))


class Addmm(Layer):
    def forward(self, x):
        return torch.relu_(torch.addmm(self.b, x, self.w))


class MatmulAdd(Layer):
    def forward(self, x):
        return torch.relu_(torch.matmul(x, self.w).add_(self.b))


class AddmmActivation(Layer):
    def forward(self, x):
        return torch._addmm_activation(self.b, x, self.w)


class LinearPointwise(Layer):
    def forward(self, x):
        return torch.ops.mkldnn._linear_pointwise(x, self.w, self.b, "relu", [], "")


class Conv(Layer):
    def forward(self, x):
        return torch.relu_(F.conv2d(x, self.w, self.b, 1, 1))


class ConvPointwise(Layer):
    def forward(self, x):
        return torch.ops.mkldnn._convolution_pointwise(x, self.w, self.b, [1, 1], [1, 1], [1, 1], 1, "relu", [], "")


Q = torch.ops.quantized


def grid_of(weight):
    """The weight in 8 bits, with a scale for each slice of dimension 0."""
    scales = weight.flatten(1).abs().amax(1) / 127
    return torch.quantize_per_channel(weight, scales, torch.zeros(len(scales), dtype=torch.int64), 0, torch.qint8)


class Packed(nn.Module):
    def __init__(self, packed):
        super().__init__()
        self.packed = packed


class DynamicLinear(Packed):
    def forward(self, x):
        return Q.linear_relu_dynamic(x, self.packed, True)


class StaticLinear(Packed):
    def forward(self, x):
        return Q.linear_with_input_q_dq_qweight_dq_relu_output_fp32(x, 0.03, 64, self.packed)


class RequantizedLinear(Packed):
    def forward(self, x):
        return Q.linear_relu(torch.quantize_per_tensor(x, 0.03, 64, torch.quint8), self.packed, 0.03, 0).dequantize()


class StaticConv(Packed):
    def forward(self, x):
        return Q.conv2d_relu(torch.quantize_per_tensor(x, 0.03, 64, torch.quint8), self.packed, 0.03, 0).dequantize()


def candidates_for_int8_linear(batch, width, out):
    w, b, x = torch.randn(out, width) * 0.05, torch.randn(out), torch.randn(batch, width)
    packed = Q.linear_prepack(grid_of(w), b)
    return {"linear": (Linear(w, b), x), "matmul with the transposed weight, add_": (MatmulAdd(w.t().contiguous(), b), x),
            "quantized::linear_relu_dynamic": (DynamicLinear(packed), x),
            "quantized::linear_with_input_q_dq": (StaticLinear(packed), x),
            "quantize, quantized::linear_relu, dequantize": (RequantizedLinear(packed), x)}


def candidates_for_int8_convolution(batch, a, b, size):
    last = {"memory_format": torch.channels_last}
    w, bias, x = torch.randn(b, a, 3, 3) * 0.05, torch.randn(b), torch.randn(batch, a, size, size)
    packed = Q.conv2d_prepack(grid_of(w), bias, [1, 1], [1, 1], [1, 1], 1)
    return {"conv2d, channels last": (Conv(w.contiguous(**last), bias), x.contiguous(**last)),
            "quantize, quantized::conv2d_relu, dequantize": (StaticConv(packed), x),
            "the same, channels last": (StaticConv(packed), x.contiguous(**last))}


def candidates_for_linear(batch, width, out):
    w, b, x = torch.randn(out, width) * 0.05, torch.randn(out), torch.randn(batch, width)
    transposed = w.t().contiguous()
    return {"linear": (Linear(w, b), x), "linear of a strided weight": (Linear(transposed.t(), b), x),
            "addmm of the transposed weight": (Addmm(transposed, b), x),
            "matmul with the transposed weight, add_": (MatmulAdd(transposed, b), x),
            "_addmm_activation": (AddmmActivation(transposed, b), x), "mkldnn::_linear_pointwise": (LinearPointwise(w, b), x)}


def candidates_for_convolution(batch, a, b, size):
    w, bias, x = torch.randn(b, a, 3, 3) * 0.05, torch.randn(b), torch.randn(batch, a, size, size)
    last = {"memory_format": torch.channels_last}
    return {"conv2d": (Conv(w, bias), x), "conv2d, channels last": (Conv(w.contiguous(**last), bias), x.contiguous(**last)),
            "mkldnn::_convolution_pointwise": (ConvPointwise(w, bias), x),
            "mkldnn::_convolution_pointwise, channels last": (ConvPointwise(w.contiguous(**last), bias), x.contiguous(**last))}


TABLES = {
    "linear": (["batch", "in", "out"], LINEARS, candidates_for_linear),
    "convolution": (["batch", "in", "out", "size"], CONVOLUTIONS, candidates_for_convolution),
    "int8_linear": (["batch", "in", "out"], [(batch, 64, 64) for batch in (1, 16, 256)] + LINEARS, candidates_for_int8_linear),
    "int8_convolution": (["batch", "in", "out", "size"], CONVOLUTIONS, candidates_for_int8_convolution),
}


def least_times(candidates, seconds, rounds):
    # What holds packed weights cannot be scripted: it is not declared as such.
    scripted = {name: (module if isinstance(module, Packed) else torch.jit.script(module), x) for name, (module, x) in candidates.items()}
    least, counts = {name: float("inf") for name in scripted}, {}
    for name, (module, x) in scripted.items():
        for _ in range(5):
            module(x)
        start = time.perf_counter()
        module(x)
        counts[name] = max(2, int(seconds / max(time.perf_counter() - start, 1e-6)))
    for turn in range(rounds):
        for name in list(scripted) if turn % 2 == 0 else reversed(list(scripted)):
            module, x = scripted[name]
            start = time.perf_counter()
            for _ in range(counts[name]):
                module(x)
            least[name] = min(least[name], (time.perf_counter() - start) / counts[name] * 1e6)
    return least


def measure(file, head, sizes, make, args):
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open(FOLDER / file, "w", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        for i, size in enumerate(sizes):
            times = least_times(make(*size), args.seconds, args.rounds)
            if i == 0:
                table.writerow([*head, *times, "best"])
            table.writerow([*size, *(f"{us:.1f}" for us in times.values()), min(times, key=times.get)])
            print(file, size, {name: round(us, 1) for name, us in times.items()}, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=0.01, help="for one candidate in one round")
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--tables", default="linear,convolution,int8_linear,int8_convolution")
    args = parser.parse_args()
    torch.set_num_threads(1)
    with torch.inference_mode():
        for name in args.tables.split(","):
            head, sizes, make = TABLES[name]
            measure(f"{name}.csv", head, sizes, make, args)


if __name__ == "__main__":
    main()
