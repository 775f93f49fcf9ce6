"""The eight files of an edition: the same rows everywhere, the same bytes every time, no formula, a stamp on every page."""

from __future__ import annotations

import csv
import io
import re
import time
from dataclasses import fields, replace
from datetime import date
from html.parser import HTMLParser

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from evenload.exchange.edition_code import SIZE_MILLIMETRES, code_png, code_svg
from evenload.exchange.edition_files import FORMS, EditionFile, PrintedEdition, PrintedRow, edition_file, edition_files, index_page
from evenload.words import words_in
from exchange.printed_cases import HOSTILE_NAMES

pytestmark = pytest.mark.slow

KINDS = ("school", "retirement_home", "clinic", "hospital", "")


def row(n: int, **changes: object) -> PrintedRow:
    kind = KINDS[n % 5]
    made = PrintedRow(
        site_en=f"St. Anne {n // 5}" if kind else "",
        site_fr=f"Sainte-Anne {n // 5}" if kind else "",
        site_kind=kind,
        kind="site" if kind else "client",
        unit="" if kind else "A. B.",
        part=(1, 2) if n % 17 == 0 else None,
        town="Embrun",
        area=f"K{n % 9}A",
        discipline=("OT", "PT", "SLP")[n % 3],
        primary="" if n % 11 == 0 else f"Amara Lee {n % 40}",
        cover=f"Ben Chan {n % 30}" if n % 4 else "",
        language=("fr", "en", "")[n % 3],
        used=n % 40,
        left=n % 13,
        from_date=date(2026, 2, 2) if n % 3 else None,
        note="Tuesdays only" if n % 7 == 0 else "",
        changed=("", "", "new", "moved", "cover")[n % 5],
        before="Fatou Diallo" if n % 5 == 3 else "",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def edition(rows: int = 30, **changes: object) -> PrintedEdition:
    made = PrintedEdition(
        program_en="School rehabilitation",
        program_fr="Réadaptation scolaire",
        number=6,
        effective_on=date(2026, 2, 2),
        published_on=date(2026, 1, 28),
        code="6-K7Q2",
        address="https://evenload.example.org/e/6-K7Q2",
        changed_rows=4,
        waiting=3,
        rows=tuple(row(n) for n in range(rows)),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def files() -> dict[tuple[str, str], bytes]:
    return by_name(edition_files(edition()))


def by_name(files: tuple[EditionFile, ...]) -> dict[tuple[str, str], bytes]:
    return {(file.language, file.form): file.content for file in files}


def csv_rows(content: bytes, language: str) -> list[list[str]]:
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";" if language == "fr" else ","))


