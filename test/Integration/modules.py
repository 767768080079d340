#!/usr/bin/env python
"""torch's own tests of its modules (_module_samples.py), each as a graph blueprint, against torch in fp64.

    modules.py              the first and the last sample of each class, against docs/measured/modules.md
    modules.py --check      all samples; the table must say what they do
    modules.py --write      all samples; writes the table
    modules.py --validate   all samples through the compiler's own validation, too
    modules.py -k TEXT [-v] those of the classes with TEXT in their name, and what is wrong with them

The kernel gets the weights of torch's module; outputs, buffers and gradients of parameters and inputs must agree in
training and in eval mode, at 1e-9. The table names the reason for each sample that does not. TEZ_BIN names the folder
of the programs.
"""
import argparse
import difflib
import json
import pathlib
import re
import sys
import tempfile

import torch

from _compare import Case, compare
from _forms import graph_blueprint
from _jobs import run_jobs
from _module_samples import Sample, infos, module_inputs, others, samples

TABLE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "measured" / "modules.md"
PASS = ""  # the reason why a sample does not pass


def said(answer):
    """The first error without its place."""
    errors = re.findall(r"error: (.*)", answer["stderr"])
    return re.sub(r"^[\w.\[\]]+: ", "", errors[0]) if errors else f"exit {answer['exit']}"


def compile_all(chosen, folder, options):
    """Writes <path>.pt for each sample that is accepted; the refusals of the others by path."""
    for one in chosen:
        (folder / f"{one.path}.json").write_text(json.dumps(one.blueprint))
    answers = run_jobs([["compile", f"{one.path}.json", "-o", f"{one.path}.pt", *options] for one in chosen], folder)
    return {one.path: said(answer) for one, answer in zip(chosen, answers) if answer["exit"]}


def judge(one, folder):
    """PASS, or which values differ."""
    case = Case(one.path, one.blueprint, one.make, [tuple(one.tensors)], runs=2, tolerance=1e-9)
    try:
        return compare(str(folder / f"{one.path}.pt"), case)
    except (RuntimeError, AssertionError, torch.jit.Error) as error:
        return [f"{type(error).__name__}: {str(error).strip().splitlines()[-1]}"]


def short(problems):
    """Without digits, which differ from run to run."""
    return re.sub(r" off by .*", " differs", problems[0]).removeprefix("call 0 in ") if problems else PASS


def outcomes(chosen, options, verbose=False):
    """{class: {number: reason}} of the samples {class: {number: Sample, or why there is none}}."""
    flat = [one for numbered in chosen.values() for one in numbered.values() if isinstance(one, Sample)]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        refused = compile_all(flat, folder, options)
        found = {}
        for one in flat:
            problems = [refused[one.path]] if one.path in refused else judge(one, folder)
            found[one.path] = short(problems)
            if verbose:
                print(f"{'FAIL' if problems else 'ok  '} {one.path}", *problems[:4], sep="\n     ", flush=True)
    return {name: {number: found[one.path] if isinstance(one, Sample) else one for number, one in numbered.items()}
            for name, numbered in chosen.items()}


# The table

HEAD = """\
# torch's own tests of its modules

Written by `test/Integration/modules.py --write`; `tools/check` runs the first and last sample of each class against it,
`tools/check --all` runs all. torch's database is `torch.testing._internal.common_modules.module_db`; each sample whose
constructor takes numbers, words and lists of them becomes a graph of one node, compiled and loaded, with the weights of
torch's module. Where it passes, outputs, buffers and gradients of parameters and inputs, in training and in eval mode,
agree with torch's in fp64 at 1e-9.

"""


def spans(numbers):
    """1, 2, 3, 7 as "1-3 7"."""
    runs = []
    for number in sorted(numbers):
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return " ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)


def numbers_of(text):
    """The inverse of spans()."""
    ends = [list(map(int, part.split("-"))) for part in text.split()]
    return [number for run in ends for number in range(run[0], run[-1] + 1)]


