#!/usr/bin/env python
"""Operators of PyTorch, by the samples of torch's table op_db, through tezzeret.from_exported: forward and gradient.

    operators.py                      a sample of the operators that docs/measured/operators.md says work
    operators.py --all                all operators of op_db; fails where one is worse than the page says
    operators.py --all --write        writes the page
    operators.py NAME...              these
    operators.py --all --results=F    keeps what it finds in F (one JSON object a line), and goes on from there
"""
import argparse
import json
import pathlib
import re
import sys

import _operators

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/measured/operators.md"
EVERY = 12
"""One in so many of the operators that work is tried in plain tools/check."""
BEST_FIRST = ("works", "partly", "refused", "no sample", "wrong")
HEAD = """<!-- Written by test/Integration/operators.py --all --write. -->

# Operators of PyTorch that can be imported

Each row is an operator of torch's own table of tests (`torch.testing._internal`, op_db) that takes floating elements and has a
gradient. Up to {most} samples are exported, compiled by `tezzeret.from_exported` for training, and compared with eager torch in
fp64: results, and gradients of all floating arguments for random upstream gradients.

**works**: all samples agree. **partly**: some agree, the others are refused by name. **refused**: all are, with the reason. A
kernel that computes something else is a fault; there is none.

{works} work, {partly} partly, {refused} are refused, of {all}.

| operator | state | samples | refused because of |
|---|---|---|---|
"""


def page_rows():
    """What the page says: operator to state."""
    text = PAGE.read_text() if PAGE.exists() else ""
    return dict(re.findall(r"^\| `(\S+)` \| (works|partly|refused|no sample|wrong) \|", text, re.M))


def line(name, found):
    reasons = "; ".join(reason.removeprefix("refused: ").replace("aten.", "") for reason in found["said"])
    short = reasons if len(reasons) < 160 else reasons[:157] + "..."
    return f"| `{name}` | {found['state']} | {found['passed']} of {found['tried']} | {short.replace('|', '/')} |"


def write(results, most):
    states = [found["state"] for found in results.values()]
    counts = {state: states.count(state) for state in ("works", "partly", "refused")}
    PAGE.write_text(HEAD.format(most=most, all=len(results), **counts) +
                    "".join(line(name, results[name]) + "\n" for name in sorted(results)))


def kept(path):
    if path is None or not path.exists():
        return {}
    entries = [json.loads(text) for text in path.read_text().splitlines()]
    return {entry["name"]: entry for entry in entries}


def try_all(names, table, path):
    from _operators import try_operator
    results = kept(path)
    for name in names:
        if name in results:
            continue
        try:
            state, passed, tried, said = try_operator(table[name])
        except Exception as error:  # a fault of the importer itself
            state, passed, tried, said = "wrong", 0, 0, [f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"]
        results[name] = {"name": name, "state": state, "passed": passed, "tried": tried, "said": said}
        print(line(name, results[name]), flush=True)
        if path is not None:
            with path.open("a") as file:
                file.write(json.dumps(results[name]) + "\n")
    return {name: results[name] for name in names}


def worse(results):
    known = page_rows()
    return [f"{name} is {found['state']}, was {known[name]}: {'; '.join(found['said'])}" for name, found in results.items()
            if name in known and BEST_FIRST.index(found["state"]) > BEST_FIRST.index(known[name])]


def chosen(given, table):
    if given.names:
        return given.names
    if given.all:
        return list(table)
    working = [name for name, state in sorted(page_rows().items()) if state == "works" and name in table]
    return working[::EVERY]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--results", type=pathlib.Path)
    given = parser.parse_args()
    table = _operators.entries()
    results = try_all(chosen(given, table), table, given.results)
    if given.write:
        write(results, _operators.MOST_SAMPLES)
    bad = [f"{name} is wrong: {'; '.join(found['said'])}" for name, found in results.items() if found["state"] == "wrong"]
    bad += [] if given.write else worse(results)
    print("\n".join(bad) or f"{len(results)} operators: as docs/measured/operators.md says")
    return 1 if bad or not results else 0


if __name__ == "__main__":
    sys.exit(main())
