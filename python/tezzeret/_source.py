"""What functions of TorchScript call, as lib/Artifact/SourceCheck.cpp sees it.

A name is followed to what it stands for: an operator, a constant, a local. Only a local that is surely an object of a
declared class, or a declared function, may be called or asked for attributes: a method of a tensor would be any
operator that torch has.
"""
from __future__ import annotations

import re
from collections.abc import Mapping

from tezzeret._allowed import CONSTANT_NAMES, OPERATORS, RESERVED_NAMES
from tezzeret._classes import (Class, Declarations, Declare, Tokens, Walker, check_member, check_type, is_name,
                               is_sign)
from tezzeret._lines import Line, Token, joined, refuse
from tezzeret._refused import KernelRefused

Local = tuple[str, str]
"""What a name stands for: ("value", ""), ("object", its class) or ("function", its name)."""
NOTHING = Token("sign", "")
VALUE = ("value", "")  # a local of which nothing is known
OPEN, CLOSE = "([{", ")]}"


def closing(tokens: Tokens, at: int, at_comma: bool = False) -> int:
    """Where the bracket closes that is open before `at`; the end when it does not."""
    depth = 0
    while at < len(tokens):
        text = tokens[at].text if tokens[at].kind == "sign" else "x"
        if text in OPEN:
            depth += 1
        elif depth == 0 and (text in CLOSE or (at_comma and text == ",")):
            return at
        elif text in CLOSE:
            depth -= 1
        at += 1
    return at


def assignment(tokens: Tokens) -> int:
    """The first "=" outside of brackets, or the end."""
    depth = 0
    for at, token in enumerate(tokens):
        if token.kind == "sign":
            depth += (token.text in OPEN) - (token.text in CLOSE)
            if depth == 0 and token.text == "=":
                return at
    return len(tokens)


def no(found: str, expected: str = "what kernels may use") -> KernelRefused:
    return KernelRefused("", found, expected)