def row(name, found):
    reasons = {}
    for number, reason in found.items():
        if reason != PASS:
            reasons.setdefault(reason.replace("|", "/"), []).append(number)
    failed = sum(map(len, reasons.values()))
    why = "; ".join(f"[{spans(numbers)}] {reason}" for reason, numbers in reasons.items())
    return f"| {name} | {len(found)} | {len(found) - failed} | {why} |\n"


def render(found):
    whole = [name for name, numbered in found.items() if not any(numbered.values())]
    passed = sum(reason == PASS for numbered in found.values() for reason in numbered.values())
    text = HEAD + f"{len(whole)} of {len(found)} classes pass on all of their samples, " \
                  f"{passed} of {sum(map(len, found.values()))} samples pass.\n\n"
    text += "| class of torch.nn | samples | pass | the others, by their number in torch's list |\n|---|---|---|---|\n"
    text += "".join(row(name, numbered) for name, numbered in found.items())
    losses, lazy = others()["loss"], others()["lazy"]
    return text + f"\nNot on the closed list, and refused by name: {len(losses)} losses ({', '.join(losses)}) " \
                  f"and {len(lazy)} lazy classes, whose sizes are not known before they run ({', '.join(lazy)}).\n"


def recorded(text):
    """{class: {number: reason}} of a table."""
    table = {}
    for name, count, _, why in re.findall(r"^\| (\w+) \| (\d+) \| (\d+) \| (.*) \|$", text, re.M):
        table[name] = dict.fromkeys(range(int(count)), PASS)
        for numbers, reason in re.findall(r"\[([\d -]+)\] (.*?)(?=; \[|$)", why):
            table[name] |= dict.fromkeys(numbers_of(numbers), reason)
    return table


# The ways to run

def check_refused():
    """Losses and lazy classes are refused, with their names."""
    names = [name for part in others().values() for name in part]
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            graph = graph_blueprint([("n", "torch.nn." + name)], [])
            (pathlib.Path(folder) / f"{name}.json").write_text(json.dumps(graph))
        answers = run_jobs([["check", f"{name}.json"] for name in names], folder)
    return [f"{name} is not refused by name: {said(answer)}" for name, answer in zip(names, answers)
            if answer["exit"] != 1 or json.dumps(name) not in answer["stderr"]]


def compare_sample(found):
    """Against what the table says of the same samples."""
    table = recorded(TABLE.read_text())
    wrong = [f"{name} is only in {'the run' if name in found else 'the table'}" for name in found.keys() ^ table.keys()]
    for name in found.keys() & table.keys():
        wrong += [f"{name}, sample {number}: {reason or 'passes'}; the table says {table[name].get(number) or 'passes'}"
                  for number, reason in found[name].items() if reason.replace("|", "/") != table[name].get(number)]
    return wrong


def ends(info):
    count = len(module_inputs(info))
    return {0, count - 1}


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for flag in ("--check", "--write", "--validate"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("-k", default="", metavar="TEXT")
    parser.add_argument("-v", action="store_true")
    return parser.parse_args()


def main():
    arguments = parse()
    everything = arguments.check or arguments.write or arguments.validate or bool(arguments.k)
    options = ["--bench-budget=0"] if arguments.validate else ["--no-validate"]
    chosen = {name: samples(name, info, None if everything else ends(info)) for name, info in infos().items()
              if arguments.k in name}
    found = outcomes(chosen, options, arguments.v)
    if arguments.k:
        print("".join(row(name, numbered) for name, numbered in found.items()), end="")
        return 0
    text = render(found)
    if arguments.write:
        TABLE.write_text(text)
    wrong = check_refused() + compare_sample(found)
    if arguments.check and text != TABLE.read_text():
        wrong += difflib.unified_diff(TABLE.read_text().splitlines(), text.splitlines(), "table", "found", lineterm="")
    print(f"{sum(map(len, found.values()))} samples of {len(found)} classes, {len(wrong)} differ from the table",
          *wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
