"""The planning worksheet on its pages: the command line's figures, tries that are never stored, and what cannot be counted."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from cast import NOW, Cast, person
from evenload.cli.app import run
from evenload.exchange.rows import DutyRow, Rows
from evenload.exchange.sheets_out import write_rows
from evenload.records.models import PlanRun, Practitioner, Program
from evenload.workflow import planning_worksheet, plans
from evenload.workflow.snapshot import rows_of
from evenload.workflow.worksheet_tries import Try
from web.desk_visits import client_of
from web.worksheet_pages import Sheet, c1, class_row, exactly, lines, number, people, program_row, recorded, text
from workflow.drafts_made import example_program

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

TWO_PEOPLE = c1("37.5", "30", clients=(60, 30, 9))


def sheet_of(rows: Rows) -> Sheet:
    program, manager = recorded(rows)
    return Sheet(client_of(manager), program)


# The same figures everywhere


@pytest.fixture
def example(db: None) -> tuple[Program, Sheet]:
    program, by = example_program(practitioners=6, units=40)
    return program, Sheet(client_of(by.account), program)


def command_line(program: Program, folder: Path) -> Any:
    """What `evenload plan --json` says of the program's workbook."""
    write_rows(rows_of(program, with_held=True), folder / "program.xlsx", "en")
    assert run(["plan", str(folder / "program.xlsx"), "--json", str(folder / "plan.json"), "--quiet"], {}) == 0
    return json.loads((folder / "plan.json").read_text(encoding="utf-8"))


def near(shown: str, figure: float) -> bool:
    """Equal to the six decimals that both write."""
    return abs(float(number(shown)) - figure) <= 1.5e-6


def test_every_figure_is_the_one_of_the_command_line(example: tuple[Program, Sheet], tmp_path: Path) -> None:
    program, sheet = example
    plan = command_line(program, tmp_path)
    have, need, match = (sheet.page(step) for step in (1, 2, 3))

    people = plan["practitioners"]
    sums = {"Contracted or offered": "contracted_hours", "For clients": "client_care_hours", "To plan with": "plannable_hours"}
    assert all(near(str(float(exactly(have, name))), sum(one[field] for one in people)) for name, field in sums.items())
    of_classes = re.findall(r"= ([\d.,]+) h per client</dd>.*?<dd>([\d.,]+) h, not rounded</dd>", need, re.S)
    assert len(of_classes) == len(plan["classes"])
    per_client = sorted((row["hours_per_client"], row["hours"]) for row in plan["classes"])
    assert all(
        near(a, x) and near(b, y)
        for (a, b), (x, y) in zip(sorted(of_classes, key=lambda one: (number(one[0]), number(one[1]))), per_client, strict=True)
    )
    sections = match.split('<section class="match"')[1:]
    assert len(sections) == len(plan["match"])
    by_name = {"Occupational therapy": "OT", "Physiotherapy": "PT", "Speech-language pathology": "SLP"}
    rows = {row["discipline"]: row for row in plan["match"]}
    for section in sections:
        row = rows[by_name[text(re.search(r"<h2[^>]*>(.*?)</h2>", section)[1])]]
        found = lines(section)
        figures = {
            "Hours to plan with": "supply_hours",
            "Hours needed": "demand_hours",
            "Gap in hours": "gap_hours",
            "Utilization, percent": "utilisation_percent",
            "FTE needed": "fte_required",
            "Staffing ratio": "ratio",
        }
        assert {name for name, field in figures.items() if not near(found[name][-1], row[field])} == set()
        assert near(found["Clients carried"][-1], row["caseload"]["clients"])


def test_the_workbook_and_the_pdf_hold_the_figures_of_the_page(example: tuple[Program, Sheet]) -> None:
    program, sheet = example
    addresses = {form: reverse("worksheet_file", args=[program.code, "en", form]) for form in ("xlsx", "pdf")}
    book = load_workbook(io.BytesIO(sheet.client.get(addresses["xlsx"]).content))
    totals = [row for row in book["3 Totals"].iter_rows(values_only=True) if isinstance(row[1], int | float)]
    sections = sheet.page(3).split('<section class="match"')[1:]

    assert len(totals) == len(sections)
    for row, section in zip(totals, sections, strict=True):
        assert [
            near(lines(section)[name][-1], row[at]) for name, at in (("Hours to plan with", 1), ("Hours needed", 2), ("FTE needed", 8))
        ] == [True] * 3
    pdf = sheet.client.get(addresses["pdf"])
    assert (pdf.content[:5], pdf["Content-Type"]) == (b"%PDF-", "application/pdf")
    assert "attachment" in pdf["Content-Disposition"]


