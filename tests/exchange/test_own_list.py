"""An organisation's own list: what its columns are taken for, what its rows become, and what is told instead of guessed."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from evenload.exchange.facts import program_from
from evenload.exchange.own_guess import guesses
from evenload.exchange.own_list import ListReading, rows_of_list
from evenload.exchange.own_meanings import MEANINGS
from evenload.exchange.own_rows import Answers
from evenload.exchange.own_table import OwnTable, own_table
from evenload.exchange.reading import InputError
from evenload.exchange.rows import Rows
from evenload.planning.prepare import case_from

ANSWERS = Answers("Home program", "school", date(2026, 1, 5), 20)
FRENCH = """Liste des affectations;;;;;;
École;Ville;Disc.;Thér.;Hrs;Langue;Nb élèves;Code postal
École Lafond;Orléans;Ergo;Fatou Diallo;37,5;FR;4;K4A 1B1
École Lafond;Orléans;Orthophonie;Ben Chan;30;FR;6;K4A 1B1
Maple Home;Ottawa;SLP;vacant;;EN;3;K1A 0B1
Total;;;;;;13;
"""
ENGLISH = """School,Therapist,Discipline,Hours per week,Language
Lafond,Amara Lee,OT,34,fr
Maple,Ben Chan,Speech,30,English
"""


def table_of(text: str, folder: Path, *, encoding: str = "utf-8") -> OwnTable:
    path = folder / "list.csv"
    path.write_bytes(text.encode(encoding))
    return own_table(path)


def read(text: str, folder: Path, *, base: Rows | None = None, answers: Answers = ANSWERS, **meanings: str) -> ListReading:
    """The list read with the guesses; `meanings`: heading → meaning, where the guess is overruled."""
    table = table_of(text, folder)
    chosen = {guess.index: meanings.get(guess.heading, guess.meaning) for guess in guesses(table)}
    return rows_of_list(table, chosen, answers, base=base)


def rows_of(text: str, folder: Path, **rest: object) -> Rows:
    reading = read(text, folder, **rest)  # type: ignore[arg-type]
    assert reading.problems == ()
    assert reading.rows is not None
    return reading.rows


def codes(reading: ListReading) -> list[tuple[str, str]]:
    return [(problem.cell, problem.code) for problem in reading.problems]


# What the columns are taken for


def test_a_french_list_with_a_title_above_its_headings_is_understood(tmp_path: Path) -> None:
    table = table_of(FRENCH, tmp_path, encoding="cp1252")

    found = {guess.heading: (guess.meaning, guess.is_sure) for guess in guesses(table)}

    assert table.heading_row == 2
    assert found == {
        "École": ("site", True),
        "Ville": ("town", True),
        "Disc.": ("discipline", True),
        "Thér.": ("practitioner", True),
        "Hrs": ("weekly_hours", True),
        "Langue": ("language", True),
        "Nb élèves": ("clients", True),
        "Code postal": ("postal", True),
    }


@pytest.mark.parametrize(
    "heading, cells, meaning",
    [
        ("Therapst", ["Ana Cruz", "Ben Chan"], "practitioner"),
        ("Residence name", ["Maple Home", "Oak Lodge"], "site"),
        ("K", ["K1A 0B1", "K2B 7C3"], "postal"),
        ("X", ["OT", "SLP"], "discipline"),
        ("Column 9", ["French", "anglais"], "language"),
    ],
)
def test_a_near_name_or_the_cells_alone_give_a_guess_to_look_at(heading: str, cells: list[str], meaning: str, tmp_path: Path) -> None:
    table = table_of(f"Town;{heading}\n" + "".join(f"S{number};{cell}\n" for number, cell in enumerate(cells)), tmp_path)

    guess = guesses(table)[1]

    assert (guess.meaning, guess.is_sure) == (meaning, False)


def test_a_name_that_the_cells_contradict_is_not_sure(tmp_path: Path) -> None:
    table = table_of("School;Discipline\nLafond;OT\nMaple;blue\nOak;green\nElm;SLP\nAsh;PT\n", tmp_path)

    assert not guesses(table)[1].is_sure


def test_hours_that_vary_for_one_person_are_those_of_the_work(tmp_path: Path) -> None:
    table = table_of("School;Therapist;Discipline;Hours\nLafond;Ana;OT;6\nMaple;Ana;OT;3,5\n", tmp_path)

    assert guesses(table)[3].meaning == "work_hours"


def test_languages_in_a_list_of_people_are_those_they_speak(tmp_path: Path) -> None:
    table = table_of("Name;Discipline;Language;FTE\nAna;OT;FR;0,8\nBen;SLP;EN;1\n", tmp_path)

    assert [guess.meaning for guess in guesses(table)] == ["practitioner", "discipline", "speaks", "fte"]


def test_every_meaning_has_a_name_of_its_own() -> None:
    assert len({meaning.code for meaning in MEANINGS}) == len(MEANINGS)


# What the rows become


def test_a_flat_list_becomes_people_places_and_units_that_can_be_planned(tmp_path: Path) -> None:
    reading = read(FRENCH, tmp_path)

    rows = reading.rows
    assert rows is not None
    assert [(unit.id, unit.clients, unit.language, unit.current_practitioner) for unit in rows.units] == [
        ("École Lafond OT", 4, "fr", "Fatou Diallo"),
        ("École Lafond SLP", 6, "fr", "Ben Chan"),
        ("Maple Home SLP", 3, "en", None),
    ]
    assert [(person.id, person.disciplines, person.weekly_hours) for person in rows.practitioners] == [
        ("Fatou Diallo", ("OT",), Fraction(75, 2)),
        ("Ben Chan", ("SLP",), Fraction(30)),
    ]
    assert [(site.name_en, site.kind, site.town, site.postal) for site in rows.sites] == [
        ("École Lafond", "school", "Orléans", "K4A 1B1"),
        ("Maple Home", "retirement_home", "Ottawa", "K1A 0B1"),
    ]
    assert len(case_from(program_from(rows)).units) == 3


def test_what_the_list_does_not_say_is_counted_as_assumed(tmp_path: Path) -> None:
    reading = read(ENGLISH, tmp_path)

    assert reading.assumed == {"languages": 2, "engagement": 2, "class": 2, "clients": 2, "site_kind": 2, "time_away": 2}
    assert reading.rows is not None
    assert all(row.source for row in reading.rows.classes)


def test_a_line_of_totals_is_passed_over_and_told(tmp_path: Path) -> None:
    reading = read(FRENCH, tmp_path)

    assert [(doubt.cell, doubt.code) for doubt in reading.doubts] == [("A6", "list_total_row")]


def test_the_same_list_gives_the_same_ids_every_time(tmp_path: Path) -> None:
    twice = ENGLISH + "Lafond,Cora Roy,OT,20,en\n"

    first, second = rows_of(twice, tmp_path), rows_of(twice, tmp_path)

    assert [unit.id for unit in first.units] == ["Lafond OT", "Maple SLP", "Lafond OT 2"]
    assert first == second


def test_languages_with_and_without_level_are_read(tmp_path: Path) -> None:
    text = "Name;Discipline;School;Languages\nAna;OT;Oak;FR/EN\nBen;OT;Elm;French (native), English\nCora;OT;Ash;bilingue\n"

    rows = rows_of(text, tmp_path, Languages="speaks", Name="practitioner")

    assert [dict(person.languages) for person in rows.practitioners] == [
        {"fr": "fluent", "en": "fluent"},
        {"fr": "native", "en": "fluent"},
        {"en": "fluent", "fr": "fluent"},
    ]


def test_complexity_words_find_the_class_of_the_setting_and_new_ones_begin_as_moderate(tmp_path: Path) -> None:
    text = "School;Therapist;Discipline;Complexity\nOak;Ana;OT;élevée\nElm;Ana;OT;Low\nAsh;Ana;OT;Very special\n"

    rows = rows_of(text, tmp_path)

    assert [unit.class_id for unit in rows.units] == ["OT-high", "OT-low", "OT-Very special"]
    special = next(row for row in rows.classes if row.id == "OT-Very special")
    moderate = next(row for row in rows.classes if row.id == "OT-moderate")
    assert special.direct_minutes == moderate.direct_minutes


def test_hours_of_the_work_become_visits_a_week(tmp_path: Path) -> None:
    rows = rows_of("School;Therapist;Discipline;Service hours\nOak;Ana;OT;6\n", tmp_path)

    standard = next(row for row in rows.classes if row.id == rows.units[0].class_id)
    minutes = standard.direct_minutes + standard.indirect_minutes + (standard.travel_minutes or 0)
    visits = rows.units[0].visits_per_week
    assert visits is not None
    assert abs(visits * minutes - 360) < Fraction(1, 10)


def test_a_list_of_clients_stands_at_their_postal_codes(tmp_path: Path) -> None:
    rows = rows_of("Client;Discipline;Postal code;Therapist;Waiting since\nC-1;OT;K1A 0B1;;2025-11-03\nC-2;PT;K1B 1A1;Ana;\n", tmp_path)

    assert [(unit.id, unit.kind, unit.postal, unit.label, unit.waiting_since) for unit in rows.units] == [
        ("C-1 OT", "client", "K1A 0B1", "C-1", date(2025, 11, 3)),
        ("C-2 PT", "client", "K1B 1A1", "C-2", None),
    ]


def test_merged_cells_hold_for_every_row_they_span(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("Affectations")
        sheet.write_row(0, 0, ["School", "Discipline", "Therapist"])
        sheet.merge_range(1, 0, 3, 0, "Lafond")
        for row, (discipline, person) in enumerate([("OT", "Ana"), ("PT", "Ben"), ("SLP", "Cora")], 1):
            sheet.write_row(row, 1, [discipline, person])
    table = own_table(path)

    rows = rows_of_list(table, {guess.index: guess.meaning for guess in guesses(table)}, ANSWERS).rows

    assert rows is not None
    assert [unit.id for unit in rows.units] == ["Lafond OT", "Lafond PT", "Lafond SLP"]


# A list for a program that exists


def test_a_list_completes_a_program_and_leaves_what_it_does_not_say(tmp_path: Path) -> None:
    base = rows_of(ENGLISH, tmp_path)

    rows = rows_of("School,Discipline,Therapist,Clients\nlafond,OT,Ben Chan,9\nOak,PT,Dina Roy,2\n", tmp_path, base=base)

    assert [(unit.id, unit.clients, unit.language, unit.current_practitioner) for unit in rows.units] == [
        ("Lafond OT", 9, "fr", "Ben Chan"),
        ("Maple SLP", 1, "en", "Ben Chan"),
        ("Oak PT", 2, None, "Dina Roy"),
    ]
    assert rows.absences == base.absences
    assert rows.program == base.program
    assert [person.id for person in rows.practitioners] == ["Amara Lee", "Ben Chan", "Dina Roy"]


def test_a_vacant_post_takes_the_unit_from_its_practitioner(tmp_path: Path) -> None:
    base = rows_of(ENGLISH, tmp_path)

    rows = rows_of("School,Discipline,Therapist\nLafond,OT,TBD\n", tmp_path, base=base)

    assert rows.units[0].current_practitioner is None


def test_a_list_of_people_only_changes_people(tmp_path: Path) -> None:
    base = rows_of(ENGLISH, tmp_path)

    rows = rows_of("Therapist,Weekly hours\nAMARA LEE,20\n", tmp_path, base=base)

    assert rows.practitioners[0].weekly_hours == 20
    assert rows.units == base.units


def test_the_same_list_again_changes_nothing(tmp_path: Path) -> None:
    base = rows_of(FRENCH, tmp_path)

    assert rows_of(FRENCH, tmp_path, base=base) == base


# What is told instead of guessed


def test_every_doubtful_cell_is_told_at_its_place_all_at_once(tmp_path: Path) -> None:
    text = (
        "School;Therapist;Discipline;Weekly hours;Language;Postal code\n"
        "Oak;Ana Cruz;OT;4O;en;K1A 0B1\n"
        "Elm;Ana Cruz / Ben;OT;30;en;\n"
        "Ash;Ben Chan;magic;30;zz;Z9\n"
        ";;OT;;;\n"
        "Fir;Ben Chan;OT;25;fr;\n"
    )

    reading = read(
        text, tmp_path, **{"Discipline": "discipline", "Weekly hours": "weekly_hours", "Postal code": "postal", "Language": "language"}
    )

    assert codes(reading) == [
        ("D2", "not_a_number"),
        ("B3", "list_several_people"),
        ("C4", "choice_unknown"),
        ("E4", "language_unknown"),
        ("F4", "postal_invalid"),
        ("A5", "list_place_missing"),
        ("D6", "list_differs"),
    ]
    assert reading.rows is None


def test_two_names_that_are_nearly_the_same_are_a_doubt_not_a_refusal(tmp_path: Path) -> None:
    reading = read("School,Discipline,Therapist\nOak,OT,Fatou Diallo\nElm,OT,Fatou Dialo\n", tmp_path)

    assert [(doubt.cell, doubt.code, dict(doubt.facts)) for doubt in reading.doubts] == [
        ("C3", "list_name_near", {"nearest": "Fatou Diallo"})
    ]
    assert reading.rows is not None


@pytest.mark.parametrize(
    "text, code",
    [
        ("School,Discipline\nOak,OT\n", "list_column_practitioner"),
        ("Discipline,Language\nOT,en\n", "list_column_work"),
        ("School,Therapist\nOak,Ana\n", "list_column_discipline"),
        ("Therapist,Discipline\nAna,OT\n", "list_without_units"),
    ],
)
def test_a_list_that_lacks_a_column_says_which(text: str, code: str, tmp_path: Path) -> None:
    assert code in [problem.code for problem in read(text, tmp_path).problems]


def test_one_discipline_for_the_whole_list_is_enough(tmp_path: Path) -> None:
    answers = Answers("Home", "school", date(2026, 1, 5), 20, discipline="PT")

    assert rows_of("School,Therapist\nOak,Ana\n", tmp_path, answers=answers).units[0].discipline == "PT"


@pytest.mark.parametrize("word", ["OT", "employee", "*"])
def test_a_name_that_means_more_than_one_person_is_refused(word: str, tmp_path: Path) -> None:
    assert ("C2", "id_reserved") in codes(read(f"School,Discipline,Therapist\nOak,OT,{word}\n", tmp_path, Therapist="practitioner"))


@pytest.mark.parametrize("text", ["", "\n\n", "only one line\n"])
def test_a_file_without_rows_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        table_of(text, tmp_path)


@given(
    st.lists(
        st.lists(st.one_of(st.text(max_size=12), st.sampled_from(["OT", "Ana", "fr", "Oak", "37,5", "=1+1", "", "K1A 0B1"])), max_size=7),
        min_size=2,
        max_size=8,
    ),
    st.sampled_from([ENGLISH.splitlines()[0].split(","), FRENCH.splitlines()[1].split(";"), []]),
)
def test_whatever_stands_in_a_list_it_is_read_or_refused_with_codes(body: list[list[str]], header: list[str]) -> None:
    records = [
        (number, cells) for number, cells in enumerate([header, *body] if header else body, 1) if any(cell.strip() for cell in cells)
    ]
    if len(records) < 2:
        return
    width = max(len(cells) for _, cells in records)
    headings = tuple([*records[0][1], *[""] * width][:width])
    table = OwnTable("", (), 1, headings, tuple(records[1:]))

    reading = rows_of_list(table, {guess.index: guess.meaning for guess in guesses(table)}, ANSWERS)

    assert (reading.rows is None) == bool(reading.problems)
