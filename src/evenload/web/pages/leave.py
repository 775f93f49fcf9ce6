"""Leave: she tells when she is away, and takes it back; planners tell it for her, have seen it, and see who covers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from evenload.records.access import own_practitioners, practitioner_for, program_for
from evenload.records.models import Leave, Practitioner
from evenload.records.week_access import leave_for, own_leave
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in, shows
from evenload.web.leave_parts import LeaveForm, errors_of, leave_form, leave_kinds, leaves_of, own_leaves
from evenload.web.week_words import week_refusal
from evenload.words import Words
from evenload.workflow import leave as leaves
from evenload.workflow.planned_visits import between
from evenload.workflow.refused import Refused

LONGEST_LOOK: Final = timedelta(weeks=26)
"""visits are planned no further ahead"""


@door("leave.tell")
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Her own leave: the form, and what she told so far."""
    words, mine = words_of(request), list(own_practitioners(person_in(request)))
    errors: Mapping[str, list[str]] = {}
    if request.method == "POST":
        stated = leave_form(words, request.POST)
        errors = stated.errors or _told(request, words, mine, stated)
        if not errors and mine:
            messages.success(request, words.say("Your leave is told. Your manager sees it."))
            _say_visits_left(request, words, mine, stated)
            return redirect("leave")
    facts = {
        "linked": bool(mine),
        "programs": [(str(one.pk), words.either(one.program.name_en, one.program.name_fr)) for one in mine],
        "leaves": own_leaves(words, mine, today=timezone.localdate()),
    }
    return render(request, "leave.html", facts | _form_facts(request, words, errors), status=422 if request.method == "POST" else 200)


def _say_visits_left(request: HttpRequest, words: Words, mine: Sequence[Practitioner], stated: LeaveForm) -> None:
    """Visits that are planned on the days away stay where they are: she moves them, or leaves them out."""
    last = min(stated.last_day, stated.first_day + LONGEST_LOOK)
    left = sum(one.state == "planned" for practitioner in mine for one in between(practitioner, stated.first_day, last))
    if left:
        said = words.say_n(
            "{n} visit is planned on these days. Move it in your week, or leave it out.",
            "{n} visits are planned on these days. Move them in your week, or leave them out.",
            left,
        )
        messages.warning(request, said)


def _form_facts(request: HttpRequest, words: Words, errors: Mapping[str, list[str]]) -> dict[str, Any]:
    return {"kinds": leave_kinds(words), "stated": request.POST, "errors": errors}


def _told(request: HttpRequest, words: Words, people: Sequence[Practitioner], stated: LeaveForm) -> dict[str, list[str]]:
    """Tells the leave in every program (or the one chosen), all or none; the sentence of the first refusal at its field."""
    chosen = [one for one in people if request.POST.get("practitioner", "") in ("", str(one.pk))]
    days = {"first_day": stated.first_day, "last_day": stated.last_day, "kind": stated.kind, "hours_per_day": stated.hours_per_day}
    try:
        with transaction.atomic():
            for one in chosen:
                leaves.tell(one, **days, by=person_in(request), at=timezone.now())  # type: ignore[arg-type]  # each of its own type
    except Refused as refused:
        return errors_of(words, refused)
    return {}


@door("leave.tell")
@require_POST
def cancel(request: HttpRequest, key: int) -> HttpResponse:
    """She takes a leave back."""
    return _cancelled(request, own_leave(person_in(request), key), redirect("leave"))


def _cancelled(request: HttpRequest, found: Leave, back: HttpResponse) -> HttpResponse:
    words = words_of(request)
    try:
        leaves.cancel(found, by=person_in(request), at=timezone.now())
        messages.success(request, words.say("The leave is cancelled. The hours are what they were."))
    except Refused as refused:
        messages.error(request, week_refusal(words, refused))
    return back


@door("team.change")
@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: HttpRequest, code: str, practitioner: str) -> HttpResponse:
    """A planner tells leave for somebody, and sees what is told already."""
    person, words = person_in(request), words_of(request)
    program = program_for(person, code, "team.change")
    found = practitioner_for(person, program, practitioner, "team.change")
    shows(request, program=program, subject=found)
    errors: Mapping[str, list[str]] = {}
    if request.method == "POST":
        stated = leave_form(words, request.POST)
        errors = stated.errors or _told(request, words, [found], stated)
        if not errors:
            messages.success(request, words.say("The leave is told."))
            return redirect("practitioner", code=code, practitioner=practitioner)
    lines = leaves_of(words, program, today=timezone.localdate(), only=found)
    facts = {"program": program, "one": found, "leaves": lines} | _form_facts(request, words, errors)
    return render(request, "leave_tell.html", facts, status=422 if request.method == "POST" else 200)


@door("team.change")
@require_POST
def act(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """A planner has seen a leave, or cancels it."""
    person = person_in(request)
    program = program_for(person, code, "team.change")
    found = leave_for(person, program, key, "team.change")
    back = redirect("team", code=code)
    if request.POST.get("act") == "cancel":
        return _cancelled(request, found, back)
    if request.POST.get("act") == "seen" and leaves.mark_seen(found, by=person, at=timezone.now()):
        messages.success(request, words_of(request).say("Noted: you have seen it."))
    return back
