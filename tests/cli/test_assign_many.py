"""`evenload assign` of several workbooks in one call: as each would be alone, all of them or none. Slow: it searches for plans."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from evenload.exchange.example import example_rows
from evenload.exchange.sheets_out import write_rows

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A workbook and a folder of CSV files; tests only read them."""
    folder = tmp_path_factory.mktemp("books")
    made = []
    for number, setting in enumerate(("school", "clinic", "community")):
        path = folder / f"{setting}.xlsx"
        write_rows(example_rows(practitioners=5, units=30, setting=setting, seed=number), path, "en")
        made.append(path)
    return made


def plan_in(path: Path) -> dict[str, Any]:
    table: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    del table["provenance"]["seconds"]
    return table


def cells_in(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every cell of a list but what tells the time."""
    book = openpyxl.load_workbook(path, read_only=True)
    rows = {sheet.title: [tuple(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}
    book.close()
    rows["Provenance"] = [row for row in rows["Provenance"] if row[0] not in TIMES]
    return rows


TIMES = ("Seconds", "Made at")


@pytest.mark.filterwarnings("ignore:.*extension is not supported")  # bars in cells, which openpyxl does not know
def test_several_workbooks_are_assigned_as_each_would_be_alone(cli, books: list[Path], tmp_path: Path) -> None:
    alone = [tmp_path / f"alone-{book.stem}.json" for book in books]
    lists = [tmp_path / f"alone-{book.stem}.xlsx" for book in books]
    options = ("--seed", "3", "--robust", "1")
    for book, plan, listed in zip(books, alone, lists, strict=True):
        assert cli("assign", book, "--json", plan, "--out", listed, *options).code == 0

    outcome = cli("assign", *books, "--json", tmp_path / "plans", "--out", tmp_path / "lists", *options)

    assert outcome.code == 0
    assert sorted(path.name for path in (tmp_path / "plans").iterdir()) == ["clinic.json", "community.json", "school.json"]
    for book, plan, listed in zip(books, alone, lists, strict=True):
        assert plan_in(tmp_path / "plans" / f"{book.stem}.json") == plan_in(plan)
        assert cells_in(tmp_path / "lists" / f"{book.stem}.xlsx") == cells_in(listed)
        assert cli("check", book, tmp_path / "plans" / f"{book.stem}.json").code == 0
        assert str(book) in outcome.out
    assert outcome.out.index("school.xlsx") < outcome.out.index("clinic.xlsx") < outcome.out.index("community.xlsx")


def test_the_best_of_several_seeds_is_kept_for_each_and_one_folder_may_take_everything(cli, books: list[Path], tmp_path: Path) -> None:
    for book in books[:2]:
        assert cli("assign", book, "--json", tmp_path / f"{book.stem}-alone.json", "--seeds", "2").code == 0
    assert cli("assign", *books[:2], "--json", tmp_path, "--out", tmp_path, "--seeds", "2").code == 0
    for book in books[:2]:
        assert plan_in(tmp_path / f"{book.stem}.json") == plan_in(tmp_path / f"{book.stem}-alone.json")
        assert (tmp_path / f"{book.stem}.xlsx").exists()


def test_every_problem_of_every_workbook_is_named_at_once_and_nothing_is_written(cli, books: list[Path], tmp_path: Path) -> None:
    broken = []
    for book, (cell, value) in zip(books[:2], (("E2", "many"), ("E3", -1)), strict=True):
        path = tmp_path / book.name
        shutil.copy(book, path)
        written = openpyxl.load_workbook(path)
        written["practitioners"][cell] = value
        written.save(path)
        broken.append(path)
    missing, folder = tmp_path / "missing.xlsx", tmp_path / "plans"

    outcome = cli("assign", broken[0], books[2], broken[1], missing, "--json", folder)

    assert outcome.code == 2
    assert any(line.startswith(f"{broken[0]}: practitioners!E2: ") for line in outcome.problems), outcome.err
    assert any(line.startswith(f"{broken[1]}: practitioners!E3: ") for line in outcome.problems), outcome.err
    assert [line.count(str(missing)) for line in outcome.problems if str(missing) in line] == [1]
    assert not any(str(books[2]) in line for line in outcome.problems)
    assert not folder.exists()


def test_what_could_not_be_written_is_refused_before_the_work(cli, books: list[Path], tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("here already")
    twin = tmp_path / "twin" / books[0].name.upper().replace(".XLSX", ".xlsx")
    twin.parent.mkdir()
    shutil.copy(books[0], twin)
    for targets, expected in (
        (("--json", "-"), "Expected a folder"),
        (("--json", file), f"{file}: Expected a folder"),
        (("--json", tmp_path / "a" / "b"), "does not exist"),
        (("--out", books[0].parent), "This file is the input"),
    ):
        outcome = cli("assign", *books[:2], *targets)
        assert (outcome.code, expected in outcome.err) == (2, True), outcome.err
    alike = cli("assign", books[0], twin, "--json", tmp_path / "plans")
    assert (alike.code, len(alike.problems)) == (2, 2)
    assert "their files would be one" in alike.err
    assert not (tmp_path / "plans").exists()
    assert file.read_text() == "here already"
