"""Classes and functions of TorchScript sources, as lib/Artifact/SourceClasses.cpp reads them."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tezzeret._allowed import CONSTANT_NAMES, PACKED_CLASSES, TYPE_NAMES
from tezzeret._lines import Line, Token, joined, lines, refuse
from tezzeret._refused import KernelRefused

Tokens = Sequence[Token]


@dataclass
class Class:
    is_module: bool  # else a named tuple
    attributes: dict[str, str] = field(default_factory=dict)  # name: type without spaces
    final: set[str] = field(default_factory=set)  # attributes that are no part of the state
    methods: set[str] = field(default_factory=set)


@dataclass
class Declarations:
    """What the sources of a file declare, by qualified names."""
    classes: dict[str, Class] = field(default_factory=dict)
    functions: set[str] = field(default_factory=set)


def is_sign(token: Token, text: str) -> bool:
    return token.kind == "sign" and token.text == text


def is_name(token: Token, text: str) -> bool:
    return token.kind == "name" and token.text == text


def check_type(tokens: Tokens, declarations: Declarations) -> None:
    i = 0
    while i < len(tokens):
        if tokens[i].kind == "sign" and tokens[i].text in "[](),":
            i += 1
            continue
        end = i + 1
        while (tokens[i].kind == "name" and end + 1 < len(tokens) and is_sign(tokens[end], ".")
               and tokens[end + 1].kind == "name"):
            end += 2
        name = joined(tokens[i:end])
        known = (name in declarations.classes or name in PACKED_CLASSES) if name.startswith("__torch__.") \
            else name in TYPE_NAMES
        if tokens[i].kind != "name" or not known:
            raise KernelRefused("", f"the type {name!r}", "a type of kernels")
        i = end


class Walker:
    """Tells the lines of a source apart: classes, their members, functions with their statements."""

    def __init__(self, module: str):
        self.module, self.owner = module, ""
        self.function: list[Line] = []

    def on_class(self, name: str, is_module: bool) -> None:
        """A class begins."""

    def on_member(self, owner: str, line: Line) -> None:
        """A line of a class, no function."""

    def on_function(self, owner: str, name: str, body: list[Line]) -> None:
        """A function: its signature, then its statements."""

    def walk(self, text: str) -> None:
        for line in lines(text):
            if self.function and line.indent > self.function[0].indent:
                self.function.append(line)
                continue
            self._finish()
            self._step(line)
        self._finish()

    def _step(self, line: Line) -> None:
        tokens = line.tokens
        if line.indent == 0:
            self.owner = ""
        is_member = line.indent == 2 and self.owner
        if is_name(tokens[0], "def") and (is_member or line.indent == 0):
            if len(tokens) < 5 or tokens[1].kind != "name" or not is_sign(tokens[2], "("):
                raise refuse(line.number, "no signature", "def NAME(...) -> TYPE:")
            self.function = [line]
        elif is_name(tokens[0], "class") and line.indent == 0:
            if len(tokens) != 6 or tokens[1].kind != "name" or joined(tokens[2:]) not in ("(Module):", "(NamedTuple):"):
                raise refuse(line.number, "another class", "class NAME(Module):")
            self.owner = f"{self.module}.{tokens[1].text}"
            self.on_class(self.owner, is_name(tokens[3], "Module"))
        elif is_member:
            self.on_member(self.owner, line)
        else:
            raise refuse(line.number, f"{tokens[0].text[:32]!r}", "a class or a function")

    def _finish(self) -> None:
        body, self.function = self.function, []
        if body:
            self.on_function(self.owner, body[0].tokens[1].text, body)


def split_attribute(tokens: Tokens) -> tuple[str, Tokens, Tokens] | None:
    """Name, type and value of an attribute; None when it is none."""
    if len(tokens) > 5 and is_name(tokens[0], "__annotations__") and is_sign(tokens[1], "[") and \
            tokens[2].kind == "string" and is_sign(tokens[3], "]") and is_sign(tokens[4], "="):
        return tokens[2].text[1:-1], tokens[5:], []
    if len(tokens) < 3 or tokens[0].kind != "name" or not is_sign(tokens[1], ":"):
        return None
    end = next((i for i, token in enumerate(tokens) if is_sign(token, "=")), len(tokens))
    return tokens[0].text, tokens[2:end], tokens[end + 1:]


def is_literal(tokens: Tokens) -> bool:
    return all(token.kind in ("number", "string") or (
        token.text in CONSTANT_NAMES if token.kind == "name" else token.text in "()[],-") for token in tokens)


class Declare(Walker):
    """Adds what a source declares."""

    def __init__(self, module: str, declarations: Declarations):
        super().__init__(module)
        self.declarations = declarations

    def on_class(self, name: str, is_module: bool) -> None:
        if name in self.declarations.classes:
            raise KernelRefused("", f"{name!r} declared twice", "once")
        self.declarations.classes[name] = Class(is_module)

    def on_member(self, owner: str, line: Line) -> None:
        parts = split_attribute(line.tokens)
        if not parts or not parts[1]:
            return
        owned = self.declarations.classes[owner]
        if parts[0] in owned.attributes:
            raise refuse(line.number, f"{parts[0]!r} declared twice", "once")
        owned.attributes[parts[0]] = joined(parts[1])
        if is_name(parts[1][0], "Final"):
            owned.final.add(parts[0])

    def on_function(self, owner: str, name: str, body: list[Line]) -> None:
        to, full = (self.declarations.classes[owner].methods, name) if owner else \
            (self.declarations.functions, f"{self.module}.{name}")
        if full in to:
            raise refuse(body[0].number, f"{name!r} defined twice", "once")
        to.add(full)


def check_member(line: Line, declarations: Declarations) -> None:
    tokens = line.tokens
    if joined(tokens) == "pass" or (len(tokens) > 2 and tokens[0].text in ("__parameters__", "__buffers__")
                                    and is_sign(tokens[1], "=") and is_literal(tokens[2:])):
        return
    parts = split_attribute(tokens)
    if not parts or not parts[1]:
        raise refuse(line.number, f"{joined(tokens)[:64]!r}", "an attribute or a method")
    check_type(parts[1], declarations)
    if not is_literal(parts[2]):
        raise refuse(line.number, f"the value of {parts[0]!r}", "a literal")
