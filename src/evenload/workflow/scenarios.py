"""Scenarios of a program: made from its facts of the moment, changed, copied, shared, put away. Each act has its line in the journal.

A change is guarded by the version that was seen: who comes second is refused with what stands now, and nothing is lost.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import F

from evenload.records.access import Person
from evenload.records.models import PlanScenario, Program
from evenload.workflow import journal
from evenload.workflow.planning_worksheet import worksheet_of
from evenload.workflow.refused import Refused
from evenload.workflow.scenario_facts import Change, facts_now, keep, new_problems, sheet_of, sheet_with, with_changes, worksheet_from
from evenload.workflow.worksheet_tries import Try, plain_decimal

LONGEST_NAME: Final = 120
LONGEST_NOTE: Final = 1000
MOST_CHANGES: Final = 80
SHARE_BYTES: Final = 24
"""192 bits: an address that nobody guesses"""


def make(
    program: Program,
    name: str,
    *,
    by: Person,
    at: datetime,
    changes: Sequence[Change] = (),
    note: str = "",
    refuse_contradictions: bool = True,
) -> PlanScenario:
    """A scenario on the program's facts of this moment.

    Refused `scenario_name_missing`, `scenario_name_long`, `scenario_note_long`, `scenario_name_taken`, `changes_too_many`;
    `changes_contradict` (fact `problems`) where the changes bring a contradiction.
    """
    stated = _named(name, note)
    facts_version, facts_json = facts_now(program)
    sheet = with_changes(worksheet_from(facts_json, worksheet_of(program)), changes)
    if refuse_contradictions and (problems := new_problems(sheet)):
        raise Refused("changes_contradict", problems=problems, sheet=sheet)
    facts = {"facts_at": at, "facts_version": facts_version, "facts_json": facts_json}
    made = _kept(program, {**stated, **facts, "changes": list(changes), "figures": dict(sheet.figures)}, by=by, at=at)
    keep(made.pk, made.version, sheet)
    return made


def changes_of_tries(tries: Sequence[Try]) -> list[dict[str, Any]]:
    """What the worksheet tries, as a scenario keeps it: the shares of a mix are one change."""
    found: list[dict[str, Any]] = []
    shares: dict[str, str] = {}
    for one in tries:
        what, item, value = one.figure.what, one.figure.item, plain_decimal(one.value)
        if what == "mix":
            shares[item] = value
        else:
            found.append({"kind": what, "item": item, "value": value})
    return [*found, {"kind": "mix", "item": "", "shares": shares}] if shares else found


def copy(scenario: PlanScenario, name: str, *, by: Person, at: datetime, onto_today: bool = False) -> PlanScenario:
    """The scenario's changes under another name: on its own facts, or `onto_today` on the program's facts of this moment.

    Changes that no longer fit today's facts stay in the copy, marked; they are left out of its figures.
    """
    whole = PlanScenario.objects.get(pk=scenario.pk)
    stated = _named(name, whole.note)
    if onto_today:
        facts_version, facts_json = facts_now(whole.program)
        facts = {"facts_at": at, "facts_version": facts_version, "facts_json": facts_json}
        figures = dict(with_changes(worksheet_from(facts_json, worksheet_of(whole.program)), whole.changes).figures)
    else:
        facts = {"facts_at": whole.facts_at, "facts_version": whole.facts_version, "facts_json": whole.facts_json}
        figures = dict(whole.figures)
    return _kept(whole.program, {**stated, **facts, "changes": whole.changes, "figures": figures, "copied_from": whole}, by=by, at=at)


def _kept(program: Program, facts: Mapping[str, Any], *, by: Person, at: datetime) -> PlanScenario:
    if len(facts["changes"]) > MOST_CHANGES:
        raise Refused("changes_too_many", most=MOST_CHANGES)
    try:
        with transaction.atomic():
            made = PlanScenario.objects.create(
                program=program, made_by=by.account, made_by_name=by.name, made_at=at, changed_at=at, **facts
            )
            journal.record(by, "scenario.make", at=at, program=program, subject=made, changes=len(made.changes))
    except IntegrityError as error:
        raise Refused("scenario_name_taken") from error
    return made


def rename(scenario: PlanScenario, name: str, note: str, *, seen: int, by: Person, at: datetime) -> None:
    """Another name or note. Refused as in `make`, and `changed_meanwhile` where somebody was quicker."""
    stated = _named(name, note)
    try:
        with transaction.atomic():
            _guarded(scenario, seen, {**stated, "changed_by_name": by.name})
            journal.record(by, "scenario.rename", at=at, program=scenario.program, subject=scenario)
    except IntegrityError as error:
        raise Refused("scenario_name_taken") from error


def change(scenario: PlanScenario, changes: Sequence[Change], *, seen: int, by: Person, at: datetime) -> None:
    """Its changes from now on, instead of those that were seen at version `seen`.

    Refused `changes_too_many`, `change_unfit` where one of the new ones names what is not there, `changed_meanwhile`,
    `changes_contradict` (facts `problems` and `sheet`: what it would be).
    """
    if len(changes) > MOST_CHANGES:
        raise Refused("changes_too_many", most=MOST_CHANGES)
    sheet, now = sheet_with(scenario, changes), sheet_of(scenario)
    if any(changes[place] not in scenario.changes for place in sheet.unfit):
        raise Refused("change_unfit")
    known = {(one.code, one.where) for one in new_problems(now)}
    if problems := tuple(one for one in new_problems(sheet) if (one.code, one.where) not in known):
        raise Refused("changes_contradict", problems=problems, sheet=sheet)
    with transaction.atomic():
        _guarded(scenario, seen, {"changes": list(changes), "figures": dict(sheet.figures), "changed_at": at, "changed_by_name": by.name})
        journal.record(by, "scenario.change", at=at, program=scenario.program, subject=scenario, changes=len(changes))
    keep(scenario.pk, seen + 1, sheet)


def _guarded(scenario: PlanScenario, seen: int, facts: Mapping[str, Any]) -> None:
    """One update that only holds where the scenario still is as it was seen."""
    mine = PlanScenario.objects.filter(pk=scenario.pk, version=seen, ended_at__isnull=True)
    if not mine.update(version=F("version") + 1, **facts):
        raise Refused("changed_meanwhile")


def put_away(scenario: PlanScenario, *, by: Person, at: datetime) -> None:
    """No longer in lists, no longer shared; its open run is cancelled. Refused `scenario_ended` where it was put away before."""
    with transaction.atomic():
        if not PlanScenario.objects.filter(pk=scenario.pk, ended_at__isnull=True).update(ended_at=at, share_code="", shared_at=None):
            raise Refused("scenario_ended")
        scenario.runs.filter(state="asked").update(state="cancelled", ended_at=at, cancel_asked=True)
        scenario.runs.filter(state="running").update(cancel_asked=True)
        journal.record(by, "scenario.put_away", at=at, program=scenario.program, subject=scenario)


def share(scenario: PlanScenario, *, by: Person, at: datetime) -> None:
    """Opens an address of its own to everybody of the organisation who may see plans; shared already, it keeps its address."""
    with transaction.atomic():
        fresh = PlanScenario.objects.filter(pk=scenario.pk, ended_at__isnull=True, share_code="")
        if fresh.update(share_code=secrets.token_urlsafe(SHARE_BYTES), shared_at=at):
            journal.record(by, "scenario.share", at=at, program=scenario.program, subject=scenario)


def end_share(scenario: PlanScenario, *, by: Person, at: datetime) -> None:
    """Its address opens nothing any more; shared again, it has another one."""
    with transaction.atomic():
        if PlanScenario.objects.filter(pk=scenario.pk).exclude(share_code="").update(share_code="", shared_at=None):
            journal.record(by, "scenario.end_share", at=at, program=scenario.program, subject=scenario)


def frozen_with_changes(scenario: PlanScenario) -> str:
    """What the engine computes: the scenario's facts with its changes, as a run keeps them."""
    frozen = json.loads(PlanScenario.objects.values_list("facts_json", flat=True).get(pk=scenario.pk))
    frozen["changes"] = scenario.changes
    return json.dumps(frozen, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _named(name: str, note: str) -> dict[str, str]:
    name, note = " ".join(name.split()), note.strip()
    if not name:
        raise Refused("scenario_name_missing")
    if len(name) > LONGEST_NAME:
        raise Refused("scenario_name_long", most=LONGEST_NAME)
    if len(note) > LONGEST_NOTE:
        raise Refused("scenario_note_long", most=LONGEST_NOTE)
    return {"name": name, "note": note}
