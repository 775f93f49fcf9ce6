"""The workbook contract as one table: every sheet and every column, with both languages.

The reader, the template and the writer all work from `SHEETS`; nothing else knows a heading.
"""

from __future__ import annotations

import unicodedata

from evenload.exchange.column import Choice, Column, Kind, Limits, Sheet
from evenload.exchange.columns_people import ABSENCES, DUTIES, PRACTITIONERS
from evenload.exchange.columns_program import ABOUT_GOALS, GOALS_SHEET, PROGRAM
from evenload.exchange.columns_standards import CLASSES, SITES
from evenload.exchange.columns_work import UNITS, VISITS

__all__ = ["ABOUT_GOALS", "README_TITLES", "SHEETS", "Choice", "Column", "Kind", "Limits", "Sheet", "folded", "sheet_named"]

README_TITLES = ("read me", "lisez-moi")
"""the sheet by which a template explains itself: passed over by the reader"""

SHEETS: tuple[Sheet, ...] = (PROGRAM, PRACTITIONERS, ABSENCES, DUTIES, SITES, CLASSES, UNITS, VISITS, GOALS_SHEET)
"""Every sheet of the workbook, in the order of the contract."""


def folded(text: str) -> str:
    """The text as headings are compared: without accents, case, spaces or punctuation ("Heures / sem." → "heuressem")."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in plain if character.isalnum())


def sheet_named(name: str) -> Sheet:
    """The sheet whose contract name (the English one, lower case) is given. Raises KeyError for any other."""
    for sheet in SHEETS:
        if sheet.name == name:
            return sheet
    raise KeyError(name)
