"""Before → after: the one way in which a move, an offer, a remedy or a scenario shows what it does to somebody's week."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from evenload.web.load_bar import ICONS, Load, percent_of
from evenload.words import Words, label
from evenload.words.formats import Number


@dataclass(frozen=True, slots=True)
class Figures:
    """One side of a change: the load, its state, travel and the fullest week, in minutes a week."""

    load: Load
    state: str
    travel_minutes: int
    peak_minutes: int


@dataclass(frozen=True, slots=True)
class Change:
    """One cell: what it was, what it becomes, and whether that is another figure."""

    before: str
    after: str

    @property
    def is_one(self) -> bool:
        return self.before == self.after


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One person's row: load in percent, hours, travel and the fullest week, and the word for the load after it."""

    name: str
    load: Change
    hours: Change
    travel: Change
    peak: Change
    state: str
    icon: str
    word: str


def change_row(words: Words, name: str, before: Figures, after: Figures) -> ChangeRow:
    """The row of one person."""
    percents = tuple(None if (share := percent_of(side.load)) is None else round(share) for side in (before, after))
    state = {"no_capacity": "away"}.get(after.state, after.state)
    return ChangeRow(
        name=name,
        load=Change(*("–" if one is None else words.percent(one) for one in percents)),
        hours=_hours(words, before.load.minutes, after.load.minutes),
        travel=_hours(words, before.travel_minutes, after.travel_minutes),
        peak=_hours(words, before.peak_minutes, after.peak_minutes),
        state=state,
        icon=ICONS[state],
        word=label(words, "load", state),
    )


def change_rows(words: Words, changes: Iterable[tuple[str, Figures, Figures]]) -> list[ChangeRow]:
    """The rows of everybody whose week changes."""
    return [change_row(words, name, before, after) for name, before, after in changes]


def spoken_change(words: Words, row: ChangeRow) -> str:
    """`Fatou Diallo: 72%, in range.`"""
    return words.say("{name}: {percent}, {state}.", name=row.name, percent=row.load.after, state=row.word.lower())


def price_change(words: Words, before: Number, after: Number) -> Change:
    """The plan's price before and after, hours a week."""
    return Change(words.number(before), words.hours(after, per="week"))


def _hours(words: Words, before: int, after: int) -> Change:
    return Change(*(words.number(Fraction(minutes, 60)) for minutes in (before, after)))
