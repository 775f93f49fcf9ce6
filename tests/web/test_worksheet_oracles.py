"""The printed figures of the field (reference, section 5) and of the worked example, read off the worksheet's pages."""

from __future__ import annotations

import re
from datetime import timedelta
from fractions import Fraction

import pytest

from cast import Cast
from evenload.exchange.rows import AbsenceRow, DutyRow, Rows, VisitRow
from web.desk_visits import client_of
from web.worksheet_pages import (
    STARTS_ON,
    Sheet,
    c1,
    class_row,
    exactly,
    lines,
    number,
    people,
    program_row,
    recorded,
    rounded,
    text,
    unit_row,
)

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def sheet_of(rows: Rows) -> Sheet:
    program, manager = recorded(rows)
    return Sheet(client_of(manager), program)


# The worked example


def test_the_worked_example(everybody: Cast) -> None:
    sheet = Sheet(client_of(everybody.manager_of_a), everybody.program_a)
    have = lines(sheet.page(1))

    assert [have[f"{name} OT"][-1] for name in ("Ana", "Béa", "Cal")] == ["29.2", "23.0", "14.7"]
    assert exactly(sheet.page(1), "To plan with") == Fraction("1338.6") == 20 * (Fraction("29.21") + 23 + Fraction("14.72"))
    assert "584.2 h ÷ 20 calendar weeks = 29.2 h a week" in text(sheet.page(1, person="Ana"))
    # hours a week, care only: French 23.0 − 14.7 = +8.3; other 52.2 − 38.3 = +13.9
    page = sheet.page(3)
    areas = page[page.index('id="areas"') :]
    pools = [
        [text(cell) for cell in re.findall(r"<td\b[^>]*>(.*?)</td>", row, re.S)]
        for row in re.findall(r"<tr\b[^>]*>(.*?)</tr>", areas, re.S)
    ]
    weekly = {cells[1]: [number(cells[at]) / 20 for at in (2, 3, 4)] for cells in pools if len(cells) == 7 and cells[0] == "All areas"}
    care = {name: (have, need - travel, have - need + travel) for name, (have, need, travel) in weekly.items()}
    assert [f"{float(hours):.1f}" for hours in care["French"]] == ["23.0", "14.7", "8.3"]
    assert f"{float(care['All languages'][2]):.1f}" == "13.9"


# C1: an employee, one year


def test_c1_waterfall() -> None:
    page = sheet_of(c1("37.5")).page(1)

    shown = {name: exactly(page, name) for name in ("Contracted or offered", "Available", "Administration", "For clients")}
    assert shown == {
        "Contracted or offered": 1950,
        "Available": Fraction("1642.5"),
        "Administration": Fraction("-410.625"),
        "For clients": Fraction("1231.875"),
    }


def test_c1_a_the_caseload_that_the_hours_carry() -> None:
    sheet = sheet_of(c1("37.5"))
    assert "At today's mix of classes" in text(sheet.page(3))
    sheet.try_out(3, mix__low="50", mix__moderate="30", mix__high="20")
    found = lines(sheet.page(3))

    assert found["Mean hours of a client"][-1] == "18.9"
    assert rounded(found["Clients carried"][-1], 2) == "65.18"
    assert found["Hours to spare beside whole clients"][-1] == "7.875"
    carried = text(sheet.page(3))
    assert "At another mix of classes than today's, low: 33, moderate: 19 and high: 13." in carried
    assert [part in carried for part in ("low 50.0% 9.00 32.59 33", "moderate 30.0% 18.00 19.55 19", "high 20.0% 45.00 13.04 13")] == [
        True
    ] * 3


def test_c1_b_the_staff_that_the_clients_need() -> None:
    sheet = sheet_of(c1("37.5"))
    need, match = lines(sheet.page(2)), lines(sheet.page(3))

    assert [need[f"{name} OT"][-3] for name in ("low", "moderate", "high")] == ["9.00", "18.00", "45.00"]
    assert number(match["Hours needed"][-1]) == 4320
    assert rounded(match["FTE needed"][-1], 4) == "3.5068"


