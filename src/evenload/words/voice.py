"""The one way in which Evenload speaks: whole sentences in English or Canadian French, through gettext."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from string import Formatter
from typing import Final

from evenload.words import formats
from evenload.words.formats import LANGUAGES, Number

LOCALES: Final = Path(__file__).parent / "locale"
DOMAIN: Final = "evenload"

Fact = str | Number | datetime.date


@dataclass(frozen=True, slots=True)
class Words:
    """One language. `say` looks a sentence up and fills its named placeholders; the other verbs format numbers and dates."""

    lang: str

    def say(self, message: str, /, **facts: Fact) -> str:
        """The sentence in this language. Whole numbers, other numbers and dates among the facts are formatted; texts stay.

        Raises ValueError for an empty message, a placeholder without a fact, or a fact without a placeholder.
        """
        if not message:
            raise ValueError("an empty message says nothing")
        return self._filled(_translations(self.lang).gettext(message), facts, placeholders(message))

    def say_n(self, one: str, many: str, n: int, /, **facts: Fact) -> str:
        """The sentence for n of something; `{n}` may stand in it, and the singular may leave facts out. In French 0 is singular."""
        expected = placeholders(one) | placeholders(many)
        stated = {**facts, "n": n} if "n" in expected else facts
        return self._filled(_translations(self.lang).ngettext(one, many, n), stated, expected)

    def _filled(self, text: str, facts: Mapping[str, Fact], expected: frozenset[str]) -> str:
        if missing := (expected | placeholders(text)) - facts.keys():
            raise ValueError(f"{text!r}: no fact for {', '.join(sorted(missing))}")
        if unused := facts.keys() - expected:
            raise ValueError(f"{text!r}: no placeholder for {', '.join(sorted(unused))}")
        said = text.format(**{name: self._shown(fact) for name, fact in facts.items()})
        # A sentence that ends with a time, or with hours a week in French, has one full stop, not two.
        return said.replace(".m..", ".m.").replace("h/sem..", "h/sem.")

    def _shown(self, fact: Fact) -> str:
        if isinstance(fact, str):
            return fact
        if isinstance(fact, datetime.date):
            return self.date(fact)
        return self.integer(fact) if isinstance(fact, int) else self.number(fact)

    def number(self, amount: Number, digits: int = 1) -> str:
        """`1,234.5` / `1 234,5`."""
        return formats.number(self.lang, amount, digits)

    def integer(self, amount: Number) -> str:
        """`1,234` / `1 234`, rounded half up."""
        return formats.number(self.lang, amount, 0)

    def signed(self, amount: Number, digits: int = 1) -> str:
        """A difference with its sign: `+1.4`, `−624.4`; 0 has none."""
        text = self.number(amount, digits)
        return f"+{text}" if amount > 0 and text != self.number(0, digits) else text

    def hours(self, hours: Number, per: str | None = None) -> str:
        """`38.0 h` / `38,0 h`; with per="week" `38.0 h/week` / `38,0 h/sem.`"""
        if per not in (None, "week"):
            raise ValueError(f"per: expected None or 'week', got {per!r}")
        unit = "h" if per is None else self.say("h/week")
        return formats.with_unit(self.lang, self.number(hours), unit)

    def hours_per_week(self, hours: Number) -> str:
        """`38.0 h/week` / `38,0 h/sem.`"""
        return self.hours(hours, per="week")

    def signed_hours(self, hours: Number) -> str:
        """`+1.4 h`, `−624.4 h`."""
        return formats.with_unit(self.lang, self.signed(hours), "h")

    def minutes(self, minutes: Number) -> str:
        """`52 min`, however long."""
        return formats.with_unit(self.lang, self.integer(minutes), "min")

    def duration(self, minutes: int) -> str:
        """A drive: `52 min`, `1 h 5 min`."""
        return formats.duration(self.lang, minutes)

    def percent(self, percents: Number, digits: int = 0) -> str:
        """108 is `108%` / `108 %`: the argument is in percent, not a share."""
        return formats.percent(self.lang, percents, digits)

    def signed_percent(self, percents: Number, digits: int = 0) -> str:
        """A difference with its sign: `+12%`, `−10 %`."""
        text = self.percent(percents, digits)
        return f"+{text}" if percents > 0 and text != self.percent(0, digits) else text

    def date(self, on: datetime.date) -> str:
        """`2026-02-03` in tables and editions, in both languages."""
        return on.isoformat()

    def date_sentence(self, on: datetime.date, *, year: bool = False) -> str:
        """`Tuesday, February 3` / `le mardi 3 février` (with the article)."""
        return formats.day(self.lang, on, weekday=True, year=year)

    def day(self, on: datetime.date, *, year: bool = False) -> str:
        """`March 1` / `le 1er mars` (with the article)."""
        return formats.day(self.lang, on, year=year)

    def clock(self, at: datetime.time) -> str:
        """`2:30 p.m.` / `14 h 30`."""
        return formats.clock(self.lang, at)

    def period(self, starts_on: datetime.date, weeks: int) -> str:
        """`2026-02-02 to 2026-06-21, 20 weeks`."""
        ends_on = formats.last_day(starts_on, weeks)
        return self.say_n("{first} to {last}, {n} week", "{first} to {last}, {n} weeks", weeks, first=starts_on, last=ends_on)

    def list_of(self, items: Iterable[str]) -> str:
        """`a, b and c` / `a, b et c`."""
        return formats.list_of(self.lang, list(items))

    def names_of(self, ids: Iterable[str], names: Mapping[str, str]) -> str:
        """The names of these ids as a list; an id without a name is shown itself."""
        return self.list_of(names.get(id, id) for id in ids)

    def language_name(self, code: str) -> str:
        """`French` / `français`; an unknown code stays as it is."""
        return formats.language_name(self.lang, code)

    def quoted(self, text: str) -> str:
        """`"4O"` / `« 4O »`."""
        return formats.quoted(self.lang, text)

    def pair(self, title: str, text: str = "") -> str:
        """A title and what it announces: `Travel: 3.9 h` / `Déplacements : 3,9 h`."""
        return formats.pair(self.lang, title, text)

    def either(self, english: str, french: str | None) -> str:
        """The name in this language, of what has an English and perhaps a French name."""
        return french if self.lang == "fr" and french else english


@cache
def words_in(lang: str) -> Words:
    """The words of a language, `en` or `fr`. Raises ValueError for another one."""
    if lang not in LANGUAGES:
        raise ValueError(f"language: expected one of {', '.join(LANGUAGES)}, got {lang!r}")
    return Words(lang)


def message(text: str) -> str:
    """Marks a text in a table as a message, so that the catalogue holds it; say it later with `Words.say`."""
    return text


@cache
def placeholders(text: str) -> frozenset[str]:
    """Names of the placeholders of a message."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


@cache
def _translations(lang: str) -> NullTranslations:
    compiled = LOCALES / lang / "LC_MESSAGES" / f"{DOMAIN}.mo"
    if not compiled.exists():
        return NullTranslations()
    with compiled.open("rb") as file:
        return GNUTranslations(file)
