"""What hosts do with a kernel file: infer, given weights, same bytes, copies, scripts, meta, fake cuda."""
import copy
import json
import os
import pathlib
import subprocess
import tempfile

import torch
from torch import nn
from torch._subclasses.fake_tensor import FakeTensorMode

from _cases_architectures import Attention, conv, custom, linear
from _compare import Case, adopt, difference, evaluate, flatten, materialise, perturb
from _forms import arch, module

SMALL = dict(
    linear=(linear, dict(input_size=6, hidden_sizes=[5, 4], output_size=3, dropout=0.2), ((3, 6),)),
    conv=(conv, dict(in_channels=2, out_channels=[3, 4], kernel_sizes=[3, 3], strides=[1, 1], paddings=[1, 1]), ((2, 2, 12, 12),)),
    attention=(Attention, dict(embed_dim=8, num_heads=2, dropout=0.1), ((2, 3, 8),)),
    custom=(custom, dict(dim=5, num_blocks=2), ((2, 5),)))
MODULES = dict(
    LSTM=(dict(input_size=5, hidden_size=4, num_layers=2, dropout=0.3), ((4, 2, 5),)),
    TransformerEncoderLayer=(dict(d_model=8, nhead=2, dim_feedforward=12), ((4, 2, 8),)),
    InstanceNorm2d=(dict(num_features=3, track_running_stats=True), ((2, 3, 4, 5),)),
    BatchNorm1d=(dict(num_features=5), ((4, 5),)),
    MultiheadAttention=(dict(embed_dim=8, num_heads=2, add_bias_kv=True, add_zero_attn=True), ((4, 2, 8),) * 3),
    GRU=(dict(input_size=5, hidden_size=4, bidirectional=True), ((4, 2, 5),)),
    Embedding=(dict(num_embeddings=5, embedding_dim=3), (torch.tensor([[1, 2], [4, 0]]),)))


def tez(*arguments):
    program = pathlib.Path(os.environ.get("TEZ_BIN", "build/bin")) / "tez"
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=False)


