"""From one cell to one typed value: a converter for each kind of column. A converter returns the value or a Fault, never raises.

Numbers become exact `Fraction`s of the 15 digits that Excel keeps (0.1 is 1/10); dates are date cells or YYYY-MM-DD.
"""

from __future__ import annotations

import difflib
import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from functools import partial

from evenload.exchange.column import NOTE_LIMIT, TEXT_LIMIT, Choice, Column, Limits
from evenload.exchange.columns import folded
from evenload.exchange.languages import language_code, nearest_language
from evenload.exchange.text_cells import EXCEL_ERRORS, Cell, Fault, cleaned, number_text, same

Value = object
Converter = Callable[[Cell], Value]
"""From a cell that is not blank to its value or a Fault."""

NUMBER = re.compile(r"([+-]?)([0-9]{1,15}|[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3}){1,4})?(?:[.,]([0-9]{1,15}))?")
GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
POSTAL = re.compile(r"([ABCEGHJKLMNPRSTVXY][0-9][ABCEGHJKLMNPRSTVWXYZ])(?:[ \u00a0-]?([0-9][ABCEGHJKLMNPRSTVWXYZ][0-9]))?")
FIRST_DAY, LAST_DAY = date(1950, 1, 1), date(2150, 12, 31)
YES = frozenset({"yes", "oui", "true", "1", "vrai"})
NO = frozenset({"no", "non", "false", "0", "faux"})


@dataclass(slots=True)
class Patience:
    """How many words a near one is still sought for: among thousands of wrong words that would take minutes."""

    left: int = 200

    def is_left(self) -> bool:
        """Whether one more may be sought; counts it."""
        self.left -= 1
        return self.left >= 0


@dataclass(frozen=True, slots=True)
class Manner:
    """How the file writes: `comma_separated` files keep the comma for columns, so "1,200" in them is no decimal comma."""

    comma_separated: bool = False
    other_disciplines: tuple[str, ...] = ()
    patience: Patience = field(default_factory=Patience)


def converter(column: Column, manner: Manner) -> Converter:
    """The converter of a column, with a memory: the same cell is converted once."""
    return _cached(_converter(column, manner))


def _converter(column: Column, manner: Manner) -> Converter:
    if column.kind in _PLAIN:
        return _PLAIN[column.kind]
    if column.kind in _NUMERIC:
        return _NUMERIC[column.kind](column, manner)
    if column.kind == "languages":
        return _languages(column.choices, manner.patience)
    if column.kind == "language":
        return lambda cell: _language(cell, manner.patience)
    words = words_of(choices_of(column, manner))
    known = partial(_known, words=words, patience=manner.patience)
    return _choice(known) if column.kind == "choice" else _listed_by(known)


def _cached(convert: Converter) -> Converter:
    known: dict[type, dict[Cell, Value]] = defaultdict(dict)  # 1, 1.0 and True are equal but not the same cell

    def remembered(cell: Cell) -> Value:
        of_type = known[type(cell)]
        found = of_type.get(cell, known)
        if found is known:
            found = of_type[cell] = _checked(cell, convert)
        return found

    return remembered


def _checked(cell: Cell, convert: Converter) -> Value:
    if isinstance(cell, str) and cell.strip() in EXCEL_ERRORS:
        return Fault("formula_error")
    return convert(cell)


# Text


def text_of(cell: Cell, *, limit: int = TEXT_LIMIT, breaks: bool = False) -> str | Fault:
    """Text of a cell: a number as it is shown; a date is a Fault, for Excel makes dates of what was meant as text ("3-4")."""
    if isinstance(cell, str):
        return cleaned(cell, limit=limit, breaks=breaks)
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, (int, float)):
        return number_text(cell) if math.isfinite(cell) else Fault("not_text")
    return Fault("not_text")


def _note(cell: Cell) -> Value:
    return text_of(cell, limit=NOTE_LIMIT, breaks=True)


# Numbers


def number_of(cell: Cell, manner: Manner) -> Fraction | Fault:
    """The exact number of a cell; text may carry a decimal point or comma, and spaces between thousands."""
    if isinstance(cell, bool):
        return Fault("not_a_number")
    if isinstance(cell, int):
        return Fraction(cell)
    if isinstance(cell, float):
        return Fraction(number_text(cell)) if math.isfinite(cell) else Fault("not_a_number")
    if isinstance(cell, str):
        return _number_of_text(cell.strip().replace("\u2212", "-"), manner)
    return Fault("not_a_number")


