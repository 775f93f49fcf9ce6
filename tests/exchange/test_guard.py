"""Nothing is parsed before it was counted: bombs, entities, tricks with names, damaged and encrypted files are refused in words."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenload.exchange import guard
from evenload.exchange.open_input import open_input
from exchange.small_books import good, member, problems_of, told, with_members, write_book

SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small workbook without any problem."""
    return write_book(good(), tmp_path_factory.mktemp("guard") / "good.xlsx")


def only_problem(path: Path) -> tuple[str, dict[str, str]]:
    (problem,) = problems_of(path)
    assert (problem.sheet, problem.cell, problem.value) == ("", "", str(path))
    return problem.code, dict(problem.facts)


def test_a_good_workbook_passes(book: Path) -> None:
    assert open_input(book).rows.units


def test_a_zip_bomb_is_refused_by_its_ratio(book: Path, tmp_path: Path) -> None:
    path = with_members(book, {"xl/media/bomb.xml": b"\0" * 30_000_000}, tmp_path / "bomb.xlsx")
    code, facts = only_problem(path)
    assert code == "zip_ratio"
    assert int(facts["ratio"]) > 100


def test_a_member_that_unpacks_to_more_than_it_states_is_refused(book: Path, tmp_path: Path) -> None:
    content = bytearray(book.read_bytes())
    with zipfile.ZipFile(book) as archive:
        size = archive.getinfo(SHEET).file_size
    for place in _places_of(bytes(content), struct.pack("<L", size)):
        content[place : place + 4] = struct.pack("<L", 10)
    (tmp_path / "liar.xlsx").write_bytes(content)
    assert only_problem(tmp_path / "liar.xlsx") == ("file_corrupted", {})


def _places_of(content: bytes, part: bytes) -> list[int]:
    return [place for place in range(len(content)) if content.startswith(part, place)]


