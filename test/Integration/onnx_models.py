#!/usr/bin/env python
"""Every accepted blueprint as an ONNX model: onnxruntime's results against torch's own modules in evaluation mode.

    onnx_models.py [-v] [-k TEXT]

The cases are those of acceptance.py, with the weights torch's module starts from, changed so that each shows. A blueprint
without an ONNX form has to be refused for one of the reasons in REFUSED. Calls without a batch, of other ranks or sizes than the
model's, or without an optional input are not a model's to answer.
"""
import argparse
import json
import pathlib
import sys
import tempfile

import numpy as np
import onnxruntime
import torch

from _compare import flatten, materialise, perturb
from _jobs import run_jobs
from acceptance import BATCH, chosen_cases

torch.backends.mha.set_fastpath_enabled(False)  # NaN for queries that see nothing, where torch's other path has 0
TOLERANCE = 1e-4  # onnxruntime computes in fp32, products in another order
REFUSED = ("windows over the end", "windows of sizes that only the run tells", "a projection of the hidden state")


def compile_models(folder, cases):
    """folder/<name>.onnx for each that has a form; what was said, by name."""
    for case, module in cases:
        torch.save(module.state_dict(), folder / f"{case.name}.weights")
        (folder / f"{case.name}.json").write_text(json.dumps(case.blueprint))
    names = [case.name for case, _ in cases]
    answers = run_jobs([["compile", "--emit=onnx", f"--weights={name}.weights", f"{name}.json", f"-o{name}.onnx"]
                        for name in names], folder)
    return {name: answer["stderr"] for name, answer in zip(names, answers)}


def fits(call, session):
    inputs = session.get_inputs()
    return len(call) == len(inputs) and all(
        given is not None and given.dim() == len(wanted.shape) and
        all(not isinstance(w, int) or w == g for w, g in zip(wanted.shape, given.shape))
        for given, wanted in zip(call, inputs))


def judge(path, case, module):
    """Problems, and the number of calls compared."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    problems, compared = [], 0
    for number, given in enumerate(case.calls):
        call = [g if g is None or not g.is_floating_point() else g.float() for g in materialise(given, number)]
        while call and call[-1] is None:
            call.pop()
        if not fits(call, session) or any(g.numel() == 0 for g in call):
            continue
        with torch.no_grad():
            expected = flatten(module(*[g.detach() for g in call]))
        feed = {i.name: g.detach().numpy() for i, g in zip(session.get_inputs(), call)}
        found = session.run(None, feed)
        compared += 1
        if len(found) < len(expected):
            problems.append(f"call {number}: {len(found)} outputs, expected {len(expected)}")
        for i, (f, e) in enumerate(zip(found, expected)):
            e = e.numpy()
            if f.shape != e.shape or not np.allclose(f, e, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True):
                error = np.abs(f - e).max() if f.shape == e.shape else f"{f.shape}, expected {e.shape}"
                problems.append(f"call {number}, output {i}: {error}")
    return problems, compared


def evaluated(case, seed):
    """torch's module with weights under which every one shows, in fp32."""
    torch.manual_seed(seed)
    module = case.reference().eval()
    perturb(module, seed=1)
    return module.float().eval()


class Tally:
    """What became of the blueprints."""

    def __init__(self):
        self.agree, self.uncalled, self.refused, self.failed = 0, 0, {}, {}

    def add(self, case, module, path, said):
        if not path.exists():
            self.refused[case.name] = said
            if not any("has no ONNX form: " + reason in said for reason in REFUSED):
                self.failed[case.name] = [said]
            return
        try:
            problems, compared = judge(path, case, module)
        except Exception as error:  # whatever a runtime raises is a finding
            problems, compared = [str(error).splitlines()[0][:300]], 1
        path.unlink()
        if problems:
            self.failed[case.name] = problems
        elif compared:
            self.agree += 1
        else:
            self.uncalled += 1

    def report(self, verbose):
        if verbose:
            for case, text in self.refused.items():
                print(f"refused {case}: {text[:300]}")
        for case, problems in self.failed.items():
            print(f"FAILED {case}: " + "; ".join(problems[:3]))
        print(f"{self.agree} blueprints agree, {self.uncalled} have no call that a model takes, "
              f"{len(self.refused)} are refused, {len(self.failed)} failed")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-v", action="store_true")
    parser.add_argument("-k", default="")
    arguments = parser.parse_args()
    cases = [case for case in chosen_cases(arguments.k) if not case.options]
    tally = Tally()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for begin in range(0, len(cases), BATCH):
            batch = [(case, evaluated(case, begin)) for case in cases[begin:begin + BATCH]]
            said = compile_models(folder, batch)
            for case, module in batch:
                tally.add(case, module, folder / f"{case.name}.onnx", said[case.name])
    tally.report(arguments.v)
    return 1 if tally.failed or not tally.agree else 0


if __name__ == "__main__":
    sys.exit(main())
