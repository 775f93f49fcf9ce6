"""Files are written whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` to `path` in one step: a reader sees the old file or the new one, never a part.

    The bytes go to a new file beside `path`, are forced to disk, then take its place. Raises OSError; the old file then stands.
    """
    beside = staged(path, content)
    try:
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def staged(path: Path, content: bytes) -> Path:
    """A new hidden file beside `path` with these bytes, on the disk: it may take the place of `path`. Raises OSError; nothing is left then."""
    beside = path.with_name(f".{path.name[:80]}.{secrets.token_hex(6)}.part")
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return beside
