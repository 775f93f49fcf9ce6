"""`evenload example` and `evenload template`: workbooks that the other commands take."""

from __future__ import annotations

from pathlib import Path

import pytest

from evenload.exchange.open_input import open_input
from evenload.planning.codes import SETTINGS

pytestmark = pytest.mark.slow  # generates, writes and reads whole programs


@pytest.mark.parametrize("setting, lang", list(zip(SETTINGS, ("en", "fr", "en", "fr"), strict=True)))
def test_an_example_of_every_setting_reads_back_without_a_problem(cli, tmp_path: Path, setting: str, lang: str) -> None:
    out = tmp_path / "example.xlsx"
    outcome = cli("example", out, "--practitioners", "5", "--units", "30", "--setting", setting, "--lang", lang, "--seed", "7")
    assert outcome.code == 0
    reading = open_input(out)
    assert len(reading.rows.practitioners) == 5
    assert len(reading.rows.units) == 30
    assert reading.rows.program.setting == setting


def test_the_same_seed_writes_the_same_bytes(cli, tmp_path: Path) -> None:
    for name, seed in (("a.xlsx", "1"), ("b.xlsx", "1"), ("c.xlsx", "2")):
        cli("example", tmp_path / name, "--practitioners", "3", "--units", "12", "--seed", seed)
    first, same, other = ((tmp_path / name).read_bytes() for name in ("a.xlsx", "b.xlsx", "c.xlsx"))
    assert first == same
    assert first != other


def test_a_folder_is_written_where_no_ending_is_given_and_never_over_another(cli, tmp_path: Path) -> None:
    folder = tmp_path / "program"
    assert cli("example", folder, "--practitioners", "3", "--units", "12").code == 0
    assert len(open_input(folder).rows.units) == 12
    outcome = cli("example", folder, "--practitioners", "3", "--units", "12")
    assert outcome.code == 2
    assert "a new or an empty folder" in outcome.err


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_template_is_a_workbook_that_lacks_only_what_must_be_filled_in(cli, tmp_path: Path, lang: str) -> None:
    out = tmp_path / "template.xlsx"
    assert cli("template", out, "--lang", lang).code == 0
    outcome = cli("plan", out)
    assert outcome.code == 2
    assert outcome.problems
    assert not any("Traceback" in line for line in outcome.problems)


PLACES = (
    "ID,BOARD,CATEGORY,NAME,NAME_FR,STREET,LONGITUDE,LATITUDE\n"
    "1,OCDSB,Elementary,North Hill School,École North Hill,Main St,-75.70,45.40\n"
    "2,CECCE,Secondary,Catholic High School of the Hill,École secondaire catholique de la Colline,rue Une,-75.50,45.47\n"
    "3,Private,Dance School,Dance Place,Lieu de danse,Side St,-75.60,45.41\n"
    "4,CÉPEO,Elementary,École élémentaire publique du Lac,École élémentaire publique du Lac,rue Deux,-75.62,45.44\n"
)


def test_a_list_of_places_becomes_a_program_whose_french_boards_ask_for_french(cli, tmp_path: Path) -> None:
    # given
    places = tmp_path / "places.csv"
    places.write_text(PLACES, encoding="utf-8")
    out = tmp_path / "program.xlsx"
    # when
    outcome = cli("example", out, "--sites", places, "--practitioners", "6", "--units", "18")
    # then
    assert outcome.code == 0
    assert "Dance School (1)" in outcome.err
    rows = open_input(out).rows
    languages = {site.name_en: site.language for site in rows.sites}
    assert languages == {
        "North Hill School": "en",
        "École secondaire catholique de la Colline": "fr",
        "École élémentaire publique du Lac": "fr",
    }
    assert {site.address for site in rows.sites} == {"Main St", "rue Une", "rue Deux"}


@pytest.mark.parametrize(
    "text, found",
    [
        ("NAME,LATITUDE\nx,45\n", ["LONGITUDE"]),
        ("", ["NAME", "LATITUDE", "LONGITUDE"]),
        ("NAME,LATITUDE,LONGITUDE\n", ["at least one row"]),
        ("NAME,LATITUDE,LONGITUDE\nx,95,-75\ny,45,west\n", ["!B2: 95", "!C3: west"]),
    ],
)
def test_every_problem_of_a_list_of_places_is_said(cli, tmp_path: Path, text: str, found: list[str]) -> None:
    places = tmp_path / "places.csv"
    places.write_text(text, encoding="utf-8")
    outcome = cli("example", tmp_path / "out.xlsx", "--sites", places)
    assert outcome.code == 2
    assert len(outcome.problems) == len(found)
    assert all(part in line for part, line in zip(found, outcome.problems, strict=True))
    assert not (tmp_path / "out.xlsx").exists()


@pytest.mark.slow
def test_the_schools_of_ottawa_become_a_program(cli, tmp_path: Path, shared_data: Path) -> None:
    out = tmp_path / "ottawa.xlsx"
    outcome = cli("example", out, "--sites", shared_data / "ottawa" / "schools.csv", "--practitioners", "60", "--units", "900")
    assert outcome.code == 0
    rows = open_input(out).rows
    french = [site for site in rows.sites if site.language == "fr"]
    assert 40 < len(french) < 80
    assert {unit.discipline for unit in rows.units} == {"OT", "PT", "SLP"}
