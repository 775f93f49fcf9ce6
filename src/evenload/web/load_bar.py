"""The load bar: how full somebody's week is against her own numbers, as lengths of an inline drawing and as text.

The scale runs from 0 to 130 percent of B, the lesser of the hours for client care and the own maximum. The fill bears the state's
pattern, the comfortable range is a bracket beneath, the hard maximum M a tick with a halo. Text always says hours, percent, word.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from evenload.planning.case import Practitioner
from evenload.planning.standing import load_state
from evenload.words import Words, label

WIDTH: Final = 300
"""of the drawing; style sheets scale it"""
SCALE_PERCENT: Final = 130
ICONS: Final = {
    "room": "○",
    "in_range": "✓",
    "above_range": "△",
    "over": "▲",
    "hours_not_set": "?",
    "away": "–",
}
CALLED: Final = {"no_capacity": "away"}
"""the core's name of a state → the bar's"""
FRAMELESS: Final = frozenset({"away"})


@dataclass(frozen=True, slots=True)
class LoadBar:
    """One bar. Lengths are in the drawing's units, texts in the page's language; what is not known is None."""

    state: str
    icon: str
    word: str
    figures: str
    fill_width: str
    tick_x: str | None
    range_path: str | None
    is_beyond: bool = False
    """the load goes beyond the scale: the bar is broken at its end"""

    @property
    def has_frame(self) -> bool:
        return self.state not in FRAMELESS and self.state != "hours_not_set"

    @property
    def is_filled(self) -> bool:
        return self.has_frame and self.fill_width != "0"

    @property
    def text(self) -> str:
        """`38.0 / 34 h · 112% ▲ Over`, as one line of text."""
        return " ".join(part for part in (self.figures, self.icon, self.word) if part)


@dataclass(frozen=True, slots=True)
class Load:
    """What a bar is drawn from: minutes a week, and the comfortable range in percent of the capacity B."""

    minutes: int
    capacity_minutes: int | None
    maximum_minutes: int | None = None
    range_percent: tuple[Fraction | int, Fraction | int] | None = None


def load_of(practitioner: Practitioner, minutes: int) -> Load:
    """The load of one practitioner of a Case."""
    own_range = (practitioner.comfortable_min_percent, practitioner.comfortable_max_percent)
    return Load(minutes, practitioner.capacity_minutes, practitioner.maximum_minutes, own_range)


def practitioner_bar(words: Words, practitioner: Practitioner, minutes: int) -> LoadBar:
    """The bar of one practitioner with so many minutes a week."""
    return load_bar(words, load_of(practitioner, minutes), load_state(practitioner, minutes))


def load_bar(words: Words, load: Load, state: str) -> LoadBar:
    """The bar of a load in a state: room, in_range, above_range, over, hours_not_set, away."""
    state = CALLED.get(state, state)
    capacity = load.capacity_minutes
    is_drawn = bool(capacity) and state in ("room", "in_range", "above_range", "over")
    return LoadBar(
        state=state,
        icon=ICONS[state],
        word=label(words, "load", state),
        figures=_figures(words, load) if capacity else _figures_without_hours(words, load),
        fill_width=_length(Fraction(load.minutes, capacity)) if capacity and is_drawn else "0",
        tick_x=_tick(load) if is_drawn else None,
        range_path=_bracket(load) if is_drawn else None,
        is_beyond=bool(capacity) and is_drawn and load.minutes * 100 > SCALE_PERCENT * (capacity or 0),
    )


def percent_of(load: Load) -> Fraction | None:
    """The load in percent of B; None without hours."""
    return Fraction(100 * load.minutes, load.capacity_minutes) if load.capacity_minutes else None


def _figures(words: Words, load: Load) -> str:
    percents = percent_of(load)
    assert percents is not None
    assert load.capacity_minutes is not None
    capacity = Fraction(load.capacity_minutes, 60)
    return words.say(
        "{load} / {capacity} h · {percent}",
        load=words.number(Fraction(load.minutes, 60)),
        capacity=words.number(capacity, 0 if capacity.denominator == 1 else 1),
        percent=words.percent(percents),
    )


def _figures_without_hours(words: Words, load: Load) -> str:
    """What somebody carries in a week in which she has no hours."""
    return words.say("{load} / 0 h", load=words.number(Fraction(load.minutes, 60))) if load.capacity_minutes == 0 and load.minutes else ""


def _tick(load: Load) -> str | None:
    """Where the maximum stands; none where it lies beyond the scale."""
    assert load.capacity_minutes
    share = Fraction(load.maximum_minutes if load.maximum_minutes is not None else load.capacity_minutes, load.capacity_minutes)
    return _length(share) if share * 100 <= SCALE_PERCENT else None


def _bracket(load: Load) -> str | None:
    if load.range_percent is None:
        return None
    left, right = (_length(Fraction(percents) / 100) for percents in load.range_percent)
    return f"M{left} 24v4H{right}v-4"


def _length(share: Fraction) -> str:
    """A share of B as a length; beyond the scale the bar is full."""
    length = min(share * 100 / SCALE_PERCENT, Fraction(1)) * WIDTH
    return f"{float(length):.1f}".rstrip("0").rstrip(".")
