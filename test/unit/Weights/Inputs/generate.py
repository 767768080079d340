#!/usr/bin/env python3
"""Writes the weight files beside it. They are checked in; run it (with torch and safetensors) to change them."""
import collections
import json
import pathlib
import struct
import zipfile

import torch
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent


def ramp(*shape, dtype=torch.float32):
    count = 1
    for size in shape:
        count *= size
    return torch.arange(count).reshape(shape).to(dtype)


class Evil:
    def __reduce__(self):
        return (print, ("executed",))


def net():
    torch.manual_seed(0)
    layers = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4))
    with torch.no_grad():
        for tensor in layers.state_dict().values():
            tensor.copy_(ramp(*tensor.shape))
    return layers


def dtypes():
    names = ["float32", "float64", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool"]
    return {name: torch.tensor([0, 1, 1, 0]).to(getattr(torch, name)) for name in names}


def views():
    base = ramp(4, 3)
    return {"base": base, "row": base[1], "transposed": base.t(), "column": base[:, 1], "every_second": base[::2],
            "one": base[2:3, 1:2], "scalar": base[3, 2], "empty": base[:0], "permuted": ramp(2, 3, 4).permute(2, 0, 1)}


def save(name, value):
    torch.save(value, HERE / name)


def rewrite(source, target, edit, method=zipfile.ZIP_STORED):
    """A copy of an archive; `edit(name, data)` gives each record's new content."""
    with zipfile.ZipFile(HERE / source) as old, zipfile.ZipFile(HERE / target, "w", method) as new:
        for name in old.namelist():
            new.writestr(name, edit(name, old.read(name)))


def safetensors(name, header, data):
    text = json.dumps(header).encode() if not isinstance(header, bytes) else header
    (HERE / name).write_bytes(struct.pack("<Q", len(text)) + text + data)


def main():
    save("net.pt", net().state_dict())
    save("dict.pt", dict(net().state_dict()))
    save("parameters.pt", dict(net().named_parameters()))
    save("dtypes.pt", dtypes())
    save("views.pt", views())
    save("expanded.pt", {"wide": torch.zeros(1).expand(100000)})
    save("conjugate.pt", {"z": torch.zeros(2, dtype=torch.complex64).conj()})
    save("evil.pt", {"a": Evil()})
    save("checkpoint.pt", {"epoch": 3, "state": net().state_dict()})
    save("list.pt", [ramp(2)])
    torch.serialization.set_crc32_options(False)
    save("unchecked.pt", {"views": views()["transposed"], **net().state_dict()})
    torch.serialization.set_crc32_options(True)
    torch.save(net().state_dict(), HERE / "legacy.pt", _use_new_zipfile_serialization=False)
    torch.jit.script(torch.nn.Linear(1, 1)).save(HERE / "torchscript.pt")
    rewrite("net.pt", "deflated.pt", lambda name, data: data, zipfile.ZIP_DEFLATED)
    rewrite("net.pt", "big_endian.pt", lambda name, data: b"big" if name.endswith("byteorder") else data)
    rewrite("net.pt", "short_record.pt", lambda name, data: data[:-4] if name.endswith("data/0") else data)

    save_file({k: v.contiguous() for k, v in net().state_dict().items()}, HERE / "net.safetensors", {"format": "pt"})
    save_file(dtypes(), HERE / "dtypes.safetensors")
    f32 = {"dtype": "F32", "shape": [2]}
    safetensors("unaligned.safetensors", b'{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}',
                struct.pack("<2f", 1, 2))
    length = b'{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'
    safetensors("length640.safetensors", length.ljust(640), struct.pack("<2f", 0, 1))
    safetensors("overlap.safetensors", {"a": {**f32, "data_offsets": [0, 8]}, "b": {**f32, "data_offsets": [4, 12]}},
                bytes(12))
    safetensors("gap.safetensors", {"a": {**f32, "data_offsets": [4, 12]}}, bytes(12))
    safetensors("surplus.safetensors", {"a": {**f32, "data_offsets": [0, 8]}}, bytes(12))
    safetensors("size.safetensors", {"a": {**f32, "data_offsets": [0, 12]}}, bytes(12))
    safetensors("dtype.safetensors", {"a": {**f32, "dtype": "F8_E4M3", "data_offsets": [0, 8]}}, bytes(8))
    safetensors("overflow.safetensors", {"a": {"dtype": "F32", "shape": [2**40, 2**40], "data_offsets": [0, 8]}},
                bytes(8))
    safetensors("boolean.safetensors", {"a": {"dtype": "BOOL", "shape": [1], "data_offsets": [0, 1]}}, b"\2")
    safetensors("duplicate.safetensors", b'{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},'
                b'"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}', b"")
    safetensors("metadata.safetensors", {"__metadata__": {"step": 1}, "a": {**f32, "data_offsets": [0, 8]}}, bytes(8))
    safetensors("unknown_key.safetensors", {"a": {**f32, "data_offsets": [0, 8], "scale": 2}}, bytes(8))


if __name__ == "__main__":
    main()
