"""Compiles models of PyTorch and blueprints into kernels, and loads kernel files after a look at them.

    import tezzeret
    kernel = tezzeret.compile(model, (torch.randn(2, 64),))      # a torch.nn.Module
    kernel.save("K.pt")
    kernel = tezzeret.load("K.pt", keys=["mine.pub"], require=["gradients"])

`compile`, `from_exported`, `check`, `validate` and `inspect` run the program `tez` ($TEZ, the package's own, the
build beside a checkout, or PATH); they raise a CompilationError. `load` and `verify` need no compiler:
`torch.jit.load` runs what it is given and trusts its numbers, so `load` reads the file once, checks signature,
hashes, names, operators, pickles and evidence on that copy, and hands the same bytes to torch. What fails raises
`KernelRefused`; torch has then seen no byte.
"""
from tezzeret._compile import check, compile, from_exported, inspect, validate
from tezzeret._errors import (BlueprintRefused, CompilationError, Diagnostic, EnvironmentFailed, ImportFailed,
                              UnsupportedOperators, UsageError, ValidationFailed)
from tezzeret._load import load, verify
from tezzeret._refused import KernelRefused
from tezzeret._results import Analysis, Inspection, Kernel, Validation, Verdict

__all__ = ["Analysis", "BlueprintRefused", "CompilationError", "Diagnostic", "EnvironmentFailed", "ImportFailed",
           "Inspection", "Kernel", "KernelRefused", "UnsupportedOperators", "UsageError", "Validation",
           "ValidationFailed", "Verdict", "check", "compile", "from_exported", "inspect", "load", "validate", "verify"]
