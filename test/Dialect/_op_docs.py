"""What the op records say about themselves: names, labelled constraints, examples."""
import pathlib
import re
import subprocess

SOURCE = pathlib.Path(__file__).resolve().parents[2]
DIALECTS = {  # dialect: (all its ops, folder of its tests)
    "esper": ("dialect/Esper/EsperOps.td", "test/Dialect/Esper"),
    "native": ("dialect/Native/NativeOps.td", "test/Dialect/Native"),
    "ts": ("dialect/TorchScript/TorchScriptOps.td", "test/Dialect/TorchScript"),
}


def read_ops(dialect):
    """{mnemonic: documentation} from the generator that also writes the reference."""
    prefix = subprocess.run(["llvm-config-22", "--prefix"], check=True, text=True, stdout=subprocess.PIPE).stdout.strip()
    command = [f"{prefix}/bin/mlir-tblgen", "-gen-op-doc", "-I", f"{prefix}/include", "-I", SOURCE / "dialect", "-I",
               SOURCE / "include", SOURCE / DIALECTS[dialect][0]]
    text = subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout
    parts = re.split(rf"^### `{dialect}\.(\w+)`.*$", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def constraints(documentation):
    return [int(label) for label in re.findall(r"^\s*- \(C(\d+)\)", documentation, flags=re.M)]


def examples(documentation):
    return re.findall(r"^\s*```mlir\n(.*?)^\s*```", documentation, flags=re.M | re.S)
