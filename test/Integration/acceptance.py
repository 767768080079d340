#!/usr/bin/env python
"""Blueprints of every form against torch's own modules: names, outputs, buffers and gradients.

    acceptance.py [-v] [-k TEXT] [--first-problems=N]

Compiles all cases in batches (validation included), loads each file with plain torch.jit.load, gives it torch's own
weights and compares in fp64 at 1e-5. TEZ_BIN names the folder of the programs.
"""
import argparse
import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import traceback

import _cases_architectures
import _cases_cudnn
import _cases_edges
import _cases_graph
import _cases_graph_ops
import _cases_hosts
import _cases_masks
import _cases_nn
import _cases_nn_large
import _cases_ranks
from _compare import compare

BATCH = 40
GROUPS = (_cases_architectures, _cases_graph, _cases_graph_ops, _cases_nn, _cases_nn_large,
          _cases_edges, _cases_masks, _cases_ranks, _cases_hosts, _cases_cudnn)


def compile_batch(tez, folder, cases, options):
    """Writes folder/<name>.pt for each case that is accepted; what was said about each of the others."""
    sources = []
    for case in cases:
        sources.append(folder / f"{case.name}.json")
        sources[-1].write_text(json.dumps(case.blueprint))
    command = [tez, "compile", f"-o{folder}/", *options]
    done = subprocess.run([*command, *sources], capture_output=True, text=True, check=False)
    if done.returncode == 0 or len(cases) == 1:
        return {case.name: f"exit {done.returncode}\n{done.stderr[:1500]}" for case in cases}
    # One batch, one stderr: ask again for the ones without a file.
    said = {}
    for case, source in zip(cases, sources):
        if not (folder / f"{case.name}.pt").exists():
            done = subprocess.run([*command, source], capture_output=True, text=True, check=False)
            said[case.name] = f"exit {done.returncode}\n{done.stderr[:1500]}"
    return said


def judge(folder, case, said):
    path = folder / f"{case.name}.pt"
    if not path.exists():
        return [f"not compiled: {said.get(case.name, 'no word')}"]
    try:
        return compare(str(path), case)
    except Exception as error:  # whatever torch raises is a finding
        lines = str(error).strip().splitlines() or traceback.format_exc().splitlines()
        return [f"{type(error).__name__}: " + " | ".join(lines[:3] + lines[-3:])]


def chosen_cases(text):
    cases = [case for group in GROUPS for case in group.cases()]
    names = collections.Counter(case.name for case in cases)
    assert max(names.values()) == 1, names.most_common(3)
    return [case for case in cases if text in case.name]


def batches(cases):
    groups = {}
    for case in cases:
        groups.setdefault(case.options, []).append(case)
    for options, group in groups.items():
        for i in range(0, len(group), BATCH):
            yield options, group[i:i + BATCH]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-v", action="store_true", help="name the cases that agree, too")
    parser.add_argument("-k", default="", metavar="TEXT", help="only cases with TEXT in their name")
    parser.add_argument("--first-problems", type=int, default=4, metavar="N")
    arguments = parser.parse_args()
    tez = pathlib.Path(os.environ.get("TEZ_BIN", "build/bin")) / "tez"
    cases, bad = chosen_cases(arguments.k), 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for options, batch in batches(cases):
            said = compile_batch(tez, folder, batch, options)
            for case in batch:
                problems = judge(folder, case, said)
                bad += bool(problems)
                if problems or arguments.v:
                    print(f"{'FAIL' if problems else 'ok  '} {case.name}", flush=True)
                for problem in problems[:arguments.first_problems]:
                    print("     " + problem.replace("\n", "\n     "), flush=True)
    print(f"{len(cases)} cases, {bad} wrong")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
