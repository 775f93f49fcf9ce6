"""An edition as a workbook: a sheet per kind of site, by area and by practitioner, each with every page stamped."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

import xlsxwriter

from evenload.exchange import styles
from evenload.exchange.edition_code import SIZE_MILLIMETRES, code_png
from evenload.exchange.printed_edition import TITLES, Line, PrintedEdition, by_kind, check_sentence, edition_sentence, headings
from evenload.exchange.text_lines import lines_needed
from evenload.words import Words

_WIDTHS: Final = (27, 18, 15, 8, 19, 18, 11, 8, 8, 11, 20, 18)
_AREA_WIDTH: Final = 15
_WRAPPED: Final = frozenset({0, 1, 2, 4, 5, 10, 11})
"""columns of a line whose texts wrap"""
_LINE_POINTS: Final = 12.75
_LONGEST_HEAD: Final = 70
_MILLIMETRES_PER_INCH: Final = 25.4
_TOP_INCHES: Final = (6 + SIZE_MILLIMETRES + 4) / _MILLIMETRES_PER_INCH

Look = tuple[str, str, bool]
"""kind of a cell (text, number, day), emphasis of its row, whether the row begins a group"""


def xlsx_of(edition: PrintedEdition, lines: tuple[Line, ...], words: Words) -> bytes:
    """The workbook, the same bytes for the same edition. There is no formula in it: every text is written as text."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, styles.workbook_options())
    made = datetime(edition.published_on.year, edition.published_on.month, edition.published_on.day)  # noqa: DTZ001 - a day, no clock
    title = words.say("Assignment list")
    book.set_properties({"title": title, "author": "Evenload", "created": made})
    sheets = _Sheets(book, edition, words)
    for kind, members in by_kind(lines):
        sheets.write(words.say(TITLES[kind]), members, group=lambda line: line.site)
    area, person = words.say("Area"), words.say("Practitioner")
    by_area = sorted(lines, key=lambda line: (line.area.casefold(), line.site.casefold(), line.discipline))
    sheets.write(words.say("By area"), by_area, group=lambda line: line.area, first=(area, _AREA_WIDTH))
    by_person = sorted(lines, key=lambda line: (line.emphasis == "waiting", line.primary.casefold(), line.site.casefold(), line.discipline))
    sheets.write(words.say("By practitioner"), by_person, group=lambda line: line.primary, first=(person, _WIDTHS[4]))
    book.close()
    return buffer.getvalue()


