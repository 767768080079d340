#!/usr/bin/env python3
"""Fails where an op of dialect/ has no ```mlir example in its description, or one that tez-opt refuses.

  doc_examples.py TEZ-OPT

An example shows one op, so its operands come from nowhere. Each is first given the type none; tez-opt then says which
type the example expects, and is asked again until it has nothing left to say about types.
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PRIOR_USE = re.compile(r"<stdin>:(\d+):\d+: error: use of value '(%\w+)' expects different type than prior uses: "
                       r"'(.*)' vs '(.*)'")
ERROR = re.compile(r"<stdin>:(\d+):\d+: error: (.*)")
SPLIT = "// -----"
# Where an example that is not a whole function stands: (first op begins with, text around it).
FRAMES = [
    (("esper.kernel", "ts.module"), "{}"),
    (("ts.parameter", "ts.buffer", "ts.submodule", "ts.forward"), "ts.module @m trainable {{\n{}\n}}"),
    (("ts.return",), "ts.module @m trainable {{\nts.forward() {{\n{}\n}}\n}}"),
    (("ts.yield",), 'ts.module @m trainable {{\nts.forward() {{\n%cond = "doc.value"() : () -> !ts.bool\n'
                    '%out = ts.if %cond -> (!ts.tensor) {{\n{0}\n}} else {{\n{0}\n}}\nts.return %out : !ts.tensor\n}}\n}}'),
    (("ts.",), 'ts.module @m trainable {{\nts.forward() {{\n{}\n'
               '%out = "doc.value"() : () -> !ts.tensor\nts.return %out : !ts.tensor\n}}\n}}'),
    (("esper.return",), "esper.kernel @k() -> tensor<1xf32> {{\n{}\n}}"),
    (("esper.",), 'esper.kernel @k() -> tensor<1xf32> {{\n{}\n'
                  '%out = "doc.value"() : () -> tensor<1xf32>\nesper.return %out : tensor<1xf32>\n}}'),
]


class Example:
    """One example, with the types that its free operands are known to have."""

    def __init__(self, op, code):
        self.op, self.code = op, code.strip()
        defined = set(re.findall(r"(%\w+)(?=(?:, %\w+)* =)", self.code)) | set(re.findall(r"(%\w+):", self.code))
        used = dict.fromkeys(re.findall(r"%\w+", self.code))
        self.types = {name: "none" for name in used if name not in defined}

    def text(self):
        mnemonic = re.sub(r"^(%\w+(, )?)+ = ", "", self.code)
        frame = next(frame for starts, frame in FRAMES if mnemonic.startswith(starts))
        values = [f'{name} = "doc.value"() : () -> {type}' for name, type in self.types.items()]
        return frame.format("\n".join([*values, self.code]))


def collect():
    """(examples, ops without one) of every op record under dialect/."""
    examples, without = [], []
    for path in sorted((ROOT / "dialect").rglob("*.td")):
        for record in re.split(r"(?m)^(?=def )", path.read_text()):
            head = re.match(r'def (\w+Op)\b', record)
            found = re.findall(r"```mlir\n(.*?)```", record, re.S)
            if head and not found:
                without.append(f"{path.relative_to(ROOT)}: {head.group(1)}")
            examples += [Example(head.group(1), code) for code in found if head]
    return examples, without


def run(tez_opt, text):
    return subprocess.run([tez_opt, "--split-input-file", "--allow-unregistered-dialect", "-"], text=True,
                          input=text, capture_output=True, check=False)


def ask(tez_opt, examples):
    """tez-opt's answer as (example, message) pairs of every error, by the line it points at."""
    owners, lines = [], []
    for example in examples:
        chunk = [*example.text().splitlines(), SPLIT]
        owners += [example] * len(chunk)
        lines += chunk
    done = run(tez_opt, "\n".join(lines[:-1]) + "\n")
    if done.returncode < 0:
        return [(e, "error: tez-opt crashes on it") for e in examples if run(tez_opt, e.text()).returncode < 0]
    return [(owners[int(m.group(1)) - 1], m.group(0)) for m in ERROR.finditer(done.stderr)]


def learn(errors):
    """Enters the types that the errors tell; returns the errors that tell none."""
    rest, learned = [], False
    for example, message in errors:
        match = PRIOR_USE.match(message)
        if match and example.types.get(match.group(2)) == "none":
            example.types[match.group(2)] = match.group(3)
            learned = True
        else:
            rest.append((example, message))
    return rest, learned


def main():
    examples, without = collect()
    learned = True
    while learned:
        rest, learned = learn(ask(sys.argv[1], examples))
    for line in without:
        print(f"{line} has no example")
    for example, message in rest:
        print(f"{example.op}: {message.split('error: ', 1)[1]}\n    {example.code}")
    if not examples or rest or without:
        sys.exit(f"doc_examples: {len(examples)} examples, {len(rest)} errors, {len(without)} ops without one")


if __name__ == "__main__":
    main()
