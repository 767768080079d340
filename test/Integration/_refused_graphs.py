"""Cases about BlueprintIR graphs (wire-formats §1c)."""
import json
import re

from _refusals import GONE, Acceptance, Refusal, edited


def node(name, kind, **attributes):
    return {"id": name, "op_type": kind, "attributes": attributes}


def edge(source, target, name=None, **more):
    return {"id": name or f"{source}-{target}", "source": source, "target": target, **more}


def graph(nodes, edges):
    edges = [edge(*e) if isinstance(e, tuple) else e for e in edges]
    return {"id": "g", "name": "graph", "nodes": nodes, "edges": edges}


def chain(*middle, shape=(-1, 4)):
    """input x -> the nodes, named a, b, ... -> output y. An item is (op_type, attributes)."""
    nodes = [node("x", "input", shape=list(shape))]
    nodes += [node(chr(97 + i), kind, **attributes) for i, (kind, attributes) in enumerate(middle)] + [node("y", "output")]
    return graph(nodes, [(a["id"], b["id"]) for a, b in zip(nodes, nodes[1:])])


LINEAR = ("linear", {"in_features": 4, "out_features": 3})
BASE = chain(LINEAR, ("activation", {"type": "relu"}))


def structure():
    relu = ("activation", {"type": "relu"})

    def refuse(name, blueprint, field, *words):
        return Refusal(f"graph: {name}", blueprint, re.compile(field), words)

    yield Acceptance("graph: the base", BASE, full=True)
    yield Acceptance("graph: shuffled", edited(BASE, ("nodes", BASE["nodes"][::-1]), ("edges", BASE["edges"][::-1])),
                     full=True)
    cycle = edited(chain(relu, relu, relu), ("edges.0", edge("c", "a", "back")))
    yield refuse("a cycle of three", cycle, r"nodes\[[123]\]", "cycle", '"a"', '"b"', '"c"')
    yield refuse("a cycle beside the way", graph(
        [node("x", "input", shape=[4]), node("y", "output"), node("a", "identity"), node("b", "identity")],
        [("x", "y"), ("a", "b"), ("b", "a")]), r"nodes\[[23]\]", "cycle")
    yield refuse("a self-edge", edited(BASE, ("edges.1", edge("a", "a"))), r"edges\[1\]\.target", "itself")
    yield refuse("one id of two nodes", edited(BASE, ("nodes.2.id", "a")), r"nodes\[2\]\.id", '"a"', "nodes[1]")
    yield refuse("one id of two edges", edited(BASE, ("edges.2.id", "x-a")), r"edges\[2\]\.id", '"x-a"', "edges[0]")
    yield Acceptance("graph: a node and an edge of one id", edited(BASE, ("edges.0.id", "a")))
    for end in ["source", "target"]:
        yield refuse(f"a dangling {end}", edited(BASE, (f"edges.1.{end}", "nobody")), rf"edges\[1\]\.{end}",
                     '"nobody"', "id of a node")
        yield refuse(f"no {end}", edited(BASE, (f"edges.1.{end}", GONE)), rf"edges\[1\]\.{end}", "missing")
        for value in [None, 1, ["a"]]:
            yield refuse(f"{end} {value!r}", edited(BASE, (f"edges.1.{end}", value)), rf"edges\[1\]\.{end}", "string")
    yield refuse("a dangling target, nearly right", edited(BASE, ("nodes.1.id", "encoder"), ("edges.0.target", "encodr"),
                                                           ("edges.1.source", "encoder")),
                 r"edges\[0\]\.target", "encodr", "did you mean", "encoder")
    yield refuse("an edge into an input", edited(BASE, ("edges", BASE["edges"] + [edge("a", "x")])),
                 r"edges\[3\]\.target", "input")
    yield refuse("an edge out of an output", edited(BASE, ("edges", BASE["edges"] + [edge("y", "b")])),
                 r"edges\[3\]\.source", "output")
    yield refuse("a node that reads nothing", edited(BASE, ("edges.0", edge("x", "b", "xb"))), r"nodes\[1\]", '"a"')
    yield refuse("an output that reads nothing", edited(BASE, ("edges", BASE["edges"][:2])), r"nodes\[3\]", '"y"')
    yield refuse("no edges", edited(BASE, ("edges", [])), r"nodes\[\d\]", "incoming")
    yield refuse("no output", graph([node("x", "input", shape=[4]), node("a", "identity")], [("x", "a")]), "nodes",
                 "output")
    yield refuse("no nodes", graph([], []), "nodes", "found none")
    yield refuse("no input", graph([node("a", "identity"), node("y", "output")], [("a", "y")]), r"nodes(\[0\])?")
    yield refuse("4,097 nodes", chain(*[("identity", {})] * 4097), "nodes", "4096", "4097")
    for name, base, counts in [("relu with two operands", relu, 2), ("linear with two operands", LINEAR, 2),
                               ("reshape with three", ("reshape", {"shape": [-1]}), 3)]:
        blueprint = chain(base)
        extra = [edge("x", "a", f"more{i}") for i in range(counts - 1)]
        yield refuse(name, edited(blueprint, ("edges", blueprint["edges"] + extra)), r"nodes\[1\]", '"a"',
                     "1 operand", str(counts))
    for kind in ["add", "subtract", "multiply", "divide", "matmul"]:
        one = chain((kind, {}), shape=(4, 4))
        two = edited(one, ("edges", one["edges"] + [edge("x", "a", "again")]))
        yield refuse(f"{kind} with one operand", one, r"nodes\[1\]", '"a"', "2 operands", "1")
        yield refuse(f"{kind} with three", edited(two, ("edges", two["edges"] + [edge("x", "a", "third")])),
                     r"nodes\[1\]", "2 operands", "3")
        yield Acceptance(f"graph: {kind} of a value with itself", two, full=True)
        yield refuse(f"{kind} with an attribute", edited(two, ("nodes.1.attributes.alpha", 1)),
                     r"nodes\[1\]\.attributes\.alpha", "unknown")
    unused = graph(BASE["nodes"] + [node("spare", "linear", in_features=4, out_features=9)],
                   BASE["edges"] + [edge("x", "spare")])
    yield Acceptance("graph: a node that nobody uses", unused, full=True)
    yield Acceptance("graph: input straight to output", graph([node("x", "input", shape=[2, 0]), node("y", "output")],
                                                              [("x", "y")]), full=True)


