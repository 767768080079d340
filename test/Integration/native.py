#!/usr/bin/env python
"""Machine code of kernel files, called from torch and from C, beside the graph in the same file.

    native.py [-v] [COUNT]

Random kernels (odd widths among them) at many numbers of rows must agree with their graph in fp64; and the same bits for
any number of threads and any other rows of the batch. What machine code does not take, the graph must answer.
"""
import copy
import ctypes
import json
import os
import pathlib
import pickle
import random
import subprocess
import sys
import tempfile
import threading
import zipfile

import torch
from torch.testing._internal.optests import opcheck

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "python"))
import tezzeret  # noqa: E402
from tezzeret._native import NativeKernel  # noqa: E402

TEZ = pathlib.Path(os.environ.get("TEZ_BIN", ROOT / "build/bin")) / "tez"
FLAGS = ["--for=infer", "--tier=aggressive", "--bench-budget=0"]
ACTIVATIONS = ["relu", "gelu", "silu", "tanh", "sigmoid", "leaky_relu", "elu", "hardswish", "hardsigmoid", "softplus", "mish"]
WIDTHS = [1, 3, 5, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 100, 129]
ROWS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 33, 64, 97, 200, 1000]


def node(name, op, **attributes):
    return {"id": name, "op_type": op, "attributes": attributes}


def graph(nodes, edges, shape):
    whole = [node("input", "input", shape=shape), *nodes, node("output", "output")]
    links = [dict(zip(("source", "target"), edge.split(">")), id=f"e{i}") for i, edge in enumerate(edges)]
    return {"id": "native", "name": "native", "version": 1, "nodes": whole, "edges": links}


def random_kernel(chance):
    """A few linears, activations, gates, sums, norms, softmaxes and columns moved in a row."""
    width = first = chance.choice(WIDTHS)
    nodes, edges, last = [], [], "input"

    def add(op, *sources, **attributes):
        name = f"n{len(nodes)}"
        nodes.append(node(name, op, **attributes))
        edges.extend(f"{source}>{name}" for source in sources)
        return name

    for _ in range(chance.randint(1, 4)):
        wide, bias = chance.choice([*WIDTHS, 700]), chance.random() < 0.8
        linear = add("linear", last, in_features=width, out_features=wide, bias=bias)
        kind = chance.randint(0, 3)
        if kind == 0:
            linear = add("activation", linear, type=chance.choice(ACTIVATIONS))
        elif kind == 1:
            gate = add("activation", add("linear", last, in_features=width, out_features=wide), type="silu")
            linear = add("multiply", linear, gate)
        elif kind == 2 and wide == width:
            linear = add("add", linear, last)
        if chance.random() < 0.4:
            linear = add("normalization", linear, type=chance.choice(["layer_norm", "rms_norm"]), normalized_shape=[wide])
        if chance.random() < 0.15:
            linear = add("activation", linear, type="softmax", dim=-1)
        if chance.random() < 0.2:  # with what came before
            linear, wide = add("concat", linear, last, dim=-1), wide + width
        if wide > 2 and chance.random() < 0.15:
            linear, wide = add("slice", linear, dim=-1, start=1, end=wide - 1), wide - 2
        last, width = linear, wide
    middle = chance.choice([[], [], [-1], [3], [-1, 2]])
    return graph(nodes, [*edges, f"{last}>output"], [-1, *middle, first]), [*(abs(size) for size in middle), first]


def compile_(blueprint, folder, name, *flags, purpose=FLAGS):
    """A blueprint of JSON, or a kernel as text."""
    text = isinstance(blueprint, str)
    source, target = folder / f"{name}.{'mlir' if text else 'json'}", folder / f"{name}.pt"
    source.write_text(blueprint if text else json.dumps(blueprint))
    done = subprocess.run([TEZ, "compile", source, *purpose, *flags, "-o", target], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stderr}\n{json.dumps(blueprint)}"
    return target


