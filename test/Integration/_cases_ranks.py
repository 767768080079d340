"""Calls of another rank than a module's kernel declares: torch's own results, or a clean refusal; never others."""
import copy

import torch

from _compare import adopt, flatten
from _forms import module


def results(network, shape):
    """The results in both modes, or None for those that were refused."""
    found = []
    for train in (False, True):
        torch.manual_seed(5)
        inputs = [torch.randn(shape, dtype=torch.float64)]
        try:
            found.append(flatten(copy.deepcopy(network).train(train)(*inputs)))
        except (RuntimeError, torch.jit.Error):
            found.append(None)
    return found


def as_torch(*shapes):
    def check(path, case):
        kernel, reference = adopt(path, case.reference())
        for shape in shapes:
            for ours, torchs in zip(results(kernel, shape), results(reference, shape)):
                assert ours is not None and torchs is not None, f"{shape} is refused"
                assert all(torch.allclose(a, b) for a, b in zip(ours, torchs, strict=True)), f"{shape}"
    return check


def refused(declared, *shapes):
    """The message names the input and both ranks, and nothing was counted before it."""
    def check(path, _):
        for train in (False, True):
            kernel = torch.jit.load(path).train(train)
            before = {name: b.clone() for name, b in kernel.named_buffers()}
            for shape in shapes:
                try:
                    kernel(torch.randint(0, 4, shape) if declared == 2 and "Bag" in path else torch.randn(shape))
                except torch.jit.Error as error:
                    wanted = f"input has rank {len(shape)}, expected {declared}"
                    assert wanted in str(error), f"{shape}: {error}"
                else:
                    raise AssertionError(f"{shape} is taken")
            assert all(torch.equal(before[name], b) for name, b in kernel.named_buffers())
    return check


FIXED = dict(
    InstanceNorm1d=(dict(num_features=5, track_running_stats=True), (2, 5, 6), (5, 6), (2, 5, 6, 3)),
    InstanceNorm2d=(dict(num_features=5), (2, 5, 6, 3), (5, 6, 3), (2, 5, 6, 3, 2)),
    InstanceNorm3d=(dict(num_features=5), (2, 5, 6, 3, 2), (5, 6, 3, 2)),
    Dropout1d=(dict(p=0.5), (2, 5, 6), (5, 6), (2, 5, 6, 3)),
    Dropout3d=(dict(p=0.5), (2, 5, 6, 3, 2), (5, 6, 3, 2), (2, 5, 6)),
    LocalResponseNorm=(dict(size=3), (2, 5, 6, 3), (2, 5, 6), (2, 5, 6, 3, 2)),
    Softmax=({}, (2, 5), (5,), (2, 5, 6)),
    Upsample=(dict(scale_factor=2), (2, 3, 4, 5), (2, 3, 4), (2, 3, 4, 5, 2)),
    UpsamplingNearest2d=(dict(size=5), (2, 3, 4, 5), (2, 3, 4)),
    GRU=(dict(input_size=5, hidden_size=4), (3, 2, 5), (3, 5), (2, 3, 2, 5), (2, 3, 2, 3, 5)),
    LSTM=(dict(input_size=5, hidden_size=4, batch_first=True), (3, 2, 5), (3, 5), (2, 3, 2, 5)),
)

# Without a batch, or in whatever rank torch has no opinion about.
OPEN = dict(
    Conv2d=(dict(in_channels=3, out_channels=4, kernel_size=2, padding=1), (2, 3, 4, 5), (3, 4, 5)),
    ConvTranspose1d=(dict(in_channels=3, out_channels=4, kernel_size=2), (2, 3, 4), (3, 4)),
    MaxPool1d=(dict(kernel_size=2), (2, 3, 4), (3, 4)),
    AvgPool3d=(dict(kernel_size=2), (2, 3, 4, 5, 4), (3, 4, 5, 4)),
    AdaptiveAvgPool2d=(dict(output_size=[2, None]), (2, 3, 4, 5), (3, 4, 5)),
    ReflectionPad2d=(dict(padding=1), (2, 3, 4, 5), (3, 4, 5)),
    BatchNorm1d=(dict(num_features=3), (2, 3), (2, 3, 4)),
    Dropout2d=(dict(p=0.5), (2, 3, 4, 5), (2, 3, 4), (2, 3, 4, 5, 2)),
    FeatureAlphaDropout=(dict(p=0.5), (2, 3, 4), (2, 3), (2, 3, 4, 5)),
    Flatten=({}, (2, 3, 4, 5), (2, 3), (2, 3, 4, 2, 3)),
    GroupNorm=(dict(num_groups=3, num_channels=3), (2, 3, 4, 5), (2, 3, 4), (2, 3, 4, 5, 2)),
)


def cases():
    for name, (config, good, *others) in FIXED.items():
        yield module(f"rank-{name}", name, config, [(good,)], checks=(refused(len(good), *others),))
    bag = torch.tensor([[1, 2], [4, 0]])
    yield module("rank-EmbeddingBag", "EmbeddingBag", dict(num_embeddings=5, embedding_dim=3), [(bag,)],
                 checks=(refused(2, (3,), (2, 3, 2)),))
    layers = [dict(type="Linear", in_features=4, out_features=4), dict(type="Dropout1d")]
    yield module("rank-Sequential", "Sequential", dict(layers=layers), [((2, 3, 4),)], checks=(refused(3, (3, 4)),))
    for name, (config, good, *others) in OPEN.items():
        yield module(f"rank-{name}", name, config, [(good,)], checks=(as_torch(*others),))