def _number_of_text(text: str, manner: Manner) -> Fraction | Fault:
    found = NUMBER.fullmatch(text)
    if found is None or not (found[2] or found[3]):
        return Fault("not_a_number")
    if manner.comma_separated and GROUPED.fullmatch(text):
        return Fault("number_ambiguous")
    sign, whole, decimals = found[1], re.sub(r"[ \u00a0\u202f]", "", found[2] or "0"), found[3] or "0"
    return Fraction(f"{sign}{whole}.{decimals}")


def within(number: Fraction, limits: Limits | None) -> Fraction | Fault:
    """The number, or a Fault that states the limits it breaks."""
    if limits is None:
        return number
    low_kept = number >= limits.low if limits.low_included else number > limits.low
    high_kept = number <= limits.high if limits.high_included else number < limits.high
    if low_kept and high_kept:
        return number
    code = "out_of_range_above" if not limits.low_included else "out_of_range_below" if not limits.high_included else "out_of_range"
    return Fault(code, {"low": str(limits.low), "high": str(limits.high)})


def _number(column: Column, manner: Manner) -> Converter:
    def convert(cell: Cell) -> Value:
        number = number_of(cell, manner)
        return number if isinstance(number, Fault) else within(number, column.limits)

    return convert


def _percent(column: Column, manner: Manner) -> Converter:
    def convert(cell: Cell) -> Value:
        text = cell.strip() if isinstance(cell, str) else cell
        number = number_of(text[:-1].rstrip() if isinstance(text, str) and text.endswith("%") else text, manner)
        if isinstance(number, Fault):
            return number
        if column.name.startswith("comfortable") and 0 < number <= 1:
            return Fault("percent_as_share")
        return within(number, column.limits)

    return convert


def _integer(column: Column, manner: Manner) -> Converter:
    def convert(cell: Cell) -> Value:
        if isinstance(cell, str) and GROUPED.fullmatch(cell.strip()):
            return Fault("number_ambiguous")
        number = number_of(cell, manner)
        if isinstance(number, Fault):
            return number
        if number.denominator != 1:
            return Fault("not_whole")
        kept = within(number, column.limits)
        return kept if isinstance(kept, Fault) else int(kept)

    return convert


# Yes, dates, postal codes


def _yes_no(cell: Cell) -> Value:
    if isinstance(cell, bool):
        return cell
    text = text_of(cell)
    word = text.casefold() if isinstance(text, str) else ""
    return True if word in YES else False if word in NO else Fault("not_yes_no")


def date_of(cell: Cell) -> date | Fault:
    """The day of a date cell or of a text YYYY-MM-DD; anything else, a time of day too, is a Fault."""
    if isinstance(cell, datetime):
        return _possible(cell.date()) if cell.time() == datetime.min.time() else Fault("not_a_date")
    if isinstance(cell, date):
        return _possible(cell)
    if isinstance(cell, str) and ISO_DATE.fullmatch(cell.strip()):
        try:
            return _possible(date.fromisoformat(cell.strip()))
        except ValueError:
            return Fault("not_a_date")
    return Fault("not_a_date")


def _possible(day: date) -> date | Fault:
    if FIRST_DAY <= day <= LAST_DAY:
        return day
    return Fault("date_out_of_range", {"low": FIRST_DAY.isoformat(), "high": LAST_DAY.isoformat()})


def _postal(cell: Cell) -> Value:
    found = POSTAL.fullmatch(cell.strip().upper()) if isinstance(cell, str) else None
    if found is None:
        return Fault("postal_invalid")
    return f"{found[1]} {found[2]}" if found[2] else found[1]


# Choices


def choices_of(column: Column, manner: Manner) -> tuple[Choice, ...]:
    """The words a column offers; those of disciplines include the program's own."""
    if column.name not in ("discipline", "disciplines"):
        return column.choices
    return (*column.choices, *(Choice(code, code, code) for code in manner.other_disciplines))


