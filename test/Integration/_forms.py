"""Short hands for the forms of a blueprint, and for the torch modules they mean."""
import torch

from _compare import Case, flatten
from state_dict import build


def envelope(architecture, **more):
    return dict(name="case", description="a case", created_by="test", architecture=architecture, **more)


def arch(name, kind, config, reference, calls, **more):
    """Form 1a."""
    return Case(name, envelope(dict(type=kind, config=config)), reference, calls, **more)


def module(name, torch_class, config, calls, reference=None, **more):
    """Form 1d."""
    blueprint = dict(metadata=dict(blueprint_id=name, name=name, category="custom"),
                     architecture=dict(module_type="torch.nn." + torch_class, config=config))
    return Case(name, blueprint, reference or (lambda: build(torch_class, config)), calls, **more)


class Graph(torch.nn.Module):
    """Modules named as the nodes of a graph, and a function that calls them."""

    def __init__(self, modules, function):
        super().__init__()
        self.layers = torch.nn.ModuleDict(modules)
        self.function = function

    def __deepcopy__(self, memo):
        import copy
        return Graph({k: copy.deepcopy(m) for k, m in self.layers.items()}, self.function)

    def forward(self, *inputs):
        return self.function(self.layers, *inputs)


def edge(number, text):
    """`a>b`, `a.1>b` with a source_index, `a>b:mask` with a target_argument."""
    source, target = text.split(">")
    source, *index = source.split(".")
    target, *argument = target.split(":")
    made = dict(id=f"e{number}", source=source, target=target)
    made |= dict(source_index=int(index[0])) if index else {}
    return made | dict(target_argument=argument[0]) if argument else made


def graph_blueprint(nodes, edges):
    return dict(id="g", name="g", edges=[edge(i, e) for i, e in enumerate(edges)], nodes=[
        dict(id=i, op_type=op, attributes=(rest[0] if rest else {})) for i, op, *rest in nodes])


def graph(name, nodes, edges, function, calls, modules=None, **more):
    """Form 1c; `modules` makes the modules with state or modes, by node id."""
    return Case(name, graph_blueprint(nodes, edges), lambda: Graph((modules or dict)(), function), calls, **more)


def node(name, op, attributes, shape, function, calls=None, torch_module=None, inputs=1, dtype=None, **more):
    """A graph of one op, fed by `inputs` inputs of the same shape (or a list of shapes)."""
    shapes = shape if isinstance(shape[0] if shape else 0, (list, tuple)) else [shape] * inputs
    feeds = [(f"x{i}", "input", dict(shape=list(s), **(dict(dtype=dtype) if dtype else {})))
             for i, s in enumerate(shapes)]
    edges = [f"x{i}>n" for i in range(len(shapes))] + ["n>y"]
    calls = calls or [tuple(tuple(3 if d < 0 else d for d in s) for s in shapes)]
    modules = (lambda: dict(n=torch_module())) if torch_module else None
    call = (lambda m, *x: flatten(m["n"](*x))) if torch_module and not function else function
    return graph(name, [*feeds, ("n", op, attributes), ("y", "output")], edges, call, calls, modules, **more)
