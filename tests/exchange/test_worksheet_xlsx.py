import pytest
from openpyxl import Workbook
from printed_cases import HOSTILE_NAMES, PrintedCase, printed_case, with_hostile_names
from workbook_read import opened, table_of, texts

from evenload.exchange.example import example_rows
from evenload.exchange.worksheet_xlsx import worksheet_xlsx
from evenload.words import words_in

pytestmark = pytest.mark.slow  # writes and reads whole workbooks


@pytest.fixture(scope="module")
def printed() -> PrintedCase:
    return printed_case()


@pytest.fixture(scope="module")
def content(printed: PrintedCase) -> bytes:
    return written(printed)


@pytest.fixture(scope="module")
def book(content: bytes) -> Workbook:
    return opened(content, figures=True)


def written(printed: PrintedCase, lang: str = "en") -> bytes:
    return worksheet_xlsx(printed.capacity, printed.program, printed.rows, words_in(lang))


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_three_steps_stand_on_sheets_named_in_each_language(printed: PrintedCase, lang: str) -> None:
    words = words_in(lang)

    names = opened(written(printed, lang)).sheetnames

    for name in (
        words.say("Worksheet"),
        words.say("1 Hours we have"),
        words.say("2 Hours clients need"),
        words.say("3 Pools"),
        words.say("3 WISN"),
    ):
        assert name in names
    assert all(len(name) <= 31 for name in names)


def test_the_waterfall_adds_up_from_contracted_to_plannable_hours(printed: PrintedCase, book: Workbook) -> None:
    sheet = book["1 Hours we have"]

    hours = {row["Step"]: row[f"Hours over {printed.case.weeks} weeks"] for row in table_of(sheet, "Step")}

    plannable = sum(row.plannable_hours for row in printed.capacity.capacities)
    assert hours["To plan with"] == pytest.approx(float(plannable))
    totals = ("Available", "For clients", "To plan with")
    assert sum(value for step, value in hours.items() if step not in totals) == pytest.approx(float(plannable))


def test_every_practitioner_has_a_row_and_the_rows_add_up(printed: PrintedCase, book: Workbook) -> None:
    rows = table_of(book["1 By practitioner"], "Practitioner")

    *people, together = rows
    assert sorted(row["Practitioner"] for row in people) == sorted(printed.rows.names_of_practitioners().values())
    assert together["For clients, h"] == pytest.approx(sum(row["For clients, h"] for row in people))


def test_every_calculation_leads_to_the_figure_beside_it(printed: PrintedCase, book: Workbook) -> None:
    rows = table_of(book["1 Calculations"], "Calculation")

    for capacity in printed.capacity.capacities:
        name = printed.rows.names_of_practitioners()[capacity.practitioner]
        own = [row for row in rows if row["Practitioner"] == name]
        deductions = sum(row["Hours over the period"] for row in own if (row["Hours over the period"] or 0) < 0)
        assert deductions == pytest.approx(-float(capacity.absence_hours + capacity.nonclient_hours + capacity.reserve_hours))
        assert all(row["Calculation"] for row in own)


def test_pools_say_short_in_words_not_by_colour_alone(printed: PrintedCase, book: Workbook) -> None:
    rows = table_of(book["3 Pools"], "Area")

    assert {(row["Gap, h"] < 0, row["Result"]) for row in rows} <= {(True, "SHORT"), (False, "ok")}
    assert any(row["Result"] == "SHORT" for row in rows)


def test_hostile_names_stay_text() -> None:
    hostile = printed_case(with_hostile_names(example_rows(practitioners=6, units=30, seed=3)))

    content = written(hostile)

    names = set(hostile.rows.names_of_practitioners().values())
    assert names <= {text.strip() for text in texts(content)} | texts(content)
    assert set(HOSTILE_NAMES) >= names


def test_every_sheet_prints_on_letter_with_its_headings_repeated(book: Workbook) -> None:
    for sheet in book:
        assert int(sheet.page_setup.paperSize) == 1
        assert sheet.page_margins.left == pytest.approx(12 / 25.4)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert "&P" in (sheet.oddFooter.right.text or "")
    tables = [sheet for sheet in book if sheet.freeze_panes]
    assert all(sheet.print_title_rows for sheet in tables)
    assert len(tables) >= 9


def test_the_same_plan_gives_the_same_bytes(printed: PrintedCase, content: bytes) -> None:
    assert written(printed) == content
