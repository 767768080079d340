#!/usr/bin/env python
"""Every torch.nn class of the closed list: names, order, shapes and initial values against torch itself.

    state_dict.py [-v] [CLASS ...]

For each row below the class is built by torch and imported by `tez-translate --import-blueprint`; the import's params
and buffers must be torch's state dict, and torch's fresh values must look drawn from the initialiser that the import
states. The list of rows must cover the closed list (`nearest` messages name only classes that are on it).
"""
import argparse
import json
import math
import os
import re
import subprocess
import sys
import tempfile

import torch

STATE = re.compile(r'esper\.(param|buffer) "([^"]*)" <(\w+), ([^>]*)>.*: tensor<([^>]*)>$', re.M)

DEFAULT = [
    ("Linear", dict(in_features=6, out_features=4)), ("Linear", dict(in_features=6, out_features=4, bias=False)),
    ("Bilinear", dict(in1_features=5, in2_features=3, out_features=4)), ("Identity", {}),
    ("Conv1d", dict(in_channels=4, out_channels=6, kernel_size=3, groups=2)),
    ("Conv2d", dict(in_channels=4, out_channels=6, kernel_size=[3, 2], padding="same", padding_mode="reflect")),
    ("Conv3d", dict(in_channels=2, out_channels=3, kernel_size=2, bias=False)),
    ("ConvTranspose1d", dict(in_channels=4, out_channels=6, kernel_size=3, groups=2)),
    ("ConvTranspose2d", dict(in_channels=4, out_channels=6, kernel_size=3, stride=2, output_padding=1)),
    ("ConvTranspose3d", dict(in_channels=2, out_channels=3, kernel_size=2)),
    *[(f"BatchNorm{n}d", dict(num_features=5)) for n in (1, 2, 3)],
    ("BatchNorm2d", dict(num_features=5, affine=False)), ("BatchNorm2d", dict(num_features=5, bias=False)),
    ("BatchNorm2d", dict(num_features=5, track_running_stats=False)),
    *[(f"InstanceNorm{n}d", dict(num_features=5)) for n in (1, 2, 3)],
    ("InstanceNorm2d", dict(num_features=5, affine=True, track_running_stats=True)),
    ("LayerNorm", dict(normalized_shape=[3, 4])), ("LayerNorm", dict(normalized_shape=4, bias=False)),
    ("LayerNorm", dict(normalized_shape=4, elementwise_affine=False)),
    ("GroupNorm", dict(num_groups=2, num_channels=6)), ("GroupNorm", dict(num_groups=2, num_channels=6, affine=False)),
    ("RMSNorm", dict(normalized_shape=4)), ("RMSNorm", dict(normalized_shape=4, elementwise_affine=False)),
    ("LocalResponseNorm", dict(size=3)),
    *[(name, {}) for name in "ReLU ReLU6 LeakyReLU ELU SELU CELU GELU SiLU Mish Sigmoid Tanh LogSigmoid Hardswish "
      "Hardsigmoid Hardtanh Softplus Softsign Tanhshrink Softshrink Hardshrink GLU Softmax2d".split()],
    ("Threshold", dict(threshold=0.1, value=2.0)), ("PReLU", {}), ("RReLU", {}), ("PReLU", dict(num_parameters=5, init=0.1)),
    *[(name, dict(dim=-1)) for name in ("Softmin", "Softmax", "LogSoftmax")],
    *[(f"{kind}Pool{n}d", dict(kernel_size=2)) for kind in ("Max", "Avg") for n in (1, 2, 3)],
    *[(f"LPPool{n}d", dict(norm_type=2.0, kernel_size=2)) for n in (1, 2, 3)],
    *[(f"Adaptive{kind}Pool{n}d", dict(output_size=2)) for kind in ("Max", "Avg") for n in (1, 2, 3)],
    *[(f"ConstantPad{n}d", dict(padding=1, value=0.5)) for n in (1, 2, 3)],
    *[(f"{kind}Pad{n}d", dict(padding=1)) for kind in ("Zero", "Reflection", "Replication", "Circular")
      for n in (1, 2, 3)],
    *[(name, dict(p=0.3)) for name in
      ("Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout")],
    ("Embedding", dict(num_embeddings=40, embedding_dim=7)),
    ("Embedding", dict(num_embeddings=40, embedding_dim=7, padding_idx=-2)),
    *[("EmbeddingBag", dict(num_embeddings=40, embedding_dim=7, mode=mode)) for mode in ("sum", "mean", "max")],
    ("EmbeddingBag", dict(num_embeddings=40, embedding_dim=7, padding_idx=3)),
    *[(name, dict(input_size=5, hidden_size=4, num_layers=2, bidirectional=True, dropout=0.1))
      for name in ("RNN", "LSTM", "GRU")],
    ("LSTM", dict(input_size=5, hidden_size=4, proj_size=2, bias=False)),
    ("RNN", dict(input_size=5, hidden_size=4, nonlinearity="relu")),
    *[(name, dict(input_size=5, hidden_size=4)) for name in ("RNNCell", "LSTMCell", "GRUCell")],
    ("MultiheadAttention", dict(embed_dim=8, num_heads=2)),
    ("MultiheadAttention", dict(embed_dim=8, num_heads=2, kdim=5, vdim=3, add_bias_kv=True)),
    ("MultiheadAttention", dict(embed_dim=8, num_heads=2, bias=False, batch_first=True, add_zero_attn=True)),
    *[(f"Transformer{kind}Layer", dict(d_model=8, nhead=2, dim_feedforward=12)) for kind in ("Encoder", "Decoder")],
    ("TransformerEncoderLayer", dict(d_model=8, nhead=2, dim_feedforward=12, bias=False, norm_first=True,
                                     batch_first=True, activation="gelu")),
    ("TransformerEncoder", dict(num_layers=2, encoder_layer=dict(d_model=8, nhead=2, dim_feedforward=12),
                                norm=dict(type="LayerNorm", normalized_shape=8))),
    ("TransformerDecoder", dict(num_layers=2, decoder_layer=dict(d_model=8, nhead=2, dim_feedforward=12))),
    ("Transformer", dict(d_model=8, nhead=2, dim_feedforward=12, num_encoder_layers=2, num_decoder_layers=1)),
    ("Flatten", {}), ("Unflatten", dict(dim=1, unflattened_size=[2, 3])), ("PixelShuffle", dict(upscale_factor=2)),
    ("PixelUnshuffle", dict(downscale_factor=2)), ("ChannelShuffle", dict(groups=2)),
    ("Upsample", dict(scale_factor=2.0)), ("Upsample", dict(size=[4, 6], mode="bilinear", align_corners=True)),
    ("UpsamplingNearest2d", dict(scale_factor=2)), ("UpsamplingBilinear2d", dict(size=5)),
    ("Sequential", dict(layers=[
        dict(type="Conv2d", in_channels=3, out_channels=4, kernel_size=3), dict(type="torch.nn.BatchNorm2d", num_features=4),
        dict(type="Sequential", layers=[dict(type="ReLU", inplace=True), dict(type="Flatten"),
                                        dict(type="Linear", in_features=16, out_features=2)])])),
]


