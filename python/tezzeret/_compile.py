"""Models of PyTorch and blueprints become kernels."""
from __future__ import annotations

import json
import os
import pathlib
import tempfile
from collections.abc import Mapping, Sequence
from inspect import signature
from typing import TYPE_CHECKING, Any

from tezzeret._errors import CompilationError, ImportFailed, UnsupportedOperators, UsageError
from tezzeret._results import Analysis, Inspection, Kernel, Validation, verdicts_of
from tezzeret._tez import COMPILER

if TYPE_CHECKING:
    import torch

    from tezzeret.importer import Imported

Blueprint = str | os.PathLike[str] | Mapping[str, Any]
PURPOSES = ("train", "infer")


def compile(model: torch.nn.Module | Blueprint, example_inputs: Sequence[torch.Tensor] = (), *, for_: str = "train",
            dynamic_shapes: Any = "batch", output: str | os.PathLike[str] | None = None, name: str = "",
            validate: bool = True, **options: Any) -> Kernel:
    """Compiles a model of PyTorch, or a blueprint, into a kernel.

    * `model`: a torch.nn.Module, or a blueprint (a path, or a dictionary that is one).
    * `example_inputs`: the positional arguments of the model's forward, tensors; only their shapes and
      types count. Not for blueprints, which state their own.
    * `for_`: "train" traces the model in training mode and keeps parameters, buffers and modes alive under the names of
      its state dict; "infer" traces it in eval mode and freezes it. The model is left in the modes it was in.
    * `dynamic_shapes`: "batch" lets dimension 0 of all arguments vary (arguments of which one has no dimension, or
      another size there, are taken as they are); None fixes all sizes; else as torch.export's.
    * `output`: the kernel file, replaced in one step; without it the file goes with the result.
    * `name`: of the kernel.
    * `validate`: run the kernel against the compiler's fp64 interpreter before it is written.
    * `options`: those of `tez compile`, with underscores (`tier="fast"`, `bench_budget=0` in milliseconds).

    Raises a CompilationError, and leaves `output` as it was: UnsupportedOperators names all calls that cannot be imported
    with their lines; ImportFailed is a model that torch.export cannot trace (control flow that depends on data), with its
    reason; BlueprintRefused has the places of all faults; UsageError is an option that there is not, or a value it does
    not take; ValidationFailed is a fault of the compiler; EnvironmentFailed is a file, or the machine.

    Takes seconds, most of them torch.export's and the validation's. Any number of threads may call it: they wait for
    one compiler process, and hold no lock of Python's meanwhile.
    """
    import torch
    if not isinstance(model, torch.nn.Module):
        return _compile_blueprint(model, for_, output, validate, options)
    _check_purpose(for_)
    program = _exported(model, tuple(example_inputs), for_ == "train", dynamic_shapes)
    return from_exported(program, for_=for_, output=output, name=name or type(model).__name__, validate=validate,
                         **options)


def from_exported(program: torch.export.ExportedProgram, *, for_: str = "train",
                  output: str | os.PathLike[str] | None = None, name: str = "model", validate: bool = True,
                  **options: Any) -> Kernel:
    """Compiles what torch.export.export returned, with its weights and names. See `compile`.

    The modes are those the program was traced in: one traced in eval mode never trains its batch norms. A size that the
    program keeps symbolic stays dynamic in dimension 0 of an input, and is refused elsewhere.
    """
    _check_purpose(for_)
    from tezzeret import importer
    try:
        imported = importer.import_program(program, name)
    except importer.ImportRefused as refused:
        raise UnsupportedOperators(refused.calls) from None
    folder = tempfile.TemporaryDirectory(prefix="tezzeret-")
    kernel = _compile_imported(imported, pathlib.Path(folder.name), for_, output, validate, options)
    kernel._folder = folder if output is None else None
    return kernel


