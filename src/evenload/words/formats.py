"""How numbers, dates and lists are written in Canadian English and French (CLDR through Babel).

French puts a no-break space (U+00A0) in thousands, before h, min, %, $ and the colon and inside « »; a minus is U+2212
in both languages. Numbers are rounded half up here, once, when they are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from fractions import Fraction
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
    pattern = "#,##0." + "0" * digits if digits else "#,##0"
    return str(format_decimal(_rounded(amount, digits), format=pattern, locale=_LOCALES[lang])).replace("-", MINUS)


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
    locale = _LOCALES[lang]
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
    return str(format_list(list(items), locale=_LOCALES[lang]))


def language_name(lang: str, code: str) -> str:
    """The name of a language (ISO 639 code) as sentences write it; an unknown code stays as it is."""
    names = Locale.parse(_LOCALES[lang]).languages
    return str(names.get(code.replace("-", "_")) or names.get(code.split("-")[0]) or code)


def quoted(lang: str, text: str) -> str:
    """`"4O"` or `« 4O »`."""
    return f"«{NO_BREAK_SPACE}{text}{NO_BREAK_SPACE}»" if lang == "fr" else f'"{text}"'


def pair(lang: str, title: str, text: str = "") -> str:
    """A title, its colon, and the text that follows: `Travel: 3.9 h` or `Déplacements : 3,9 h`."""
    colon = f"{NO_BREAK_SPACE}:" if lang == "fr" else ":"
    return f"{title}{colon} {text}".rstrip()


def _rounded(amount: Number, digits: int) -> Decimal:
    """Half up, away from zero; never a negative zero. A float is taken as it prints, so that 0.15 is 0.15."""
    exact = Fraction(repr(amount)) if isinstance(amount, float) else Fraction(amount)
    scale = 10**digits
    units = (2 * abs(exact.numerator) * scale + exact.denominator) // (2 * exact.denominator)
    return Decimal(units if exact >= 0 else -units).scaleb(-digits)
