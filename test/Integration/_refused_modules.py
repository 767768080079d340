"""Cases about torch.nn modules and about MLIR (wire-formats §1d and §1e)."""
import json
import pathlib
import re

from _refusals import ANY, GONE, Acceptance, Refusal, edited

INPUTS = pathlib.Path(__file__).parent / "Inputs"
META = {"blueprint_id": "BP-1", "name": "module", "version": "1.0.0", "category": "custom"}
HEADS = {"embed_dim": 8, "num_heads": 2, "batch_first": True}
LAYERS = [{"type": "Linear", "in_features": 4, "out_features": 6}, {"type": "GELU"}, {"type": "Dropout", "p": 0.1},
          {"type": "Linear", "in_features": 6, "out_features": 4}]


def module(kind, config, **more):
    return {"metadata": META, "architecture": {"module_type": kind, "config": config, **more}}


LINEAR = module("torch.nn.Linear", {"in_features": 4, "out_features": 3})
ATTENTION = module("torch.nn.MultiheadAttention", HEADS)
STACK = module("torch.nn.Sequential", {"layers": LAYERS})
TEXT = "class M(nn.Module):\n    def forward(self, x):\n        return x\n"


def refuse(name, base, field, *changes, words=("expected",)):
    return Refusal(f"module: {name}", edited(base, *changes), field, words)


def metadata():
    for key in ["blueprint_id", "name", "category"]:
        yield refuse(f"no {key}", LINEAR, f"metadata.{key}", (f"metadata.{key}", GONE), words=("missing",))
        yield refuse(f"{key} null", LINEAR, f"metadata.{key}", (f"metadata.{key}", None))
        yield refuse(f"{key} number", LINEAR, f"metadata.{key}", (f"metadata.{key}", 1))
    for value in ["Transformer", "moe", "", "transformers"]:
        yield refuse(f"category {value!r}", LINEAR, "metadata.category", ("metadata.category", value),
                     words=('"transformer"', f'"{value}"'))
    for value in ["transformer", "mixture_of_experts", "efficiency", "routing", "diagnostics", "custom"]:
        yield Acceptance(f"module: category {value}", edited(LINEAR, ("metadata.category", value)))
    yield refuse("name of spaces", LINEAR, "metadata.name", ("metadata.name", "  "))
    for value in ["many", True, []]:
        yield refuse(f"param_delta {value!r}", LINEAR, "metadata.param_delta", ("metadata.param_delta", value))
    yield refuse("no metadata", edited(LINEAR, ("validation", {})), "metadata", ("metadata", GONE), words=("missing",))
    yield refuse("metadata a list", LINEAR, "metadata", ("metadata", []))
    yield refuse("no architecture", LINEAR, "architecture", ("architecture", GONE), words=("missing",))
    yield refuse("a fourth key", LINEAR, "architectur", ("architectur", {}), words=("unknown",))
    yield Acceptance("module: wrong estimates warn", edited(LINEAR, ("metadata.param_delta", 7), (
        "metadata.compatible_layers", ["a"]), ("metadata.risk_score", 0.5)), full=True)


def classes():
    for value, nearest in [("torch.nn.Liner", "Linear"), ("torch.nn.linear", "Linear"), ("torch.nn.Conv4d", "Conv"),
                           ("torch.nn.MultiHeadAttention", "MultiheadAttention"), ("Linear", "Linear"),
                           ("torch.nn.CrossEntropyLoss", "torch.nn."), ("torch.nn.ModuleList", "torch.nn."),
                           ("os.system", ""), ("torch.nn.Linear ", "Linear"), ("torch.nn.Linear.weight", ""),
                           ("torch.nn.", "torch.nn."), ("", ""), ("nn.Linear", ""), ("torch.nn.__class__", "")]:
        yield refuse(f"class {value!r}", LINEAR, "architecture.module_type", ("architecture.module_type", value),
                     words=(nearest,))
    for value in [None, 1, ["torch.nn.Linear"], {}]:
        yield refuse(f"class {value!r}", LINEAR, "architecture.module_type", ("architecture.module_type", value))
    yield refuse("no class", LINEAR, "architecture.module_type", ("architecture.module_type", GONE), words=("missing",))
    yield refuse("no config", LINEAR, "architecture.config", ("architecture.config", GONE), words=("missing",))
    yield refuse("unknown key of the architecture", LINEAR, "architecture.init_param", ("architecture.init_param", {}),
                 words=("unknown", "init_params"))
    yield Acceptance("module: text of a class", module("torch.nn.Module", {}, forward_logic=TEXT))
    yield Refusal("module: text without a class", module("torch.nn.Module", {}, forward_logic="x = 1"),
                  "architecture.forward_logic", ("expected a class", "line 1, column 1"))
    yield Refusal("module: no text", module("torch.nn.Module", {}), "architecture.forward_logic", ("missing",))
    yield Refusal("module: text that is a number", module("torch.nn.Module", {}, forward_logic=3),
                  "architecture.forward_logic", ("expected",))
    yield Refusal("module: text beside a class", edited(LINEAR, ("architecture.forward_logic", TEXT)),
                  "architecture.forward_logic")
    yield Acceptance("module: text that is null", edited(LINEAR, ("architecture.forward_logic", None)))


