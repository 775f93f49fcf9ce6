"""Clients, referrals and visit allotments behind the single-client units of the demonstration.

Their units came in with the organisation's own lists; these rows are written as if each referral had been taken in beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from evenload.records.models import Allotment, Assignment, Client, Contract, Program, Referral, ReferralStep, Unit
from evenload.workflow import contracts, referral_steps
from evenload.workflow.contracts import Targets
from evenload.workflow.demo_cast import OFFICE

if TYPE_CHECKING:
    from evenload.workflow.demo import Scene

BATCH: Final = 500
CAME_IN: Final = time(10, 15)
ZONE: Final = ZoneInfo("America/Toronto")
HOW: Final = ("phone", "referrer", "phone", "in_person")
LANGUAGE_NOT_ASKED: Final = 9
"""of one client in so many nobody has asked the language yet"""


def refer(scene: Scene) -> None:
    """A client with one referral for every single-client unit that has none yet, answered within its time and waiting since."""
    for program in scene.programs.values():
        units = list(program.units.filter(kind="client", referrals__isnull=True).select_related("site", "time_standard"))
        known, targets = program.clients.count(), contracts.targets_of(program, None)
        contract = program.contracts.order_by("pk").first()
        clients = Client.objects.bulk_create(_clients(program, units, first=known + 1, on=program.period_start), batch_size=BATCH)
        rows = [_referral(client, unit, targets, contract) for client, unit in zip(clients, units, strict=True)]
        made = Referral.objects.bulk_create(rows, batch_size=BATCH)
        ReferralStep.objects.bulk_create([step for one in made for step in _first_steps(one)], batch_size=BATCH)


def follow(scene: Scene) -> None:
    """Who has the units that came in with the lists of this week, and the visits that are allotted and used."""
    for program in scene.programs.values():
        held = Assignment.objects.filter(unit__program=program, unit__kind="client", ends_on__isnull=True).select_related("practitioner")
        holders = {one.unit_id: one.practitioner for one in held}
        late = Referral.objects.filter(unit_id__in=holders, state="waiting").values_list("unit_id", flat=True)
        referral_steps.follow_holders({unit: holders[unit] for unit in late if unit}, "assigned", by=None, at=scene.days.at(days=3))
        rows = Referral.objects.filter(unit__program=program).select_related("unit").order_by("pk")
        pairs = [(referral, referral.unit) for referral in rows if referral.unit is not None]
        Allotment.objects.bulk_create(_allotments(program, pairs), batch_size=BATCH)


def _clients(program: Program, units: Iterable[Unit], *, first: int, on: date) -> Iterator[Client]:
    for number, unit in enumerate(units, start=first):
        asked = unit.language if number % LANGUAGE_NOT_ASKED else ""
        yield Client(
            program=program,
            code=f"C{number:04d}",
            initials=_initials(unit),
            language=asked,
            language_asked_on=on - timedelta(days=number % 30) if asked else None,
            language_asked_by=OFFICE.full_name if asked else "",
            language_asked_how=HOW[number % len(HOW)] if asked else "",
            birth_year=1936 + (number * 29) % 82 if program.setting == "school" else 1931 + (number * 17) % 45,
        )


def _initials(unit: Unit) -> str:
    """As on the unit's label: `C. D. 433, Embrun`."""
    return unit.label[:5].replace(" ", "")[:6]


def _referral(client: Client, unit: Unit, targets: Targets, contract: Contract | None) -> Referral:
    received = unit.waiting_since or client.program.period_start - timedelta(days=7 + unit.pk % 120)
    hours, days = targets[unit.priority]
    came = datetime.combine(received, CAME_IN, ZONE)
    return Referral(
        client=client,
        discipline=unit.discipline,
        site=unit.site,
        unit=unit,
        priority=unit.priority,
        received_on=received,
        state="waiting",
        contract=contract if contract and contract.starts_on <= received else None,
        time_standard=unit.time_standard,
        respond_by=came + timedelta(hours=hours),
        responded_at=came + timedelta(hours=max(1, hours // 3)),
        first_visit_by=received + timedelta(days=days),
        first_visit_on=received + timedelta(days=1 + unit.pk % days) if unit.waiting_since is None else None,
    )


def _first_steps(referral: Referral) -> Iterator[ReferralStep]:
    """It came in, and somebody looked at it."""
    came = datetime.combine(referral.received_on, CAME_IN, ZONE)
    yield ReferralStep(referral=referral, before="", after="received", at=came)
    yield ReferralStep(referral=referral, before="received", after="waiting", at=referral.responded_at or came)


def _allotments(program: Program, pairs: Iterable[tuple[Referral, Unit]]) -> Iterator[Allotment]:
    ends_on = program.period_start + timedelta(weeks=program.period_weeks, days=-1)
    for referral, unit in pairs:
        if unit.visits_allotted is not None:
            yield Allotment(
                referral=referral,
                contract=referral.contract,
                authorised_visits=round(unit.visits_allotted),
                used_visits=round(unit.visits_used or 0),
                starts_on=max(program.period_start, referral.received_on) if referral.state == "waiting" else program.period_start,
                expires_on=ends_on,
            )
