"""An edition as PDF: Letter on its side, tagged, the stamp with the QR code on every page, the same bytes for the same edition."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any, Final

from evenload.exchange import styles
from evenload.exchange.edition_code import SIZE_MILLIMETRES, code_svg
from evenload.exchange.printed_edition import TITLES, Line, PrintedEdition, by_kind, check_sentence, edition_sentence, headings
from evenload.exchange.typeset import set_pdf
from evenload.words import Words

_LONG_WORD: Final = re.compile(r"(\S{18})(?=\S)")
_PAGE, _PAGES = "\ue000", "\ue001"
"""stand for the page numbers, which only the typesetter knows"""


def pdf_of(edition: PrintedEdition, lines: tuple[Line, ...], words: Words) -> bytes:
    """The list as PDF/UA-1; only tagged where a name holds a character that the font does not have."""
    content = {
        "lang": words.lang,
        "font": styles.PDF_FONT,
        "title": words.say("Assignment list"),
        "program": _broken(edition.program(words)),
        "edition": edition_sentence(edition, words),
        "check": check_sentence(edition, words),
        "page_of": words.say("Page {page} of {pages}", page=_PAGE, pages=_PAGES),
        "code": code_svg(edition.address),
        "code_name": edition.code,
        "code_millimetres": SIZE_MILLIMETRES,
        "headings": headings(words),
        "sections": [_section(words.say(TITLES[kind]), members) for kind, members in by_kind(lines)],
    }
    return set_pdf("edition.typ", {"edition": json.dumps(content, ensure_ascii=False)})


def _section(title: str, lines: list[Line]) -> dict[str, Any]:
    return {
        "title": title,
        "rows": [{"look": line.emphasis, "cells": [_shown(value) for value in line.values]} for line in lines],
    }


def _shown(value: str | int | date | None) -> str:
    if value is None:
        return ""
    return _LONG_WORD.sub("\\1\u200b", value) if isinstance(value, str) else value.isoformat() if isinstance(value, date) else str(value)


def _broken(text: str) -> str:
    return _LONG_WORD.sub("\\1\u200b", text)
