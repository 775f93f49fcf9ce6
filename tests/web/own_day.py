"""Béa's day for tests of the pages: the group she sees at school B, and two clients of her own with referrals and allotments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.test import Client as Browser
from django.utils import timezone

from cast import Cast, person
from evenload.records.access import Person
from evenload.records.models import Allotment, Assignment, Client, Practitioner, Program, Referral, Unit
from evenload.workflow import drafts
from web.desk_visits import client_of


@dataclass(frozen=True, slots=True)
class OwnDay:
    """Béa, her browser, and u8 and u5 as single clients of hers: J. M. and R. B."""

    bea: Practitioner
    person: Person
    browser: Browser
    jm: Unit
    rb: Unit
    today: date


def own_day(everybody: Cast) -> OwnDay:
    """The period began four weeks ago, so that today lies in it; an open draft counts the loads."""
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    Program.objects.filter(pk=everybody.program_a.pk).update(period_start=monday - timedelta(weeks=4), as_of=monday)
    bea = Practitioner.objects.select_related("program").get(account=everybody.practitioner)
    jm, rb = (
        _hers(bea, code, initials, name, today)
        for code, initials, name in (("u8", "J. M.", "Jeanne Mance"), ("u5", "R. B.", "Réal Bouvier"))
    )
    drafts.open_draft(Program.objects.get(pk=everybody.program_a.pk), by=person(everybody.manager_of_a), at=timezone.now())
    return OwnDay(bea, person(everybody.practitioner), client_of(everybody.practitioner), jm, rb, today)


def _hers(bea: Practitioner, code: str, initials: str, name: str, today: date) -> Unit:
    unit = Unit.objects.get(program=bea.program, code=code)
    Unit.objects.filter(pk=unit.pk).update(visits_allotted=12, visits_used=0, visits_per_week=Decimal(1), postal="K1K 2B5")
    Assignment.objects.filter(unit=unit).delete()
    Assignment.objects.create(unit=unit, piece=code, practitioner=bea, starts_on=today - timedelta(days=3))
    Client.objects.filter(referrals__unit=unit).update(initials=initials, name=name)
    referral = Referral.objects.get(unit=unit)
    Referral.objects.filter(pk=referral.pk).update(state="assigned", received_on=today - timedelta(days=10), first_visit_by=today)
    Allotment.objects.create(
        referral=referral, authorised_visits=12, starts_on=today - timedelta(weeks=4), expires_on=today + timedelta(weeks=12)
    )
    return Unit.objects.select_related("program", "site", "time_standard").get(pk=unit.pk)