def arguments():
    inside = "architecture.config."
    for base, key, value, word in [
            (LINEAR, "in_features", GONE, "missing"), (LINEAR, "in_features", "4", "integer"),
            (LINEAR, "out_features", 0, "from 1"), (LINEAR, "out_features", 3.0, "integer"),
            (LINEAR, "bias", "yes", "true or false"), (LINEAR, "bias", None, "true or false"),
            (LINEAR, "infeatures", 4, "in_features"), (LINEAR, "dtype", "float64", ""),
            (LINEAR, "in_features", 2**31, "integer"), (ATTENTION, "dropout", 1.1, "1.1"),
            (ATTENTION, "embed_dim", True, "integer"), (ATTENTION, "num_heads", 0, "from 1"),
            (ATTENTION, "kdim", -1, "from 1"), (ATTENTION, "heads", 2, "num_heads"),
            (ATTENTION, "batch_first", 1, "true or false")]:
        kind = base["architecture"]["module_type"][9:]
        text = "absent" if value is GONE else repr(value)
        yield refuse(f"{kind} {key} {text}", base, inside + key, (inside + key, value), words=(word,))
    yield refuse("heads that do not divide", ATTENTION, re.compile(r"architecture\.config\.(num_heads|embed_dim)"),
                 (inside + "num_heads", 3), words=("8", "3"))
    yield refuse("an argument twice", LINEAR, re.compile(r"architecture\.(config|init_params)\.in_features"),
                 ("architecture.init_params", {"in_features": 4}), words=())
    yield refuse("init_params unknown", LINEAR, "architecture.init_params.gain",
                 ("architecture.init_params", {"gain": 1}), words=("unknown",))
    yield refuse("init_params a list", LINEAR, "architecture.init_params", ("architecture.init_params", []))
    yield Acceptance("module: init_params", edited(LINEAR, ("architecture.init_params", {"bias": False})), full=True)
    yield Acceptance("module: attention", ATTENTION, full=True)
    yield Acceptance("module: attention with kdim", edited(ATTENTION, (inside + "kdim", 5), (inside + "vdim", 6)))
    for kind, config, field in [
            ("Conv2d", {"in_channels": 4, "out_channels": 4, "kernel_size": 3, "groups": 3}, r"\w+"),
            ("Conv2d", {"in_channels": 4, "out_channels": 4, "kernel_size": [3]}, "kernel_size"),
            ("LayerNorm", {"normalized_shape": 0}, "normalized_shape"), ("LayerNorm", {}, "normalized_shape"),
            ("GroupNorm", {"num_groups": 3, "num_channels": 4}, r"\w+"), ("Dropout", {"p": 2}, "p"),
            ("Embedding", {"num_embeddings": 4, "embedding_dim": 0}, "embedding_dim"),
            ("Embedding", {"num_embeddings": 4, "embedding_dim": 2, "padding_idx": 4}, "padding_idx"),
            ("LSTM", {"input_size": 4, "hidden_size": 0}, "hidden_size"), ("PixelShuffle", {"upscale_factor": 0}, r"\w+"),
            ("MaxPool2d", {"kernel_size": 2, "padding": 2}, r"\w+"), ("TransformerEncoderLayer", {
                "d_model": 8, "nhead": 3}, r"\w+"), ("GELU", {"approximate": "erf"}, "approximate"),
            ("Upsample", {"scale_factor": 2, "mode": "cubic"}, "mode"), ("Softmax", {"dim": "0"}, "dim"),
            ("ReLU", {"alpha": 1}, "alpha"), ("Identity", {"x": 1}, "x"), ("Unflatten", {"dim": 1}, "unflattened_size")]:
        yield Refusal(f"module: {kind} {json.dumps(config)}", module(f"torch.nn.{kind}", config),
                      re.compile(r"architecture\.config\." + field))


