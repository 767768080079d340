"""Form 1d: recurrent, attention and transformer classes, Sequential, and the blueprint library's nn forms."""
import torch
from torch import nn

from _forms import module

SEQUENCE = (4, 2, 5)


def recurrent_cases():
    sizes = dict(input_size=5, hidden_size=4)
    settings = {"plain": {}, "deep": dict(num_layers=2, dropout=0.3), "both-ways": dict(bidirectional=True),
                "deep-both-ways": dict(num_layers=3, bidirectional=True, dropout=0.5), "no-bias": dict(bias=False),
                "batch-first": dict(batch_first=True, num_layers=2)}
    for name in ("RNN", "LSTM", "GRU"):
        for tag, more in settings.items():
            layers = more.get("num_layers", 1) * (2 if "both" in tag else 1)
            batch = 4 if more.get("batch_first") else 2
            states = [(layers, batch, 4)] * (2 if name == "LSTM" else 1)
            calls = [(SEQUENCE,), ((1, 1, 5),)]
            if name != "LSTM":
                calls.append((SEQUENCE, *states))
            yield module(f"nn-{name}-{tag}", name, sizes | more, calls)
    yield module("nn-LSTM-projected", "LSTM", sizes | dict(proj_size=2, num_layers=2), [(SEQUENCE,)])
    yield module("nn-LSTM-projected-both-ways", "LSTM", sizes | dict(proj_size=2, bidirectional=True), [(SEQUENCE,)])
    yield module("nn-RNN-relu", "RNN", sizes | dict(nonlinearity="relu"), [(SEQUENCE,)])
    for name in ("RNNCell", "GRUCell"):
        yield module(f"nn-{name}", name, sizes, [((2, 5),), ((2, 5), (2, 4))])
    yield module("nn-LSTMCell", "LSTMCell", sizes, [((2, 5),)])
    yield module("nn-RNNCell-relu", "RNNCell", sizes | dict(nonlinearity="relu", bias=False), [((2, 5),)])


class WithStates(nn.LSTM):
    """The kernel takes the states one by one."""
    def forward(self, x, h0=None, c0=None):
        return super().forward(x, None if h0 is None else (h0, c0))


def state_cases():
    config = dict(input_size=5, hidden_size=4, num_layers=2)
    yield module("nn-LSTM-states", "LSTM", config, [(SEQUENCE, (2, 2, 4), (2, 2, 4))], lambda: WithStates(**config))


def attention_cases():
    def case(tag, config, calls, seeds=None):
        return module(f"nn-MultiheadAttention-{tag}", "MultiheadAttention", dict(embed_dim=8, num_heads=2) | config, calls)
    three = ((4, 2, 8), (5, 2, 8), (5, 2, 8))
    first = ((2, 4, 8), (2, 5, 8), (2, 5, 8))
    yield case("default", {}, [three])
    yield case("batch-first", dict(batch_first=True), [first])
    yield case("dropout", dict(dropout=0.3, batch_first=True), [first])
    yield case("no-bias", dict(bias=False), [three])
    yield case("kdim", dict(kdim=5, vdim=3), [((4, 2, 8), (5, 2, 5), (5, 2, 3))])
    yield case("kdim-batch-first", dict(kdim=5, vdim=3, batch_first=True), [((2, 4, 8), (2, 5, 5), (2, 5, 3))])
    yield case("vdim", dict(vdim=3, bias=False), [((4, 2, 8), (5, 2, 8), (5, 2, 3))])
    yield case("bias-kv", dict(add_bias_kv=True), [three])
    yield case("zero-attn", dict(add_zero_attn=True), [three])
    yield case("all", dict(add_bias_kv=True, add_zero_attn=True, dropout=0.2, kdim=5, vdim=3, batch_first=True),
               [((2, 4, 8), (2, 5, 5), (2, 5, 3))])


def transformer_cases():
    layer = dict(d_model=8, nhead=2, dim_feedforward=12)
    settings = {"default": {}, "no-dropout": dict(dropout=0.0), "gelu": dict(activation="gelu"),
                "norm-first": dict(norm_first=True), "batch-first": dict(batch_first=True), "no-bias": dict(bias=False),
                "eps": dict(layer_norm_eps=0.1, norm_first=True, batch_first=True, activation="gelu", dropout=0.5)}
    for tag, more in settings.items():
        yield module(f"nn-TransformerEncoderLayer-{tag}", "TransformerEncoderLayer", layer | more, [((4, 3, 8),)])
        yield module(f"nn-TransformerDecoderLayer-{tag}", "TransformerDecoderLayer", layer | more,
                     [((4, 3, 8), (4, 3, 8))])
    norm = dict(type="LayerNorm", normalized_shape=8)
    yield module("nn-TransformerEncoder", "TransformerEncoder", dict(encoder_layer=layer, num_layers=2), [((4, 3, 8),)])
    yield module("nn-TransformerEncoder-norm", "TransformerEncoder",
                 dict(encoder_layer=layer | dict(batch_first=True), num_layers=3, norm=norm), [((4, 3, 8),)])
    yield module("nn-TransformerDecoder", "TransformerDecoder", dict(decoder_layer=layer, num_layers=2, norm=norm),
                 [((4, 3, 8), (5, 3, 8))])
    whole = dict(d_model=8, nhead=2, dim_feedforward=12, num_encoder_layers=2, num_decoder_layers=1)
    # The optimised run draws the decoder's masks before the encoder's: as good, but another order than torch's.
    yield module("nn-Transformer", "Transformer", whole, [((4, 3, 8), (5, 3, 8))], runs=1)
    yield module("nn-Transformer-no-dropout", "Transformer", whole | dict(dropout=0.0), [((4, 3, 8), (5, 3, 8))])
    yield module("nn-Transformer-batch-first", "Transformer", whole | dict(batch_first=True, norm_first=True),
                 [((3, 4, 8), (3, 5, 8))], runs=1)


