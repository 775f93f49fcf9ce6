"""Whom a practitioner looks after: her units by the assignments that hold, and never one whose client bars her. A draft does not count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import Exists, OuterRef, Q, QuerySet

from evenload.records.barred import barred_units
from evenload.records.models import Assignment, EditionRow, Leave, Practitioner, Unit


@dataclass(frozen=True, slots=True)
class Held:
    """One unit of hers: since when, and which share of its clients (1 where she has the whole unit)."""

    unit: Unit
    since: date | None
    share: Fraction
    covers: str = ""
    """whose it is, where she covers for somebody who is away"""


def held_units(practitioner: Practitioner, *, to: date | None = None) -> list[Held]:
    """Her units, those that begin by `to` included, in the order of the organisation's list: four queries, however many they are."""
    rows = Assignment.objects.filter(practitioner=practitioner, ends_on__isnull=True, unit__closed_on__isnull=True)
    if to is not None:
        rows = rows.filter(Q(starts_on__isnull=True) | Q(starts_on__lte=to))
    rows = rows.exclude(unit__in=barred_units(practitioner)).select_related("unit__site", "unit__time_standard")
    by_unit: dict[int, list[Assignment]] = defaultdict(list)
    for row in rows:
        by_unit[row.unit_id].append(row)
    shares = _shares([row for pieces in by_unit.values() for row in pieces])
    held = [_held(pieces, shares) for pieces in by_unit.values()]
    return sorted(held, key=lambda one: (one.unit.position, one.unit.pk))


def covered_units(practitioner: Practitioner, day: date) -> list[Held]:
    """Units of colleagues who are away on that day, for whom she covers. Four queries."""
    away = Leave.objects.filter(practitioner=OuterRef("practitioner"), state="told", first_day__lte=day, last_day__gte=day)
    rows = Assignment.objects.filter(Exists(away), cover=practitioner, ends_on__isnull=True, unit__closed_on__isnull=True)
    rows = rows.exclude(unit__in=barred_units(practitioner)).select_related("unit__site", "unit__time_standard", "practitioner")
    pieces = list(rows)
    shares = _shares(pieces)
    return [Held(row.unit, row.starts_on, shares[row.pk], covers=str(row.practitioner)) for row in pieces]


def may_record(practitioner: Practitioner, unit: Unit, on: date) -> bool:
    """Whether she looked after the unit, or covered, on that day, and no client of it bars her."""
    hers = Q(practitioner=practitioner) | Q(cover=practitioner)
    held = Assignment.objects.filter(hers, Q(ends_on__isnull=True) | Q(ends_on__gt=on), unit=unit)
    return held.exists() and unit.pk not in barred_units(practitioner)


def units_of(practitioner: Practitioner) -> QuerySet[Unit]:
    """What she may open: units that she holds or covers now, without those whose client bars her."""
    open_rows = Assignment.objects.filter(Q(practitioner=practitioner) | Q(cover=practitioner), ends_on__isnull=True)
    units = Unit.objects.filter(pk__in=open_rows.values("unit_id")).exclude(pk__in=barred_units(practitioner))
    return units.select_related("site", "time_standard", "program")


def _held(pieces: list[Assignment], shares: dict[int, Fraction]) -> Held:
    starts = [row.starts_on for row in pieces]
    since = None if None in starts else min(day for day in starts if day)
    return Held(pieces[0].unit, since, min(Fraction(1), sum((shares[row.pk] for row in pieces), Fraction(0))))


def _shares(rows: list[Assignment]) -> dict[int, Fraction]:
    """Assignment → its share of the unit's clients: a block's as its edition printed them, else an even part of the unit's blocks."""
    blocks = [row for row in rows if row.piece != row.unit.code]
    printed = _printed_clients(blocks)
    counts: dict[int, int] = defaultdict(int)
    if blocks:
        for unit_id in Assignment.objects.filter(unit__in={row.unit_id for row in blocks}, ends_on__isnull=True).values_list(
            "unit_id", flat=True
        ):
            counts[unit_id] += 1
    shares = {row.pk: Fraction(1) for row in rows}
    for row in blocks:
        clients = printed.get((row.edition_id, row.piece))
        shares[row.pk] = Fraction(clients, row.unit.clients) if clients and row.unit.clients else Fraction(1, counts[row.unit_id])
    return shares


def _printed_clients(blocks: Iterable[Assignment]) -> dict[tuple[int | None, str], int]:
    rows = list(blocks)
    if not rows:
        return {}
    found = EditionRow.objects.filter(edition__in={row.edition_id for row in rows}, piece__in=[row.piece for row in rows])
    return {(edition, piece): clients for edition, piece, clients in found.values_list("edition_id", "piece", "clients")}
