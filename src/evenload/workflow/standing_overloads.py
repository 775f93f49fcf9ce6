"""Loads above a maximum that a draft found and did not make: hours were cut, or a list came in, while people kept their clients.

Such a load must not keep a manager from publishing what makes things better. She says why it stands, and it is written down.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from evenload.planning.case import Case
from evenload.planning.problems import Problem
from evenload.planning.travel import load_minutes
from evenload.records.models import Edition, JournalEntry

ABOVE: str = "above_maximum"


def standing_overloads(case: Case, broken: Iterable[Problem]) -> tuple[Problem, ...]:
    """Of what is broken, the loads above a maximum that are no higher than with today's practitioners."""
    above = [problem for problem in broken if problem.code == ABOVE]
    today = _loads_today(case) if above else {}
    return tuple(problem for problem in above if int(problem.value) <= today.get(problem.where.item or "", 0))


def _loads_today(case: Case) -> dict[str, int]:
    """Practitioner → minutes a week with everything that is hers now."""
    loads: dict[str, int] = defaultdict(int)
    for unit in case.units:
        if unit.current is not None and case.has_practitioner(unit.current):
            loads[unit.current] += load_minutes(case, case.practitioner(unit.current), unit)
    return loads


def as_facts(overloads: Iterable[Problem]) -> list[list[str]]:
    """As the journal keeps them: practitioner, minutes a week, maximum."""
    return [[one.where.item or "", one.value, str(one.facts["maximum_minutes"])] for one in overloads]


def recorded(edition: Edition) -> tuple[list[list[str]], str]:
    """What stood above a maximum when the edition was published, and the coded reason that its manager gave."""
    entry = JournalEntry.objects.filter(action="edition.publish", subject_kind="edition", subject_id=edition.code).first()
    facts = entry.facts if entry else {}
    return facts.get("overloads", []), facts.get("overload_reason", "")
