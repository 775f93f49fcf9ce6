"""What several people judge a visit of a class to take: each person's latest judgement counts, and their spread is shown.

What is proposed of them is the median: one judge far from the others does not move it, and of two it is the mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from django.db import transaction

from evenload.planning.standards import quantile
from evenload.records.access import Person
from evenload.records.models import StandardJudgement, TimeStandard
from evenload.workflow import journal
from evenload.workflow.refused import Refused
from evenload.workflow.standard_figures import MOST_MINUTES, MOST_VISITS
from evenload.workflow.worksheet_tries import plain_decimal

LONGEST_WHY: Final = 1000
JUDGED: Final = ("visits", "direct_minutes", "indirect_minutes", "travel_minutes")
"""What may be judged; all but the direct minutes may be left open."""


@dataclass(frozen=True, slots=True)
class Spread:
    """What several people judge of one figure: how many they are, the least, the median and the most."""

    judges: int
    least: Fraction
    median: Fraction
    most: Fraction


def judge(standard: TimeStandard, judged: Mapping[str, Fraction | None], *, why: str, by: Person, at: datetime) -> StandardJudgement:
    """Keep what one person judges; her earlier judgement stays, and counts no more. Refused `standard_fields` {problems}."""
    if problems := problems_of(judged):
        raise Refused("standard_fields", problems=problems)
    values = {name: _column(judged.get(name)) for name in JUDGED}
    with transaction.atomic():
        made = StandardJudgement.objects.create(
            standard=standard, by=by.account, by_name=by.name, at=at, why=why.strip()[:LONGEST_WHY], **values
        )
        said = {name: str(value) for name, value in values.items() if value is not None}
        journal.record(by, "standard.judge", at=at, program=standard.program, subject=standard, **said)
    return made


def problems_of(judged: Mapping[str, Fraction | None]) -> dict[str, str]:
    """What cannot be: field → code."""
    found = {}
    for name in JUDGED:
        value, most = judged.get(name), MOST_VISITS if name == "visits" else MOST_MINUTES
        if value is not None and not 0 <= value <= most:
            found[name] = "standard_visits_odd" if name == "visits" else "standard_minutes_odd"
    if judged.get("direct_minutes") is None:
        found["direct_minutes"] = "standard_minutes_odd"
    return found


def latest(rows: Iterable[StandardJudgement]) -> list[StandardJudgement]:
    """The latest judgement of each person, the newest first."""
    newest = {row.by_id: row for row in sorted(rows, key=lambda row: row.pk)}
    return sorted(newest.values(), key=lambda row: -row.pk)


def spreads(rows: Iterable[StandardJudgement]) -> dict[str, Spread]:
    """What the latest judgements say, figure by figure; figures that nobody judged are left out."""
    counted = latest(rows)
    found = {}
    for name in JUDGED:
        values = sorted(Fraction(str(value)) for row in counted if (value := getattr(row, name)) is not None)
        if values:
            found[name] = Spread(len(values), values[0], quantile(values, Fraction(1, 2)), values[-1])
    return found


def plain(rows: Iterable[StandardJudgement]) -> list[dict[str, Any]]:
    """The latest judgements as the evidence of a version keeps them."""
    return [
        {"by": row.by_name, "at": row.at.isoformat()} | {name: str(value) for name in JUDGED if (value := getattr(row, name)) is not None}
        for row in latest(rows)
    ]


def _column(value: Fraction | None) -> Decimal | None:
    return None if value is None else Decimal(plain_decimal(round(value, 4)))