def fields():
    def refuse(name, field, *changes, words=()):
        return Refusal(f"graph field: {name}", edited(BASE, *changes), field, words)

    for key in ["id", "name", "nodes", "edges"]:
        yield refuse(f"no {key}", key, (key, GONE), words=("missing",))
        yield refuse(f"null {key}", key, (key, None), words=("expected", "null"))
    for key, value in [("id", 1), ("id", ""), ("name", "  "), ("name", "n" * 256), ("version", "1"), ("version", 1.0),
                       ("version", True), ("nodes", {}), ("edges", "x"), ("tags", "a"), ("metadata", [])]:
        yield refuse(f"{key} {str(value)[:8]!r} of {type(value).__name__}", key, (key, value), words=("expected",))
    yield refuse("unknown key", "node", ("node", []), words=("unknown", "did you mean", "nodes"))
    yield refuse("architecture beside nodes", "architecture", ("architecture", {}), words=("unknown",))
    yield refuse("a tag that is a number", "tags[1]", ("tags", ["a", 1]), words=("string",))
    for key in ["id", "op_type", "attributes"]:
        yield refuse(f"node without {key}", f"nodes[1].{key}", (f"nodes.1.{key}", GONE), words=("missing",))
        yield refuse(f"node with a number as {key}", f"nodes[1].{key}", (f"nodes.1.{key}", 3), words=("expected", "3"))
    yield refuse("node that is a string", "nodes[1]", ("nodes.1", "a"), words=("object",))
    yield refuse("edge that is a list", "edges[0]", ("edges.0", ["x", "a"]), words=("object",))
    yield refuse("edge without id", "edges[0].id", ("edges.0.id", GONE), words=("missing",))
    yield refuse("empty node id", "nodes[1].id", ("nodes.1.id", ""))
    yield refuse("unknown key of a node", "nodes[1].op", ("nodes.1.op", "linear"), words=("unknown", "op_type"))
    yield refuse("unknown key of an edge", "edges[1].src", ("edges.1.src", "a"), words=("unknown",))
    yield refuse("attributes null", "nodes[1].attributes", ("nodes.1.attributes", None))
    for field, value in [("compute_intensity", "high"), ("compute_intensity", True), ("memory_bandwidth", []),
                         ("requires_gpu", 1), ("requires_gpu", "no"), ("precision", 32), ("input_shape", 4),
                         ("input_shape", ["4"]), ("output_shape", [-2]), ("output_shape", [True])]:
        yield refuse(f"node {field} {value!r}", re.compile(rf"nodes\[1\]\.{field}(\[0\])?"), (f"nodes.1.{field}", value),
                     words=("expected",))
    yield Acceptance("graph field: estimates and nulls", edited(BASE, *[(f"nodes.1.{k}", v) for k, v in {
        "compute_intensity": 0.5, "memory_bandwidth": None, "parallelism": 2, "requires_gpu": False,
        "precision": "fp32", "input_shape": [-1, 4], "output_shape": None}.items()], *[(f"edges.1.{k}", v) for k, v in {
            "tensor_shape": None, "dtype": None, "connection_type": None, "transform": None,
            "source_index": None}.items()], ("version", 1), ("tags", []), ("metadata", {"a": [1]})), full=True)
    for field, value in [("dtype", "float"), ("dtype", "Float32"), ("dtype", 32), ("connection_type", "skip"),
                         ("connection_type", 1), ("source_index", -1), ("source_index", "0"), ("source_index", 0.0),
                         ("source_index", True), ("tensor_shape", 3), ("tensor_shape", [-1, "3"]), ("transform", 1),
                         ("transform", "transpose"), ("tensor_shape", [-2, 3])]:
        yield refuse(f"edge {field} {value!r}", re.compile(rf"edges\[1\]\.{field}(\[\d\])?"), (f"edges.1.{field}", value),
                     words=("expected",))
    for kind in ["forward", "residual", "attention"]:
        yield Acceptance(f"graph field: {kind} edge", edited(BASE, ("edges.1.connection_type", kind)))


