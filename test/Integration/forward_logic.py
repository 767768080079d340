#!/usr/bin/env python
"""Texts of classes (form 1d, forward_logic) against themselves: run by Python here, translated by tez there.

    forward_logic.py [-v] [NAME ...]

Each file in logic/ is a class as somebody writes it. Python runs it as the reference; `tez compile` translates and
validates it. With one state dict both must give the same results in training and evaluation (random draws from one
seed), the same gradients, the same buffers after several calls, and go on equally after a save and a load.
"""
import argparse
import copy
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile
import warnings

import torch

TEXTS = pathlib.Path(__file__).parent / "logic"
TEZ = pathlib.Path(os.environ["TEZ_BIN"]) / "tez"
EXPERTS = 8


# Texts that name float32, by which they cannot run in fp64 or round there.
SINGLE = {"rmsnorm_typed", "rmsnorm_isinstance", "balancer_plain", "balancer_unique", "balancer_onehot",
          "positions_rotary"}


def indices(*shape):
    return torch.randint(0, EXPERTS, shape, generator=torch.Generator().manual_seed(7))


SWIGLU = ({"hidden_dim": 12, "intermediate_dim": 20, "dropout": 0.1}, [[(3, 12)], [(2, 5, 12)], [(12,)]])
NORM = ({"normalized_shape": 12, "eps": 1e-5}, [[(3, 12)], [(2, 4, 12)]])
ROUTER = {"input_dim": 12, "num_experts": EXPERTS, "top_k": 2, "noise_std": 0.1, "dropout": 0.1}
ROUTED = [[(6, 12)], [(2, 5, 12)]]
LORA = ({"in_features": 12, "out_features": 10, "rank": 4, "alpha": 16, "dropout": 0.1},
        [[(3, 12)], [(3, 12), (3, 10)], [(2, 5, 12), (2, 5, 10)], [(2, 5, 12), None]])
IA3 = ({"num_features": 12, "init_scale": 1.0}, [[(3, 12)], [(3, 12), (3, 12)], [(2, 5, 12), (2, 5, 12)]])
CAPACITY = ({"capacity_factor": 1.25, "min_capacity": 4, "drop_tokens": False},
            [[(3, 12), indices(3, 2)], [(2, 5, 12), indices(2, 5, 2)]])
CACHE = ({"num_bits": 8, "symmetric": True, "per_channel": True},
         [[(2, 3, 5, 8), (2, 3, 5, 8)], [(5, 8), (5, 8)]])
MONITOR = ({"track_mean": True, "track_std": True, "window_size": 100}, [[(6, 12)], [(2, 5, 12)]])
BALANCER = ({"num_experts": EXPERTS, "ema_decay": 0.99}, [[(6, EXPERTS), indices(6, 2)],
                                                          [(2, 5, EXPERTS), indices(2, 5, 2)]])
BATCHNORM = ({}, [[(4, 3)], [(5, 3, 6)], [(0, 3)], [(7, 3)]])
RRELU = ({}, [[(5, 4)], [(3, 4)]])
INSTANCENORM = ({}, [[(4, 3, 6)], [(2, 3, 5)]])
ATTENTION = ({}, [[(2, 5, 8)], [(3, 4, 8)], [(1, 1, 8)]])
PADDED = ({}, [[torch.tensor([[1, 2, 3, 7], [4, 7, 7, 7]])], [torch.tensor([[0, 1, 7]])]])
POSITIONS = ({}, [[(2, 5, 8)], [(3, 1, 8)], [(1, 12, 8)]])
LSTM = ({}, [[(2, 5, 8), (1, 2, 6), (1, 2, 6)], [(3, 2, 8), (1, 3, 6), (1, 3, 6)]])
SDPA = ({}, [[(2, 5, 8)], [(3, 4, 8)], [(1, 1, 8)]])
SIZES = ({}, [[(2, 4, 8)], [(1, 6, 8)]])
SEQUENCES = ({}, [[(2, 5, 8)], [(2, 2, 8)]])
DEPTH = ({"drop": 0.3}, [[(6, 4)], [(5, 4)], [(1, 4)]])
IMAGES = ({}, [[(2, 4, 6, 6)], [(1, 4, 8, 4)]])
EINSUM = ({}, [[(2, 5, 8)], [(3, 1, 8)]])
CONTAINERS = ({"sizes": [4, 6]}, [[(3, 4)], [(2, 5, 4)]])
CASES = {"swiglu": SWIGLU, "rmsnorm": NORM, "router": (ROUTER, ROUTED),
         "auxloss": (ROUTER | {"aux_loss_weight": 0.01}, ROUTED), "hffn": CAPACITY, "lora": LORA, "ia3": IA3,
         "kvcache": CACHE, "monitor": MONITOR, "balancer": BALANCER, "batchnorm": BATCHNORM,
         "instancenorm": INSTANCENORM, "rrelu": RRELU, "attention": ATTENTION, "padded": PADDED, "lstm": LSTM,
         "positions": POSITIONS, "sdpa": SDPA, "sizes": SIZES, "sequences": SEQUENCES, "images": IMAGES, "einsum": EINSUM,
         "containers": CONTAINERS, "depth": DEPTH}


