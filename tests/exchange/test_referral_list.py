"""Lists of referrals: English and French headings, CSV and workbook, every problem at its place, hostile files."""

from __future__ import annotations

import io
from datetime import date

import pytest
import xlsxwriter

from evenload.exchange.columns_referrals import REFERRALS
from evenload.exchange.referral_list import MOST_ROWS, ReferralList, read_referrals, template_csv, template_workbook

pytestmark = pytest.mark.slow
ENGLISH = "number,initials,birth year,language,discipline,postal code,priority,received on,visits\n"
FRENCH = "numéro;initiales;année de naissance;langue;discipline;code postal;priorité;reçu le;visites\n"


def read(text: str, name: str = "list.csv") -> ReferralList:
    return read_referrals(text.encode("utf-8-sig"), name)


def codes(found: ReferralList) -> list[tuple[str, str]]:
    return [(problem.cell, problem.code) for problem in found.problems]


@pytest.mark.parametrize(
    "text",
    [
        ENGLISH + "N-1,A. B.,1950,French,OT,k1k2b5,2,2026-01-12,12\n",
        FRENCH + "N-1;A. B.;1950;français;ergothérapie;k1k2b5;2;2026-01-12;12\n",
    ],
)
def test_both_languages_read_as_the_same_row(text: str) -> None:
    found = read(text)
    assert not found.problems
    assert [(one.row, dict(one.values)) for one in found.rows] == [
        (
            2,
            {
                "number": "N-1",
                "initials": "A. B.",
                "birth_year": 1950,
                "language": "fr",
                "discipline": "OT",
                "postal": "K1K 2B5",
                "priority": 2,
                "received_on": date(2026, 1, 12),
                "visits": 12,
            },
        )
    ]


def test_every_problem_is_told_at_its_cell_at_once() -> None:
    found = read(ENGLISH + "N-1,A. B.,95,Klingonn,OT,nowhere,9,12/01/2026,some\nN-2,C. D.,,,,,,2026-01-12,\n")
    assert codes(found) == [
        ("C2", "out_of_range"),
        ("D2", "language_unknown_near"),
        ("F2", "postal_invalid"),
        ("G2", "out_of_range"),
        ("H2", "not_a_date"),
        ("I2", "not_a_number"),
        ("E3", "required"),
    ]


def test_an_unknown_heading_is_told_with_the_nearest_known_one() -> None:
    found = read("inicials,discipline,received on\nA,OT,2026-01-12\n")
    assert codes(found)[0] == ("A1", "column_unknown_near")


def workbook(rows: list[list[object]], sheet: str = "aiguillages") -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet)
        for number, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                page.write(number, column, cell)
    return content.getvalue()


def test_a_workbook_reads_as_the_csv_does_and_a_formula_without_value_is_a_problem() -> None:
    found = read_referrals(workbook([["initials", "discipline", "received on"], ["A", "OT", "2026-01-12"]]), "list.xlsx")
    assert [dict(one.values) for one in found.rows] == [{"initials": "A", "discipline": "OT", "received_on": date(2026, 1, 12)}]
    assert found.title == "aiguillages"


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_empty_list_reads_back_with_nothing_to_complain_of_but_that_it_is_empty(lang: str) -> None:
    as_csv = read_referrals(template_csv(lang), "list.csv")
    as_workbook = read_referrals(template_workbook(lang), "list.xlsx")
    assert [one.code for one in as_csv.problems] == ["no_rows"]
    assert {one.code for one in as_workbook.problems} <= {"no_rows", "file_empty"}
    assert len(as_csv.letters) == len(REFERRALS.columns)


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "list.csv", "file_empty"),
        (b"PK\x03\x04 no workbook", "list.xlsx", "file_corrupted"),
        (b"\x00\x01\x02", "list.exe", "upload_type"),
        (b'a,b\n"never closed', "list.csv", "csv_broken"),
        (b"\x81\x8d\x8f", "list.csv", "text_encoding"),
    ],
)
def test_what_cannot_be_read_is_one_problem_of_the_file(content: bytes, name: str, code: str) -> None:
    found = read_referrals(content, name)
    assert ([one.code for one in found.problems], found.rows) == ([code], ())


def test_a_list_that_is_too_long_is_refused_as_a_whole() -> None:
    found = read(ENGLISH + "N,A,,,OT,K1K,3,2026-01-12,\n" * (MOST_ROWS + 1))
    assert [one.code for one in found.problems] == ["list_too_long"]


def test_text_that_a_spreadsheet_would_run_stays_text() -> None:
    found = read("initials,discipline,received on,note\nA,OT,2026-01-12,'=1+1\nB,OT,2026-01-12,@cmd\n")
    assert [one.values["note"] for one in found.rows] == ["=1+1", "@cmd"]
