#!/usr/bin/env python
"""tezzeret.load on kernels of every kind, and plain TorchScript in `tez run`.

    loading.py [-v]

What is not refused must load and compute what plain torch.jit.load gives. Modules that torch.jit.save writes load in
`tez run` as long as they call only what kernels may use. (What is refused: attacks.py.)
"""
import json
import os
import pathlib
import pickle
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from typing import List, NamedTuple, Optional, Tuple

import numpy
import torch

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "python"))
import tezzeret  # noqa: E402

TEZ = pathlib.Path(os.environ.get("TEZ_BIN", ROOT / "build/bin")) / "tez"
LSTM = {"module_type": "torch.nn.LSTM", "config": {"input_size": 5, "hidden_size": 4, "num_layers": 2}}
KERNELS = [  # blueprint, flags of tez compile, shape of the input
    ("linear", {"type": "linear", "config": {"input_size": 6, "hidden_sizes": [8, 8], "output_size": 3}}, [], (2, 6)),
    ("infer", {"type": "linear", "config": {"input_size": 6, "hidden_sizes": [8, 8], "output_size": 3}},
     ["--for=infer"], (2, 6)),
    ("bf16", {"type": "linear", "config": {"input_size": 6, "hidden_sizes": [8, 8], "output_size": 3}},
     ["--for=infer", "--precision=bf16"], (2, 6)),
    ("int8", {"type": "linear", "config": {"input_size": 64, "hidden_sizes": [64], "output_size": 64}},
     ["--for=infer", "--precision=int8", "--max-drop=1"], (2, 64)),
    ("conv", {"type": "conv", "config": {"in_channels": 3, "out_channels": [4, 4, 4]}}, [], (2, 3, 16, 16)),
    ("attention", {"type": "attention", "config": {"embed_dim": 8, "num_heads": 2, "dropout": 0.0}}, [], (2, 3, 8)),
    ("lstm", {"metadata": {"blueprint_id": "x", "name": "x", "category": "custom"}, "architecture": LSTM}, [], (3, 2, 5)),
]


class Pair(NamedTuple):
    first: torch.Tensor
    second: torch.Tensor


class Block(torch.nn.Module):
    """Forms of the printer: optional values, loops over modules, constants, tuples, methods, errors."""
    scale: torch.jit.Final[float]

    def __init__(self):
        super().__init__()
        self.layers = torch.nn.ModuleList([torch.nn.Linear(4, 4), torch.nn.GELU(), torch.nn.LayerNorm(4)])
        self.scale = 2.0

    def half(self, x, by: int = 2) -> torch.Tensor:
        return x / by

    def forward(self, x, bias: Optional[torch.Tensor] = None) -> torch.Tensor:
        if x.dim() > 3:
            raise ValueError("too many dimensions")
        for layer in self.layers:
            x = layer(x)
        parts: List[torch.Tensor] = [x, self.half(x)]
        if bias is not None:
            x = x + bias
        return torch.cat(parts, -1) * self.scale


class Tupled(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.block = Block()
        self.shift = torch.nn.Parameter(torch.ones(8))
        self.names = ["a", "b"]

    def pair(self, x) -> Tuple[torch.Tensor, torch.Tensor]:
        return x, x + self.shift

    def forward(self, x):
        first, second = self.pair(self.block(x))
        return first + second


PLAIN = [
    ("relu", torch.nn.ReLU(), (2, 3)),
    ("sequential", torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.Tanh(), torch.nn.Linear(8, 2)), (2, 4)),
    ("convolution", torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4).eval(), torch.nn.ReLU(),
                                        torch.nn.Flatten()), (2, 3, 8, 8)),
    ("block", Block(), (2, 4)), ("tupled", Tupled(), (2, 4)),
]
REFUSED = [("dropout", torch.nn.Dropout(0.5), "torch.dropout_"), ("softplus", torch.nn.Softmin(dim=None), "torch.warn")]
failures = []


def expect(case, holds, said=""):
    if not holds:
        failures.append(case)
        print(f"FAIL {case}: {said}")
    elif "-v" in sys.argv:
        print(f"ok   {case}")


def tez(*arguments):
    return subprocess.run([TEZ, *map(str, arguments)], capture_output=True, text=True)