def reference(text, config):
    """The class, run by Python: our own text, of a file beside this one."""
    scope = {"torch": torch, "nn": torch.nn, "F": torch.nn.functional, "math": math}
    exec(text, scope)
    made = [c for c in scope.values() if isinstance(c, type) and issubclass(c, torch.nn.Module)
            and c.__module__ != "torch.nn.modules.module"]
    module = next(c for c in made if not c.__module__.startswith("torch"))(**copy.deepcopy(config))
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for p in module.parameters():
            p += 0.1 * torch.randn(p.shape, generator=generator)
    return module


def blueprint(name, text, config):
    return {"metadata": {"blueprint_id": f"BP-{name}", "name": name, "version": "1.0.0", "category": "custom"},
            "architecture": {"module_type": "torch.nn.Module", "config": config, "forward_logic": text}}


def translated(name, text, config, folder, *options):
    source, kernel = folder / f"{name}.json", folder / f"{name}.pt"
    source.write_text(json.dumps(blueprint(name, text, config)))
    run = subprocess.run([TEZ, "compile", source, "-o", kernel, "--bench-budget=0", *options], capture_output=True,
                         text=True)
    if run.returncode:
        raise AssertionError(f"tez compile: exit {run.returncode}\n{run.stderr}")
    return kernel


def flatten(value):
    return [value] if isinstance(value, torch.Tensor) else [t for part in value for t in flatten(part)]


def leaves(call, seed, dtype):
    generator = torch.Generator().manual_seed(seed)
    made = []
    for given in call:
        if isinstance(given, tuple):
            given = torch.randn(given, generator=generator, dtype=torch.float64).to(dtype).requires_grad_()
        made.append(given)
    return made


def outcome(module, call, seed, training, dtype):
    """(results, gradients by name, buffers) of one call."""
    module.train(training)
    module.zero_grad()
    arguments = leaves(call, seed, dtype)
    torch.manual_seed(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = flatten(module(*arguments))
    floats = [r for r in results if r.is_floating_point() and r.requires_grad]
    if floats:
        generator = torch.Generator().manual_seed(seed)
        torch.autograd.backward(floats, [torch.randn(r.shape, generator=generator, dtype=r.dtype) for r in floats])
    gradients = {f"input {i}": a.grad for i, a in enumerate(arguments) if a is not None and a.is_floating_point()}
    gradients |= {n: p.grad for n, p in module.named_parameters()}
    return results, gradients, dict(module.named_buffers())


def differing(kind, found, expected, tolerance):
    if (found is None) != (expected is None):
        # Autograd of a kernel may give zeros where eager's gives nothing.
        lone = expected if found is None else found
        return [] if not lone.any() else [f"{kind}: {found} instead of {expected}"]
    if found is None or (found.shape == expected.shape and found.dtype == expected.dtype
                         and torch.allclose(found, expected, rtol=tolerance, atol=tolerance)):
        return []
    return [f"{kind}: {found} instead of {expected}"]


def compare(module, kernel, call, seed, training, dtype):
    expected, found = (outcome(m, call, seed, training, dtype) for m in (module, kernel))
    tolerance = 1e-9 if dtype == torch.float64 else 1e-5
    faults = [] if len(expected[0]) == len(found[0]) else [f"{len(found[0])} results instead of {len(expected[0])}"]
    for i, pair in enumerate(zip(found[0], expected[0])):
        faults += differing(f"result {i}", *pair, tolerance)
    for part, name in ((1, "gradient of"), (2, "buffer")):
        for key, value in expected[part].items():
            faults += differing(f"{name} {key}", found[part].get(key), value, tolerance)
    return [f"{'training' if training else 'evaluation'}, {len(call)} inputs: {fault}" for fault in faults]


def state_faults(module, kernel):
    shapes = [{n: (tuple(t.shape), t.dtype) for n, t in m.state_dict().items()} for m in (module, kernel)]
    if list(shapes[0]) != list(shapes[1]):
        return [f"state {list(shapes[1])} instead of {list(shapes[0])}"]
    return [] if shapes[0] == shapes[1] else [f"state {shapes[1]} instead of {shapes[0]}"]


def check(name, folder):
    text = (TEXTS / f"{name}.txt").read_text()
    config, calls = CASES[name.split("_")[0]]
    dtype = torch.float32 if name in SINGLE else torch.float64
    module = reference(text, config).to(dtype)
    path = translated(name, text, config, folder)
    kernel = torch.jit.load(path).to(dtype)
    faults = state_faults(module, kernel)
    if faults:
        return faults
    kernel.load_state_dict(module.state_dict())
    for seed, call in enumerate(calls):
        for training in (True, False, True):
            faults += compare(module, kernel, call, seed, training, dtype)
    torch.jit.save(kernel, folder / "again.pt")
    again = torch.jit.load(folder / "again.pt")
    return faults + [f"after save and load: {f}" for f in compare(module, again, calls[0], 99, True, dtype)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-v", action="store_true")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    names = options.names or sorted(path.stem for path in TEXTS.glob("*.txt"))
    missing = set(CASES) - {name.split("_")[0] for name in names} if not options.names else set()
    failures = [f"no text of {name}" for name in sorted(missing)]
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            try:
                faults = check(name, pathlib.Path(folder))
            except (AssertionError, RuntimeError) as error:
                faults = [str(error)]
            failures += [f"{name}: {fault}" for fault in faults]
            if options.v:
                print(f"{name}: {len(faults)} faults", flush=True)
    print("\n".join(failures) or f"{len(names)} texts agree with themselves in torch")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
