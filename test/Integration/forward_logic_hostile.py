#!/usr/bin/env python
"""Texts in forward_logic that want to run, to last or to be large: each is refused, with line and construct.

Every refusal must come within 5 s of processor time and 1 GB of memory (limits of the child), exit 1, write nothing,
and leave no trace of what the text wanted.
"""
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile

TEZ = pathlib.Path(os.environ["TEZ_BIN"]) / "tez"
SECONDS, BYTES = 5, 1 << 30


def text(forward="return x", init="pass", head="", body=""):
    return (f"{head}\nclass M(nn.Module):\n    def __init__(self, n=4):\n        super().__init__()\n        {init}\n"
            f"{body}\n    def forward(self, x):\n        {forward}\n")


TRACE = "open('TRACE', 'w').write('x')"
DISTRIBUTED = "if torch.distributed.is_initialized():\n            torch.distributed.all_reduce(x)\n        return x"
LOOPS = "for a in range(4000):\n            for b in range(4000):\n                x = x + 1\n        return x"
CASES = [
    # (name, text, words of the refusal)
    ("import of os", text(head="import os"), ["import of 'os'", "line 1"]),
    ("import inside", text("import subprocess\n        return x"), ["subprocess"]),
    ("from os import", text(head="from os import system"), ["import of 'os'"]),
    ("distributed import", text(head="import torch.distributed as dist"), ["torch.distributed"]),
    ("distributed call", text(DISTRIBUTED), ["torch.distributed"]),
    ("open", text(TRACE + "\n        return x"), ["'open'"]),
    ("open in an f-string", text("print(f\"{" + TRACE.replace("'", "\\'") + "}\")\n        return x"), []),
    ("open in print", text(f"print({TRACE})\n        return x"), ["'open'"]),
    ("open in a default", text(body=f"    def g(self, a={TRACE}):\n        return a\n",
                               forward="return self.g()"), ["'open'"]),
    ("open in a constant of the class", text(body=f"    a = {TRACE}"), ["'open'"]),
    ("eval", text("return eval('x')"), ["'eval'"]),
    ("exec", text("exec('x = 1')\n        return x"), ["'exec'"]),
    ("__import__", text("__import__('os').system('touch TRACE')\n        return x"), ["'__import__'"]),
    ("getattr", text("return getattr(x, 'sum')()"), ["'getattr'"]),
    ("setattr", text(init="setattr(self, 'a', 1)"), ["'setattr'"]),
    ("dunder attributes", text("return x.__class__.__mro__"), ["'__class__'"]),
    ("dunder of self", text("return self.__dict__"), ["'__dict__'"]),
    ("globals", text("return globals()"), ["'globals'"]),
    ("lambda", text("f = lambda a: a\n        return f(x)"), ["'lambda'"]),
    ("while", text("while True:\n            x = x + 1\n        return x"), ["'while'", "line 8"]),
    ("loop over a tensor", text("for a in x:\n            x = x + a\n        return x"), ["a loop over a tensor"]),
    ("loop of many rounds", text("for a in range(10 ** 12):\n            x = x + 1\n        return x"), ["range"]),
    ("loops in loops", text(LOOPS), ["steps"]),
    ("recursion", text("return self.f(x)", body="    def f(self, x):\n        return self.f(x)\n"), ["deep"]),
    ("recursion of forward", text("return self.forward(x)"), ["deep"]),
    ("comprehension over a tensor", text("return [a for a in x]"), ["comprehension"]),
    ("generator", text("return sum(a for a in x)"), ["generator"]),
    ("large list", text("a = [0] * 10 ** 9\n        return x"), ["'*'"]),
    ("large string", text("a = 'a' * 10 ** 9\n        return x"), ["'*'"]),
    ("doubling list", text("a = [0]\n        " + "a = a + a\n        " * 60 + "return x"), ["'+'"]),
    ("large number", text("a = 10 ** 10 ** 10\n        return x"), ["'**'"]),
    ("many modules", text(init="self.a = nn.ModuleList([nn.Linear(n, n) for i in range(4096) for j in r])"), []),
    ("huge layer", text(init="self.a = nn.Linear(10 ** 9, 10 ** 9)"), ["limit"]),
    ("huge parameter", text(init="self.a = nn.Parameter(torch.zeros(10 ** 9, 10 ** 9))"), ["limit"]),
    ("try", text("try:\n            return x\n        except Exception:\n            pass"), ["'try'"]),
    ("yield", text("yield x"), ["'yield'"]),
    ("global", text("global a\n        return x"), ["'global'"]),
    ("nested function", text("def g(a):\n            return a\n        return g(x)"), ["definition"]),
    ("second class", text() + "class N(nn.Module):\n    def forward(self, x):\n        return x\n", ["one class"]),
    ("code behind the class", text() + TRACE + "\n", ["one class"]),
    ("code in front of the class", text(head=TRACE), ["a class"]),
    ("torch.load", text(init="self.a = torch.load('TRACE')"), ["torch.load"]),
    ("torch.ops", text("return torch.ops.aten.relu(x)"), ["torch.ops"]),
    ("autograd function", text("return torch.autograd.grad(x, x)"), ["torch.autograd"]),
    ("hooks", text("x.register_hook(print)\n        return x"), ["register_hook"]),
    ("state of a call", text("self.last = x\n        return x"), ["self.last"]),
    ("numpy", text("return x.numpy()"), ["'numpy'"]),
    ("unknown layer", text(init="self.a = nn.Liner(4, 4)"), ["nn.Linear"]),
    ("deep brackets", text("return " + "(" * 10 ** 5 + "x" + ")" * 10 ** 5), ["deeper"]),
    ("deep minus", text("return " + "-" * 10 ** 5 + "x"), ["deeper"]),
    ("deep sum", text("return x" + " + x" * 40000), ["operations inside"]),
    ("deep attributes", text("return x" + ".T" * 10 ** 5), ["operations inside"]),
    ("16 MiB", "#" * ((16 << 20) - 4096), ["bytes"]),
    ("16 MiB of lines", "a\n" * (5 << 20), ["bytes"]),
    ("only a name", "a", ["a class"]),
    ("empty", "", ["a class"]),
    ("wraps a module", text("return self.module(x)", init="self.module = module").replace("n=4", "module, max_norm=1"),
     ["module"]),
]


def limits():
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (4 * BYTES, 4 * BYTES))  # shared libraries count; the peak is looked at


def faults_of(name, content, words, folder):
    blueprint = {"metadata": {"blueprint_id": "H", "name": "h", "version": "1.0.0", "category": "custom"},
                 "architecture": {"module_type": "torch.nn.Module", "config": {}, "forward_logic": content}}
    source = folder / "h.json"
    source.write_text(json.dumps(blueprint))
    run = subprocess.run([TEZ, "compile", source, "-o", folder / "h.pt"], capture_output=True, text=True, cwd=folder,
                         preexec_fn=limits)
    faults = [f"lacks {word!r}" for word in words if word not in run.stderr]
    if run.returncode != 1:
        faults.append(f"exit {run.returncode}")
    if "architecture." not in run.stderr:
        faults.append("names no field")
    left = sorted(path.name for path in folder.iterdir() if path.name != "h.json")
    faults += [f"left {left}"] if left else []
    return [f"{name}: {fault}: {run.stderr[:400]}" for fault in faults]


def main():
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        for name, content, words in CASES:
            failures += faults_of(name, content, words, pathlib.Path(folder))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    if peak > BYTES:
        failures.append(f"a refusal took {peak >> 20} MiB")
    print("\n".join(failures) or f"{len(CASES)} texts refused, at most {peak >> 20} MiB")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
