#!/usr/bin/env python3
"""Fails on an #include that points against the layers of docs/design.md.   layering.py [ROOT] [--self-test]

SEES says, for each group of lib/ and include/tez/, which other groups it may include. A group that is not in the table
is an error too. On every run a violation of each kind is planted in a scratch tree first: a check that cannot fail
proves nothing.
"""
import pathlib
import re
import sys
import tempfile

BASE = {"Support"}
DIALECT = BASE | {"Dialect"}
MIDDLE = {"Json", "Weights", "Blueprint", "Analysis", "Transforms", "Conversion", "Interpreter", "Torch"}
SEES = {
    "Support": set(),
    "Signing": set(),
    "Json": BASE,
    "Dialect": DIALECT,
    "Weights": DIALECT | {"Json"},
    "Blueprint": DIALECT | {"Json"},
    "Analysis": DIALECT,
    "Transforms": DIALECT,
    "Conversion": DIALECT,
    "Interpreter": DIALECT,
    "Torch": DIALECT | {"Weights", "Artifact"},
    "TorchLoader": DIALECT | {"Torch"},
    "Validate": DIALECT | MIDDLE | {"Native"},
    "Artifact": DIALECT | {"Json", "Signing", "Weights"},
    "Native": DIALECT | {"Weights", "Conversion"},
    "Onnx": DIALECT | {"Weights", "Transforms"},
    "KernelRuntime": {"Signing"},
    "Report": BASE,
    "Service": BASE | {"Json"},
    "Pipeline": DIALECT | MIDDLE | {"Native", "Onnx", "Validate", "Artifact", "Report"},
}
# Outside code that only some groups may name: (what the path begins with, groups that may, why).
OUTSIDE = [
    (("mlir/",), SEES.keys() - {"Json", "Report", "Service", "Signing", "KernelRuntime"}, "Json is used without MLIR, Report shows plain values"),
    (("mlir/Dialect/",), SEES.keys() - {"Json", "Report", "Service", "Support"}, "Support knows no dialect"),
    (("llvm/", "tez/Support/AtomicFile", "tez/Support/ChildProcess", "tez/Support/HostTensor"),
     SEES.keys() - {"Json", "Service", "Signing", "KernelRuntime"}, "the registry is linked without LLVM, and Json with it; so is the library for hosts"),
    (("boost/", "SQLiteCpp/", "pqxx/", "prometheus/"), {"Service"}, "servers and databases are the registry's"),
    (("curl/",), {"Service"}, "calls over the network are the worker's"),
    (("torch/", "ATen/", "c10/"), {"Torch"}, "lib/Torch is the only user of libtorch"),
]
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')
SOURCES = {".h", ".cpp", ".def", ".inc"}


def group_of(path, root):
    """The group that owns a file of lib/X, include/tez/X; None for tools and tests, which may see all."""
    parts = path.relative_to(root).parts
    for head in (("lib",), ("include", "tez")):
        if parts[: len(head)] == head and len(parts) > len(head) + 1:
            return parts[len(head)]
    return None


def target_of(name, quoted, path, root):
    """The group an include names, by its `tez/X/` prefix or by its place beside the including file."""
    match = re.match(r"tez/(\w+)/", name)
    if match:
        return match.group(1)
    if quoted and (path.parent / name).exists():
        return group_of((path.parent / name).resolve(), root)
    return None


def violations_of(path, root):
    group = group_of(path, root)
    if group is None:
        return
    where = path.relative_to(root)
    if group not in SEES:
        yield f"{where}: group {group} is not in the table of test/layering.py"
        return
    for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        name = match.group(2)
        target = target_of(name, match.group(1) == '"', path, root)
        if target and target != group and target not in SEES[group]:
            yield f"{where}:{number}: {group} must not see {target} ({name})"
        for prefixes, allowed, why in OUTSIDE:
            if name.startswith(prefixes) and group not in allowed:
                yield f"{where}:{number}: {group} must not include {name}: {why}"


def violations(root):
    root = root.resolve()
    for top in ("lib", "include"):
        for path in sorted((root / top).rglob("*")):
            if path.suffix in SOURCES:
                yield from violations_of(path, root)


def self_test():
    """Plants one violation of each kind and returns the kinds that went unnoticed."""
    planted = {
        "lib/Support/A.cpp": '#include "tez/Dialect/Esper/Esper.h"',
        "lib/Transforms/B.cpp": '#include "tez/Pipeline/Pipeline.h"',
        "lib/Json/C.cpp": '#include "mlir/IR/Value.h"',
        "include/tez/Validate/D.h": "#include <torch/script.h>",
        "lib/Analysis/E.cpp": '#include "../Interpreter/Tape.h"',
        "lib/Nowhere/F.cpp": "",
        "lib/Service/G.cpp": '#include "tez/Dialect/Esper/Esper.h"',
        "include/tez/Service/H.h": '#include "llvm/ADT/StringRef.h"',
        "lib/Pipeline/I.cpp": "#include <boost/asio.hpp>",
        "lib/Artifact/J.cpp": "#include <curl/curl.h>",
        "lib/Service/Worker/K.cpp": '#include "tez/Pipeline/Pipeline.h"',
    }
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, line in {**planted, "lib/Interpreter/Tape.h": ""}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(line + "\n")
        found = [text.split(":")[0] for text in violations(root)]
    return [name for name in planted if name not in found]


def main():
    unnoticed = self_test()
    if unnoticed:
        sys.exit(f"layering: planted violations went unnoticed: {', '.join(unnoticed)}")
    if "--self-test" in sys.argv:
        return
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    root = pathlib.Path(arguments[0] if arguments else pathlib.Path(__file__).parent.parent)
    found = list(violations(root))
    for text in found:
        print(text)
    if found:
        sys.exit(f"layering: {len(found)} includes against the layers of docs/design.md")


if __name__ == "__main__":
    main()