class _Sheets:
    """Writes one view after the other into a workbook."""

    def __init__(self, book: Any, edition: PrintedEdition, words: Words) -> None:
        self._book, self._edition, self._words = book, edition, words
        self._formats: dict[Look, Any] = {}
        self._names = headings(words)
        bottom = {"bottom": 2, "bottom_color": styles.ACCENT, "bg_color": styles.SUNKEN, "valign": "bottom"}
        self._heading = book.add_format({"bold": True, "text_wrap": True, "align": "left", **bottom})
        self._title = book.add_format({"bold": True, "font_size": 15})
        self._quiet = book.add_format({"font_color": styles.MUTED})

    def write(self, name: str, lines: Sequence[Line], *, group: Callable[[Line], str], first: tuple[str, int] | None = None) -> None:
        """One view as one sheet; `first`: heading and width of a column before the others that shows the group."""
        sheet = self._book.add_worksheet(name)
        sheet.hide_gridlines(2)
        names = (first[0], *self._names) if first else self._names
        widths = (first[1], *_WIDTHS) if first else _WIDTHS
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        sheet.write_string(0, 0, name, self._title)
        sheet.set_row(0, 24)
        sheet.write_string(1, 0, edition_sentence(self._edition, self._words), self._quiet)
        for place, heading in enumerate(names):
            sheet.write_string(3, place, heading, self._heading)
        sheet.set_row(3, 6 + 2 * _LINE_POINTS)
        self._rows(sheet, lines, group=group, has_first=first is not None)
        last = 3 + max(1, len(lines))
        sheet.freeze_panes(4, 1)
        sheet.repeat_rows(3)
        sheet.autofilter(3, 0, last, len(names) - 1)
        self._print_set_up(sheet, name)

    def _rows(self, sheet: Any, lines: Iterable[Line], *, group: Callable[[Line], str], has_first: bool) -> None:
        shift, previous = int(has_first), None
        for row, line in enumerate(lines, start=4):
            at = group(line)
            starts, previous = at != previous, at
            if has_first:
                sheet.write_string(row, 0, at[:_MOST_CHARACTERS], self._format("text", line.emphasis, starts))
            lines_high = 1
            for place, value in enumerate(line.values):
                if place in _WRAPPED and value:
                    lines_high = max(lines_high, _lines(str(value), _WIDTHS[place]))
                self._cell(sheet, (row, place + shift), value, line.emphasis, starts)
            sheet.set_row(row, 3 + _LINE_POINTS * lines_high)

    def _cell(self, sheet: Any, at: tuple[int, int], value: str | int | date | None, emphasis: str, starts: bool) -> None:
        if value is None or value == "":
            sheet.write_blank(*at, None, self._format("text", emphasis, starts))
        elif isinstance(value, str):
            sheet.write_string(*at, value[:_MOST_CHARACTERS], self._format("text", emphasis, starts))
        elif isinstance(value, date):
            sheet.write_number(*at, (value - _FIRST_DAY).days, self._format("day", emphasis, starts))
        else:
            sheet.write_number(*at, value, self._format("number", emphasis, starts))

    def _format(self, kind: str, emphasis: str, starts: bool) -> Any:
        look = (kind, emphasis, starts)
        if look not in self._formats:
            made: dict[str, Any] = {"valign": "top", "bottom": 1, "bottom_color": styles.DIVIDER, **_KINDS[kind], **_EMPHASES[emphasis]}
            if starts:
                made |= {"top": 1, "top_color": styles.BORDER}
            self._formats[look] = self._book.add_format(made)
        return self._formats[look]

    def _print_set_up(self, sheet: Any, view: str) -> None:
        edition, words, margin = self._edition, self._words, styles.MARGIN_INCHES
        sheet.set_paper(styles.PAPER_LETTER)
        sheet.set_landscape()
        sheet.set_margins(left=margin, right=margin, top=_TOP_INCHES, bottom=margin + 0.2)
        sheet.fit_to_pages(1, 0)
        edge = {"margin": styles.HEADER_MARGIN_INCHES}
        bold, regular = f'&"{styles.WORKBOOK_FONT},Bold"', f'&"{styles.WORKBOOK_FONT},Regular"'
        head = f"&L&9{bold}{_head_text(edition.program(words))}{regular} · {_head_text(view)}\n&11{bold}{_head_text(edition_sentence(edition, words))}"
        png = {"image_right": "code.png", "image_data_right": io.BytesIO(code_png(edition.address))}
        sheet.set_header(f"{head}&R&G", {**edge, **png})
        page = words.say("Page {page} of {pages}", page="&P", pages="&N")
        sheet.set_footer(f"&L&8{regular}{_head_text(check_sentence(edition, words), 130)}&R&8{regular}{page}", edge)


_MOST_CHARACTERS: Final = 32_000
_FIRST_DAY: Final = date(1899, 12, 30)
"""the workbook's day 0"""
_KINDS: Final[dict[str, dict[str, Any]]] = {
    "text": {"align": "left", "text_wrap": True},
    "number": {"align": "right", "indent": 1, "num_format": "#,##0"},
    "day": {"align": "left", "num_format": "yyyy-mm-dd"},
}
_EMPHASES: Final[dict[str, dict[str, Any]]] = {
    "plain": {},
    "changed": {"bg_color": styles.WARN_TINT},
    "waiting": {"bg_color": styles.DANGER_TINT},
}


@lru_cache(maxsize=65_536)
def _lines(text: str, width: int) -> int:
    return lines_needed(text, width)


def _head_text(text: str, longest: int = _LONGEST_HEAD) -> str:
    """Text for a page header, where & begins a code, and there is room for a few words only."""
    line = " ".join(text.split())
    shown = line if len(line) <= longest else line[: longest - 1] + "…"
    return shown.replace("&", "&&")