def contradictions():
    def refuse(name, field, *changes, words=("found",)):
        return Refusal(f"contradiction: {name}", edited(BASE, *changes), field, words)

    for shape in [[-1, 5], [-1, 4], [3], [], [-1, -1, 3], [-1, 3, 1], [0, 0]]:
        yield refuse(f"tensor_shape {shape}", "edges[1].tensor_shape", ("edges.1.tensor_shape", shape),
                     words=("found", "3]"))
    for shape in [[-1, 3], [-1, -1], [7, 3]]:
        yield Acceptance(f"contradiction: none in {shape}", edited(BASE, ("edges.1.tensor_shape", shape)))
    for dtype in ["int64", "float64", "float16", "bfloat16", "bool", "int32"]:
        yield refuse(f"dtype {dtype}", "edges[1].dtype", ("edges.1.dtype", dtype), words=(dtype, "float32"))
    yield refuse("dtype of the first edge", "edges[0].dtype", ("edges.0.dtype", "int64"))
    yield refuse("source_index of one result", "edges[1].source_index", ("edges.1.source_index", 1), words=("1",))
    yield refuse("huge source_index", "edges[1].source_index", ("edges.1.source_index", 2**62))
    yield refuse("integer past 64 bits", "edges[1].source_index", ("edges.1.source_index", 2**64))
    yield Acceptance("contradiction: source_index 0", edited(BASE, ("edges.1.source_index", 0)))
    yield refuse("output_shape of a node", "nodes[1].output_shape", ("nodes.1.output_shape", [-1, 9]))
    yield refuse("input_shape of a node", "nodes[1].input_shape", ("nodes.1.input_shape", [-1, 9]))
    yield refuse("input_shape of the output", "nodes[3].input_shape", ("nodes.3.input_shape", [-1, 9]))
    integer = edited(BASE, ("nodes.0.attributes.dtype", "int64"))
    yield Refusal("contradiction: linear over integers", integer, re.compile(r"nodes\[1\]\S*"))
    split = chain(("split", {"sizes": [1, 3], "dim": 1}), ("identity", {}))
    yield Refusal("contradiction: split has two results", edited(split, ("edges.1.source_index", 2)),
                  "edges[1].source_index", ("2",))
    yield Acceptance("contradiction: split's second", edited(split, ("edges.1.source_index", 1),
                                                             ("edges.1.tensor_shape", [-1, 3])), full=True)


