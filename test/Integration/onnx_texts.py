#!/usr/bin/env python
"""Functions that no layer has, as ONNX models: texts of classes (forward_logic) in onnxruntime against themselves in torch.

    onnx_texts.py [-v]
"""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import numpy as np
import onnxruntime
import torch
import torch.nn.functional as F
from torch import nn

TEZ = pathlib.Path(os.environ["TEZ_BIN"]) / "tez"
TOLERANCE = 2e-6
TEXTS = {
    "where": "torch.where(x > y, x, y), torch.where(x >= y, x - y, y * 0.5), torch.where(x.isnan(), y, x)",
    "masks": "((x > 0) & ~(y > 1)).float(), ((x < 0) | (y <= 0)).float(), (x == y).float(), (x != y).float()",
    "quotients": "x % 0.7, x % -0.7, x % y, x // 0.3, x // y",
    "whole numbers": "x.long().float(), torch.round(3 * x), torch.floor(x), torch.ceil(x), torch.sign(x)",
    "circle": "torch.sin(x), torch.cos(x), torch.tan(x), torch.asin(torch.tanh(x)), torch.acos(torch.tanh(y)), torch.atan(x)",
    "logarithms": "torch.log1p(x.abs()), torch.expm1(x), torch.erf(x), torch.asinh(x)",
    "limits": "torch.clamp(x, -0.5, 0.7), torch.maximum(x, y), torch.minimum(x, y)",
    "constants": "x + torch.full_like(x, 0.25), y * torch.ones_like(y), torch.where(x > 0, torch.zeros_like(x), y)",
}


def module_of(results):
    """The text of a class that gives these, and one of it."""
    text = f"class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n\n    def forward(self, x, y):\n        return {results}\n"
    names = {"torch": torch, "nn": nn, "F": F}
    exec(text, names)  # the texts above, nobody else's
    return text, names["Net"]()


def blueprint(text):
    return {"metadata": {"blueprint_id": "BP-1", "name": "net", "version": "1.0.0", "category": "custom"},
            "architecture": {"module_type": "torch.nn.Module", "config": {}, "forward_logic": text}}


class Texts(unittest.TestCase):
    def compare(self, results):
        text, module = module_of(results)
        with tempfile.TemporaryDirectory() as folder:
            source, model = pathlib.Path(folder, "net.json"), pathlib.Path(folder, "net.onnx")
            source.write_text(json.dumps(blueprint(text)))
            done = subprocess.run([TEZ, "compile", "--emit=onnx", source, "-o", model], capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
            session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
        generator = torch.Generator().manual_seed(0)
        x, y = 2 * torch.randn(7, 5, generator=generator), torch.randn(7, 5, generator=generator)
        x[0] = y[0]  # equal ones
        x[1, :2] = torch.tensor([0.0, -0.0])
        if "isnan" in results:
            x[2, 3] = torch.nan
        expected = module(x, y)
        found = session.run(None, {i.name: t.numpy() for i, t in zip(session.get_inputs(), (x, y))})
        self.assertEqual(len(found), len(expected))
        for number, (one, other) in enumerate(zip(found, expected)):
            np.testing.assert_allclose(one, other.numpy(), rtol=TOLERANCE, atol=TOLERANCE, err_msg=f"result {number} of {results}")


for _name, _results in TEXTS.items():
    setattr(Texts, f"test_{_name.replace(' ', '_')}", lambda self, results=_results: self.compare(results))

if __name__ == "__main__":
    unittest.main()
