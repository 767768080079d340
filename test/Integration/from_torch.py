#!/usr/bin/env python
"""Models of PyTorch through tezzeret.compile and from_exported: values, gradients, names, modes, and what is refused.

    from_torch.py
"""
import math
import os
import pathlib
import pickle
import sys
import tempfile
import warnings

import torch
from torch import nn
from torch.nn import functional

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "python"))
os.environ.setdefault("TEZ", str(pathlib.Path(os.environ.get("TEZ_BIN", ROOT / "build/bin")) / "tez"))
import tezzeret  # noqa: E402

BOUND = 1e-9


class Net(nn.Module):
    """State of every kind: parameters, running statistics, a counter, a table of integers, something unused."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(1, 1, 8))
        self.conv, self.norm = nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8)
        self.unused = nn.Linear(2, 2)
        self.register_buffer("order", torch.tensor([2, 0, 1]))
        self.blocks = nn.ModuleList([nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)])
        self.drop = nn.Dropout(0.0)
        self.lstm = nn.LSTM(8, 6, batch_first=True)
        self.head = nn.Linear(6, 4)

    def forward(self, x):
        x = functional.relu(self.norm(self.conv(x)), inplace=True)
        x = functional.adaptive_avg_pool2d(x, (3, 1)).flatten(2).transpose(1, 2)[:, self.order]
        x = torch.cat([self.scale.expand(x.shape[0], -1, -1), x], 1)
        x[:, 0] *= 2
        for block in self.blocks:
            x = block(x)
        y, _ = self.lstm(self.drop(x))
        return self.head(y), y.amax((1, 2))


def largest(ours, theirs):
    return max((a - b).abs().max().item() for a, b in zip(ours, theirs, strict=True))


def test_training():
    model, example = Net(), torch.randn(1, 3, 6, 6)
    model.norm.eval()
    kernel = tezzeret.compile(model, (example,), for_="train")
    assert model.training and not model.norm.training, "modes are put back"
    assert list(kernel.module.state_dict()) == list(model.state_dict()), "names and order of the state dict"
    assert all(verdict.passed for verdict in kernel.verdicts), kernel
    assert {"outputs", "gradients"} <= {verdict.check for verdict in kernel.verdicts}, kernel
    ours, theirs = kernel.module.double(), model.double().train()
    x = torch.randn(5, 3, 6, 6, dtype=torch.float64)  # another batch than traced
    for module in (ours, theirs):
        first, second = module(x)
        (first.square().sum() + second.sum()).backward()
    mine = dict(ours.named_parameters())
    pairs = [(mine[name].grad, value.grad) for name, value in theirs.named_parameters() if value.grad is not None]
    assert largest(*zip(*pairs)) < BOUND
    assert mine["unused.weight"].grad is None
    assert largest(ours.buffers(), theirs.buffers()) < BOUND, "running statistics and their counter"
    ours.eval(), theirs.eval()
    assert largest(ours(x), theirs(x)) < BOUND


def test_inference():
    model = Net().eval()
    x = torch.randn(3, 3, 6, 6)
    kernel = tezzeret.compile(model, (x,), for_="infer", validate=False)
    assert largest(kernel(x), model(x)) < 1e-5
    assert not any(parameter.requires_grad for parameter in kernel.module.parameters())
    still = tezzeret.compile(model, (x,), for_="infer", validate=False, dynamic_shapes=None)
    assert "tensor<3x3x6x6xf32>" in still.blueprint and "tensor<?x3x6x6xf32>" in kernel.blueprint


def test_exported():
    program = torch.export.export(nn.Sequential(nn.Linear(4, 3), nn.GELU()), (torch.randn(2, 4),),
                                  dynamic_shapes=({0: torch.export.Dim("rows")},))
    kernel = tezzeret.from_exported(program, name="gelu", validate=False)
    x = torch.randn(7, 4)
    assert torch.allclose(kernel(x), program.module()(x), atol=1e-6)
    core = torch.export.export(Net().eval(), (torch.randn(2, 3, 6, 6),)).run_decompositions()  # torch's core operators
    kernel = tezzeret.from_exported(core, for_="infer", validate=False)
    x = torch.randn(2, 3, 6, 6)
    assert largest(kernel(x), core.module()(x)) < 1e-5
    program = torch.export.export(nn.Linear(4, 3), (torch.randn(2, 5, 4),),
                                  dynamic_shapes=({1: torch.export.Dim("length")},))
    said = refusal(lambda: tezzeret.from_exported(program))
    assert "dimension 1 of the input" in str(said) and "expected dimension 0" in str(said), said


class Chooses(nn.Module):
    """Comparisons, logic, choices by what only a call tells, whole numbers, rounding; arguments in a star."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Linear(4, 4), nn.Linear(4, 4)
        self.second.weight = self.first.weight

    def forward(self, *inputs):
        x, n = inputs
        y = self.second(torch.tanh(self.first(x)))
        kept = (y > 0.1) & ~(x < -0.5) | (n.unsqueeze(1) == 2)
        y = torch.where(kept, y, 0.1 * x).masked_fill(x.isnan(), 7.0)
        picked = torch.gather(y, 1, torch.stack([n, x.argmax(1)], 1)) * torch.fmax(x, y)[:, :2]
        rest = torch.fmod(x, 0.3) + x % 0.7 + torch.trunc(3 * x) + x.detach() // 0.1
        return (picked, rest, (y > 0).sum(1), kept.any(1), (3 * x).long(), x.std(1), kept.flip(1), torch.atan2(y, x).detach(),
                torch.pow(x, torch.arange(4)), x.argmax(1, keepdim=True).expand(-1, 3))


