"""What a kernel file may ask of torch, as lib/Artifact/Archive.cpp and KernelFile.cpp see it."""
from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from typing import Any

from tezzeret import _source, _state
from tezzeret._classes import Declarations
from tezzeret._refused import KernelRefused
from tezzeret._zip import MOST_UNPACKED, Archive

MANIFEST = "kernel/extra/manifest.json"


def parse_json(archive: Archive, name: str) -> Any:
    """A record of ours, as JSON; None when it is none."""
    try:
        return json.loads(bytes(archive.content(name)).decode("utf-8"))
    except (ValueError, RecursionError):
        return None


def check_manifest(archive: Archive) -> None:
    """Is every record in the manifest, with its hash, and every record of the manifest there."""
    if MANIFEST not in archive.entries:
        raise KernelRefused(f"record {MANIFEST!r}", "missing", "the manifest of a sealed kernel file")
    manifest = parse_json(archive, MANIFEST)
    is_manifest = isinstance(manifest, dict) and manifest.get("format") == 1
    hashes = manifest.get("sha256") if is_manifest else None
    if not isinstance(hashes, dict):
        raise KernelRefused(f"record {MANIFEST!r}", "something else", "a manifest of format 1")
    for name in archive.entries:
        if name == MANIFEST:
            continue
        if name not in hashes:
            raise KernelRefused(f"record {name!r}", "not in the manifest", "no other records")
        found = hashlib.sha256(archive.content(name)).hexdigest()
        if found != hashes[name]:
            raise KernelRefused(f"record {name!r}", f"the SHA-256 {found}", f"{hashes[name]}, as the manifest says")
    for name in hashes:
        if name not in archive.entries or name == MANIFEST:
            raise KernelRefused(f"record {name!r}", "missing", "there, as the manifest says")


def name_fault(name: str, top: str) -> str | None:
    """What is wrong with a record's name; None when nothing is."""
    if re.search(r"[\x00-\x1f\x7f]", name):
        return "a control character"
    if re.search(r"[\\:]", name):
        return "a backslash or colon"
    if any(part in ("", ".", "..") for part in name.split("/")):
        return "an empty part, '.' or '..' (or absolute)"
    return None if name.startswith(top) else "outside of the one folder"


def lower(name: str) -> str:
    """As torch's reader ignores case: that of ASCII."""
    return re.sub("[A-Z]", lambda letter: letter.group().lower(), name)


def top_folder(archive: Archive) -> str:
    """The archive's one folder, with its slash."""
    top = next(iter(archive.entries), "").split("/")[0] + "/"
    known: set[str] = set()
    for name in archive.entries:
        fault = name_fault(name, top)
        if fault:
            raise KernelRefused(f"record {name!r}", f"{fault} in its name", f"a name below {top!r}")
        if lower(name) in known:
            raise KernelRefused(f"record {name!r}", "another name that differs in case only", "one")
        known.add(lower(name))
    if not known:
        raise KernelRefused("the archive", "empty", "the records of a kernel")
    return top


def check_sizes(archive: Archive) -> None:
    stored = unpacked = 0
    for name, entry in archive.entries.items():
        stored += len(archive.raw(name))
        if entry.method or lower(name).endswith((".py", "pkl")):
            unpacked += entry.size
        if unpacked > MOST_UNPACKED:
            raise KernelRefused(f"record {name!r}", f"takes {entry.size} bytes",
                                f"at most {MOST_UNPACKED} of source and of what is compressed in all")
        if stored > len(archive.data):
            raise KernelRefused(f"record {name!r}", "shares its bytes with another record", "bytes of its own")


def check_content(archive: Archive) -> None:
    """Refuses what the compiler's own loader refuses (include/tez/Artifact/KernelFile.h lists it)."""
    top = top_folder(archive)
    check_sizes(archive)
    sources: dict[str, tuple[str, str]] = {}
    pickles: list[tuple[str, str]] = []
    for name in archive.entries:
        path = name[len(top):]
        if path.startswith("extra/"):
            continue
        if lower(path).endswith(".py"):
            if not path.startswith("code/__torch__/") and path != "code/__torch__.py":
                raise KernelRefused(f"record {name!r}", "source", "none but in code/__torch__")
            text = bytes(archive.content(name)).decode("utf-8", "surrogateescape")
            sources[path[5:-3].replace("/", ".")] = (f"record {name!r}", text)
        elif lower(path).endswith("pkl"):
            pickles.append((name, path))
    declarations = Declarations()
    _source.check(sources, declarations)
    for name, path in pickles:
        check_pickle(archive, name, path, top, declarations)


def check_pickle(archive: Archive, name: str, path: str, top: str, declarations: Declarations) -> None:
    def size_of(record: str) -> int | None:
        entry = archive.entries.get(top + record)
        return entry.size if entry else None

    data = bytes(archive.content(name))
    try:
        if lower(path).endswith(".debug_pkl"):
            _state.check_plain(data)
        elif path in ("data.pkl", "constants.pkl"):
            _state.check(data, path.removesuffix(".pkl") + "/", declarations, size_of)
        else:
            raise KernelRefused("", "another pickle", "only data.pkl and constants.pkl")
    except KernelRefused as error:
        raise error.within(f"record {name!r}") from None


def check_evidence(archive: Archive, required: Sequence[str]) -> None:
    """Has each check of `required` passed, as the kernel's own evidence tells."""
    name = "kernel/extra/evidence.json"
    evidence = parse_json(archive, name) if required and name in archive.entries else None
    verdicts = evidence.get("verdicts") if isinstance(evidence, dict) else None
    passed = [verdict.get("check") for verdict in verdicts if isinstance(verdict, dict) and verdict.get("passed") is True
              ] if isinstance(verdicts, list) else []
    for check in required:
        if check not in passed:
            raise KernelRefused(f"record {name!r}", f"no evidence that {check!r} passed", "a verdict that says so")
