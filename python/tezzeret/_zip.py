"""The records of a zip archive (PKWARE APPNOTE 6.3, zip64 too), read as strictly as lib/Support/ZipReader.cpp does.

zipfile is no help here: it moves offsets to where it thinks they should be, and lets the last of two names win.
"""
from __future__ import annotations

import struct
import zlib
from typing import NamedTuple

from tezzeret._refused import KernelRefused

END = struct.Struct("<4s4xHHII2x")  # signature, entries here, entries, size, offset
END64 = struct.Struct("<4s28xQQQ")  # signature, entries, size, offset
CENTRAL = struct.Struct("<4s4xHHHHIIIHHH8xI")
LOCAL = struct.Struct("<4s22xHH")
MOST_UNPACKED = 64 << 20


class Entry(NamedTuple):
    flags: int
    method: int
    crc: int
    stored: int
    size: int
    header: int


class Archive:
    """Points into `data`; threads may share one."""

    def __init__(self, data: bytes):
        self.data = memoryview(data)
        self.entries: dict[str, Entry] = {}
        offset, size, count = self._directory(data)
        if offset + size > len(data):
            raise KernelRefused(f"byte {offset}", f"a directory of {size} bytes", f"a file of more than {len(data)} bytes")
        self._read(offset, offset + size)
        if len(self.entries) != count:
            raise KernelRefused("the archive's end", f"{count} entries", f"{len(self.entries)}, as the directory has")

    def _directory(self, data: bytes) -> tuple[int, int, int]:
        at = data.rfind(b"PK\5\6")
        if at < 0 or len(data) - at < END.size:
            raise KernelRefused("the archive's end", "no end record", "one (is the file cut off?)")
        _, _, count, size, offset = END.unpack_from(data, at)
        if at < 20 or data[at - 20:at - 16] != b"PK\6\7":
            return offset, size, count
        (at64,) = struct.unpack_from("<Q", data, at - 12)
        if at64 + END64.size > len(data) or data[at64:at64 + 4] != b"PK\6\6":
            raise KernelRefused(f"byte {at64}", "something else", "the zip64 end record")
        _, count, size, offset = END64.unpack_from(data, at64)
        return offset, size, count

    def _read(self, at: int, end: int) -> None:
        while at < end:
            if at + CENTRAL.size > end or bytes(self.data[at:at + 4]) != b"PK\1\2":
                raise KernelRefused(f"byte {at}", "something else", "an entry of the zip directory")
            (_, flags, method, _, _, crc, stored, size, name_size, extra_size, comment_size,
             header) = CENTRAL.unpack_from(self.data, at)
            name_at = at + CENTRAL.size
            extra_at = name_at + name_size
            following = extra_at + extra_size + comment_size
            if following > end:
                raise KernelRefused(f"byte {at}", "an entry that is cut off", "a whole one")
            # Not all names are text; each byte is one character, so that two names stay two.
            name = bytes(self.data[name_at:extra_at]).decode("utf-8", "surrogateescape")
            values = self._widen(name, [size, stored, header], bytes(self.data[extra_at:extra_at + extra_size]))
            if name in self.entries:
                raise KernelRefused(f"record {name!r}", "in the archive twice", "once")
            self.entries[name] = Entry(flags, method, crc, values[1], values[0], values[2])
            at = following

    @staticmethod
    def _widen(name: str, values: list[int], extra: bytes) -> list[int]:
        """Puts the zip64 field's numbers in the place of those that did not fit."""
        at = 0
        while at + 4 <= len(extra):
            kind, size = struct.unpack_from("<HH", extra, at)
            field = extra[at + 4:at + 4 + size]
            at += 4 + size
            for i, value in enumerate(values if kind == 1 else ()):
                if value == 0xffffffff:
                    if len(field) < 8:
                        raise KernelRefused(f"record {name!r}", "a zip64 field that is cut off", "a whole one")
                    values[i], field = int.from_bytes(field[:8], "little"), field[8:]
        return values

    def raw(self, name: str) -> memoryview:
        """A record as it is stored."""
        entry = self.entries[name]
        place = f"record {name!r}"
        if entry.flags & 1:
            raise KernelRefused(place, "encrypted", "plain")
        if entry.header + 30 > len(self.data) or bytes(self.data[entry.header:entry.header + 4]) != b"PK\3\4":
            raise KernelRefused(place, f"no local header at byte {entry.header}", "one")
        _, name_size, extra_size = LOCAL.unpack_from(self.data, entry.header)
        start = entry.header + 30 + name_size + extra_size
        if start + entry.stored > len(self.data):
            raise KernelRefused(place, f"{entry.stored} bytes at byte {start}", f"an end within {len(self.data)} bytes")
        if entry.method == 0 and entry.stored != entry.size:
            raise KernelRefused(place, f"{entry.stored} bytes stored of {entry.size}", "as many")
        return self.data[start:start + entry.stored]

    def content(self, name: str) -> memoryview:
        """A record without compression; checks its CRC-32, and unpacks no more than 64 MiB."""
        entry, stored, place = self.entries[name], self.raw(name), f"record {name!r}"
        if entry.method == 8:
            stored = self._inflate(entry, stored, place)
        elif entry.method != 0:
            raise KernelRefused(place, f"compression method {entry.method}", "0 or 8")
        if (entry.crc or entry.method) and zlib.crc32(stored) != entry.crc:
            raise KernelRefused(place, "damaged: its CRC-32 is another", f"{entry.crc:#x}")
        return stored

    @staticmethod
    def _inflate(entry: Entry, stored: memoryview, place: str) -> memoryview:
        if entry.size > MOST_UNPACKED:
            raise KernelRefused(place, f"takes {entry.size} bytes", f"at most {MOST_UNPACKED}")
        stream = zlib.decompressobj(-15)
        try:
            text = stream.decompress(bytes(stored), entry.size + 1)
        except zlib.error as error:
            raise KernelRefused(place, f"damaged: {error}", "compressed data") from None
        if not stream.eof or len(text) != entry.size:
            raise KernelRefused(place, "damaged compressed data", f"{entry.size} bytes")
        return memoryview(text)
