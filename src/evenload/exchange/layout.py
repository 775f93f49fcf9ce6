"""How a sheet of the workbook contract looks: headings with notes, widths, formats, drop-down lists, print set-up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from evenload.exchange.column import LIST_KINDS, Column, Limits, Sheet
from evenload.exchange.columns import sheet_named
from evenload.exchange.findings import letters_of
from evenload.exchange.styles import (
    ACCENT,
    BORDER,
    DIVIDER,
    HEADER_MARGIN_INCHES,
    INK,
    MARGIN_INCHES,
    MUTED,
    PAPER_LETTER,
    SUNKEN,
    WORKBOOK_FONT,
)
from evenload.exchange.template_texts import REQUIRED_NOTE, described, refused, typographic
from evenload.exchange.written import word_of

LIST_CHARACTERS = 255
"""the longest list that a drop-down can hold within itself (Excel's limit)"""
FITTING_WIDTH = 190
"""sum of column widths up to which a sheet still reads well when it is printed one page wide"""
LAST_ROW_OF_LISTS = 5_000
WIDTHS = {"id": 14, "text": 22, "note": 36, "tags": 24, "languages": 26, "date": 13, "postal": 12, "reference": 16, "who": 18}
OTHER_WIDTH = 13
WIDEST_CHOICE = 40
TEXT_KINDS = LIST_KINDS | {"id", "text", "note", "reference", "who", "postal", "language", "choice", "yes_no"}
NUMBER_KINDS = frozenset({"number", "percent", "integer"})


@dataclass(frozen=True, slots=True)
class Formats:
    """Cell formats of one workbook."""

    required: Any
    optional: Any
    text: Any
    wrapped: Any
    decimal: Any
    whole: Any
    degrees: Any
    day: Any

    @classmethod
    def of(cls, workbook: Any, *, ruled: bool = False) -> Formats:
        """The formats, made in the workbook (an xlsxwriter.Workbook); `ruled`: a line beneath every cell."""
        plain = {"font_name": WORKBOOK_FONT, "font_size": 10, "font_color": INK, "valign": "vcenter"}
        heading = {**plain, "text_wrap": True, "bottom": 1, "bottom_color": DIVIDER if ruled else BORDER}
        plain |= {"bottom": 1, "bottom_color": DIVIDER} if ruled else {}
        return cls(
            required=workbook.add_format({**heading, "bold": True, "font_color": "#FFFFFF", "bg_color": ACCENT}),
            optional=workbook.add_format({**heading, "bg_color": SUNKEN, "right": 1, "right_color": DIVIDER}),
            text=workbook.add_format({**plain, "num_format": "@"}),
            wrapped=workbook.add_format({**plain, "text_wrap": True, "indent": 1, "font_color": MUTED}),
            decimal=workbook.add_format({**plain, "num_format": "General"}),
            whole=workbook.add_format({**plain, "num_format": "0"}),
            degrees=workbook.add_format({**plain, "num_format": "0.0000"}),
            day=workbook.add_format({**plain, "num_format": "yyyy-mm-dd"}),
        )

    def for_column(self, column: Column) -> Any:
        """The format of a column's values. Text columns are text, or Excel would make dates of "3-4"."""
        if column.ignored:
            return self.wrapped
        if column.kind == "date":
            return self.day
        if column.kind == "integer":
            return self.whole
        if column.kind in NUMBER_KINDS:
            return self.degrees if column.unit == "degrees" else self.decimal
        return self.text


def lay_out(worksheet: Any, sheet: Sheet, formats: Formats, lang: str) -> None:
    """Headings, widths, formats and print set-up of one sheet, and the drop-down lists of its columns."""
    worksheet.set_row(0, 34)
    for index, column in enumerate(sheet.columns):
        width = _width(sheet, column, lang)
        worksheet.set_column(index, index, width, formats.for_column(column))
        worksheet.write_string(0, index, column.heading(lang), formats.required if column.required else formats.optional)
        worksheet.write_comment(0, index, _note(column, lang), {"author": "Evenload", "x_scale": 2.2, "y_scale": 1.3, "font_size": 9})
        if not sheet.keys:
            _offer(worksheet, f"{letters_of(index)}2:{letters_of(index)}{LAST_ROW_OF_LISTS}", column, lang)
    worksheet.freeze_panes(1, 1)
    worksheet.set_landscape()
    worksheet.set_paper(PAPER_LETTER)
    worksheet.repeat_rows(0)
    if sum(_width(sheet, column, lang) for column in sheet.columns) <= FITTING_WIDTH:
        worksheet.fit_to_pages(1, 0)
    else:
        worksheet.repeat_columns(0)
    worksheet.set_margins(*(MARGIN_INCHES,) * 4)
    worksheet.set_header("&L&A&R&P / &N", {"margin": HEADER_MARGIN_INCHES})


def offer_keys(worksheet: Any, sheet: Sheet, lang: str) -> None:
    """Drop-down lists and checks of the values beside the keys of the program sheet."""
    for row, key in enumerate(sheet.keys, 2):
        _offer(worksheet, f"B{row}", key, lang)


def write_cells(worksheet: Any, row: int, columns: tuple[Column, ...], cells: list[Any], *, formats: Formats) -> None:
    """One row of values, from row 0. Text is always written as text, never as a formula or a link."""
    for index, (column, cell) in enumerate(zip(columns, cells, strict=True)):
        if cell is None:
            continue
        if isinstance(cell, str):
            worksheet.write_string(row, index, cell, formats.for_column(column))
        elif isinstance(cell, date):
            worksheet.write_datetime(row, index, cell, formats.day)
        else:
            worksheet.write_number(row, index, cell, formats.for_column(column))


def _width(sheet: Sheet, column: Column, lang: str) -> float:
    if sheet.keys or column.ignored:
        return {"key": 28, "value": 34}.get(column.name, 72)
    if column.kind == "id" or column.field_name == "class_id":
        return 16
    if column.kind == "choice":
        return min(WIDEST_CHOICE, max(len(column.heading(lang)) / 2 + 3, *(len(word_of(choice, lang)) + 2 for choice in column.choices)))
    longest_word = max(map(len, column.heading(lang).replace("_", " ").split()))
    return max(WIDTHS.get(column.kind, OTHER_WIDTH), longest_word + 3, len(column.heading(lang)) / 2 + 3)


def _note(column: Column, lang: str) -> str:
    lines = [typographic(column.about(lang), lang), described(column, lang)]
    if column.required:
        lines.append(REQUIRED_NOTE[lang])
    return "\n".join(line for line in lines if line)


# Drop-down lists and checks


def _offer(worksheet: Any, cells: str, column: Column, lang: str) -> None:
    """The drop-down list of a closed choice or of the ids of another sheet, or the check of a number or date."""
    rule = _rule(column, lang)
    if rule is None:
        return
    texts = {"error_title": column.heading(lang)[:32], "error_message": refused(column, lang)[:LIST_CHARACTERS]}
    worksheet.data_validation(cells, {**rule, **texts})


def _rule(column: Column, lang: str) -> dict[str, Any] | None:
    if column.kind in ("choice", "yes_no", "choices", "days"):
        words = [word_of(choice, lang) for choice in column.choices]
        if len(",".join(words)) > LIST_CHARACTERS:
            return None
        open_list = column.kind in ("choices", "days") or column.name == "discipline"
        return {"validate": "list", "source": words, "error_type": "warning" if open_list else "stop"}
    if column.kind in ("reference", "references", "who"):
        title = sheet_named(column.refers_to or "").title(lang)
        source = f"='{title}'!$A$2:$A${LAST_ROW_OF_LISTS}"
        return {"validate": "list", "source": source, "error_type": "warning" if column.kind == "reference" else "information"}
    if column.kind == "date":
        return {"validate": "date", "criteria": ">=", "value": date(1950, 1, 1), "error_type": "stop"}
    if column.kind in NUMBER_KINDS and column.limits is not None:
        return {"validate": "integer" if column.kind == "integer" else "decimal", "error_type": "stop", **_criteria(column.limits)}
    return None


def _criteria(limits: Limits) -> dict[str, Any]:
    """Bounds as a spreadsheet checks them. A bound that is not included is checked by the reader, not by the drop-down."""
    return {"criteria": "between", "minimum": limits.low, "maximum": limits.high}
