"""The director's overview: where hours are missing, what would help most, and how the programs stand beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from evenload.records.access import Person, programs_for
from evenload.web import overview_words as said
from evenload.web.charts import csv_of
from evenload.web.csv_answers import Cell, csv_answer
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in
from evenload.web.overview_charts import charts_of, csv_address
from evenload.web.overview_parts import (
    CONTRACTS_SHOWN,
    contract_lines,
    gap_rows,
    hour_lines,
    missing_row,
    program_lines,
    short_lines,
    tiles,
)
from evenload.words import Words
from evenload.workflow import organisation_sums as sums
from evenload.workflow.organisation_figures import ProgramPart, program_parts

NOW = timedelta(minutes=1)
"""Figures younger than that are not offered to be counted anew."""


def overview_facts(words: Words, person: Person, at: datetime) -> dict[str, Any]:
    """Everything that the overview shows, of the programs that this person may see."""
    parts = _parts(person, at)
    rows = gap_rows(words, parts)
    contracts = contract_lines(words, parts)
    as_of = sums.as_of(parts, at)
    return {
        "sentence": said.finding(words, parts),
        "is_known": bool(sums.counting(parts)),
        "is_short": bool(sums.shortages(parts)),
        "as_of": said.moment(words, as_of, at),
        "is_old": at - as_of > NOW,
        "notes": said.notes(words, parts, at),
        "tiles": tiles(words, parts, at),
        "columns": [(part, said.program_name(words, part), said.hours_of_before(words, part, at)) for part in parts],
        "gap_rows": rows,
        "missing_row": missing_row(words, parts, rows),
        "short_lines": short_lines(words, parts),
        "gap_csv": csv_address("gap"),
        "programs_csv": csv_address("programs"),
        "charts": charts_of(words, parts),
        "hours": hour_lines(words, parts),
        "without_plan": [said.program_name(words, part) for part in parts if part.help is None],
        "contracts": contracts[:CONTRACTS_SHOWN],
        "contracts_left": max(0, len(contracts) - CONTRACTS_SHOWN),
        "program_lines": program_lines(words, parts),
    }


def _parts(person: Person, at: datetime, *, anew: bool = False) -> tuple[ProgramPart, ...]:
    return program_parts(programs_for(person, "overview.see").order_by("code"), at=at, anew=anew)


@door("overview.see")
@require_POST
def count_anew(request: HttpRequest) -> HttpResponse:
    """Counts at once what has changed since, and leads back."""
    _parts(person_in(request), timezone.now(), anew=True)
    return redirect("home")


@door("overview.see")
@require_safe
def as_csv(request: HttpRequest, part: str) -> HttpResponse:
    """One part of the overview as CSV: no client and no name of a person is in it."""
    words, at = words_of(request), timezone.now()
    parts = _parts(person_in(request), at)
    file_name = f"overview-{part}-{timezone.localdate(at).isoformat()}"
    if part == "gap":
        return csv_answer(words, file_name, *_gap_table(words, parts))
    if part == "programs":
        return csv_answer(words, file_name, *_program_table(words, parts))
    chart = charts_of(words, parts).get(part)
    if chart is None:
        raise Http404
    return csv_of(chart, words, file_name=file_name)


def _gap_table(words: Words, parts: Sequence[ProgramPart]) -> tuple[list[str], list[list[Cell]]]:
    rows = gap_rows(words, parts)
    unit = words.say("h/week")
    names = [said.program_name(words, part) for part in parts]
    headings = [words.say("Pool"), *(f"{name} ({unit})" for name in names), f"{words.say('Missing')} ({unit})"]
    lines: list[list[Cell]] = [[row.whole_name, *(cell.hours for cell in row.cells), row.missing.hours] for row in rows]
    return headings, [*lines, [words.say("Missing"), *(cell.hours for cell in missing_row(words, parts, rows))]]


def _program_table(words: Words, parts: Sequence[ProgramPart]) -> tuple[list[str], list[list[Cell]]]:
    headings = [
        words.say("Program"),
        f"{words.say('Missing')} ({words.say('h/week')})",
        f"{words.say('Middle load')} (%)",
        words.say("Waiting"),
        words.say("Oldest, days"),
        words.say("French waits longer, days"),
        words.say("Load conversations open"),
        words.say("Load conversations late"),
        words.say("Unevenness of loads, last week"),
        words.say("Kept their practitioner, %"),
        words.say("As of"),
    ]
    return headings, [_program_row(words, part) for part in parts]


def _program_row(words: Words, part: ProgramPart) -> list[Cell]:
    own, spread = part.records, sums.spread([part])
    missing = -sum(one.hours for one in sums.shortages([part])) if part.counts else None
    known: list[Cell] = [None] * 7
    if own is not None:
        share = own.continuity.share
        known = [
            own.waiting if part.lacks != "no_clients" or own.waiting else None,
            own.oldest_days,
            sums.french_waits([part]).longer_days,
            own.talks.open,
            own.talks.late,
            own.evenness.gini,
            100 * share if share is not None else None,
        ]
    return [said.program_name(words, part), missing, spread.middle, *known, timezone.localtime(part.as_of).isoformat(timespec="minutes")]