@pytest.mark.parametrize(
    "typed, gap, utilisation, ratio",
    [("0", "-624.375", "116.9", "0.8555"), ("22.5", "114.75", "97.4", "1.0266"), ("37.5", "607.5", "87.7", "1.1406")],
)
def test_c1_b_gap_utilisation_and_ratio_when_hours_are_tried(typed: str, gap: str, utilisation: str, ratio: str) -> None:
    sheet = sheet_of(c1("37.5", "37.5", "37.5", "10"))
    sheet.try_out(1, hours__p3=typed)
    found = lines(sheet.page(3))

    assert number(found["Gap in hours"][-1]) == Fraction(gap)
    assert rounded(found["Utilization, percent"][-1], 1) == utilisation
    assert rounded(found["Staffing ratio"][-1], 4) == ratio
    assert rounded(found["FTE needed"][-1], 4) == "3.5068"


def test_c1_the_two_directions_are_inverse() -> None:
    """Clients in the numbers that one person's hours carry at a mix of 8 : 3 : 1 need exactly that person."""
    sheet = sheet_of(c1("37.5", clients=(80, 30, 10)))
    carried = number(lines(sheet.page(3))["Clients carried"][-1])
    fte = number(lines(sheet.page(3))["FTE needed"][-1])

    assert abs(carried * fte - 120) < Fraction(1, 1000)


# C2: an independent practitioner, a block of ten weeks


def c2(*, clients: int = 96) -> Rows:
    return Rows(
        program_row(10, reserve_percent=Fraction(10)),
        practitioners=people("30", engagement="independent"),
        absences=(AbsenceRow("independent", "days_away", days=Fraction(5)),),
        duties=(DutyRow("independent", "meetings", "hours_per_week", Fraction(3)),),
        classes=(class_row("visit", "1", "45", "20", "18"),),
        units=(unit_row("visit", clients),),
    )


def test_c2_an_independent_practitioner() -> None:
    sheet = sheet_of(c2())
    have, match = sheet.page(1), lines(sheet.page(3))

    assert [exactly(have, name) for name in ("Available", "Meetings", "For clients", "Reserve", "To plan with")] == [
        270,
        -27,
        243,
        Fraction("-24.3"),
        Fraction("218.7"),
    ]
    assert rounded(match["Clients carried"][-1], 2) == "158.10"
    assert (number(match["Hours needed"][-1]), number(match["Gap in hours"][-1])) == (Fraction("132.8"), Fraction("85.9"))


def test_c2_new_clients_in_the_hours_that_are_left() -> None:
    sheet = sheet_of(c2())
    sheet.try_out(1, **{"hours__p0": "8.59", "reserve__": "0", "absence__days_away@independent": "0", "duty__meetings@independent": "0"})
    sheet.try_out(2, visits__visit="5", episode__visit="150")

    assert rounded(lines(sheet.page(2))["visit OT"][-3], 2) == "9.42"
    assert "= 9.416667 h per client" in text(sheet.page(2))
    assert rounded(lines(sheet.page(3))["Clients carried"][-1], 2) == "9.12"


# C3: details


def test_c3_blend_missed_visits_and_groups() -> None:
    day = STARTS_ON - timedelta(days=30)
    rows = Rows(
        program_row(10),
        practitioners=people("37.5"),
        classes=(
            class_row("blended", "1", "70"),
            class_row("missed", "12", "30", no_show_rate=Fraction("0.104")),
            class_row("group", "1", "60", "15", group_size=5),
        ),
        units=(unit_row("group", 5),),
        visits=tuple(VisitRow(day, "blended", Fraction(55), "done") for _ in range(20)),
    )
    page = text(sheet_of(rows).page(2))

    assert "Direct: 60 min · 20 recorded visits, mean 55 min" in page
    assert "13.392857 bookings for 12 visits" in page
    assert "÷ 5 in a group" in page
    assert "= 0.25 h per client" in page


# W1, W2, W3: WISN


