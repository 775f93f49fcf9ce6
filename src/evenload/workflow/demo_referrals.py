"""Clients, referrals and visit allotments behind the single-client units of the demonstration, and some that just came in.

There is no action that takes a referral in yet; these rows are written as such an action would leave them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from evenload.records.models import Allotment, Assignment, Client, Program, Referral, Unit

if TYPE_CHECKING:
    from evenload.workflow.demo import Scene

BATCH: Final = 500
JUST_CAME_IN: Final = {"home-care": 9, "schools": 5, "retirement-homes": 2, "clinic": 2}
LANGUAGE_NOT_ASKED: Final = 9
"""of one client in so many nobody has asked the language yet"""


def refer(scene: Scene) -> None:
    """A client with one referral for every single-client unit that has none yet."""
    for program in scene.programs.values():
        units = list(program.units.filter(kind="client", referrals__isnull=True).select_related("site"))
        known = program.clients.count()
        clients = Client.objects.bulk_create(_clients(program, units, first=known + 1, on=program.period_start), batch_size=BATCH)
        Referral.objects.bulk_create([_referral(client, unit) for client, unit in zip(clients, units, strict=True)], batch_size=BATCH)


def follow(scene: Scene) -> None:
    """Who was assigned meanwhile, the visits that are allotted and used, and a few referrals that no unit holds yet."""
    for code, program in scene.programs.items():
        held = Assignment.objects.filter(unit__program=program, ends_on__isnull=True).values("unit_id")
        referrals = Referral.objects.filter(unit__program=program).select_related("unit").order_by("pk")
        referrals.filter(unit_id__in=held).update(state="assigned")
        pairs = [(referral, referral.unit) for referral in referrals if referral.unit is not None]
        Allotment.objects.bulk_create(_allotments(program, pairs), batch_size=BATCH)
        units = list(program.units.filter(kind="client").select_related("site"))
        _just_came_in(program, units, count=JUST_CAME_IN[code], on=scene.days.day(days=3))


def _clients(program: Program, units: Iterable[Unit], *, first: int, on: date) -> Iterator[Client]:
    for number, unit in enumerate(units, start=first):
        asked = unit.language if number % LANGUAGE_NOT_ASKED else ""
        yield Client(
            program=program,
            code=f"C{number:04d}",
            initials=_initials(unit),
            language=asked,
            language_asked_on=on - timedelta(days=number % 30) if asked else None,
        )


def _initials(unit: Unit) -> str:
    """As on the unit's label: `C. D. 433, Embrun`."""
    return unit.label[:5].replace(" ", "")[:6]


def _referral(client: Client, unit: Unit) -> Referral:
    received = unit.waiting_since or client.program.period_start - timedelta(days=7 + unit.pk % 120)
    return Referral(
        client=client, discipline=unit.discipline, site=unit.site, unit=unit, priority=unit.priority, received_on=received, state="waiting"
    )


def _allotments(program: Program, pairs: Iterable[tuple[Referral, Unit]]) -> Iterator[Allotment]:
    ends_on = program.period_start + timedelta(weeks=program.period_weeks, days=-1)
    for referral, unit in pairs:
        if unit.visits_allotted is not None:
            yield Allotment(
                referral=referral,
                authorised_visits=round(unit.visits_allotted),
                used_visits=round(unit.visits_used or 0),
                starts_on=max(program.period_start, referral.received_on) if referral.state == "waiting" else program.period_start,
                expires_on=ends_on,
            )


def _just_came_in(program: Program, units: list[Unit], *, count: int, on: date) -> None:
    """Referrals of the last days: received, and not yet a unit of anybody's caseload."""
    for number in range(min(count, len(units))):
        like = units[(number * 37 + 11) % len(units)]
        client = Client.objects.create(program=program, code=f"N{number + 1:03d}", initials=_initials(like), language=like.language)
        Referral.objects.create(
            client=client, discipline=like.discipline, site=like.site, priority=like.priority, received_on=on - timedelta(days=number % 5)
        )
