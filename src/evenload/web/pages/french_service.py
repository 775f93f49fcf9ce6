"""Service in French: the report of a period, the rows behind a figure, and the figures as CSV."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from evenload.records.access import program_for
from evenload.records.models import Program, Referral
from evenload.web.allotment_words import client_title
from evenload.web.csv_answers import csv_answer
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in, shows
from evenload.web.draft_words import names_of
from evenload.web.french_words import SHOWN, loss_sentences, near_end_sentence
from evenload.web.pages.exceptions import exception_line
from evenload.words import Words
from evenload.workflow import french_service
from evenload.workflow.current_picture import picture_at_hand
from evenload.workflow.french_service import Report
from evenload.workflow.referral_steps import codes_of
from evenload.workflow.refused import Refused

DAYS_AT_FIRST = 90
LONGEST = timedelta(days=5 * 366)
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Figure:
    """One count with what it is of, and the rows that it leads to (empty: none)."""

    name: str
    count: int
    of: int
    share: str
    rows: str = ""


@door("french_service.see")
@require_safe
def report(request: HttpRequest, code: str) -> HttpResponse:
    """The report of the period that the address states; `show` opens the rows behind one count."""
    words = words_of(request)
    program = program_for(person_in(request), code, "french_service.see")
    first, last, errors = _period(words, request)
    found = french_service.report(program, first, last)
    today = timezone.localdate()
    show = request.GET.get("show", "")
    rows = _rows(found, show)[:MOST_SHOWN] if show in SHOWN else []
    units = [*(one.unit.code for one in found.broken), *(one.unit for one in found.covered)]
    shows(request, program=program, clients=[*(code for row in rows for code in codes_of(row)), *units])
    facts = {
        "program": program,
        "report": found,
        "figures": figures_of(words, found),
        "waits": [(words.say("French"), found.waits_french), (words.say("English"), found.waits_english)],
        "sentence": _finding(words, found),
        "show": show if show in SHOWN else "",
        "show_name": words.say(SHOWN[show]) if show in SHOWN else "",
        "rows": [(row, client_title(words, row)) for row in rows],
        "row_count": len(_rows(found, show)) if show in SHOWN else 0,
        "not_covered": _not_covered(words, found),
        "exceptions": [exception_line(words, one, today=today) for one in found.exceptions],
        "alone": _alone(words, program),
        "query": f"first={first.isoformat()}&last={last.isoformat()}",
        "errors": errors,
        "stated": request.GET,
    }
    return render(request, "french_service.html", facts, status=422 if errors else 200)


@door("french_service.see")
@require_safe
def as_csv(request: HttpRequest, code: str) -> HttpResponse:
    """The figures of the period as CSV: no client is in it."""
    words = words_of(request)
    program = program_for(person_in(request), code, "french_service.see")
    first, last, _ = _period(words, request)
    found = french_service.report(program, first, last)
    shows(request, program=program)
    headings = [words.say("First day"), words.say("Last day"), words.say("Figure"), words.say("Count"), words.say("Of")]
    rows: list[tuple[Any, ...]] = [(first, last, one.name, one.count, one.of) for one in figures_of(words, found)]
    for name, waits in ((words.say("French"), found.waits_french), (words.say("English"), found.waits_english)):
        for what, days in (
            (words.say("Days to the first visit, middle"), waits.middle),
            (words.say("Days to the first visit, lower quartile"), waits.lower),
            (words.say("Days to the first visit, upper quartile"), waits.upper),
        ):
            rows.append((first, last, words.pair(name, what), days, waits.n))
    return csv_answer(words, f"french-service-{first.isoformat()}-{last.isoformat()}", headings, rows)


def _period(words: Words, request: HttpRequest) -> tuple[date, date, dict[str, list[str]]]:
    """The days that the address states; the last ninety where it states none, or cannot be read."""
    today = timezone.localdate()
    days = {"first": today - timedelta(days=DAYS_AT_FIRST - 1), "last": today}
    errors: dict[str, list[str]] = {}
    for name in days:
        text = request.GET.get(name, "").strip()
        if not text:
            continue
        try:
            days[name] = date.fromisoformat(text)
        except ValueError:
            errors[name] = [words.say("Write a day as 2026-02-03.")]
    if not errors and days["last"] < days["first"]:
        errors["last"] = [words.say("The last day lies before the first day.")]
    if not errors and days["last"] - days["first"] > LONGEST:
        errors["first"] = [words.say("Choose five years at most.")]
    if errors:
        return today - timedelta(days=DAYS_AT_FIRST - 1), today, errors
    return days["first"], days["last"], {}


def figures_of(words: Words, found: Report) -> list[Figure]:
    """Every count of the report with what it is of."""
    received, requested = len(found.received), len(found.requested)
    lines = [("received", received, received), ("offered", len(found.offered), received), ("not_asked", len(found.not_asked), received)]
    lines.append(("requested", requested, received))
    lines += [(which, len(found.standing(which)), requested) for which in french_service.STANDS]
    figures = [Figure(words.say(SHOWN[which]), count, of, _share(words, count, of), which) for which, count, of in lines]
    by_speakers = words.say("Visits by somebody who speaks French, with who asks for it")
    figures.append(Figure(by_speakers, found.visits_french, found.visits, _share(words, found.visits_french, found.visits)))
    figures.append(Figure(words.say("Continuity broken"), len(found.broken), len(found.broken), ""))
    covered = sum(one.speaks_french for one in found.covered)
    figures.append(
        Figure(words.say("Covered by somebody who speaks French"), covered, len(found.covered), _share(words, covered, len(found.covered)))
    )
    return figures


def _share(words: Words, count: int, of: int) -> str:
    return words.percent(100 * count / of) if of else "–"


def _rows(found: Report, show: str) -> tuple[Referral, ...]:
    known = {"requested": found.requested, "not_asked": found.not_asked, "offered": found.offered, "received": found.received}
    return known[show] if show in known else found.standing(show)


def _finding(words: Words, found: Report) -> str:
    """Both middles in one sentence, or why there is none to compare."""
    french, english = found.waits_french, found.waits_english
    if french.middle is None or english.middle is None:
        return words.say("Too few first visits to compare French with English.")
    sides = {"french": words.number(french.middle), "english": words.number(english.middle)}
    said = words.say(
        "Who asked for French was first seen after {french} days, who asked for English after {english} (middle ones).", **sides
    )
    if french.is_small or english.is_small:
        return f"{said} {words.say('Fewer than 10 in one of them: read with care.')}"
    return said


def _not_covered(words: Words, found: Report) -> list[tuple[str, str, str, str]]:
    """Code and name of every unit that nobody covers in French, who has it, and what is said of its cover; there may be a thousand."""
    nobody = words.say("nobody covers")
    return [
        (one.unit, one.unit_name, one.holder, words.say("covered by {name}, who does not", name=one.cover) if one.cover else nobody)
        for one in found.covered
        if not one.speaks_french
    ]


def _alone(words: Words, program: Program) -> list[tuple[str, str, list[str]]]:
    """Code, name and losses of everybody on whom French rests alone."""
    try:
        picture, _ = picture_at_hand(program)
    except Refused:
        return []
    names = names_of(words, picture.facts)
    found = []
    near = {one.practitioner: one for one in french_service.ends_near(program, today=timezone.localdate())}
    for one in picture.facts.case.practitioners:
        losses = french_service.losses_without(picture, one.id)
        if losses:
            said = loss_sentences(words, names, losses)
            end = near.get(one.id)
            name = names.get(one.id, one.id)
            found.append((one.id, name, [near_end_sentence(words, name, end.last_day), *said] if end else said))
    return found