def wisn_of(sheet: Sheet) -> dict[str, str]:
    """The WISN view's lines: term → figure."""
    page = sheet.page(3)
    table = page[page.index('id="wisn"') :]
    table = table[: table.index("</details>")]
    rows = (
        [text(cell) for cell in re.findall(r"<td\b[^>]*>(.*?)</td>", row, re.S)]
        for row in re.findall(r"<tr\b[^>]*>(.*?)</tr>", table, re.S)
    )
    return {cells[0]: cells[2] for cells in rows if len(cells) == 4}


def test_w1_kisumu() -> None:
    """Working days of eight hours: 4.5 a week, 55 away, ten of training; 12 clinicians."""
    rows = Rows(
        program_row(fte_weekly_hours=Fraction(36)),
        practitioners=people(*["36"] * 12),
        absences=(AbsenceRow("*", "leave", hours=Fraction(55 * 8)),),
        duties=(DutyRow("*", "education", "hours_per_period", Fraction(80)),),
        classes=(class_row("visit", "10", "15"),),
        units=(unit_row("visit", 10_000),),
    )
    found = wisn_of(sheet_of(rows))

    assert number(found["Available working time of one FTE"]) == 179 * 8
    assert rounded(found["Basic staff"], 2) == "17.46"
    assert rounded(found["Category allowance: Education"], 3) == "5.587"
    assert rounded(found["Category allowance factor"], 4) == "1.0592"
    assert rounded(found["Required staff"], 2) == "18.49"
    assert rounded(found["WISN ratio"], 3) == "0.649"


def test_w2_intensive_care() -> None:
    rows = Rows(
        program_row(fte_weekly_hours=Fraction(40)),
        practitioners=people("40"),
        absences=(AbsenceRow("*", "leave", days=Fraction(13 + 18 + 12 + 5)),),
        duties=(DutyRow("*", "administration", "percent", Fraction("12.5")),),
        classes=(class_row("monitoring", "1", "19.8"),),
        units=(unit_row("monitoring", 17_520),),
    )
    sheet = sheet_of(rows)
    found = wisn_of(sheet)

    assert number(found["Available working time of one FTE"]) == 1696
    assert rounded(found["Basic staff"], 2) == "3.41"
    assert rounded(found["Category allowance factor"], 3) == "1.143"
    sheet.try_out(1, **{"duty__administration@*": "16.666667"})
    assert rounded(wisn_of(sheet)["Category allowance factor"], 3) == "1.200"


def test_w3_identity_on_c1() -> None:
    found = wisn_of(sheet_of(c1(*["37.5"] * 4)))

    assert (rounded(found["Basic staff"], 6), rounded(found["Category allowance factor"], 6)) == ("2.630137", "1.333333")
    assert rounded(found["Required staff"], 6) == "3.506849"


# P3: small ones


@pytest.mark.parametrize("weekly, yearly", [("37.5", 1950), ("35", 1820)])
def test_p3_contracted_hours_of_a_year(weekly: str, yearly: int) -> None:
    sheet = sheet_of(Rows(program_row(), practitioners=people("20")))
    sheet.try_out(1, hours__p0=weekly)

    assert exactly(sheet.page(1), "Contracted or offered") == yearly


def test_p3_half_an_hour_of_other_work_for_each_direct_hour() -> None:
    rows = Rows(program_row(), practitioners=people("37.5"), classes=(class_row("school", "22.5", "60", "30"),))

    assert "= 33.75 h per client" in text(sheet_of(rows).page(2))


def test_p3_the_week_of_a_school_therapist() -> None:
    other = {"administration": "5.8", "meetings": "3.6", "supervision": "2.1", "students": "1.9", "quality": "1.0", "research": "0.8"}
    rows = Rows(
        program_row(1),
        practitioners=people("37.2"),
        duties=tuple(DutyRow("*", kind, "hours_per_week", Fraction(hours)) for kind, hours in other.items()),
    )
    page = sheet_of(rows).page(1)

    assert exactly(page, "For clients") == 22
    assert lines(page)["For clients"][-1] == "59.1%"
