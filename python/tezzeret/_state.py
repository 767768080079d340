"""The values of a kernel file, as lib/Artifact/State.cpp looks at them."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tezzeret._allowed import PACKED_CLASSES, PICKLE_GLOBALS, STORAGES
from tezzeret._classes import Declarations
from tezzeret._pickle import Call, Global, Machine, Object, Pairs, Storage
from tezzeret._refused import KernelRefused

SizeOf = Callable[[str], int | None]
"""The bytes of a record, None when there is none."""
LISTS_ONLY = frozenset({"torch.jit._pickle.build_intlist"})
PLAIN: dict[str, type] = {"bool": bool, "int": int, "float": float, "str": str}


def is_count(value: object) -> bool:
    return type(value) is int and 0 <= value < 1 << 63


def is_storage(items: tuple[Any, ...]) -> bool:
    return len(items) == 5 and type(items[0]) is str and items[0] == "storage" and type(items[1]) is Global and \
        items[1] in STORAGES and type(items[2]) is str and type(items[3]) is str and is_count(items[4])


def elements_of(value: object, folder: str, size_of: SizeOf) -> int:
    """The number of elements of a storage, as its record has them."""
    items = value.identity if type(value) is Storage else ()
    if type(items) is not tuple or not is_storage(items):
        raise KernelRefused("", "something else", "('storage', type, key, device, count)")
    count: int = items[4]
    record, expected = folder + items[2], count * STORAGES[items[1]]
    if size_of(record) != expected:
        raise KernelRefused(f"record {record!r}", f"{size_of(record)} bytes", f"{expected} of {count} elements")
    return count


def check_tensor(call: Call, folder: str, size_of: SizeOf) -> None:
    """_rebuild_tensor_v2 and _rebuild_qtensor(storage, offset, size, stride, ...)"""
    arguments = call.arguments
    if len(arguments) < 6 or not is_count(arguments[1]) or type(arguments[2]) is not tuple or \
            type(arguments[3]) is not tuple:
        raise KernelRefused("", "something else", "(storage, offset, size, stride, ...) of a tensor")
    elements = elements_of(arguments[0], folder, size_of)
    sizes, strides = arguments[2], arguments[3]
    if len(sizes) != len(strides) or not all(map(is_count, sizes + strides)):
        raise KernelRefused("", "other sizes and strides", "as many integers of at least 0")
    is_empty = 0 in sizes
    last = arguments[1] + (0 if is_empty else sum((size - 1) * step for size, step in zip(sizes, strides)))
    if last >= elements + is_empty:
        raise KernelRefused("", f"a tensor that reaches to element {last}", f"less than {elements}")


def fits_type(kind: str, value: object) -> bool:
    inner = kind.removeprefix("Optional[").removesuffix("]") if kind.startswith("Optional[") else kind
    if value is None:
        return inner != kind or kind == "NoneType"
    if "__torch__" in inner:
        return type(value) is Object and value.name == inner
    if inner == "Tensor":
        return type(value) is Call and "._rebuild_" in value.callee
    if inner in PLAIN:
        return type(value) is PLAIN[inner]
    return inner != "NoneType" and type(value) is not Object


def check_object(value: Object, declarations: Declarations) -> None:
    declared = declarations.classes.get(value.name)
    if declared is None:  # a packed weight: torch checks what it unpacks
        return
    if type(value.state) is not Pairs:
        raise KernelRefused("", f"an object of {value.name} without a state", "a dict of its attributes")
    names = value.state[::2]
    if not all(type(name) is str for name in names) or len(set(names)) != len(names):
        raise KernelRefused("", f"an object of {value.name} with other keys", "names, each once")
    state = dict(zip(names, value.state[1::2]))
    for name, kind in declared.attributes.items():
        if name not in declared.final and (name not in state or not fits_type(kind, state[name])):
            raise KernelRefused(f"{value.name}.{name}", type(state[name]).__name__ if name in state else "missing", kind)


def check(data: bytes, folder: str, declarations: Declarations, size_of: SizeOf) -> None:
    """Refuses names that kernels do not need, tensors that reach beyond their records, objects of other classes."""
    machine = Machine(data, PICKLE_GLOBALS | STORAGES.keys(),
                      lambda name: name in declarations.classes or name in PACKED_CLASSES, "a kernel")
    machine.run()
    value: Call | Object
    try:
        for value in machine.calls:
            if "._rebuild_" in value.callee:
                check_tensor(value, folder, size_of)
        for value in machine.objects:
            check_object(value, declarations)
    except KernelRefused as error:
        raise error.within(f"byte {value.place}") from None


def check_plain(data: bytes) -> None:
    """Of debugging records, which torch reads too: numbers, texts, lists of them."""
    Machine(data, LISTS_ONLY, lambda name: False, "a record of places").run()
