"""How many lines a text takes in a cell: office programs do not agree on who makes a row high enough, so the file says it."""

from __future__ import annotations

from typing import Final

_EM_PER_DIGIT: Final = 0.556
"""a column's width is counted in digits of the font (Arial)"""
_NARROW: Final = frozenset("iljtfrI.,;:'’|!()[]- \u00a0")
_WIDE: Final = frozenset("mwMWÆŒ@%—→")
_CELL_PADDING_DIGITS: Final = 0.8


def lines_needed(text: str, width_digits: float, *, bold: bool = False) -> int:
    """Lines of a text wrapped at words in a column of this width; words longer than the column are broken."""
    room = max(1.0, width_digits - _CELL_PADDING_DIGITS) * _EM_PER_DIGIT
    stretch = 1.07 if bold else 1.0
    return sum(_paragraph_lines(part, room / stretch) for part in text.split("\n"))


def _paragraph_lines(text: str, room: float) -> int:
    lines, used = 1, 0.0
    for word in text.split(" "):
        size = sum(map(_em, word))
        gap = _em(" ") if used else 0.0
        if used + gap + size <= room:
            used += gap + size
            continue
        lines += (1 if used else 0) + int(size // room)
        used = size % room
    return lines


def _em(character: str) -> float:
    """Width in em, from Arial's metrics in four steps; what is not Latin is taken as wide."""
    if character in _NARROW:
        return 0.31
    if character in _WIDE or ord(character) > 0x2E7F:
        return 0.95
    return 0.68 if character.isupper() else _EM_PER_DIGIT
