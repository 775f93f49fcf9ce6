"""Scenarios: facts that stay as they were, changes that fit or are named, colleagues who are never overwritten, runs beside the program's."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from cast import NOW, Cast, person
from evenload.cli.app import run as command_line
from evenload.exchange.sheets_out import write_rows
from evenload.planning.check import differences
from evenload.records.access import Person
from evenload.records.models import Assignment, JournalEntry, PlanRun, PlanScenario, Practitioner, Program
from evenload.words import words_in
from evenload.workflow import plans, scenario_facts, scenario_runs, scenarios, worker
from evenload.workflow.planning_worksheet import earlier_run, tried, worksheet_of
from evenload.workflow.refused import Refused
from evenload.workflow.scenario_facts import sheet_of
from evenload.workflow.snapshot import rows_of
from evenload.workflow.worksheet_tries import read_tokens

pytestmark = [pytest.mark.both, pytest.mark.slow, pytest.mark.django_db]

LEAVES: dict[str, Any] = {"kind": "leave", "item": "Ana"}
FEWER_HOURS: dict[str, Any] = {"kind": "hours", "item": "Béa", "value": "20"}
JOINS: dict[str, Any] = {
    "kind": "join",
    "item": "new-1",
    "name": "Nadine",
    "discipline": "OT",
    "engagement": "employee",
    "languages": ["en", "fr"],
    "value": "30",
}


def fresh(scenario: PlanScenario) -> PlanScenario:
    return PlanScenario.objects.get(pk=scenario.pk)


def hours_there_are(scenario: PlanScenario) -> Fraction:
    return sum((row.supply_hours for row in sheet_of(scenario).after.plan.match), Fraction(0))


def test_a_scenario_keeps_the_facts_of_its_day_whatever_becomes_of_the_records(program: Program, marie: Person) -> None:
    made = scenarios.make(program, "Ana leaves", by=marie, at=NOW, changes=[LEAVES])
    then = hours_there_are(made)
    assert then < sum((row.supply_hours for row in worksheet_of(program).plan.match), Fraction(0))

    Practitioner.objects.filter(program=program, code="Béa").update(weekly_hours=10)
    Assignment.objects.filter(practitioner__program=program, practitioner__code="Ana").delete()
    Practitioner.objects.filter(program=program, code="Ana").delete()
    Program.objects.filter(pk=program.pk).update(facts_version=8)
    scenario_facts.forget()
    later = NOW + timedelta(days=90)

    assert hours_there_are(fresh(made)) == then
    copied = scenarios.copy(made, "The same, copied", by=marie, at=later)
    assert (hours_there_are(copied), copied.facts_at, copied.copied_from_id) == (then, NOW, made.pk)
    today = scenarios.copy(made, "The same on June's facts", by=marie, at=later, onto_today=True)
    assert (today.facts_at, today.facts_version) == (later, 8)
    assert sheet_of(today).unfit == (0,)  # she is gone: the change stays, is named, and is left out
    assert today.changes == made.changes
    assert hours_there_are(today) == sum((row.supply_hours for row in worksheet_of(program).plan.match), Fraction(0)) < then
    actions = list(JournalEntry.objects.order_by("number").values_list("action", flat=True))
    assert actions == ["scenario.make"] * 3


def test_what_the_worksheet_tries_is_kept_with_the_same_figures(program: Program, marie: Person) -> None:
    recorded = worksheet_of(program)
    class_id = recorded.stated.classes[0].id
    shares = [f"mix:{one.id}:{100 if place == 0 else 0}" for place, one in enumerate(recorded.stated.classes)]
    tokens = ["hours:Ana:12.5", "away:*:3", "other:*:0.5", "reserve::5", f"clients:{class_id}:40", f"direct:{class_id}:70", *shares]
    tries = read_tokens(tokens, recorded.figures)
    assert len(tries) == len(tokens)

    made = scenarios.make(program, "As tried", by=marie, at=NOW, changes=scenarios.changes_of_tries(tries))

    assert sheet_of(made).after.plan == tried(program, recorded, tries).plan
    assert sheet_of(made).before.plan == recorded.plan
    assert fresh(made).changes == made.changes


def test_the_same_change_in_a_workbook_and_in_a_scenario_gives_the_same_figures(
    program: Program, marie: Person, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = rows_of(program)
    people = tuple(replace(one, weekly_hours=Fraction(20)) if one.id == "Béa" else one for one in rows.practitioners)
    longer = tuple(replace(one, direct_minutes=Fraction(75)) for one in rows.classes)
    changed = replace(rows, practitioners=people, classes=longer, program=replace(rows.program, period_weeks=30))
    write_rows(rows, tmp_path / "a.xlsx", "en")
    write_rows(changed, tmp_path / "b.xlsx", "en")
    assert command_line(["plan", str(tmp_path / "a.xlsx"), "--compare", str(tmp_path / "b.xlsx")], {}) == 0
    compared = capsys.readouterr().out.replace("\u00a0", " ")
    assert command_line(["plan", str(tmp_path / "b.xlsx"), "--json", str(tmp_path / "b.json"), "--quiet"], {}) == 0
    plan = json.loads((tmp_path / "b.json").read_text(encoding="utf-8"))

    direct = [{"kind": "direct", "item": one.id, "value": "75"} for one in rows.classes]
    made = scenarios.make(
        program, "As in the workbook", by=marie, at=NOW, changes=[FEWER_HOURS, *direct, {"kind": "weeks", "item": "", "value": "30"}]
    )

    for before, row, written in zip(sheet_of(made).before.plan.match, sheet_of(made).after.plan.match, plan["match"], strict=True):
        assert all(words_in("en").number(one.gap_hours) in compared for one in (before, row)), compared
        for figure in ("supply_hours", "demand_hours", "gap_hours", "fte_current", "fte_required", "utilisation_percent"):
            value = getattr(row, figure)
            assert written[figure] == (None if value is None else pytest.approx(float(value), abs=1.5e-6)), figure


def test_who_comes_second_overwrites_nothing(program: Program, marie: Person, everybody: Cast) -> None:
    made = scenarios.make(program, "Two hands", by=marie, at=NOW)
    dora = person(everybody.director)
    scenarios.change(made, [FEWER_HOURS], seen=made.version, by=dora, at=NOW)

    with pytest.raises(Refused, match="changed_meanwhile"):
        scenarios.change(made, [LEAVES], seen=made.version, by=marie, at=NOW)
    with pytest.raises(Refused, match="changed_meanwhile"):
        scenarios.rename(made, "Another name", "", seen=made.version, by=marie, at=NOW)

    now = fresh(made)
    assert (now.changes, now.name, now.changed_by_name) == ([FEWER_HOURS], "Two hands", "Dora Director")
    scenarios.change(now, [*now.changes, LEAVES], seen=now.version, by=marie, at=NOW)
    assert fresh(made).changes == [FEWER_HOURS, LEAVES]


@pytest.mark.parametrize(
    "changes, code",
    [
        ([{"kind": "mix", "item": "", "shares": {"A": "40"}}], "mix_sum"),
        ([{"kind": "other", "item": "*", "value": "168"}], "duties_exceed_available"),
        ([{"kind": "away", "item": "*", "value": "900"}], "absence_exceeds_contracted"),
    ],
)
def test_changes_that_leave_no_plan_are_refused_and_nothing_is_stored(
    program: Program, marie: Person, changes: list[dict[str, Any]], code: str
) -> None:
    known = worksheet_of(program).stated.classes[0].id
    changes = [{**one, "shares": {known: "40"}} if one["kind"] == "mix" else one for one in changes]
    made = scenarios.make(program, "Sound", by=marie, at=NOW)

    with pytest.raises(Refused, match="changes_contradict") as refused:
        scenarios.change(made, changes, seen=made.version, by=marie, at=NOW)
    with pytest.raises(Refused, match="changes_contradict"):
        scenarios.make(program, "Unsound", by=marie, at=NOW, changes=changes)

    assert code in {problem.code for problem in refused.value.facts["problems"]}  # type: ignore[attr-defined]
    assert (fresh(made).version, PlanScenario.objects.count()) == (1, 1)


def test_a_scenarios_run_is_computed_on_its_facts_and_stays_beside_the_programs_own(
    program: Program, marie: Person, everybody: Cast
) -> None:
    leaves = scenarios.make(program, "Ana leaves", by=marie, at=NOW, changes=[LEAVES])
    joins = scenarios.make(program, "Nadine joins", by=marie, at=NOW, changes=[JOINS])
    Practitioner.objects.filter(program=program, code="Béa").update(weekly_hours=1)

    asked = [scenario_runs.ask(one, by=marie, at=timezone.now()) for one in (leaves, joins)]  # several wait in the queue
    with pytest.raises(Refused, match="run_already_open"):
        scenario_runs.ask(leaves, by=marie, at=timezone.now())
    own = plans.ask_run(program, by=marie, at=timezone.now())
    assert plans.claim_next("w", at=timezone.now()) == own  # nobody's week waits for a what-if
    plans.cancel_run(own, by=marie, at=timezone.now())
    while worker.work_once("w", stop=threading.Event()):  # one by one, or as many at once as there are cores
        pass

    for run, scenario in zip(asked, (leaves, joins), strict=True):
        run.refresh_from_db()
        assert (run.state, run.scenario_id) == ("done", scenario.pk)
        assert differences(plans.case_of_run(run), plans.plan_of(run)) == ()
        with pytest.raises(Refused, match="run_of_a_scenario"):
            plans.take_up(run, by=marie, at=NOW)
    without, with_her = (scenario_runs.figures_of(run) for run in asked)
    assert all(row.practitioner != "Ana" for row in plans.plan_of(asked[0]).assignments)
    had = [row for row in rows_of(program).units if row.current_practitioner == "Ana"]
    assert without.moved >= len(had) > 0  # her clients change hands, or wait: it is not hidden that she leaves
    assert any(row.practitioner == "new-1" for row in plans.plan_of(asked[1]).assignments)
    assert with_her.waiting <= without.waiting
    assert earlier_run(program) is None
    assert scenario_runs.latest_done([leaves, joins]) == {leaves.pk: asked[0], joins.pk: asked[1]}


def test_what_is_put_away_is_shared_no_longer_and_stops_its_run(program: Program, marie: Person) -> None:
    made = scenarios.make(program, "For a while", by=marie, at=NOW)
    scenarios.share(made, by=marie, at=NOW)
    first = fresh(made).share_code
    scenarios.share(made, by=marie, at=NOW)
    assert fresh(made).share_code == first
    assert len(first) >= 32
    scenarios.end_share(made, by=marie, at=NOW)
    scenarios.share(made, by=marie, at=NOW)
    assert fresh(made).share_code not in ("", first)
    run = scenario_runs.ask(made, by=marie, at=NOW)

    scenarios.put_away(made, by=marie, at=NOW)

    run.refresh_from_db()
    assert (run.state, fresh(made).share_code) == ("cancelled", "")
    with pytest.raises(Refused, match="scenario_ended"):
        scenarios.put_away(made, by=marie, at=NOW)
    again = scenarios.make(program, "For a while", by=marie, at=NOW)  # the name is free again
    with pytest.raises(Refused, match="scenario_name_taken"):
        scenarios.copy(again, "For a while", by=marie, at=NOW)
    actions = list(JournalEntry.objects.order_by("number").values_list("action", flat=True))
    assert actions == [f"scenario.{what}" for what in ("make", "share", "end_share", "share", "run", "put_away", "make")]
    assert PlanRun.objects.filter(state="asked").count() == 0
