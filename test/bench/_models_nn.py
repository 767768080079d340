"""Small networks of torch.nn, as people write them."""
import torch
from torch import nn
from torch.nn import functional


class ResidualMlp(nn.Module):
    def __init__(self, width=32, depth=3):
        super().__init__()
        self.blocks = nn.ModuleList(nn.Sequential(nn.LayerNorm(width), nn.Linear(width, 2 * width), nn.SiLU(),
                                                  nn.Linear(2 * width, width)) for _ in range(depth))

    def forward(self, x):
        for block in self.blocks:
            x = x + block(x)
        return x


class TextClassifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(50, 16, padding_idx=0)
        self.lstm = nn.LSTM(16, 12, num_layers=2, batch_first=True, bidirectional=True)
        self.head = nn.Linear(24, 3)

    def forward(self, tokens):
        return self.head(self.lstm(self.embedding(tokens))[0].mean(1))


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(8, 12, batch_first=True)
        self.head = nn.Linear(12, 5)

    def forward(self, x):
        return functional.log_softmax(self.head(self.gru(x)[0]), -1)


class Gpt(nn.Module):
    """A decoder with causal attention and tied nothing."""

    class Block(nn.Module):
        def __init__(self, width, heads):
            super().__init__()
            self.heads = heads
            self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)
            self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
            self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(approximate="tanh"), nn.Linear(4 * width, width))

        def forward(self, x):
            batch, length, width = x.shape
            q, k, v = self.qkv(self.first(x)).split(width, -1)
            q, k, v = (part.view(batch, length, self.heads, width // self.heads).transpose(1, 2) for part in (q, k, v))
            y = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
            x = x + self.out(y.transpose(1, 2).reshape(batch, length, width))
            return x + self.mlp(self.second(x))

    def __init__(self, vocabulary=40, width=32, length=12):
        super().__init__()
        self.tokens, self.positions = nn.Embedding(vocabulary, width), nn.Embedding(length, width)
        self.blocks = nn.ModuleList(self.Block(width, 4) for _ in range(2))
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, vocabulary, bias=False)

    def forward(self, tokens):
        x = self.tokens(tokens) + self.positions(torch.arange(tokens.shape[1]))
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x))


class MaskedAttention(nn.Module):
    """Attention in its parts, with the mask in a buffer."""

    def __init__(self, width=16, length=10):
        super().__init__()
        self.qkv = nn.Linear(width, 3 * width)
        self.register_buffer("mask", torch.tril(torch.ones(length, length)).view(1, 1, length, length).bool())

    def forward(self, x):
        batch, length, width = x.shape
        q, k, v = self.qkv(x).view(batch, length, 3, 4, width // 4).permute(2, 0, 3, 1, 4).unbind(0)
        scores = (q @ k.transpose(-2, -1)) / (width // 4) ** 0.5
        scores = scores.masked_fill(~self.mask[:, :, :length, :length], float("-inf"))
        return (scores.softmax(-1) @ v).transpose(1, 2).flatten(2)


class Unet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down, self.middle, self.up = self.convs(3, 8), self.convs(8, 16), self.convs(24, 8)
        self.head = nn.Conv2d(8, 2, 1)

    @staticmethod
    def convs(inside, outside):
        return nn.Sequential(nn.Conv2d(inside, outside, 3, padding=1), nn.BatchNorm2d(outside), nn.ReLU(inplace=True))

    def forward(self, x):
        left = self.down(x)
        low = functional.interpolate(self.middle(functional.max_pool2d(left, 2)), scale_factor=2, mode="bilinear")
        return self.head(self.up(torch.cat([left, low], 1)))


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Conv2d(1, 8, 3, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(8, 16, 3, 2, 1))
        self.decoder = nn.Sequential(nn.ConvTranspose2d(16, 8, 4, 2, 1), nn.GroupNorm(2, 8), nn.ReLU(),
                                     nn.ConvTranspose2d(8, 1, 4, 2, 1), nn.Sigmoid())

    def forward(self, x):
        return self.decoder(self.encoder(x))


class Tcn(nn.Module):
    """Causal convolutions over time."""

    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(nn.utils.parametrizations.weight_norm(nn.Conv1d(4 if step == 1 else 8, 8, 3, dilation=step))
                                    for step in (1, 2, 4))

    def forward(self, x):
        for layer in self.layers:
            x = functional.relu(layer(functional.pad(x, (2 * layer.dilation[0], 0))))
        return x.amax(-1)


class MixtureDensity(nn.Module):
    """Several results of one trunk."""

    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(6, 24), nn.Tanh())
        self.weight, self.mean, self.scale = nn.Linear(24, 4), nn.Linear(24, 4), nn.Linear(24, 4)

    def forward(self, x):
        x = self.trunk(x)
        return self.weight(x).softmax(-1), self.mean(x), functional.softplus(self.scale(x)) + 1e-4


def _gan():
    return nn.Sequential(nn.Conv2d(3, 8, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, inplace=True),
                         nn.Conv2d(8, 16, 4, 2, 1, bias=False), nn.InstanceNorm2d(16), nn.LeakyReLU(0.2, inplace=True),
                         nn.Flatten(), nn.Linear(16 * 16, 1))


def _encoder(layers):
    layer = nn.TransformerEncoderLayer(32, 4, 64, dropout=0.0, batch_first=True, norm_first=layers > 1)
    return layer if layers == 1 else nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)


IMAGE = (3, 16, 16)
ROWS = [  # name, constructor, shapes of the arguments without the batch (an int: so many tokens, below 40)
    ("nn: MLP with GELU", lambda: nn.Sequential(nn.Linear(16, 32), nn.GELU(), nn.Dropout(0.1), nn.Linear(32, 4)), [(16,)]),
    ("nn: residual MLP", ResidualMlp, [(32,)]),
    ("nn: mixture density network", MixtureDensity, [(6,)]),
    ("nn: bidirectional LSTM over tokens", TextClassifier, [9]),
    ("nn: GRU tagger", Tagger, [(7, 8)]),
    ("nn: TransformerEncoderLayer", lambda: _encoder(1), [(9, 32)]),
    ("nn: TransformerEncoder", lambda: _encoder(2), [(9, 32)]),
    ("nn: TransformerDecoderLayer", lambda: nn.TransformerDecoderLayer(32, 4, 64, dropout=0.0, batch_first=True),
     [(5, 32), (9, 32)]),
    ("nn: Transformer", lambda: nn.Transformer(16, 2, 1, 1, 32, dropout=0.0, batch_first=True), [(5, 16), (4, 16)]),
    ("nn: GPT", Gpt, [12]),
    ("nn: masked attention in its parts", MaskedAttention, [(10, 16)]),
    ("nn: U-Net", Unet, [IMAGE]),
    ("nn: convolutional autoencoder", Autoencoder, [(1, 16, 16)]),
    ("nn: temporal convolutions, weight norm", Tcn, [(4, 20)]),
    ("nn: discriminator of a GAN", _gan, [IMAGE]),
]
