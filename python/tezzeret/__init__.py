"""Loads kernel files of the Tezzeret compiler, and looks at them before torch does.

    import tezzeret
    kernel = tezzeret.load("K.pt", keys=["mine.pub"], require=["gradients"])

`torch.jit.load` runs what it is given and trusts its numbers. `load` reads the file once, checks signature, hashes,
names, operators, pickles and evidence on that copy, and hands the same bytes to torch. What fails raises
`KernelRefused`; torch has then seen no byte.
"""
from tezzeret._load import load, verify
from tezzeret._refused import KernelRefused

__all__ = ["KernelRefused", "load", "verify"]
