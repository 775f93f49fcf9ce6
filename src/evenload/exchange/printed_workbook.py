"""Tables as a workbook made to be read and printed: Letter, 12 mm margins, headings repeated, page n of m.

Every text is written as text, so that a name that starts with `=` stays a name. A formula stands only where a row states one
for a figure, with that figure beside it, so that programs that do not count show the same.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from evenload.exchange import styles
from evenload.exchange.pages import NUMBERS, LoadWord, Row, Span, Table, Value
from evenload.exchange.text_lines import lines_needed, with_wide_enough_columns
from evenload.words import Words

_LONGEST_TEXT: Final = 32_000  # a cell holds 32,767 characters
_LONGEST_HEAD: Final = 80  # a page header holds 255 characters with its codes
_SOLID: Final = 1
_UPRIGHT_DIGITS: Final = 105
"""wider tables stand on pages turned sideways, or their print would be too small"""
_LINE_POINTS: Final = 12.75
_HEADING_WIDTH: Final = 17
_SENTENCE_WIDTH: Final = 78
_BAR_TOP: Final = 1.3  # bars run from 0 to 130 %, as on screen
_DIGITS: Final = {
    "integer": "#,##0",
    "hours": "#,##0.0",
    "hundredths": "#,##0.00",
    "percent": "0%",
    "percent_tenths": "0.0%",
    "bar": "0%",
    "text": "General",
    "wrapped": "General",
}
_PERCENTS: Final = ("percent", "percent_tenths", "bar")
_CELLS: Final = re.compile(r"\{(?:(?P<sheet>[^{}]+)!)?(?P<place>\d+)(?:@(?P<first>\d+)(?::(?P<last>\d+))?)?\}")


@dataclass(frozen=True, slots=True)
class RunningText:
    """What stands on every page: the program, what edition this is, the mark of a draft, and the date it is seen from."""

    program: str
    edition: str
    mark: str
    as_of: date


class PrintedWorkbook:
    """A workbook that grows sheet by sheet; `content` closes it and gives its bytes, the same for the same sheets."""

    def __init__(self, words: Words, running: RunningText, title: str) -> None:
        self._words, self._running = words, running
        self._buffer = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._buffer, styles.workbook_options())
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._known: dict[str, Table] = {}
        created = datetime(running.as_of.year, running.as_of.month, running.as_of.day)  # noqa: DTZ001 - a date of the plan, no clock
        self._book.set_properties({"title": title, "author": "Evenload", "created": created})

    def content(self) -> bytes:
        """The finished workbook."""
        self._book.close()
        return self._buffer.getvalue()

    def front_page(self, name: str, title: str, lines: Sequence[str], statements: Sequence[tuple[str, str]]) -> None:
        """The first sheet: a title, lines beneath it, and statements, each a short heading with a sentence beside it."""
        sheet = self._book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, _HEADING_WIDTH)
        sheet.set_column(1, 1, _SENTENCE_WIDTH)
        self._text(sheet, 0, 0, title, font_size=18, bold=True)
        sheet.set_row(0, 30)
        for row, line in enumerate(lines, start=1):
            self._text(sheet, row, 0, line, font_color=styles.MUTED)
        top = len(lines) + 2
        for row, (heading, sentence) in enumerate(statements, start=top):
            rule = {"top": 1, "top_color": styles.DIVIDER, "valign": "top"}
            self._text(sheet, row, 0, heading, bold=True, font_color=styles.ACCENT, text_wrap=True, **rule)
            self._text(sheet, row, 1, sentence, text_wrap=True, **rule)
            sheet.set_row(
                row, 8 + _LINE_POINTS * max(lines_needed(sentence, _SENTENCE_WIDTH), lines_needed(heading, _HEADING_WIDTH, bold=True))
            )
        self._print_set_up(sheet, title, landscape=False)
        sheet.print_area(0, 0, top + len(statements), 1)
        sheet.activate()

    def tables(self, shown: Sequence[Table]) -> None:
        """Tables that count from each other, each as one sheet."""
        self._known |= {one.name: one for one in shown}
        for one in shown:
            self.table(one)

    def table(self, shown: Table) -> None:
        """One table as one sheet: title, notes, headings that stay in sight, rows, footnotes."""
        self._known[shown.name] = shown
        table = with_wide_enough_columns(_without_spans(shown))
        sheet = self._book.add_worksheet(table.name)
        sheet.hide_gridlines(2)
        for position, column in enumerate(table.columns):
            sheet.set_column(position, position, column.width)
        last = max(0, len(table.columns) - 1)
        self._text(sheet, 0, 0, table.title, font_size=15, bold=True)
        sheet.set_row(0, 24)
        top = self._sentences(sheet, 1, table.notes, table, font_color=styles.MUTED)
        if not table.rows:
            self._sentences(sheet, top + 1, (table.empty,), table)
        else:
            self._headings(sheet, top, table)
            for position, row in enumerate(table.rows, start=top + 1):
                self._row(sheet, position, row, table)
            end = top + len(table.rows)
            sheet.freeze_panes(top + 1, 0)
            sheet.repeat_rows(top)
            if table.sortable:
                sheet.autofilter(top, 0, end, last)
            self._bars(sheet, top + 1, end, table)
            self._sentences(sheet, end + 2, table.footnotes, table, font_color=styles.MUTED)
        is_wide = sum(column.width for column in table.columns) > _UPRIGHT_DIGITS
        self._print_set_up(sheet, table.title, landscape=table.landscape or is_wide)

    def _headings(self, sheet: Any, top: int, table: Table) -> None:
        rule = {"bottom": 2, "bottom_color": styles.ACCENT, "bg_color": styles.SUNKEN, "valign": "bottom"}
        for position, column in enumerate(table.columns):
            # a space to the right of numbers, for a text may stand there
            is_number = column.kind in NUMBERS
            align = {"align": "right", "indent": 1} if is_number else {"align": "left", "indent": _indent(table, position)}
            self._text(sheet, top, position, column.heading, bold=True, text_wrap=True, **align, **rule)
        # beside the last line of a heading stands the filter's button
        tallest = max(lines_needed(column.heading, max(4, column.width - 1.5), bold=True) for column in table.columns)
        sheet.set_row(top, 6 + _LINE_POINTS * tallest)

    def _row(self, sheet: Any, position: int, row: Row, table: Table) -> None:
        look, formulas = _look(row), dict(row.formulas)
        for place, (column, value) in enumerate(zip(table.columns, row.values, strict=True)):
            own = look | {"indent": _indent(table, place)}
            if place in formulas and value is not None:
                self._counted(
                    sheet, (position, place), _named_cells(formulas[place], table.name, position, self._known), value, column.kind, own
                )
            else:
                self._value(sheet, position, place, value, column.kind, own)
        is_bold = bool(look.get("bold"))
        wrapped = [
            lines_needed(value, column.width, bold=is_bold)
            for column, value in zip(table.columns, row.values, strict=True)
            if column.kind == "wrapped" and isinstance(value, str)
        ]
        sheet.set_row(position, 3 + _LINE_POINTS * max([1, *wrapped]), None, {"level": row.level} if row.level else {})

    def _value(self, sheet: Any, row: int, place: int, value: Value, kind: str, look: dict[str, Any]) -> None:
        if isinstance(value, LoadWord):
            self._load(sheet, row, place, value, kind, look)
        elif value is None or isinstance(value, Span):
            sheet.write_blank(row, place, None, self._format(**look))
        elif isinstance(value, str):
            # said, not left to the program: an indent counts only where the text is said to stand to the left
            self._text(sheet, row, place, value, text_wrap=kind == "wrapped", align="left", **look)
        elif isinstance(value, date):
            at = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a calendar day has no clock
            sheet.write_datetime(row, place, at, self._format(num_format="yyyy-mm-dd", align="left", **look))
        else:
            shown = float(Fraction(value) / 100) if kind in _PERCENTS else float(value)
            sheet.write_number(
                row, place, shown, self._format(num_format=self._number_format(kind), align="right", **(look | {"indent": 1}))
            )

    def _counted(self, sheet: Any, cell: tuple[int, int], formula: str, figure: Value, kind: str, look: dict[str, Any]) -> None:
        """A formula, with the figure that it comes to."""
        if not isinstance(figure, int | float | Fraction):
            raise TypeError(f"a formula's figure: expected a number, got {figure!r}")
        shown = float(Fraction(figure) / 100) if kind in _PERCENTS else float(figure)
        looks = self._format(num_format=self._number_format(kind), align="right", **(look | {"indent": 1}))
        sheet.write_formula(*cell, formula, looks, shown)

    def _load(self, sheet: Any, row: int, place: int, load: LoadWord, kind: str, look: dict[str, Any]) -> None:
        mark = styles.LOAD_MARKS[load.state]
        if kind == "swatch":
            sheet.write_blank(row, place, None, self._format(**(look | _pattern(mark))))
        else:
            self._text(sheet, row, place, f"{mark.icon} {load.word}", **(look | {"bold": True, "font_color": mark.colour}))

    def _number_format(self, kind: str) -> str:
        digits = _DIGITS[kind]
        if kind in _PERCENTS and self._words.lang == "fr":
            digits = digits.replace("%", "\u00a0%")
        return f'{digits};"\u2212"{digits}'

    def _bars(self, sheet: Any, first: int, last: int, table: Table) -> None:
        bar = {
            "type": "data_bar",
            "data_bar_2010": True,
            "bar_solid": True,
            "bar_color": styles.DIVIDER,
            "bar_border_color": styles.BORDER,
            "min_type": "num",
            "min_value": 0,
            "max_type": "num",
            "max_value": _BAR_TOP,
        }
        for position, column in enumerate(table.columns):
            if column.kind == "bar":
                sheet.conditional_format(first, position, last, position, bar)

    def _sentences(self, sheet: Any, top: int, sentences: Sequence[str], table: Table, **look: Any) -> int:
        """Each sentence over the whole width of the table; the row after the last."""
        last = len(table.columns) - 1
        width = sum(column.width for column in table.columns)
        row = top
        for row, sentence in enumerate(sentences, start=top):
            if last > 0:
                sheet.merge_range(row, 0, row, last, "", self._format(text_wrap=True, valign="top", **look))
            self._text(sheet, row, 0, sentence, text_wrap=True, valign="top", **look)
            sheet.set_row(row, 3 + _LINE_POINTS * lines_needed(sentence, width))
        return row + 1 if sentences else top

    def _text(self, sheet: Any, row: int, place: int, text: str, **look: Any) -> None:
        clean = text.encode("utf-8", "replace").decode()
        shown = clean if len(clean) <= _LONGEST_TEXT else clean[: _LONGEST_TEXT - 1] + "…"
        sheet.write_string(row, place, shown, self._format(**look))

    def _format(self, **look: Any) -> Any:
        key = tuple(sorted((name, value) for name, value in look.items() if value is not False))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(dict(key))
        return self._formats[key]

    def _print_set_up(self, sheet: Any, view: str, *, landscape: bool) -> None:
        margin = styles.MARGIN_INCHES
        sheet.set_paper(styles.PAPER_LETTER)
        sheet.set_margins(left=margin, right=margin, top=margin + 0.25, bottom=margin + 0.2)
        sheet.fit_to_pages(1, 0)
        if landscape:
            sheet.set_landscape()
        running, edge = self._running, {"margin": styles.HEADER_MARGIN_INCHES}
        page = self._words.say("Page {page} of {pages}", page="&P", pages="&N")
        bold, regular = f'&"{styles.WORKBOOK_FONT},Bold"', f'&"{styles.WORKBOOK_FONT},Regular"'
        mark = f"&R&9{bold}&K{styles.DANGER[1:]}{_head_text(running.mark)}" if running.mark else ""
        sheet.set_header(f"&L&9{bold}{_head_text(running.program)}{regular} · {_head_text(view)}{mark}", edge)
        sheet.set_footer(f"&L&8{regular}{_head_text(running.edition)}&R&8{regular}{page}", edge)


def _pattern(mark: styles.LoadMark) -> dict[str, Any]:
    if mark.pattern == _SOLID:
        return {"pattern": _SOLID, "fg_color": mark.colour}
    return {"pattern": mark.pattern, "fg_color": mark.colour, "bg_color": "#FFFFFF"} if mark.pattern else {}


def _named_cells(formula: str, table: str, position: int, known: Mapping[str, Table]) -> str:
    """The formula with the cells' names in it. `position` is the row of the cell that holds it. Raises KeyError for an unknown table."""

    def named(found: re.Match[str]) -> str:
        of = known[found["sheet"] or table]
        column = xl_col_to_name(_kept_places(of).index(int(found["place"])))
        sheet = "'{}'!".format(of.name.replace("'", "''")) if found["sheet"] else ""
        if found["first"] is None:
            return f"{sheet}{column}{position + 1}"
        first, last = (_sheet_row(of, int(at)) for at in (found["first"], found["last"] or found["first"]))
        return f"{sheet}{column}{first}" if found["last"] is None else f"{sheet}{column}{first}:{column}{last}"

    return _CELLS.sub(named, formula)


