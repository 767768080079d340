"""A kernel file against the torch module that it stands for: names, outputs, buffers and gradients in fp64."""
import copy
import dataclasses
import warnings
from typing import Callable

import torch

TOLERANCE = 1e-5


@dataclasses.dataclass
class Case:
    """A blueprint, the torch module it means, and the inputs of the calls to compare.

    An input is a shape (a tuple: standard normal), a tensor, or None (left out). With `ordered` false the state dict's
    order is free; `checks` are extra functions of (path of the kernel file, case); `runs` is how often the first call
    is repeated in training, since TorchScript's executor optimises a graph, gradients too, after it has seen some."""
    name: str
    blueprint: dict
    reference: Callable[[], torch.nn.Module]
    calls: list
    ordered: bool = True
    options: tuple = ()
    checks: tuple = ()
    runs: int = 3
    tolerance: float = TOLERANCE


def flatten(value):
    """The tensors in nested results, in torch's order."""
    if isinstance(value, torch.Tensor):
        return [value]
    return [] if value is None else [tensor for part in value for tensor in flatten(part)]


def perturb(module, seed):
    """Values under which every parameter and buffer shows in the results: nothing stays one or zero."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for p in module.parameters():
            p += 0.1 * torch.randn(p.shape, generator=generator)
        for name, b in module.named_buffers():
            if b.is_floating_point():
                noise = torch.randn(b.shape, generator=generator)
                b.copy_(1 + noise.abs() if "var" in name else noise)


def materialise(call, seed):
    """Fresh leaves for one call, the same for the same seed."""
    generator = torch.Generator().manual_seed(seed)
    leaves = []
    for given in call:
        if isinstance(given, tuple):
            given = torch.randn(given, generator=generator, dtype=torch.float64)
        leaves.append(given if given is None or not given.is_floating_point()
                      else given.detach().double().clone().requires_grad_())
    return leaves


def arguments_of(leaves):
    """Inputs that are left out at the end are not passed at all."""
    arguments = list(leaves)
    while arguments and arguments[-1] is None:
        arguments.pop()
    return arguments


def shared_memory(module, call, seed):
    """Outputs that lie in an input, in state or in another output, as lines. Of torch's own modules some do."""
    leaves = materialise(call, seed)
    owners = [*((f"input {i}", leaf) for i, leaf in enumerate(leaves) if leaf is not None), *module.state_dict().items()]
    found = []
    for i, output in enumerate(flatten(module(*arguments_of(leaves)))):
        memory = output.untyped_storage().data_ptr()
        found += [f"output {i} lies in {name}" for name, other in owners
                  if output.numel() and other.untyped_storage().data_ptr() == memory]
        owners.append((f"output {i}", output))
    return found


def evaluate(module, call, train, seed):
    """Everything that one call shows: outputs, buffers, gradients of parameters and inputs, by name."""
    module.train(train)
    module.zero_grad(set_to_none=True)
    leaves = materialise(call, seed)
    arguments = arguments_of(leaves)
    torch.manual_seed(seed)
    outputs = flatten(module(*arguments))
    generator = torch.Generator().manual_seed(seed + 1)
    terms = [(o, torch.randn(o.shape, generator=generator, dtype=torch.float64))
             for o in outputs if o.is_floating_point()]
    terms = [(o, g) for o, g in terms if o.requires_grad]
    if terms:
        torch.autograd.backward([o for o, _ in terms], [g for _, g in terms])
    found = {f"output {i}": o.detach() for i, o in enumerate(outputs)}
    found |= {f"buffer {name}": b.detach().clone() for name, b in module.named_buffers()}
    found |= {f"gradient {name}": gradient(p) for name, p in module.named_parameters()}
    found |= {f"gradient of input {i}": gradient(leaf) for i, leaf in enumerate(leaves)
              if leaf is not None and leaf.requires_grad}
    return found


def gradient(leaf):
    return torch.zeros_like(leaf) if leaf.grad is None else leaf.grad.detach().clone()


def difference(ours, torchs, tolerance=TOLERANCE):
    """Empty, or how two tensors differ."""
    if ours.shape != torchs.shape:
        return f"shape {list(ours.shape)}, torch has {list(torchs.shape)}"
    if ours.dtype != torchs.dtype:
        return f"dtype {ours.dtype}, torch has {torchs.dtype}"
    if torch.allclose(ours, torchs, rtol=tolerance, atol=tolerance, equal_nan=True):
        return ""
    far = (ours.double() - torchs.double()).abs()
    return f"off by up to {far.max():.3e} (torch's values up to {torchs.double().abs().max():.3e})"


def adopt(path, module, ordered=True):
    """The kernel with torch's own weights, both in fp64; raises when names, order, shapes or kinds differ."""
    kernel = torch.jit.load(path)
    ours, torchs = list(kernel.state_dict()), list(module.state_dict())
    if ours != torchs if ordered else sorted(ours) != sorted(torchs):
        raise AssertionError(f"state dict {ours[:12]}, torch has {torchs[:12]}")
    trained = [name for name, _ in kernel.named_parameters()]
    if sorted(trained) != sorted(name for name, _ in module.named_parameters()):
        raise AssertionError(f"parameters {trained[:12]}")
    kernel.load_state_dict(module.state_dict(), strict=True)
    return kernel.double(), copy.deepcopy(module).double()


def compare(path, case, modes=(False, True)):
    """What differs, as lines; empty when the kernel is right."""
    torch.manual_seed(1)
    module = case.reference()
    perturb(module, 2)
    problems = []
    for number, call in enumerate(case.calls):
        for train in modes:
            kernel, reference = adopt(path, module, case.ordered)
            seed = 10 * number + 3
            for _ in range(case.runs if train and number == 0 else 1):
                torchs = evaluate(reference, call, train, seed)
                ours = evaluate(kernel, call, train, seed)
            where = f"call {number} in {'train' if train else 'eval'} mode: "
            if list(ours) != list(torchs) and sorted(ours) != sorted(torchs):
                problems.append(f"{where}{sorted(set(ours) ^ set(torchs))[:8]} on one side only")
            for name in sorted(ours.keys() & torchs.keys()):
                if wrong := difference(ours[name], torchs[name], case.tolerance):
                    problems.append(f"{where}{name}: {wrong}")
            problems += [where + line for line in shared_memory(kernel, call, seed)]
    for check in case.checks:
        check(path, case)
    return problems


warnings.filterwarnings("ignore", message=".*torch.jit.*")
