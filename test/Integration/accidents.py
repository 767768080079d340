#!/usr/bin/env python
"""Kills and disk errors at every system call with which `tez compile --sign-key` writes its files.

    accidents.py [-v] [--all]

A kernel and its signature are there and a new pair is written over them. Whatever happens, a pair verifies afterwards,
the old one or the new one, and the same command then repairs what is left. strace (seccomp-bpf) injects the faults.
Without --all, disk errors come only at the first call of each name and at each rename.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "python"))
import tezzeret  # noqa: E402

TEZ = pathlib.Path(os.environ.get("TEZ_BIN", ROOT / "build/bin")).resolve() / "tez"
BLUEPRINT = {"type": "linear", "config": {"input_size": 4, "hidden_sizes": [8], "output_size": 2}}
CALLS = "openat,write,fchmod,fsync,close,rename,unlink"
FAULTS = {"openat": "ENOSPC", "write": "ENOSPC", "fchmod": "EIO", "fsync": "EIO", "close": "EIO", "rename": "EIO",
          "unlink": "EIO"}
KERNEL_NAMES = ("K.pt", "K.pt.sig")


def tez(*arguments, folder, under=()):
    return subprocess.run([*under, TEZ, *arguments], cwd=folder, capture_output=True, text=True)


def compile_flags(folder, seed):
    return ["compile", "kernel.json", "-o", "K.pt", "--no-validate", f"--seed={seed}", "--sign-key=mine.key"]


def prepare(folder):
    """Keys, the old pair in the folder and the bytes of the old and the new kernel."""
    (folder / "kernel.json").write_text(json.dumps(BLUEPRINT))
    assert tez("keygen", "-o", "mine", folder=folder).returncode == 0
    kernels = []
    for seed in (2, 1):
        done = tez(*compile_flags(folder, seed), folder=folder)
        assert done.returncode == 0, done.stderr
        kernels.append((folder / "K.pt").read_bytes())
    return {"new": kernels[0], "old": kernels[1]}


def written_calls(folder):
    """(system call, its number among those of its name) from the first file of ours on."""
    log = folder / "log"
    done = tez(*compile_flags(folder, 2), folder=folder, under=["strace", "-f", "--seccomp-bpf", "-o", log, "-e", f"trace={CALLS}"])
    assert done.returncode == 0, done.stderr
    counts, calls, begun = dict.fromkeys(FAULTS, 0), [], False
    for name, rest in re.findall(r"^\d+ +(\w+)\((.*)", log.read_text(), re.M):
        counts[name] += 1
        begun = begun or (name == "openat" and "K.pt" in rest)
        if begun:
            calls.append((name, counts[name]))
    return calls


def accident(folder, kernels, call, number, fault):
    """What went wrong; None when all is well."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        place = pathlib.Path(name)
        for file in (*KERNEL_NAMES, "kernel.json", "mine.key", "mine.pub"):
            shutil.copy2(folder / "saved" / file, place)
        inject = f"inject={call}:{fault}:when={number}"
        done = tez(*compile_flags(place, 2), folder=place,
                   under=["strace", "-f", "--seccomp-bpf", "-o", "/dev/null", "-e", inject])
        return judge(place, kernels, done, fault)


def judge(place, kernels, done, fault):
    found = [name for name, data in kernels.items() if (place / "K.pt").read_bytes() == data]
    if not found:
        return "the kernel is neither the old one nor the new one"
    try:
        tezzeret.verify(place / "K.pt", keys=[place / "mine.pub"])
    except tezzeret.KernelRefused as error:
        return f"the {found[0]} kernel does not verify: {error}"
    checked = tez("verify", "K.pt", "--key=mine.pub", folder=place)
    if checked.returncode:
        return f"the {found[0]} kernel does not verify: {checked.stderr}"
    if fault.startswith("error") and done.returncode and "K.pt" not in done.stderr:
        return f"the error names no file: {done.stderr}"
    if fault.startswith("error") and not done.returncode and found == ["old"]:
        return "nothing was written, and no error told"
    temporary = [path.name for path in place.glob("K.pt*.??????") if path.suffix != ".next"]
    if fault.startswith("error:") and temporary and "unlink" not in fault:
        return f"{temporary} is left"
    if not temporary and not (place / "K.pt.sig.next").exists():
        return None  # as before or as after, to the last file
    again = tez(*compile_flags(place, 2), folder=place)
    left = {path.name for path in place.iterdir() if path.suffix == ".next"}
    if again.returncode or left or (place / "K.pt").read_bytes() != kernels["new"]:
        return f"the same command does not repair it: {again.stderr} {left}"
    return None


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        kernels = prepare(folder)
        (folder / "saved").mkdir()
        for file in (*KERNEL_NAMES, "kernel.json", "mine.key", "mine.pub"):
            shutil.copy2(folder / file, folder / "saved")
        calls = written_calls(folder)
        cases = [(call, number, "signal=KILL") for call, number in calls]
        cases += [(call, number, f"error={FAULTS[call]}") for i, (call, number) in enumerate(calls)
                  if "--all" in sys.argv or call == "rename" or call not in dict(calls[:i])]
        with ThreadPoolExecutor(2) as pool:
            verdicts = list(pool.map(lambda case: accident(folder, kernels, *case), cases))
    failures = [(case, verdict) for case, verdict in zip(cases, verdicts) if verdict]
    for case, verdict in zip(cases, verdicts):
        if verdict or "-v" in sys.argv:
            print("FAIL" if verdict else "ok  ", *case, verdict or "")
    print(f"{len(cases)} accidents at {len(calls)} system calls, {len(failures)} failures")
    return 1 if failures or len(calls) < 20 else 0


if __name__ == "__main__":
    sys.exit(main())
