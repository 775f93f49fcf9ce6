"""`evenload plan`: what it says, what it writes, and that it writes nothing where something is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.folders import unchanged
from evenload.exchange.example import example_rows
from evenload.exchange.sheets_out import write_csv_folder, write_rows


def test_the_worked_example_is_planned_to_the_printed_digit(cli, worked_example: Path) -> None:
    outcome = cli("plan", worked_example)
    assert outcome.code == 0
    assert "+159.0 h" in outcome.out
    assert "460.0 h" in outcome.out
    assert "modelled from distance" in outcome.err


def test_the_same_plan_is_said_in_french(cli, worked_example: Path) -> None:
    outcome = cli("plan", worked_example, "--lang", "fr")
    assert outcome.code == 0
    assert "Ergothérapie" in outcome.out
    assert "1\u00a0338,6\u00a0h" in outcome.out
    assert max(len(line) for line in outcome.out.splitlines()) <= 80


def test_quiet_says_nothing_and_writes_all_the_same(cli, example_workbook: Path, tmp_path: Path) -> None:
    figures = tmp_path / "capacity.json"
    outcome = cli("plan", example_workbook, "--quiet", "--json", figures)
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
    assert json.loads(figures.read_text(encoding="utf-8"))["schema"] == "evenload.capacity/1"


def test_a_dash_writes_the_figures_to_standard_output_and_the_summary_elsewhere(cli, example_workbook: Path) -> None:
    outcome = cli("plan", example_workbook, "--json", "-")
    assert outcome.code == 0
    assert json.loads(outcome.out)["period"]["weeks"] == 24
    assert "Hours of the whole period, by pool" in outcome.err


def test_a_folder_of_csv_files_gives_the_same_figures_as_the_workbook(cli, tmp_path: Path) -> None:
    rows = example_rows(practitioners=6, units=30, setting="clinic", seed=1)
    write_rows(rows, tmp_path / "program.xlsx", "fr")
    write_csv_folder(rows, tmp_path / "program", "en")
    from_workbook = cli("plan", tmp_path / "program.xlsx", "--json", "-", "--quiet")
    from_folder = cli("plan", tmp_path / "program", "--json", "-", "--quiet")
    assert from_workbook.code == 0
    assert from_workbook.out == from_folder.out


def test_a_stated_mix_changes_the_caseload_and_nothing_else(cli, worked_example: Path) -> None:
    plain = json.loads(cli("plan", worked_example, "--json", "-", "--quiet").out)
    mixed = json.loads(cli("plan", worked_example, "--json", "-", "--quiet", "--mix", "low=20,mod=30,high=50").out)
    assert mixed["match"][0]["caseload"]["mix"] == {"high": 0.5, "low": 0.2, "mod": 0.3}
    assert mixed["match"][0]["caseload"]["clients"] < plain["match"][0]["caseload"]["clients"]
    assert mixed["match"][0]["demand_hours"] == plain["match"][0]["demand_hours"]


def test_a_mix_that_does_not_sum_to_one_is_refused(cli, worked_example: Path) -> None:
    outcome = cli("plan", worked_example, "--mix", "low=20,mod=30")
    assert (outcome.code, outcome.out) == (2, "")
    assert len(outcome.problems) == 1


def test_two_workbooks_are_compared_before_and_after(cli, tmp_path: Path, worked_example: Path) -> None:
    after = tmp_path / "after"
    after.mkdir()
    for name, content in unchanged(worked_example).items():
        (after / name).write_bytes(content.replace(b"*,leave,8", b"*,leave,20"))
    outcome = cli("plan", worked_example, "--compare", after)
    assert outcome.code == 0
    assert "1,338.6 h  →  1,1" in " ".join(outcome.out.split(" ")).replace("   ", "  ")
    assert "Ana" in outcome.out
    assert cli("plan", worked_example, "--compare", worked_example).out.endswith("Nothing differs.\n")


def test_every_problem_of_a_workbook_is_said_and_nothing_is_written(cli, tmp_path: Path, worked_example: Path) -> None:
    # given: fifty units of a class that does not exist
    program = tmp_path / "program"
    program.mkdir()
    for name, content in unchanged(worked_example).items():
        (program / name).write_bytes(content)
    units = (program / "units.csv").read_text(encoding="utf-8")
    heading = units.splitlines()[0].split(",")
    lines = [
        ",".join({"id": f"x{n}", "kind": "client", "discipline": "OT", "class": "none"}.get(name, "") for name in heading)
        for n in range(50)
    ]
    (program / "units.csv").write_text(units.rstrip("\n") + "\n" + "\n".join(lines) + "\n", encoding="utf-8")
    outputs = tmp_path / "out"
    outputs.mkdir()
    # when
    outcome = cli("plan", program, "--json", outputs / "c.json", "--xlsx", outputs / "w.xlsx")
    # then
    assert (outcome.code, outcome.out) == (2, "")
    assert len(outcome.problems) == 50
    assert all(line.startswith("units!") and ": none: " in line for line in outcome.problems)
    assert list(outputs.iterdir()) == []


@pytest.mark.parametrize("command", ["plan", "assign"])
def test_a_workbook_that_is_not_there_is_a_sentence(cli, command: str) -> None:
    outcome = cli(command, "nowhere.xlsx")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.problems == ["nowhere.xlsx: There is no such file or folder."]


def test_a_place_that_cannot_be_written_is_said_before_the_work_begins(cli, example_workbook: Path, tmp_path: Path) -> None:
    before = unchanged(tmp_path)
    missing, folder, twice = tmp_path / "no" / "c.json", tmp_path, tmp_path / "same"
    assert "does not exist" in cli("plan", example_workbook, "--json", missing).err
    assert "this is a folder" in cli("plan", example_workbook, "--json", folder).err
    assert "named twice" in cli("plan", example_workbook, "--json", twice, "--xlsx", twice).err
    assert "the input" in cli("plan", example_workbook, "--json", example_workbook).err
    assert unchanged(tmp_path) == before


def test_an_output_that_fails_while_being_written_leaves_every_file_as_it_was(
    cli, example_workbook: Path, tmp_path: Path, monkeypatch
) -> None:
    # given: a plan from before, and a disk that is full when the second file is written
    figures, sheet = tmp_path / "capacity.json", tmp_path / "sheet.xlsx"
    figures.write_text("of before", encoding="utf-8")
    real = Path.open
    opened: list[Path] = []

    def full(self: Path, mode: str = "r", *rest: object, **more: object):
        if mode == "xb":
            opened.append(self)
            if len(opened) == 2:
                raise OSError(28, "No space left on device", str(self))
        return real(self, mode, *rest, **more)

    monkeypatch.setattr(Path, "open", full)
    # when
    outcome = cli("plan", example_workbook, "--json", figures, "--xlsx", sheet)
    # then
    assert outcome.code == 2
    assert "No space left on device" in outcome.err
    assert [path.name for path in tmp_path.iterdir()] == ["capacity.json"]
    assert figures.read_text(encoding="utf-8") == "of before"
