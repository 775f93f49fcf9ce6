"""The parts of a practitioner's clients: the list with its order and its filters, and one client with what can be done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from evenload.records.barred import barred_clients_of
from evenload.records.models import PlannedVisit, Practitioner, RecordedVisit, Referral, Unit
from evenload.web.referral_words import closing_choices
from evenload.web.today_parts import unit_place, unit_title
from evenload.web.today_words import CANCELLED_BECAUSE, task_sentence
from evenload.words import Words, label, message
from evenload.workflow.allotments import VisitsLeft
from evenload.workflow.own_clients import OwnClient

ORDERS: Final = {
    "due": message("What is due"),
    "priority": message("Priority"),
    "contact": message("Last contact"),
    "left": message("Visits left"),
    "name": message("Initials"),
}
FILTERS: Final = {
    "all": message("All"),
    "due": message("Something due"),
    "overdue": message("Contact overdue"),
    "few": message("Visits running out"),
    "inactive": message("Inactive"),
    "on_hold": message("On hold"),
}
PAST_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class ClientLine:
    """One client in the list: initials only."""

    unit: int
    title: str
    place: str
    priority: int
    left: str
    expires_on: date | None
    last_contact: date | None
    overdue_days: int
    next_planned: date | None
    tasks: tuple[tuple[str, bool], ...]
    """what is due, and whether its day is here"""
    is_on_hold: bool
    covers: str


@dataclass(frozen=True, slots=True)
class ReferralView:
    """One referral on its own page, with the client's full name."""

    referral: Referral
    name: str
    state: str
    language: str
    left: str
    expires_on: date | None
    asked: int
    can_hold: bool
    can_resume: bool
    can_close: bool


def ordered(words: Words, clients: Iterable[OwnClient], order: str) -> list[OwnClient]:
    """In the order asked for; those of whom nothing is known last."""
    ways: dict[str, Callable[[OwnClient], tuple[Any, ...]]] = {
        "due": lambda one: (one.due or date.max, one.priority),
        "priority": lambda one: (one.priority, one.due or date.max),
        "contact": lambda one: (one.last_contact or date.min,),
        "left": lambda one: (one.left.left if one.left and one.left.authorised else 10**6,),
        "name": lambda one: (unit_title(words, one.held.unit, one.referral).casefold(),),
    }
    return sorted(clients, key=ways[order])


def chosen(clients: Iterable[OwnClient], wanted: str, today: date) -> list[OwnClient]:
    """Those of the filter."""
    kinds = {"overdue": {"contact"}, "few": {"visits_left", "expires"}, "inactive": {"inactive"}}
    found = []
    for one in clients:
        on_hold = one.referral is not None and one.referral.state == "on_hold"
        has = {task.kind for task in one.tasks}
        is_due = any(task.due <= today for task in one.tasks)
        if {"all": True, "due": is_due, "on_hold": on_hold}.get(wanted, bool(has & kinds.get(wanted, set()))):
            found.append(one)
    return found


def client_line(words: Words, client: OwnClient, *, today: date) -> ClientLine:
    """One line of the list."""
    unit, referral = client.held.unit, client.referral
    return ClientLine(
        unit=unit.pk,
        title=unit_title(words, unit, referral),
        place=unit_place(words, unit, referral),
        priority=client.priority,
        left=left_text(words, client.left),
        expires_on=client.left.expires_on if client.left else None,
        last_contact=client.last_contact,
        overdue_days=client.overdue_days(today),
        next_planned=client.next_planned,
        tasks=tuple((task_sentence(words, task, client, today=today), task.due <= today) for task in client.tasks),
        is_on_hold=referral is not None and referral.state == "on_hold",
        covers=client.held.covers,
    )


def left_text(words: Words, left: VisitsLeft | None) -> str:
    """`8 of 12`; empty where nothing was authorized."""
    if left is None or not left.authorised:
        return ""
    return words.say("{left} of {total}", left=words.integer(left.left), total=words.integer(left.authorised))


def referral_view(words: Words, referral: Referral, left: VisitsLeft) -> ReferralView:
    """A referral with all that she may know and do."""
    client = referral.client
    return ReferralView(
        referral=referral,
        name=client.name or client.initials,
        state=label(words, "referral_state", referral.state),
        language=words.language_name(client.language) if client.language else words.say("language not asked yet"),
        left=left_text(words, left),
        expires_on=left.expires_on,
        asked=left.unfunded_asked,
        can_hold=referral.state == "assigned",
        can_resume=referral.state == "on_hold",
        can_close=referral.state in ("assigned", "on_hold"),
    )


def page_facts(words: Words, unit: Unit, practitioner: Practitioner, views: list[ReferralView]) -> dict[str, Any]:
    """What the page of one client shows beside its forms."""
    barring = barred_clients_of([practitioner])
    past = RecordedVisit.objects.filter(unit=unit).exclude(referral__client__in=barring).select_related("referral__client")
    coming = PlannedVisit.objects.filter(unit=unit, practitioner=practitioner, state="planned").exclude(referral__client__in=barring)
    coming = coming.select_related("referral__client")
    return {
        "unit": unit,
        "views": views,
        "heading": views[0].name if unit.kind == "client" and views else unit_title(words, unit, None),
        "place": unit_place(words, unit, views[0].referral if unit.kind == "client" and views else None),
        "past": [
            (visit, label(words, "outcome", visit.outcome), _because(words, visit)) for visit in past.order_by("-on", "-pk")[:PAST_SHOWN]
        ],
        "coming": [(one, words.clock(one.at) if one.at else "") for one in coming.order_by("on", "turn", "pk")[:PAST_SHOWN]],
        "closing": closing_choices(words),
    }


def _because(words: Words, visit: RecordedVisit) -> str:
    return words.say(CANCELLED_BECAUSE[visit.reason]) if visit.reason else ""