def attributes():
    for kind, given, field, *words in ATTRIBUTE_FAULTS:
        shape = SHAPES.get(kind, (-1, 4))
        # A fault between the node and what it reads may name the node or the field that it comes from.
        optional = field.endswith("?") or not field
        path = re.compile(r"nodes\[1\](\.attributes(\.\w+(\[\d+\])?)?)?" if optional else r"nodes\[1\]\.attributes\." + field)
        yield Refusal(f"{kind} {json.dumps(given)[:70]}", chain((kind, given), shape=shape), path, tuple(words))
    for kind, given in ATTRIBUTE_TWINS:
        yield Acceptance(f"{kind} {json.dumps(given)}", chain((kind, given), shape=SHAPES.get(kind, (-1, 4))))
    for kind, word in [("lineer", "linear"), ("conv3d", "conv"), ("relu", ""), ("Linear", "linear"), ("", ""),
                       ("torch.nn.Liner", "torch.nn.Linear"), ("torch.nn.functional.relu", "torch.nn."),
                       ("torch.nn.", "torch.nn."), ("nn.Linear", ""), ("__import__('os')", ""), ("Input", "input")]:
        yield Refusal(f"op_type {kind!r}", chain((kind, {})), "nodes[1].op_type", ("unknown", word))
    for field, value in [("shape", GONE), ("shape", 4), ("shape", [-2]), ("shape", ["4"]), ("shape", None),
                         ("shape", [2**31]), ("shape", [True]), ("dtype", "complex64"), ("dtype", None), ("size", 4),
                         ("shape", [2**31 - 1] * 3), ("shape", [1] * 65)]:
        name = "nothing" if value is GONE else json.dumps(value)[:40]
        yield Refusal(f"input {field} {name}", edited(BASE, (f"nodes.0.attributes.{field}", value)),
                      re.compile(rf"nodes\[0\]\.attributes\.{field}(\[0\])?"))
    for shape in [[], [0], [-1, 0, 4], [1, 1, 1, 1, 1]]:
        yield Acceptance(f"input shape {shape}", chain(("activation", {"type": "tanh"}), shape=shape), full=True)
    yield Refusal("output with attributes", edited(BASE, ("nodes.3.attributes", {"shape": [1]})),
                  "nodes[3].attributes.shape", ("unknown",))
    yield Refusal("concat of unequal", graph(
        [node("x", "input", shape=[-1, 4]), node("z", "input", shape=[-1, 5]), node("a", "concat"), node("y", "output")],
        [("x", "a"), ("z", "a"), ("a", "y")]), re.compile(r"nodes\[2\]\S*"))
    yield Refusal("add of shapes that do not broadcast", graph(
        [node("x", "input", shape=[-1, 4]), node("z", "input", shape=[-1, 5]), node("a", "add"), node("y", "output")],
        [("x", "a"), ("z", "a"), ("a", "y")]), re.compile(r"nodes\[2\]\S*"), ("4", "5"))
    yield Refusal("matmul of widths that differ", graph(
        [node("x", "input", shape=[-1, 4]), node("z", "input", shape=[5, 6]), node("a", "matmul"), node("y", "output")],
        [("x", "a"), ("z", "a"), ("a", "y")]), re.compile(r"nodes\[2\]\S*"), ("4", "5"))


