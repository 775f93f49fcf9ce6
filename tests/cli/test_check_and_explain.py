"""`evenload check` and `evenload explain` on plans made by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.plans_made import WORKED, write_plan
from evenload.exchange.open_input import open_input

pytestmark = pytest.mark.slow  # reads a workbook for every command


@pytest.fixture(scope="module")
def example_plan(example_workbook: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plan") / "plan.json"
    write_plan(example_workbook, path)
    return path


def test_a_plan_that_recounts_is_agreed_with(cli, worked_example: Path, tmp_path: Path) -> None:
    write_plan(worked_example, tmp_path / "plan.json", WORKED)
    outcome = cli("check", worked_example, tmp_path / "plan.json")
    assert outcome.code == 0
    assert outcome.out == "Both counts agree: 8 units placed, 0 waiting, price 4.9 h a week.\n"


def planted(plan: Path, to: Path, *steps: str | int, value: object) -> Path:
    """A copy of the plan in which one figure is another."""
    table = json.loads(plan.read_text(encoding="utf-8"))
    inner = table
    for step in steps[:-1]:
        inner = inner[step]
    inner[steps[-1]] = value
    to.write_text(json.dumps(table), encoding="utf-8")
    return to


@pytest.mark.parametrize(
    "steps, value",
    [
        (("assignments", 0, "minutes"), 1),
        (("assignments", 0, "practitioner"), "nobody"),
        (("practitioners", 0, "assigned_minutes"), 100_000),
        (("score", "parts", "travel"), 0.5),
        (("bound", "certified_hours"), 10_000.0),
    ],
)
def test_a_planted_error_is_found_said_and_answered_with_exit_1(cli, example_workbook, example_plan, tmp_path, steps, value) -> None:
    wrong = planted(example_plan, tmp_path / "wrong.json", *steps, value=value)
    outcome = cli("check", example_workbook, wrong)
    assert outcome.code == 1
    assert outcome.out.splitlines()[-1].endswith(("difference.", "differences."))
    assert len(outcome.out.splitlines()) >= 2


def test_the_bound_of_a_protected_plan_is_recounted_and_refused_where_it_was_altered(cli, example_workbook, tmp_path: Path) -> None:
    plan, wrong = tmp_path / "PLAN.json", tmp_path / "wrong.json"
    assert cli("assign", example_workbook, "--robust", "2", "--json", plan, "--out", tmp_path / "list.xlsx").code == 0
    bound = json.loads(plan.read_text(encoding="utf-8"))["bound"]
    cheaper = {id: 0.8 * price for id, price in bound["unit_prices"].items()}
    planted(plan, wrong, "bound", "unit_prices", value=cheaper)

    honest, altered = cli("check", example_workbook, plan), cli("check", example_workbook, wrong)
    bolder = cli("check", example_workbook, planted(plan, wrong, "bound", "certified_hours", value=1.05 * bound["certified_hours"] + 1))

    assert cheaper
    assert (honest.code, altered.code, bolder.code) == (0, 1, 1)
    assert "recounted without protection" not in honest.out + honest.err


def test_a_plan_of_other_facts_is_one_difference_and_cannot_be_explained(cli, worked_example, example_plan) -> None:
    checked = cli("check", worked_example, example_plan)
    explained = cli("explain", worked_example, example_plan, "u1")
    assert checked.code == 1
    assert "This plan was made from other facts" in checked.out
    assert explained.code == 2
    assert "This plan was made from other facts" in explained.err


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"schema": "evenload.plan/9"}', b"\xff\xfe{\x00", b'{"schema": "evenload.plan/1"}', b"9" * 5000]
)
def test_a_file_that_is_no_plan_is_a_sentence_and_exit_2(cli, example_workbook, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "plan.json"
    file.write_bytes(content)
    for arguments in (("check", example_workbook, file), ("explain", example_workbook, file, "U001")):
        outcome = cli(*arguments)
        assert (outcome.code, outcome.out) == (2, "")
        assert outcome.problems


def test_a_plan_that_is_not_there_is_a_sentence_and_exit_2(cli, example_workbook) -> None:
    assert cli("check", example_workbook, "nowhere.json").problems == ["nowhere.json: There is no such file or folder."]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_everybody_is_named_exactly_once_in_lines_of_eighty_characters(cli, example_workbook, example_plan, lang) -> None:
    rows = open_input(example_workbook).rows
    for unit in rows.units[::25]:
        outcome = cli("explain", example_workbook, example_plan, unit.id, "--lang", lang)
        assert outcome.code == 0
        text = outcome.out.split("\n\n", 1)[1]
        leaders = [line.strip().lstrip("0123456789. ") for line in text.splitlines()]
        for person in rows.practitioners:
            named = [line for line in leaders if line.startswith((f"{person.name} (", f"{person.name}:", f"{person.name}\u00a0:"))]
            assert len(named) == 1, (unit.id, person.name)
        assert max(len(line) for line in outcome.out.splitlines()) <= 80


def test_a_unit_is_explained_with_reasons_and_before_and_after(cli, worked_example, tmp_path: Path) -> None:
    write_plan(worked_example, tmp_path / "plan.json", WORKED)
    outcome = cli("explain", worked_example, tmp_path / "plan.json", "u5")
    assert "Possible: 1 of 3" in outcome.out
    assert "Francophone" in outcome.out
    assert "71% → 71%" in outcome.out
    assert "Ana: Speaks no French." in outcome.out
    assert "88% → 97%" in outcome.out


def test_an_unknown_unit_is_answered_with_the_nearest(cli, example_workbook, example_plan) -> None:
    outcome = cli("explain", example_workbook, example_plan, "U0O1")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.problems[0].startswith("UNIT: U0O1: ")
    assert "Did you mean U0" in outcome.err


def test_another_day_makes_another_case(cli, example_workbook, example_plan) -> None:
    outcome = cli("check", example_workbook, example_plan, "--as-of", "2026-03-02")
    assert outcome.code == 1
    assert "other facts" in outcome.out
