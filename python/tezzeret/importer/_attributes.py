"""Attributes as MLIR writes them."""
from __future__ import annotations

import json
import struct
from collections.abc import Sequence


def text(value: str) -> str:
    """A string literal. MLIR knows two escapes: of a byte, and of quote and backslash."""
    return '"' + "".join(_escaped(byte) for byte in value.encode()) + '"'


def _escaped(byte: int) -> str:
    plain = 0x20 <= byte < 0x7F and chr(byte) not in '"\\'
    return chr(byte) if plain else f"\\{byte:02X}"


def number(value: float | int | bool) -> str:
    """A floating literal that is the same number; what has no digits is written by its bits."""
    value = float(value)
    if value != value or value in (float("inf"), float("-inf")):
        return "0x" + struct.pack(">d", value).hex().upper()
    literal = json.dumps(value)
    mantissa, exponent, power = literal.partition("e")
    return (mantissa if "." in mantissa else mantissa + ".0") + exponent + power


def f64(value: float | int) -> str:
    return f"{number(value)} : f64"


def i64(value: int) -> str:
    return f"{int(value)} : i64"


def flag(value: bool) -> str:
    return "true" if value else "false"


def i64s(values: Sequence[int]) -> str:
    return _array("i64", [str(int(value)) for value in values])


def f64s(values: Sequence[float]) -> str:
    return _array("f64", [number(value) for value in values])


def i32s(values: Sequence[int]) -> str:
    return _array("i32", [str(int(value)) for value in values])


def _array(element: str, words: list[str]) -> str:
    return f"array<{element}: {', '.join(words)}>" if words else f"array<{element}>"
