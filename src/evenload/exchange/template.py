"""The empty workbook: every sheet, every column explained, lists to choose from, in English or French."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evenload.exchange.atomic import write_whole
from evenload.exchange.columns import ABOUT_GOALS, SHEETS, Column, Sheet
from evenload.exchange.layout import Formats, lay_out, write_cells
from evenload.exchange.sheets_out import new_workbook, write_keys
from evenload.exchange.styles import ACCENT, DIVIDER, INK, MARGIN_INCHES, MUTED, PAPER_LETTER, SUNKEN, WORKBOOK_FONT
from evenload.exchange.template_texts import (
    COLUMN_HEADINGS,
    DISCIPLINES_TITLE,
    NEEDED,
    PRIVACY,
    README_TITLE,
    SHEET_HEADINGS,
    STEPS,
    TITLE,
    described,
    discipline_lines,
    typographic,
)
from evenload.exchange.written import word_of
from evenload.planning.prices import Prices

README_WIDTHS = (28, 14, 66, 52)
LINE_CHARACTERS = (34, 14, 88, 66)
"""about how many characters fit on a line of each column of the first sheet"""


def write_template(path: Path, lang: str) -> None:
    """Write the empty workbook in English or French. Raises OSError; the file is written whole or not at all.

    It reads back with problems only for what is required. The goals sheet holds the default prices.
    """
    content = io.BytesIO()
    with new_workbook(content, TITLE[lang]) as workbook:
        formats, ruled = Formats.of(workbook), Formats.of(workbook, ruled=True)
        _ReadMe(workbook.add_worksheet(README_TITLE[lang]), _ReadMeFormats.of(workbook), lang).write()
        for sheet in SHEETS:
            worksheet = workbook.add_worksheet(sheet.title(lang))
            worksheet.set_tab_color(ACCENT if sheet.required else DIVIDER)
            lay_out(worksheet, sheet, formats, lang)
            _fill(worksheet, sheet, ruled, lang)
    write_whole(path, content.getvalue())


def _fill(worksheet: Any, sheet: Sheet, formats: Formats, lang: str) -> None:
    """What stands in an empty workbook: the keys of the program sheet and the default prices."""
    if sheet.keys:
        write_keys(worksheet, sheet, [[key.heading(lang), None, _about(key, lang)] for key in sheet.keys], formats, lang=lang)
    elif sheet.name == "goals":
        prices = Prices()
        for row, choice in enumerate(sheet.columns[0].choices, 1):
            about = ABOUT_GOALS[choice.code][lang == "fr"]
            cells = [word_of(choice, lang), float(getattr(prices, choice.code)), typographic(about, lang)]
            write_cells(worksheet, row, sheet.columns, cells, formats=formats)


def _about(column: Column, lang: str) -> str:
    return typographic(column.about(lang), lang)


@dataclass(frozen=True, slots=True)
class _ReadMeFormats:
    """Formats of the first sheet."""

    title: Any
    line: Any
    section: Any
    heading: Any
    name: Any
    required: Any
    cell: Any
    link: Any

    @classmethod
    def of(cls, workbook: Any) -> _ReadMeFormats:
        plain = {"font_name": WORKBOOK_FONT, "font_size": 10, "font_color": INK, "valign": "top"}
        row = {**plain, "valign": "vcenter", "text_wrap": True, "bottom": 1, "bottom_color": DIVIDER}
        return cls(
            title=workbook.add_format({**plain, "font_size": 18, "bold": True, "font_color": ACCENT}),
            line=workbook.add_format(plain),
            section=workbook.add_format({**plain, "font_size": 13, "bold": True, "font_color": ACCENT}),
            heading=workbook.add_format({**row, "bold": True, "bg_color": SUNKEN}),
            name=workbook.add_format({**row, "bold": True}),
            required=workbook.add_format({**row, "bold": True, "font_color": ACCENT}),
            cell=workbook.add_format({**row, "font_color": MUTED}),
            link=workbook.add_format({**row, "bold": True, "font_color": ACCENT, "underline": 1}),
        )


class _ReadMe:
    """The first sheet: how to fill the workbook in, what each sheet is for, and every column."""

    def __init__(self, worksheet: Any, formats: _ReadMeFormats, lang: str) -> None:
        self._worksheet, self._formats, self._lang = worksheet, formats, lang
        self._row = 0

    def write(self) -> None:
        self._set_up()
        self._line(TITLE[self._lang], self._formats.title, 30)
        for text in (*STEPS[self._lang], PRIVACY[self._lang]):
            self._line(typographic(text, self._lang), self._formats.line, 16)
        self._row += 1
        self._sheets()
        self._disciplines()
        for sheet in SHEETS:
            self._columns(sheet)
        self._worksheet.print_area(0, 0, self._row, len(README_WIDTHS) - 1)

    def _set_up(self) -> None:
        for index, width in enumerate(README_WIDTHS):
            self._worksheet.set_column(index, index, width, self._formats.line)
        self._worksheet.hide_gridlines(2)
        self._worksheet.set_landscape()
        self._worksheet.set_paper(PAPER_LETTER)
        self._worksheet.fit_to_pages(1, 0)
        self._worksheet.set_margins(*(MARGIN_INCHES,) * 4)
        self._worksheet.activate()

    def _line(self, text: str, cell_format: Any, height: float) -> None:
        self._worksheet.set_row(self._row, height)
        self._worksheet.write_string(self._row, 0, text, cell_format)
        self._row += 1

    def _cells(self, texts: tuple[str, ...], cell_formats: tuple[Any, ...], first: int = 0) -> None:
        lines = max(-(-len(text) // LINE_CHARACTERS[first + place]) for place, text in enumerate(texts))
        self._worksheet.set_row(self._row, 13 * max(1, lines) + 6)
        for place, (text, cell_format) in enumerate(zip(texts, cell_formats, strict=True)):
            self._worksheet.write_string(self._row, first + place, text, cell_format)
        self._row += 1

    def _sheets(self) -> None:
        formats = self._formats
        self._cells(SHEET_HEADINGS[self._lang], (formats.heading,) * 3)
        for sheet in SHEETS:
            title, row = sheet.title(self._lang), self._row
            needed = NEEDED[self._lang][sheet.required]
            self._cells(
                (title, needed, typographic(sheet.about(self._lang), self._lang)),
                (formats.link, formats.required if sheet.required else formats.cell, formats.cell),
            )
            self._worksheet.write_url(row, 0, f"internal:'{title}'!A1", formats.link, title)
        self._row += 1

    def _disciplines(self) -> None:
        self._line(DISCIPLINES_TITLE[self._lang], self._formats.section, 22)
        for code, name in discipline_lines(self._lang):
            self._cells((code, "", name), (self._formats.name, self._formats.cell, self._formats.cell))
        self._row += 1

    def _columns(self, sheet: Sheet) -> None:
        formats = self._formats
        self._line(sheet.title(self._lang), formats.section, 22)
        self._cells(COLUMN_HEADINGS[self._lang], (formats.heading,) * 4)
        for column in sheet.keys or sheet.columns:
            if not column.ignored:
                texts = (
                    column.heading(self._lang),
                    NEEDED[self._lang][column.required],
                    _about(column, self._lang),
                    described(column, self._lang),
                )
                needed = formats.required if column.required else formats.cell
                self._cells(texts, (formats.name, needed, formats.cell, formats.cell))
        self._row += 1
