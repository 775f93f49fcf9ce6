"""How numbers, dates and lists are written in Canadian English and French (CLDR through Babel).

French puts a no-break space (U+00A0) in thousands, before h, min, %, $ and the colon and inside « »; a minus is U+2212
in both languages. Numbers are rounded half up here, once, when they are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from typing import Final

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

Number = int | float | Fraction | Decimal

LANGUAGES: Final = ("en", "fr")
NO_BREAK_SPACE: Final = "\u00a0"
MINUS: Final = "\u2212"

_LOCALES: Final = {"en": "en_CA", "fr": "fr_CA"}


def number(lang: str, amount: Number, digits: int = 1) -> str:
    """A number with this many decimals: `1,234.5` or `1 234,5`."""
    return _written(lang, _units(amount, digits), digits)


@lru_cache(maxsize=65_536)
def _written(lang: str, units: int, digits: int) -> str:
    """So many units of the last decimal. A page of people has hundreds of numbers, and CLDR's way of writing one is slow."""
    pattern = "#,##0." + "0" * digits if digits else "#,##0"
    text = format_decimal(Decimal(units).scaleb(-digits), format=pattern, locale=_locale(lang))
    return str(text).replace("-", MINUS)


@cache
def _locale(lang: str) -> Locale:
    return Locale.parse(_LOCALES[lang])


def with_unit(lang: str, text: str, unit: str) -> str:
    """A number and its unit, which French never separates at the end of a line."""
    return f"{text}{NO_BREAK_SPACE if lang == 'fr' else ' '}{unit}"


def percent(lang: str, percents: Number, digits: int = 0) -> str:
    """108 is `108%` or `108 %`."""
    space = NO_BREAK_SPACE if lang == "fr" else ""
    return f"{number(lang, percents, digits)}{space}%"


def duration(lang: str, minutes: int) -> str:
    """Minutes below one hour, hours and minutes above: `52 min`, `1 h 5 min`."""
    hours, rest = divmod(minutes, 60)
    parts = [with_unit(lang, str(hours), "h")] if hours else []
    if rest or not hours:
        parts.append(with_unit(lang, str(rest), "min"))
    return (NO_BREAK_SPACE if lang == "fr" else " ").join(parts)


def day(lang: str, on: date, *, weekday: bool = False, year: bool = False) -> str:
    """A day inside a sentence: `Tuesday, February 3`, `le mardi 3 février`; the first of a month is `1er`."""
    locale = _locale(lang)
    if lang == "en":
        pattern = ("EEEE, " if weekday else "") + "MMMM d" + (", yyyy" if year else "")
        return str(format_date(on, pattern, locale=locale))
    name = format_date(on, "EEEE ", locale=locale) if weekday else ""
    number_of_day = "1er" if on.day == 1 else str(on.day)
    return f"le {name}{number_of_day} {format_date(on, 'MMMM yyyy' if year else 'MMMM', locale=locale)}"


def clock(lang: str, at: time) -> str:
    """A time of day: `2:30 p.m.`, `14 h 30`."""
    if lang == "fr":
        return f"{at.hour}{NO_BREAK_SPACE}h" + (f"{NO_BREAK_SPACE}{at.minute:02d}" if at.minute else "")
    return f"{at.hour % 12 or 12}:{at.minute:02d} {'a.m.' if at.hour < 12 else 'p.m.'}"


def last_day(starts_on: date, weeks: int) -> date:
    """The last day of a period of whole weeks."""
    return starts_on + timedelta(days=7 * weeks - 1)


def list_of(lang: str, items: Sequence[str]) -> str:
    """`a, b and c` or `a, b et c`; nothing for no items."""
    return items[0] if len(items) == 1 else str(format_list(list(items), locale=_locale(lang)))


def language_name(lang: str, code: str) -> str:
    """The name of a language (ISO 639 code) as sentences write it; an unknown code stays as it is."""
    names = _locale(lang).languages
    return str(names.get(code.replace("-", "_")) or names.get(code.split("-")[0]) or code)


def quoted(lang: str, text: str) -> str:
    """`"4O"` or `« 4O »`."""
    return f"«{NO_BREAK_SPACE}{text}{NO_BREAK_SPACE}»" if lang == "fr" else f'"{text}"'


def pair(lang: str, title: str, text: str = "") -> str:
    """A title, its colon, and the text that follows: `Travel: 3.9 h` or `Déplacements : 3,9 h`."""
    colon = f"{NO_BREAK_SPACE}:" if lang == "fr" else ":"
    return f"{title}{colon} {text}".rstrip()


def _units(amount: Number, digits: int) -> int:
    """In units of the last decimal, half up, away from zero. A float is taken as it prints, so that 0.15 is 0.15."""
    if isinstance(amount, int):
        return int(amount * 10**digits)
    exact = Fraction(repr(amount)) if isinstance(amount, float) else Fraction(amount)
    units: int = (2 * abs(exact.numerator) * 10**digits + exact.denominator) // (2 * exact.denominator)
    return units if exact >= 0 else -units
