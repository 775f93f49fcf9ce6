"""A practitioner's clients as she sees them: priority, visits left, last contact, and what is due. The same queries for one client and for sixty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from django.db.models import Max, Min

from evenload.planning.case import round_half_up
from evenload.planning.demand import sessions_per_visit
from evenload.records.barred import barred_clients_of
from evenload.records.models import PlannedVisit, Practitioner, RecordedVisit, Referral
from evenload.records.models.clients import OPEN_REFERRALS
from evenload.workflow import allotments
from evenload.workflow.allotments import VisitsLeft
from evenload.workflow.own_caseload import Held, covered_units, held_units
from evenload.workflow.visits_needed import pace_of

INACTIVE: Final = timedelta(days=30)
PLANNED_SOON: Final = timedelta(days=7)
"""a contact that is overdue is no task any more where a visit is planned within these days"""
SHORTEST_OF_SEVERAL: Final = timedelta(days=7)
"""a unit of several clients without names is overdue after a week without a visit, however often it is visited"""

Key = tuple[int, int | None]
"""unit and referral; None where the unit has no referral"""


@dataclass(frozen=True, slots=True)
class Task:
    """Something due: `first_visit`, `contact`, `visits_left`, `expires`, `inactive`; on which day it is, or was."""

    kind: str
    due: date


@dataclass(frozen=True, slots=True)
class OwnClient:
    """One client of hers, or a unit whose clients are not named. What nobody knows is None."""

    held: Held
    referral: Referral | None
    left: VisitsLeft | None
    last_contact: date | None
    contact_due: date | None
    """the day by which she is to be seen again, by her visits a week"""
    next_planned: date | None
    tasks: tuple[Task, ...]

    @property
    def priority(self) -> int:
        """The referral's, else the unit's; 1 is the highest."""
        return self.referral.priority if self.referral else self.held.unit.priority

    @property
    def due(self) -> date | None:
        """The day of what is due first."""
        return min((task.due for task in self.tasks), default=None)

    def overdue_days(self, today: date) -> int:
        """Days since the contact was due; 0 where it is not overdue."""
        return max(0, (today - self.contact_due).days) if self.contact_due else 0


@dataclass(frozen=True, slots=True)
class _Known:
    """What was asked of the records at once."""

    contacts: Mapping[Key, date]
    planned: Mapping[Key, date]
    left: Mapping[int, VisitsLeft]


def own_clients(practitioner: Practitioner, *, today: date) -> list[OwnClient]:
    """Everybody she looks after today, those of colleagues who are away included; what is due first on top. Nobody who bars her."""
    held = [*held_units(practitioner, to=today), *covered_units(practitioner, today)]
    referrals = _referrals(practitioner, held)
    known = _known(held, referrals, today)
    lines: list[tuple[Held, Referral | None]] = []
    for one in held:
        named = referrals.get(one.unit.pk, [])
        lines.extend((one, referral) for referral in named)
        if one.unit.kind != "client" or not named:
            lines.append((one, None))
    found = [_client(one, referral, known, practitioner, today) for one, referral in lines]
    return sorted(found, key=lambda one: (one.due or date.max, one.priority, one.held.unit.position, one.held.unit.pk))


def _referrals(practitioner: Practitioner, held: Iterable[Held]) -> dict[int, list[Referral]]:
    """Unit → its open referrals, without clients who bar her."""
    rows = Referral.objects.filter(unit__in=[one.unit.pk for one in held], state__in=OPEN_REFERRALS)
    found: dict[int, list[Referral]] = defaultdict(list)
    for referral in (
        rows.exclude(client__in=barred_clients_of([practitioner])).select_related("client").order_by("priority", "received_on", "pk")
    ):
        if referral.unit_id is not None:
            found[referral.unit_id].append(referral)
    return found


def _known(held: Iterable[Held], referrals: Mapping[int, list[Referral]], today: date) -> _Known:
    units = [one.unit.pk for one in held]
    done = RecordedVisit.objects.filter(unit__in=units, outcome="done").values_list("unit_id", "referral_id")
    coming = PlannedVisit.objects.filter(unit__in=units, state="planned", on__gte=today).values_list("unit_id", "referral_id")
    keys = [referral.pk for rows in referrals.values() for referral in rows]
    return _Known(
        contacts={(unit, referral): last for unit, referral, last in done.annotate(last=Max("on")).order_by() if unit is not None},
        planned={(unit, referral): first for unit, referral, first in coming.annotate(first=Min("on")).order_by()},
        left=allotments.left_of(keys, today=today),
    )


def _client(held: Held, referral: Referral | None, known: _Known, practitioner: Practitioner, today: date) -> OwnClient:
    single = held.unit.kind == "client"
    last = _of(known.contacts, held, referral, max, is_single=single)
    planned = _of(known.planned, held, referral, min, is_single=single)
    left = known.left[referral.pk] if referral else None
    if left is None or not (left.authorised or left.unfunded_asked):
        left = _left_of_unit(held) if single or referral is None else None
    contact_due = _contact_due(held, referral, last, practitioner, today)
    found = OwnClient(held, referral, left, last, contact_due, planned, ())
    is_resting = referral is not None and referral.state == "on_hold"
    return found if is_resting else OwnClient(held, referral, left, last, contact_due, planned, tuple(_tasks(found, today)))


def _of(
    days: Mapping[Key, date], held: Held, referral: Referral | None, choose: Callable[[list[date]], date], *, is_single: bool
) -> date | None:
    """The day of the referral; of a unit that is one client, or has no named ones, of any visit of it."""
    if referral is not None and not is_single:
        return days.get((held.unit.pk, referral.pk))
    found = [day for (unit, _), day in days.items() if unit == held.unit.pk]
    return choose(found) if found else None


def _left_of_unit(held: Held) -> VisitsLeft | None:
    """By the organisation's list, where a single unit of hers says what was allotted and used."""
    unit = held.unit
    if unit.visits_allotted is None or unit.visits_used is None or held.share != 1:
        return None
    allotted, used = round(unit.visits_allotted), round(unit.visits_used)
    return VisitsLeft(authorised=allotted, used=used, left=max(0, allotted - used))


