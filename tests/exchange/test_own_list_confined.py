"""Other people's files in a process of their own: whatever they are, an answer comes back, and nothing stays behind."""

from __future__ import annotations

import io
import tempfile
import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from evenload.exchange import confined
from evenload.exchange.confined import Mapped, read_confined
from evenload.exchange.example import example_rows
from evenload.exchange.own_rows import Answers
from evenload.exchange.sheets_out import write_csv_folder, write_rows

pytestmark = pytest.mark.slow
ANSWERS = Answers("Mine", "school", date(2026, 1, 5), 20)


def workbook_of(rows: list[list[object]], title: str = "Sheet1") -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"strings_to_formulas": False}) as workbook:
        sheet = workbook.add_worksheet(title)
        for number, cells in enumerate(rows):
            sheet.write_row(number, 0, cells)
    return content.getvalue()


def test_the_workbook_is_known_by_its_sheets_and_reads_as_the_same_rows(tmp_path: Path) -> None:
    rows = example_rows(practitioners=4, units=12)
    write_rows(rows, tmp_path / "made.xlsx", "fr")

    answered = read_confined((tmp_path / "made.xlsx").read_bytes(), "école.xlsx")

    assert (answered.kind, answered.problems, answered.rows) == ("workbook", (), rows)


def test_a_zip_of_csv_files_is_the_workbook_too(tmp_path: Path) -> None:
    rows = example_rows(practitioners=4, units=12)
    write_csv_folder(rows, tmp_path, "fr")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for path in tmp_path.glob("*.csv"):
            archive.write(path, f"dossier/{path.name}")

    answered = read_confined(content.getvalue(), "tout.ZIP")

    assert (answered.kind, answered.problems, answered.rows) == ("workbook", (), rows)


def test_a_list_comes_back_with_its_columns_then_with_its_rows() -> None:
    content = workbook_of([["School", "Therapist", "Discipline"], ["Oak", "Ana", "OT"]], "Sept")

    looked = read_confined(content, "list.xlsx")
    taken = read_confined(content, "list.xlsx", mapped=Mapped({0: "site", 1: "practitioner", 2: "discipline"}, ANSWERS))

    assert (looked.kind, looked.rows, looked.titles) == ("list", None, ("Sept",))
    assert [column.meaning for column in looked.columns] == ["site", "practitioner", "discipline"]
    assert taken.rows is not None
    assert taken.rows.program.name_en == "Mine"


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "C:\\x\\CON.xlsx", "a\0b.csv", "x" * 300 + ".xlsx", "no-suffix", "evil.exe", "\u202egnp.xlsx", "; rm -rf .csv"],
)
def test_the_name_of_a_file_is_only_shown_and_names_nothing(name: str) -> None:
    before = sorted(Path(tempfile.gettempdir()).glob("evenload-intake-*"))

    answered = read_confined(b"a;b\n1;2\n", name)

    assert answered.kind in ("list", "refused")
    assert all(problem.value.isprintable() for problem in answered.problems)
    assert sorted(Path(tempfile.gettempdir()).glob("evenload-intake-*")) == before


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("units.csv", b"0" * 150_000_000)

    answered = read_confined(content.getvalue(), "bomb.zip")

    assert [problem.code for problem in answered.problems] == ["zip_member_too_large"] or answered.problems[0].code.startswith("zip_")


def test_a_zip_with_paths_outside_is_refused() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("../units.csv", b"id\n1\n")

    assert [problem.code for problem in read_confined(content.getvalue(), "x.zip").problems] == ["zip_member_path"]


def test_a_file_that_takes_too_long_or_kills_its_reader_is_a_problem_not_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    content = workbook_of([["a", "b"], [1, 2]])

    slow = read_confined(content, "slow.xlsx", seconds=0.01)
    monkeypatch.setattr(confined.sys, "executable", "/bin/false")
    dead = read_confined(content, "dead.xlsx")

    assert [problem.code for problem in slow.problems] == ["file_takes_too_long"]
    assert [problem.code for problem in dead.problems] == ["file_corrupted"]


def test_the_reader_has_a_gigabyte_and_no_more() -> None:
    hungry = "import evenload.exchange.confined as c; c.stop_at_limits(); bytearray(1_100_000_000)"

    done = confined.subprocess.run([confined.sys.executable, "-c", hungry], capture_output=True, check=False)

    assert b"MemoryError" in done.stderr


def test_no_secret_of_the_application_reaches_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://user:secret@host/name")

    assert "DATABASE_URL" not in confined._environment()


ANSWERS_EXPECTED = {
    "list", "file_corrupted", "file_encrypted", "file_empty", "zip_duplicate_member", "xml_entities", "upload_type",
    "list_without_rows", "csv_broken", "text_encoding", "sheet_too_large", "formula_not_calculated",
}  # fmt: skip


def answer_to(path: Path, suffix: str) -> str:
    answered = read_confined(path.read_bytes(), f"{path.stem}{suffix}")
    return answered.kind if answered.kind != "refused" else answered.problems[0].code


def test_hostile_workbooks_get_an_answer(shared_data: Path) -> None:
    paths = sorted((shared_data / "hostile" / "workbooks").iterdir())

    assert {answer_to(path, ".xlsx") for path in paths} <= ANSWERS_EXPECTED


@pytest.mark.soak
def test_every_hostile_file_gets_an_answer_under_every_name(shared_data: Path) -> None:
    paths = [path for folder in ("workbooks", "csv/csvs", "xml") for path in sorted((shared_data / "hostile" / folder).iterdir())]

    assert {answer_to(path, suffix) for path in paths for suffix in (path.suffix, ".xlsx", ".csv", ".zip")} <= ANSWERS_EXPECTED