def recompile(case, *options, suffix=".pt"):
    """The bytes that a second command writes."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = pathlib.Path(folder, "b.json"), pathlib.Path(folder, "other" + suffix)
        source.write_text(json.dumps(case.blueprint))
        done = tez("compile", source, "-o", target, *options)
        assert done.returncode == 0, done.stderr
        return target.read_bytes()


def same_bytes(path, case):
    assert recompile(case, *case.options) == pathlib.Path(path).read_bytes(), "a second compile writes other bytes"


def reference_of(case):
    torch.manual_seed(1)
    made = case.reference()
    perturb(made, 2)
    return made


def same_results(ours, torchs):
    for name in torchs:
        if wrong := difference(ours[name], torchs[name]):
            raise AssertionError(f"{name}: {wrong}")


def deep_copy(path, case):
    kernel, _ = adopt(path, reference_of(case))
    kernel = copy.deepcopy(kernel)
    for p in kernel.parameters():  # torch copies a script module's parameters as results of clone
        p.detach_().requires_grad_()
    for train in (False, True):
        _, reference = adopt(path, reference_of(case))
        kernel.load_state_dict(reference.state_dict())
        same_results(evaluate(kernel, case.calls[0], train, 3), evaluate(reference, case.calls[0], train, 3))


class Host(nn.Module):
    def __init__(self, kernel):
        super().__init__()
        self.kernel = kernel

    def forward(self, x):
        return self.kernel(x)


def scripted_host(path, case):
    kernel, reference = adopt(path, reference_of(case))
    host = torch.jit.script(Host(kernel)).eval()
    inputs = materialise(case.calls[0], 3)
    for ours, torchs in zip(flatten(host(*inputs)), flatten(reference.eval()(*inputs))):
        assert not difference(ours.detach(), torchs.detach())
    assert [n for n, _ in host.named_parameters()] == ["kernel." + n for n, _ in reference.named_parameters()]


def meta(path, case):
    kernel = torch.jit.load(path, map_location="meta")
    inputs = [t if t is None else torch.empty(t, device="meta") if isinstance(t, tuple) else t.to("meta")
              for t in case.calls[0]]
    shapes = [list(t.shape) for t in flatten(reference_of(case)(*[
        torch.zeros(t) if isinstance(t, tuple) else t for t in case.calls[0]]))]
    assert [list(t.shape) for t in flatten(kernel(*inputs))] == shapes


def to_device(script_module, device):
    """Each parameter and buffer replaced by an empty tensor of the device, submodules included."""
    inner = script_module._c
    for name, tensor in [*script_module._parameters.items(), *script_module._buffers.items()]:
        if tensor is not None:
            inner.setattr(name, torch.empty(tensor.shape, dtype=tensor.dtype, device=device))
    for child in script_module.children():
        to_device(child, device)


def fake_cuda(path, case):
    for train in (False, True):
        kernel = torch.jit.load(path).train(train)
        # cuDNN's recurrent kernels ask for the driver even of fake tensors.
        with FakeTensorMode(allow_non_fake_inputs=True), torch.backends.cudnn.flags(enabled=False):
            to_device(kernel, "cuda")
            inputs = [torch.empty(t, device="cuda") if isinstance(t, tuple) else torch.empty(t.shape, dtype=t.dtype, device="cuda")
                      for t in case.calls[0]]
            results = flatten(kernel(*inputs))
        assert results and all(t.device.type == "cuda" for t in results), [t.device for t in results]


def given_weights(path, case):
    """--weights of a .pt and a .safetensors: the kernel starts with just these."""
    from safetensors.torch import save_file
    state = reference_of(case).state_dict()
    with tempfile.TemporaryDirectory() as folder:
        torch.save(state, f"{folder}/w.pt")
        save_file({k: v.contiguous() for k, v in state.items()}, f"{folder}/w.safetensors")
        for file in ("w.pt", "w.safetensors"):
            pathlib.Path(folder, "k.pt").write_bytes(recompile(case, f"--weights={folder}/{file}"))
            loaded = torch.jit.load(f"{folder}/k.pt").state_dict()
            assert list(loaded) == list(state)
            for name in state:
                assert torch.equal(loaded[name], state[name]), f"{file}: {name}"
        missing, name = dict(state), list(state)[0]
        missing["surplus.tensor"] = missing.pop(name)
        torch.save(missing, f"{folder}/bad.pt")
        pathlib.Path(folder, "b.json").write_text(json.dumps(case.blueprint))
        done = tez("compile", f"{folder}/b.json", "-o", f"{folder}/none.pt", f"--weights={folder}/bad.pt")
        assert done.returncode and name in done.stderr, done.stderr
        assert not os.path.exists(f"{folder}/none.pt")


def inferring(path, case):
    """--for=infer with torch's weights against torch's results in eval mode, in fp32."""
    reference = reference_of(case).eval()
    with tempfile.TemporaryDirectory() as folder:
        torch.save(reference.state_dict(), f"{folder}/w.pt")
        pathlib.Path(folder, "k.pt").write_bytes(recompile(case, "--for=infer", f"--weights={folder}/w.pt"))
        kernel = torch.jit.load(f"{folder}/k.pt")
    with torch.no_grad():
        inputs = [t if t is None else t.detach().float() if t.is_floating_point() else t for t in materialise(case.calls[0], 3)]
        for ours, torchs in zip(flatten(kernel(*inputs)), flatten(reference(*inputs)), strict=True):
            assert torch.allclose(ours, torchs, rtol=1e-4, atol=1e-4), difference(ours, torchs)
    kernel.double()


CHECKS = dict(bytes=same_bytes, copy=deep_copy, script=scripted_host, meta=meta, cuda=fake_cuda, weights=given_weights,
              infer=inferring)


def cases():
    for tag, check in CHECKS.items():
        options = ("--target=cuda",) if tag == "cuda" else ()
        for name, (make, config, call) in SMALL.items():
            yield arch(f"host-{tag}-{name}", name, config, lambda m=make, c=config: m(**c), [call], checks=(check,), options=options)
        for name, (config, call) in MODULES.items():
            if tag == "script" and name in ("MultiheadAttention",):
                continue
            yield module(f"host-{tag}-{name}", name, config, [call], checks=(check,), options=options)
