"""Kernels of reduced precision in an ordinary torch: against integer arithmetic, copied, and under autocast."""
import copy
import json
import os
import pathlib
import subprocess
import tempfile
import unittest
import warnings

import numpy as np
import torch

TEZ = pathlib.Path(os.environ["TEZ_BIN"]) / "tez"
warnings.filterwarnings("ignore")


def graph(*nodes):
    """A chain of (op_type, attributes) between an input and an output."""
    ids = [f"n{i}" for i in range(len(nodes))]
    edges = [{"id": f"e{i}", "source": a, "target": b, "connection_type": "forward"}
             for i, (a, b) in enumerate(zip(ids, ids[1:]))]
    return {"id": "chain", "name": "chain", "edges": edges,
            "nodes": [{"id": i, "op_type": op, "attributes": attributes} for i, (op, attributes) in zip(ids, nodes)]}


def linear(inputs, outputs, relu=False):
    bend = [("activation", {"type": "relu"})] if relu else []
    return graph(("input", {"shape": [-1, inputs]}), ("linear", {"in_features": inputs, "out_features": outputs}),
                 *bend, ("output", {}))


def weight_grid(weight):
    """The 8-bit weight and the scale of each of its slices."""
    flat = weight.reshape(len(weight), -1)
    scales = (np.abs(flat).max(1).astype(np.float64) / 127).astype(np.float32)
    return np.rint(flat.astype(np.float64) / scales[:, None]).astype(np.int64).reshape(weight.shape), scales


def static_grid(samples):
    low, high = min(float(samples.min()), 0), max(float(samples.max()), 0)
    scale = float(np.float32((high - low) / 127))
    return scale, int(np.rint(-low / scale))


def on_grid(x, scale, zero, most=127):
    return np.clip(np.rint(x * (np.float32(1) / np.float32(scale))).astype(np.int64) + zero, 0, most)


