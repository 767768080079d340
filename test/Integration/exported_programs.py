#!/usr/bin/env python
"""Every accepted blueprint as an ExportedProgram: what torch.export.load makes of K.pt2 against the kernel K.pt.

    exported_programs.py [-v] [-k TEXT] [--every=N]

The cases are those of acceptance.py, for training and for inference: outputs, gradients and buffers of calls with other sizes than
the compiler tried, three steps of SGD, and the sizes that the program states for each of its values, which have to be those
of a call. A blueprint without a form has to be refused for one of the reasons in REFUSED. Calls of other ranks or fixed
sizes than the program's, and with inputs that it leaves out, are not its to answer.
"""
import argparse
import json
import logging
import pathlib
import sys
import tempfile
import warnings

import torch

from _compare import difference, flatten, gradient, materialise, perturb
from _jobs import run_jobs
from acceptance import BATCH, chosen_cases

TOLERANCE = 1e-5  # the same calls in the same order
REFUSED = ("makes a number of what is in a tensor",
           "no input shape up to 512 fits all layers")  # an input whose size is a multiple of another's: masks with a row for each head
STEPS = 3


def compile_programs(folder, cases, purpose):
    """folder/<name>.pt and .pt2 for each that has a form; what was said, by name."""
    for case, weights in cases:
        torch.save(weights, folder / f"{case.name}.weights")
        (folder / f"{case.name}.json").write_text(json.dumps(case.blueprint))
    names = [case.name for case, _ in cases]
    answers = run_jobs([["compile", "--emit=torchscript,pt2", "--no-validate", f"--for={purpose}", f"--weights={name}.weights",
                         f"{name}.json", f"-o{name}.pt"] for name in names], folder)
    return {name: answer["stderr"] for name, answer in zip(names, answers)}


def symbol_values(expected, given, found):
    """Adds what `given` says of the symbols in the sizes `expected`; False where they do not fit."""
    if len(expected) != len(given):
        return False
    for e, g in zip(expected, given):
        known = found.setdefault(e.node.expr, g) if isinstance(e, torch.SymInt) else e
        if known != g:
            return False
    return True


def calls_of(case, program):
    """The calls that are the program's to answer, with the sizes of its symbols."""
    wanted = [node.meta["val"] for node in program.graph.nodes if node.name in program.graph_signature.user_inputs]
    for number, given in enumerate(case.calls):
        call = materialise(given, number)
        while call and call[-1] is None:
            call.pop()
        sizes = {}
        if len(call) == len(wanted) and all(g is not None and g.numel() and symbol_values(w.shape, g.shape, sizes)
                                            for g, w in zip(call, wanted)):
            yield number, [g.detach().to(w.dtype).requires_grad_() if g.is_floating_point() else g for g, w in zip(call, wanted)], sizes


class Watched(torch.fx.Interpreter):
    """Compares every value with what the program says of it."""

    def __init__(self, program, sizes):
        super().__init__(program.graph_module)
        self.sizes, self.problems = sizes, []

    def number(self, size):
        return int(size.node.expr.xreplace(self.sizes)) if isinstance(size, torch.SymInt) else size

    def described(self, tensor):
        """Without the steps of dimensions of one element, which are never taken."""
        sizes = [self.number(size) for size in tensor.shape]
        return sizes, [self.number(step) for step, size in zip(tensor.stride(), sizes) if size > 1], tensor.dtype

    def run_node(self, n):
        value, stated = super().run_node(n), n.meta.get("val")
        pairs = zip(value, stated) if isinstance(value, (tuple, list)) else [(value, stated)]
        for v, s in pairs if n.op != "output" else ():
            if isinstance(v, torch.Tensor):
                v, s = self.described(v), self.described(s)
            elif isinstance(v, int):
                s = self.number(s)
            if v != s:
                self.problems.append(f"{n.name} is {v}, stated as {s}")
        return value


def check_statements(program, call, sizes):
    signature, state = program.graph_signature, program.state_dict
    inputs = [state[spec.target].detach().clone() for spec in signature.input_specs if spec.target is not None]
    watched = Watched(program, sizes)
    with torch.no_grad():
        watched.run(*inputs, *[c.detach() for c in call])
    return watched.problems[:2]


def run(module, call, seed, trains):
    """Outputs, buffers and gradients of one call, by name."""
    module.zero_grad(set_to_none=True)
    call = [c.detach().clone().requires_grad_(c.requires_grad and trains) for c in call]
    torch.manual_seed(seed)
    outputs = flatten(module(*call))
    generator = torch.Generator().manual_seed(seed + 1)
    terms = [(o * torch.randn(o.shape, generator=generator)).sum() for o in outputs if o.requires_grad]
    if terms:
        torch.autograd.backward(terms)
    found = {f"output {i}": o.detach() for i, o in enumerate(outputs)}
    found |= {f"buffer {name}": b.clone() for name, b in module.named_buffers()}
    if trains:
        found |= {f"gradient {name}": gradient(p) for name, p in module.named_parameters()}
        found |= {f"gradient of input {i}": gradient(c) for i, c in enumerate(call) if c.requires_grad}
    return found


