#!/usr/bin/env python
"""Makes the wheel, installs it into a new environment, and uses it as somebody who has nothing else of the project.

    wheel.py [WHEEL]     without WHEEL tools/wheel makes one

The environment has the torch of .venv by a .pth file, and at last by a link, as if pip had installed both side by side.
"""
import os
import pathlib
import subprocess
import sys
import sysconfig
import tempfile
import textwrap

ROOT = pathlib.Path(__file__).resolve().parents[1]
TORCH_SITE = sysconfig.get_path("purelib")  # of .venv, which runs this
USE = """
    import pathlib, subprocess, sys
    import tezzeret, torch
    package = pathlib.Path(tezzeret.__file__).parent
    assert package.is_relative_to(sys.prefix), package
    assert (package / "py.typed").exists()
    kernel = tezzeret.compile({blueprint!r}, output="K.pt")
    assert all(verdict.passed for verdict in kernel.verdicts) and len(kernel.verdicts) > 5, kernel
    x = torch.randn(3, 128)
    loaded = tezzeret.load("K.pt", require=["gradients"]).eval()
    assert torch.equal(loaded(x), torch.jit.load("K.pt").eval()(x))
    model = torch.nn.Sequential(torch.nn.Linear(128, 64), torch.nn.GELU()).eval()
    made = tezzeret.compile(model, (x,), for_="infer", tier="aggressive", output="fast.pt", bench_budget=0)
    fast = tezzeret.load("fast.pt", native=True)  # machine code, by the package's own library
    assert fast.native and torch.allclose(fast(x), model(x), atol=1e-5)
    try:
        tezzeret.compile({{"type": "linear", "config": {{"input_size": -4}}}})
        raise SystemExit("a faulty blueprint was compiled")
    except tezzeret.BlueprintRefused as refused:
        assert refused.place.startswith("config.input_size"), refused
    import tezzeret.backend
    with torch.no_grad():
        assert torch.allclose(torch.compile(model, backend="tezzeret", dynamic=False)(x), model(x), atol=1e-5)
    print("used")
"""


def run(*words, **options):
    done = subprocess.run(list(map(str, words)), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **options)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, words))[:200]}: status {done.returncode}\n{done.stdout}")
    return done.stdout


def installed(folder, wheel):
    """An environment with the wheel in it; its bin and site-packages."""
    run("/usr/bin/python3", "-m", "venv", folder / "venv")
    packages = next((folder / "venv" / "lib").glob("python3*")) / "site-packages"
    (packages / "torch-of-another-place.pth").write_text(TORCH_SITE + "\n")
    run(folder / "venv/bin/pip", "install", "--quiet", "--no-deps", "--no-index", wheel)
    return folder / "venv" / "bin", packages


def check_libraries(packages):
    """Nothing of LLVM or of this project comes from outside of the environment."""
    said = run("ldd", packages / "tezzeret/bin/tez")
    found = [line for line in said.splitlines() if any(name in line for name in ("LLVM", "MLIR", "TezCompiler"))]
    outside = [line for line in found if str(packages) not in line]
    assert len(found) == 3 and not outside, said


def main():
    # Like a machine without the project: nothing of the environment leads to the build.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TEZ", "PYTHON", "LD_"))}
    with tempfile.TemporaryDirectory(prefix="tez-wheel-") as name:
        folder = pathlib.Path(name)
        if len(sys.argv) < 2:
            print(run(ROOT / "tools/wheel", folder / "dist"))
        wheel = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else next((folder / "dist").glob("*.whl"))
        assert "manylinux" in wheel.name, wheel
        programs, packages = installed(folder, wheel)
        check_libraries(packages)
        blueprint = str(ROOT / "docs/examples/linear.json")
        used = run(programs / "python", "-W", "ignore", "-c", textwrap.dedent(USE).format(blueprint=blueprint), cwd=folder,
                   env=environment)
        assert used.endswith("used\n"), used
        run(programs / "tez", "compile", blueprint, "-o", "again.pt", cwd=folder, env=environment)
        assert (folder / "again.pt").read_bytes() == (folder / "K.pt").read_bytes(), "the command makes another file"
        (packages / "torch").symlink_to(pathlib.Path(TORCH_SITE) / "torch")
        run(packages / "tezzeret/bin/tez", "compile", blueprint, "-o", "third.pt", cwd=folder, env=environment)  # finds it by itself
        print(f"{wheel.name}: installed and used")


if __name__ == "__main__":
    main()
