"""Workers over a registry, blueprints good and bad for them, and what they must leave."""
import hashlib
import json
import os
import pathlib
import signal
import subprocess
import time
import urllib.parse

from _registry import BIN

PIPELINES = {"standard", "fast"}


class Worker:
    """`tez worker`, which writes its log to a file."""

    def __init__(self, url, store, *options, environment=None):
        place = pathlib.Path(environment["TMPDIR"], "bucket") if environment else pathlib.Path(store)
        self.log = place.with_suffix(f".{time.monotonic_ns()}.log")
        with self.log.open("w") as log:
            self.process = subprocess.Popen([BIN / "tez", "worker", f"--registry={url}", f"--store={store}", *options],
                                            stdout=subprocess.DEVNULL, stderr=log, env=environment)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def end(self, number=signal.SIGTERM):
        """Its exit status."""
        self.process.send_signal(number)
        return self.process.wait(timeout=30)

    def events(self, *names):
        lines = [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]
        return [line for line in lines if not names or line["event"] in names]

    def children(self):
        tasks = pathlib.Path(f"/proc/{self.process.pid}/task")
        return [int(child) for task in tasks.iterdir() for child in (task / "children").read_text().split()]

    def hang_compilers(self):
        """From the first claim on, until it ends: each compiler stops as soon as it is there."""
        self.wait_for("claimed")
        while self.process.poll() is None:
            try:
                for child in self.children():
                    os.kill(child, signal.SIGSTOP)
            except OSError:  # a thread or a compiler has just ended
                pass
            time.sleep(0.02)

    def wait_for(self, event, **fields):
        """The first such line of the log."""
        return until(lambda: next((line for line in self.events(event) if fields.items() <= line.items()), None),
                     lambda: f"no {event} {fields} in {self.log.read_text()}")


def until(condition, message, seconds=120):
    end = time.monotonic() + seconds
    while not (result := condition()):
        if time.monotonic() > end:
            raise AssertionError(message() if callable(message) else message)
        time.sleep(0.05)
    return result


def is_alive(process):
    """Neither gone nor dead and not yet waited for."""
    try:
        return pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def network(size, **more):
    return json.dumps({"type": "linear", "config": {"input_size": size, "hidden_sizes": [4], "output_size": 2, **more}})


def blueprints():
    """{id: (text, status it must get)}"""
    good = {f"good-{i}": network(3 + i % 3) for i in range(5)}  # texts that are the same, too
    good["größe 1?"] = network(3)
    good["gelu"] = network(3, activation="gelu")
    good["flat"] = json.dumps({"type": "conv", "in_channels": 3, "out_channels": 4, "kernel_size": 3})
    bad = {"no-json": "Hello, world", "negative": network(-1), "unknown": '{"type": "unknown", "config": {}}',
           "deep": "[" * 100_000}
    return {**{name: (text, "validated") for name, text in good.items()},
            **{name: (text, "invalid") for name, text in bad.items()}}


def path_of(kernel):
    assert kernel["kernel_binary_ref"].startswith("file:///"), kernel
    return pathlib.Path(kernel["kernel_binary_ref"].removeprefix("file://"))


def train_a_step(path):
    import torch
    module = torch.jit.load(path).train()
    sizes = json.loads((path.parent / "metadata.json").read_text())["input_shape"]
    optimizer = torch.optim.SGD(module.parameters(), lr=0.1)
    before = [parameter.detach().clone() for parameter in module.parameters()]
    module(torch.randn(4, *(8 if size < 0 else size for size in sizes))).square().sum().backward()
    optimizer.step()
    assert any(not torch.equal(old, new) for old, new in zip(before, module.parameters()))


def check_kernel(kernel, blueprint, trains=True):
    assert kernel["blueprint_id"] == blueprint and kernel["status"] == "validated", kernel
    assert kernel["compilation_pipeline"] in PIPELINES, kernel
    path = path_of(kernel)
    assert path.parts[-3:] == ("kernels", kernel["id"], "compiled.pt"), path
    checksum = hashlib.sha256(path.read_bytes()).hexdigest()
    sidecar = json.loads((path.parent / "metadata.json").read_text())
    report = kernel["validation_report"]
    assert checksum == report["checksum"] == sidecar["checksum"], (checksum, report, sidecar)
    assert sidecar["kernel_id"] == kernel["id"] and report["evidence"]["validated"] is True
    if trains:
        train_a_step(path)


def check_all(registry, wanted):
    """Each has the status it must have; one kernel for each that is validated, none for any other."""
    for name, (_, status) in wanted.items():
        quoted = urllib.parse.quote(name, safe="")
        there = registry.get(f"/api/v1/blueprints/{quoted}")[1]
        assert there["status"] == status, there
        kernels = registry.get(f"/api/v1/kernels?blueprint_id={quoted}")[1]
        assert len(kernels) == (status == "validated"), (name, kernels)
        for kernel in kernels:
            check_kernel(kernel, name)


def check_store(store):
    """Nothing half done is left behind."""
    assert not os.listdir(store / "tmp"), os.listdir(store / "tmp")
    for folder in (store / "kernels").iterdir():
        assert {"compiled.pt", "metadata.json"} <= set(os.listdir(folder)), folder
