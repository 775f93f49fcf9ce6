"""What lies in a folder, for tests that show that nothing was written."""

from __future__ import annotations

from pathlib import Path


def unchanged(folder: Path) -> dict[str, bytes]:
    """Every file of a folder with its bytes."""
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}