def check(blueprint: Blueprint, **options: Any) -> Analysis:
    """Static analysis of a blueprint: cost, limits, hazards; nothing is compiled, torch is not loaded.

    * `blueprint`: a path, or a dictionary that is one.
    * `options`: those of `tez check`, with underscores (`max_params=1000`).

    Raises BlueprintRefused where it is no blueprint or exceeds a limit, EnvironmentFailed where it cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix="tezzeret-") as folder:
        words = ["check", _written(blueprint, pathlib.Path(folder)), "--json", "--diagnostics=json", *_words(options)]
        answer = COMPILER.run(words)
    found = json.loads(answer.output)
    messages = [entry["message"] for line in answer.messages.splitlines() if (entry := json.loads(line))]
    return Analysis(found["kernel"], found["judgement"], found, messages)


def validate(path: str | os.PathLike[str], **options: Any) -> Validation:
    """Runs a kernel file against the blueprint in it.

    * `path`: the kernel file.
    * `options`: those of `tez validate`, with underscores. A kernel that was compiled with weights of its own needs them
      again (`weights=`).

    Raises ValidationFailed where it computes something else, EnvironmentFailed where it cannot be read. Takes from a tenth
    of a second to minutes, by the work of a call in fp64.
    """
    answer = COMPILER.run(["validate", os.path.abspath(path), "--json", "--diagnostics=json", *_words(options)])
    return Validation(os.fspath(path), verdicts_of(json.loads(answer.output)))


def inspect(path: str | os.PathLike[str]) -> Inspection:
    """What a kernel file says of itself: metadata (shapes without the batch, counts, ids), evidence, and its state.

    Raises EnvironmentFailed where it is no kernel file or cannot be read.
    """
    answer = COMPILER.run(["inspect", os.path.abspath(path), "--json"])
    return Inspection(os.fspath(path), json.loads(answer.output))


def _check_purpose(for_: str) -> None:
    if for_ not in PURPOSES:
        raise UsageError(f"for_ is {for_!r}, expected one of {', '.join(PURPOSES)}")


def _words(options: Mapping[str, Any]) -> list[str]:
    """Options of the program: True is a flag, a list one option an entry."""
    words: list[str] = []
    for key, value in options.items():
        flag = "--" + key.replace("_", "-")
        for entry in value if isinstance(value, (list, tuple)) else [value]:
            if entry is not False and entry is not None:
                words.append(flag if entry is True else f"{flag}={entry}")
    return words


def _written(blueprint: Blueprint, folder: pathlib.Path) -> str:
    if isinstance(blueprint, (str, os.PathLike)):
        return os.path.abspath(blueprint)
    path = folder / "blueprint.json"
    path.write_text(json.dumps(blueprint))
    return str(path)


def _compile_blueprint(blueprint: Blueprint, for_: str, output: str | os.PathLike[str] | None, validate: bool,
                       options: Mapping[str, Any]) -> Kernel:
    _check_purpose(for_)
    folder = tempfile.TemporaryDirectory(prefix="tezzeret-")
    place = pathlib.Path(folder.name)
    kernel = _run_compile(_written(blueprint, place), place, for_, output, validate, options)
    kernel._folder = folder if output is None else None
    return kernel


def _compile_imported(imported: Imported, folder: pathlib.Path, for_: str, output: str | os.PathLike[str] | None,
                      validate: bool, options: Mapping[str, Any]) -> Kernel:
    import safetensors.torch
    source, weights = folder / "model.mlir", folder / "weights.safetensors"
    source.write_text(imported.text)
    given = dict(options)
    if imported.weights and "weights" not in given:
        own = {name: tensor.cpu().clone().contiguous() for name, tensor in imported.weights.items()}
        safetensors.torch.save_file(own, weights)
        given["weights"] = weights
    kernel = _run_compile(str(source), folder, for_, output, validate, given)
    kernel.blueprint, kernel.inputs = imported.text, imported.inputs
    return kernel


def _run_compile(source: str, folder: pathlib.Path, for_: str, output: str | os.PathLike[str] | None, validate: bool,
                 options: Mapping[str, Any]) -> Kernel:
    path, report = os.path.abspath(output) if output is not None else str(folder / "kernel.pt"), folder / "report.json"
    COMPILER.run(["compile", source, "-o", path, f"--for={for_}", f"--report={report}", "--diagnostics=json",
                  *([] if validate else ["--no-validate"]), *_words(options)])
    said = json.loads(report.read_text())
    return Kernel(path, for_, [], verdicts_of(said.get("verdicts", [])), said)


def _exported(model: torch.nn.Module, inputs: tuple[torch.Tensor, ...], training: bool,
              dynamic_shapes: Any) -> torch.export.ExportedProgram:
    """Traced in the mode that is asked for; every submodule gets its own mode back."""
    import torch
    from tezzeret.importer.norm import COUNTS
    modes = {module: module.training for module in model.modules()}
    counting = [module for module in model.modules() if training and _counts_all(module)]
    inputs, shapes = _varied(model, inputs) if dynamic_shapes == "batch" else (inputs, dynamic_shapes)
    try:
        model.train(training)
        for module in counting:
            module.momentum = COUNTS  # type: ignore[assignment]
        return torch.export.export(model, inputs, dynamic_shapes=shapes, strict=False)
    except Exception as error:  # whatever torch raises: its reasons are many
        raise ImportFailed(f"torch.export cannot trace {type(model).__name__}: {_first_lines(error)}") from error
    finally:
        for module, mode in modes.items():
            module.training = mode
        for module in counting:
            module.momentum = None  # type: ignore[assignment]


def _counts_all(module: torch.nn.Module) -> bool:
    """A batch norm whose running statistics are the mean of all batches."""
    import torch
    return (isinstance(module, torch.nn.modules.batchnorm._BatchNorm) and module.momentum is None
            and module.track_running_stats and module.num_batches_tracked is not None)


def _first_lines(error: Exception) -> str:
    return "\n".join(str(error).strip().splitlines()[:12]) or type(error).__name__


def _varied(model: torch.nn.Module, inputs: tuple[torch.Tensor, ...]) -> tuple[tuple[torch.Tensor, ...], Any]:
    """Dimension 0 of all arguments varies. A batch of one is traced as two: torch takes 1 for a constant. What goes into
    a parameter `*rest` is one argument to torch.export."""
    import torch
    tensors = [entry for entry in inputs if isinstance(entry, torch.Tensor)]
    sizes = {entry.shape[0] if entry.dim() else None for entry in tensors}
    if len(tensors) != len(inputs) or len(sizes) != 1 or sizes <= {None, 0}:
        return inputs, None
    traced = tuple(torch.cat([entry, entry]) if entry.shape[0] == 1 else entry for entry in inputs)
    parameters = signature(model.forward).parameters.values()
    alone = sum(p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in parameters)
    shapes = tuple({0: torch.export.Dim.AUTO} for _ in inputs)
    return traced, shapes if len(inputs) <= alone else (*shapes[:alone], shapes[alone:])


__all__ = ["CompilationError", "check", "compile", "from_exported", "inspect", "validate"]
