"""Plain columns for a terminal: text to the left, figures to the right, nothing wider than it must be."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence

WIDEST = 100


def width() -> int:
    """Characters of a line: the terminal's, within reason; 80 where there is no terminal."""
    return max(60, min(WIDEST, shutil.get_terminal_size((80, 24)).columns))


def columns(rows: Sequence[Sequence[str]], *, right: frozenset[int] = frozenset(), indent: int = 0) -> list[str]:
    """Rows of equal length as lines; the columns named in `right` are set to the right. The last column may be long: it is wrapped."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    before = indent + sum(widths[:-1]) + 2 * (len(widths) - 1)
    lines = []
    for row in rows:
        cells = [
            cell.rjust(size) if place in right else cell.ljust(size) for place, (cell, size) in enumerate(zip(row, widths, strict=True))
        ]
        start = " " * indent + "  ".join(cells[:-1])
        last = [cells[-1]] if len(widths) - 1 in right else textwrap.wrap(row[-1], max(24, width() - before)) or [""]
        lines.append((f"{start}  {last[0]}" if start.strip() else " " * before + last[0]).rstrip())
        lines += [" " * before + line for line in last[1:]]
    return lines


def wrapped(text: str, *, indent: int = 0, hanging: int = 0) -> list[str]:
    """A text as lines of the terminal's width; `hanging` more spaces before all lines but the first."""
    return textwrap.wrap(text, width(), initial_indent=" " * indent, subsequent_indent=" " * (indent + hanging), break_on_hyphens=False)
