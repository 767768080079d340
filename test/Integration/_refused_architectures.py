"""Cases about the envelope, the four architectures and the flat IR (wire-formats §1a and §1b)."""
import json
import re

from _refusals import ANY, GONE, Acceptance, Refusal, edited
from _refused_text import ATTENTION, BARE, CONV, CUSTOM, ENVELOPE


def envelope():
    def refuse(name, field, *changes, words=("expected",), near=""):
        return Refusal(f"envelope: {name}", edited(ENVELOPE, *changes), field, words, near)

    def accept(name, *changes, full=False):
        return Acceptance(f"envelope: {name}", edited(ENVELOPE, *changes), full)

    for field, most in [("name", 255), ("description", 1000), ("created_by", 100)]:
        yield refuse(f"no {field}", field, (field, GONE), words=("missing",))
        yield refuse(f"null {field}", field, (field, None), near="null")
        yield refuse(f"number as {field}", field, (field, 7), near="7")
        yield refuse(f"empty {field}", field, (field, ""), near='""')
        yield refuse(f"long {field}", field, (field, "é" * (most + 1)), words=(str(most), str(most + 1)), near='"')
        yield accept(f"{field} of {most} characters", (field, "x" * most))
        yield accept(f"{field} of {most} characters of two bytes", (field, "é" * most))
        yield accept(f"{field} of {most} characters of four bytes", (field, "😀" * most))
    for name, text in [("spaces", "   "), ("tabs and lines", "\t\r\n"), ("a space", " ")]:
        yield refuse(f"name of {name}", "name", ("name", text))
    yield accept("name of 255 between spaces", ("name", "  " + "n" * 255 + " "))
    yield accept("name of one character", ("name", "n"), full=True)
    for state in ["done", "Proposed", "", "deployed ", 1, True, [], {}]:
        yield refuse(f"state {state!r}", "state", ("state", state))
    for state in ["proposed", "compiling", "validating", "characterized", "deployed", "failed", "archived", None]:
        yield accept(f"state {state}", ("state", state))
    for value in [[], "{}", 1, False]:
        yield refuse(f"hyperparameters {value!r}", "hyperparameters", ("hyperparameters", value))
        yield refuse(f"performance_metrics {value!r}", "performance_metrics", ("performance_metrics", value))
    for value in ["0.5", True, [1], {"a": 1}]:
        yield refuse(f"metric {value!r}", "performance_metrics.loss", ("performance_metrics", {"a": 1, "loss": value}))
    yield accept("what is carried", ("hyperparameters", {"lr": 1e-3, "deep": [{"a": None}], "π": "\u0001"}),
                 ("performance_metrics", {"loss": 0.5, "n": -3, "big": 1e300}), full=True)
    yield accept("empty carried objects", ("hyperparameters", {}), ("performance_metrics", {}))
    yield accept("null where it means absent", *[(f, None) for f in (
        "blueprint_id", "hyperparameters", "performance_metrics", "created_at", "updated_at")])
    yield accept("times", ("created_at", "2024-02-29T12:00:00.123456+00:00"), ("updated_at", "2024-03-01T00:00:00"))
    for key, nearest in [("descripton", "description"), ("createdby", "created_by"), ("hyperparameter", "hyper"),
                         ("Name", "name"), ("architectures", "architecture")]:
        yield refuse(f"key {key}", key, (key, 1), words=("unknown", "did you mean", nearest), near=f'"{key}"')
    yield refuse("no architecture", "architecture", ("architecture", GONE), words=("missing",))
    for value in [None, [], "linear", 3]:
        yield refuse(f"architecture {value!r}", "architecture", ("architecture", value))
    for value in [None, 3, True, "", "Linear", "rnn", "linear "]:
        yield refuse(f"type {value!r}", "architecture.type", ("architecture.type", value))
    yield refuse("no type", "architecture.type", ("architecture.type", GONE), words=("missing",))
    yield refuse("no config", "architecture.config", ("architecture.config", GONE), words=("missing",))
    for value in [None, [], "{}"]:
        yield refuse(f"config {value!r}", "architecture.config", ("architecture.config", value))
    yield refuse("key in the architecture", "architecture.cofnig", ("architecture.cofnig", {}),
                 words=("unknown", "did you mean", "config"))
    yield refuse("key of the envelope in the architecture", "architecture.name", ("architecture.name", "n"),
                 words=("unknown",))
    yield refuse("deep in a list", "architecture.config.hidden_sizes[1]",
                 ("architecture.config.hidden_sizes", [3, "4", 5]), words=("expected", "integer", '"4"'), near='"4"')


