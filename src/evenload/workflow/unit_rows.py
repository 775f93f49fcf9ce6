"""Caseload units of a program as the workbook's rows. A unit of which nothing was changed keeps its row from one reading to the next.

Every visit that is recorded makes the program's facts new, and touches one unit of thousands. All columns are read each time and
compared with those that a row was made from: what is kept cannot be older than the records.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from evenload.exchange.rows import UnitRow
from evenload.records.barred import barred_by_clients
from evenload.records.models import Assignment, Program, Referral, Unit
from evenload.records.models.clients import OPEN_REFERRALS

MOST_KEPT: Final = 8
"""programs whose rows are kept per process"""
NOBODY: Final = frozenset[str]()
COLUMNS: Final = (
    *("pk", "code", "kind", "site__code", "discipline", "time_standard__code", "clients"),
    *("visits_allotted", "visits_used", "visits_per_week", "language", "language_need"),
    *("priority", "waiting_since", "pinned", "label", "together", "evening", "from_date", "note", "postal", "lat", "lon"),
)
LISTS: Final = ("skills_required", "skills_preferred", "days")
"""read as text: of a unit that has its row already they are only compared"""


@dataclass(frozen=True, slots=True)
class _Read:
    """A row, and all that it was made from."""

    columns: tuple[Any, ...]
    current: str | None
    barred: frozenset[str]
    barred_by_clients: frozenset[str]
    row: UnitRow


_kept: dict[int, dict[int, _Read]] = {}


def forget() -> None:
    """Empty what is kept in this process."""
    _kept.clear()


def unit_rows(program: Program, *, with_held: bool) -> tuple[UnitRow, ...]:
    """What planning takes of the units; everything that is known (`with_held`) has those of clients who are on hold, too. Four queries."""
    current, barred, by_clients = _current_of_units(program), _barred_of_units(program), barred_by_clients(program)
    stands = program.units.filter(closed_on__isnull=True) if with_held else standing_units(program)
    before, found = _kept.get(program.pk, {}), dict[int, _Read]()
    for columns in stands.values_list(*COLUMNS, *(Cast(name, TextField()) for name in LISTS)):
        key = columns[0]
        made_from = (columns, current.get(key), barred.get(key, NOBODY), by_clients.get(key, NOBODY))
        known = before.get(key)
        if known is None or (known.columns, known.current, known.barred, known.barred_by_clients) != made_from:
            known = _Read(*made_from, _row(*made_from))
        found[key] = known
    _keep(program, found)
    return tuple(one.row for one in found.values())


def _keep(program: Program, found: dict[int, _Read]) -> None:
    _kept.pop(program.pk, None)
    _kept[program.pk] = found
    for key in list(_kept)[:-MOST_KEPT]:
        _kept.pop(key, None)


def standing_units(program: Program) -> QuerySet[Unit]:
    """Units that are planned: not closed, and not of a client who is on hold before anybody has her."""
    held = Assignment.objects.filter(unit=OuterRef("pk"), ends_on__isnull=True)
    open_referrals = Referral.objects.filter(unit=OuterRef("pk"), state__in=OPEN_REFERRALS)
    paused = Exists(open_referrals.filter(state="on_hold")) & ~Exists(open_referrals.exclude(state="on_hold")) & ~Exists(held)
    return program.units.filter(closed_on__isnull=True).exclude(Q(kind="client") & paused)


def _current_of_units(program: Program) -> dict[int, str]:
    """Unit → practitioner of most of its pieces (ties: the first by code): the workbook has one per unit."""
    holders: dict[int, Counter[str]] = defaultdict(Counter)
    rows = Assignment.objects.filter(unit__program=program, ends_on__isnull=True).order_by()
    for unit_id, code in rows.values_list("unit_id", "practitioner__code"):
        holders[unit_id][code] += 1
    return {unit_id: min(counts, key=lambda code: (-counts[code], code)) for unit_id, counts in holders.items()}


def _barred_of_units(program: Program) -> Mapping[int, frozenset[str]]:
    """Unit → codes of those whom the organisation's own list bars from it."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = Unit.barred_practitioners.through.objects.filter(unit__program=program)
    for unit_id, code in rows.values_list("unit_id", "practitioner__code"):
        found[unit_id].add(code)
    return {unit_id: frozenset(codes) for unit_id, codes in found.items()}


def _row(columns: tuple[Any, ...], current: str | None, barred: frozenset[str], by_clients: frozenset[str]) -> UnitRow:
    stated = dict(zip((*COLUMNS, *LISTS), columns, strict=True))
    return UnitRow(
        id=stated["code"],
        kind=stated["kind"],
        site=stated["site__code"],
        discipline=stated["discipline"],
        class_id=stated["time_standard__code"],
        clients=stated["clients"],
        visits_allotted=_exact(stated["visits_allotted"]),
        visits_used=_exact(stated["visits_used"]),
        visits_per_week=_exact(stated["visits_per_week"]),
        language=stated["language"] or None,
        language_need=stated["language_need"],
        skills_required=tuple(json.loads(stated["skills_required"])),
        skills_preferred=tuple(json.loads(stated["skills_preferred"])),
        priority=stated["priority"],
        waiting_since=stated["waiting_since"],
        current_practitioner=current,
        pinned=stated["pinned"] and current is not None and current not in by_clients,
        barred_practitioners=tuple(sorted(barred | by_clients)),
        label=stated["label"] or None,
        together=stated["together"] or None,
        days=tuple(json.loads(stated["days"])),
        evening=stated["evening"],
        from_date=stated["from_date"],
        note=stated["note"] or None,
        postal=stated["postal"] or None,
        lat=_exact(stated["lat"]),
        lon=_exact(stated["lon"]),
    )


def _exact(value: Decimal | None) -> Fraction | None:
    return None if value is None else Fraction(value)
