"""Text as it is found in cells: cleaned, checked, shown. Nothing here knows a column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

Cell = str | float | int | bool | date | datetime | time | timedelta | None
"""What a workbook library gives for one cell."""

UNSEEN = "\u007f-\u009f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff"
"""controls, line separators, direction overrides, lone surrogates, non-characters"""
FORBIDDEN = re.compile(f"[\u0000-\u001f{UNSEEN}]")
FORBIDDEN_IN_NOTES = re.compile(f"[\u0000-\u0008\u000b-\u001f{UNSEEN}]")
"""line feeds and tabs may stand in notes"""
EXCEL_ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA"})
SHOWN_LIMIT = 80


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one cell: a problem code and the facts of its sentence."""

    code: str
    facts: Mapping[str, str] = field(default_factory=dict)


def is_blank(cell: Cell) -> bool:
    """Whether the cell holds nothing but space."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def cleaned(text: str, *, limit: int, breaks: bool = False) -> str | Fault:
    """The text in NFC without outer space; a Fault for control characters, direction overrides, or too many characters.

    `breaks`: line breaks and tabs may stand inside (notes).
    """
    text = text.strip()
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
        found = (FORBIDDEN_IN_NOTES if breaks else FORBIDDEN).search(text)
        if found:
            return Fault("control_character", {"character": code_point(found[0])})
    if len(text) > limit:
        return Fault("text_too_long", {"length": str(len(text)), "limit": str(limit)})
    return text


def invisible_in(text: str) -> str | None:
    """The first character of an id that nobody can see (zero-width space, soft hyphen, …), or None."""
    if text.isascii():
        return None
    return next((character for character in text if unicodedata.category(character) == "Cf"), None)


def code_point(character: str) -> str:
    """`U+202E`, the name by which an unseen character is told to people."""
    return f"U+{ord(character):04X}"


def same(text: str) -> str:
    """The text as ids are compared: NFC and case-folded, so that "ZOÉ" and "zoé" are one."""
    return text.casefold() if text.isascii() else unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def number_text(number: float | int) -> str:
    """The number as it stands in the sheet: 15 significant digits, as Excel keeps them; whole numbers without a point."""
    if isinstance(number, int) or number.is_integer():
        return str(int(number))
    return format(number, ".15g")


def shown(cell: Cell) -> str:
    """The value of a cell as a problem quotes it: one line, unseen characters escaped, at most 80 characters."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, (int, float)):
        return number_text(cell)
    if isinstance(cell, (date, datetime, time)):
        return cell.isoformat()
    return shown_text(str(cell))


def shown_text(text: str) -> str:
    """The text on one line, unseen characters escaped, at most 80 characters."""
    cut = text if len(text) <= SHOWN_LIMIT else text[: SHOWN_LIMIT - 1] + "…"
    return "".join(character if character.isprintable() else f"\\u{ord(character):04x}" for character in cut)