class Function:
    """The check of one function."""

    def __init__(self, body: list[Line], declarations: Declarations):
        self.body, self.declarations = body, declarations
        self.locals: dict[str, Local] = {}
        self.open: list[str] = []

    def run(self) -> None:
        try:
            number = self.body[0].number
            self.signature(self.body[0].tokens)
            rounds = 0
            while self.gather():
                rounds += 1
                if rounds > 16:
                    raise no("objects passed on too often")
            for name in self.locals:
                if name in RESERVED_NAMES:
                    raise no(f"a local {name!r}", "another name, since this one leads to operators")
            for line in self.body[1:]:
                number = line.number
                self.statement(line.tokens)
        except KernelRefused as error:
            raise error.within(f"line {number}") from None

    # Locals

    def signature(self, tokens: Tokens) -> None:
        end = closing(tokens, 3)
        rest = tokens[end + 1:]
        if len(rest) < 3 or not is_sign(rest[0], "->") or not is_sign(rest[-1], ":"):
            raise no("no signature", "def NAME(...) -> TYPE:")
        check_type(rest[1:-1], self.declarations)
        at = 3
        while at < end:
            comma = closing(tokens, at, at_comma=True)
            self.parameter(tokens[at:comma])
            at = comma + 1

    def parameter(self, tokens: Tokens) -> None:
        if len(tokens) < 3 or tokens[0].kind != "name" or not is_sign(tokens[1], ":"):
            raise no(f"{joined(tokens)!r}", "NAME: TYPE")
        equals = assignment(tokens)
        kind = joined(tokens[2:equals])
        self.assign(tokens[0].text, ("object", kind) if kind in self.declarations.classes else VALUE)
        check_type(tokens[2:equals], self.declarations)
        self.expression(tokens[equals + 1:])

    def assign(self, name: str, value: Local) -> bool:
        """Whether that is new."""
        known = self.locals.get(name)
        if known in (value, VALUE):
            return False
        self.locals[name] = value if known is None else VALUE
        return True

    def gather(self) -> bool:
        changed = False
        for line in self.body[1:]:
            tokens = line.tokens
            is_loop = is_name(tokens[0], "for")
            if is_loop:
                end = next((i for i, token in enumerate(tokens) if is_name(token, "in")), len(tokens))
                targets, value = tokens[1:end], VALUE
            else:
                equals = assignment(tokens)
                if equals == len(tokens):
                    continue
                targets = tokens[:equals]
                value = self.value(tokens[equals + 1:]) if len(targets) == 1 else VALUE
            for target in targets:
                if target.kind == "name":
                    changed |= self.assign(target.text, value)
        return changed

    def class_of(self, token: Token) -> Class | None:
        kind, name = self.locals.get(token.text, VALUE)
        return self.declarations.classes[name] if token.kind == "name" and kind == "object" else None

    def has_attribute(self, token: Token, name: str) -> bool:
        found = self.class_of(token)
        return found is not None and name in found.attributes

    def attribute(self, token: Token, name: str) -> Local:
        found = self.class_of(token)
        kind = found.attributes.get(name, "") if found else ""
        return ("object", kind) if kind in self.declarations.classes else VALUE

    def value(self, t: Tokens) -> Local:
        if len(t) == 1 and t[0].kind == "name":
            return self.locals.get(t[0].text, VALUE)
        if joined(t) in self.declarations.functions:
            return "function", joined(t)
        if len(t) == 3 and is_sign(t[1], "."):
            return self.attribute(t[0], t[2].text)
        if len(t) == 6 and is_name(t[0], "getattr") and t[4].kind == "string":
            return self.attribute(t[2], t[4].text[1:-1])
        return VALUE

    # Statements

    def statement(self, t: Tokens) -> None:
        first = t[0].text if t[0].kind == "name" else ""
        if len(t) == 1 and first in ("pass", "break", "continue", "return"):
            return
        if first == "return":
            self.expression(t[1:])
        elif first == "else" and len(t) == 2 and is_sign(t[1], ":"):
            pass
        elif first in ("if", "while") and is_sign(t[-1], ":"):
            self.expression(t[1:-1])
        elif first == "for":
            self.loop(t)
        else:
            equals = assignment(t)
            if equals < len(t) and not all(
                    is_sign(token, ",") if i % 2 else token.kind == "name" for i, token in enumerate(t[:equals])):
                raise no(f"an assignment to {joined(t[:equals])!r}", "one to a local")
            self.expression(t[equals + 1:] if equals < len(t) else t)

    def loop(self, t: Tokens) -> None:
        end = next((i for i, token in enumerate(t) if is_name(token, "in")), len(t))
        fits = end + 1 < len(t) and is_sign(t[-1], ":") and all(
            token.kind == "name" if i % 2 else is_sign(token, ",") for i, token in enumerate(t[:end]) if i)
        if not fits:
            raise no("another loop", "for NAME in VALUES:")
        self.expression(t[end + 1:-1])

    # Expressions

    def expression(self, t: Tokens) -> None:
        self.open, i = [], 0
        while i < len(t):
            token, before, following = t[i], t[i - 1] if i else NOTHING, t[i + 1] if i + 1 < len(t) else NOTHING
            if token.kind == "sign":
                self.sign(t, i, before, following)
            elif i and (before.kind != "sign" or before.text in CLOSE):
                raise no(f"{before.text + ' ' + token.text!r}", "what torch's printer writes")
            elif token.kind == "name":
                is_keyword = is_sign(following, "=") and self.open[-1:] == ["("]
                if not is_sign(before, ".") and not is_keyword:
                    i = self.path(t, i)
            elif following.kind == "sign" and following.text in ("(", ".", "["):
                raise no(f"{token.text + following.text!r}", "what torch's printer writes")
            i += 1

    def sign(self, t: Tokens, i: int, before: Token, following: Token) -> None:
        text = t[i].text
        if text in OPEN:
            self.open.append(text)
            if text == "(" and i and before.kind == "sign" and before.text in CLOSE:
                raise no("a call of what an expression yields")
            return
        if text in CLOSE:
            if self.open[-1:] != [OPEN[CLOSE.index(text)]]:
                raise no("a bracket that does not fit", "one that does")
            self.open.pop()
            return
        if text == ".":
            self.method(t, i)
            return
        is_first = not i or (before.kind == "sign" and before.text in ("(", "[", "{", ",", "=", ":"))
        is_number = following.kind == "number" or (following.kind == "name" and following.text in ("inf", "nan", "infj"))
        fits = text == "," or (text == "-" and is_first and is_number) or (
            text == ":" and self.open[-1:] == ["{"]) or (
            text == "=" and self.open[-1:] == ["("] and before.kind == "name" and not is_sign(following, "="))
        if not fits:
            raise no(f"the sign {text!r} here", "what torch's printer writes")

    def method(self, t: Tokens, i: int) -> None:
        name = t[i + 1] if i + 1 < len(t) else NOTHING
        fits = i >= 3 and is_sign(t[i - 1], ")") and t[i - 2].kind == "name" and is_sign(t[i - 3], "(") and \
            name.kind == "name" and i + 2 < len(t) and is_sign(t[i + 2], "(") and \
            (i == 3 or (t[i - 4].kind == "sign" and t[i - 4].text not in CLOSE))
        found = self.class_of(t[i - 2]) if fits else None
        if found is None or name.text not in found.methods:
            raise no(f"a call of the method {name.text!r}", "an object of a class of the file with such a method")

    def path(self, t: Tokens, begin: int) -> int:
        """Checks a dotted name; returns where it ends."""
        i = begin
        while i + 2 < len(t) and is_sign(t[i + 1], ".") and t[i + 2].kind == "name":
            i += 2
        names = [token.text for token in t[begin:i + 1:2]]
        is_called = i + 1 < len(t) and is_sign(t[i + 1], "(")
        head, whole = names[0], ".".join(names)
        if head in ("torch", "ops"):
            symbol = "::".join(["aten"] + names[1:] if head == "torch" else names[1:])
            if not is_called or len(names) != (2 if head == "torch" else 3) or symbol not in OPERATORS:
                raise no(f"uses {whole}", "calls of operators that kernels may use")
        elif head == "CONSTANTS" and len(names) == 2 and re.fullmatch("c[0-9]+", names[1]) and not is_called:
            pass
        elif head == "__torch__":
            found = self.declarations.classes.get(whole)
            if whole not in self.declarations.functions and not (is_called and found and not found.is_module):
                raise no(f"uses {whole}", "a function of the file")
        elif len(names) > 1 or head in self.locals:
            self.local(t[begin], names, is_called)
        elif is_called and head == "getattr":
            self.get_attr(t, i)
        elif is_called and head in ("annotate", "unchecked_cast", "uninitialized"):
            return self.typed(t, i)
        elif not (head == "range" if is_called else head in CONSTANT_NAMES):
            raise no(f"uses {head}")
        return i

    def get_attr(self, t: Tokens, i: int) -> None:
        fits = len(t) > i + 5 and is_sign(t[i + 3], ",") and t[i + 4].kind == "string" and is_sign(t[i + 5], ")")
        if not fits or not self.has_attribute(t[i + 2], t[i + 4].text[1:-1]):
            raise no("getattr of something else", "an attribute of an object of a class of the file")

    def typed(self, t: Tokens, i: int) -> int:
        end = closing(t, i + 2, at_comma=True)
        if end >= len(t):
            raise no("a bracket that does not fit", "one that does")
        self.open.append("(")
        check_type(t[i + 2:end], self.declarations)
        return end - 1

    def local(self, token: Token, names: list[str], is_called: bool) -> None:
        kind = self.locals.get(names[0])
        if len(names) == 1 and kind and (not is_called or kind[0] == "function"):
            return
        if len(names) == 2 and not is_called and self.has_attribute(token, names[1]):
            return
        raise no(f"uses {'.'.join(names)}", "what the file declares")


class Check(Walker):
    """Refuses whatever is no call of an allowed operator or of what is declared."""

    def __init__(self, module: str, declarations: Declarations):
        super().__init__(module)
        self.declarations = declarations

    def on_member(self, owner: str, line: Line) -> None:
        try:
            check_member(line, self.declarations)
        except KernelRefused as error:
            raise error if error.place else error.within(f"line {line.number}") from None

    def on_function(self, owner: str, name: str, body: list[Line]) -> None:
        if name.startswith("__") and name not in ("__len__", "__contains__"):
            raise refuse(body[0].number, f"defines {name!r}", "nothing that torch would call by itself")
        Function(body, self.declarations).run()


def check(sources: Mapping[str, tuple[str, str]], declarations: Declarations) -> None:
    """`sources`: record and text by module; fills `declarations`. Errors name the module's record and the line."""
    for step in (Declare, Check):
        for module, (place, text) in sources.items():
            try:
                step(module, declarations).walk(text)
            except KernelRefused as error:
                raise error.within(place) from None
