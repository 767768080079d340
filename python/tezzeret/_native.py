"""Machine code of a kernel file as a module of torch."""
from __future__ import annotations

import copy
import functools
import json
import os
import pathlib
from collections.abc import Callable
from typing import Any, Self

import torch

from tezzeret._zip import Archive

FOLDER = "kernel/extra/"
PLAN = FOLDER + "native/plan.json"
LIBRARY = "libtez_torch_ops.so"


def _places() -> list[pathlib.Path]:
    """Where the library may be: named, in an installed package, in the build folder of a checkout."""
    if "TEZ_TORCH_OPS" in os.environ:
        return [pathlib.Path(os.environ["TEZ_TORCH_OPS"])]
    package = pathlib.Path(__file__).resolve().parent
    return [package / "lib" / LIBRARY, package.parent.parent / "build" / "lib" / LIBRARY]


@functools.cache
def _operators() -> Any:
    """torch.ops.tezzeret. OSError where there is no library."""
    for place in _places():
        if place.is_file():
            torch.ops.load_library(str(place))  # type: ignore[no-untyped-call]  # torch has no types there
            return torch.ops.tezzeret
    raise OSError(f"no {LIBRARY}, looked at " + ", ".join(map(str, _places())))


def _tensor(content: memoryview) -> torch.Tensor:
    """Bytes, of which a kernel without weights has none."""
    return torch.frombuffer(bytearray(content), dtype=torch.uint8) if content else torch.empty(0, dtype=torch.uint8)


class _Code:
    """An open kernel, closed when the last module that uses it is gone."""

    def __init__(self, archive: Archive):
        names = [name for name in archive.entries if name.startswith(FOLDER + "native/")]
        records = [_tensor(archive.content(name)) for name in names]
        plan = json.loads(bytes(archive.content(PLAN)))
        self.operators = _operators()
        self.number = self.operators.open(records, [name[len(FOLDER):] for name in names])
        self.single = len(plan["inputs"]) == len(plan["outputs"]) == 1
        self.returns_one = len(plan["outputs"]) == 1

    def __del__(self) -> None:
        if hasattr(self, "number"):
            self.operators.close(self.number)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self  # it is never written


class NativeKernel(torch.nn.Module):
    """A kernel for inference whose calls run machine code.

    Takes and returns what the graph in the file does, which is `portable` (a torch.jit.ScriptModule) and answers the
    calls that machine code has no answer for: other devices, other dtypes, inputs that need gradients, arguments that
    are wrong. The code has its own copy of the weights: `to`, `half`, `load_state_dict` and the like change those of
    `portable` and leave machine code aside from then on (see `native`); writing into a parameter has no effect on it.

    Inference only. Any number of threads may call it at once; it uses torch's threads, with the same bits for any
    number of them.
    """

    def __init__(self, portable: torch.jit.ScriptModule, archive: Archive):
        super().__init__()
        self.portable = portable
        code = _Code(archive)
        self.code: _Code | None = code
        self._number = code.number
        self._one, self._many = code.operators.forward.one, code.operators.forward.default
        self.eval()

    @property
    def native(self) -> bool:
        """Does a call run machine code."""
        return self.code is not None

    def forward(self, *inputs: torch.Tensor) -> Any:
        if self.code is None or torch.is_grad_enabled() and any(
                isinstance(tensor, torch.Tensor) and tensor.requires_grad for tensor in inputs):
            return self.portable(*inputs)
        try:
            if self.code.single:
                return self._one(*inputs, self._number)
            outputs = self._many(inputs, self._number)
            return outputs[0] if self.code.returns_one else tuple(outputs)
        except (RuntimeError, TypeError):  # the graph takes it, or says what is wrong with it
            return self.portable(*inputs)

    def _apply(self, fn: Callable[..., Any], recurse: bool = True) -> Self:
        self.code = None
        super()._apply(fn, recurse)  # type: ignore[no-untyped-call]
        return self

    def load_state_dict(self, *arguments: Any, **named: Any) -> Any:
        self.code = None
        return self.portable.load_state_dict(*arguments, **named)

    def state_dict(self, *arguments: Any, **named: Any) -> Any:
        """Names as in the file."""
        return self.portable.state_dict(*arguments, **named)

    def __deepcopy__(self, memo: dict[int, Any]) -> NativeKernel:
        twin = copy.copy(self)
        twin._modules = {"portable": copy.deepcopy(self.portable, memo)}
        return twin

    def __copy__(self) -> NativeKernel:
        twin = NativeKernel.__new__(NativeKernel)
        twin.__dict__.update(self.__dict__)
        return twin

    def __reduce__(self) -> Any:
        raise TypeError("machine code is not pickled: keep the kernel file")


def has_code(archive: Archive) -> bool:
    return PLAN in archive.entries
