"""Languages by code or name, in English and French, from the CLDR names that Babel carries."""

from __future__ import annotations

import difflib
import re
from functools import cache

from babel import Locale

from evenload.exchange.columns import folded

OFFICIAL = frozenset({"en", "fr"})
CODE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{2,8})*")
ALIASES = {
    "eng": "en",
    "fra": "fr",
    "fre": "fr",
    "cmn": "zh",
    "mandarin": "zh",
    "asl": "ase",
    "lsq": "fcs",
    "farsi": "fa",
    "tagalog": "fil",
}
NOT_A_LANGUAGE = frozenset({"mul", "und", "zxx", "mis", "root"})


def language_code(text: str) -> str | None:
    """The ISO 639 code (lower case) of a language given by code, with or without region, or by its name; None if unknown.

    `fr`, `FR`, `fr-CA`, `fra`, `French` and `français` are all `fr`.
    """
    if text.casefold() in ALIASES:
        return ALIASES[text.casefold()]
    found = CODE.fullmatch(text.casefold())
    if found and (found[1] in OFFICIAL or found[1] in _codes()):
        return found[1]
    return _names().get(folded(text))


def nearest_language(text: str) -> str | None:
    """The code of the language that the text most probably meant, or None where none is near."""
    if len(text) <= 3:  # of three letters, anything is near to something
        return None
    close = difflib.get_close_matches(folded(text)[:40], _names(), n=1, cutoff=0.7)
    return _names()[close[0]] if close else None


@cache
def _codes() -> frozenset[str]:
    return frozenset(_names().values()) | frozenset(ALIASES.values())


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for locale in ("en", "fr"):
        for code, name in Locale(locale).languages.items():
            if re.fullmatch("[a-z]{2,3}", code) and code not in NOT_A_LANGUAGE:
                names.setdefault(folded(name), code)
    return names
