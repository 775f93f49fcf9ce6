"""Recording a visit in two taps, taking it back, and changing what is planned. Works with and without a script."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from evenload.records.access import NotHers, Person
from evenload.records.access_own import own_planned, own_recorded, own_referrals, own_unit
from evenload.records.models import PlannedVisit, Practitioner, RecordedVisit, Referral, Unit
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in, shows
from evenload.web.spoken import spoken
from evenload.web.today_parts import VisitView, planned_view, saved_view, unplanned_view
from evenload.web.today_words import cancel_choices, own_refusal
from evenload.words import Words
from evenload.workflow import allotments, planned_visits, visits
from evenload.workflow.refused import Refused
from evenload.workflow.visits import Besides
from evenload.workflow.visits_needed import minutes_by_standard

CONFLICTS: Final = frozenset({"planned_taken", "planned_changed", "visit_undone"})
"""refused because of what the visit is now, not because of what was typed"""
DAY_CHANGED: Final = "day-changed"
"""what Today's list of things to do and her bar wait for"""
PAGES: Final = frozenset({"today", "week", "clients"})
"""where a page may be gone back to"""


@door("visit.record")
@require_POST
def record(request: HttpRequest) -> HttpResponse:
    """Store what became of a visit, planned or not. The answer says `recorded` once it is."""
    person, words, stated = person_in(request), words_of(request), request.POST
    planned = own_planned(person, _number(stated.get("planned", ""))) if stated.get("planned") else None
    unit, herself = (planned.unit, planned.practitioner) if planned else own_unit(person, _number(stated.get("unit", "")))
    try:
        visit = _recorded(stated, person, unit, herself, planned)
    except Refused as refused:
        status = 409 if refused.code in CONFLICTS else 422
        return _refused(request, words, own_refusal(words, refused), unit, planned, status=status)
    view = saved_view(words, visit, _left(visit), can_undo=visits.may_undo(visit, person, timezone.now()))
    if request.headers.get("HX-Request"):
        return spoken(render(request, "_visit_saved.html", {"saved": view, "next": _next(stated)}), view.sentence, event=DAY_CHANGED)
    messages.success(request, f"{view.title}: {view.sentence}")
    return _back(stated, unit)


def _recorded(stated: QueryDict, by: Person, unit: Unit, herself: Practitioner, planned: PlannedVisit | None) -> RecordedVisit:
    named = _number(stated.get("referral", "0") or "0")
    referral = next((one for one in own_referrals(by, [unit.pk]) if one.pk == named), None) if named else None
    outcome = stated.get("outcome", "")
    minutes = _minutes(stated.get("minutes", ""))
    at = timezone.now()
    return visits.record(
        herself,
        unit,
        on=_day(stated.get("on", "")) if stated.get("on") else timezone.localdate(at),
        outcome=outcome,
        minutes=minutes or 0,
        by=by,
        at=at,
        referral=referral,
        planned=planned,
        reason=stated.get("reason", ""),
        entry=stated.get("entry", ""),
        besides=Besides(_minutes(stated.get("paperwork", "")), _minutes(stated.get("travel", ""))),
    )


@door("visit.record")
@require_POST
def undo(request: HttpRequest, key: int) -> HttpResponse:
    """Take a visit back that she recorded; a planned one is to be made again."""
    person, words, stated = person_in(request), words_of(request), request.POST
    visit = own_recorded(person, key)
    unit = visit.unit
    try:
        planned = visits.undo(visit, by=person, at=timezone.now())
    except Refused as refused:
        sentence = own_refusal(words, refused)
        if request.headers.get("HX-Request"):
            view = saved_view(words, visit, _left(visit), can_undo=False)
            return render(request, "_visit_saved.html", {"saved": view, "sentence": sentence}, status=422)
        messages.error(request, sentence)
        return _back(stated, unit)
    said = words.say("Undone. The visit is planned again.") if planned else words.say("Undone. Nothing is recorded.")
    if request.headers.get("HX-Request"):
        facts = {"visit": _view(words, person, unit, planned), "reasons": cancel_choices(words), "said": said, "next": _next(stated)}
        return spoken(render(request, "_visit.html", facts), said, event=DAY_CHANGED)
    messages.success(request, said)
    return _back(stated, unit)


