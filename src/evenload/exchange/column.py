"""How one column of the workbook is described: its names, the kind of its values, its limits and its explanation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "id",  # a name of the row, unique in its sheet
    "text",
    "note",  # longer text; may hold line breaks
    "number",
    "percent",  # 0-100
    "integer",
    "yes_no",
    "date",
    "choice",
    "choices",  # a list of choices, separated by ;
    "tags",  # a list of free words, separated by ;
    "language",
    "languages",  # a list of language:level, separated by ;
    "days",
    "postal",
    "reference",  # the id of a row of another sheet
    "references",
    "who",  # an id, an engagement or * (duties also: a discipline)
]

LIST_KINDS: frozenset[str] = frozenset({"choices", "tags", "languages", "days", "references"})
TEXT_LIMIT = 200
NOTE_LIMIT = 2000


@dataclass(frozen=True, slots=True)
class Choice:
    """One word of a closed list: the code that scripts write, and what people may write instead in English or French."""

    code: str
    en: str
    fr: str
    also: tuple[str, ...] = ()
    """further words that are read for it"""

    @property
    def words(self) -> tuple[str, ...]:
        """Every word that is read as this choice."""
        return (self.code, self.en, self.fr, *self.also)


@dataclass(frozen=True, slots=True)
class Limits:
    """The values a number may take. Bounds are included unless said otherwise."""

    low: int
    high: int
    low_included: bool = True
    high_included: bool = True


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet, or one key of the program sheet.

    `name` is what scripts write and the English heading; `fr` the French heading. `field` is the attribute of the row in
    `evenload.exchange.rows`. `about_en` and `about_fr` explain the column to a manager (at most 25 words).
    """

    name: str
    fr: str
    kind: Kind
    about_en: str
    about_fr: str
    required: bool = False
    choices: tuple[Choice, ...] = ()
    limits: Limits | None = None
    unit: str | None = None
    """hours, minutes, percent, …; None where the value has no unit"""
    refers_to: str | None = None
    """the sheet whose ids the values name"""
    field_name: str | None = None
    also: tuple[str, ...] = ()
    """further headings under which the column is found"""
    ignored: bool = False
    """an explanation for people, allowed in the sheet but not read"""

    @property
    def field(self) -> str:
        """Attribute of the row that holds this column's value."""
        return self.field_name or self.name

    def heading(self, lang: str) -> str:
        """Heading of the column in English (the name that scripts use) or French."""
        return self.fr if lang == "fr" else self.name

    @property
    def headings(self) -> tuple[str, ...]:
        """Every heading under which the column is found; units in parentheses may be left out."""
        return (self.name, self.fr, self.fr.partition(" (")[0], *self.also)

    def about(self, lang: str) -> str:
        """Explanation of the column in English or French."""
        return self.about_fr if lang == "fr" else self.about_en


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of the workbook: its names, its columns and what it is for."""

    name: str
    fr: str
    columns: tuple[Column, ...]
    about_en: str
    about_fr: str
    required: bool = False
    also: tuple[str, ...] = ()
    """further titles under which the sheet is found"""
    keys: tuple[Column, ...] = ()
    """keys of the program sheet, whose rows are (key, value); empty for every other sheet"""

    def title(self, lang: str) -> str:
        """Name of the sheet in English (the name that scripts use) or French."""
        return self.fr if lang == "fr" else self.name

    @property
    def titles(self) -> tuple[str, ...]:
        """Every title under which the sheet is found."""
        return (self.name, self.fr, *self.also)

    def about(self, lang: str) -> str:
        """What the sheet is for, in English or French."""
        return self.about_fr if lang == "fr" else self.about_en

    def column(self, name: str) -> Column:
        """The column of that name. Raises KeyError for a name the sheet does not have."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)
