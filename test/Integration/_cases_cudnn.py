"""Kernels that call cuDNN's fused operators, without a GPU: the graph as loaded, its shapes on fake tensors of a GPU, and
its numbers with CPU operators registered in the place of cuDNN's, which torch has for CUDA only."""
import contextlib
import pathlib
import re
import tempfile

import torch
from torch import nn
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.nn import functional as F

from _cases_hosts import recompile, reference_of, to_device
from _compare import difference, flatten, materialise
from _forms import graph, module

RELU, ADD_RELU = "cudnn_convolution_relu", "cudnn_convolution_add_relu"
FLAGS = ("--for=infer", "--target=cuda")


def convolution(x, weight, *arguments):
    assert x.dim() == weight.dim(), "cuDNN takes images with a batch only"
    return (F.conv2d if x.dim() == 4 else F.conv3d)(x, weight, *arguments)


def relu_stand_in(x, weight, bias, stride, padding, dilation, groups):
    return F.relu(convolution(x, weight, bias, stride, padding, dilation, groups))


def add_relu_stand_in(x, weight, z, alpha, bias, stride, padding, dilation, groups):
    made = convolution(x, weight, bias, stride, padding, dilation, groups)
    assert made.shape == z.shape and made.dtype == z.dtype, "cuDNN does not broadcast, nor look"
    return F.relu(made + z * alpha)


@contextlib.contextmanager
def stand_ins(key):
    with torch.library._scoped_library("aten", "IMPL") as library:
        library.impl(RELU, relu_stand_in, key)
        library.impl(ADD_RELU, add_relu_stand_in, key)
        yield


@contextlib.contextmanager
def compiled(case, *options):
    """The kernel with the weights of the case's module, and that module."""
    reference = reference_of(case).eval()
    with tempfile.TemporaryDirectory() as folder:
        torch.save(reference.state_dict(), f"{folder}/w.pt")
        pathlib.Path(folder, "k.pt").write_bytes(recompile(case, *FLAGS, f"--weights={folder}/w.pt", *options))
        yield torch.jit.load(f"{folder}/k.pt"), reference


def calls(*wanted, options=()):
    """The operators in the graph, in order; without the pass there are none."""
    def check(path, case):
        for more, expected in ((), wanted), (("--disable-pass=esper-fuse-convolution",), ()):
            with compiled(case, *options, *more) as (kernel, _):
                found = re.findall(r"aten::(cudnn\w*)\(", str(kernel.graph))
            assert found == list(expected), found
    return check


def same(kernel, reference, call, tolerance, device):
    inputs = [x.detach().float().to(device) for x in materialise(call, 3)]
    for ours, torchs in zip(flatten(kernel(*inputs)), flatten(reference(*inputs)), strict=True):
        assert torch.allclose(ours, torchs, rtol=tolerance, atol=tolerance), difference(ours, torchs)


def numbers(*shapes, options=(), tolerance=1e-4):
    """The module's own results for the case's calls and for inputs of other shapes, those without a batch among them. On a
    GPU, where there is one, by cuDNN itself, which may round factors to TF32."""
    def check(path, case):
        with compiled(case, *options) as (kernel, reference), torch.no_grad():
            for call in [*case.calls, *([shape] for shape in shapes)]:
                with stand_ins("CPU"):
                    same(kernel, reference, call, tolerance, "cpu")
            if torch.cuda.is_available():
                kernel, reference = kernel.cuda(), reference.cuda()
                for call in [*case.calls, *([shape] for shape in shapes)]:
                    same(kernel, reference, call, max(tolerance, 1e-2), "cuda")
    return check


def fake(path, case):
    with compiled(case) as (kernel, reference):
        shapes = [t.shape for t in flatten(reference(*[torch.zeros(shape) for shape in case.calls[0]]))]
        with FakeTensorMode(allow_non_fake_inputs=True), stand_ins("Meta"):
            to_device(kernel, "cuda")
            results = flatten(kernel(*[torch.empty(shape, device="cuda") for shape in case.calls[0]]))
        assert [(t.shape, t.device.type) for t in results] == [(shape, "cuda") for shape in shapes], results


def refused_by_cpu(path, case):
    """By torch, in its own words."""
    with compiled(case) as (kernel, _):
        try:
            kernel(*[torch.zeros(shape) for shape in case.calls[0]])
        except (NotImplementedError, RuntimeError) as error:
            assert "Could not run 'aten::cudnn_convolution" in str(error), error
        else:
            raise AssertionError("the CPU ran an operator of cuDNN")


CONV = dict(in_channels=8, out_channels=8, kernel_size=3, padding=1, bias=False)
NORM = dict(type="batch_norm", num_features=8)
BLOCK = dict(
    nodes=[("x", "input", dict(shape=[-1, 8, 6, 5])), ("c1", "conv2d", CONV), ("b1", "normalization", NORM), ("a1", "activation", dict(type="relu")),
           ("c2", "conv2d", CONV), ("b2", "normalization", NORM), ("s", "add"), ("a2", "activation", dict(type="relu")), ("y", "output")],
    edges=["x>c1", "c1>b1", "b1>a1", "a1>c2", "c2>b2", "a1>s", "b2>s", "s>a2", "a2>y"])


def block(n, x):
    x = F.relu(n["b1"](n["c1"](x)))
    return F.relu(x + n["b2"](n["c2"](x)))


def block_modules():
    conv = lambda: nn.Conv2d(8, 8, 3, padding=1, bias=False)  # noqa: E731
    return dict(c1=conv(), b1=nn.BatchNorm2d(8), c2=conv(), b2=nn.BatchNorm2d(8))


def cases():
    bf16 = ("--precision=bf16",)
    checks = (calls(RELU, ADD_RELU), numbers((3, 8, 6, 5)), fake, refused_by_cpu,
              calls(RELU, ADD_RELU, options=bf16), numbers(options=bf16, tolerance=0.1))
    yield graph("cudnn-block", BLOCK["nodes"], BLOCK["edges"], block, [((2, 8, 6, 5),)], block_modules, checks=checks)
    layers = [dict(type="Conv2d", in_channels=4, out_channels=8, kernel_size=[3, 2], stride=[2, 1], padding=[1, 0],
                   dilation=[1, 2]), dict(type="ReLU"), dict(type="MaxPool2d", kernel_size=2)]
    yield module("cudnn-uneven", "Sequential", dict(layers=layers), [((2, 4, 8, 9),)],
                 checks=(calls(RELU), numbers((4, 8, 9), (0, 4, 8, 9)), fake))
    layers = [dict(type="Conv3d", in_channels=4, out_channels=4, kernel_size=2), dict(type="ReLU")]
    yield module("cudnn-volume", "Sequential", dict(layers=layers), [((2, 4, 4, 3, 5),)],
                 checks=(calls(RELU), numbers((4, 4, 3, 5)), fake))
    layers = [dict(type="Conv1d", in_channels=2, out_channels=3, kernel_size=2), dict(type="ReLU")]
    yield module("cudnn-none", "Sequential", dict(layers=layers), [((2, 2, 4),)], checks=(calls(), numbers((2, 4))))
