"""Builds one BlueprintIR graph (form 1c) node by node, knowing the shape of every value."""
import dataclasses
import random

# What a caller gives for an open dimension; all different, and none a usual static size.
SIZES = {"B": 3, "S": 5, "H": 9, "W": 11}
WIDTHS = (1, 2, 3, 4, 4, 5, 6, 8, 8, 12, 16)


@dataclasses.dataclass(frozen=True)
class Value:
    """A result of a node. A dimension is a number, or a text where it is open: equal texts are equal sizes."""
    node: str
    index: int
    shape: tuple
    below: int = 0  # of integers: all are in [0, below)
    flat: bool = False  # one number throughout, whatever the inputs are

    @property
    def rank(self):
        return len(self.shape)


def declared(shape):
    return [d if isinstance(d, int) else -1 for d in shape]


def concrete(shape):
    """Only shapes of inputs: their open dimensions are names."""
    return [d if isinstance(d, int) else SIZES[d] for d in shape]


def flattens(op_type, attributes, operands):
    """Ops that leave nothing of their operands: norms of single elements and the like.

    What stands behind them is rounding blown up by later norms, and on which side of a kink it falls is chance."""
    shape = operands[0].shape if operands else ()
    kind = attributes.get("type")
    return (op_type == "scale" and attributes["value"] == 0 or attributes.get("p") == 1
            or op_type == "subtract" and operands[0] == operands[1]
            or kind == "softmax" and shape[attributes["dim"]] == 1
            or kind == "layer_norm" and set(shape[-len(attributes["normalized_shape"]):]) == {1}
            or kind == "group_norm" and attributes["num_groups"] == shape[1] and set(shape[2:]) == {1})


def is_static(shape):
    return all(isinstance(d, int) for d in shape)


class Builder:
    """The graph so far. Everything random comes from `rng`, so that a seed is a graph."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.seed = seed
        self.nodes, self.edges, self.inputs = [], [], []
        self.values = []  # what moves may take
        self.aside = []  # what only outputs may take: scalars, integers, states with another order of dimensions
        self.used = set()

    def chance(self, probability):
        return self.rng.random() < probability

    def pick(self, *choices):
        return self.rng.choice(choices)

    def width(self):
        return self.rng.choice(WIDTHS)

    def input(self, shape, below=0):
        attributes = {"shape": declared(shape)} | ({"dtype": "int64"} if below else {})
        value = self.op("input", attributes, (), shape)
        if below:
            self.values.remove(value)
            value = dataclasses.replace(value, below=below)
        self.inputs.append(value)
        return value

    def op(self, op_type, attributes, operands, *shapes):
        """One node; its value, or a list of them where it has several shapes."""
        name = f"n{len(self.nodes)}"
        self.nodes.append({"id": name, "op_type": op_type, "attributes": attributes})
        for operand in operands:
            self.edge(operand, name)
        flat = bool(operands) and (all(o.flat for o in operands) or flattens(op_type, attributes, operands))
        found = [Value(name, i, tuple(shape), flat=flat) for i, shape in enumerate(shapes)]
        self.values += found
        return found[0] if len(found) == 1 else found

    def edge(self, value, target):
        self.used.add((value.node, value.index))
        edge = {"id": f"e{len(self.edges)}", "source": value.node, "target": target}
        if value.index or self.chance(0.1):
            edge["source_index"] = value.index
        if self.chance(0.1):
            edge["tensor_shape"] = declared(value.shape)
        self.edges.append(edge)

    def keep_flat_apart(self):
        """After a move: later ones do not take what is flat."""
        self.set_aside(*[value for value in self.values if value.flat])

    def set_aside(self, *values):
        for value in values:
            self.values.remove(value)
            self.aside.append(value)

    def of_rank(self, *ranks):
        """A value of one of these ranks, mostly a late one."""
        fitting = [v for v in self.values if v.rank in ranks]
        if not fitting:
            return None
        return self.rng.choice(fitting[-3:] if self.chance(0.75) else fitting)

    def like(self, value):
        """A value of the same shape, perhaps this one."""
        return self.rng.choice([v for v in self.values if v.shape == value.shape])

    def finish(self):
        """Outputs for most of what nobody uses; the order of the list says nothing about the order of computation."""
        loose = [v for v in self.values + self.aside if (v.node, v.index) not in self.used and v not in self.inputs]
        kept = [v for v in loose if self.chance(0.85)] or (self.values + self.aside)[-1:]
        kept += [self.rng.choice(self.values + self.aside)] if self.chance(0.15) else []
        self.rng.shuffle(kept)
        while kept:
            count = self.pick(1, 1, 2, 3)
            self.op("output", {}, kept[:count])
            kept = kept[count:]
        if self.chance(0.3):
            self.rng.shuffle(self.nodes)
        return {"id": f"fuzz-{self.seed}", "name": f"fuzz {self.seed}", "nodes": self.nodes, "edges": self.edges}