IMAGE = (-1, 3, 8, 8)
SHAPES = {"conv1d": (-1, 3, 8), "conv2d": IMAGE, "conv_transpose2d": IMAGE, "pooling": IMAGE, "attention": (-1, 5, 8),
          "lstm": (5, -1, 4), "gru": (5, -1, 4), "torch.nn.Conv2d": IMAGE, "rotary_embedding": (-1, 5, 8)}
CONV = {"in_channels": 3, "out_channels": 2, "kernel_size": 3}
HEADS = {"embed_dim": 8, "num_heads": 2}
LSTM = {"input_size": 4, "hidden_size": 3}

# (op_type, attributes, the field under attributes as a regular expression (empty: the node), words)
ATTRIBUTE_FAULTS = [
    ("linear", {"in_features": 4}, "out_features", "missing"), ("linear", {}, "in_features", "missing"),
    ("linear", {"in_features": 5, "out_features": 3}, "", "4", "5"),
    ("linear", {**LINEAR[1], "bias": 1}, "bias", "true or false"),
    ("linear", {**LINEAR[1], "bias": None}, "bias"), ("linear", {**LINEAR[1], "bias": "true"}, "bias"),
    ("linear", {**LINEAR[1], "in_feature": 4}, "in_feature", "did you mean", "in_features"),
    ("linear", {"in_features": 4, "out_features": 0}, "out_features"),
    ("linear", {"in_features": 4, "out_features": 2**31 - 1}, "out_features", "limit"),
    ("conv2d", {**CONV, "in_channels": 4}, "", "3", "4"), ("conv2d", {**CONV, "kernel_size": 9}, "", "9", "8"),
    ("conv2d", {**CONV, "kernel_size": [3, 0]}, r"kernel_size(\[1\])?"),
    ("conv2d", {**CONV, "kernel_size": [3]}, "kernel_size"), ("conv2d", {**CONV, "kernel_size": [3, 3, 3]}, "kernel_size"),
    ("conv2d", {**CONV, "kernel_size": "3"}, "kernel_size"), ("conv2d", {**CONV, "stride": 0}, "stride"),
    ("conv2d", {**CONV, "padding": -1}, "padding"), ("conv2d", {**CONV, "padding": "Same"}, "padding"),
    ("conv2d", {**CONV, "groups": 2}, r"(groups|in_channels|out_channels)"), ("conv2d", {**CONV, "groups": 0}, "groups"),
    ("conv2d", {**CONV, "dilation": 0}, "dilation"), ("conv2d", {**CONV, "padding": "same", "stride": 2}, "(padding|stride)"),
    ("conv2d", {**CONV, "padding_mode": "mirror"}, "padding_mode"), ("conv2d", {**CONV, "strides": 1}, "strides", "stride"),
    ("conv2d", {"in_channels": 3, "out_channels": 2}, "kernel_size", "missing"),
    ("conv1d", {**CONV, "kernel_size": 9}, "", "9"), ("conv1d", {**CONV, "kernel_size": [3, 3]}, "kernel_size"),
    ("conv_transpose2d", {**CONV, "output_padding": 1}, "(output_padding)?"),
    ("conv_transpose2d", {**CONV, "padding": "same"}, "padding"),
    ("activation", {}, "type", "missing"), ("activation", {"type": "reluu"}, "type", "relu"),
    ("activation", {"type": "softmax"}, "dim", "missing"), ("activation", {"type": "softmax", "dim": 2}, "(dim)?", "2"),
    ("activation", {"type": "softmax", "dim": -3}, "(dim)?"), ("activation", {"type": "softmax", "dim": "1"}, "dim"),
    ("activation", {"type": "softmax", "dim": None}, "dim"), ("activation", {"type": "relu", "alpha": 1}, "alpha"),
    ("activation", {"type": "leaky_relu", "negative_slope": "0.1"}, "negative_slope"),
    ("activation", {"type": 3}, "type"), ("activation", {"type": "gelu", "approximate": "yes"}, "approximate", "tanh"),
    ("normalization", {"type": "batch_norm"}, "num_features", "missing"),
    ("normalization", {"type": "batch_norm", "num_features": 5}, "", "4", "5"),
    ("normalization", {"type": "batchnorm", "num_features": 4}, "type", "batch_norm"),
    ("normalization", {"type": "layer_norm", "normalized_shape": [5]}, "", "4", "5"),
    ("normalization", {"type": "layer_norm", "normalized_shape": []}, "normalized_shape"),
    ("normalization", {"type": "group_norm", "num_groups": 3, "num_channels": 4}, "num_(groups|channels)", "3"),
    ("normalization", {"type": "group_norm", "num_groups": 2, "num_channels": 6}, "", "4", "6"),
    ("normalization", {"type": "layer_norm", "normalized_shape": 4, "eps": "1e-5"}, "eps"),
    ("normalization", {"type": "batch_norm", "num_features": 4, "momentum": "0.1"}, "momentum"),
    ("pooling", {"type": "max_pool2d"}, "kernel_size", "missing"), ("pooling", {"type": "max_pool2d", "kernel_size": 9}, ""),
    ("pooling", {"type": "max_pool2d", "kernel_size": 0}, "kernel_size"),
    ("pooling", {"type": "max_pool2d", "kernel_size": 2, "padding": 2}, "(padding)?", "2"),
    ("pooling", {"type": "avg_pool2d", "kernel_size": 2, "dilation": 1}, "dilation"),
    ("pooling", {"type": "adaptive_avg_pool2d"}, "output_size", "missing"),
    ("pooling", {"type": "maxpool", "kernel_size": 2}, "type", "max_pool2d"),
    ("dropout", {"p": 1.5}, "p", "1.5"), ("dropout", {"p": -0.1}, "p"), ("dropout", {"p": "0.1"}, "p"),
    ("dropout", {"rate": 0.1}, "rate", "unknown"),
    ("flatten", {"start_dim": 2}, "(start_dim)?", "2"), ("flatten", {"start_dim": 1, "end_dim": 0}, "(start_dim|end_dim)?"),
    ("reshape", {}, "shape", "missing"), ("reshape", {"shape": [-1, -1]}, "shape", "-1"),
    ("reshape", {"shape": [-2]}, r"shape(\[0\])?"), ("reshape", {"shape": [-1, 3]}, "shape"), ("reshape", {"shape": [-1, 8]}, "shape"), ("reshape", {"shape": [4, 4]}, "shape"),
    ("reshape", {"shape": 4}, "shape"),
    ("reshape", {"shape": [2**31 - 1] * 8}, ""),
    ("transpose", {"dim0": 0}, "dim1", "missing"), ("transpose", {"dim0": 0, "dim1": 2}, "(dim1)?", "2"),
    ("permute", {}, "dims", "missing"), ("permute", {"dims": [0]}, "(dims)?"), ("permute", {"dims": [0, 0]}, "(dims)?"),
    ("permute", {"dims": [0, 2]}, "(dims)?"), ("concat", {"dim": 2}, "(dim)?", "2"), ("concat", {"dim": "0"}, "dim"),
    ("split", {}, "sizes", "missing"), ("split", {"sizes": [1, 2], "dim": 1}, "(sizes)?", "4"),
    ("split", {"sizes": [], "dim": 1}, "sizes"), ("split", {"sizes": [-1, 5], "dim": 1}, r"sizes(\[0\])?"),
    ("split", {"sizes": 2, "dim": 1}, "sizes"), ("split", {"sizes": [2**31 - 1, 2**31 - 1], "dim": 1}, ""),
    ("slice", {"dim": 5}, "(dim)?", "5"), ("slice", {"step": 0}, "step"), ("slice", {"step": -1}, "step"),
    ("slice", {"start": "0"}, "start"), ("scale", {}, "value", "missing"), ("scale", {"value": "2"}, "value"),
    ("scale", {"value": True}, "value"), ("reduce", {}, "operation", "missing"),
    ("reduce", {"operation": "prod"}, "operation", "sum"), ("reduce", {"operation": "sum", "dim": 2}, "(dim)?", "2"),
    ("reduce", {"operation": "sum", "dim": [0, 0]}, "(dim)?"), ("reduce", {"operation": "sum", "keepdim": 1}, "keepdim"),
    ("reduce", {"operation": "max", "dim": None}, "dim"), ("embedding", {"num_embeddings": 3}, "embedding_dim", "missing"),
    ("embedding", {"num_embeddings": 3, "embedding_dim": 2}, "", "integer"),
    ("embedding", {"num_embeddings": 0, "embedding_dim": 2}, "num_embeddings"), ("pad", {}, "pad", "missing"),
    ("pad", {"pad": [1]}, "pad"), ("pad", {"pad": [-3, -3]}, "(pad)?"), ("pad", {"pad": [1, 1], "mode": "zero"}, "mode"),
    ("pad", {"pad": [1] * 6}, "(pad)?"), ("pad", {"pad": [2**31 - 1] * 2, "mode": "reflect"}, "(pad)?"),
    ("attention", {"embed_dim": 8}, "num_heads", "missing"), ("attention", {"embed_dim": 8, "num_heads": 3}, "(num_heads|embed_dim)"),
    ("attention", {"embed_dim": 12, "num_heads": 2}, "", "8", "12"), ("attention", {**HEADS, "dropout": 2}, "dropout"),
    ("attention", {**HEADS, "causal": 1}, "causal"), ("attention", {**HEADS, "kdim": 7}, ""),
    ("attention", {**HEADS, "kdim": 0}, "kdim"), ("attention", {**HEADS, "heads": 2}, "heads"),
    ("lstm", {"input_size": 4}, "hidden_size", "missing"), ("lstm", {**LSTM, "input_size": 5}, "", "4", "5"),
    ("lstm", {**LSTM, "num_layers": 0}, "num_layers"), ("lstm", {**LSTM, "bidirectional": "yes"}, "bidirectional"),
    ("lstm", {**LSTM, "proj_size": 3}, "proj_size"), ("lstm", {**LSTM, "num_layers": 2**31 - 1}, "num_layers"),
    ("gru", {**LSTM, "proj_size": 1}, "proj_size"), ("gru", {**LSTM, "dropout": 1.1}, "dropout"),
    ("detach", {"x": 1}, "x", "unknown"), ("identity", {"x": 1}, "x", "unknown"),
    ("noise", {}, "std", "missing"), ("noise", {"std": -1}, "std"), ("noise", {"std": 1, "training_only": 1}, "training_only"),
    ("topk_gating", {}, "k", "missing"), ("topk_gating", {"k": 5}, "(k)?", "5"), ("topk_gating", {"k": 0}, "k"),
    ("moe_combine", {"num_experts": 2, "top_k": 3}, "top_k"), ("moe_aux_loss", {}, "loss_coef", "missing"),
    ("rotary_embedding", {"num_heads": 3}, ""), ("torch.nn.Linear", {"in_features": 4}, "out_features", "missing"),
    ("torch.nn.Linear", {**LINEAR[1], "device": "cpu"}, "device"), ("torch.nn.ReLU", {"inplace": "no"}, "inplace"),
    ("torch.nn.Conv2d", {**CONV, "out_channels": "2"}, "out_channels"),
]

