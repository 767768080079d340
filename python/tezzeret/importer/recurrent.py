"""LSTM, GRU and plain recurrence, layer upon layer."""
from __future__ import annotations

from collections.abc import Sequence

from tezzeret.importer import _attributes as attributes
from tezzeret.importer._builder import Builder
from tezzeret.importer._rows import Row, row
from tezzeret.importer._values import Refusal, Value


def _gates(weights: Sequence[Value], hidden: int) -> None:
    if weights[0].shape[0] is None or hidden == 0:
        raise Refusal("weights whose size only a call tells")


def _state(*states: Value) -> list[list[Value]]:
    """Initial states of zeros are absent ones."""
    return [[] if state.number() == 0 else [state] for state in states]


def _attributes(weights: Sequence[Value], hidden: int, has_biases: bool, num_layers: int, dropout: float,
                bidirectional: bool, batch_first: bool) -> dict[str, str]:
    return {"hidden_size": attributes.i64(hidden), "num_layers": attributes.i64(num_layers),
            "bias": attributes.flag(has_biases), "batch_first": attributes.flag(batch_first),
            "dropout": attributes.f64(dropout), "bidirectional": attributes.flag(bidirectional)}


def _batched(value: Value) -> None:
    if value.rank != 3:
        raise Refusal("a sequence without a batch, expected one of rank 3")


@row("lstm.input")
def lstm(builder: Builder, value: Value, states: Sequence[Value], weights: Sequence[Value], has_biases: bool,
         num_layers: int, dropout: float, train: bool, bidirectional: bool, batch_first: bool) -> list[Value]:
    _batched(value)
    hidden = (weights[0].shape[0] or 0) // 4
    _gates(weights, hidden)
    projected = states[0].shape[-1] or 0
    attrs = _attributes(weights, hidden, has_biases, num_layers, dropout, bidirectional, batch_first)
    if projected != hidden:
        attrs["proj_size"] = attributes.i64(projected)
    groups = _state(*states)
    if len(groups[0]) != len(groups[1]):
        groups = [[state] for state in states]
    shape = value.shape[:2] + (projected * (2 if bidirectional else 1),)
    results = [(shape, value.dtype)] + [(state.shape, value.dtype) for state in states]
    mode = builder.training(builder.module) if train else builder.flag(False)
    return builder.segmented("lstm", [[value], *groups, [mode], weights], results, **attrs)


def _plain(name: str, gates: int, **more: str) -> Row:
    def function(builder: Builder, value: Value, state: Value, weights: Sequence[Value], has_biases: bool,
                 num_layers: int, dropout: float, train: bool, bidirectional: bool, batch_first: bool) -> list[Value]:
        _batched(value)
        hidden = (weights[0].shape[0] or 0) // gates
        _gates(weights, hidden)
        attrs = _attributes(weights, hidden, has_biases, num_layers, dropout, bidirectional, batch_first)
        shape = value.shape[:2] + (hidden * (2 if bidirectional else 1),)
        mode = builder.training(builder.module) if train else builder.flag(False)
        return builder.segmented(name, [[value], *_state(state), [mode], weights],
                                 [(shape, value.dtype), (state.shape, value.dtype)], **attrs, **more)
    return function


row("gru.input")(_plain("gru", 3))
row("rnn_tanh.input")(_plain("rnn", 1, nonlinearity='"tanh"'))
row("rnn_relu.input")(_plain("rnn", 1, nonlinearity='"relu"'))
