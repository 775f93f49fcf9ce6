"""Up to four scenarios side by side, the program as recorded among them where it is asked for; the same as a CSV file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from evenload.records.access import NotHers, program_for, scenarios_of
from evenload.records.models import PlanRun, PlanScenario, Program
from evenload.web.csv_answers import csv_answer
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in, shows
from evenload.web.scenario_sides import Group, Side, groups, line_view
from evenload.web.scenario_words import Told, told_of
from evenload.words import Words
from evenload.workflow import scenario_runs
from evenload.workflow.planning_worksheet import earlier_run, worksheet_of
from evenload.workflow.scenario_facts import facts_day, sheet_of

MOST_SIDES: Final = 4
RECORDED: Final = "records"


@door("scenario.see")
@require_safe
def compare(request: HttpRequest, code: str) -> HttpResponse:
    """The columns that the address names; without any, the list of what there is to tick."""
    person, words = person_in(request), words_of(request)
    program = program_for(person, code, "scenario.see")
    shows(request, program=program)
    found = list(scenarios_of(person, program))
    keys = _keys(request, found)
    sides = _sides(words, program, [_of(key, found) for key in keys[:MOST_SIDES]])
    facts = {
        "program": program,
        "sides": sides,
        "groups": [_group_view(words, group, sides) for group in groups(words, sides)] if sides else [],
        "choices": [(RECORDED, words.say("As recorded today")), *((str(one.pk), one.name) for one in found)],
        "keys": keys,
        "left_out": max(0, len(keys) - MOST_SIDES),
        "query": urlencode([("with", key) for key in keys[:MOST_SIDES]]),
    }
    return render(request, "scenario_compare.html", facts)


def _keys(request: HttpRequest, found: Sequence[PlanScenario]) -> list[str]:
    """What the address names, each once. Raises NotHers for a scenario that is not of this program."""
    keys = list(dict.fromkeys(request.GET.getlist("with")))
    known = {RECORDED, *(str(one.pk) for one in found)}
    if any(key not in known for key in keys):
        raise NotHers
    return keys


def _of(key: str, found: Sequence[PlanScenario]) -> PlanScenario | None:
    return next((one for one in found if str(one.pk) == key), None)


def _sides(words: Words, program: Program, chosen: Sequence[PlanScenario | None]) -> list[Side]:
    scenarios = [one for one in chosen if one is not None]
    done = scenario_runs.latest_done(scenarios)
    return [_recorded(words, program) if one is None else _side(words, program, one, done.get(one.pk)) for one in chosen]


def _recorded(words: Words, program: Program) -> Side:
    sheet, run = worksheet_of(program), earlier_run(program)
    return Side(
        key=RECORDED,
        name=words.say("As recorded today"),
        address=reverse("worksheet", args=[program.code]),
        day=timezone.localdate(),
        plan=sheet.plan if sheet.is_whole else None,
        told=Told(words, sheet.rows, sheet.stated),
        changes=(),
        run=scenario_runs.figures_of(run) if run else None,
        run_said=words.day(timezone.localdate(run.asked_at), year=True) if run else "",
    )


def _side(words: Words, program: Program, scenario: PlanScenario, run: PlanRun | None) -> Side:
    sheet = sheet_of(scenario)
    said = ""
    if run is not None:
        said = words.day(timezone.localdate(run.asked_at), year=True)
        if scenario_runs.is_old(scenario, run):
            said = words.say("{day}, before the last change", day=said)
    return Side(
        key=str(scenario.pk),
        name=scenario.name,
        address=reverse("scenario", args=[program.code, scenario.pk]),
        day=facts_day(scenario),
        plan=sheet.after.plan if sheet.is_whole else None,
        told=told_of(words, sheet),
        changes=sheet.changes,
        unfit=sheet.unfit,
        run=scenario_runs.figures_of(run) if run else None,
        run_said=said,
    )


def _group_view(words: Words, group: Group, sides: Sequence[Side]) -> dict[str, Any]:
    return {"title": group.title, "lines": [line_view(words, line, sides) for line in group.lines]}


@door("scenario.see")
@require_safe
def as_csv(request: HttpRequest, code: str) -> HttpResponse:
    """The same figures as a CSV file: a row per figure, a column per scenario."""
    person, words = person_in(request), words_of(request)
    program = program_for(person, code, "scenario.see")
    shows(request, program=program)
    found = list(scenarios_of(person, program))
    sides = _sides(words, program, [_of(key, found) for key in _keys(request, found)[:MOST_SIDES]])
    headings = [words.say("Part"), words.say("Figure"), *(side.name for side in sides)]
    rows = [(group.title, line.name, *line.values) for group in groups(words, sides) for line in group.lines]
    return csv_answer(words, f"scenarios-{program.code}-{timezone.localdate().isoformat()}", headings, rows)