def same(a, b):
    a, b = (value if isinstance(value, tuple) else (value,) for value in (a, b))
    return len(a) == len(b) and all(torch.equal(x, y) if isinstance(x, torch.Tensor) else same(x, y) for x, y in zip(a, b))


def load_kernels(folder):
    for name, blueprint, flags, shape in KERNELS:
        path = folder / f"{name}.pt"
        (folder / f"{name}.json").write_text(json.dumps(blueprint))
        done = tez("compile", folder / f"{name}.json", "-o", path, "--sign-key", folder / "mine.key", *flags)
        if done.returncode:
            expect(name, False, done.stderr)
            continue
        kernel = tezzeret.load(path, keys=[folder / "mine.pub"], require=["outputs"])
        x = torch.randn(shape)
        expect(name, same(kernel(x), torch.jit.load(str(path))(x)), "another result than torch.jit.load's")
        if not flags:
            trainable = [p for p in kernel.parameters() if p.requires_grad]
            expect(f"{name} trains", trainable and len(trainable) == len(list(kernel.parameters())), "frozen")


def load_often(folder):
    """Threads, keys as PEM, and one copy of the bytes: what is verified is what is loaded."""
    path, pem = folder / "linear.pt", (folder / "mine.pub").read_text()
    with ThreadPoolExecutor(8) as pool:
        x = torch.randn(2, 6)
        kernels = list(pool.map(lambda _: tezzeret.load(path, keys=[pem], revoked=["0" * 64]), range(16)))
        expect("threads", all(same(kernel(x), kernels[0](x)) for kernel in kernels))
    expect("map_location", next(tezzeret.load(path, map_location="meta").parameters()).is_meta)
    script = f"import sys; import tezzeret; tezzeret.verify({str(path)!r}, keys=[{pem!r}]); assert 'torch' not in sys.modules"
    done = subprocess.run([sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": str(ROOT / "python")},
                          capture_output=True, text=True)
    expect("verify without torch", done.returncode == 0, done.stderr)


def arguments_and_errors(folder):
    path = folder / "linear.pt"
    for case, wrong in (("signature without keys", {"signature": "x"}), ("one require", {"require": "outputs"}),
                        ("one key", {"keys": str(folder / "mine.pub")})):
        try:
            tezzeret.verify(path, **wrong)
            expect(case, False, "accepted")
        except TypeError:
            pass
    for case, wrong in (("no trusted key", {"keys": []}), ("no key", {"keys": ["-----BEGIN nothing"]}),
                        ("a secret key", {"keys": [folder / "mine.key"]})):
        try:
            tezzeret.verify(path, **wrong)
            expect(case, False, "accepted")
        except tezzeret.KernelRefused as error:
            again = pickle.loads(pickle.dumps(error))
            expect(case, error.place and error.found and error.expected and str(again) == str(error))
    for case, where, kind in (("missing file", folder / "nowhere.pt", OSError), ("folder", folder, OSError),
                              ("device", "/dev/zero", tezzeret.KernelRefused)):
        try:
            tezzeret.load(where)
            expect(case, False, "accepted")
        except kind:
            pass


def run_plain(folder):
    for name, module, shape in PLAIN:
        path, x = folder / f"{name}.plain.pt", torch.randn(shape)
        scripted = torch.jit.script(module.eval())
        torch.jit.save(scripted, str(path))
        numpy.save(folder / "x.npy", x.numpy())
        done = tez("run", path, f"--input={folder}/x.npy", f"--output={folder}/y.npy")
        expect(f"plain {name}", done.returncode == 0, done.stderr)
        if done.returncode == 0:
            y = torch.from_numpy(numpy.load(folder / "y.npy"))
            expect(f"plain {name} computes", torch.allclose(y, scripted(x), atol=1e-5))
    for name, module, word in REFUSED:
        path = folder / f"{name}.plain.pt"
        torch.jit.save(torch.jit.script(module), str(path))
        done = tez("run", path)
        expect(f"plain {name} is refused", done.returncode == 4 and word in done.stderr, done.stderr)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        assert tez("keygen", "-o", folder / "mine").returncode == 0
        for step in (load_kernels, load_often, arguments_and_errors, run_plain):
            step(folder)
    print(f"{len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