def _sheet_row(table: Table, row: int) -> int:
    """The number that a sheet gives to a row of the table: its title, its notes and the headings stand above."""
    return len(table.notes) + 3 + row


def _kept_places(table: Table) -> list[int]:
    return [place for place, column in enumerate(table.columns) if column.kind != "span"]


def _without_spans(table: Table) -> Table:
    kept = _kept_places(table)
    rows = tuple(
        replace(
            row,
            values=tuple(row.values[place] for place in kept),
            formulas=tuple((kept.index(place), formula) for place, formula in row.formulas),
        )
        for row in table.rows
    )
    return replace(table, columns=tuple(table.columns[place] for place in kept), rows=rows)


def _indent(table: Table, place: int) -> int:
    """What stands to the left in its column keeps away from a number that stands to the right in the one before."""
    return int(place > 0 and table.columns[place - 1].kind in NUMBERS)


def _look(row: Row) -> dict[str, Any]:
    look: dict[str, Any] = {"valign": "top", "bottom": 1, "bottom_color": styles.DIVIDER}
    if row.starts_group:
        look |= {"top": 1, "top_color": styles.BORDER}
    return look | _EMPHASES[row.emphasis]


_EMPHASES: Final[dict[str, dict[str, Any]]] = {
    "plain": {},
    "changed": {"bg_color": styles.WARN_TINT},
    "waiting": {"bg_color": styles.DANGER_TINT},
    "group": {"bold": True, "bg_color": styles.CANVAS},
    "total": {"bold": True, "top": 1, "top_color": styles.INK},
    "muted": {"font_color": styles.MUTED},
    "short": {"bold": True, "font_color": styles.DANGER, "bg_color": styles.DANGER_TINT},
}


def _head_text(text: str) -> str:
    """Text for a page header, where & begins a code, a line ends the header, and there is room for a few words only."""
    line = " ".join(text.split())
    shown = line.replace("&", "&&")
    if len(shown) <= _LONGEST_HEAD:
        return shown
    return line[: _LONGEST_HEAD // 2].replace("&", "&&") + "…"
