"""Bytes of a file that only knows how to be written to a path."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory


def content_of(name: str, write: Callable[[Path], object]) -> bytes:
    """What `write` writes to a path of this name, as bytes; the path is temporary and gone afterwards."""
    with TemporaryDirectory(prefix="evenload-") as folder:
        path = Path(folder) / name
        write(path)
        return path.read_bytes()
