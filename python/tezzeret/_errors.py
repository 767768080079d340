"""What can go wrong while a kernel is made, as exceptions: which phase, what and where, and why."""
from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tezzeret.importer import Unsupported


@dataclasses.dataclass(frozen=True)
class Diagnostic:
    """One finding of the compiler. `path`: the field of the blueprint, or the module of an imported model; `field`: the
    place in it (a JSON pointer, or the operator of the graph). `line` and `column` count from 1, columns in bytes."""

    severity: str
    message: str
    file: str = ""
    line: int = 0
    column: int = 0
    path: str = ""
    field: str = ""

    def __str__(self) -> str:
        where = self.path or (f"{self.file}:{self.line}:{self.column}" if self.line else self.file)
        inside = f" ({self.field})" if self.field not in ("", self.path) and not self.field.startswith("/") else ""
        return f"{where}{inside}: {self.message}" if where else self.message


class CompilationError(Exception):
    """A kernel was not made; nothing was written.

    phase: "import" (a model of PyTorch), "blueprint", "usage", "validate" or "environment". operator: the one that is to
    blame, where one is. place: the blueprint's field or the model's module, with its file and line where they are
    known. cause: what was found, and what was expected. diagnostics: everything the compiler said.
    """

    phase = "compile"

    def __init__(self, cause: str, *, operator: str = "", place: str = "", diagnostics: Sequence[Diagnostic] = ()):
        super().__init__(cause)
        self.cause, self.operator, self.place, self.diagnostics = cause, operator, place, list(diagnostics)

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), self.cause, self.operator, self.place, self.diagnostics)


def _again(kind: type[CompilationError], cause: str, operator: str, place: str,
           diagnostics: Sequence[Diagnostic]) -> CompilationError:
    return kind(cause, operator=operator, place=place, diagnostics=diagnostics)


class ImportFailed(CompilationError):
    """A model that torch.export cannot trace, or a graph that esper cannot say."""

    phase = "import"


class UnsupportedOperators(ImportFailed):
    """Calls of a model that esper cannot say, all of them in `calls`, each with the line of the model that makes it."""

    def __init__(self, calls: Sequence[Unsupported]):
        self.calls = list(calls)
        names = sorted({call.operator for call in calls})
        listed = "\n".join(f"  {line}" for line in dict.fromkeys(str(call) for call in calls))
        first = calls[0]
        super().__init__(f"{len(calls)} calls of {len(names)} operators cannot be imported:\n{listed}",
                         operator=", ".join(names), place=f"{first.file}:{first.line}" if first.file else first.module)

    def __reduce__(self) -> tuple[Any, ...]:
        return UnsupportedOperators, (self.calls,)


class BlueprintRefused(CompilationError):
    """The blueprint is at fault."""

    phase = "blueprint"


class UsageError(CompilationError):
    """Options that do not go together, or that there are not."""

    phase = "usage"


class ValidationFailed(CompilationError):
    """The kernel that was made does not compute what the blueprint says; a fault of the compiler."""

    phase = "validate"


class EnvironmentFailed(CompilationError):
    """A file, the compiler's program, or the machine."""

    phase = "environment"


KINDS: dict[int, type[CompilationError]] = {1: BlueprintRefused, 2: UsageError, 3: ValidationFailed,
                                            4: EnvironmentFailed}
"""By the exit status of `tez`."""


def read_diagnostics(text: str) -> tuple[list[Diagnostic], list[str]]:
    """The findings in what `tez --diagnostics=json` said, and the lines that are none."""
    found, others = [], []
    for line in text.splitlines():
        entry = _object(line)
        if entry is None or "message" not in entry:
            others.append(line)
            continue
        known = {field.name for field in dataclasses.fields(Diagnostic)}
        found.append(Diagnostic(**{key: value for key, value in entry.items() if key in known}))
    return found, others


def _object(line: str) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None


def error_of(status: int, said: str) -> CompilationError:
    """The exception for a command that ended with `status`."""
    found, others = read_diagnostics(said)
    errors = [finding for finding in found if finding.severity == "error"]
    lines = [str(finding) for finding in errors] or [line.removeprefix("error: ") for line in others if line.strip()]
    first = errors[0] if errors else None
    kind = KINDS.get(status, EnvironmentFailed)
    return kind("\n".join(lines) or f"tez ended with status {status}", diagnostics=found,
                operator=first.field if first and first.file.endswith(".mlir") else "",
                place=str(first).removesuffix(f": {first.message}") if first else "")
