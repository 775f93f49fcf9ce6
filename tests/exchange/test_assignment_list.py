from collections import Counter
from dataclasses import replace

import pytest
from openpyxl import Workbook
from printed_cases import PrintedCase, plan_of, printed_case, with_hostile_names
from workbook_read import formula_cells, opened, page_headers, table_of, texts

from evenload.exchange.assignment_list import assignment_list_xlsx
from evenload.exchange.example import example_rows
from evenload.exchange.list_facts import list_facts
from evenload.exchange.list_summary import statements
from evenload.exchange.list_views import SITE_SHEETS
from evenload.planning.changes import over
from evenload.words import words_in

pytestmark = pytest.mark.slow  # writes and reads whole workbooks


@pytest.fixture(scope="module")
def printed() -> PrintedCase:
    return printed_case(practitioners=8, units=60)


@pytest.fixture(scope="module")
def contents(printed: PrintedCase) -> dict[str, bytes]:
    return {lang: written(printed, lang) for lang in ("en", "fr")}


@pytest.fixture(scope="module")
def book(contents: dict[str, bytes]) -> Workbook:
    return opened(contents["en"])


def written(printed: PrintedCase, lang: str = "en") -> bytes:
    return assignment_list_xlsx(printed.rows, printed.program, printed.case, printed.plan, words=words_in(lang))


def said(printed: PrintedCase, lang: str = "en") -> dict[str, str]:
    return dict(statements(list_facts(printed.rows, printed.program, printed.case, printed.plan, words=words_in(lang))))


def site_and_unit(rows: list[dict[str, object]]) -> Counter[tuple[object, ...]]:
    return Counter((row["Site"], row["Unit"], row["Disc."], row["Visits left"]) for row in rows if row["Disc."])


def test_each_view_holds_each_unit_once(printed: PrintedCase, book: Workbook) -> None:
    by_kind = [row for name, _ in SITE_SHEETS.values() if name in book.sheetnames for row in table_of(book[name], "Site")]
    by_area = table_of(book["By area"], "Site")
    by_practitioner = [row for row in table_of(book["By practitioner"], "Site") if row["Disc."]]

    assert len(by_kind) == len(by_area) == len(by_practitioner) == len(printed.case.units)
    assert site_and_unit(by_kind) == site_and_unit(by_area) == site_and_unit(by_practitioner)


def test_a_list_row_has_the_promised_columns(book: Workbook) -> None:
    row = table_of(book["Schools"], "Site")[0]

    assert list(row) == [
        "Site",
        "Unit",
        "Town or area",
        "Disc.",
        "Primary",
        "Cover",
        "Language",
        "Visits used",
        "Visits left",
        "From",
        "Note",
        "Changed",
    ]


def test_everybody_stands_once_among_the_loads_fullest_first_with_word_and_icon(printed: PrintedCase, book: Workbook) -> None:
    rows = table_of(book["Loads"], "Practitioner")

    percents = [row["Percent of capacity"] or 0 for row in rows]
    assert sorted(row["Practitioner"] for row in rows) == sorted(printed.rows.names_of_practitioners().values())
    assert percents == sorted(percents, reverse=True)
    assert all(str(row["Load"])[0] in "○✓△▲–" and len(str(row["Load"])) > 3 for row in rows)


def test_the_pattern_of_a_load_differs_by_state(printed: PrintedCase, book: Workbook) -> None:
    sheet = book["Loads"]
    rows = [list(row) for row in sheet.iter_rows()]
    head = next(row for row in rows if row[0].value == "Practitioner")
    mark, load = (next(cell.column for cell in head if cell.value == name) - 1 for name in ("Mark", "Load"))

    looks = {(row[load].value, row[mark].fill.patternType) for row in rows if row[load].value and row[load].value != "Load"}

    assert len({pattern for _, pattern in looks}) == len(looks) > 1


def test_the_waiting_list_is_oldest_first_and_each_row_has_a_reason_and_a_fix(printed: PrintedCase, book: Workbook) -> None:
    waiting = [unit for unit in printed.case.units if unit.id not in {row.unit for row in printed.plan.assignments}]
    assert waiting, "the program must have somebody waiting"

    rows = table_of(book["Waiting list"], "Why")

    weeks = [row["Weeks waiting"] for row in rows]
    assert len(rows) == len(waiting)
    assert weeks == sorted(weeks, reverse=True)
    assert all(row["Why"] and row["Nearest fix"] for row in rows)


