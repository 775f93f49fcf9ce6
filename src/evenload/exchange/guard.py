"""Before a workbook is parsed: is it what it says, and can it be unpacked without harm? Every byte is counted, none is believed."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from evenload.exchange.reading import InputError, InputProblem

MEGABYTE = 1_000_000
FILE_LIMIT_MB = 100
UNPACKED_LIMIT_MB = 200
MEMBER_LIMIT_MB = 100
MEMBERS_LIMIT = 1_000
RATIO_LIMIT = 100
PIECE = 1 << 16
CHUNK = 1 << 20
LOCAL_HEADER = 30
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
MACROS_STREAM = "_VBA_PROJECT".encode("utf-16-le")
DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")
OVERLAP = 64
NOT_XML = re.compile(r"\.(?:bin|png|jpe?g|gif|emf|wmf|svg|tiff?|bmp)$", re.IGNORECASE)
BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, ValueError, EOFError, NotImplementedError, OverflowError)


class Package:
    """The members of a zip file that passed the guard, unpacked on demand."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.members = {_plain_name(member.filename): member for member in archive.infolist()}
            self.all_members = archive.infolist()

    def chunks(self, name: str) -> Iterator[bytes]:
        """The unpacked bytes of a member, in pieces. Names are compared without case. Raises KeyError for an unknown one."""
        return unpacked(self.content, self.members[_plain_name(name)])

    def read(self, name: str) -> bytes:
        """All bytes of a member. Raises KeyError for an unknown one."""
        return b"".join(self.chunks(name))

    def __contains__(self, name: str) -> bool:
        return _plain_name(name) in self.members

    @property
    def has_macros(self) -> bool:
        """Whether a member holds macros."""
        return any(PurePosixPath(name).name == "vbaproject.bin" or name.startswith("basic/") for name in self.members)


def guarded(content: bytes, shown_path: str) -> Package:
    """The package, after every member was unpacked and counted. Raises InputError: damaged, encrypted, a bomb, entities, …

    `shown_path` is the path as the user gave it; it stands in the problem.
    """
    try:
        package = Package(content)
        fault = _fault(package)
    except BROKEN:
        fault = ("file_corrupted", {})
    except MemoryError:
        fault = ("zip_unpacked_too_large", {"megabytes": str(UNPACKED_LIMIT_MB), "limit": str(UNPACKED_LIMIT_MB)})
    if fault is not None:
        raise InputError([InputProblem("", "", shown_path, *fault)])
    return package


Finding = tuple[str, dict[str, str]]


def _fault(package: Package) -> Finding | None:
    members = package.all_members
    if len(members) > MEMBERS_LIMIT:
        return "zip_too_many_members", {"members": str(len(members)), "limit": str(MEMBERS_LIMIT)}
    return _fault_of_names(members) or _fault_of_sizes(package)


def _fault_of_names(members: list[zipfile.ZipInfo]) -> Finding | None:
    seen: set[str] = set()
    for member in members:
        path = member.filename.replace("\\", "/")
        if path.startswith("/") or ":" in path or ".." in path.split("/"):
            return "zip_member_path", {"member": _shown(member.filename)}
        if _plain_name(member.filename) in seen:
            return "zip_duplicate_member", {"member": _shown(member.filename)}
        if member.flag_bits & 0x1:
            return "file_encrypted", {}
        seen.add(_plain_name(member.filename))
    return None


def _fault_of_sizes(package: Package) -> Finding | None:
    """Unpack every member, a piece at a time, and stop at the first limit that is passed."""
    most = min(UNPACKED_LIMIT_MB * MEGABYTE, RATIO_LIMIT * len(package.content))
    total = 0
    for member in package.all_members:
        before, tail = total, b""
        for chunk in unpacked(package.content, member):
            total += len(chunk)
            if total - before > MEMBER_LIMIT_MB * MEGABYTE:
                return "zip_member_too_large", _sizes(total - before, MEMBER_LIMIT_MB) | {"member": _shown(member.filename)}
            if total > most:
                return _too_much(total, len(package.content))
            if not NOT_XML.search(member.filename):
                if _declares(tail + chunk):
                    return "xml_entities", {"member": _shown(member.filename)}
                tail = chunk[-OVERLAP:]
    return None


def _too_much(total: int, packed: int) -> Finding:
    if total > UNPACKED_LIMIT_MB * MEGABYTE:
        return "zip_unpacked_too_large", _sizes(total, UNPACKED_LIMIT_MB)
    return "zip_ratio", {"ratio": str(total // max(1, packed)), "limit": str(RATIO_LIMIT)}


def _sizes(size: int, limit: int) -> dict[str, str]:
    return {"megabytes": str(-(-size // MEGABYTE)), "limit": str(limit)}


def _declares(text: bytes) -> bool:
    """Whether XML declares a document type or an entity, in any encoding that XML readers know (UTF-16 pads with zeros)."""
    narrow = text.replace(b"\0", b"") if b"\0" in text else text
    return any(declaration in narrow for declaration in DECLARATIONS)


def unpacked(content: bytes, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of one member in pieces, unpacked to their true end, whatever size the archive states.

    Raises zipfile.BadZipFile where the true size is another than stated, zlib.error or struct.error where it is damaged.
    """
    header = content[member.header_offset : member.header_offset + LOCAL_HEADER]
    name_length, extra_length = struct.unpack("<HH", header[26:30])
    start = member.header_offset + LOCAL_HEADER + name_length + extra_length
    packed = memoryview(content)[start : start + member.compress_size]
    if header[:4] != b"PK\x03\x04" or len(packed) != member.compress_size:
        raise zipfile.BadZipFile(member.filename)
    size = 0
    for chunk in _inflated(packed, member):
        size += len(chunk)
        yield chunk
    if size != member.file_size:
        raise zipfile.BadZipFile(member.filename)


def _inflated(packed: memoryview, member: zipfile.ZipInfo) -> Iterator[bytes]:
    if member.compress_type == zipfile.ZIP_STORED:
        yield from (bytes(packed[place : place + CHUNK]) for place in range(0, len(packed), CHUNK))
    elif member.compress_type == zipfile.ZIP_DEFLATED:
        yield from _deflated(packed, member)
    else:
        raise zipfile.BadZipFile(member.filename)


def _deflated(packed: memoryview, member: zipfile.ZipInfo) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    for place in range(0, len(packed), PIECE):
        left: bytes | memoryview = packed[place : place + PIECE]
        while len(left):
            yield inflater.decompress(left, CHUNK)
            left = inflater.unconsumed_tail
    yield inflater.flush()
    if not inflater.eof:
        raise zipfile.BadZipFile(member.filename)


def _plain_name(name: str) -> str:
    return name.replace("\\", "/").casefold()


def _shown(name: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in name[:80])