def sequential_cases():
    def case(tag, layers, *shapes, **more):
        return module(f"nn-Sequential-{tag}", "Sequential", dict(layers=layers), [(s,) for s in shapes], **more)
    lin = lambda i, o: dict(type="Linear", in_features=i, out_features=o)
    yield case("mlp", [lin(6, 12), dict(type="GELU"), dict(type="Dropout", p=0.1), lin(12, 6)], (3, 6), (2, 3, 6), (6,))
    yield case("named", [dict(lin(6, 12), type="torch.nn.Linear"), dict(type="torch.nn.SiLU"), lin(12, 6)], (3, 6))
    yield case("library", [lin(768, 3072), dict(type="GELU"), dict(type="Dropout", p=0.1), lin(3072, 768)], (2, 768))
    yield case("nested", [lin(6, 5), dict(type="Sequential", layers=[
        dict(type="Tanh"), dict(type="Sequential", layers=[lin(5, 4), dict(type="ReLU")])]), lin(4, 2)], (3, 6))
    yield case("image", [dict(type="Conv2d", in_channels=3, out_channels=4, kernel_size=3), dict(type="BatchNorm2d", num_features=4),
                         dict(type="ReLU"), dict(type="MaxPool2d", kernel_size=2), dict(type="AdaptiveAvgPool2d", output_size=2),
                         dict(type="Flatten"), lin(16, 2)], (2, 3, 9, 8))
    yield case("sequence", [dict(type="Conv1d", in_channels=3, out_channels=4, kernel_size=3, padding=1),
                            dict(type="BatchNorm1d", num_features=4), dict(type="ELU"), dict(type="Dropout1d", p=0.5)], (2, 3, 9))
    yield case("batch-norm-flat", [lin(6, 5), dict(type="BatchNorm1d", num_features=5), dict(type="ReLU"), lin(5, 2)], (4, 6))
    yield case("norms", [lin(6, 6), dict(type="LayerNorm", normalized_shape=6), dict(type="RMSNorm", normalized_shape=6),
                         dict(type="GroupNorm", num_groups=2, num_channels=6)], (4, 6))
    yield case("embedding", [dict(type="Embedding", num_embeddings=7, embedding_dim=4), lin(4, 3)], torch.tensor([[1, 6, 0]]))
    yield case("lstm-last", [lin(6, 5), dict(type="LSTM", input_size=5, hidden_size=4, batch_first=True)], (2, 3, 6))
    yield case("encoder", [lin(6, 8), dict(type="TransformerEncoderLayer", d_model=8, nhead=2, dim_feedforward=9, batch_first=True),
                           lin(8, 1)], (2, 3, 6))
    yield case("upsample", [dict(type="ConvTranspose2d", in_channels=2, out_channels=4, kernel_size=2, stride=2),
                            dict(type="PixelShuffle", upscale_factor=2), dict(type="Upsample", scale_factor=2)], (2, 2, 3, 4))
    yield case("dropouts", [dict(type="Dropout", p=0.5), lin(6, 6), dict(type="Dropout", p=0.2), dict(type="AlphaDropout", p=0.1)], (4, 6))
    yield case("one", [lin(6, 5)], (3, 6))
    yield case("flatten-unflatten", [dict(type="Flatten"), lin(12, 8), dict(type="Unflatten", dim=1, unflattened_size=[2, 4]),
                                     dict(type="Softmax", dim=-1)], (3, 3, 4))


def library_cases():
    yield module("library-attention", "MultiheadAttention", dict(embed_dim=768, num_heads=12, dropout=0.1, batch_first=True),
                 [((1, 2, 768), (1, 3, 768), (1, 3, 768))])
    yield module("library-split", "MultiheadAttention",
                 dict(embed_dim=768, num_heads=12, dropout=0.1, batch_first=True, kdim=384, vdim=384),
                 [((1, 2, 768), (1, 3, 384), (1, 3, 384))])


def cases():
    for part in (recurrent_cases, state_cases, attention_cases, transformer_cases, sequential_cases, library_cases):
        yield from part()