def test_a_file_of_what_is_tried_says_so(example: tuple[Program, Sheet]) -> None:
    program, sheet = example
    code = program.practitioners.values_list("code", flat=True)[0]
    address = reverse("worksheet_file", args=[program.code, "en", "xlsx"])
    book = load_workbook(io.BytesIO(sheet.client.get(address, {"try": f"hours:{code}:5"}).content))

    assert "tried, not recorded" in str(book.worksheets[0]["A2"].value)


# Tries


def test_a_try_is_seen_at_once_said_and_never_stored() -> None:
    sheet = sheet_of(TWO_PEOPLE)
    before = Program.objects.values_list("facts_version", flat=True).get()
    sheet.try_out(1, hours__p1="15")
    page = sheet.page(3)

    assert "Gap now +239.6 h, was +732.4 h." in text(page)
    assert "Person 1, Hours per week: 30 → 15" in text(page)
    assert str(Practitioner.objects.get(code="p1").weekly_hours) == "30.00"
    assert Program.objects.values_list("facts_version", flat=True).get() == before
    sheet.tries = []
    assert "Tried" not in text(sheet.page(3))


def test_many_tries_never_push_out_what_is_recorded(example: tuple[Program, Sheet]) -> None:
    program, _ = example
    recorded = planning_worksheet.worksheet_of(program)
    reserve = next(one for one in recorded.figures if one.what == "reserve")
    for percent in range(1, planning_worksheet.MOST_KEPT + 4):
        found = planning_worksheet.tried(program, planning_worksheet.worksheet_of(program), [Try(reserve, Fraction(percent))])
        assert found.plan.reserve_percent == percent
    assert planning_worksheet.worksheet_of(program) is recorded


def test_tries_of_every_step_go_together_and_each_can_be_taken_back() -> None:
    sheet = sheet_of(TWO_PEOPLE)
    sheet.try_out(1, **{"duty__administration@*": "10", "away__*": "5", "reserve__": "10"})
    sheet.try_out(2, visits__low="8", clients__high="12")

    assert sheet.tries == ["duty:administration@*:10", "away:*:5", "reserve::10", "visits:low:8", "clients:high:12"]
    page = sheet.page(2)
    assert number(lines(page)["high OT"][-2]) == 12 * 45
    assert page.count("Take back") == 5
    sheet.try_out(2, visits__low="6")
    assert "visits:low:8" not in sheet.tries
    assert len(sheet.tries) == 4


def test_a_class_without_clients_gets_some() -> None:
    rows = replace(TWO_PEOPLE, classes=(*TWO_PEOPLE.classes, class_row("rare", "10", "45", "15")))
    sheet = sheet_of(rows)
    sheet.try_out(2, clients__rare="3")

    assert number(lines(sheet.page(2))["rare OT"][-2]) == 30


def test_an_address_with_nonsense_shows_what_is_recorded() -> None:
    sheet = sheet_of(TWO_PEOPLE)
    clean = lines(sheet.page(3))
    sheet.tries = ["hours:nobody:3", "hours:p0:nan", "hours:p0:-4", "clients:low:2.5", "visits:low:1e9", "☃", "", "mix:nothing:50"]

    assert lines(sheet.page(3)) == clean


# What cannot be counted


@pytest.mark.parametrize(
    "step, typed, sentence",
    [
        (1, {"hours__p0": "many"}, "Write a number such as 7.5."),
        (1, {"hours__p0": ""}, "Write a number; 0 for none."),
        (1, {"hours__p0": "200"}, "Write a number of at most 168."),
        (
            1,
            {"duty__administration@*": "100"},
            "Person 0, Hours per week: Duties (1,642.5 h) use all available hours (1,642.5 h). Reduce them or check absences.",
        ),
        (1, {"other__*": "40"}, "use all available hours"),
        (1, {"absence__vacation@*": "300"}, "exceed the contracted hours"),
        (2, {"clients__low": "1.5"}, "Write a whole number."),
        (2, {"visits__low": "-1"}, "Write a number such as 7.5."),
        (3, {"mix__low": "50", "mix__high": "20"}, "Expected shares that sum to 1, or to 100, for"),
    ],
)
def test_a_figure_that_cannot_be_taken_is_said_at_its_field_and_the_page_stands(step: int, typed: dict[str, str], sentence: str) -> None:
    answer = sheet_of(TWO_PEOPLE).typed(step, **typed)
    page = answer.content.decode()

    assert answer.status_code == 422
    assert sentence in text(page)
    assert 'aria-invalid="true"' in page
    assert "Planning worksheet" in page