def words_of(choices: Iterable[Choice]) -> dict[str, str]:
    """What each word of a closed list stands for: its code, by the folded code and by its folded English and French names."""
    return {folded(word): choice.code for choice in choices for word in choice.words}


def unknown_among(word: str, words: Mapping[str, str], patience: Patience) -> Fault:
    """The Fault of a word that a closed list does not hold, with the list, and the nearest of it if one is near."""
    choices = ", ".join(dict.fromkeys(words.values()))
    nearest = nearest_of(word, words) if patience.is_left() else None
    if nearest is None:
        return Fault("choice_unknown", {"choices": choices})
    return Fault("choice_unknown_near", {"choices": choices, "nearest": nearest})


def nearest_of(word: str, words: Mapping[str, str]) -> str | None:
    """What the word most probably meant, of folded words and what they stand for; None where nothing is near."""
    close = difflib.get_close_matches(folded(word)[:TEXT_LIMIT], words, n=1, cutoff=0.6)
    return words[close[0]] if close else None


def _known(word: str, words: Mapping[str, str], patience: Patience) -> str | Fault:
    return words.get(folded(word)) or unknown_among(word, words, patience)


def _choice(known: Callable[[str], Value]) -> Converter:
    def convert(cell: Cell) -> Value:
        text = text_of(cell)
        return text if isinstance(text, Fault) else known(text)

    return convert


def listed(cell: Cell) -> list[str] | Fault:
    """The words of a list separated by `;`, cleaned, empty ones left out."""
    text = text_of(cell, limit=NOTE_LIMIT)
    if isinstance(text, Fault):
        return text
    words: list[str] = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        word = cleaned(part, limit=TEXT_LIMIT)
        if isinstance(word, Fault):
            return word
        words.append(word)
    return words


def _listed_by(read: Callable[[str], Value]) -> Converter:
    """A converter of lists: each word is read; the first Fault is the cell's; words that say the same stand once."""

    def convert(cell: Cell) -> Value:
        words = listed(cell)
        if isinstance(words, Fault):
            return words
        values = [read(word) for word in words]
        fault = next((value for value in values if isinstance(value, Fault)), None)
        return fault or tuple(dict.fromkeys(values))

    return convert


def _words(cell: Cell) -> Value:
    words = listed(cell)
    if isinstance(words, Fault):
        return words
    spellings: dict[str, str] = {}
    for word in words:
        spellings.setdefault(same(word), word)
    return tuple(spellings.values())


# Languages


def _language_of(text: str, patience: Patience) -> str | Fault:
    code = language_code(text)
    if code is not None:
        return code
    nearest = nearest_language(text) if patience.is_left() else None
    return Fault("language_unknown") if nearest is None else Fault("language_unknown_near", {"nearest": nearest})


def _language(cell: Cell, patience: Patience) -> Value:
    text = text_of(cell)
    return text if isinstance(text, Fault) else _language_of(text, patience)


def _languages(choices: Iterable[Choice], patience: Patience) -> Converter:
    levels = words_of(choices)

    def convert(cell: Cell) -> Value:
        words = listed(cell)
        return words if isinstance(words, Fault) else _spoken(words, levels, patience)

    return convert


def _spoken(words: list[str], levels: Mapping[str, str], patience: Patience) -> dict[str, str] | Fault:
    spoken: dict[str, str] = {}
    for word in words:
        name, _, level_word = word.partition(":")
        language = _language_of(name.strip(), patience)
        if isinstance(language, Fault):
            return language
        facts = {"language": language, "levels": ", ".join(dict.fromkeys(levels.values()))}
        level = levels.get(folded(level_word))
        if level is None:
            return Fault("level_unknown" if level_word.strip() else "level_missing", facts)
        if spoken.setdefault(language, level) != level:
            return Fault("language_twice", {"language": language})
    return spoken


_PLAIN: dict[str, Converter] = {
    "id": text_of,
    "text": text_of,
    "reference": text_of,
    "who": text_of,
    "note": _note,
    "yes_no": _yes_no,
    "date": date_of,
    "postal": _postal,
    "tags": _words,
    "references": _words,
}
_NUMERIC: dict[str, Callable[[Column, Manner], Converter]] = {"number": _number, "percent": _percent, "integer": _integer}
