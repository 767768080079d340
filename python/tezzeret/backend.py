"""A backend of torch.compile, for inference on CPU.

    import tezzeret.backend
    fast = torch.compile(model.eval(), backend="tezzeret")
    with torch.no_grad():
        y = fast(x)

Importing this module registers it. Each graph that torch.compile finds becomes a kernel of its own, with the
parameters as they are when it is compiled: later changes of them are not seen. What a kernel cannot do (gradients,
operators that cannot be imported, sizes that are symbols, devices other than the CPU) runs in eager torch, with a
warning that says why.
"""
from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import torch

from tezzeret._compile import compile as compile_kernel
from tezzeret._errors import CompilationError

Compiled = Callable[..., Any]


class _WithParameters(torch.nn.Module):
    """The graph with its parameters inside: torch.compile hands them in as arguments."""

    def __init__(self, graph: torch.fx.GraphModule, arguments: Sequence[Any]):
        super().__init__()
        self.graph = graph
        self.fixed = [isinstance(argument, torch.nn.Parameter) for argument in arguments]
        for at, argument in enumerate(arguments):
            if self.fixed[at]:
                self.register_parameter(f"parameter_{at}", argument)

    def forward(self, *inputs: torch.Tensor) -> Any:
        left = iter(inputs)
        return self.graph(*[getattr(self, f"parameter_{at}") if fixed else next(left)
                            for at, fixed in enumerate(self.fixed)])


def _obstacle(arguments: Sequence[Any]) -> str:
    """Why there can be no kernel, or nothing."""
    tensors = [argument for argument in arguments if isinstance(argument, torch.Tensor)]
    if len(tensors) != len(arguments):
        return "a size is a symbol (torch.compile(dynamic=False) fixes them)"
    if any(tensor.device.type != "cpu" for tensor in tensors):
        return "tensors are not on the CPU"
    if torch.is_grad_enabled() and any(tensor.requires_grad for tensor in tensors):
        return "gradients are asked for (call it under torch.no_grad())"
    return ""


def backend(graph: torch.fx.GraphModule, arguments: Sequence[Any], *, options: dict[str, Any] | None = None,
            **more: Any) -> Compiled:
    """What torch.compile calls with each graph. options: those of `tezzeret.compile` (torch.compile's options=)."""
    obstacle = _obstacle(arguments)
    if not obstacle:
        model = _WithParameters(graph, arguments)
        inputs = tuple(argument for argument, fixed in zip(arguments, model.fixed) if not fixed)
        try:
            return _runner(model, inputs, options or {})
        except CompilationError as error:
            obstacle = str(error)
    warnings.warn(f"tezzeret: a graph runs in eager torch: {obstacle}", stacklevel=2)
    return graph.forward


def _runner(model: _WithParameters, inputs: tuple[Any, ...], options: dict[str, Any]) -> Compiled:
    kernel = compile_kernel(model, inputs, for_="infer", dynamic_shapes=None, **options)

    def run(*arguments: Any) -> Any:
        made = kernel(*[argument for argument, fixed in zip(arguments, model.fixed) if not fixed])
        return made if isinstance(made, tuple) else (made,)
    return run


torch._dynamo.register_backend(compiler_fn=backend, name="tezzeret")
