"""Today: a practitioner's home. The next visit and what becomes of it, her week's load, what is due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from evenload.records.access import Person, own_answers, own_practitioners
from evenload.records.access_own import own_referrals, own_visits
from evenload.records.models import LoadTalk, PlannedVisit, Practitioner, Program, Referral
from evenload.records.models.talks import OPEN_TALKS
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in, shows
from evenload.web.talk_parts import my_week
from evenload.web.today_parts import CONTACT_TASKS, SavedView, VisitView, planned_view, saved_view, task_views
from evenload.web.today_words import cancel_choices, own_refusal
from evenload.words import Words
from evenload.workflow import allotments, edition_notices, planned_visits, visits
from evenload.workflow.own_clients import OwnClient, own_clients
from evenload.workflow.refused import Refused

DAYS_BACK: Final = 7
"""a planned visit that was not recorded is asked for so many days"""
MOST_SAVED: Final = 8
MOST_NEWS: Final = 4


@dataclass(frozen=True, slots=True)
class Own:
    """Herself in one program, with everything that Today reads of it."""

    practitioner: Practitioner
    clients: list[OwnClient]
    planned: list[PlannedVisit]
    undated: int
    """units due this week for which none of her days that are left suits"""
    unplanned: int
    """visits of this week that planning the week would place"""


@door("today.see")
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Her day: the next visit first, then what is due, and how full her week is."""
    person, words, at = person_in(request), words_of(request), timezone.now()
    day = timezone.localdate(at)
    mine = [_own(one, day) for one in own_practitioners(person)]
    rows = [one for own in mine for one in own.planned]
    referrals = _by_unit(own_referrals(person, {one.unit_id for one in rows}))
    views = [planned_view(words, one, referrals) for one in _in_turn(rows) if one.state == "planned"]
    saved = _saved(words, person, at)
    tasks = task_views(words, [client for own in mine for client in own.clients], today=day)
    codes = [one.unit.code for one in rows] + [client.held.unit.code for own in mine for client in own.clients]
    shows(request, program=mine[0].practitioner.program if len(mine) == 1 else None, clients=codes)
    facts: dict[str, Any] = {
        "day": day,
        "has_practitioner": bool(mine),
        "weeks": [my_week(words, own.practitioner, _talk(own.practitioner)) for own in mine],
        "earlier": [view for view in views if view.on < day],
        "visits": _by_place([view for view in views if view.on == day]),
        "saved": saved,
        "reasons": cancel_choices(words),
        "tasks": tasks[:CONTACT_TASKS],
        "task_count": len(tasks),
        "undated": sum(own.undated for own in mine),
        "unplanned": sum(own.unplanned for own in mine),
        "offers": own_answers(person).filter(state="open", offer__state="open").count(),
        "news": [(one.edition, _name(words, one.edition.program), len(one.changes)) for one in edition_notices.unread(person)[:MOST_NEWS]],
        "client_count": sum(len(own.clients) for own in mine),
    }
    return render(request, "today.html", facts)


def _by_place(views: list[VisitView]) -> list[tuple[VisitView, list[VisitView]]]:
    """The visits of a day, each unit once, with its further visits of that day: a school is one stop, however many are seen there."""
    found: dict[int, tuple[VisitView, list[VisitView]]] = {}
    for view in views:
        if view.unit in found and not view.when:
            found[view.unit][1].append(view)
        else:
            found[view.unit if view.unit not in found else -view.planned] = (view, [])
    return list(found.values())


def _name(words: Words, program: Program) -> str:
    return words.either(program.name_en, program.name_fr)


def _own(practitioner: Practitioner, day: date) -> Own:
    monday = planned_visits.monday_of(day)
    week = planned_visits.between(practitioner, day - timedelta(days=DAYS_BACK), day)
    due = planned_visits.due(practitioner, monday, today=day)
    undated = sum(not one.days for one in due)
    unplanned = sum(one.visits for one in due if one.days)
    return Own(practitioner, own_clients(practitioner, today=day), week, undated, unplanned)


def _in_turn(rows: Iterable[PlannedVisit]) -> list[PlannedVisit]:
    """Day by day: visits with an agreed time by it, the others after them in their turn."""
    return sorted(rows, key=lambda one: (one.on, one.at is None, one.at or time.min, one.turn, one.pk))


def _by_unit(rows: Iterable[Referral]) -> dict[int, list[Referral]]:
    found: dict[int, list[Referral]] = defaultdict(list)
    for one in rows:
        if one.unit_id is not None:
            found[one.unit_id].append(one)
    return found


def _saved(words: Words, person: Person, at: datetime) -> list[SavedView]:
    """What she recorded and may still undo, the last first."""
    rows = own_visits(person).filter(recorded_at__gte=at - visits.UNDO_WITHIN)
    kept = list(rows.select_related("unit__site", "unit__time_standard", "referral__client").order_by("-recorded_at", "-pk")[:MOST_SAVED])
    left = allotments.left_of([one.referral_id for one in kept if one.referral_id], today=timezone.localdate(at))
    return [saved_view(words, one, left.get(one.referral_id or 0), can_undo=visits.may_undo(one, person, at)) for one in kept]


def _talk(one: Practitioner) -> LoadTalk | None:
    return LoadTalk.objects.filter(practitioner=one, state__in=OPEN_TALKS).first()


@door("visit.plan")
@require_POST
def plan(request: HttpRequest) -> HttpResponse:
    """Plan this week, and what is left of it, from the units that she holds: in every program of hers."""
    person, words, at = person_in(request), words_of(request), timezone.now()
    made = 0
    try:
        for one in own_practitioners(person):
            made += len(planned_visits.plan_week(one, planned_visits.monday_of(timezone.localdate(at)), by=person, at=at))
    except Refused as refused:
        messages.error(request, own_refusal(words, refused))
    else:
        messages.success(request, words.say_n("{n} visit planned for this week.", "{n} visits planned for this week.", made))
    return redirect("today")
