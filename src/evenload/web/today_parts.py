"""The parts of a practitioner's own day: a visit with what can become of it, what is due, and who she looks after."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone

from evenload.exchange.places import fsa_of
from evenload.records.models import PlannedVisit, RecordedVisit, Referral, Unit
from evenload.web.today_words import saved_sentence, task_sentence
from evenload.words import Words, label
from evenload.workflow.allotments import VisitsLeft
from evenload.workflow.own_clients import OwnClient

CONTACT_TASKS = 12
"""tasks shown on Today; the rest stands with the clients"""


@dataclass(frozen=True, slots=True)
class VisitView:
    """One visit that can be recorded: planned, or of a unit just now (`planned` 0). `entry` makes it one visit, however often it is sent."""

    key: str
    planned: int
    unit: int
    referral: int
    title: str
    detail: str
    on: date
    when: str
    minutes: int
    entry: str
    is_single: bool
    """one client: she has a page of her own to look at"""
    referrals: tuple[tuple[int, str], ...] = ()
    """clients of the unit, where it has several with names to choose from"""


@dataclass(frozen=True, slots=True)
class SavedView:
    """One recorded visit: what the page says of it, and whether she may still undo it."""

    visit: RecordedVisit
    title: str
    outcome: str
    sentence: str
    can_undo: bool


@dataclass(frozen=True, slots=True)
class TaskView:
    """One line of what is due: on whom, what, where to, whether its day is here."""

    unit: int
    title: str
    place: str
    text: str
    due: date
    is_due: bool


def unit_title(words: Words, unit: Unit, referral: Referral | None) -> str:
    """Initials of the client, else the site's name, else what the organisation calls the unit. Never a client's name."""
    if referral is not None:
        return referral.client.initials
    if unit.kind != "client" and unit.site is not None:
        return words.either(unit.site.name_en, unit.site.name_fr)
    return str(unit)


def unit_place(words: Words, unit: Unit, referral: Referral | None) -> str:
    """Where a single client is seen: the site, else the town's postal area. Of a site: how many clients."""
    if unit.kind != "client" and referral is None:
        return words.say_n("{n} client", "{n} clients", unit.clients)
    if unit.site is not None:
        return words.either(unit.site.name_en, unit.site.name_fr)
    return fsa_of(unit.postal or (referral.client.postal if referral else "")) or ""


def planned_view(words: Words, one: PlannedVisit, referrals: Mapping[int, list[Referral]]) -> VisitView:
    """A planned visit; `referrals`: those of its unit, to name the client of a single one, and to choose among several."""
    named = referrals.get(one.unit_id, [])
    return _view(words, one.unit, one.referral, named, minutes=one.minutes, on=one.on, at=one.at, planned=one.pk)


def unplanned_view(words: Words, unit: Unit, referrals: list[Referral], *, minutes: int, today: date) -> VisitView:
    """A visit of a unit that nobody planned."""
    return _view(words, unit, None, referrals, minutes=minutes, on=today, at=None, planned=0)


def _view(
    words: Words, unit: Unit, named: Referral | None, known: list[Referral], *, minutes: int, on: date, at: time | None, planned: int
) -> VisitView:
    single = unit.kind == "client"
    referral = named or (known[0] if single and known else None)
    size = unit.time_standard.group_size
    detail = [label(words, "discipline_short", unit.discipline), unit_place(words, unit, referral)]
    if size > 1:
        detail.append(words.say("group of {n}", n=size))
    return VisitView(
        key=f"p{planned}" if planned else f"u{unit.pk}",
        planned=planned,
        unit=unit.pk,
        referral=referral.pk if referral else 0,
        title=unit_title(words, unit, referral),
        detail=" · ".join(filter(None, [*detail, words.duration(minutes)])),
        on=on,
        when=words.clock(at) if at else "",
        minutes=minutes,
        entry=secrets.token_urlsafe(16),
        is_single=single,
        referrals=() if single or size > 1 or named else tuple((one.pk, one.client.initials) for one in known),
    )


def saved_view(words: Words, visit: RecordedVisit, left: VisitsLeft | None, *, can_undo: bool) -> SavedView:
    """A visit as it stands in the records."""
    title = unit_title(words, visit.unit, visit.referral) if visit.unit else words.say("Visit")
    return SavedView(visit, title, label(words, "outcome", visit.outcome), saved_sentence(words, visit, left), can_undo)


def task_views(words: Words, clients: Iterable[OwnClient], *, today: date) -> list[TaskView]:
    """Everything that is due or soon is, the earliest day first."""
    found = [_task_view(words, one, number, today) for one in clients for number in range(len(one.tasks))]
    return sorted(found, key=lambda one: (one.due, one.title))


def _task_view(words: Words, client: OwnClient, number: int, today: date) -> TaskView:
    task, unit = client.tasks[number], client.held.unit
    return TaskView(
        unit=unit.pk,
        title=unit_title(words, unit, client.referral),
        place=unit_place(words, unit, client.referral),
        text=task_sentence(words, task, client, today=today),
        due=task.due,
        is_due=task.due <= today,
    )


def local_day(at: datetime | None) -> date | None:
    """The day where the organisation is."""
    return timezone.localdate(at) if at else None