class Precision(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.addCleanup(self.scratch.cleanup)
        self.folder = pathlib.Path(self.scratch.name)

    def compile(self, blueprint, *options):
        source, target = self.folder / "net.json", self.folder / "net.pt"
        source.write_text(json.dumps(blueprint))
        subprocess.run([TEZ, "compile", source, "-o", target, *options], check=True)
        return torch.jit.load(str(target))

    def save(self, array):
        path = self.folder / "samples.npy"
        np.save(path, array)
        return f"--calibrate={path}"

    def state(self, blueprint):
        """The fp32 weights that every kernel of the blueprint starts from."""
        return {name.rsplit(".", 1)[-1]: p.detach().numpy() for name, p in self.compile(blueprint).named_parameters()}

    def expected(self, blueprint, x, scale, zero, most=127):
        """The same product in integers, and in fp32 only what torch documents: one multiplication, one sum."""
        state = self.state(blueprint)
        values, scales = weight_grid(state["weight"])
        sums = (on_grid(x, scale, zero, most) - zero) @ values.T
        return sums * (np.float32(scale) * scales).astype(np.float64) + state["bias"]

    def test_static_linear_is_integer_arithmetic(self):
        samples = np.random.RandomState(0).randn(64, 200).astype(np.float32)
        for relu in (False, True):
            blueprint = linear(200, 130, relu)
            want = self.expected(blueprint, samples, *static_grid(samples))
            kernel = self.compile(blueprint, "--for=infer", "--precision=int8", self.save(samples))
            found = kernel(torch.from_numpy(samples)).numpy()
            np.testing.assert_allclose(found, np.maximum(want, 0) if relu else want, rtol=1e-5, atol=1e-6)

    def test_inputs_outside_of_the_calibrated_range_are_clamped(self):
        samples, blueprint = (0.25 * np.random.RandomState(0).randn(64, 200)).astype(np.float32), linear(200, 130)
        kernel = self.compile(blueprint, "--for=infer", "--precision=int8", self.save(samples))
        x = (3 * np.random.RandomState(1).rand(64, 200)).astype(np.float32)
        want = self.expected(blueprint, x, *static_grid(samples))
        np.testing.assert_allclose(kernel(torch.from_numpy(x)).numpy(), want, rtol=1e-5, atol=1e-6)
        negative = self.save(-np.abs(samples))
        self.compile(blueprint, "--for=infer", "--precision=int8", negative)

    def test_images_without_a_batch(self):
        blueprint = graph(("input", {"shape": [-1, 40, 9, 9]}),
                          ("conv2d", {"in_channels": 40, "out_channels": 48, "kernel_size": 3}), ("activation", {"type": "relu"}),
                          ("conv2d", {"in_channels": 48, "out_channels": 40, "kernel_size": 3}), ("output", {}))
        x = torch.randn(3, 40, 9, 9)
        kernel = self.compile(blueprint, "--for=infer", "--precision=int8", self.save(x.numpy()))
        self.assertTrue(torch.equal(kernel(x[1]), kernel(x)[1]))

    def test_dead_channels_and_extreme_weights(self):
        blueprint = linear(128, 160)
        state = {name: p.detach().clone() for name, p in self.compile(blueprint).named_parameters()}
        weights = self.folder / "weights.pt"
        for factor in (0.0, 1e-38, 1e-42, 1e-20):
            state["layers.n1.weight"][3] = factor
            torch.save(state, weights)
            self.compile(blueprint, "--for=infer", "--precision=int8", f"--weights={weights}", "--max-drop=1")

    def test_dynamic_linear_is_integer_arithmetic(self):
        blueprint = linear(200, 130)
        kernel = self.compile(blueprint, "--for=infer", "--precision=int8")
        for seed, factor in enumerate((1, 1e-2, 300)):
            x = (factor * np.random.RandomState(seed).randn(33, 200)).astype(np.float32)
            low, high = float(x.min()), float(x.max())
            step = (high - low) / 127
            zero = int(np.rint(-low / step if -abs(low / step) < 127 - abs(high / step) else 127 - high / step))
            want = self.expected(blueprint, x, step, zero, most=255)
            np.testing.assert_allclose(kernel(torch.from_numpy(x)).numpy(), want, rtol=1e-5, atol=1e-6 * factor)

    def test_shapes_of_a_dynamic_linear(self):
        blueprint = {"type": "linear", "config": {"input_size": 128, "hidden_sizes": [128], "output_size": 130}}
        reference = self.compile(blueprint)
        kernel = self.compile(blueprint, "--for=infer", "--precision=int8")
        for shape in ((128,), (0, 128), (1, 128), (7, 128), (2, 3, 128), (2, 0, 3, 128)):
            x = torch.randn(shape)
            found, want = kernel(x), reference(x)
            self.assertEqual((found.shape, found.dtype), (want.shape, want.dtype))
            if want.numel():
                self.assertLess(float((found - want).norm() / want.norm()), 0.05, shape)

    def test_convolution_is_integer_arithmetic(self):
        blueprint = graph(("input", {"shape": [-1, 32, 9, 9]}),
                          ("conv2d", {"in_channels": 32, "out_channels": 64, "kernel_size": 3, "padding": 1}),
                          ("output", {}))
        x = np.random.RandomState(0).randn(4, 32, 9, 9).astype(np.float32)
        state = self.state(blueprint)
        exact = torch.conv2d(torch.from_numpy(x), torch.from_numpy(state["weight"]), torch.from_numpy(state["bias"]),
                             padding=1).numpy()
        (scale, zero), (step, end) = static_grid(x), static_grid(exact)
        values, scales = weight_grid(state["weight"])
        inputs = torch.from_numpy((on_grid(x, scale, zero) - zero).astype(np.float64))
        sums = torch.conv2d(inputs, torch.from_numpy(values.astype(np.float64)), padding=1).numpy()
        channel = (1, 64, 1, 1)
        want = sums * (scale * scales.astype(np.float64)).reshape(channel) + state["bias"].reshape(channel)
        want = step * (np.clip(np.rint(want / step) + end, 0, 255) - end)
        kernel = self.compile(blueprint, "--for=infer", "--precision=int8", self.save(x))
        found = kernel(torch.from_numpy(x))
        self.assertTrue(found.is_contiguous())
        steps = np.abs(found.numpy() - want) / step
        # torch rounds the bias to the product's grid; that may turn a result that is half way between two.
        self.assertLess(steps.max(), 1.01)
        self.assertLess((steps > 0.01).mean(), 0.01)

    def test_copies_and_saved_kernels_compute_the_same(self):
        x = torch.randn(5, 128)
        for precision in ("bf16", "fp16", "int8"):
            kernel = self.compile(linear(128, 256), "--for=infer", f"--precision={precision}")
            want = kernel(x)
            self.assertEqual(want.dtype, torch.float32)
            again = self.folder / "again.pt"
            torch.jit.save(kernel, str(again))
            for other in (copy.deepcopy(kernel), torch.jit.load(str(again)), torch.jit.freeze(kernel.eval())):
                self.assertTrue(torch.equal(other(x), want), precision)

    def test_files_shrink(self):
        sizes = {}
        for precision in ("fp32", "bf16", "fp16", "int8"):
            self.compile(linear(512, 512), "--for=infer", f"--precision={precision}")
            sizes[precision] = (self.folder / "net.pt").stat().st_size
        self.assertLess(sizes["bf16"], 0.55 * sizes["fp32"])
        self.assertEqual(sizes["bf16"], sizes["fp16"])
        self.assertLess(sizes["int8"], 0.3 * sizes["fp32"])

    def test_a_training_kernel_runs_under_autocast(self):
        kernel = self.compile({"type": "linear", "config": {"input_size": 64, "hidden_sizes": [96], "output_size": 32}})
        x = torch.randn(8, 64)
        exact = kernel(x)
        with torch.autocast("cpu", torch.bfloat16):
            narrow = kernel(x)
        self.assertEqual(narrow.dtype, torch.bfloat16)
        self.assertLess(float((narrow - exact).norm() / exact.norm()), 0.02)
        narrow.float().square().sum().backward()
        for name, p in kernel.named_parameters():
            self.assertEqual(p.grad.dtype, torch.float32, name)
            self.assertTrue(bool(p.grad.isfinite().all() and p.grad.any()), name)


if __name__ == "__main__":
    unittest.main()
