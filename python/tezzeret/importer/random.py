"""Dropout, in the modes of the module that calls it."""
from __future__ import annotations

from tezzeret.importer import _attributes as attributes
from tezzeret.importer._builder import Builder
from tezzeret.importer._rows import Row, row
from tezzeret.importer._values import Value


def _dropped(builder: Builder, value: Value, p: float, kind: str) -> Value:
    return builder.op("dropout", [value, builder.training(builder.module)], value.shape, p=attributes.f64(p),
                      kind=f"#esper<dropout_kind {kind}>")


def dropout(builder: Builder, value: Value, p: float, train: bool) -> Value:
    return _dropped(builder, value, p, "element") if train and p else value


def _kind(kind: str) -> Row:
    def function(builder: Builder, value: Value, p: float, train: bool) -> Value:
        return _dropped(builder, value, p, kind) if train and p else value
    return function


for _operator, _spelled in (("dropout", "element"), ("feature_dropout", "feature"), ("alpha_dropout", "alpha"),
                            ("feature_alpha_dropout", "feature_alpha")):
    row(f"{_operator}.default")(_kind(_spelled))


@row("native_dropout.default")
def native_dropout(builder: Builder, value: Value, p: float, train: bool | None) -> list[Value | None]:
    return [dropout(builder, value, p, bool(train)), None]
