"""A pickle read as data, never executed; lib/Weights/Pickle.cpp does the same.

The part of protocol 2 that torch writes. A GLOBAL is only looked up in lists, a REDUCE only recorded.
"""
from __future__ import annotations

import struct
from collections.abc import Callable, Container, Sequence
from typing import Any

from tezzeret._refused import KernelRefused

MOST_BYTES, MOST_COMPOUNDS = 16 << 20, 2 << 20
ORDERED_DICT = "collections.OrderedDict"


class Global(str):
    """The "module.name" of something of torch's."""


class ClassName(str):
    """The "module.name" of one of the file's classes."""


class Call:
    """A call of a Global."""

    def __init__(self, place: int, callee: Global, arguments: tuple[Any, ...]):
        self.place, self.callee, self.arguments = place, callee, arguments


class Object:
    """An object of a class, with what its state was set to."""
    NO_STATE = object()

    def __init__(self, place: int, name: ClassName):
        self.place, self.name = place, name
        self.state: object = Object.NO_STATE


class Storage:
    """A reference to a record; `identity` is torch's tuple."""

    def __init__(self, place: int, identity: object):
        self.place, self.identity = place, identity


class Pairs(list[object]):
    """A dict as a list of keys and values: a key may be anything, and twice there."""


MARK = object()
FIXED = {0x4b: "<B", 0x4d: "<H", 0x4a: "<i", 0x47: ">d"}
CONSTANTS = {0x4e: None, 0x88: True, 0x89: False}


