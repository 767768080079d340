#!/usr/bin/env python3
"""Fails when a labelled constraint of an op has no negative test.

Constraint (C2) of op `linear` is tested by a kernel (module) named @linear_c2, in a section of a test of that dialect
that also expects an error. Labels must count 1, 2, 3 ...

  constraints.py esper|native|ts
"""
import re
import sys

import _op_docs


def negative_tests(dialect):
    """Names defined in sections that expect an error."""
    names = set()
    for path in (_op_docs.SOURCE / _op_docs.DIALECTS[dialect][1]).glob("*.mlir"):
        for section in re.split(r"^// -----.*$", path.read_text(), flags=re.M):
            if "expected-error" in section:
                names.update(re.findall(r"@(\w+_c\d+)\b", section))
    return names


def complaints(dialect):
    tested, labelled = negative_tests(dialect), set()
    for op, documentation in _op_docs.read_ops(dialect).items():
        labels = _op_docs.constraints(documentation)
        if labels != list(range(1, len(labels) + 1)):
            yield f"{dialect}.{op}: labels must count from C1, found {labels}"
        labelled.update(f"{op}_c{label}" for label in labels)
    for name in sorted(labelled - tested):
        yield f"{dialect}: no negative test @{name}"
    for name in sorted(tested - labelled):
        yield f"{dialect}: @{name} tests a constraint that no op states"


def main():
    found = list(complaints(sys.argv[1]))
    print("\n".join(found))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