def test_choices():
    model, n = Chooses(), torch.tensor([0, 2, 3])
    kernel = tezzeret.compile(model, (torch.randn(3, 4), n)).module.double()
    assert "second.weight" not in dict(kernel.named_parameters()), "tied tensors are one parameter"
    model = model.double()
    x = torch.randn(5, 4, dtype=torch.float64)
    x[1, 2], x[3] = float("nan"), 0
    for _ in range(2):
        results, leaves = [], []
        for module in (kernel, model):
            module.zero_grad()
            leaf = x.clone().requires_grad_()
            made = module(leaf, torch.tensor([3, 1, 2, 0, 2]))
            sum(part.nan_to_num().square().sum() for part in made if part.requires_grad).backward()
            results.append(made), leaves.append(leaf.grad)
        for ours, theirs in zip(*results, strict=True):
            assert ours.dtype == theirs.dtype and torch.allclose(ours, theirs, BOUND, BOUND, equal_nan=True), (ours, theirs)
        assert torch.allclose(*leaves, BOUND, BOUND, equal_nan=True), leaves
        mine = dict(kernel.named_parameters())["first.weight"].grad
        assert torch.allclose(mine, model.first.weight.grad, BOUND, BOUND, equal_nan=True)


class Unsupported(nn.Module):
    def forward(self, x):
        x = torch.special.bessel_j0(x)  # first
        y = torch.digamma(x)  # second, made of the first
        return y + torch.special.bessel_j0(y)


def refusal(call, kind=tezzeret.CompilationError):
    try:
        call()
    except kind as error:
        return error
    raise AssertionError(f"expected {kind.__name__}")


def test_refusals():
    said = refusal(lambda: tezzeret.compile(Unsupported(), (torch.randn(2, 3),)), tezzeret.UnsupportedOperators)
    assert [call.operator for call in said.calls] == ["aten.special_bessel_j0.default", "aten.digamma.default",
                                                      "aten.special_bessel_j0.default"], said
    assert all(pathlib.Path(call.file).name == "from_torch.py" for call in said.calls), said
    lines = pathlib.Path(__file__).read_text().splitlines()
    assert "# first" in lines[said.calls[0].line - 1] and "# second" in lines[said.calls[1].line - 1], said
    assert said.phase == "import" and "digamma" in said.operator and "from_torch.py" in said.place
    again = pickle.loads(pickle.dumps(said))
    assert type(again) is type(said) and str(again) == str(said)

    class Branches(nn.Module):
        def forward(self, x):
            return x if x.sum() > 0 else -x
    said = refusal(lambda: tezzeret.compile(Branches(), (torch.randn(2, 3),)), tezzeret.ImportFailed)
    assert "data-dependent" in str(said), said

    class Forgotten(nn.Module):
        def __init__(self):
            super().__init__()
            self.norm = nn.InstanceNorm1d(3, track_running_stats=True)

        def forward(self, x):
            self.norm(x)
            return x * 2
    said = refusal(lambda: tezzeret.compile(Forgotten(), (torch.randn(2, 3, 4),)), tezzeret.UnsupportedOperators)
    assert [call.operator for call in said.calls] == ["aten.instance_norm.default"] and "self.norm(x)" in str(said), said
    tezzeret.compile(Forgotten(), (torch.randn(2, 3, 4),), for_="infer")

    said = refusal(lambda: tezzeret.compile({"type": "linear", "config": {"input_size": -4}}), tezzeret.BlueprintRefused)
    assert said.place.startswith("config.input_size") and said.diagnostics[0].line == 1, said
    refusal(lambda: tezzeret.compile(nn.Linear(2, 2), (torch.randn(2, 2),), for_="fun"), tezzeret.UsageError)
    refusal(lambda: tezzeret.compile(nn.Linear(2, 2), (torch.randn(2, 2),), no_such_option=1), tezzeret.UsageError)
    refusal(lambda: tezzeret.inspect("/nowhere/K.pt"), tezzeret.EnvironmentFailed)


def test_statistics():
    """Of norms that nobody uses, and of one that is called twice; with torch's default, and as means of all batches."""
    for momentum in (0.1, None):
        check_statistics(momentum)


