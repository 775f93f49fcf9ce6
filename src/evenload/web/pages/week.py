"""My week: the visits planned, day by day and on a map, with the order that makes the shortest way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from evenload.records.access import own_practitioners
from evenload.records.access_own import own_referrals
from evenload.records.models import Practitioner
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in, shows
from evenload.web.week_parts import day_views, keys_text, marks_of, names_of_visits
from evenload.web.week_words import week_refusal
from evenload.workflow import planned_visits, week_order
from evenload.workflow.planned_visits import monday_of
from evenload.workflow.refused import Refused

UNDO: Final = "order_before"
"""in the session: the day and its order before she used another one"""
WEEKS_BACK: Final = 26
WEEKS_AHEAD: Final = 26


@door("week.see")
@require_http_methods(["GET", "HEAD", "POST"])
def week(request: HttpRequest) -> HttpResponse:
    """The week of a Monday, this one where none is named. A POST plans what the week still lacks."""
    mine = list(own_practitioners(person_in(request)))
    today = timezone.localdate()
    monday = _monday(request, today)
    if request.method == "POST":
        return _planned(request, mine, monday)
    return render(request, "week.html", _facts(request, mine, monday, today))


def _facts(request: HttpRequest, mine: Sequence[Practitioner], monday: date, today: date) -> dict[str, Any]:
    words = words_of(request)
    found = week_order.week_of(mine, monday, today=today)
    visits = [one for day in found.days for one in day.visits]
    shows(request, program=mine[0].program if len(mine) == 1 else None, clients=[one.unit.code for one in visits])
    names = names_of_visits(words, found, own_referrals(person_in(request), {one.unit_id for one in visits}))
    days = day_views(words, found, names, today=today)
    before, after = monday - timedelta(weeks=1), monday + timedelta(weeks=1)
    undo = request.session.get(UNDO, {})
    return {
        "linked": bool(mine),
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "is_this_week": monday == monday_of(today),
        "before": before if before >= monday_of(today) - timedelta(weeks=WEEKS_BACK) else None,
        "after": after if after <= monday_of(today) + timedelta(weeks=WEEKS_AHEAD) else None,
        "can_plan": monday >= monday_of(today),
        "days": days,
        "count": found.visits,
        "has_ground": found.ground is not None,
        "has_base": found.ground is not None and found.ground.base is not None,
        "unknown": sum(day.unknown_places for day in found.days),
        "marks": marks_of(words, found, names),
        "shown_day": _shown_day(request, days),
        "undo": undo if any(day.on.isoformat() == undo.get("on") for day in days) else {},
    }


def _shown_day(request: HttpRequest, days: Sequence[Any]) -> str:
    """The day that the map begins with: the one asked for, today, else the first with visits."""
    asked = request.GET.get("day", "")
    names = {day.on.isoformat(): day for day in days}
    if asked in names:
        return asked
    full = [name for name, day in names.items() if day.visits]
    return next((name for name in full if names[name].is_today), full[0] if full else "")


def _monday(request: HttpRequest, today: date) -> date:
    """The week that is asked for, by any of its days; this week for anything else."""
    stated = request.POST.get("monday") or request.GET.get("monday", "")
    try:
        asked = monday_of(date.fromisoformat(stated))
    except (ValueError, OverflowError):
        return monday_of(today)
    first, last = monday_of(today) - timedelta(weeks=WEEKS_BACK), monday_of(today) + timedelta(weeks=WEEKS_AHEAD)
    return min(max(asked, first), last)


def _planned(request: HttpRequest, mine: Sequence[Practitioner], monday: date) -> HttpResponse:
    words, person = words_of(request), person_in(request)
    try:
        made = sum(len(planned_visits.plan_week(one, monday, by=person, at=timezone.now())) for one in mine)
        messages.success(request, words.say_n("{n} visit planned.", "{n} visits planned.", made))
    except Refused as refused:
        messages.error(request, week_refusal(words, refused))
    return _back(monday)


@door("week.see")
@require_POST
def order(request: HttpRequest) -> HttpResponse:
    """Use an order for a day, or take that back: the visits' turns are stored, and the order of before is kept for the undo."""
    person, words = person_in(request), words_of(request)
    mine, stated = list(own_practitioners(person)), request.POST
    try:
        on = date.fromisoformat(stated.get("on", ""))
        keys = [int(one) for one in stated.get("keys", "").split(",")]
    except ValueError:
        messages.error(request, week_refusal(words, Refused("week_changed")))
        return redirect("week")
    try:
        before = week_order.use_order(mine, on, keys, by=person, at=timezone.now())
    except Refused as refused:
        return _refused_order(request, mine, on, refused)
    if "undo" in stated:
        request.session.pop(UNDO, None)
        messages.success(request, words.say("The order is as it was before."))
    else:
        request.session[UNDO] = {"on": on.isoformat(), "keys": keys_text(before)}
        messages.success(request, words.say("The order is yours for {day}.", day=words.day(on)))
    return _back(monday_of(on), on)


def _refused_order(request: HttpRequest, mine: Sequence[Practitioner], on: date, refused: Refused) -> HttpResponse:
    """The day as it stands now, above the sentence why nothing was done."""
    request.session.pop(UNDO, None)
    facts = _facts(request, mine, monday_of(on), timezone.localdate())
    return render(request, "week.html", facts | {"sentence": week_refusal(words_of(request), refused)}, status=409)


def _back(monday: date, on: date | None = None) -> HttpResponse:
    day = f"&day={on.isoformat()}#day-{on.isoformat()}" if on else ""
    return redirect(f"{reverse('week')}?monday={monday.isoformat()}{day}")
