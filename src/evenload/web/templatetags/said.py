"""Sentences, numbers and dates in templates: whole sentences, looked up in the one catalogue, in the page's language.

    {% say "The plan stopped at {time}." time=stopped_at %}       {% say "Desk" as title %} keeps it in a variable
    {% say_n "{n} unit waits." "{n} units wait." count %}
    {% hours load %}  {% hours load per="week" %}  {% percent share %}  {% minutes drive %}  {% day from_date %}  {% label "load" state %}

A message is one literal text; `make messages` finds it here as it does in Python. What is not known (None) is shown as a dash.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final

from django import template
from django.utils import timezone, translation

from evenload.words import Words, label, label_in_sentence, words_in
from evenload.words.formats import LANGUAGES, Number

register = template.Library()

UNKNOWN: Final = "–"


def words_of(context: template.Context) -> Words:
    """The words of the page; without a page, of the language that is active."""
    known = context.get("words")
    if isinstance(known, Words):
        return known
    active = (translation.get_language() or "en")[:2]
    return words_in(active if active in LANGUAGES else "en")


@register.simple_tag(takes_context=True)
def voices(context: template.Context) -> tuple[Words, ...]:
    """Both languages, the page's first: for what must be understood before a language is known."""
    first = words_of(context)
    return (first, *(words_in(lang) for lang in LANGUAGES if lang != first.lang))


@register.simple_tag(takes_context=True, name="say")
def say(context: template.Context, message: str, **facts: Any) -> str:
    """The sentence."""
    return words_of(context).say(message, **_plain(facts))


@register.simple_tag(takes_context=True, name="say_n")
def say_n(context: template.Context, one: str, many: str, n: int, **facts: Any) -> str:
    """The sentence for n of something."""
    return words_of(context).say_n(one, many, n, **_plain(facts))


@register.simple_tag(takes_context=True)
def hours(context: template.Context, amount: Number | None, per: str | None = None) -> str:
    """`38.0 h`; with per="week" `38.0 h/week`."""
    return UNKNOWN if amount is None else words_of(context).hours(amount, per)


@register.simple_tag(takes_context=True)
def signed_hours(context: template.Context, amount: Number | None) -> str:
    """`+1.4 h`, `−6.2 h`."""
    return UNKNOWN if amount is None else words_of(context).signed_hours(amount)


@register.simple_tag(takes_context=True)
def hours_of(context: template.Context, minutes: Number | None, per: str | None = None) -> str:
    """Minutes as hours: 2280 is `38.0 h`."""
    return UNKNOWN if minutes is None else words_of(context).hours(minutes / 60, per)


@register.simple_tag(takes_context=True)
def hours_figure(context: template.Context, minutes: Number | None) -> str:
    """Minutes as hours where the column says the unit: 2280 is `38.0`."""
    return UNKNOWN if minutes is None else words_of(context).number(Fraction(minutes) / 60)


@register.simple_tag(takes_context=True)
def percent(context: template.Context, percents: Number | None, digits: int = 0) -> str:
    """112 is `112%`."""
    return UNKNOWN if percents is None else words_of(context).percent(percents, digits)


@register.simple_tag(takes_context=True)
def number(context: template.Context, amount: Number | None, digits: int = 1) -> str:
    """`1,234.5`."""
    return UNKNOWN if amount is None else words_of(context).number(amount, digits)


@register.simple_tag(takes_context=True)
def integer(context: template.Context, amount: Number | None) -> str:
    """`1,234`."""
    return UNKNOWN if amount is None else words_of(context).integer(amount)


@register.simple_tag(takes_context=True)
def minutes(context: template.Context, amount: int | None) -> str:
    """A drive: `52 min`, `1 h 5 min`."""
    return UNKNOWN if amount is None else words_of(context).duration(amount)


@register.simple_tag(takes_context=True)
def day(context: template.Context, on: date | None, year: bool = False) -> str:
    """In a sentence: `March 1`, `le 1er mars`."""
    return UNKNOWN if on is None else words_of(context).day(_day_of(on), year=year)


@register.simple_tag(takes_context=True)
def weekday(context: template.Context, on: date | None, year: bool = False) -> str:
    """In a sentence: `Tuesday, February 3`, `le mardi 3 février`."""
    return UNKNOWN if on is None else words_of(context).date_sentence(_day_of(on), year=year)


@register.simple_tag(takes_context=True, name="date")
def date_tag(context: template.Context, on: date | None) -> str:
    """In a table: `2026-02-03`."""
    return UNKNOWN if on is None else words_of(context).date(_day_of(on))


@register.simple_tag(takes_context=True)
def clock(context: template.Context, at: datetime | None) -> str:
    """The time of day where the organisation is: `2:30 p.m.`, `14 h 30`."""
    return UNKNOWN if at is None else words_of(context).clock(_local(at).time())


@register.simple_tag
def moment(at: datetime | None) -> str:
    """Day and time in a table: `2026-02-03 14:30`."""
    return UNKNOWN if at is None else f"{_local(at):%Y-%m-%d %H:%M}"


@register.simple_tag(takes_context=True, name="label")
def label_tag(context: template.Context, kind: str, code: str) -> str:
    """The name of a code: {% label "discipline" "OT" %}."""
    return label(words_of(context), kind, code)


@register.simple_tag(takes_context=True, name="label_in_sentence")
def label_in_sentence_tag(context: template.Context, kind: str, code: str) -> str:
    """The name of a code inside a sentence."""
    return label_in_sentence(words_of(context), kind, code)


@register.simple_tag(takes_context=True)
def language_name(context: template.Context, code: str) -> str:
    """`French`, `français`."""
    return words_of(context).language_name(code)


@register.simple_tag(takes_context=True)
def list_of(context: template.Context, items: Iterable[object]) -> str:
    """`a, b and c`."""
    return words_of(context).list_of(str(item) for item in items)


@register.simple_tag(takes_context=True)
def either(context: template.Context, english: str, french: str | None) -> str:
    """The name of what has an English and perhaps a French name."""
    return words_of(context).either(english, french)


@register.simple_tag(takes_context=True)
def pair(context: template.Context, title: str, text: str = "") -> str:
    """A title and what it announces: `Travel: 3.9 h`, with the colon of the language."""
    return words_of(context).pair(title, text)


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts as `Words.say` takes them: a moment is its local day; what is neither number nor day is its text."""
    return {name: _fact(fact) for name, fact in facts.items()}


def _fact(fact: Any) -> Any:
    if isinstance(fact, datetime):
        return _day_of(fact)
    return UNKNOWN if fact is None else fact


def _day_of(on: Any) -> Any:
    return _local(on).date() if isinstance(on, datetime) else on


def _local(at: datetime) -> datetime:
    return timezone.localtime(at) if timezone.is_aware(at) else at
