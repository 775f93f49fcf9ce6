"""One load bar of each state, with the figures of the interface's drawing: the legend of the help page and the style guide."""

from __future__ import annotations

from typing import Final

from evenload.web.load_bar import Load, LoadBar, load_bar
from evenload.words import Words

RANGE_PERCENT: Final = (70, 90)

SAMPLES: Final = (
    ("room", Load(14 * 60, 28 * 60, 28 * 60, RANGE_PERCENT)),
    ("in_range", Load(25 * 60, 30 * 60, 30 * 60, RANGE_PERCENT)),
    ("above_range", Load(29 * 60 + 30, 31 * 60, 31 * 60, RANGE_PERCENT)),
    ("over", Load(38 * 60, 34 * 60, 34 * 60, RANGE_PERCENT)),
    ("hours_not_set", Load(0, None)),
    ("away", Load(0, 0)),
)


def bars(words: Words) -> list[LoadBar]:
    """Has room, in range, above range, over, hours not set, away."""
    return [load_bar(words, load, state) for state, load in SAMPLES]
