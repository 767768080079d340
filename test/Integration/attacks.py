#!/usr/bin/env python
"""Attacks on kernel files, each refused by `tez verify` and by the package tezzeret.

    attacks.py [NAME ...]

docs/design.md ("The kernel file") states the answers. What touches the bytes of a signed file is refused by the
signature; so whoever signs what he should not, or verifies without a key, is met by what _hostile.py holds.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import _hostile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "python"))
import tezzeret  # noqa: E402

TEZ = pathlib.Path(os.environ.get("TEZ_BIN", ROOT / "build/bin")) / "tez"
BLUEPRINT = {"type": "linear", "config": {"input_size": 4, "hidden_sizes": [8], "output_size": 2}}
failures = []


def tez(*arguments):
    return subprocess.run([TEZ, *map(str, arguments)], capture_output=True, text=True)


def prepare(folder):
    """Two signed kernels of one name, in new/ and old/, and keys."""
    for key in ("mine", "other"):
        assert tez("keygen", "-o", folder / key).returncode == 0
    (folder / "kernel.json").write_text(json.dumps(BLUEPRINT))
    for name, seed in (("new", 1), ("old", 2)):
        (folder / name).mkdir()
        done = tez("compile", folder / "kernel.json", "-o", folder / name / "K.pt", "--seed", seed, "--sign-key",
                   folder / "mine.key")
        assert done.returncode == 0, done.stderr


def refusals(path, keys=(), **more):
    """What the program and the package say; None where one accepts."""
    flags = [f"--key={key}" for key in keys] + [f"--{name}={value}" for name, value in more.items()]
    done = tez("verify", path, *flags)
    said = [done.stderr if done.returncode == 3 else None]
    try:
        tezzeret.load(path, keys=list(keys) or None, **{n: [v] if n in ("revoked", "require") else v for n, v in more.items()})
        said.append(None)
    except tezzeret.KernelRefused as error:
        said.append(str(error))
    return said, done


def expect_refused(case, path, *words, keys=(), **more):
    said, done = refusals(path, keys, **more)
    for who, answer in zip(("tez verify", "tezzeret.load"), said):
        if answer is None or not all(word in answer for word in words):
            failures.append(case)
            print(f"FAIL {case}: {who} said {answer if answer else f'nothing ({done.returncode}) {done.stderr}'}, "
                  f"expected a refusal with {words}")


def expect_good(case, path, keys=(), **more):
    said, _ = refusals(path, keys, **more)
    if said != [None, None]:
        failures.append(case)
        print(f"FAIL {case}: refused: {said}")


def flip_every_byte(folder):
    """Padding included. (The same in C++: test/unit/Artifact/FlippedBytesTest.cpp.)"""
    from tezzeret import _signature
    data, bundle = ((folder / "new" / name).read_bytes() for name in ("K.pt", "K.pt.sig"))
    keys = [_signature.public_key((folder / "mine.pub").read_bytes(), "key")]
    _signature.check(bundle, "K.pt", data, keys, set())
    accepted = []
    for i in range(len(data)):
        flipped = bytearray(data)
        flipped[i] ^= 1 << i % 8
        try:
            _signature.check(bundle, "K.pt", bytes(flipped), keys, set())
            accepted.append(i)
        except tezzeret.KernelRefused:
            pass
    print(f"{len(data)} bytes flipped, {len(accepted)} accepted")
    if accepted:
        failures.append(f"flipped bytes {accepted}")
    for i in range(0, len(data), 997):  # the whole way, through a file
        flipped = bytearray(data)
        flipped[i] ^= 1
        (folder / "flip").mkdir(exist_ok=True)
        shutil.copy(folder / "new/K.pt.sig", folder / "flip/K.pt.sig")
        (folder / "flip/K.pt").write_bytes(flipped)
        expect_refused(f"byte {i}", folder / "flip/K.pt", "K.pt.sig", keys=[folder / "mine.pub"])


def attack_bytes(folder):
    """The file as a whole."""
    new, old = folder / "new/K.pt", folder / "old/K.pt"
    keys, data = [folder / "mine.pub"], new.read_bytes()
    expect_good("signed", new, keys)
    place = folder / "changed"
    place.mkdir()
    shutil.copy(folder / "new/K.pt.sig", place)

    def attack(name, content, *words):
        (place / "K.pt").write_bytes(content)
        expect_refused(name, place / "K.pt", "digest", keys=keys)
        expect_refused(name + ", without a key", place / "K.pt", *words)

    (place / "K.pt").write_bytes(old.read_bytes())
    expect_refused("swapped for another kernel", place / "K.pt", "digest", keys=keys)
    records = _hostile.records_of(data)
    manifest = (_hostile.MANIFEST, _hostile.manifest_of(data))
    attack("extra record", _hostile.written([*records, ("kernel/extra/x", b"x"), manifest]), "kernel/extra/x", "manifest")
    attack("missing record", _hostile.written([*records[:-1], manifest]), records[-1][0], "missing")
    attack("changed record", _hostile.written([(n, c[:-1] + b"?") if n == records[0][0] else (n, c) for n, c in records]
                                              + [manifest]), records[0][0], "SHA-256")
    attack("twice", _hostile.written([*records, records[0], manifest]), records[0][0], "twice")
    for size in (0, 1, 21, 22, 100, len(data) // 2, len(data) - 1):
        attack(f"cut to {size} bytes", data[:size])
    (place / "K.pt").write_bytes(data + b"\0" * 1000)
    expect_refused("oversized", place / "K.pt", "digest", keys=keys)
    attack("a bomb", _hostile.sealed([*records, ("kernel/x", b"\0" * (65 << 20))], packed=("kernel/x",)), "kernel/x", "bytes")


def attack_keys(folder):
    """Who signed."""
    new, old, mine, other = (folder / name for name in ("new/K.pt", "old/K.pt", "mine.pub", "other.pub"))
    expect_refused("wrong key", new, "trusted", keys=[other])
    expect_refused("revoked key", new, "revoked", keys=[mine], revoked=mine)
    expect_good("another key revoked", new, [mine, other], revoked=other)
    expect_refused("another name", new, "L.pt", keys=[mine], name="L.pt")
    expect_refused("an older kernel's signature", new, "digest", keys=[mine], signature=folder / "old/K.pt.sig")
    # Rolling back is no fault of a file: an older kernel with its own signature is as good as it was. Which version
    # is wanted is the registry's to say, by the SHA-256 of the file.
    expect_good("rollback with its own signature", old, [mine])
    expect_refused("no such evidence", new, "speed", require="speed")
    expect_good("evidence", new, [mine], require="gradients")
    bundle = json.loads((folder / "new/K.pt.sig").read_text())
    for name, signatures in (("two signatures", bundle["dsseEnvelope"]["signatures"] * 2), ("no signature", [])):
        bundle["dsseEnvelope"]["signatures"] = signatures
        (folder / "several.sig").write_text(json.dumps(bundle))
        expect_refused(name, new, "signatures", keys=[mine], signature=folder / "several.sig")
    for name, text in (("empty bundle", ""), ("deep bundle", "[" * 100000), ("large bundle", " " * (2 << 20)), ("list", "[]")):
        (folder / "odd.sig").write_text(text)
        expect_refused(name, new, "bundle", keys=[mine], signature=folder / "odd.sig")
    expect_refused("missing signature", new, "nowhere.sig", keys=[mine], signature=folder / "nowhere.sig")


def attack_content(folder):
    """Sealed again by whoever changed it, and signed by a trusted key: the content is looked at all the same."""
    records = _hostile.records_of((folder / "new/K.pt").read_bytes())
    path = folder / "hostile.pt"
    path.write_bytes(_hostile.sealed(records))
    expect_good("sealed again", path)
    for name, change, word in _hostile.CASES:
        path.write_bytes(_hostile.sealed(change(records)))
        expect_refused(name, path, word)
    path.write_bytes(_hostile.sealed(_hostile.with_line(b'torch.save(input, "x")')(records)))
    assert tez("sign", path, f"--key={folder}/mine.key").returncode == 0
    expect_refused("signed by a trusted key", path, "torch.save", keys=[folder / "mine.pub"])
    done = tez("run", path)
    if done.returncode == 0 or "torch.save" not in done.stderr:
        failures.append("tez run")
        print(f"FAIL tez run: {done.stderr}")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        prepare(folder)
        for attack in (attack_bytes, attack_keys, attack_content, flip_every_byte):
            if len(sys.argv) < 2 or attack.__name__ in sys.argv[1:]:
                attack(folder)
    print(f"{len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
