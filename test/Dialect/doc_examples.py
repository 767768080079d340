#!/usr/bin/env python3
"""Parses and verifies the example of every op of a dialect with the tez-opt on PATH.

An example names values without defining them. They become arguments of a wrapper; their types are learnt from what the
parser says it expects, so that the examples stay as short as a reader wants them.

  doc_examples.py esper|native|ts
"""
import re
import subprocess
import sys

import _op_docs

UNKNOWN = "tensor<12345xi7>"  # no example has this type
IN_FORWARD = """ts.module @example {{
ts.parameter "0.weight" : tensor<2xf32>
ts.forward() {{
{values}
{text}
ts.return
}}
}}"""
WRAPPERS = {  # by op, else by dialect
    "esper": "esper.kernel @example() {{\n{values}\n{text}\nesper.return\n}}",
    "esper.kernel": "{text}",
    "esper.return": "{text}",
    "native": "func.func @example() {{\n{values}\n{text}\nreturn\n}}",
    "ts": IN_FORWARD,
    "ts.module": "{text}",
    "ts.packed": "{text}",
    "ts.parameter": "ts.module @example {{\n{text}\nts.forward() {{\nts.return\n}}\n}}",
    "ts.buffer": "ts.module @example {{\n{text}\nts.forward() {{\nts.return\n}}\n}}",
    "ts.submodule": "ts.module @example {{\n{text}\nts.forward() {{\nts.return\n}}\n}}",
    "ts.forward": "ts.module @example {{\n{text}\n}}",
    "ts.return": "ts.module @example {{\nts.forward() {{\n{values}\n{text}\n}}\n}}",
    "ts.yield": """ts.module @example {{
ts.forward() {{
%c, %unused = "test.values"() : () -> (!ts.bool, !ts.tensor)
%r = ts.if %c -> (!ts.tensor) {{
{values}
{text}
}} else {{
{values}
{text}
}}
ts.return
}}
}}""",
}


class Example:
    """One example with what is known about the types of its free values."""

    def __init__(self, dialect, op, text):
        self.op, self.text = f"{dialect}.{op}", text
        self.wrapper = WRAPPERS.get(self.op, WRAPPERS[dialect])
        results = re.findall(r"^\s*((?:%\w+,?\s*)+)=", text, flags=re.M)
        defined = set(re.findall(r"%\w+", " ".join(results)) + re.findall(r"(%\w+): ", text))
        used = re.findall(r"%\w+", text) if "{values}" in self.wrapper else []
        self.types = {name: UNKNOWN for name in used if name not in defined}

    def wrapped(self):
        values = "\n".join(f'{name} = "test.value"() : () -> {type}' for name, type in self.types.items())
        return self.wrapper.format(values=values, text=self.text) + "\n"

    def learn(self, errors):
        """True when an error told a type."""
        learnt = False
        pattern = r"use of value '(%\w+)' expects different type than prior uses: '(.*?)' vs '(.*?)'"
        for name, wanted, had in re.findall(pattern, errors):
            if had == UNKNOWN and self.types.get(name) == UNKNOWN:
                self.types[name], learnt = wanted, True
        return learnt

    def error(self):
        """Empty when the example parses; otherwise what tez-opt says."""
        if self.op not in self.text:
            return f"the example does not show {self.op}"
        while True:
            done = subprocess.run(["tez-opt", "--allow-unregistered-dialect"], input=self.wrapped(), text=True,
                                  capture_output=True, check=False)
            if done.returncode == 0:
                return ""
            if not self.learn(done.stderr):
                return done.stderr + self.wrapped()


def complaints(dialect):
    for op, documentation in _op_docs.read_ops(dialect).items():
        texts = _op_docs.examples(documentation)
        if not texts:
            yield f"{dialect}.{op}: no example"
        for text in texts:
            error = Example(dialect, op, text).error()
            if error:
                yield f"{dialect}.{op}: the example does not parse:\n{error}"


def main():
    found = list(complaints(sys.argv[1]))
    print("\n".join(found))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
