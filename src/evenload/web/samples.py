"""Load bars of every state and charts of every kind: the legend of the help page, and the style guide."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from evenload.web.charts import Chart, ChartRow
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


def charts() -> tuple[Chart, ...]:
    """One chart of each kind, in English only: a line with a week that nobody knows, bars with a shortage, parts of a whole."""
    weeks = tuple(
        ChartRow(f"2026-02-{2 + 7 * place:02}", (Fraction(1200 - 25 * place, 10), Fraction(1100 + 60 * place, 10) if place != 2 else None))
        for place in range(4)
    )
    pools = (("OT, French, schools", Fraction(-22)), ("OT, English, schools", Fraction(4)), ("SLP, French, schools", Fraction(-9)))
    ages = (("to 30 days", (1, 4, 12, 9)), ("31 to 90 days", (0, 3, 8, 6)), ("older", (0, 1, 5, 7)))
    return (
        Chart(
            "weeks", "Have and need", "Need passes what we have in the third week.", "h/week", ("Week", "have", "need"), weeks, "lines", "#"
        ),
        Chart(
            "pools",
            "Gap by pool",
            "French OT in schools is short of 22 hours.",
            "h/week",
            ("Pool", "gap"),
            tuple(ChartRow(name, (gap,), "#") for name, gap in pools),
            "bars",
            "#",
        ),
        Chart(
            "ages",
            "Waiting",
            "Most wait for less than 30 days.",
            "clients",
            ("Waiting", "priority 1", "priority 2", "priority 3", "priority 4"),
            tuple(ChartRow(name, counts) for name, counts in ages),
            "stack",
            "#",
            digits=0,
        ),
    )
