"""The week ledger of a program: everybody's weeks to the end of the period, one row opened, and whether one more can be taken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from evenload.records.access import practitioner_for, program_for
from evenload.records.models import Draft, Program
from evenload.web.csv_answers import Cell, csv_answer
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in, shows
from evenload.web.draft_words import names_of, stored_problem
from evenload.web.room_parts import asked_of, form_facts, room_facts
from evenload.web.week_ledger_parts import FIGURES, SIGNS, SORTS, STATES, grid_rows, months, opened_row, state_word, sums
from evenload.words import Words
from evenload.words.phrases import Names
from evenload.workflow.current_picture import picture_at_hand
from evenload.workflow.draft_picture import Picture
from evenload.workflow.refused import Refused
from evenload.workflow.week_ledger import WeekLedger, week_ledger


@door("weeks.see")
@require_safe
def all_of(request: HttpRequest, code: str) -> HttpResponse:
    """Every practitioner by week; the address says which figure, in which order, and what one more client would be."""
    words = words_of(request)
    program = program_for(person_in(request), code, "weeks.see")
    shows(request, program=program)
    try:
        picture, draft = picture_at_hand(program)
    except Refused as refused:
        return _contradicting(request, program, refused)
    names, ledger = names_of(words, picture.facts), week_ledger(picture, today=timezone.localdate())
    asked = asked_of(words, request.GET, picture, ledger.mondays)
    facts = _grid_facts(request, words, names, ledger) | form_facts(words, picture, ledger.mondays, request.GET)
    facts |= {"program": program, "draft": draft, "is_asked": asked is not None, **room_facts(words, names, picture, asked)}
    return render(request, "weeks.html", facts, status=422 if facts["room_errors"] else 200)


def _contradicting(request: HttpRequest, program: Program, refused: Refused) -> HttpResponse:
    stated = refused.facts.get("problems", [])
    problems = [stored_problem(words_of(request), problem, {}) for problem in stated] if isinstance(stated, list) else []
    return render(request, "weeks.html", {"program": program, "problems": problems or [""]}, status=409)


def _grid_facts(request: HttpRequest, words: Words, names: Names, ledger: WeekLedger) -> dict[str, Any]:
    figure, sort = request.GET.get("figure", ""), request.GET.get("sort", "")
    figure, sort = figure if figure in FIGURES else "free", sort if sort in SORTS else "free"
    rows = grid_rows(words, names, ledger, figure=figure, sort=sort)
    return {
        "ledger": ledger,
        "rows": rows,
        "months": months(ledger.mondays),
        "sums": [(_sum_name(words, name), name, total, weeks) for name, total, weeks in sums(ledger)],
        "over": sum(row.over > 0 for row in rows),
        "first_over": min((day for row in rows for day in _over_days(row.row.states, ledger.mondays)), default=None),
        "figure": figure,
        "figure_name": words.say(FIGURES[figure]),
        "figure_choices": [(code, words.say(name)) for code, name in FIGURES.items()],
        "sort": sort,
        "sort_choices": [(code, words.say(name)) for code, name in SORTS.items()],
        "legend": [(SIGNS[state], state_word(words, state)) for state in STATES],
        "needed": sum(ledger.needed, Fraction(0)),
        "held": sum(ledger.everybody, Fraction(0)),
        "nobody": sum(ledger.nobody, Fraction(0)),
    }


def _over_days(states: tuple[str, ...], days: tuple[date, ...]) -> Iterator[date]:
    return (day for day, state in zip(days, states, strict=True) if state in ("over", "over_maximum"))


def _sum_name(words: Words, code: str) -> str:
    return {"everybody": words.say("Everybody has"), "nobody": words.say("Nobody has"), "needed": words.say("Needed")}[code]


@door("weeks.see")
@require_safe
def of_one(request: HttpRequest, code: str, practitioner: str) -> HttpResponse:
    """One practitioner's weeks, and the units in them."""
    person = person_in(request)
    program = program_for(person, code, "weeks.see")
    found = practitioner_for(person, program, practitioner, "weeks.see")
    return _opened(request, program, found.code, str(found))


@door("weeks.see")
@require_safe
def waiting(request: HttpRequest, code: str) -> HttpResponse:
    """What nobody has, week by week, and its units."""
    program = program_for(person_in(request), code, "weeks.see")
    return _opened(request, program, None, words_of(request).say("Nobody has"))


def _opened(request: HttpRequest, program: Program, code: str | None, name: str) -> HttpResponse:
    words, today = words_of(request), timezone.localdate()
    shows(request, program=program)
    try:
        picture, draft = picture_at_hand(program)
    except Refused as refused:
        return _contradicting(request, program, refused)
    if code is not None and code not in picture.facts.people:
        raise Http404
    facts = _opened_facts(words, picture, code, week=_day(request.GET.get("week", "")), today=today)
    shows(request, program=program, subject=draft, clients=facts["clients"])
    return render(request, "weeks_of.html", facts | _about(program, draft, code, name))


def _opened_facts(words: Words, picture: Picture, code: str | None, *, week: date | None, today: date) -> dict[str, Any]:
    return opened_row(words, picture, week_ledger(picture, today=today), code, week=week, today=today)


def _about(program: Program, draft: Draft | None, code: str | None, name: str) -> dict[str, Any]:
    return {"program": program, "draft": draft, "code": code, "name": name}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@door("weeks.see")
@require_safe
def as_csv(request: HttpRequest, code: str) -> HttpResponse:
    """The ledger as CSV, one line for each row and week: no client is in it."""
    words = words_of(request)
    program = program_for(person_in(request), code, "weeks.see")
    shows(request, program=program)
    try:
        picture, _ = picture_at_hand(program)
    except Refused as refused:
        return _contradicting(request, program, refused)
    ledger, names = week_ledger(picture, today=timezone.localdate()), names_of(words, picture.facts)
    headings = [words.say("Who"), words.say("Week of"), words.say("Hours there are, h"), words.say("Committed, h"), words.say("Travel, h")]
    headings += [words.say("Free, h"), words.say("State")]
    return csv_answer(words, f"weeks-{ledger.mondays[0].isoformat()}", headings, _csv_rows(words, names, ledger))


def _csv_rows(words: Words, names: Names, ledger: WeekLedger) -> Iterator[tuple[Cell, ...]]:
    for row in ledger.rows:
        name = names.get(row.code, row.code)
        for number, monday in enumerate(ledger.mondays):
            amounts = (Fraction(row.hours[number], 60), row.committed[number] / 60, row.driving[number] / 60, row.free[number] / 60)
            yield name, monday, *amounts, state_word(words, row.states[number])
    for code, _, weeks in sums(ledger):
        for monday, minutes in zip(ledger.mondays, weeks, strict=True):
            yield _sum_name(words, code), monday, None, minutes / 60, None, None, None