def check_statistics(momentum):
    class Norms(nn.Module):
        def __init__(self):
            super().__init__()
            self.unused, self.twice = nn.BatchNorm1d(3, momentum=momentum), nn.BatchNorm1d(3, momentum=momentum)
            self.bent = nn.RReLU()

        def forward(self, x):
            self.unused(x * 2)
            return self.bent(self.twice(self.twice(x) + x))
    model = Norms()
    compiled = tezzeret.compile(model, (torch.randn(4, 3),))
    assert model.twice.momentum == momentum, model.twice
    kernel = torch.jit.load(compiled.path).double()
    model.double()
    for number in range(6):
        x = torch.randn(3 + number, 3, dtype=torch.float64)
        for training in (True, False):
            results = []
            for module in (kernel, model):
                torch.manual_seed(number)
                results.append(module.train(training)(x))
            assert torch.allclose(*results, rtol=1e-12, atol=1e-12), (number, training)
            for (name, ours), theirs in zip(kernel.named_buffers(), model.buffers(), strict=True):
                assert torch.allclose(ours, theirs, rtol=1e-12, atol=1e-12), (number, training, name)


class Roots(nn.Module):
    """Elements cut off in front of functions with an infinite slope there."""

    def __init__(self):
        super().__init__()
        self.pools = nn.ModuleList(nn.LPPool2d(p, k) for p in (2, 1, 3, 1.5, -1, 0.5) for k in (1, 2))

    def forward(self, x):
        cut = [x.relu(), (x - 0.1).clamp(min=0), functional.relu6(x), functional.hardtanh(x, 0, 2), torch.where(x > 0, x, 0.0), functional.threshold(x, 0, 0)]
        angles = torch.acos(x.clamp(-1, 1)) + torch.asin(functional.hardtanh(x))
        return sum(pool(x.relu()).sum() for pool in self.pools), sum(one.sqrt() + one ** 0.3 for one in cut), angles


def test_roots():
    """From the second call on TorchScript's executor has derivatives of its own."""
    x = torch.randn(2, 2, 4, 4)
    x[0, 0], x[:, 1, :2] = -1.5, 0.0
    compiled = tezzeret.compile(Roots(), (x,))  # the file goes with it
    kernel = torch.jit.load(compiled.path).double()
    for number in range(4):
        found = []
        for module in (kernel, Roots()):
            leaf = x.double().requires_grad_()
            results = module(leaf)
            torch.autograd.backward(results, [torch.linspace(0.5, 1.5, r.numel(), dtype=r.dtype).reshape(r.shape) for r in results])
            found.append([*results, leaf.grad])
        for ours, theirs in zip(*found, strict=True):
            assert torch.allclose(ours, theirs, rtol=1e-10, atol=1e-10, equal_nan=True), (number, (ours - theirs).abs().max())
    assert found[1][-1].isfinite().all(), "eager torch has other zeros"


class Quotients(nn.Module):
    def forward(self, x):
        return x / math.sqrt(6), 0.1 / x


def test_quotients():
    """By numbers that fp32 does not hold: they are none of the state, and exact in fp64."""
    x = torch.linspace(0.5, 3, 12).reshape(3, 4)
    compiled = tezzeret.compile(Quotients(), (x,))  # the file goes with it
    kernel = torch.jit.load(compiled.path).double()
    assert not kernel.state_dict()
    for ours, theirs in zip(kernel(x.double()), Quotients()(x.double()), strict=True):
        assert torch.equal(ours, theirs), (ours - theirs).abs().max()


def test_results():
    blueprint = {"type": "linear", "config": {"input_size": 4, "hidden_sizes": [3], "output_size": 2}}
    analysis = tezzeret.check(blueprint)
    assert analysis.verdict == "pass" and "flops" in str(analysis.costs), analysis
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "<K>.pt"
        kernel = tezzeret.compile(blueprint, output=path)
        assert "gradients" in repr(kernel) and "&lt;K&gt;.pt" in kernel._repr_html_() and "<K>" not in kernel._repr_html_()
        assert "<td>outputs</td>" in kernel.verdicts[0]._repr_html_(), kernel.verdicts
        assert tezzeret.validate(path).passed and "gradients" in repr(tezzeret.validate(path))
        found = tezzeret.inspect(path)
        assert found.metadata["parameter_count"] == 23 and found.verdicts and "sha256" in repr(found)
        tezzeret.verify(path)
        copied = kernel.save(pathlib.Path(folder) / "copy.pt")
        assert copied.read_bytes() == path.read_bytes()


def test_backend():
    import tezzeret.backend  # noqa: F401  registers it
    model, x = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2)).eval(), torch.randn(3, 4)
    fast = torch.compile(model, backend="tezzeret", dynamic=False, options={"validate": False})
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        assert torch.allclose(fast(x), model(x), atol=1e-6)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        y = torch.compile(lambda x: torch.special.bessel_j0(x) + 1, backend="tezzeret")(x)
    assert torch.allclose(y, torch.special.bessel_j0(x) + 1)
    assert any("bessel_j0" in str(one.message) for one in said), [str(one.message) for one in said]


def main():
    torch.manual_seed(0)
    for test in (test_training, test_inference, test_exported, test_choices, test_statistics, test_roots, test_quotients, test_refusals,
                 test_results, test_backend):
        test()
        print(f"{test.__name__}: ok", flush=True)


if __name__ == "__main__":
    main()