ATTRIBUTE_TWINS = [
    ("linear", LINEAR[1]), ("linear", {**LINEAR[1], "bias": False}), ("conv2d", {**CONV, "kernel_size": 8}),
    ("conv2d", {**CONV, "kernel_size": 10, "padding": 1}), ("conv2d", {**CONV, "kernel_size": [3, 1]}),
    ("conv2d", {**CONV, "groups": 1, "dilation": 2}), ("conv2d", {**CONV, "out_channels": 6, "groups": 3}),
    ("conv2d", {**CONV, "padding": "same"}), ("conv2d", {**CONV, "padding": "valid", "stride": [2, 1]}),
    ("conv_transpose2d", {**CONV, "stride": 2, "output_padding": 1}), ("activation", {"type": "softmax", "dim": -1}),
    ("activation", {"type": "softmax", "dim": 1}), ("normalization", {"type": "batch_norm", "num_features": 4}),
    ("normalization", {"type": "group_norm", "num_groups": 2, "num_channels": 4}),
    ("normalization", {"type": "batch_norm", "num_features": 4, "momentum": 0, "affine": False}),
    ("pooling", {"type": "max_pool2d", "kernel_size": 8}), ("pooling", {"type": "max_pool2d", "kernel_size": 2, "padding": 1}),
    ("dropout", {}), ("dropout", {"p": 1}), ("dropout", {"p": 0}), ("flatten", {"start_dim": 1}), ("flatten", {}),
    ("reshape", {"shape": [-1, 2, 2]}), ("reshape", {"shape": [-1]}), ("reshape", {"shape": [2, -1]}), ("permute", {"dims": [1, 0]}),
    ("permute", {"dims": [-1, 0]}), ("transpose", {"dim0": 0, "dim1": -1}), ("concat", {"dim": 1}), ("concat", {"dim": -2}),
    ("split", {"sizes": [1, 3], "dim": 1}), ("split", {"sizes": [4, 0], "dim": -1}), ("slice", {"dim": 1, "start": 1, "end": 3}),
    ("slice", {"dim": 1, "start": -1}), ("scale", {"value": 0}), ("scale", {"value": -2.5}),
    ("reduce", {"operation": "sum"}), ("reduce", {"operation": "max", "dim": [0, 1], "keepdim": True}),
    ("pad", {"pad": [1, 0]}), ("pad", {"pad": [-1, -1]}), ("pad", {"pad": [1, 1, 0, 0], "value": 1}),
    ("attention", HEADS), ("attention", {**HEADS, "dropout": 1, "causal": True, "bias": False}),
    ("lstm", {**LSTM, "proj_size": 2}), ("gru", {**LSTM, "bidirectional": True, "num_layers": 2, "dropout": 0.5}),
    ("noise", {"std": 0}), ("topk_gating", {"k": 4}), ("moe_aux_loss", {"loss_coef": 0}), ("rotary_embedding", {"num_heads": 2}),
    ("torch.nn.Linear", LINEAR[1]), ("torch.nn.ReLU", {"inplace": True}),
]