def linear():
    yield from group("linear", BARE, [
        ("hidden_size", 4, "unknown"), ("input_size", True, "integer"), ("output_size", "2", "integer"),
        ("output_size", 0, "from 1"), ("hidden_sizes", 4, "array"), ("hidden_sizes", None, "array"),
        ("hidden_sizes", {"0": 4}, "array"), ("hidden_sizes", "4", "array"), ("activation", "ReLU", '"relu"'),
        ("activation", "silu", '"relu"'), ("activation", None, '"relu"'), ("activation", "", '"relu"'),
        ("activation", ["relu"], '"relu"'), ("dropout", -0.1, "-0.1"), ("dropout", 1.5, "1.5"),
        ("dropout", 1.0000001, "1.0000001"), ("dropout", "0.1", "number"), ("dropout", True, "number"),
        ("dropout", None, "number"), ("dropout", [0.1], "number"), ("bias", True, "unknown"),
        ("num_layers", 3, "unknown")])
    for value in [0, -1, True, None, "3", 3.0, [3], 2**31]:
        yield Refusal(f"linear: hidden {value!r}", edited(BARE, ("config.hidden_sizes", [3, value])),
                      "config.hidden_sizes[1]", ("expected",), near=json.dumps(value)[:1])
    yield from accepted("linear", BARE, [
        ("hidden_sizes", []), ("hidden_sizes", [1]), ("dropout", 0), ("dropout", 1), ("dropout", 1.0),
        ("dropout", 0.5), ("activation", "gelu"), ("activation", "tanh"), ("output_size", 1)])
    yield Acceptance("linear: defaults", {"type": "linear", "config": {}}, full=True)


def conv():
    one = {"type": "conv", "config": {"in_channels": 1, "out_channels": [2], "kernel_sizes": [3], "strides": [1],
                                      "paddings": [0], "pool_size": 2}}
    yield from group("conv", one, [
        ("kernel_sizes", [], "1"), ("strides", [], "1"), ("paddings", [], "1"), ("in_channels", 0, "from 1"),
        ("out_channels", 2, "array"), ("kernel_sizes", 3, "array"), ("activation", "tanh", '"relu"'),
        ("pool_type", "avgpool", '"max"'), ("pool_type", "Max", '"max"'), ("pool_type", None, '"max"'),
        ("pool_size", 0, "from 1"), ("pool_size", [2], "integer"), ("pool_size", 2.0, "integer"),
        ("dilation", 1, "unknown"), ("dropout", 0.1, "unknown"), ("kernel_size", [3], "unknown")])
    for name, value, field in [
            ("out_channels", [0], "[0]"), ("kernel_sizes", [0], "[0]"), ("strides", [0], "[0]"),
            ("paddings", [-1], "[0]"), ("kernel_sizes", ["3"], "[0]"), ("strides", [True], "[0]"),
            ("out_channels", [2, None], "[1]"), ("kernel_sizes", [[3, 3]], "[0]"), ("paddings", [1.0], "[0]")]:
        yield Refusal(f"conv: {name} {value}", edited(one, (f"config.{name}", value)), f"config.{name}{field}",
                      ("expected", "found"))
    for name in ["kernel_sizes", "strides", "paddings"]:
        yield Refusal(f"conv: too few {name}", edited(one, ("config.out_channels", [2, 2]), ("config.kernel_sizes", [
            3, 3]), ("config.strides", [1, 1]), ("config.paddings", [1, 1]), (f"config.{name}", [1])),
            f"config.{name}", ("expected", "2", "found 1"))
    yield Refusal("conv: four channels and default lists", {"type": "conv", "config": {"out_channels": [1] * 4}},
                  "config.kernel_sizes", ("4", "3"))
    yield Refusal("conv: kernel larger than the image", edited(one, ("config.kernel_sizes", [33])),
                  "config.kernel_sizes[0]", ("32", "33"), near="33")
    yield Refusal("conv: kernel larger than the padded image",
                  edited(one, ("config.kernel_sizes", [37]), ("config.paddings", [2])), "config.kernel_sizes[0]",
                  ("36", "37"))
    yield Refusal("conv: pool larger than what reaches it", edited(one, ("config.pool_size", 31)),
                  "config.pool_size", ("30", "31"))
    yield Refusal("conv: second kernel larger", edited(
        one, ("config.out_channels", [1, 1]), ("config.kernel_sizes", [32, 3]), ("config.strides", [1, 1]),
        ("config.paddings", [0, 0]), ("config.pool_size", 1)), "config.kernel_sizes[1]", ("1", "3"))
    yield Refusal("conv: third pool finds nothing", edited(CONV, ("config.pool_size", 8)), "config.pool_size", ("8",))
    yield Refusal("conv: stride leaves too little for the pool", edited(one, ("config.strides", [32])),
                  "config.pool_size", ("1", "2"))
    yield from accepted("conv", one, [
        ("kernel_sizes", [31]), ("pool_size", 30), ("pool_type", "avg"), ("activation", "gelu"),
        ("kernel_sizes", [3, 5, 7]), ("strides", [1, 9]), ("paddings", [0, 0]), ("paddings", [5])])
    yield Acceptance("conv: kernel as large as the padded image", edited(
        one, ("config.kernel_sizes", [36]), ("config.paddings", [2]), ("config.pool_size", 1)), full=True)


