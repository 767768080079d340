"""Reads a kernel file once, looks at it, hands the same bytes to torch."""
from __future__ import annotations

import io
import os
import re
import stat
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from tezzeret import _archive
from tezzeret._refused import KernelRefused
from tezzeret._zip import Archive

if TYPE_CHECKING:
    import torch

MOST_BYTES = 1 << 35
Path = str | os.PathLike[str]
Key = str | bytes | os.PathLike[str]
"""A public key: PEM, or the path of a file that holds it."""


def _read(path: Path) -> bytes:
    """A regular file, as it is at this moment: a pipe or device could go on for ever."""
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode) or status.st_size > MOST_BYTES:
            raise KernelRefused(str(path), "no regular file, or a larger one", f"a file of at most {MOST_BYTES} bytes")
        return file.read(status.st_size)


def _pem(key: Key) -> bytes:
    if isinstance(key, bytes):
        return key
    return key.encode() if isinstance(key, str) and "-----BEGIN" in key else _read(key)


def _revoked_id(key: Key) -> str:
    from tezzeret import _signature
    return key if isinstance(key, str) and re.fullmatch("[0-9a-f]{64}", key) else \
        _signature.public_key(_pem(key), "a revoked key")[1]


def _check_signature(path: Path, data: bytes, signature: Path | None, keys: Iterable[Key], revoked: Iterable[Key],
                     name: str | None) -> None:
    from tezzeret import _signature
    places = [os.fspath(signature)] if signature is not None else [os.fspath(path) + end for end in (".sig", ".sig.next")]
    trusted = [_signature.public_key(_pem(key), "a trusted key") for key in keys]
    withdrawn = {_revoked_id(key) for key in revoked}
    signed_name = name or os.path.basename(os.fspath(path))
    first: KernelRefused | None = None
    for place in places:  # the second is there when a compile ended between two renames
        try:
            _signature.check(_read(place), signed_name, data, trusted, withdrawn)
            return
        except FileNotFoundError:
            first = first or KernelRefused(place, "missing", "the kernel's signature")
        except KernelRefused as error:
            first = first or error.within(place)
    assert first is not None
    raise first


def _verified(path: Path, keys: Iterable[Key] | None, revoked: Collection[Key], require: Sequence[str],
              signature: Path | None, name: str | None) -> Archive:
    """The file, when all is well."""
    if keys is None and (signature is not None or revoked):
        raise TypeError("signature and revoked need keys: a signature is worth what its key is")
    if isinstance(require, str) or isinstance(keys, (str, bytes, os.PathLike)):
        raise TypeError("keys and require are lists")
    data = _read(path)
    # The signature first: nothing else of a stranger's file is looked at.
    if keys is not None:
        _check_signature(path, data, signature, keys, revoked, name)
    try:
        archive = Archive(data)
        _archive.check_manifest(archive)
        _archive.check_content(archive)
        _archive.check_evidence(archive, require)
    except KernelRefused as error:
        raise error.within(os.fspath(path)) from None
    return archive


def verify(path: Path, *, keys: Iterable[Key] | None = None, revoked: Iterable[Key] = (), require: Iterable[str] = (),
           signature: Path | None = None, name: str | None = None) -> None:
    """Looks at a kernel file as `load` does, without torch. Returns nothing, or raises.

    * `path`: the kernel file, at most 32 GiB.
    * `keys`: public keys to trust, each a path or PEM; None: whose the file is is not looked at.
    * `revoked`: keys (paths, PEM or ids) that count as untrusted although they are in `keys`.
    * `require`: checks that the evidence in the file must show as passed ("outputs", "gradients").
    * `signature`: the bundle, `path`.sig by default.
    * `name`: the name the kernel was signed under, the file's by default.

    Raises KernelRefused when the file is not what it should be, OSError when it cannot be read, TypeError for
    arguments that do not go together. Any number of threads may call it.
    """
    _verified(path, keys, tuple(revoked), tuple(require) if not isinstance(require, str) else require, signature, name)


def load(path: Path, *, keys: Iterable[Key] | None = None, revoked: Iterable[Key] = (), require: Iterable[str] = (),
         signature: Path | None = None, name: str | None = None, map_location: Any = None,
         native: bool | None = None) -> torch.nn.Module:
    """Verifies a kernel file (see `verify`) and loads the bytes that were verified, not the file again.

    Returns the torch.jit.ScriptModule that torch.jit.load returns: parameters live, to be trained; for a kernel with
    machine code that this processor can run a NativeKernel (see there) around it. It takes the tensors that the
    blueprint describes (`inspect(path).metadata`: shapes, names, types) with any batch, on the device it is on.

    * `map_location`: torch's.
    * `native`: False, never machine code; True, an OSError or RuntimeError says why where there is none; None, if
      possible.
    * the others: as of `verify`.

    Needs as much memory as the file beside the module while it loads. Raises what `verify` raises; torch sees no byte of
    a file that is refused. Any number of threads may call it.
    """
    archive = _verified(path, keys, tuple(revoked), tuple(require) if not isinstance(require, str) else require, signature,
                     name)
    import torch
    data = io.BytesIO(archive.data.obj)
    portable: torch.jit.ScriptModule = torch.jit.load(data, map_location=map_location)  # type: ignore[no-untyped-call]
    return portable if native is False else _with_code(portable, archive, native, path)


def _with_code(portable: torch.jit.ScriptModule, archive: Archive, required: bool | None, path: Path) -> torch.nn.Module:
    from tezzeret import _native
    if not _native.has_code(archive):
        if required:
            raise RuntimeError(f"{os.fspath(path)}: the kernel file has no machine code")
        return portable
    try:
        return _native.NativeKernel(portable, archive)
    except (OSError, RuntimeError):
        if required:
            raise
        return portable