def test_duties_that_eat_all_hours_leave_step_1_standing_and_a_dash_in_step_3() -> None:
    rows = replace(TWO_PEOPLE, duties=(*TWO_PEOPLE.duties, DutyRow("p1", "meetings", "percent", Fraction(80))))
    sheet = sheet_of(rows)
    have = sheet.page(1)

    assert lines(have)["Person 0 OT"][-2:] == ["1,231.9", "23.7"]
    assert lines(have)["Person 1 OT"][1:] == ["–"] * 5
    assert "use all available hours" in text(have)
    assert "The hours of 1 practitioner cannot be counted and are left out here." in text(have)
    match = text(sheet.page(3))
    assert "Our hours carry – Our clients need –" in match
    assert "The match can be counted once the contradiction above is mended." in match


def test_where_nobody_can_be_counted_the_waterfall_has_dashes_and_no_zeros() -> None:
    sheet = sheet_of(TWO_PEOPLE)
    sheet.tries = ["duty:administration@*:100"]
    have = lines(sheet.page(1))

    assert [have[name][0] for name in ("Contracted or offered", "Available", "To plan with")] == ["–"] * 3


@pytest.mark.parametrize(
    "rows, said",
    [
        (Rows(program_row()), "Nobody works in this program yet"),
        (replace(TWO_PEOPLE, practitioners=()), "Nobody here works in this discipline"),
        (replace(TWO_PEOPLE, units=()), "There are no clients to take a mix from."),
        (Rows(program_row(), practitioners=people("37.5")), "There are no clients to take a mix from."),
    ],
)
def test_a_program_without_people_classes_or_clients_has_dashes_and_no_zeros(rows: Rows, said: str) -> None:
    sheet = sheet_of(rows)
    pages = [text(sheet.page(step)) for step in (1, 2, 3)]

    assert said in pages[2]
    assert "–" in pages[2]


def test_everybody_away_and_hours_of_nobody_are_a_dash() -> None:
    sheet = sheet_of(TWO_PEOPLE)
    sheet.tries = ["hours:p0:0", "hours:p1:0", "absence:vacation@*:0", "absence:statutory_holidays@*:0"]

    assert "no full-time equivalent can be stated" in text(sheet.page(3))


def test_a_class_without_visits_says_what_is_left_of_it() -> None:
    sheet = sheet_of(TWO_PEOPLE)
    sheet.try_out(2, visits__low="0")
    assert "This class has no visits: its clients need only the minutes per episode." in text(sheet.page(2))
    sheet.try_out(2, episode__low="0")
    assert "A client of this class takes no time. Check its visits and minutes." in text(sheet.page(2))


def test_a_program_without_classes_shows_the_usual_figures_of_its_setting_with_their_sources() -> None:
    page = text(sheet_of(Rows(program_row(), practitioners=people("37.5"))).page(2))

    assert "No classes yet" in page
    assert "default, Home OT visit 68.5 min" in page


# What changed


def test_what_changed_since_the_last_plan(everybody: Cast) -> None:
    manager = person(everybody.manager_of_a)
    sheet = Sheet(client_of(everybody.manager_of_a), everybody.program_a)
    assert "No plan was computed yet" in text(sheet.page(3))
    asked = plans.ask_run(everybody.program_a, by=manager, at=NOW)
    PlanRun.objects.filter(pk=asked.pk).update(state="done", plan_json="{}", ended_at=NOW + timedelta(minutes=1))

    assert "Nothing in the match differs." in text(sheet.page(3, since="plan"))
    Practitioner.objects.filter(program=everybody.program_a, code="Ana").update(weekly_hours=30)
    Program.objects.filter(pk=everybody.program_a.pk).update(facts_version=99)
    found = lines(sheet.page(3, since="plan"))
    assert found["Occupational therapy, FTE there are"] == ["2.33", "2.13", "−0.20"]


# The records


def test_a_larger_program_asks_the_records_no_more(db: None) -> None:
    counts = []
    for size, code in ((1, "small"), (6, "large")):
        rows = c1(*["37.5"] * size)
        program, manager = recorded(replace(rows, program=replace(rows.program, name_en=code)), code=code)
        client = client_of(manager)
        client.get(reverse("worksheet", args=[code]))
        for step in "123":
            with CaptureQueriesContext(connection) as asked:
                client.get(reverse("worksheet", args=[program.code]), {"step": step, "try": "hours:p0:10"})
            counts.append(len(asked))

    assert counts[:3] == counts[3:]
    assert max(counts) < 20


def test_a_page_in_french_is_french() -> None:
    program, manager = recorded(TWO_PEOPLE)
    manager.language = "fr"
    manager.save()
    sheet = Sheet(client_of(manager), program)
    page = text(sheet.page(3))

    assert "Nos heures permettent" in page
    assert "Comment est-ce compté?" in page
    sheet.try_out(1, hours__p0="12,5")
    assert sheet.tries == ["hours:p0:12.5"]
    assert 'value="12,5"' in sheet.page(1)
