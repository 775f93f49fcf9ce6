"""Rules and goals as tables: each is called once per distinct pair of what it looks at.

A rule or goal is defined once, for one pair, in `eligibility` or `goals`. Most of them look at a few facts only, so a
table [keys of units × practitioners] filled by calling them is their array twin. What depends on the very pair (drive,
bar, continuity, pins, who takes no new clients) is computed in `pairs`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from evenload.planning import eligibility, goals
from evenload.planning.case import Case, Practitioner, Unit


@dataclass(frozen=True, slots=True)
class Facet:
    """What one rule or goal looks at, on either side."""

    of: Callable[[Case, Practitioner, Unit], object]
    practitioner: Callable[[Practitioner], Hashable]
    unit: Callable[[Unit], Hashable]


def _languages(practitioner: Practitioner) -> Hashable:
    return tuple(sorted(practitioner.languages.items()))


def _asked_language(unit: Unit) -> Hashable:
    return unit.language, unit.language_need


RULE_FACETS: tuple[Facet, ...] = (
    Facet(eligibility.no_capacity, lambda p: p.maximum_minutes > 0, lambda _: None),
    Facet(eligibility.language_french, _languages, _asked_language),
    Facet(eligibility.language_required, _languages, _asked_language),
    Facet(eligibility.skill_missing, lambda p: p.skills, lambda u: u.skills_required),
    Facet(eligibility.days, lambda p: p.days, lambda u: u.days),
    Facet(eligibility.evening, lambda p: p.evenings, lambda u: u.evening),
)

GOAL_FACETS: tuple[Facet, ...] = (
    Facet(goals.language, _languages, _asked_language),
    Facet(goals.skills, lambda p: p.skills, lambda u: u.skills_preferred),
    Facet(goals.interests, lambda p: p.interests, lambda u: u.tags),
    Facet(goals.experience, lambda p: p.years_experience, lambda u: u.experience_years),
    Facet(goals.team, lambda p: p.team, lambda u: u.site_team),
)

RULES_OF_THE_PAIR = (
    eligibility.discipline,
    eligibility.barred,
    eligibility.not_accepting_new,
    eligibility.drive_too_long,
    eligibility.pinned_elsewhere,
)
GOALS_OF_THE_PAIR = (goals.travel, goals.continuity)


def untwinned() -> frozenset[str]:
    """Names of rules and goals that have no array twin; not empty means that the engine would not obey them."""
    twinned = {facet.of for facet in (*RULE_FACETS, *GOAL_FACETS)} | {*RULES_OF_THE_PAIR, *GOALS_OF_THE_PAIR}
    return frozenset(one.__name__ for one in (*eligibility.RULES, *goals.PAIR_GOALS) if one not in twinned)


@dataclass(frozen=True, slots=True)
class Tables:
    """Rows of permissions and of prices, and which of them each unit uses.

    allowed uint8[rows, P], 1 = no objection; allowed_row int32[U, rules]. Row 0 objects to nobody.
    soft float64[rows, P], hours per week; soft_row int32[U, goals]. Row 0 costs nothing.
    """

    allowed: NDArray[np.uint8]
    allowed_row: NDArray[np.int32]
    soft: NDArray[np.float64]
    soft_row: NDArray[np.int32]


def tables_of(case: Case, practitioners: Sequence[Practitioner], units: Sequence[Unit]) -> Tables:
    """The tables of these units (U) for these practitioners (P). Raises NotImplementedError for a rule without a twin."""
    if missing := untwinned():
        raise NotImplementedError(", ".join(sorted(missing)))
    verdicts = [_filled(case, facet, practitioners, units) for facet in RULE_FACETS]
    prices = [_filled(case, facet, practitioners, units) for facet in GOAL_FACETS]
    permissions = [(_is_none(answers), rows) for answers, rows in verdicts]
    allowed, allowed_row = _stacked(permissions, np.ones((1, len(practitioners)), np.uint8))
    hours = [(answers.astype(np.float64), rows) for answers, rows in prices]
    soft, soft_row = _stacked(hours, np.zeros((1, len(practitioners))))
    return Tables(allowed, allowed_row, soft, soft_row)


def _filled(
    case: Case, facet: Facet, practitioners: Sequence[Practitioner], units: Sequence[Unit]
) -> tuple[NDArray[np.object_], NDArray[np.int32]]:
    """Answers object[keys of units, P], and the key's row of each unit."""
    people, person_of = _distinct([facet.practitioner(p) for p in practitioners])
    asked, row_of = _distinct([facet.unit(u) for u in units])
    answers = np.empty((len(asked), len(people)), object)
    for row, first_unit in enumerate(asked):
        unit = replace(units[first_unit], pinned_to=None)
        for column, first_person in enumerate(people):
            answers[row, column] = facet.of(case, practitioners[first_person], unit)
    return answers[:, person_of], row_of


def _is_none(answers: NDArray[np.object_]) -> NDArray[np.uint8]:
    return np.array([[answer is None for answer in row] for row in answers], np.uint8).reshape(answers.shape)


def _distinct(keys: list[Hashable]) -> tuple[list[int], NDArray[np.int32]]:
    """Index of the first item of each distinct key, and the key's number for each item."""
    number: dict[Hashable, int] = {}
    first: list[int] = []
    numbers = np.empty(len(keys), np.int32)
    for index, key in enumerate(keys):
        if key not in number:
            number[key] = len(first)
            first.append(index)
        numbers[index] = number[key]
    return first, numbers


def _stacked(parts: list[tuple[NDArray, NDArray[np.int32]]], neutral: NDArray) -> tuple[NDArray, NDArray[np.int32]]:  # type: ignore[type-arg]
    """All tables under each other below the neutral row; rows equal to the neutral one are replaced by row 0."""
    rows, columns, height = [neutral], [], 1
    for table, row_of in parts:
        is_neutral = (table == neutral).all(axis=1)
        number = np.where(is_neutral, 0, height + np.cumsum(~is_neutral) - 1).astype(np.int32)
        rows.append(table[~is_neutral])
        height += int((~is_neutral).sum())
        columns.append(number[row_of] if len(table) else row_of)
    return np.ascontiguousarray(np.vstack(rows)), np.ascontiguousarray(np.stack(columns, axis=1))
