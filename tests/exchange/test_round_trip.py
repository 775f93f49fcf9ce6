"""What is written reads back as the same rows: workbooks and CSV folders, English and French, whatever people wrote."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from evenload.exchange.open_input import open_input
from evenload.exchange.rows import (
    AbsenceRow,
    ClassRow,
    DutyRow,
    GoalRow,
    PractitionerRow,
    ProgramRow,
    Rows,
    SiteRow,
    UnitRow,
    VisitRow,
)
from evenload.exchange.sheets_out import write_csv_folder, write_rows
from evenload.exchange.text_cells import EXCEL_ERRORS, FORBIDDEN
from evenload.planning import codes
from evenload.planning.prices import GOALS
from exchange.small_books import good, read_sheets

HARD_TEXTS = (
    '=HYPERLINK("x")',
    "+1+1",
    "-2",
    "@SUM(A1)",
    "'=1",
    "''t",
    "＝1",
    "null",
    "007",
    "1,5",
    "TRUE",
    "2026-01-05",
    'a"b',
    "x;y",
    "_x0041_",
)


def is_kept(text: str) -> bool:
    """Whether the reader keeps this text as it is."""
    return bool(text) and text == text.strip() and text not in EXCEL_ERRORS and not FORBIDDEN.search(text)


def texts(characters: int = 30) -> SearchStrategy[str]:
    free = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=characters)
    return st.one_of(free.map(lambda text: unicodedata.normalize("NFC", text).strip()).filter(is_kept), st.sampled_from(HARD_TEXTS))


def maybe(strategy: SearchStrategy[Any]) -> SearchStrategy[Any]:
    return st.none() | strategy


def decimals(low: int, high: int, places: int = 4) -> SearchStrategy[Fraction]:
    return st.integers(low * 10**places, high * 10**places).map(lambda number: Fraction(number, 10**places))


WORDS = st.sampled_from(["AAC", "seating", "école", "autism spectrum", "=1", "-x"])
TAGS = st.lists(WORDS, unique=True, max_size=3).map(tuple)
DAYS = st.lists(st.sampled_from(codes.DAYS), unique=True, max_size=7).map(tuple)
DATES = st.dates(date(1950, 1, 1), date(2150, 12, 31))
POSTAL = st.sampled_from(["K1A 0B1", "K2C", "H0H 0H0"])
LANGUAGES = st.dictionaries(st.sampled_from(["en", "fr", "ar", "iu", "ase"]), st.sampled_from(codes.LANGUAGE_LEVELS), min_size=1)
BOOLEANS = st.booleans()


@st.composite
def places(draw: st.DrawFn, lat: str = "lat", lon: str = "lon") -> dict[str, Fraction | None]:
    if draw(BOOLEANS):
        return {lat: None, lon: None}
    return {lat: draw(decimals(-90, 90, 6)), lon: draw(decimals(-180, 180, 6))}


@st.composite
def people(draw: st.DrawFn, id: str) -> PractitionerRow:
    low = draw(decimals(2, 70, 1))
    first = draw(DATES)
    return PractitionerRow(
        id=id,
        disciplines=tuple(draw(st.lists(st.sampled_from(codes.DISCIPLINES), unique=True, min_size=1, max_size=3))),
        engagement=draw(st.sampled_from(codes.ENGAGEMENTS)),
        weekly_hours=draw(decimals(0, 168, 2)),
        languages=draw(LANGUAGES),
        name=draw(maybe(texts())),
        max_hours=draw(maybe(decimals(0, 168, 2))),
        comfortable_min_percent=low,
        comfortable_max_percent=low + draw(decimals(0, 30, 1)),
        skills=draw(TAGS),
        interests=draw(TAGS),
        years_experience=draw(maybe(decimals(0, 80, 1))),
        base_postal=draw(maybe(POSTAL)),
        longest_drive_minutes=draw(maybe(st.integers(0, 1440))),
        max_sites_per_day=draw(maybe(st.integers(1, 50))),
        accepts_new=draw(BOOLEANS),
        team=draw(maybe(texts())),
        area=draw(maybe(texts())),
        from_date=draw(maybe(st.just(first))),
        to_date=draw(maybe(st.just(first + timedelta(days=40)))) if first < date(2150, 1, 1) else None,
        days=draw(DAYS),
        evenings=draw(maybe(BOOLEANS)),
        feedback=draw(maybe(st.sampled_from(codes.FEEDBACK))),
        **draw(places("base_lat", "base_lon")),
    )


@st.composite
def sites(draw: st.DrawFn, id: str) -> SiteRow:
    named = {name: draw(maybe(texts())) for name in ("name_fr", "area", "team", "address", "town")}
    kind, language = draw(st.sampled_from(codes.SITE_KINDS)), draw(maybe(st.sampled_from(["en", "fr", "ar"])))
    return SiteRow(id, draw(texts()), kind, language=language, postal=draw(maybe(POSTAL)), **named, **draw(places()))


@st.composite
def classes(draw: st.DrawFn, id: str) -> ClassRow:
    minutes = decimals(0, 1440, 2)
    return ClassRow(
        id=id,
        discipline=draw(st.sampled_from(codes.DISCIPLINES)),
        label_en=draw(texts()),
        visits=draw(decimals(0, 1000, 2)),
        direct_minutes=draw(minutes),
        label_fr=draw(maybe(texts())),
        indirect_minutes=draw(minutes),
        travel_minutes=draw(maybe(minutes)),
        episode_minutes=draw(minutes),
        group_size=draw(st.integers(1, 100)),
        no_show_rate=draw(maybe(st.integers(0, 999).map(lambda n: Fraction(n, 1000)))),
        no_show_minutes=draw(maybe(minutes)),
        experience_years=draw(maybe(decimals(0, 80, 1))),
        judgement_weight=draw(decimals(0, 100, 1)),
        source=draw(maybe(texts())),
    )


@st.composite
def units(draw: st.DrawFn, id: str, people_ids: list[str], site_ids: list[str], class_ids: list[str]) -> UnitRow:
    visits = maybe(decimals(0, 5000, 2))
    note = st.lists(texts(), min_size=1, max_size=3).map("\n".join)
    return UnitRow(
        id=id,
        kind=draw(st.sampled_from(codes.UNIT_KINDS)),
        discipline=draw(st.sampled_from(codes.DISCIPLINES)),
        class_id=draw(st.sampled_from(class_ids)),
        site=draw(maybe(st.sampled_from(site_ids))),
        clients=draw(st.integers(1, 500)),
        visits_allotted=draw(visits),
        visits_used=draw(visits),
        visits_per_week=draw(visits),
        language=draw(maybe(st.sampled_from(["en", "fr", "ar"]))),
        language_need=draw(st.sampled_from(codes.LANGUAGE_NEEDS)),
        skills_required=draw(TAGS),
        skills_preferred=draw(TAGS),
        priority=draw(st.sampled_from(codes.PRIORITIES)),
        waiting_since=draw(maybe(DATES)),
        current_practitioner=draw(maybe(st.sampled_from(people_ids))),
        pinned=draw(BOOLEANS),
        barred_practitioners=tuple(draw(st.lists(st.sampled_from(people_ids), unique=True, max_size=2))),
        label=draw(maybe(texts())),
        together=draw(maybe(texts())),
        days=draw(DAYS),
        evening=draw(BOOLEANS),
        from_date=draw(maybe(DATES)),
        note=draw(maybe(note)),
        postal=draw(maybe(POSTAL)),
        **draw(places()),
    )


@st.composite
def programs(draw: st.DrawFn) -> ProgramRow:
    return ProgramRow(
        name_en=draw(texts()),
        setting=draw(st.sampled_from(codes.SETTINGS)),
        period_start=draw(DATES),
        period_weeks=draw(st.integers(1, 260)),
        name_fr=draw(maybe(texts())),
        contracted_visits=draw(maybe(decimals(0, 10_000, 1))),
        as_of=draw(maybe(DATES)),
        fte_weekly_hours=draw(decimals(1, 168, 2)),
        reserve_percent=draw(decimals(0, 99, 2)),
        block_hours=draw(maybe(decimals(1, 168, 2))),
        other_disciplines=draw(st.sampled_from([(), ("BT",), ("BT", "éd spéc")])),
        speed_kmh=draw(decimals(1, 200, 1)),
        detour_factor=draw(decimals(1, 10, 2)),
    )


@st.composite
def rows(draw: st.DrawFn) -> Rows:
    ids = st.lists(st.sampled_from(["a", "b", "é-1", "0012", "=x", "-7", "Zoë d'Ô", "U 9"]), unique=True, min_size=1, max_size=4)
    people_ids, site_ids, class_ids, unit_ids = (draw(ids) for _ in range(4))
    who = st.sampled_from(["*", "employee", "independent", *people_ids])
    amount = decimals(0, 500, 2)
    return Rows(
        program=draw(programs()),
        practitioners=tuple(draw(people(id)) for id in people_ids),
        absences=tuple(draw(st.lists(st.builds(AbsenceRow, who, texts(), hours=amount) | st.builds(AbsenceRow, who, texts(), days=amount), max_size=2))),
        duties=tuple(draw(st.lists(st.builds(DutyRow, who | st.just("OT"), texts(), st.sampled_from(codes.DUTY_BASES), amount), max_size=2))),
        sites=tuple(draw(sites(id)) for id in site_ids),
        classes=tuple(draw(classes(id)) for id in class_ids),
        units=tuple(draw(units(id, people_ids, site_ids, class_ids)) for id in unit_ids),
        visits=tuple(
            draw(
                st.lists(
                    st.builds(VisitRow, DATES, st.sampled_from(class_ids), amount, st.sampled_from(codes.OUTCOMES), maybe(texts()), maybe(texts()), maybe(amount), maybe(amount)),
                    max_size=2,
                )
            )
        ),
        goals=tuple(GoalRow(goal, draw(amount)) for goal in draw(st.lists(st.sampled_from(GOALS), unique=True, max_size=3))),
    )  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_small_program_reads_back_from_a_workbook_and_from_a_csv_folder(tmp_path: Path, lang: str) -> None:
    written = read_sheets(good()).rows
    write_rows(written, tmp_path / "rows.xlsx", lang)
    write_csv_folder(written, tmp_path / "csv", lang)
    assert open_input(tmp_path / "rows.xlsx").rows == open_input(tmp_path / "csv").rows == written


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "fr"])
@settings(max_examples=25)
@given(written=rows())
def test_a_workbook_reads_back_as_the_rows_that_were_written(tmp_path_factory: pytest.TempPathFactory, lang: str, written: Rows) -> None:
    path = tmp_path_factory.getbasetemp() / f"rows-{lang}.xlsx"
    write_rows(written, path, lang)
    assert open_input(path).rows == written


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "fr"])
@settings(max_examples=40)
@given(written=rows())
def test_a_csv_folder_reads_back_as_the_rows_that_were_written(tmp_path_factory: pytest.TempPathFactory, lang: str, written: Rows) -> None:
    folder = tmp_path_factory.mktemp(f"csv-{lang}")
    write_csv_folder(written, folder, lang)
    assert open_input(folder).rows == written


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_no_written_cell_is_a_formula_and_formula_like_text_is_text(tmp_path: Path, lang: str) -> None:
    plain = read_sheets(good()).rows
    unit = UnitRow(
        "=cmd|' /C calc'!A0",
        "client",
        "OT",
        "low",
        label="=1+1",
        note="@SUM(A1)\n=2",
        together="-3",
        lat=Fraction("-45.5"),
        lon=Fraction(-75),
    )
    written = Rows(plain.program, plain.practitioners, classes=plain.classes, units=(unit,))
    write_rows(written, tmp_path / "rows.xlsx", lang)
    book = openpyxl.load_workbook(tmp_path / "rows.xlsx")
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    sheet = book["unités" if lang == "fr" else "units"]
    assert sheet["A2"].value == "=cmd|' /C calc'!A0"
    assert sheet["A2"].data_type == "s"
    write_csv_folder(written, tmp_path / "csv", lang)
    text = (tmp_path / "csv" / f"{sheet.title}.csv").read_text(encoding="utf-8-sig")
    assert "'=cmd|' /C calc'!A0" in text
    assert ("-45,5" if lang == "fr" else "-45.5") in text
    assert "'-45" not in text
    assert open_input(tmp_path / "csv").rows == open_input(tmp_path / "rows.xlsx").rows == written


@pytest.mark.slow
@pytest.mark.parametrize("count", [5, 20_001])
def test_large_and_small_workbooks_say_the_same(tmp_path: Path, count: int) -> None:
    plain = read_sheets(good()).rows
    visits = tuple(VisitRow(date(2025, 1, 1), "low", Fraction(n % 90), "done", unit=f"old {n}") for n in range(count))
    written = Rows(plain.program, plain.practitioners, classes=plain.classes, units=(UnitRow("u", "client", "OT", "low"),), visits=visits)
    write_rows(written, tmp_path / "rows.xlsx", "en")
    assert open_input(tmp_path / "rows.xlsx").rows == written


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    written = read_sheets(good()).rows
    for name in ("one", "two"):
        write_rows(written, tmp_path / f"{name}.xlsx", "en")
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_a_workbook_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    with pytest.raises(OSError):  # noqa: PT011 -- which one depends on the system
        write_rows(read_sheets(good()).rows, tmp_path / "no such folder" / "rows.xlsx", "en")
    assert list(tmp_path.iterdir()) == []