def train(module, call, seed):
    """The losses of a few steps, each in another draw of the random numbers."""
    parameters = [p for p in module.parameters() if p.requires_grad]
    optimiser = torch.optim.SGD(parameters, lr=1e-3, momentum=0.9)
    losses = []
    for step in range(STEPS):
        torch.manual_seed(seed + step)
        loss = sum(o.square().mean() for o in flatten(module(*[c.detach() for c in call])) if o.is_floating_point())
        losses.append(loss.detach())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return torch.stack(losses)


def same_names(kernel, module):
    """Names in their order, shapes, types, and what takes gradients."""
    def listed(m, kind):
        return [(name, list(t.shape), t.dtype, t.requires_grad) for name, t in getattr(m, f"named_{kind}")()]
    return [f"{kind} {listed(module, kind)}, the kernel has {listed(kernel, kind)}" for kind in ("parameters", "buffers")
            if listed(module, kind) != listed(kernel, kind)]


def judge(folder, case, purpose):
    """Problems, and the number of calls compared."""
    program = torch.export.load(folder / f"{case.name}.pt2")
    kernel = torch.jit.load(folder / f"{case.name}.pt").train(purpose == "train")
    module, trains, compared = program.module(), purpose == "train", 0
    problems = same_names(kernel, module)
    for number, call, sizes in calls_of(case, program):
        problems += [f"call {number}: {text}" for text in check_statements(program, call, sizes)]
        ours, kernels = (run(m, call, number, trains) for m in (module, kernel))
        for name in kernels:
            said = difference(ours[name], kernels[name], TOLERANCE)
            problems += [f"call {number}, {name}: {said}"] if said else []
        if trains and compared == 0 and any(p.grad is not None for p in kernel.parameters()):
            said = difference(train(module, call, number), train(kernel, call, number), TOLERANCE)
            problems += [f"losses: {said}"] if said else []
        compared += 1
    return problems, compared


class Tally:
    """What became of the blueprints."""

    def __init__(self):
        self.agree, self.uncalled, self.refused, self.failed = 0, [], {}, {}

    def add(self, case, folder, purpose, said):
        path, name = folder / f"{case.name}.pt2", f"{case.name} ({purpose})"
        if not path.exists():
            self.refused[name] = said
            if (folder / f"{case.name}.pt").exists() or not any(reason in said for reason in REFUSED):
                self.failed[name] = [said]
            return
        try:
            problems, compared = judge(folder, case, purpose)
        except Exception as error:  # whatever torch raises is a finding
            problems, compared = [f"{type(error).__name__}: " + " | ".join(str(error).strip().splitlines()[-3:])[:500]], 1
        for written in (path, folder / f"{case.name}.pt"):
            written.unlink()
        if problems:
            self.failed[name] = problems
        elif compared:
            self.agree += 1
        else:
            self.uncalled.append(name)

    def report(self, verbose):
        if verbose:
            for case, text in self.refused.items():
                print(f"refused {case}: {text[:300]}")
            print("not called:", ", ".join(self.uncalled))
        for case, problems in self.failed.items():
            print(f"FAILED {case}: " + "; ".join(problems[:3]))
        print(f"{self.agree} programs agree, {len(self.uncalled)} have no call that they take, "
              f"{len(self.refused)} are refused, {len(self.failed)} failed")


def weights_of(case, seed):
    """torch's own, changed so that each shows."""
    torch.manual_seed(seed)
    module = case.reference()
    perturb(module, seed=1)
    return module.float().state_dict()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-v", action="store_true")
    parser.add_argument("-k", default="")
    parser.add_argument("--every", type=int, default=12, metavar="N", help="one case of N (12)")
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    torch._C._set_graph_executor_optimize(False)  # optimised, TorchScript draws random numbers in another order
    logging.disable(logging.WARNING)
    cases = [case for case in chosen_cases(arguments.k) if not case.options][::arguments.every]
    tally = Tally()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for begin in range(0, len(cases), BATCH):
            batch = [(case, weights_of(case, begin)) for case in cases[begin:begin + BATCH]]
            for purpose in ("train", "infer"):
                said = compile_programs(folder, batch, purpose)
                for case, _ in batch:
                    tally.add(case, folder, purpose, said[case.name])
    tally.report(arguments.v)
    return 1 if tally.failed or not tally.agree else 0


if __name__ == "__main__":
    sys.exit(main())