def test_what_changes_names_from_and_to(printed: PrintedCase, book: Workbook) -> None:
    rows = table_of(book["What changes"], "What")
    holder = {row.unit: row.practitioner for row in printed.plan.assignments}
    names = printed.rows.names_of_practitioners()

    moved = [unit for unit in printed.case.units if unit.current and unit.id in holder and holder[unit.id] != unit.current]
    assert moved
    expected = Counter((names[unit.current or ""], names[holder[unit.id]]) for unit in moved)
    assert Counter((row["From whom"], row["To whom"]) for row in rows if row["What"] == "Changes hands") == expected


def test_a_row_that_changed_says_so_in_words(printed: PrintedCase, book: Workbook) -> None:
    rows = table_of(book["By area"], "Site")
    names = set(printed.rows.names_of_practitioners().values())

    changed = [str(row["Changed"]) for row in rows if row["Changed"]]

    assert changed
    assert all(text == "NEW" or text.removeprefix("NEW, ").removeprefix("was ") in names for text in changed)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_first_page_answers_who_is_over_who_has_room_who_waits_and_what_changes(
    printed: PrintedCase, contents: dict[str, bytes], lang: str
) -> None:
    words = words_in(lang)

    found = said(printed, lang)

    assert list(found)[:4] == [words.say("Over"), words.say("Room"), words.say("Waiting"), words.say("Changes")]
    loads = over(printed.case, printed.plan)
    if loads:
        assert printed.rows.names_of_practitioners()[loads[0].practitioner] in found[words.say("Over")]
    assert set(found.values()) <= texts(contents[lang])


def test_the_bound_stands_in_a_sentence(printed: PrintedCase) -> None:
    score = printed.plan.score

    def said_of(bound_hours: float) -> str:
        plan = replace(printed.plan, bound=replace(printed.plan.bound, hours=bound_hours))
        return said(replace(printed, plan=plan))["How good"]

    assert said_of(score.hours) == "No better plan is possible with these facts and prices."
    assert said_of(score.hours - 0.004 * (score.hours - score.unavoidable)) == "This plan is at most 0.4% from the best possible."


def test_a_plan_that_places_nobody_is_still_a_list(printed: PrintedCase) -> None:
    empty = replace(printed, plan=plan_of(printed.case, {}))

    content = written(empty, "fr")

    assert formula_cells(content) == []
    assert words_in("fr").say("Nothing is placed yet, so nothing is covered.") in texts(content)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_sheet_says_that_it_is_a_draft_and_which_page_it_is(printed: PrintedCase, contents: dict[str, bytes], lang: str) -> None:
    words = words_in(lang)

    for sheet in opened(contents[lang]):
        assert words.say("DRAFT – not for use") in (sheet.oddHeader.right.text or "")
        assert "&P" in (sheet.oddFooter.right.text or "")
        assert printed.plan.case_digest.removeprefix("sha256:")[:7] in (sheet.oddFooter.left.text or "")


def test_views_sort_and_filter_and_print_with_their_headings(printed: PrintedCase, book: Workbook) -> None:

    for name in ("Schools", "By area", "By practitioner", "Loads", "Cover", "Waiting list"):
        assert book[name].auto_filter.ref
        assert book[name].print_title_rows
        assert book[name].freeze_panes


@pytest.mark.parametrize("name", ["&" * 300, "R&D & Co\nsecond line", "x" * 300])
def test_a_program_of_any_name_still_has_its_page_header(printed: PrintedCase, name: str) -> None:
    named = replace(printed, rows=replace(printed.rows, program=replace(printed.rows.program, name_en=name)))

    headers = page_headers(written(named))

    shown = " ".join(name.split())[:20].replace("&", "&&")
    assert len(headers) > 10
    assert all(shown in header and "DRAFT" in header and len(header) <= 255 for header in headers)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_there_is_no_formula_and_hostile_names_stay_text(lang: str) -> None:
    hostile = printed_case(with_hostile_names(example_rows(practitioners=10, units=40, seed=5)))

    content = written(hostile, lang)

    found = texts(content)
    assert formula_cells(content) == []
    assert set(hostile.rows.names_of_practitioners().values()) <= found
    assert set(hostile.rows.names_of_sites(lang).values()) & found


def test_the_same_plan_gives_the_same_bytes(printed: PrintedCase, contents: dict[str, bytes]) -> None:
    assert written(printed) == contents["en"]


@pytest.mark.slow  # three more programs
@pytest.mark.parametrize("setting", ["community", "clinic", "hospital"])
def test_other_settings_have_their_own_sheets(setting: str) -> None:
    other = printed_case(practitioners=8, units=40, setting=setting)

    book = opened(written(other))

    kinds = {unit.site_kind or "area" for unit in other.case.units}
    assert {SITE_SHEETS[kind][0] for kind in kinds} == {name for name, _ in SITE_SHEETS.values()} & set(book.sheetnames)
