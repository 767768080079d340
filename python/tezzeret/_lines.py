"""TorchScript as torch prints it: words and signs, line by line.

Stricter than torch's lexer where that is lenient, so that both see the same words; lib/Artifact/SourceLines.cpp does
the same.
"""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tezzeret._refused import KernelRefused

TOKEN = re.compile(r"""
    (?P<name>[A-Za-z_][A-Za-z0-9_]*) | (?P<number>[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?j?)
    | (?P<string>"(?:[^"\\\n]|\\[^\n])*"|'(?:[^'\\\n]|\\[^\n])*') | (?P<sign>->|[][(){},:=.-])
    | (?P<comment>\#[^\n]*) | (?P<space>[ ]+) | (?P<end>\n)""", re.X)
WORD = re.compile(r"[A-Za-z0-9_\"']")
MOST_NESTED, MOST_INDENTED, MOST_TOKENS = 256, 512, 2048


class Token(NamedTuple):
    kind: str
    text: str


class Line(NamedTuple):
    number: int
    indent: int
    tokens: list[Token]


def refuse(line: int, found: str, expected: str = "what torch's printer writes") -> KernelRefused:
    return KernelRefused(f"line {line}", found, expected)


class Depth:
    """Torch's parser recurses: an expression is at most as deep as the words and signs since its bracket's last comma."""

    def __init__(self) -> None:
        self.counts = [0]

    def add(self, token: Token, line: int) -> None:
        if token.text == "," and token.kind == "sign":
            self.counts[-1] = 0
            return
        if token.kind == "sign" and token.text in "([{":
            self.counts.append(0)
        else:
            if token.kind == "sign" and token.text in ")]}" and len(self.counts) > 1:
                self.counts.pop()
            self.counts[-1] += 1
        if len(self.counts) > MOST_NESTED + 1 or self.counts[-1] > MOST_TOKENS:
            raise refuse(line, "nested too deep", f"at most {MOST_NESTED} brackets and {MOST_TOKENS} words in a row")


def lines(text: str) -> Iterator[Line]:
    """The lines that are not empty, each up to its end outside of brackets."""
    number, at, indent, is_start, depth, nesting = 1, 0, 0, True, 0, Depth()
    tokens: list[Token] = []
    first = number
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            raise refuse(number, f"{text[at:at + 16]!r}")
        kind, word, at = str(match.lastgroup), match.group(), match.end()
        if is_start:
            indent = len(word) if kind == "space" and not tokens else indent if tokens else 0
            first, is_start = number if not tokens else first, False
            if indent > MOST_INDENTED:
                raise refuse(number, "nested too deep", f"at most {MOST_INDENTED} columns of indentation")
        if kind == "end":
            number, is_start = number + 1, True
            if depth == 0 and tokens:
                yield Line(first, indent, tokens)
                tokens, nesting = [], Depth()
        elif kind == "comment":
            if "type" in word:
                raise refuse(number, "a comment with a type")
        elif kind != "space":
            if kind != "sign" and at < len(text) and WORD.match(text, at):
                raise refuse(number, f"{word[:32]!r} running into a word")
            depth = max(0, depth + (word in "([{") - (word in ")]}")) if kind == "sign" else depth
            tokens.append(Token(kind, word))
            nesting.add(tokens[-1], number)
    if tokens:
        yield Line(first, indent, tokens)


def joined(tokens: Iterable[Token]) -> str:
    return "".join(token.text for token in tokens)