def test_limits_of_size_and_number_hold(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noise = random.Random(1).randbytes(1_200_000)
    large = with_members(book, {"xl/media/noise.bin": noise}, tmp_path / "large.xlsx")
    many = with_members(book, {f"xl/media/{number}.bin": b"" for number in range(1_001)}, tmp_path / "many.xlsx")
    assert only_problem(many)[0] == "zip_too_many_members"
    assert told(large) == []
    monkeypatch.setattr(guard, "MEMBER_LIMIT_MB", 1)
    assert only_problem(large) == ("zip_member_too_large", {"member": "xl/media/noise.bin", "megabytes": "2", "limit": "1"})
    monkeypatch.setattr(guard, "UNPACKED_LIMIT_MB", 1)
    monkeypatch.setattr(guard, "MEMBER_LIMIT_MB", 100)
    assert only_problem(large)[0] == "zip_unpacked_too_large"
    monkeypatch.setattr("evenload.exchange.workbook.FILE_LIMIT_MB", 1)
    assert only_problem(large)[0] == "file_too_large"


@pytest.mark.parametrize(
    "declaration",
    [
        b'<!DOCTYPE lolz [<!ENTITY lol "lol">]>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd">',
        b" \n <!DOCTYPE x>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
def test_document_types_and_entities_are_refused_in_every_encoding(book: Path, tmp_path: Path, declaration: bytes, encoding: str) -> None:
    text = declaration.decode() + "<sst/>"
    path = with_members(book, {"xl/sharedStrings.xml": text.encode(encoding)}, tmp_path / "book.xlsx")
    assert only_problem(path) == ("xml_entities", {"member": "xl/sharedStrings.xml"})


def test_a_document_type_across_two_pieces_is_seen(book: Path, tmp_path: Path) -> None:
    rng = random.Random(2)
    noise = "".join(rng.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=guard.CHUNK - 5))
    path = with_members(book, {"customXml/item1.xml": f"{noise}<!DOCTYPE x>".encode()}, tmp_path / "book.xlsx")
    assert only_problem(path)[0] == "xml_entities"


@pytest.mark.parametrize("name", ["../../evil.xml", "/etc/passwd", "xl/../../evil.xml", "C:\\evil.xml", "xl\\..\\..\\evil"])
def test_members_that_point_outside_are_refused(book: Path, tmp_path: Path, name: str) -> None:
    assert only_problem(with_members(book, {name: b"x"}, tmp_path / "book.xlsx"))[0] == "zip_member_path"


def test_two_members_of_one_name_are_refused_whatever_their_case(book: Path, tmp_path: Path) -> None:
    path = with_members(book, {"XL/worksheets/SHEET1.xml": b"<x/>"}, tmp_path / "book.xlsx")
    assert only_problem(path) == ("zip_duplicate_member", {"member": "XL/worksheets/SHEET1.xml"})


def test_an_encrypted_workbook_is_told_as_such(tmp_path: Path) -> None:
    path = tmp_path / "secret.xlsx"
    path.write_bytes(guard.OLD_OFFICE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600)
    assert only_problem(path) == ("file_encrypted", {})


def test_an_encrypted_zip_member_is_told_as_such(book: Path, tmp_path: Path) -> None:
    content = bytearray(book.read_bytes())
    for place in _places_of(bytes(content), b"PK\x01\x02"):
        content[place + 8] |= 1
    (tmp_path / "secret.xlsx").write_bytes(content)
    assert only_problem(tmp_path / "secret.xlsx") == ("file_encrypted", {})


def test_macros_are_ignored_with_a_notice(book: Path, tmp_path: Path) -> None:
    path = with_members(book, {"xl/vbaProject.bin": b"Sub x()"}, tmp_path / "book.xlsm")
    assert [notice.code for notice in open_input(path).notices] == ["macros_ignored"]


@pytest.mark.parametrize("part", range(1, 12))
def test_a_truncated_workbook_is_damaged(book: Path, tmp_path: Path, part: int) -> None:
    content = book.read_bytes()
    (tmp_path / "short.xlsx").write_bytes(content[: len(content) * part // 12])
    assert only_problem(tmp_path / "short.xlsx") == ("file_corrupted", {})


@pytest.mark.parametrize(
    "name, content, code",
    [
        ("empty.xlsx", b"", "file_empty"),
        ("page.xlsx", b"<html></html>", "file_corrupted"),
        ("table.xlsx", b"id,name\n1,2\n", "file_corrupted"),
        ("old.xls", guard.OLD_OFFICE + b"\0" * 2000, "file_corrupted"),
        ("zip.ods", b"PK\x03\x04", "file_corrupted"),
        ("letter.docx", b"PK\x03\x04", "file_type"),
        ("units.csv", b"id\n", "file_type"),
        ("noending", b"id\n", "file_type"),
    ],
)
def test_what_is_no_workbook_is_told_as_such(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert only_problem(tmp_path / name)[0] == code


def test_a_zip_that_holds_no_workbook_is_damaged(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("readme.txt", "nothing here")
    (tmp_path / "other.xlsx").write_bytes(file.getvalue())
    assert only_problem(tmp_path / "other.xlsx") == ("file_corrupted", {})


def test_paths_that_lead_nowhere_are_problems(tmp_path: Path) -> None:
    assert only_problem(tmp_path / "none.xlsx")[0] == "file_missing"
    assert only_problem(Path(str(tmp_path / "a\0b.xlsx")))[0] == "file_missing"


def test_a_file_that_the_system_refuses_is_a_problem(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert only_problem(book)[0] == "file_unreadable"


CORNERS = [
    b'<c r="XFD1048576"><v>1</v></c>',
    b"<c r='xfd1048576'><v>1</v></c>",
    b'<c s="0" r="XFD1048576"><v>1</v></c>',
    b'<c\n  r = "XFD1048576"\n><v>1</v></c>',
    b'<c r="A1048576"><v>1</v></c><c r="XFD1"><v>1</v></c>',
]


@pytest.mark.parametrize("corner", CORNERS)
def test_one_cell_in_the_last_corner_does_not_take_the_memory_of_a_full_sheet(book: Path, tmp_path: Path, corner: bytes) -> None:
    sheet = "xl/worksheets/sheet7.xml"  # units
    text = member(book, sheet).replace(b"</sheetData>", b'<row r="1048576">' + corner + b"</row></sheetData>")
    problems = problems_of(with_members(book, {sheet: text}, tmp_path / "book.xlsx"))
    assert [(problem.sheet, problem.code) for problem in problems] == [("units", "sheet_too_large")]


def test_cells_that_hold_a_format_only_do_not_count(book: Path, tmp_path: Path) -> None:
    sheet = "xl/worksheets/sheet7.xml"
    text = member(book, sheet).replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>')
    assert told(with_members(book, {sheet: text}, tmp_path / "book.xlsx")) == []


def test_cells_and_rows_without_address_are_read_where_they_stand(book: Path, tmp_path: Path) -> None:
    sheet = "xl/worksheets/sheet9.xml"  # goals
    bare = b"".join(
        b"<row>" + b"".join(b'<c t="inlineStr"><is><t>%b</t></is></c>' % cell for cell in row) + b"</row>"
        for row in ((b"goal", b"price"), (b"travel", b"2.5"))
    )
    head, _, rest = member(book, sheet).partition(b"<sheetData>")
    text = head + b"<sheetData>" + bare + b"</sheetData>" + rest.partition(b"</sheetData>")[2]
    assert open_input(with_members(book, {sheet: text}, tmp_path / "book.xlsx")).rows.goals[0].price == 2.5


@pytest.mark.slow
@settings(max_examples=60)
@given(seed=st.integers(0, 2**32), flips=st.integers(1, 12))
def test_a_workbook_with_flipped_bytes_ends_in_rows_or_in_problems(
    book: Path, tmp_path_factory: pytest.TempPathFactory, seed: int, flips: int
) -> None:
    rng = random.Random(seed)
    content = bytearray(book.read_bytes())
    for _ in range(flips):
        content[rng.randrange(len(content))] = rng.randrange(256)
    path = tmp_path_factory.getbasetemp() / "flipped.xlsx"
    path.write_bytes(content)
    ends_well(path)


@pytest.mark.slow
@settings(max_examples=60)
@given(seed=st.integers(0, 2**32))
def test_a_workbook_with_damaged_xml_ends_in_rows_or_in_problems(book: Path, tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    rng = random.Random(seed)
    name = rng.choice(
        ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", SHEET, "xl/worksheets/sheet7.xml", "[Content_Types].xml", "xl/styles.xml"]
    )
    content = bytearray(member(book, name))
    for _ in range(rng.randint(1, 8)):
        place = rng.randrange(len(content))
        content[place : place + rng.randint(0, 6)] = rng.choice([b"", b"<", b">", b'"', b"&", b"1e999", b"-1", b"\xff", b"</c>", b"]]>"])
    ends_well(with_members(book, {name: bytes(content)}, tmp_path_factory.getbasetemp() / "damaged.xlsx"))


def ends_well(path: Path) -> None:
    """Rows, or at least one problem; nothing else."""
    assert problems_of(path) or open_input(path).rows.program.name_en
