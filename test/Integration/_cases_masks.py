"""Masks of attention and of transformers in graphs: numbers and booleans, by position and by name."""
import torch
from torch import nn

from _forms import graph

Y = ("y", "output")
CAUSAL = torch.ones(3, 3, dtype=torch.bool).triu(1)
PADDED = torch.tensor([[False, False, True], [False, True, True]])
SEQUENCE = (2, 3, 8)


def feed(name, shape, dtype="float32"):
    return (name, "input", dict(shape=shape, dtype=dtype))


def attention_cases():
    config = dict(embed_dim=8, num_heads=2, batch_first=True)
    X, names = feed("x", [-1, 3, 8]), ["x>n", "x>n", "x>n"]

    def case(tag, masks, edges, call, inputs, more=None):
        attributes = config | (more or {})
        return graph(f"mask-attention-{tag}", [X, *masks, ("n", "torch.nn.MultiheadAttention", attributes), Y], [*names, *edges, "n>y"],
                     lambda m, x, *given: call(m["n"], x, *given), [(SEQUENCE, *inputs)],
                     lambda: dict(n=nn.MultiheadAttention(**attributes)))
    yield case("numbers", [feed("m", [3, 3])], ["m>n:attn_mask"], lambda n, x, m: n(x, x, x, attn_mask=m), [(3, 3)])
    yield case("causal", [feed("m", [3, 3], "bool")], ["m>n:attn_mask"], lambda n, x, m: n(x, x, x, attn_mask=m), [CAUSAL])
    yield case("heads", [feed("m", [-1, 3, 3])], ["m>n:attn_mask"], lambda n, x, m: n(x, x, x, attn_mask=m), [(4, 3, 3)])
    yield case("padding", [feed("p", [-1, 3], "bool")], ["p>n"], lambda n, x, p: n(x, x, x, p), [PADDED])
    yield case("both", [feed("m", [3, 3]), feed("p", [-1, 3], "bool")], ["m>n:attn_mask", "p>n:key_padding_mask"],
               lambda n, x, m, p: n(x, x, x, p, attn_mask=m), [(3, 3), PADDED], dict(add_bias_kv=True, add_zero_attn=True))
    # Without weights torch gives zeros to a query that sees nothing; the last of a sample sees nothing here.
    blind = CAUSAL.flip(0)
    yield graph("mask-attention-blind", [X, feed("m", [3, 3], "bool"), feed("p", [-1, 3], "bool"), ("n", "attention", config), Y],
                ["x>n", "m>n:attn_mask", "p>n:key_padding_mask", "n>y"],
                lambda m, x, a, p: m["n"](x, x, x, p, attn_mask=a, need_weights=False)[0],
                [(SEQUENCE, blind, PADDED | torch.tensor([[True, False, False]] * 2))], lambda: dict(n=nn.MultiheadAttention(**config)))


def transformer_cases():
    layer = dict(d_model=8, nhead=2, dim_feedforward=6, dropout=0.0, batch_first=True)
    X, memory = feed("x", [-1, 3, 8]), feed("t", [-1, 3, 8])
    yield graph("mask-encoder", [X, feed("m", [3, 3]), feed("p", [-1, 3], "bool"),
                                 ("n", "torch.nn.TransformerEncoder", dict(encoder_layer=layer, num_layers=2, enable_nested_tensor=False)), Y],
                ["x>n", "p>n:src_key_padding_mask", "m>n:mask", "n>y"], lambda m, x, a, p: m["n"](x, a, p), [(SEQUENCE, (3, 3), PADDED)],
                lambda: dict(n=nn.TransformerEncoder(nn.TransformerEncoderLayer(**layer), 2, enable_nested_tensor=False)))
    yield graph("mask-decoder", [X, memory, feed("m", [3, 3], "bool"), feed("p", [-1, 3], "bool"), ("n", "torch.nn.TransformerDecoderLayer", layer), Y],
                ["x>n", "t>n", "m>n:tgt_mask", "p>n:memory_key_padding_mask", "n>y"],
                lambda m, x, t, a, p: m["n"](x, t, a, memory_key_padding_mask=p), [(SEQUENCE, SEQUENCE, CAUSAL, PADDED)],
                lambda: dict(n=nn.TransformerDecoderLayer(**layer)))
    whole = layer | dict(num_encoder_layers=1, num_decoder_layers=1)
    yield graph("mask-transformer", [X, memory, feed("m", [3, 3], "bool"), feed("p", [-1, 3], "bool"), ("n", "torch.nn.Transformer", whole), Y],
                ["x>n", "t>n", "m>n:tgt_mask", "p>n:src_key_padding_mask", "p>n:memory_key_padding_mask", "n>y"],
                lambda m, x, t, a, p: m["n"](x, t, tgt_mask=a, src_key_padding_mask=p, memory_key_padding_mask=p),
                [(SEQUENCE, SEQUENCE, CAUSAL, PADDED)], lambda: dict(n=nn.Transformer(**whole)))


def cases():
    yield from attention_cases()
    yield from transformer_cases()