@door("visit.see")
@require_http_methods(["GET", "HEAD", "POST"])
def planned(request: HttpRequest, key: int) -> HttpResponse:
    """One planned visit: record it, move it, agree a time, or leave it out this week."""
    person, words = person_in(request), words_of(request)
    found = own_planned(person, key)
    shows(request, program=found.unit.program, subject=("plannedvisit", found.pk), clients=[found.unit.code])
    sentence, status = "", 200
    if request.method == "POST":
        act = ACTS.get(request.POST.get("act", ""))
        try:
            if act is None:
                raise Refused("step_missing")
            act(request.POST, found, person)
        except Refused as refused:
            sentence, status = own_refusal(words, refused), 409 if refused.code in CONFLICTS else 422
        else:
            messages.success(request, words.say("Your week is changed."))
            return _back(request.POST, found.unit)
    return _page(request, words, found.unit, found, sentence=sentence, status=status)


def _move(stated: QueryDict, found: PlannedVisit, by: Person) -> None:
    planned_visits.move(found, on=_day(stated.get("on", "")), by=by, at=timezone.now())


def _set_time(stated: QueryDict, found: PlannedVisit, by: Person) -> None:
    planned_visits.set_time(found, _time(stated.get("time", "")), by=by, at=timezone.now())


def _drop(_: QueryDict, found: PlannedVisit, by: Person) -> None:
    planned_visits.drop(found, by=by, at=timezone.now())


ACTS: Final[dict[str, Callable[[QueryDict, PlannedVisit, Person], None]]] = {"move": _move, "time": _set_time, "drop": _drop}
"""what she may do with a planned visit, beside recording it"""


def _refused(request: HttpRequest, words: Words, sentence: str, unit: Unit, planned: PlannedVisit | None, *, status: int) -> HttpResponse:
    """What was typed, and the sentence why it was not stored: in the place of the visit, or as a page."""
    if not request.headers.get("HX-Request"):
        return _page(request, words, unit, planned, sentence=sentence, status=status)
    facts = {
        "visit": _view(words, person_in(request), unit, planned, entry=request.POST.get("entry", "")),
        "reasons": cancel_choices(words),
        "sentence": sentence,
        "stated": request.POST,
        "next": _next(request.POST),
    }
    return render(request, "_visit.html", facts, status=status)


def _page(request: HttpRequest, words: Words, unit: Unit, planned: PlannedVisit | None, *, sentence: str, status: int) -> HttpResponse:
    stated = request.POST if request.method == "POST" else {}
    facts: dict[str, Any] = {
        "visit": _view(words, person_in(request), unit, planned, entry=stated.get("entry", "")),
        "planned": planned,
        "reasons": cancel_choices(words),
        "sentence": sentence,
        "stated": stated,
        "next": _next(request.POST or request.GET),
        "today": timezone.localdate(),
    }
    return render(request, "visit.html", facts, status=status)


def _view(words: Words, person: Person, unit: Unit | None, planned: PlannedVisit | None, *, entry: str = "") -> VisitView:
    if unit is None:
        raise NotHers
    referrals: list[Referral] = list(own_referrals(person, [unit.pk]))
    if planned is not None:
        view = planned_view(words, planned, {unit.pk: referrals})
    else:
        minutes = minutes_by_standard(unit.program)[unit.time_standard_id][0]
        view = unplanned_view(words, unit, referrals, minutes=minutes, today=timezone.localdate())
    return replace(view, entry=entry) if entry else view


def _left(visit: RecordedVisit) -> allotments.VisitsLeft | None:
    return allotments.left(visit.referral, today=timezone.localdate()) if visit.referral else None


def _next(stated: QueryDict | dict[str, Any]) -> str:
    wanted = str(stated.get("next", ""))
    return wanted if wanted in PAGES or wanted == "client" else "today"


def _back(stated: QueryDict, unit: Unit | None) -> HttpResponse:
    page = _next(stated)
    return redirect("client", key=unit.pk) if page == "client" and unit is not None else redirect(page if page in PAGES else "today")


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 18:
        raise NotHers
    return int(text)


def _minutes(text: str) -> int | None:
    """Whole minutes as typed; None where nothing is. Refused `minutes_odd`."""
    if not text.strip():
        return None
    if not text.strip().isdecimal() or len(text.strip()) > 4:
        raise Refused("minutes_odd")
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise Refused("day_odd") from error


def _time(text: str) -> time | None:
    if not text.strip():
        return None
    try:
        return time.fromisoformat(text.strip()).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError as error:
        raise Refused("time_odd") from error