def sequential():
    at = "architecture.config.layers"
    path = re.compile(r"architecture\.config\.layers\[3\](\.in_features)?")
    yield Acceptance("module: sequential", STACK, full=True)
    yield refuse("layers that do not fit", STACK, path, (f"{at}.3.in_features", 5), words=("5", "6"))
    yield refuse("no layers", STACK, at, (at, GONE), words=("missing",))
    pads = [{"type": "ConstantPad1d", "padding": 2**31 - 1, "value": 0}] * 3
    yield refuse("chained paddings of 2^31-1", STACK, re.compile(r"architecture\.config\.layers\[0\]\S*"), (at, pads),
                 words=("--max-elements",))
    yield refuse("layers an object", STACK, at, (at, {"0": LAYERS[0]}), words=("array",))
    yield refuse("a layer without type", STACK, f"{at}[1].type", (f"{at}.1.type", GONE), words=("missing",))
    yield refuse("a layer of unknown type", STACK, f"{at}[1].type", (f"{at}.1.type", "Gelu"), words=("GELU",))
    yield refuse("a layer that is a string", STACK, f"{at}[1]", (f"{at}.1", "GELU"), words=("object",))
    yield refuse("a layer with a wrong argument", STACK, f"{at}[2].p", (f"{at}.2.p", -1))
    yield refuse("a layer with an unknown argument", STACK, f"{at}[2].rate", (f"{at}.2.rate", 1), words=("unknown",))
    yield refuse("a layer without an argument", STACK, f"{at}[0].out_features", (f"{at}.0.out_features", GONE),
                 words=("missing",))
    inner = {"type": "Sequential", "layers": [{"type": "Linear", "in_features": 4, "out_features": "6"}]}
    yield refuse("a fault in a nested one", STACK, f"{at}[0].layers[0].out_features", (f"{at}.0", inner))
    deep = {"type": "Linear", "in_features": 4, "out_features": 4}
    for _ in range(60):
        deep = {"type": "Sequential", "layers": [deep]}
    yield Acceptance("module: 60 nested", module("torch.nn.Sequential", {"layers": [deep]}))
    yield Refusal("module: 4,097 layers", module("torch.nn.Sequential", {"layers": [{"type": "ReLU"}] * 4097}),
                  re.compile(r"architecture\.config\.\S+"), ("4096",))
    yield refuse("extra key beside layers", STACK, "architecture.config.layer", ("architecture.config.layer", []),
                 words=("unknown",))


def bounds():
    for name, value in [("min_embed_dim", 9), ("max_embed_dim", 7), ("min_num_heads", 3), ("max_num_heads", 1)]:
        yield refuse(f"bound {name} {value}", ATTENTION, re.compile(r"architecture\.config\.(embed_dim|num_heads)"),
                     ("validation", {name: value}), words=(str(value), name))
    for name, value in [("min_embed_dim", 8), ("max_embed_dim", 8), ("max_hidden_dim", 1), ("divisible_by_heads", True),
                        ("min_embed_dim", None)]:
        yield Acceptance(f"module: bound {name} {value}", edited(ATTENTION, ("validation", {name: value})))
    yield refuse("a bound that is a text", ATTENTION, "validation.max_embed_dim", ("validation", {"max_embed_dim": "8"}))
    yield refuse("validation a list", ATTENTION, "validation", ("validation", []))


def enveloped():
    base = {"name": "n", "description": "d", "created_by": "c", "architecture": LINEAR["architecture"]}
    yield Acceptance("module: in the envelope", base, full=True)
    yield refuse("in the envelope, wrong", base, "architecture.config.in_features", ("architecture.config.in_features", 0))
    yield refuse("both types", base, "architecture.type", ("architecture.type", "linear"), words=("unknown",))


