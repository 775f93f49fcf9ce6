"""A practitioner's own rows: units that she holds or covers, her planned visits, the visits that she recorded. A part of the door (access)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from evenload.records.access import NotHers, Person, own_practitioners
from evenload.records.barred import barred_clients_of, barred_units_of
from evenload.records.models import Assignment, PlannedVisit, Practitioner, RecordedVisit, Referral, Unit
from evenload.records.models.clients import OPEN_REFERRALS


def own_units(person: Person) -> QuerySet[Unit]:
    """Units that she holds or covers, those ended in the last weeks not included, and none whose client bars her."""
    mine = list(own_practitioners(person))
    held = Assignment.objects.filter(Q(practitioner__in=mine) | Q(cover__in=mine), ends_on__isnull=True)
    units = Unit.objects.filter(pk__in=held.values("unit_id"), closed_on__isnull=True).exclude(pk__in=barred_units_of(mine))
    return units.select_related("site", "time_standard", "program")


def own_unit(person: Person, key: int) -> tuple[Unit, Practitioner]:
    """One unit of hers, and herself in its program."""
    unit = own_units(person).filter(pk=key).first()
    if unit is None:
        raise NotHers
    return unit, own_practitioners(person).get(program=unit.program_id)


def own_referrals(person: Person, units: Iterable[int]) -> QuerySet[Referral]:
    """Open referrals of units that the caller knows to be hers, without clients who bar her."""
    rows = Referral.objects.filter(unit__in=list(units), state__in=OPEN_REFERRALS)
    barring = barred_clients_of(own_practitioners(person))
    return rows.exclude(client__in=barring).select_related("client__program", "unit__program", "unit__site", "unit__time_standard")


def own_planned(person: Person, key: int) -> PlannedVisit:
    """One planned visit of hers, of a unit that she still may see."""
    mine = list(own_practitioners(person))
    rows = PlannedVisit.objects.filter(pk=key, practitioner__in=mine).exclude(unit__in=barred_units_of(mine))
    rows = rows.exclude(referral__client__in=barred_clients_of(mine))
    found = rows.select_related("practitioner__program", "unit__program", "unit__site", "unit__time_standard", "referral__client").first()
    if found is None:
        raise NotHers
    return found


def own_visits(person: Person) -> QuerySet[RecordedVisit]:
    """Visits that she recorded herself, of units that she still may see."""
    mine = list(own_practitioners(person))
    rows = RecordedVisit.objects.filter(practitioner__in=mine, recorded_by=person.account).exclude(unit__in=barred_units_of(mine))
    return rows.exclude(referral__client__in=barred_clients_of(mine))


def own_recorded(person: Person, key: int) -> RecordedVisit:
    """A visit that she recorded herself."""
    found = (
        own_visits(person)
        .filter(pk=key)
        .select_related("unit__program", "unit__site", "unit__time_standard", "referral__client", "program")
        .first()
    )
    if found is None:
        raise NotHers
    return found
