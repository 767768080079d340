"""Values of a kernel under construction: their types, and what is known of them before the kernel runs."""
from __future__ import annotations

import dataclasses

import torch

Dim = int | None
"""A size, or None where it is known only when the kernel is called."""

Shape = tuple[Dim, ...]

ELEMENTS = {torch.float32: "f32", torch.float64: "f64", torch.float16: "f16", torch.bfloat16: "bf16",
            torch.int64: "i64", torch.int32: "i32", torch.int16: "i16", torch.int8: "i8", torch.bool: "i1"}


class Refusal(Exception):
    """What an operator asks for and esper cannot say; the importer adds which operator, and where."""


@dataclasses.dataclass(eq=False)
class Value:
    """A tensor. Without `name` it has not been computed yet: a constant, or a `base` to be repeated to `shape`."""

    shape: Shape
    dtype: torch.dtype
    name: str | None = None
    constant: torch.Tensor | None = None
    base: Value | None = None
    state: str | None = None
    """The parameter or buffer that this is, by its name in the state dict."""

    @property
    def rank(self) -> int:
        return len(self.shape)

    @property
    def type(self) -> str:
        return mlir_type(self.shape, self.dtype)

    @property
    def is_float(self) -> bool:
        return self.dtype.is_floating_point

    def known(self) -> torch.Tensor | None:
        """What the value is, or what is repeated to it, where that is known."""
        return self.constant if self.base is None else self.base.constant

    def number(self) -> float | int | bool | None:
        """The one number that all elements are, where that is known."""
        known = self.known()
        if known is None or known.numel() == 0 or not bool((known == known.flatten()[0]).all()):
            return None
        found: float | int | bool = known.flatten()[0].item()
        return found


def mlir_type(shape: Shape, dtype: torch.dtype) -> str:
    if dtype not in ELEMENTS:
        raise Refusal(f"elements of type {dtype}, expected {', '.join(str(known) for known in ELEMENTS)}")
    return f"tensor<{''.join(f'{dim_text(size)}x' for size in shape)}{ELEMENTS[dtype]}>"


def dim_text(size: Dim) -> str:
    return "?" if size is None else str(size)


def dim_of(size: int | torch.SymInt) -> Dim:
    """A size of torch.export: its symbols stand for what only a call tells."""
    return size if isinstance(size, int) else None


def shape_of(sizes: torch.Size) -> Shape:
    return tuple(dim_of(size) for size in sizes)


def broadcast(*shapes: Shape) -> Shape:
    """torch's rule; a size that is not known yet is not 1."""
    rank = max(len(shape) for shape in shapes)
    padded = [(1,) * (rank - len(shape)) + shape for shape in shapes]
    return tuple(_broadcast_size(sizes) for sizes in zip(*padded))


def _broadcast_size(sizes: tuple[Dim, ...]) -> Dim:
    wide = [size for size in sizes if size != 1]
    if any(size is not None and size != wide[0] for size in wide):
        known = [size for size in wide if size is not None]
        if len(set(known)) > 1:
            raise Refusal(f"sizes {known} in one dimension")
        return known[0]
    return wide[0] if wide else 1


def wrap(dim: int, rank: int) -> int:
    """A dimension counted from the left."""
    return dim + max(rank, 1) if dim < 0 else dim
