"""Kernel files in plain torch: random weights for one, two compared."""
import warnings

import torch

from _graph import concrete

# fp64 throughout, so that only a folding can differ by more: it rounds its results to fp32.
TOLERANCE = 1e-4
warnings.filterwarnings("ignore")
torch.set_num_threads(1)


def write_random_weights(kernel, path, seed):
    """A state dict in which no statistic, scale or shift is what it is in a fresh kernel."""
    generator = torch.Generator().manual_seed(seed)
    state = torch.jit.load(str(kernel)).state_dict()
    for name, tensor in state.items():
        if not tensor.is_floating_point():
            continue
        noise = torch.randn(tensor.shape, generator=generator)
        if "running_var" in name:
            state[name] = 0.3 + noise.abs()
        elif tensor.dim() < 2:
            state[name] = tensor + 0.5 * noise
    torch.save(state, path)


def tensors(value):
    return [value] if isinstance(value, torch.Tensor) else [t for part in value for t in tensors(part)]


def arguments(inputs, seed):
    generator = torch.Generator().manual_seed(seed)
    for value in inputs:
        shape = concrete(value.shape)
        if value.below:
            yield torch.randint(value.below, shape, generator=generator)
        else:
            yield torch.randn(shape, generator=generator, dtype=torch.float64)


def results(kernel, given):
    module = torch.jit.load(str(kernel)).double().eval()
    torch.manual_seed(0)
    with torch.no_grad():
        return tensors(module(*given))


def difference(train, infer, inputs, seed):
    """Empty, or how the outputs of two kernels differ."""
    given = list(arguments(inputs, seed))
    try:
        expected, found = results(train, given), results(infer, given)
    except RuntimeError as error:
        return str(error)
    if len(expected) != len(found):
        return f"{len(found)} outputs, expected {len(expected)}"
    for i, (left, right) in enumerate(zip(found, expected)):
        if left.shape != right.shape or left.dtype != right.dtype:
            return f"output {i} is {left.dtype} {list(left.shape)}, expected {right.dtype} {list(right.shape)}"
        if left.numel() == 0:
            continue
        left, right = left.double(), right.double()
        scale = 1 + right[right.isfinite()].abs().max().item() if right.isfinite().any() else 1
        same = (left == right) | (left.isnan() & right.isnan()) | ((left - right).abs() <= TOLERANCE * scale)
        if not same.all():
            return f"output {i} differs by {(left - right).abs().max().item():.3g}, of {scale:.3g}"
    return ""