def _contact_due(held: Held, referral: Referral | None, last: date | None, practitioner: Practitioner, today: date) -> date | None:
    """The last contact, or the day she began with her, and the interval that her visits a week imply; None where neither is known."""
    interval = _interval(held, referral, practitioner, today)
    since = last or (None if held.unit.visits_used else held.since)
    return since + interval if since and interval else None


def _interval(held: Held, referral: Referral | None, practitioner: Practitioner, today: date) -> timedelta | None:
    """Days between two visits of one client; of a unit whose clients are not named, between any two visits of it."""
    pace = pace_of(held.unit, practitioner.program, today, share=held.share)
    if pace.per_week <= 0:
        return None
    between = 7 / pace.per_week
    if held.unit.kind != "client" and referral is not None:
        sessions = sessions_per_visit(held.unit.clients, held.unit.time_standard.group_size)
        between *= max(Fraction(1), held.unit.clients * sessions * held.share)
    interval = timedelta(days=max(1, round_half_up(between)))
    return interval if held.unit.kind == "client" or referral is not None else max(interval, SHORTEST_OF_SEVERAL)


def _tasks(client: OwnClient, today: date) -> Iterable[Task]:
    referral, left = client.referral, client.left
    if referral is not None and referral.first_visit_on is None and referral.first_visit_by is not None and client.last_contact is None:
        yield Task("first_visit", referral.first_visit_by)
    elif _is_inactive(client, today) and client.last_contact is not None:
        yield Task("inactive", client.last_contact + INACTIVE)
    elif client.contact_due is not None and client.contact_due < today and not _is_planned_soon(client, today):
        yield Task("contact", client.contact_due)
    if left is not None and left.runs_out_soon(today):
        ends_by_day = left.expires_on is not None and left.left > allotments.FEW_LEFT
        yield Task("expires", left.expires_on or today) if ends_by_day else Task("visits_left", left.expires_on or today)


def _is_inactive(client: OwnClient, today: date) -> bool:
    return client.last_contact is not None and client.last_contact + INACTIVE <= today and client.next_planned is None


def _is_planned_soon(client: OwnClient, today: date) -> bool:
    return client.next_planned is not None and client.next_planned <= today + PLANNED_SOON