class Machine:
    """Runs the opcodes of one pickle; `calls` and `objects` are all that it made."""

    def __init__(self, data: bytes, allowed: Container[str], is_class: Callable[[str], bool], purpose: str):
        self.data, self.allowed, self.is_class, self.purpose = data, allowed, is_class, purpose
        self.at = self.place = self.made = 0
        self.stack: list[object] = []
        self.memo: list[object] = []
        self.calls: list[Call] = []
        self.objects: list[Object] = []

    def run(self) -> object:
        """The value of the pickle."""
        if len(self.data) > MOST_BYTES:
            raise KernelRefused("", f"a pickle of {len(self.data)} bytes", f"at most {MOST_BYTES}")
        while True:
            self.place = self.at
            opcode = self.take(1)[0]
            if opcode == 0x2e:
                break
            self.step(opcode)
        if len(self.stack) != 1 or self.stack[0] is MARK:
            raise self.no(f"{len(self.stack)} values at the end", "one")
        if self.at != len(self.data):
            raise KernelRefused(f"byte {self.at}", "more behind the end", "the end")
        return self.stack[0]

    def no(self, found: str, expected: str) -> KernelRefused:
        return KernelRefused(f"byte {self.place}", found, expected)

    def take(self, size: int) -> bytes:
        if size > len(self.data) - self.at:
            raise self.no("the end of the pickle", f"{size} more bytes")
        self.at += size
        return self.data[self.at - size:self.at]

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "little")

    def push(self, value: object) -> None:
        self.stack.append(value)

    def make(self, value: object) -> None:
        self.made += 1
        if self.made > MOST_COMPOUNDS:
            raise self.no("too many values", f"at most {MOST_COMPOUNDS}")
        self.push(value)

    def pop(self, count: int) -> list[object]:
        if count > len(self.stack):
            raise self.no("an empty stack", "a value")
        taken = self.stack[len(self.stack) - count:]
        if any(value is MARK for value in taken):
            raise self.no("a mark", "a value")
        del self.stack[len(self.stack) - count:]
        return taken

    def pop_to_mark(self) -> list[object]:
        count = 0
        while count < len(self.stack) and self.stack[-1 - count] is not MARK:
            count += 1
        if count == len(self.stack):
            raise self.no("no mark on the stack", "one")
        taken = self.pop(count)
        self.stack.pop()
        return taken

    def extend(self, items: Sequence[object], kind: type[list[object]]) -> None:
        top = self.stack[-1] if self.stack else None
        if not isinstance(top, list) or type(top) is not kind or (kind is Pairs and len(items) % 2):
            raise self.no("something else", "a list or dict to add to")
        top.extend(items)

    def push_global(self) -> None:
        ends = [self.data.find(b"\n", self.at)]
        ends.append(self.data.find(b"\n", ends[0] + 1) if ends[0] >= 0 else -1)
        if ends[1] < 0:
            raise self.no("the end of the pickle", "two names")
        words = self.take(ends[1] + 1 - self.at).decode("utf-8", "surrogateescape")
        name = ".".join(words.split("\n")[:2])
        if name in self.allowed:
            self.push(Global(name))
        elif self.is_class(name):
            self.push(ClassName(name))
        else:
            raise self.no(f"refers to {name[:64]!r}", f"what {self.purpose} needs")

    def push_long(self) -> None:
        size = self.number(1)
        if size > 8:
            raise self.no(f"an integer of {size} bytes", "at most 8")
        self.push(int.from_bytes(self.take(size), "little", signed=True))

    def reduce(self) -> None:
        callee, arguments = self.pop(2)
        if type(callee) is not Global or type(arguments) is not tuple:
            raise self.no("something else", "a call of a global with a tuple")
        if callee == ORDERED_DICT:
            if arguments:
                raise self.no("an OrderedDict with arguments", "an empty one")
            self.make(Pairs())
        else:
            self.calls.append(Call(self.place, callee, arguments))
            self.make(self.calls[-1])

    def new_object(self) -> None:
        name, arguments = self.pop(2)
        if type(name) is not ClassName or arguments != ():
            raise self.no("something else", "a new object of a class, without arguments")
        self.objects.append(Object(self.place, name))
        self.make(self.objects[-1])

    def build(self) -> None:
        (state,) = self.pop(1)
        target = self.stack[-1] if self.stack else None
        if type(target) is Object and target.state is Object.NO_STATE:
            target.state = state
        elif type(target) is not Pairs or type(state) is not Pairs:
            raise self.no("sets the state of something else, or twice", "an object's")

    def memoize(self, index: int) -> None:
        if not self.stack or self.stack[-1] is MARK or index > len(self.memo):
            raise self.no(f"memo {index}", "the next number, for a value")
        self.memo[index:index + 1] = [self.stack[-1]]

    def recall(self, index: int) -> None:
        if index >= len(self.memo):
            raise self.no(f"memo {index}", "one that was set")
        self.push(self.memo[index])

    def step(self, code: int) -> None:
        if code in FIXED:
            self.push(struct.unpack(FIXED[code], self.take(struct.calcsize(FIXED[code])))[0])
        elif code in CONSTANTS:
            self.push(CONSTANTS[code])
        elif code in STEPS:
            STEPS[code](self)
        else:
            raise self.no(f"opcode {code:#x}", f"one that torch uses for {self.purpose}")

    def protocol(self) -> None:
        if self.number(1) != 2:
            raise self.no("another pickle protocol", "2")

    def text(self) -> None:
        self.push(self.take(self.number(4)).decode("utf-8", "surrogateescape"))


STEPS: dict[int, Callable[[Machine], None]] = {
    0x80: Machine.protocol, ord("("): lambda m: m.push(MARK), 0x8a: Machine.push_long, ord("X"): Machine.text,
    ord("c"): Machine.push_global, ord(")"): lambda m: m.make(()), ord("]"): lambda m: m.make([]),
    ord("}"): lambda m: m.make(Pairs()), 0x85: lambda m: m.make(tuple(m.pop(1))),
    0x86: lambda m: m.make(tuple(m.pop(2))), 0x87: lambda m: m.make(tuple(m.pop(3))),
    ord("t"): lambda m: m.make(tuple(m.pop_to_mark())), ord("Q"): lambda m: m.make(Storage(m.place, m.pop(1)[0])),
    ord("a"): lambda m: m.extend(m.pop(1), list), ord("e"): lambda m: m.extend(m.pop_to_mark(), list),
    ord("s"): lambda m: m.extend(m.pop(2), Pairs), ord("u"): lambda m: m.extend(m.pop_to_mark(), Pairs),
    0x81: Machine.new_object, ord("R"): Machine.reduce, ord("b"): Machine.build,
    ord("q"): lambda m: m.memoize(m.number(1)), ord("r"): lambda m: m.memoize(m.number(4)),
    ord("h"): lambda m: m.recall(m.number(1)), ord("j"): lambda m: m.recall(m.number(4)),
}