def pair(kind, one, other):
    """Two inputs of these shapes into one node."""
    return graph([node("x", "input", shape=one), node("z", "input", shape=other), node("a", kind), node("y", "output")],
                 [("x", "a"), ("z", "a"), ("a", "y")])


def elements():
    big, fixed = 2**31 - 1, (1, 3, 8, 8)

    def refuse(name, blueprint, field=r"nodes\[1\]\S*"):
        return Refusal(f"elements: {name}", blueprint, re.compile(field), (str(2**27), "--max-elements"))

    yield refuse("conv1d", chain(("conv1d", {**CONV, "padding": big}), shape=(1, 3, 8)))
    yield refuse("conv2d", chain(("conv2d", {**CONV, "padding": big}), shape=fixed))
    yield refuse("conv_transpose2d", chain(("conv_transpose2d", {**CONV, "stride": big}), shape=fixed))
    yield refuse("adaptive pool", chain(("pooling", {"type": "adaptive_avg_pool2d", "output_size": [big, big]}),
                                        shape=fixed))
    for stride in [1, big]:
        yield refuse(f"max pool of stride {stride}", chain(
            ("pooling", {"type": "max_pool2d", "kernel_size": big, "padding": 2**30 - 1, "stride": stride}), shape=fixed))
    yield refuse("an input", chain(("identity", {}), shape=(big,)), r"nodes\[0\]\S*")
    for kind in ["add", "matmul"]:
        yield refuse(kind, pair(kind, [big, 1], [1, big]), r"nodes\[[012]\]\S*")
        yield refuse(f"{kind} of allowed inputs", pair(kind, [20000, 1], [1, 20000]), r"nodes\[2\]\S*")
        yield Acceptance(f"elements: small {kind}", pair(kind, [200, 1], [1, 200]), full=True)


def cases():
    for part in (structure, fields, contradictions, attributes, elements):
        yield from part()
