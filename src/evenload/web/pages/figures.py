"""The figures of a program: have and need by pool, loads, the waiting list's arithmetic, contracts, and what lies behind."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from evenload.records.access import program_for
from evenload.web import figure_words as said
from evenload.web.charts import csv_of
from evenload.web.csv_answers import csv_answer
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in, shows
from evenload.web.figure_charts import Drawing, charts_of, disciplines_of, wanted_of
from evenload.web.queue_parts import csv_rows, queue_views
from evenload.words import Words, label
from evenload.workflow.pool_weeks import POOL_LANGUAGES
from evenload.workflow.program_figures import ProgramFigures, figures_of

QUEUES: Final = "queues"
MOST_SHOWN: Final = 6
"""pools of the waiting list that are open at once, the longest queue first"""


@door("figures.see")
@require_safe
def program(request: HttpRequest, code: str) -> HttpResponse:
    """Everything on one page, of all pools or of those that the address asks for."""
    words, found, drawing = _asked(request, code)
    queues = queue_views(words, code, [one for one in found.waiting.pools if drawing.wanted.takes_queue(one)])
    facts: dict[str, Any] = {
        "program": program_for(person_in(request), code, "figures.see"),
        "found": found,
        "sentence": said.finding(words, found),
        "charts": charts_of(drawing),
        "missing": sum(pool.short for pool in found.short_pools),
        "weeks": said.weeks_ahead(found),
        "choices": _choices(words, found, drawing),
        "is_filtered": bool(drawing.wanted.query),
        "queues": queues[:MOST_SHOWN],
        "other_queues": queues[MOST_SHOWN:],
        "queues_csv": drawing.csv(QUEUES),
        "evenness": said.evenness_sentence(words, found.evenness),
        "continuity": said.continuity_sentence(words, found.continuity),
        "french": said.french_sentence(words, found.french),
    }
    return render(request, "figures.html", facts)


@door("figures.see")
@require_safe
def as_csv(request: HttpRequest, code: str, part: str) -> HttpResponse:
    """One chart's figures, or the waiting list's arithmetic, as CSV: no client and no name is in it."""
    words, found, drawing = _asked(request, code)
    file_name = f"{code}-{part}-{found.today.isoformat()}"
    if part == QUEUES:
        headings, rows = csv_rows(words, found.waiting, [one for one in found.waiting.pools if drawing.wanted.takes_queue(one)])
        return csv_answer(words, file_name, headings, rows)
    chart = charts_of(drawing).get(part)
    if chart is None:
        raise Http404
    return csv_of(chart, words, file_name=file_name)


def _asked(request: HttpRequest, code: str) -> tuple[Words, ProgramFigures, Drawing]:
    words = words_of(request)
    found_program = program_for(person_in(request), code, "figures.see")
    shows(request, program=found_program)
    found = figures_of(found_program, today=timezone.localdate(), at=timezone.now())
    return words, found, Drawing(words, found, wanted_of(request.GET, found))


def _choices(words: Words, found: ProgramFigures, drawing: Drawing) -> list[dict[str, Any]]:
    disciplines = [("", words.say("All disciplines")), *((code, label(words, "discipline", code)) for code in disciplines_of(found))]
    languages = [("", words.say("Each on its own")), *((one, label(words, "pool_language", one)) for one in POOL_LANGUAGES)]
    return [
        {"name": "discipline", "label": words.say("Discipline"), "options": disciplines, "chosen": drawing.wanted.discipline},
        {"name": "language", "label": words.say("Language"), "options": languages, "chosen": drawing.wanted.language},
    ]
