#!/usr/bin/env python
"""docs/examples/moe.json, a mixture of experts from graph IR, trained beside a plain torch module of the same weights.

    moe.py

Clusters of tokens, each with a linear map of its own to learn, so that experts help. Adam on the task's loss and the
auxiliary loss, which is the kernel's second result: losses, parameters and gradients agree step by step in fp64, also
after a save and a load on the way; in fp32 the training ends at the same loss. The ONNX model agrees in onnxruntime.
"""
import os
import pathlib
import subprocess
import tempfile
import unittest
import warnings

import onnxruntime
import torch
from torch import nn
from torch.nn import functional

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEZ = pathlib.Path(os.environ["TEZ_BIN"]) / "tez"
WIDTH, HIDDEN, EXPERTS, TOP, COEFFICIENT = 16, 32, 4, 2, 0.05  # as the blueprint has them
STEPS, RATE = 60, 3e-3
SAME = 1e-10  # fp64: the same operations, sums of products in another order

warnings.filterwarnings("ignore", category=DeprecationWarning)
warnings.filterwarnings("ignore", message=".*torch.jit.*")


class Mixture(nn.Module):
    """What the blueprint means, as one writes it in torch, with its names: of each token's logits the greatest TOP."""

    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleDict({"router": nn.Linear(WIDTH, EXPERTS, bias=False)})
        for i in range(EXPERTS):
            self.layers[f"expert{i}_widen"] = nn.Linear(WIDTH, HIDDEN)
            self.layers[f"expert{i}_narrow"] = nn.Linear(HIDDEN, WIDTH)

    def forward(self, x):
        logits = self.layers["router"](x)
        best, which = logits.topk(TOP, dim=-1)
        gates = best.softmax(-1)
        y = torch.zeros_like(x)
        for i in range(EXPERTS):
            share = (gates * (which == i)).sum(-1, keepdim=True)
            hidden = functional.gelu(self.layers[f"expert{i}_widen"](x))
            y = y + share * self.layers[f"expert{i}_narrow"](hidden)
        load = logits.softmax(-1).flatten(0, -2).mean(0)
        return y, COEFFICIENT * load.var()


class Task:
    """Tokens of EXPERTS clusters; each cluster's targets are a rotation of its own."""

    def __init__(self, dtype):
        self.generator, self.dtype = torch.Generator().manual_seed(5), dtype
        self.centres = 2 * self._draw(EXPERTS, WIDTH)
        self.maps = torch.linalg.qr(self._draw(EXPERTS, WIDTH, WIDTH)).Q

    def _draw(self, *shape):
        return torch.randn(shape, generator=self.generator, dtype=torch.float64)

    def batch(self):
        """Tokens 8 x 12 x WIDTH and their targets."""
        cluster = torch.randint(EXPERTS, (8, 12), generator=self.generator)
        x = self.centres[cluster] + 0.3 * self._draw(8, 12, WIDTH)
        return x.to(self.dtype), torch.einsum("bsi,bsij->bsj", x, self.maps[cluster]).to(self.dtype)


def step(model, optimiser, batch):
    """(task's loss, auxiliary loss) before the step."""
    x, target = batch
    optimiser.zero_grad()
    y, balance = model(x)
    loss = functional.mse_loss(y, target)
    (loss + balance).backward()
    optimiser.step()
    return loss.item(), balance.item()


def greatest(model, other, of):
    theirs = dict(other.named_parameters())
    return max((of(p) - of(theirs[name])).abs().max().item() for name, p in model.named_parameters())


def restarted(kernel, optimiser, folder):
    """Kernel and optimiser as a job finds them that starts again from its files."""
    torch.jit.save(kernel, folder / "half.pt")
    torch.save(optimiser.state_dict(), folder / "half.optimiser")
    kernel = torch.jit.load(folder / "half.pt")
    optimiser = torch.optim.Adam(kernel.parameters(), lr=RATE)
    optimiser.load_state_dict(torch.load(folder / "half.optimiser"))
    return kernel, optimiser


class Moe(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.temporary.name)
        subprocess.run([TEZ, "compile", ROOT / "docs/examples/moe.json", "--emit=torchscript,onnx", "-o",
                        cls.folder / "moe.pt"], check=True)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def pair(self, dtype):
        """The kernel and torch's module with the kernel's weights."""
        kernel = torch.jit.load(self.folder / "moe.pt").to(dtype).train()
        module = Mixture().to(dtype)
        self.assertEqual({n: t.shape for n, t in kernel.state_dict().items()},
                         {n: t.shape for n, t in module.state_dict().items()})
        module.load_state_dict(kernel.state_dict())
        return kernel, module

    def test_trains_as_torch_does_step_by_step(self):
        kernel, module = self.pair(torch.float64)
        task, losses, routed = Task(torch.float64), [], 0
        mine, theirs = (torch.optim.Adam(m.parameters(), lr=RATE) for m in (kernel, module))
        for number in range(STEPS):
            if number == STEPS // 2:
                kernel, mine = restarted(kernel, mine, self.folder)
            batch = task.batch()
            found, expected = step(kernel, mine, batch), step(module, theirs, batch)
            for f, e in zip(found, expected):
                self.assertAlmostEqual(f, e, delta=SAME, msg=f"losses of step {number}")
            self.assertLess(greatest(kernel, module, lambda p: p.grad), SAME, f"gradients of step {number}")
            self.assertLess(greatest(kernel, module, lambda p: p.detach()), SAME, f"parameters after step {number}")
            routed += dict(kernel.named_parameters())["layers.router.weight"].grad.abs().max().item() > 1e-6
            losses.append(found[0])
        self.assertEqual(routed, STEPS, "the router has a gradient in every step")
        self.assertLess(losses[-1], 0.25 * losses[0], losses)

    def test_the_auxiliary_loss_trains_the_router_alone(self):
        kernel, module = self.pair(torch.float64)
        x, _ = Task(torch.float64).batch()
        for model in (kernel, module):
            model(x)[1].backward()
        router = dict(kernel.named_parameters())["layers.router.weight"]
        self.assertGreater(router.grad.abs().max().item(), 1e-6)
        self.assertLess((router.grad - module.layers["router"].weight.grad).abs().max().item(), SAME)
        for name, p in kernel.named_parameters():
            self.assertTrue(name == "layers.router.weight" or p.grad is None or not p.grad.any(), name)

    def test_fp32_ends_at_the_same_loss(self):
        kernel, module = self.pair(torch.float32)
        task = Task(torch.float32)
        mine, theirs = (torch.optim.Adam(m.parameters(), lr=RATE) for m in (kernel, module))
        for _ in range(STEPS):
            batch = task.batch()
            found, expected = step(kernel, mine, batch), step(module, theirs, batch)
        # Roundings may send a token to another expert, so the steps are not compared one by one.
        self.assertAlmostEqual(found[0], expected[0], delta=0.05 * expected[0])

    def test_onnx_model_agrees_in_onnxruntime(self):
        kernel = torch.jit.load(self.folder / "moe.pt").eval()
        session = onnxruntime.InferenceSession(str(self.folder / "moe.onnx"), providers=["CPUExecutionProvider"])
        x, _ = Task(torch.float32).batch()
        found = session.run(None, {session.get_inputs()[0].name: x.numpy()})
        with torch.no_grad():
            expected = kernel(x)
        self.assertEqual(len(found), len(expected))
        for f, e in zip(found, expected):
            self.assertEqual(f.shape, tuple(e.shape))
            self.assertLess((torch.from_numpy(f) - e).abs().max().item(), 1e-5)


if __name__ == "__main__":
    unittest.main()
