"""Compiled code is kept between runs, and forgotten as soon as any source that went into it is another.

numba keeps a kernel for as long as the file that it stands in is the same. Kernels call kernels of other files, whose code and constants
are compiled into theirs: after an upgrade such a one would go on with what it was compiled with, beside arrays of another shape. So what
numba compares is the digest of the file and of all that it imports of ours, and what those import.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from numba.core import caching, config

LOCATORS = ("Asked", "BesideSources", "OfUser")
"""Where compiled code is looked for and kept, the first that may be written: as numba's own, in their order."""

_OURS = __name__.partition(".")[0]
_ROOT = Path(__file__).parents[__name__.count(".")]
_IMPORT = re.compile(r"^\s*from ([\w.]+) import (\([^)]*\)|[^\n]*)", re.MULTILINE)


@cache
def digest_of_sources(file: Path) -> str:
    """SHA-256 over this module's source and those of our modules that it imports, directly or not."""
    found, ahead = {file}, [file]
    while ahead:
        new = set(_read(ahead.pop()).imported) - found
        found |= new
        ahead += new
    return hashlib.sha256(b"".join(_read(source).digest for source in sorted(found))).hexdigest()


class _Source(NamedTuple):
    digest: bytes
    """of its name and text"""
    imported: tuple[Path, ...]
    """the files of our modules that it names in its imports; a name may be a module of a package"""


@cache
def _read(file: Path) -> _Source:
    text = file.read_bytes()
    return _Source(hashlib.sha256(file.name.encode() + b"\0" + text).digest(), tuple(dict.fromkeys(_files(text.decode()))))


def _files(text: str) -> Iterator[Path]:
    """Found by their names alone, whatever is loaded: the same in every process."""
    for package, names in _IMPORT.findall(text):
        if package.partition(".")[0] == _OURS:
            for module in (package, *(f"{package}.{name}" for name in re.findall(r"\w+", names))):
                file = _ROOT.joinpath(*module.split(".")).with_suffix(".py")
                if file.is_file():
                    yield file


class _OfAllSources:
    """What a kernel was compiled from: its own file and every source of ours that it may have taken something from."""

    _py_file: str

    def get_source_stamp(self) -> object:
        own: object = super().get_source_stamp()  # type: ignore[misc]  # of numba's class beside this one
        return own, digest_of_sources(Path(self._py_file))


class Asked(_OfAllSources, caching.UserProvidedCacheLocator):
    """The folder that NUMBA_CACHE_DIR names."""


class BesideSources(_OfAllSources, caching.InTreeCacheLocator):
    """`__pycache__` beside the module."""


class OfUser(_OfAllSources, caching.UserWideCacheLocator):
    """The user's own cache, where the sources may not be written to."""


# Before the first kernel is made: the package imports this module first.
config.CACHE_LOCATOR_CLASSES = ",".join(f"{__name__}.{name}" for name in LOCATORS)  # type: ignore[attr-defined]  # made from its options, not written
