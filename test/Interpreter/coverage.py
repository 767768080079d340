"""Every op of the esper dialect stands in a file of this folder, every function of Activations.def among them.

  coverage.py SOURCE_ROOT
"""
import pathlib
import re
import sys

# What a kernel is made of, and what validation needs anyway.
STRUCTURE = {"kernel", "return", "param", "buffer"}


def declared_ops(source):
    """The mnemonics of the dialect's records: def Esper_XOp : SomeClass<"mnemonic", ...>."""
    text = "".join(path.read_text() for path in sorted((source / "dialect/Esper/ops").glob("*.td")))
    return set(re.findall(r'^def Esper_\w+Op : \w+<"(\w+)"', text, re.M))


def main():
    source = pathlib.Path(sys.argv[1])
    tests = "".join(path.read_text() for path in sorted((source / "test/Interpreter").glob("*.mlir")))
    ops = declared_ops(source)
    kinds = set(re.findall(r"^TEZ_ACTIVATION\((\w+),", (source / "include/tez/Dialect/Esper/Activations.def").read_text(),
                           re.M))
    if len(ops) < 60 or len(kinds) < 20:
        sys.exit(f"found {len(ops)} ops and {len(kinds)} activations: the records are no longer read as they are written")
    missing = [f"esper.{op}" for op in sorted(ops - STRUCTURE) if not re.search(rf"\besper\.{op}\b(?!<)", tests)]
    missing += [f'esper.activation "{kind}"' for kind in sorted(kinds) if f'esper.activation "{kind}"' not in tests]
    for what in missing:
        print(f"{what} has no numeric test: add a kernel with it to test/Interpreter/<group>.mlir")
    print(f"{len(ops)} ops, {len(kinds)} activations, {len(missing)} without numbers")
    sys.exit(bool(missing))


if __name__ == "__main__":
    main()
