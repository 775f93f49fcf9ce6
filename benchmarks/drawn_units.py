"""Units of the synthetic programs, drawn as columns in compiled loops: one after the other, from the same dice as an interpreter would throw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evenload.planning.case import Practitioner, Unit
from evenload.planning.optimise.columns import Columns
from evenload.planning.shared import Shared

DISCIPLINES = ("OT", "PT", "SLP")
SKILLS = tuple(f"skill{number}" for number in range(8))
OTHER_LANGUAGES = ("ar", "es", "so", "zh")
LANGUAGES = ("en", "fr", *OTHER_LANGUAGES)
CLASSES: Mapping[str, tuple[bool, Fraction | None]] = {"low": (True, None), "mod": (False, None), "high": (False, Fraction(3))}
"""class → whether it has a travel standard, and the years of experience it asks for"""
PRIORITY_SHARES = {1: 0.1, 2: 0.2, 3: 0.5, 4: 0.2}
NEAREST = 6
"""A current practitioner is one of so many."""

Dice = Any
"""numpy.random.Generator: compiled code throws it as the interpreter does"""


class Drawn(NamedTuple):
    """What was thrown for each unit [U]."""

    quarters: NDArray[np.int8]
    """quarters of an hour a week"""
    complexity: NDArray[np.int8]
    language: NDArray[np.int8]
    skill: NDArray[np.int8]
    is_required: NDArray[np.int8]
    discipline: NDArray[np.int8]
    priority: NDArray[np.uint8]
    weeks_waiting: NDArray[np.int16]


def drawn_units(rng: np.random.Generator, people: Sequence[Practitioner], places: NDArray[np.float64]) -> Columns:
    """A unit at each of these places [U, 2]: what it asks for, then who has it now."""
    count = len(places)
    codes = [np.empty(count, np.int8) for _ in range(6)]
    drawn = Drawn(codes[0], codes[1], codes[2], codes[3], codes[4], codes[5], np.empty(count, np.uint8), np.empty(count, np.int16))
    cumulated = np.cumsum(list(PRIORITY_SHARES.values()))
    _draw(rng, cumulated / cumulated[-1], len(OTHER_LANGUAGES), drawn)
    current = _current(rng, people, places, drawn)
    drawn.weeks_waiting[current >= 0] = 0
    kinds, kind = _kinds(drawn)
    number = np.arange(count, dtype=np.int32)
    ids = tuple(person.id for person in people)
    return Columns(kinds, ids, "u{:06d}", number, kind, places, current, drawn.priority, drawn.weeks_waiting)


@njit(cache=True)
def _draw(rng: Dice, priorities: NDArray[np.float64], others: int, drawn: Drawn) -> None:
    for u in range(len(drawn.skill)):
        drawn.quarters[u] = min(16, max(1, int(np.rint(rng.gamma(2.0, 2.2)))))
        drawn.complexity[u] = rng.integers(0, 3)
        drawn.language[u] = 0
        if rng.random() < 0.2:
            drawn.language[u] = 1
        elif rng.random() < 0.15:
            drawn.language[u] = 2 + rng.integers(0, others)
        drawn.skill[u] = rng.integers(0, 8)
        drawn.is_required[u] = rng.random() < 0.5
        drawn.discipline[u] = rng.integers(0, 3)
        drawn.priority[u] = 1 + np.searchsorted(priorities, rng.random(), side="right")
        drawn.weeks_waiting[u] = rng.integers(0, 40)


def _current(rng: np.random.Generator, people: Sequence[Practitioner], places: NDArray[np.float64], drawn: Drawn) -> NDArray[np.int32]:
    """Seven in ten units get one of the six nearest practitioners of discipline, French and required skill; int32[U], −1 nobody."""
    spots = np.array([(p.base.lat, p.base.lon) for p in people if p.base])
    asked = [(d, french, skill) for d in DISCIPLINES for french in (False, True) for skill in (*SKILLS, None)]
    able = [_able(people, *key) for key in asked]
    start = np.concatenate([[0], np.cumsum([len(one) for one in able])])
    skill = np.where(drawn.is_required > 0, drawn.skill, len(SKILLS))
    group = ((drawn.discipline * 2 + (drawn.language == 1)) * (len(SKILLS) + 1) + skill).astype(np.int32)
    current = np.full(len(places), -1, np.int32)
    _draw_current(rng, spots, places, start, np.concatenate(able), group, current)
    return current


def _able(people: Sequence[Practitioner], discipline: str, french: bool, skill: str | None) -> NDArray[np.int64]:
    def is_able(p: Practitioner) -> bool:
        return discipline in p.disciplines and (skill is None or skill in p.skills) and (not french or "fr" in p.languages)

    return np.array([i for i, p in enumerate(people) if is_able(p)], np.int64)


@njit(cache=True)
def _draw_current(
    rng: Dice, spots: NDArray[np.float64], places: NDArray[np.float64], start: NDArray[np.int64], able: NDArray[np.int64],
    group: NDArray[np.int32], current: NDArray[np.int32],
) -> None:  # fmt: skip
    nearest, far = np.empty(NEAREST, np.int64), np.empty(NEAREST)
    for u in range(len(current)):
        has_one, rank = rng.random() < 0.7, rng.integers(0, NEAREST)
        first, last = start[group[u]], start[group[u] + 1]
        if not has_one or first == last:
            continue
        far[:] = np.inf
        kept = 0
        for at in range(first, last):
            north = spots[able[at], 0] - places[u, 0]
            if abs(north) >= far[NEAREST - 1]:
                continue
            distance = np.hypot(north, (spots[able[at], 1] - places[u, 1]) * 0.7)
            if distance >= far[NEAREST - 1]:
                continue
            place = min(kept, NEAREST - 1)
            while place > 0 and far[place - 1] > distance:
                far[place], nearest[place] = far[place - 1], nearest[place - 1]
                place -= 1
            far[place], nearest[place] = distance, able[at]
            kept = min(NEAREST, kept + 1)
        current[u] = nearest[min(rank, kept - 1)]


def _kinds(drawn: Drawn) -> tuple[tuple[Unit, ...], NDArray[np.int32]]:
    """One unit of each kind that was drawn, and each unit's kind."""
    code = np.zeros(len(drawn.skill), np.int32)
    sizes = (17, len(CLASSES), len(LANGUAGES), len(SKILLS), 2, len(DISCIPLINES))
    for column, size in zip(drawn[:6], sizes, strict=True):
        code = code * size + column
    _, first, kind = np.unique(code, return_index=True, return_inverse=True)
    same = Shared()
    return tuple(_unit(same, *(int(column[at]) for column in drawn[:6])) for at in first.tolist()), kind.astype(np.int32)


def _unit(same: Shared, quarters: int, complexity: int, language: int, skill: int, is_required: int, discipline: int) -> Unit:
    class_id = list(CLASSES)[complexity]
    in_standard, years = CLASSES[class_id]
    minutes, skills = 15 * quarters, frozenset({SKILLS[skill]})
    return Unit(
        id="",
        stated_id="",
        kind="client",
        site=None,
        site_kind=None,
        discipline=DISCIPLINES[discipline],
        class_id=class_id,
        clients=1,
        minutes=minutes,
        travel_in_standard=in_standard,
        visits_per_week=same(Fraction(minutes, 45)),
        trips=same(Fraction(minutes, 135)),
        language=LANGUAGES[language],
        language_need="preferred",
        skills_required=same(skills if is_required else frozenset()),
        skills_preferred=same(frozenset() if is_required else skills),
        priority=0,
        weeks_waiting=0,
        current=None,
        pinned_to=None,
        barred=same(frozenset()),
        together=None,
        days=same(frozenset()),
        evening=False,
        experience_years=years,
        site_team=None,
        area="all",
        place=None,
        peak_minutes=minutes,
        tags=same(frozenset({class_id, "client"}) | skills),
    )
