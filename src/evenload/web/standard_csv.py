"""The table of time standards as a file: one line for each part of each class, every column with its unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from django.http import HttpResponse

from evenload.records.models import Program
from evenload.web.csv_answers import Cell, csv_answer
from evenload.web.standard_words import PARTS, class_name
from evenload.words import Words, message
from evenload.workflow.time_standards import StandardLine, standard_of

HEADINGS: Final = (
    message("Class"),
    message("Discipline"),
    message("As of"),
    message("Visits per client"),
    message("Once per client, min"),
    message("Hours per client"),
    message("Part of a visit"),
    message("Judged, min"),
    message("Judgement is worth, visits"),
    message("Recorded visits"),
    message("First recorded day"),
    message("Last recorded day"),
    message("Mean, min"),
    message("10% quantile, min"),
    message("50% quantile, min"),
    message("90% quantile, min"),
    message("Shortest, min"),
    message("Longest, min"),
    message("Planned with, min"),
    message("Visits of the last 26 weeks"),
    message("Mean of the last 26 weeks, min"),
    message("Drift, percent"),
    message("Departs"),
    message("Source"),
)


def standards_csv(words: Words, program: Program, lines: Iterable[StandardLine], today: date) -> HttpResponse:
    """The file as a download."""
    rows = [row for line in lines for row in _rows(words, line, today)]
    return csv_answer(words, f"time-standards-{program.code}-{today.isoformat()}", [words.say(one) for one in HEADINGS], rows)


def _rows(words: Words, line: StandardLine, today: date) -> Iterator[tuple[Cell, ...]]:
    standard, time = line.standard, line.time
    if time is None or line.line is None:
        return
    whole = (class_name(words, standard), standard.discipline, today, time.visits, time.episode_minutes, line.line.hours_per_client)
    for part, name in PARTS.items():
        one, drift = standard_of(time, part), line.drifts.get(part)
        seen = one.observed if one else time.observed_travel
        judged: tuple[Cell, ...] = (one.judged_minutes, one.weight) if one else (None, None)
        recorded: tuple[Cell, ...] = (seen.mean, seen.p10, seen.p50, seen.p90, seen.least, seen.most) if seen else (None,) * 6
        now: tuple[Cell, ...] = (drift.count, drift.mean, drift.percent) if drift else (0, None, None)
        yield (
            *whole,
            words.say(name),
            *judged,
            seen.count if seen else 0,
            *(line.days or (None, None)),
            *recorded,
            one.minutes if one else None,
            *now,
            words.say("yes") if drift and drift.departs else words.say("no"),
            time.source or "",
        )
