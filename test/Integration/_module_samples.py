"""torch's own tests of its modules, as blueprints.

torch.testing._internal.common_modules.module_db lists constructor and forward arguments of every class of torch.nn. A
sample whose constructor arguments are numbers, words and lists of them (an encoder layer is an object) becomes a graph
of one node, "n", fed by one input node for each tensor that forward is given.
"""
import dataclasses
import inspect

import torch
from torch.testing._internal.common_modules import module_db

from _forms import Graph, graph_blueprint


class Unsaid(Exception):
    """A graph has no words for the sample; the text says for what."""


@dataclasses.dataclass
class Sample:
    """One ModuleInput. `number` is its place in torch's list; `tensors` are those that forward is given, in order."""
    name: str
    number: int
    blueprint: dict
    tensors: list
    make: object  # () -> Graph

    @property
    def path(self):
        return f"{self.name}-{self.number}"


def infos():
    """The classes that a kernel can be, by name, in torch's order: neither losses nor lazy ones."""
    return {info.module_cls.__name__: info for info in module_db if kind(info) == "module"}


def kind(info):
    if info.module_cls.__name__.startswith("Lazy"):
        return "lazy"
    return "loss" if info.module_cls.__module__ == "torch.nn.modules.loss" else "module"


def others():
    """The names of the rest, by what they are."""
    return {k: [info.module_cls.__name__ for info in module_db if kind(info) == k] for k in ("loss", "lazy")}


def module_inputs(info):
    """What torch's tests of this class run, always with the same numbers."""
    torch.manual_seed(0)
    return info.module_inputs_func(info, device="cpu", dtype=torch.float64, requires_grad=True, training=True)


def samples(name, info, numbers=None):
    """Each a Sample, or the text of what a graph cannot say."""
    made = {}
    for number, given in enumerate(module_inputs(info)):
        if numbers is None or number in numbers:
            try:
                made[number] = sample(name, number, info.module_cls, given)
            except Unsaid as reason:
                made[number] = str(reason)
    return made


def sample(name, number, cls, given):
    arguments = constructor_arguments(cls, given.constructor_input)
    call = forward_arguments(cls, given.forward_input)
    tensors = [tensor for value in call.values() for tensor in tensors_of(value)]

    def forward(layers, *flat):
        left = list(flat)
        return layers["n"](**{key: refill(value, left) for key, value in call.items()})

    def make():
        constructor = given.constructor_input
        module = cls(*constructor.args, **constructor.kwargs)
        return Graph(dict(n=module.float()), forward)  # a part may be in double: weights must be what a kernel holds

    return Sample(name, number, blueprint(name, arguments, tensors, targets(cls, call)), tensors, make)


def is_plain(value):
    if isinstance(value, (list, tuple, dict)):
        return all(map(is_plain, value.values() if isinstance(value, dict) else value))
    return value is None or isinstance(value, (bool, int, float, str))


def constructor_arguments(cls, given):
    """By name, as a blueprint states them."""
    bound = inspect.signature(cls.__init__).bind(None, *given.args, **given.kwargs).arguments
    named = {k: v for k, v in bound.items() if k not in ("self", "args", "kwargs")} | bound.get("kwargs", {})
    named = {key: as_json(value) for key, value in named.items()}
    for key, value in named.items():
        if not is_plain(value):
            raise Unsaid(f"{key} is a {type(value).__name__}")
    return named


def as_json(value):
    """As a blueprint writes what torch is given."""
    if isinstance(value, tuple):
        return list(value)
    if callable(value) and value in (torch.nn.functional.relu, torch.nn.functional.gelu):
        return value.__name__  # torch takes either
    return layer_arguments(value) if isinstance(value, torch.nn.TransformerEncoderLayer) else value


def layer_arguments(layer):
    """The constructor's, of a layer that was made."""
    attention = layer.self_attn
    return dict(d_model=attention.embed_dim, nhead=attention.num_heads, dim_feedforward=layer.linear1.out_features,
                dropout=layer.dropout.p, activation=as_json(layer.activation), layer_norm_eps=layer.norm1.eps,
                batch_first=attention.batch_first, norm_first=layer.norm_first, bias=layer.linear1.bias is not None)


def forward_arguments(cls, given):
    """By name, in forward's order, without what is None."""
    bound = inspect.signature(cls.forward).bind(None, *given.args, **given.kwargs).arguments
    return {key: bound[key] for key in inspect.signature(cls.forward).parameters if key != "self" and bound.get(key) is not None}


def targets(cls, call):
    """Where the edges of a call lead: by position, and by name from the first tensor on that is left out."""
    def is_left_out(parameter):
        return parameter.name not in call and parameter.annotation not in (bool, "bool")
    found, gap = [], False
    for parameter in list(inspect.signature(cls.forward).parameters.values())[1:]:
        gap |= is_left_out(parameter)
        if parameter.name in call:
            found += [f"n:{parameter.name}" if gap else "n"] * len(tensors_of(call[parameter.name]))
    return found


def tensors_of(value):
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, (list, tuple)):
        return [tensor for part in value for tensor in tensors_of(part)]
    raise Unsaid(f"forward takes a {type(value).__name__}")


def refill(value, left):
    """`value` with its tensors replaced by the next of `left`."""
    if isinstance(value, torch.Tensor):
        return left.pop(0)
    return tuple(refill(part, left) for part in value)


def blueprint(name, arguments, tensors, ends):
    def feed(tensor):
        dtype = "float32" if tensor.is_floating_point() else str(tensor.dtype).removeprefix("torch.")
        return dict(shape=list(tensor.shape), dtype=dtype)
    inputs = [(f"x{i}", "input", feed(tensor)) for i, tensor in enumerate(tensors)]
    edges = [*(f"{node[0]}>{end}" for node, end in zip(inputs, ends, strict=True)), "n>y"]
    return graph_blueprint([*inputs, ("n", "torch.nn." + name, arguments), ("y", "output")], edges)