def attention():
    yield from group("attention", ATTENTION, [
        ("embed_dim", 0, "from 1"), ("num_heads", 0, "from 1"), ("embed_dim", 9, "2"), ("num_heads", 3, "8"),
        ("num_heads", 16, "8"), ("num_heads", -2, "from 1"), ("num_heads", 2.0, "integer"), ("dropout", 2, "2"),
        ("dropout", -1e-9, "-1e-"), ("bias", True, "unknown"), ("batch_first", True, "unknown"),
        ("embed_dims", 8, "embed_dim")], loose={"embed_dim": r"config\.(embed_dim|num_heads)",
                                               "num_heads": r"config\.(embed_dim|num_heads)"})
    yield Refusal("attention: default width, three heads", {"type": "attention", "config": {"num_heads": 3}},
                  re.compile(r"config\.(embed_dim|num_heads)"), ("256", "3"))
    yield from accepted("attention", ATTENTION, [("num_heads", 1), ("num_heads", 8), ("dropout", 1), ("dropout", 0)])


def custom():
    yield from group("custom", CUSTOM, [
        ("dim", 0, "from 1"), ("dim", "4", "integer"), ("dim", None, "integer"), ("num_blocks", 0, "from 1"),
        ("num_blocks", -1, "from 1"), ("num_blocks", 1.0, "integer"), ("num_blocks", False, "integer"),
        ("blocks", 1, "unknown"), ("hidden_dim", 4, "unknown")])
    yield from accepted("custom", CUSTOM, [("dim", 1), ("num_blocks", 3)])
    yield Refusal("custom: the config of a linear", {"type": "custom", "config": BARE["config"]}, "config.input_size",
                  ("unknown",))


def bare():
    yield Refusal("bare: a third key", edited(BARE, ("name", "n")), "name", ("unknown",))
    yield Refusal("bare: no config", {"type": "custom"}, ANY)
    yield Refusal("bare: no type", {"config": {}}, "type", ("missing",))
    yield Refusal("bare: null config", {"type": "linear", "config": None}, "config", ("object", "null"))
    yield Refusal("bare: unknown type", {"type": "mlp", "config": {}}, "type", ('"linear"', '"mlp"'))


def flat():
    line = {"type": "linear", "input_size": 3, "hidden_size": 4, "output_size": 2}
    conv2 = {"type": "conv", "in_channels": 2, "out_channels": 3, "kernel_size": 3}
    for base, field in [(b, f) for b in (line, conv2) for f in list(b)[1:]]:
        for value in [0, -1, True, "3", 3.0, None, [3], 2**31]:
            yield Refusal(f"flat {base['type']}: {field} {value!r}", edited(base, (field, value)), field,
                          ("expected", "found"), near=json.dumps(value)[:1])
    for value in ["attention", "custom", "Linear", "", None, 1, ["linear"]]:
        yield Refusal(f"flat: type {value!r}", edited(line, ("type", value)), "type", ("expected", '"linear"'))
    yield Refusal("flat: no type", edited(line, ("type", GONE)), "type", ("missing",))
    for base, key in [(line, "hidden_sizes"), (line, "activation"), (line, "kernel_size"), (conv2, "padding"),
                      (conv2, "input_size"), (conv2, "kernel_sizes")]:
        yield Refusal(f"flat {base['type']}: extra {key}", edited(base, (key, 1)), key, ("unknown",), near=f'"{key}"')
    yield Acceptance("flat linear", line, full=True)
    yield Acceptance("flat conv", conv2, full=True)
    yield Acceptance("flat linear of ones", {"type": "linear", "input_size": 1, "hidden_size": 1, "output_size": 1})


def group(name, base, faults, loose=()):
    """A fault in one field of the config each."""
    for field, value, word in faults:
        path = re.compile(loose[field]) if field in loose else f"config.{field}"
        yield Refusal(f"{name}: {field} {value!r}", edited(base, (f"config.{field}", value)), path, (word,))


def accepted(name, base, values):
    for field, value in values:
        yield Acceptance(f"{name}: {field} {value!r}", edited(base, (f"config.{field}", value)))


def cases():
    for part in (envelope, linear, conv, attention, custom, bare, flat):
        yield from part()