class Table(HTMLParser):
    """Rows of the body of the one table, as texts; whether anything stands in the page that could run or fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self._is_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag == "tr":
            self.rows.append([])
        self._is_cell = tag in ("th", "td")
        if self._is_cell and self.rows:
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self._is_cell and self.rows and self.rows[-1]:
            self.rows[-1][-1] += data.strip()


def html_rows(content: bytes) -> list[list[str]]:
    table = Table()
    table.feed(content.decode())
    return [cells for cells in table.rows if len(cells) == 12][1:]


def sheet_rows(content: bytes) -> dict[str, list[list[str]]]:
    book = load_workbook(io.BytesIO(content))
    return {
        sheet.title: [[_text(value) for value in cells] for cells in sheet.iter_rows(min_row=5, values_only=True)]
        for sheet in book.worksheets
    }


def _text(value: object) -> str:
    return "" if value is None else str(value)[:10] if hasattr(value, "year") else str(value)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_format_holds_the_same_rows(files: dict[tuple[str, str], bytes], language: str) -> None:
    from_csv = [cells[3:] for cells in csv_rows(files[language, "csv"], language)[1:]]
    views = sheet_rows(files[language, "xlsx"])
    from_sheets = [cells for name, rows in list(views.items())[:5] for cells in rows]
    assert len(from_csv) == 30
    assert html_rows(files[language, "html"]) == from_csv
    assert from_sheets == from_csv
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(files[language, "pdf"])).pages)
    for cells in from_csv:
        assert "".join(cells[0].split()) in text


def test_the_workbook_has_a_view_per_kind_of_site_and_every_row_by_area_and_by_practitioner(files: dict[tuple[str, str], bytes]) -> None:
    views = sheet_rows(files["en", "xlsx"])
    assert list(views) == ["Schools", "Retirement homes", "Clinics", "Hospitals", "Areas and homes", "By area", "By practitioner"]
    assert len(views["By area"]) == len(views["By practitioner"]) == 30
    assert sorted(cells[1:] for cells in views["By area"]) == sorted(cells[1:] for cells in views["By practitioner"])


def test_the_same_edition_gives_the_same_bytes() -> None:
    assert edition_files(edition()) == edition_files(edition())


def test_one_file_alone_is_the_one_of_the_set(files: dict[tuple[str, str], bytes]) -> None:
    for form in FORMS:
        assert edition_file(edition(), "fr", form).content == files["fr", form]
    with pytest.raises(KeyError):
        edition_file(edition(), "de", "pdf")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_number_day_and_code_stand_on_every_page(language: str) -> None:
    made = by_name(edition_files(edition(120)))
    pages = PdfReader(io.BytesIO(made[language, "pdf"])).pages
    assert len(pages) > 4
    for page in pages:
        text = page.extract_text()
        assert "6-K7Q2" in text
        assert "2026-02-02" in text
    for sheet in load_workbook(io.BytesIO(made[language, "xlsx"])).worksheets:
        assert "6-K7Q2" in sheet.oddHeader.left.text
        assert sheet.oddHeader.right.text == "&G"
        assert sheet.print_title_rows == "$4:$4"
    assert all(cells[:3] == ["6", "2026-02-02", "6-K7Q2"] for cells in csv_rows(made[language, "csv"], language)[1:])
    page_head = made[language, "html"].decode().partition("</thead>")[0]
    assert "6-K7Q2" in page_head
    assert "<svg" in page_head


def test_the_code_is_20_millimetres_wide_and_leads_to_the_answer() -> None:
    png = code_png("https://evenload.example.org/e/6-K7Q2")
    pixels, per_metre = int.from_bytes(png[16:20], "big"), int.from_bytes(png[png.index(b"pHYs") + 4 :][:4], "big")
    assert 1000 * pixels / per_metre == pytest.approx(SIZE_MILLIMETRES, abs=0.2)
    assert 'viewBox="0 0' in code_svg("https://evenload.example.org/e/6-K7Q2")


def test_names_that_are_formulas_or_markup_stay_names() -> None:
    hostile = tuple(row(n, site_en=name, site_fr=name, primary=name, note=name, unit=name) for n, name in enumerate(HOSTILE_NAMES))
    made = by_name(edition_files(replace(edition(0), rows=hostile, program_en="=1+1 & Co")))
    book = load_workbook(io.BytesIO(made["en", "xlsx"]))
    assert {cell.data_type for sheet in book.worksheets for cells in sheet.iter_rows() for cell in cells} <= {"s", "n", "d"}
    for cells in csv_rows(made["en", "csv"], "en"):
        for cell in cells[3:]:
            assert not re.match(r"[=+@\t\r＝＋－＠]|-\d", cell), cell
    table = Table()
    table.feed(made["en", "html"].decode())
    assert not table.tags & {"script", "b>", "iframe", "link", "object"}
    assert made["en", "pdf"].startswith(b"%PDF")


def test_characters_that_no_file_can_hold_are_shown_as_missing() -> None:
    odd = replace(edition(0), rows=(row(1, primary="A\0B\x07\ud800", note="line\nbreak"),))
    made = by_name(edition_files(odd))
    assert "A\ufffdB\ufffd?" in made["en", "csv"].decode("utf-8-sig")
    assert "line break" in made["en", "html"].decode()


def test_pages_run_nothing_and_fetch_nothing(files: dict[tuple[str, str], bytes]) -> None:
    written = [(language, form, f"edition-0006_2026-02-02_{language}.{form}", "0" * 64) for language, form in files]
    for content in (files["fr", "html"], index_page(edition(), written)):
        table = Table()
        table.feed(content.decode())
        assert not table.tags & {"script", "link", "iframe", "img", "form", "object"}
        assert not {name for name in table.attributes if name.startswith("on") or name in ("style", "src")}
        assert "default-src 'none'" in content.decode()
        assert "unsafe" not in content.decode()


def test_the_index_leads_to_every_file_in_both_languages(files: dict[tuple[str, str], bytes]) -> None:
    names = {key: f"edition-0006_2026-02-02_{key[0]}.{key[1]}" for key in files}
    text = index_page(edition(), [(*key, name, "0" * 64) for key, name in names.items()]).decode()
    assert set(re.findall(r'href="([^"]+)"', text)) == set(names.values())
    assert '<section lang="fr"' in text
    assert "liste d'affectation" in text.replace("&#x27;", "'")


def test_only_allow_listed_columns_exist() -> None:
    assert {field.name for field in fields(PrintedRow)} == {
        "site_en", "site_fr", "site_kind", "kind", "unit", "part", "town", "area", "discipline", "primary", "cover", "language",
        "used", "left", "from_date", "note", "changed", "before",
    }  # fmt: skip


def test_an_empty_edition_prints() -> None:
    for file in edition_files(edition(0)):
        assert file.content


def test_french_files_are_french(files: dict[tuple[str, str], bytes]) -> None:
    words = words_in("fr")
    heading = csv_rows(files["fr", "csv"], "fr")[0]
    assert heading[3:6] == [words.say("Site"), words.say("Unit"), words.say("Town or area")] != ["Site", "Unit", "Town or area"]
    assert '<html lang="fr">' in files["fr", "html"].decode()


@pytest.mark.soak
def test_six_thousand_rows_in_every_format_and_language_take_20_seconds_of_the_processor() -> None:
    began = time.process_time()
    edition_files(edition(6000))
    assert time.process_time() - began <= 20