KERNEL = """esper.kernel @k(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %0 = esper.activation "relu" %x : tensor<?x4xf32>
  esper.return %0 : tensor<?x4xf32>
}
"""


def mlir():
    def refuse_text(name, text, *words):
        return Refusal(f"mlir: {name}", text, ANY, words, suffix=".mlir")

    yield Acceptance("mlir: a kernel", KERNEL, full=True, suffix=".mlir")
    yield Acceptance("mlir: in a module", f"module {{\n{KERNEL}}}\n", suffix=".mlir")
    yield refuse_text("syntax", KERNEL.replace("%0 =", "%0 +"))
    yield refuse_text("cut short", KERNEL[:60])
    yield refuse_text("not MLIR", "hello")
    yield refuse_text("JSON", json.dumps(LINEAR))
    yield refuse_text("empty", "", "kernel", "none")
    yield refuse_text("no kernel", "module {}", "kernel", "none")
    yield refuse_text("two kernels", KERNEL + KERNEL.replace("@k", "@l"), "second")
    yield refuse_text("one name twice", KERNEL + KERNEL, "")
    yield refuse_text("a type that does not fit", KERNEL.replace("return %0 : tensor<?x4xf32>", "return %0 : tensor<?x5xf32>"))
    yield refuse_text("unknown op", KERNEL.replace("esper.activation \"relu\"", "esper.activate \"relu\""))
    yield refuse_text("unknown dialect", KERNEL.replace("esper.activation \"relu\"", "arith.negf"))
    yield refuse_text("undefined value", KERNEL.replace("return %0", "return %1"))
    yield refuse_text("no terminator", KERNEL.replace("  esper.return %0 : tensor<?x4xf32>\n", ""))
    yield refuse_text("the dialect below", "ts.module @m {}")
    yield refuse_text("a verifier's fault", KERNEL.replace(
        '%0 = esper.activation "relu" %x : tensor<?x4xf32>',
        '%w = esper.param "w" <constant, 0.0> : tensor<4x5xf32>\n'
        "  %0 = esper.linear %x, %w : (tensor<?x4xf32>, tensor<4x5xf32>) -> tensor<?x4xf32>"), "5")
    yield refuse_text("NUL", KERNEL.replace("relu", "re\0lu"))
    yield refuse_text("100,000 brackets", "module attributes {a = " + "[" * 100000, "256")
    yield refuse_text("a tensor past the limit", KERNEL.replace(
        "  %0", '  %w = esper.param "w" <constant, 0.0> : tensor<2147483647x2147483647xf32>\n  %0'), "limit")
    yield refuse_text("invalid UTF-8 in a name", KERNEL.encode().replace(b"@k", b'@"\xff"'))
    for name, section in [("of alignment 0", '{-# dialect_resources: { builtin: { x: "0x0000000000" } } #-}'),
                          ("empty", "{-# #-}")]:
        yield refuse_text(f"resources {name}", KERNEL + section, "{-#")
    yield Acceptance("mlir: what looks like resources in a comment and a string", KERNEL.replace(
        "\n", ' // {-# "\n', 1).replace("@k", '@"{-# \\" //"'), suffix=".mlir")
    # Reading it writes where it must not: freeing what was read would end the process.
    yield Refusal("mlir: bytecode that corrupts the reader's memory", (INPUTS / "corrupt.mlirbc").read_bytes(), ANY, suffix=".mlirbc")
    yield Refusal("mlir: bytecode that crashes the reader", (INPUTS / "crash.mlirbc").read_bytes(), ANY,
                  ("cannot be read: the reader crashed or did not come to an end",), suffix=".mlirbc")
    yield Refusal("mlir: bytecode cut short", b"ML\xefR\x06MLIR22\x00\x01", ANY, suffix=".mlirbc")
    yield Refusal("mlir: bytecode of noise", b"ML\xefR" + bytes(range(256)) * 8, ANY, suffix=".mlirbc")


def cases():
    for part in (metadata, classes, arguments, sequential, bounds, enveloped, mlir):
        yield from part()
