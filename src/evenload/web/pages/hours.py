"""My hours, week by week ahead; and weekly hours that she offers, which planners take up or decline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from evenload.records.access import own_practitioners, program_for
from evenload.records.models import HoursOffered, Practitioner
from evenload.records.week_access import hours_offered_for, own_hours_offered
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in, shows
from evenload.web.hours_parts import hours_view
from evenload.web.leave_parts import day_in, errors_of, number_in, offered_views
from evenload.web.week_words import week_refusal
from evenload.words import Words
from evenload.workflow import hours_offered
from evenload.workflow.refused import Refused


@door("hours.own")
@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: HttpRequest) -> HttpResponse:
    """Her weeks ahead in every program, and the hours she offers. A POST offers hours."""
    words, mine = words_of(request), list(own_practitioners(person_in(request)))
    errors: Mapping[str, list[str]] = {}
    if request.method == "POST":
        chosen = next((one for one in mine if str(one.pk) == request.POST.get("practitioner", "")), None)
        errors = _offered(request, words, chosen)
        if not errors:
            messages.success(request, words.say("Your hours are offered. Your manager answers."))
            return redirect("hours")
    views = [hours_view(words, one, today=timezone.localdate()) for one in mine]
    shows(request, program=mine[0].program if len(mine) == 1 else None, clients=[view.typical for view in views if view.typical])
    rows = HoursOffered.objects.filter(practitioner__in=mine).select_related("practitioner__program", "answered_by")
    facts: dict[str, Any] = {
        "views": views,
        "offered": offered_views(words, rows[:20]),
        "programs": [(str(one.pk), words.either(one.program.name_en, one.program.name_fr)) for one in mine],
        "stated": request.POST,
        "errors": errors,
        "today": timezone.localdate(),
    }
    return render(request, "hours.html", facts, status=422 if request.method == "POST" else 200)


def _offered(request: HttpRequest, words: Words, one: Practitioner | None) -> dict[str, list[str]]:
    """Offers the hours; else what is wrong at which field."""
    stated, errors = request.POST, dict[str, list[str]]()
    hours, day = number_in(stated.get("weekly_hours", "")), day_in(stated.get("from_day", ""))
    if hours is None:
        errors["weekly_hours"] = [week_refusal(words, Refused("hours_odd", most=hours_offered.MOST_HOURS))]
    if day is None:
        errors["from_day"] = [words.say("Write a day as 2026-02-03.")]
    if one is None:
        errors["practitioner"] = [words.say("Choose the program.")]
    if hours is None or day is None or one is None:
        return errors
    try:
        person, at = person_in(request), timezone.now()
        hours_offered.offer(one, weekly_hours=hours, from_day=day, note=stated.get("note", ""), by=person, at=at)
    except Refused as refused:
        return errors_of(words, refused)
    return {}


@door("hours.own")
@require_POST
def withdraw(request: HttpRequest, key: int) -> HttpResponse:
    """She takes an offer of hours back."""
    words, person = words_of(request), person_in(request)
    found = own_hours_offered(person, key)
    try:
        hours_offered.withdraw(found, by=person, at=timezone.now())
        messages.success(request, words.say("The offer is taken back."))
    except Refused as refused:
        messages.error(request, week_refusal(words, refused))
    return redirect("hours")


@door("team.change")
@require_POST
def act(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """A planner takes the hours up, or says why not."""
    words, person = words_of(request), person_in(request)
    program = program_for(person, code, "team.change")
    found = hours_offered_for(person, program, key, "team.change")
    try:
        messages.success(request, _answered(request, words, found))
    except Refused as refused:
        messages.error(request, week_refusal(words, refused))
    return redirect("team", code=code)


def _answered(request: HttpRequest, words: Words, found: HoursOffered) -> str:
    person, at = person_in(request), timezone.now()
    if request.POST.get("act") != "take":
        hours_offered.decline(found, answer=request.POST.get("answer", ""), by=person, at=at)
        return words.say("Declined, with your word. {name} is told.", name=str(found.practitioner))
    held = hours_offered.take(found, by=person, at=at)
    name, day = str(held.practitioner), held.from_day
    if held.applied_at is not None:
        return words.say("Taken up: {name} works these hours from now on.", name=name)
    return words.say("Taken up: {name} works these hours from {day}. Evenload sets them on that day.", name=name, day=words.day(day))