def random_weights(blueprint, folder, name):
    """A state dict of its own: that of a fresh norm, ones and zeros, hides what is wrong with it."""
    kernel = torch.jit.load(compile_(blueprint, folder, f"{name}-train", purpose=["--no-validate"]))
    state = {key: tensor + 0.3 * torch.randn(tensor.shape) for key, tensor in kernel.state_dict().items()}
    torch.save(state, folder / f"{name}-weights.pt")
    return f"--weights={folder / f'{name}-weights.pt'}"


def difference(found, truth):
    scale = max(1.0, truth.abs().max().item()) if truth.numel() else 1.0
    return (found.double() - truth).abs().max().item() / scale if truth.numel() else 0.0


def check_random(folder, seed):
    blueprint, row = random_kernel(random.Random(seed))
    path = compile_(blueprint, folder, f"random{seed}", random_weights(blueprint, folder, f"random{seed}"))
    kernel = tezzeret.load(path, native=True)
    plain, exact = torch.jit.load(path), torch.jit.load(path).double()
    for rows in ROWS:
        x = torch.randn(rows, *row)
        y, truth = kernel(x), exact(x.double())
        # Norms of numbers near zero, or near each other, blow rounding up: torch's, too.
        assert difference(y, truth) < max(1e-5, 4 * difference(plain(x), truth)), f"seed {seed}, {rows} rows: {json.dumps(blueprint)}"
        if rows > 1:
            assert torch.equal(y[rows // 2:], kernel(x[rows // 2:].clone())), f"seed {seed}: a row depends on others"
        check_threads(kernel, x, y, seed)


def check_threads(kernel, x, y, seed):
    for threads in (2, 3):
        torch.set_num_threads(threads)
        assert torch.equal(y, kernel(x)), f"seed {seed}: {threads} threads change the numbers"
    torch.set_num_threads(1)


def linear(folder):
    return compile_({"type": "linear", "config": {"input_size": 6, "hidden_sizes": [40, 8], "output_size": 3}}, folder, "linear")


def check_module(folder):
    """The module: ranks, views, copies, what falls back to the graph."""
    path = linear(folder)
    kernel, plain = tezzeret.load(path), torch.jit.load(path)
    assert isinstance(kernel, NativeKernel) and kernel.native
    for x in (torch.randn(6), torch.randn(2, 5, 6), torch.randn(2, 0, 6), torch.randn(6, 4).t(), torch.randn(9, 12)[::2, ::2]):
        assert kernel(x).shape == plain(x).shape and difference(kernel(x), plain(x.contiguous()).double()) < 1e-5
    assert list(kernel.state_dict()) == list(plain.state_dict())
    twin = copy.deepcopy(kernel)
    del kernel
    x = torch.randn(3, 6)
    assert difference(twin(x), plain(x).double()) < 1e-5
    needs = torch.randn(3, 6, requires_grad=True)
    twin(needs).sum()  # by the graph; kernels for inference give no gradient
    for wrong in (torch.randn(3, 5), torch.zeros(3, 6, dtype=torch.int64)):
        try:
            twin(wrong)
        except RuntimeError:
            continue
        raise AssertionError(f"{wrong.shape} {wrong.dtype} was taken")
    try:
        pickle.dumps(twin)
    except TypeError:
        pass
    else:
        raise AssertionError("machine code was pickled")
    check_changed(twin, x)


def check_changed(kernel, x):
    """Other weights are never computed with the old ones."""
    state = {name: tensor * 0 for name, tensor in kernel.state_dict().items()}
    kernel.load_state_dict(state)
    assert not kernel.native and kernel(x).abs().max() == 0


def check_rows(folder):
    """Norms and softmaxes of numbers that overflow or are none, as torch has them."""
    infinity = float("inf")
    rows = torch.randn(6, 20)
    rows[0, 3], rows[1, 19], rows[2, 17], rows[3] = infinity, -infinity, float("nan"), -infinity
    rows[4] = 1e30  # whose squares are infinite
    rows[5] *= 200
    for op in ("layer_norm %x {eps = 1.0e-5 : f64, normalized_shape = array<i64: 20>}", "rms_norm %x {normalized_shape = array<i64: 20>}",
               "softmax %x {dim = -1 : i64}", "log_softmax %x {dim = -1 : i64}"):
        text = f"""esper.kernel @rows(%x: tensor<?x20xf32>) -> tensor<?x20xf32> {{
            %y = esper.{op} : (tensor<?x20xf32>) -> tensor<?x20xf32>
            esper.return %y : tensor<?x20xf32>
        }}"""
        path = compile_(text, folder, "rows")
        kernel, plain = tezzeret.load(path, native=True), torch.jit.load(path)
        for row in rows:
            x = row[None]
            torch.testing.assert_close(kernel(x), plain(x), rtol=1e-5, atol=1e-5, equal_nan=True, msg=lambda text: f"{op}: {x}: {text}")


def check_leading(folder):
    """Two inputs: of the same leading dimensions for the code, of others for the graph."""
    text = """esper.kernel @sum(%x: tensor<?x?x5xf32>, %y: tensor<?x?x5xf32>) -> tensor<?x?x5xf32> {
        %z = esper.add %x, %y : (tensor<?x?x5xf32>, tensor<?x?x5xf32>) -> tensor<?x?x5xf32>
        esper.return %z : tensor<?x?x5xf32>
    }"""
    kernel = tezzeret.load(compile_(text, folder, "leading"), native=True)
    x = torch.randn(2, 3, 5)
    for y in (torch.randn(2, 3, 5), torch.randn(1, 3, 5), torch.randn(2, 1, 5)):
        assert torch.equal(kernel(x, y), x + y)
    operator, number = torch.ops.tezzeret.forward, kernel.code.number
    assert torch.equal(operator([x, x], number)[0], x + x)
    opcheck(operator.default, ([x, x], number))
    for wrong in ([x, x[:1]], [x[0], x[0]]):
        try:
            operator(wrong, number)
        except RuntimeError as error:
            assert "leading dimensions" in str(error) or "expected 3 dimensions" in str(error), error
            continue
        raise AssertionError("taken")


def transformer(width, heads, causal):
    norm = {"type": "layer_norm", "normalized_shape": [width]}
    nodes = [node("n1", "normalization", **norm), node("at", "attention", embed_dim=width, num_heads=heads, causal=causal, batch_first=True),
             node("r1", "add"), node("n2", "normalization", **norm), node("up", "linear", in_features=width, out_features=2 * width),
             node("act", "activation", type="gelu"), node("down", "linear", in_features=2 * width, out_features=width), node("r2", "add")]
    edges = "input>n1 n1>at input>r1 at>r1 r1>n2 n2>up up>act act>down r1>r2 down>r2 r2>output".split()
    return graph(nodes, edges, [-1, -1, width])


def check_attention(folder):
    """Transformer blocks: odd numbers of positions, several blocks of keys; a sample does not depend on others."""
    for width, heads, causal in ((6, 2, False), (20, 1, True), (32, 2, True), (80, 2, False)):
        name = f"attention{width}"
        blueprint = transformer(width, heads, causal)
        path = compile_(blueprint, folder, name, random_weights(blueprint, folder, name))
        kernel, exact = tezzeret.load(path, native=True), torch.jit.load(path).double()
        for batch, positions in ((3, 1), (2, 5), (0, 4), (4, 0), (5, 16), (3, 61), (2, 128), (1, 300)):
            x = torch.randn(batch, positions, width)
            y = kernel(x)
            assert y.shape == x.shape and difference(y, exact(x.double())) < 1e-5, f"{name}: {batch} x {positions}"
            for sample in range(batch):
                assert torch.equal(y[sample], kernel(x[sample:sample + 1].clone())[0]), f"{name}: a sample depends on others"
            check_threads(kernel, x, y, name)
        for wrong in (torch.randn(3, width), torch.randn(2, 2, 3, width)):
            try:
                torch.ops.tezzeret.forward.one(wrong, kernel.code.number)
            except RuntimeError as error:
                assert "expected 3 dimensions" in str(error), error
                continue
            raise AssertionError(f"{wrong.shape} was taken")
    opcheck(torch.ops.tezzeret.forward.one, (torch.randn(2, 5, width), kernel.code.number))
    check_scores(kernel, torch.jit.load(path), width)


def check_scores(kernel, plain, width):
    """Scores that are far apart, infinite or none."""
    for what in (200.0, float("inf"), float("nan")):
        x = torch.randn(2, 70, width)
        x[0, 3] *= what
        found, expected = kernel(x), plain(x)
        assert torch.equal(found.isnan(), expected.isnan()), f"{what}: other NaNs than torch's"
        torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4, equal_nan=True)


def check_shares(folder):
    """A kernel whose rows are worth a thread each: shares of the batch, even or not, have the same bits."""
    path = compile_({"type": "linear", "config": {"input_size": 128, "hidden_sizes": [256], "output_size": 512}}, folder, "shares")
    kernel = tezzeret.load(path, native=True)
    for rows in (8, 17, 32, 100, 1000):
        x = torch.randn(rows, 128)
        check_threads(kernel, x, kernel(x), f"{rows} rows")


def work_of_others():
    """Ticks of processor time that this process's threads have had, its first one aside."""
    stats = [pathlib.Path(f"/proc/self/task/{task}/stat").read_text() for task in os.listdir("/proc/self/task") if task != str(os.getpid())]
    return sum(sum(map(int, stat.rsplit(")", 1)[1].split()[11:13])) for stat in stats)


def check_pool(folder):
    """Torch's other threads do a share of the work. Without them the last of these calls would come, too."""
    path = compile_({"type": "linear", "config": {"input_size": 128, "hidden_sizes": [256], "output_size": 512}}, folder, "pool")
    kernel, x, before = tezzeret.load(path, native=True), torch.randn(1000, 128), work_of_others()
    torch.set_num_threads(2)
    calls = next((call for call in range(3000) if kernel(x).numel() and work_of_others() > before + 2), None)
    torch.set_num_threads(1)
    assert calls is not None, "all calls ran on one thread"


def check_variants(folder):
    """The best code first, in whatever order it was asked for: a loader takes the first that runs."""
    blueprint = {"type": "linear", "config": {"input_size": 6, "hidden_sizes": [], "output_size": 3}}
    path = compile_(blueprint, folder, "variants", "--cpu=x86-64-v3", "--cpu=neoverse-n1", "--cpu=znver4")
    with zipfile.ZipFile(path) as archive:
        variants = json.loads(archive.read("kernel/extra/native/plan.json"))["variants"]
    assert [variant["cpu"] for variant in variants] == ["neoverse-n1", "znver4", "x86-64-v3"], variants


def check_operator(folder):
    kernel = tezzeret.load(linear(folder), native=True)
    operators, number = torch.ops.tezzeret, kernel.code.number
    x = torch.randn(5, 6)
    opcheck(operators.forward.one, (x, number))
    opcheck(operators.forward.default, ([x], number))
    assert kernel(torch.empty(7, 6, device="meta")).shape == (7, 3)
    compiled = torch.compile(lambda tensor: kernel(tensor) + 1, backend="aot_eager", fullgraph=True)
    assert torch.equal(compiled(x), kernel(x) + 1)
    for wrong in ((x[:, :5], number), (x.double(), number), (x, 12345)):
        try:
            operators.forward.one(*wrong)
        except RuntimeError as error:
            assert "tezzeret::forward" in str(error), error
            continue
        raise AssertionError("taken")


def check_parallel_callers(folder):
    kernel = tezzeret.load(linear(folder), native=True)
    inputs = [torch.randn(rows, 6) for rows in range(1, 9)]
    expected, wrong = [kernel(x) for x in inputs], []

    def call(x, y):
        wrong.extend(1 for _ in range(200) if not torch.equal(kernel(x), y))

    threads = [threading.Thread(target=call, args=pair) for pair in zip(inputs, expected)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def check_c(folder):
    """docs/examples/native/run.c, as its first lines say, against torch."""
    path, program = linear(folder), folder / "run"
    library = TEZ.parent.parent / "lib"
    subprocess.run(["cc", "-Wall", "-Werror", ROOT / "docs/examples/native/run.c", f"-I{ROOT}/include", f"-L{library}",
                    "-ltez_kernel", f"-Wl,-rpath,{library}", "-o", program], check=True)
    printed = subprocess.run([program, path, "3"], check=True, capture_output=True, text=True).stdout.split()
    expected = torch.jit.load(path)(torch.ones(3, 6))[:, [0, -1]].flatten()
    assert difference(torch.tensor([float(number) for number in printed]), expected.double()) < 1e-5
    broken = folder / "broken.pt"
    data = bytearray(path.read_bytes())
    at = data.find(b"\xc5\xfc") if b"\xc5\xfc" in data else len(data) // 2  # somewhere in the code
    data[at] ^= 1
    broken.write_bytes(data)
    done = subprocess.run([program, broken, "3"], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and done.stderr, done


def check_signed(folder):
    """tez_kernel_open_signed: the file by the key, nothing else."""
    path, library = linear(folder), ctypes.CDLL(TEZ.parent.parent / "lib/libtez_kernel.so")
    library.tez_kernel_open_signed.restype = ctypes.c_void_p
    error = ctypes.create_string_buffer(300)

    def refusal(kernel, key):
        """What is wrong with it; empty: nothing."""
        opened = library.tez_kernel_open_signed(str(kernel).encode(), key.read_bytes(), error, ctypes.c_size_t(300))
        library.tez_kernel_close(ctypes.c_void_p(opened))
        return "" if opened else error.value.decode()

    def tez(*words):
        subprocess.run([TEZ, *words], check=True, capture_output=True)

    key, other = folder / "release.pub", folder / "other.pub"
    for pair in (key, other):
        tez("keygen", "-o", pair.with_suffix(""))
    signature = path.with_name(path.name + ".sig")
    assert "No such file" in refusal(path, key)
    tez("sign", path, f"--key={key.with_suffix('.key')}")
    assert refusal(path, key) == ""
    assert "no trusted key made this signature" in refusal(path, other)
    renamed = path.with_name("renamed.pt")
    renamed.write_bytes(path.read_bytes())
    renamed.with_name("renamed.pt.sig").write_bytes(signature.read_bytes())
    assert "/subject/0/name" in refusal(renamed, key)
    content, bundle = path.read_bytes(), signature.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))  # the end of the archive, which no hash of a record is over
    assert "/predicate/resources/0/digest" in refusal(path, key)
    path.write_bytes(content)
    for at in range(0, len(bundle) - 1, 37):
        signature.write_bytes(bundle[:at] + bytes([bundle[at] ^ 1]) + bundle[at + 1:])
        assert refusal(path, key) or json.loads(signature.read_bytes())["dsseEnvelope"] == json.loads(bundle)["dsseEnvelope"], at
    signature.write_bytes(bundle)
    assert refusal(path, key) == ""


def check_without(folder):
    """Kernels without code, and code for another processor, run by their graph."""
    blueprint = json.loads((ROOT / "docs/examples/linear.json").read_text())
    for flags in (["--cpu=none"], ["--cpu=neoverse-v1"]):
        path = compile_(blueprint, folder, "without", *flags)
        kernel = tezzeret.load(path)
        assert isinstance(kernel, torch.jit.ScriptModule)
        try:
            tezzeret.load(path, native=True)
        except RuntimeError:
            continue
        raise AssertionError("native=True without code")


def run(checks, check_seed, count):
    """The command line [-v] [COUNT]: all `checks`, then so many seeds, `count` without COUNT."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    verbose = "-v" in sys.argv
    count = next((int(word) for word in sys.argv[1:] if word.isdigit()), count)
    with tempfile.TemporaryDirectory(prefix="tez-native-") as name:
        folder = pathlib.Path(name)
        for check in checks:
            check(folder)
            if verbose:
                print(check.__name__)
        for seed in range(count):
            check_seed(folder, seed)
            if verbose:
                print("seed", seed, flush=True)
    print(f"{count + len(checks)} passed, 0 failed")


if __name__ == "__main__":
    run([check_module, check_rows, check_leading, check_attention, check_shares, check_pool, check_variants, check_operator, check_parallel_callers, check_c, check_signed, check_without],
        check_random, 25)