def build(name, config):
    """The torch module that a blueprint's class and config stand for."""
    def layer(spec):
        return build(spec["type"].removeprefix("torch.nn."), {k: v for k, v in spec.items() if k != "type"})
    config = dict(config)
    if name == "Sequential":
        return torch.nn.Sequential(*map(layer, config["layers"]))
    for key, kind in (("encoder_layer", "TransformerEncoderLayer"), ("decoder_layer", "TransformerDecoderLayer")):
        if key in config:
            config[key] = build(kind, config[key])
    if "norm" in config:
        config["norm"] = layer(config["norm"])
    for key, value in config.items():
        if isinstance(value, list):
            config[key] = tuple(value)
    return getattr(torch.nn, name)(**config)


def imported(name, config):
    """(name, kind, init, numbers, shape, element) of each param and buffer, in the order of the text."""
    blueprint = dict(metadata=dict(blueprint_id="x", name="x", category="custom"),
                     architecture=dict(module_type="torch.nn." + name, config=config))
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(blueprint, file)
        file.flush()
        done = subprocess.run(["tez-translate", "--import-blueprint", file.name], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    rows = []
    for kind, path, init, numbers, tensor in STATE.findall(done.stdout):
        *shape, element = tensor.split("x")
        values = [float(n) for n in re.findall(r"-?\d[\d.e+-]*", numbers.replace("zero_row", ","))]
        rows.append((path, kind, init, values, tuple(map(int, shape)), element))
    return rows


def as_state_dict(rows, prefix=""):
    """torch's order: a module's parameters, its buffers, then its children."""
    own = [r for r in rows if "." not in r[0][len(prefix):]]
    order = [r for r in own if r[1] == "param"] + [r for r in own if r[1] == "buffer"]
    children = dict.fromkeys(r[0][len(prefix):].split(".")[0] for r in rows if r not in own)
    for child in children:
        inner = f"{prefix}{child}."
        order += as_state_dict([r for r in rows if r[0].startswith(inner)], inner)
    return order


def check_values(row, draws):
    """Fresh values of one tensor against its initialiser; empty, or what is wrong."""
    _, _, init, numbers, _, _ = row
    values = torch.cat([d.double().reshape(-1) for d in draws])
    if init == "constant":
        return "" if (values == torch.tensor(numbers[0], dtype=torch.float32).double()).all() else f"constant {numbers[0]}, torch has {values[0]}"
    if init == "uniform":
        low, high = numbers[:2]
        inside = values.min() >= low * 1.000001 and values.max() <= high * 1.000001
        return "" if inside and values.max() > 0.9 * high and values.min() < 0.9 * low else \
            f"uniform {low} to {high}, torch has {values.min():.6f} to {values.max():.6f}"
    if len(numbers) > 2:
        zero = int(numbers[2])
        if any(d[zero].abs().max() > 0 for d in draws):
            return f"row {zero} is not zero in torch"
        values = torch.cat([torch.cat([d[:zero], d[zero + 1:]]).double().reshape(-1) for d in draws])
    error = 6 / math.sqrt(2 * len(values))
    good = abs(values.std() / numbers[1] - 1) < error and abs(values.mean() - numbers[0]) < error * numbers[1] * 2
    return "" if good else f"normal {numbers[:2]}, torch has std {values.std():.5f}, mean {values.mean():.5f}"


def check(name, config):
    """What differs between the import and torch."""
    rows = as_state_dict(imported(name, config))
    torch.manual_seed(0)
    # Enough draws that the extremes of a uniform come near its bounds.
    modules = [build(name, config) for _ in range(60)]
    expected = modules[0].state_dict()
    if [r[0] for r in rows] != list(expected):
        return [f"state dict {[r[0] for r in rows]}, torch has {list(expected)}"]
    trained = {n for n, _ in modules[0].named_parameters()}
    faults = []
    for row in rows:
        path, kind, _, _, shape, element = row
        value = expected[path]
        if tuple(value.shape) != shape or (kind == "param") != (path in trained) or \
                (element == "i64") != (value.dtype == torch.long):
            faults.append(f"{path}: {kind} {shape} {element}, torch has {tuple(value.shape)} {value.dtype}")
        elif fault := check_values(row, [m.state_dict()[path] for m in modules]):
            faults.append(f"{path}: {fault}")
    return faults


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-v", action="store_true", help="name the classes that agree, too")
    parser.add_argument("classes", nargs="*")
    arguments = parser.parse_args()
    bad = 0
    for name, config in DEFAULT:
        if arguments.classes and name not in arguments.classes:
            continue
        try:
            faults = check(name, config)
        except RuntimeError as error:
            faults = [str(error)]
        bad += bool(faults)
        if faults or arguments.v:
            print(f"{'FAIL' if faults else 'ok  '} {name} {config}")
        for fault in faults:
            print("     " + fault)
    print(f"{len(DEFAULT)} rows, {bad} differ")
    return 1 if bad else 0


if __name__ == "__main__":
    os.environ["PATH"] = os.pathsep.join([os.environ.get("TEZ_BIN", "build/bin"), os.environ["PATH"]])
    sys.exit(main())
