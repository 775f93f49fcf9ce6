"""Documents as PDF: set by Typst with its own font, tagged (PDF/UA-1), the same bytes for the same document.

The text goes to Typst as data (JSON) and is never evaluated: `#read(…)` in a name is a name.
"""

from __future__ import annotations

import json
import re
from datetime import date
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import typst

from evenload.exchange import styles
from evenload.exchange.pages import (
    NUMBERS,
    Bullets,
    Callout,
    Document,
    Facing,
    Heading,
    LoadWord,
    PageBreak,
    Panel,
    Paragraph,
    Span,
    Table,
    Value,
)
from evenload.exchange.pages import Block as DocumentBlock
from evenload.exchange.text_lines import with_wide_enough_columns
from evenload.words import Words

_HERE: Final = Path(__file__).parent
_TEMPLATE: Final = _HERE / "typst" / "document.typ"
_FONTS: Final = _HERE / "fonts"
_LONG_WORD: Final = re.compile(r"(\S{28})(?=\S)")
_NO_GLYPH: Final = "could not be displayed with font"
_PAGE, _PAGES = "\ue000", "\ue001"
"""stand for the page numbers, which only the typesetter knows"""


def pdf_of(document: Document, words: Words) -> bytes:
    """The document as PDF/UA-1.

    Where a name holds a character that the font does not have, PDF/UA cannot be claimed; then the PDF is tagged all the same.
    """
    inputs = {"document": json.dumps(_content(document, words), ensure_ascii=False)}
    try:
        return _compiled(inputs, ["ua-1"])
    except typst.TypstError as error:
        if _NO_GLYPH not in error.message:
            raise
        return _compiled(inputs, [])


def _compiled(inputs: dict[str, str], standards: list[typst.PDFStandard]) -> bytes:
    compiler = typst.Compiler(root=str(_TEMPLATE.parent), font_paths=[str(_FONTS)], ignore_system_fonts=True)
    made = compiler.compile(input=str(_TEMPLATE), format="pdf", sys_inputs=inputs, pdf_standards=standards)
    if not isinstance(made, bytes):
        raise TypeError(f"expected one PDF, got {type(made).__name__}")
    return made


def _content(document: Document, words: Words) -> dict[str, Any]:
    return {
        "head": {
            "lang": words.lang,
            "font": styles.PDF_FONT,
            "title": document.title,
            "subtitle": _broken(document.subtitle),
            "running_left": _broken(document.program),
            "running_right": words.say("{title} · {period}", title=document.title, period=document.period),
            "running_foot": document.edition,
            "page_of": words.say("Page {page} of {pages}", page=_PAGE, pages=_PAGES),
        },
        "sections": _sections(document, words),
    }


def _sections(document: Document, words: Words) -> list[dict[str, Any]]:
    """Blocks that follow each other on upright or on sideways pages."""
    by_direction = groupby(document.blocks, key=lambda block: isinstance(block, Table) and block.landscape)
    return [{"wide": wide, "blocks": [part for block in blocks for part in _block(block, words)]} for wide, blocks in by_direction]


def _block(block: DocumentBlock, words: Words) -> list[dict[str, Any]]:
    match block:
        case Heading():
            return [{"kind": "heading", "level": block.level, "text": _broken(block.text)}]
        case Paragraph():
            return [_text(block.text, quiet=block.quiet)]
        case Bullets():
            return [{"kind": "list", "items": [_broken(item) for item in block.items]}]
        case Callout():
            return [{"kind": "callout", "tone": block.tone, "lines": [_broken(line) for line in block.lines]}]
        case Facing():
            sides = [_panel(block.left), _panel(block.right)]
            return [{"kind": "facing", "sides": sides, "lines": [_broken(line) for line in block.lines]}]
        case PageBreak():
            return [{"kind": "pagebreak"}]
        case Table():
            return _table(block, words)


def _panel(panel: Panel) -> dict[str, Any]:
    return {"title": panel.title, "statement": _broken(panel.statement), "lines": [_broken(line) for line in panel.lines]}


def _text(text: str, *, quiet: bool, sticky: bool = False) -> dict[str, Any]:
    return {"kind": "text", "text": _broken(text), "quiet": quiet, "sticky": sticky}


def _table(stated: Table, words: Words) -> list[dict[str, Any]]:
    table = with_wide_enough_columns(stated)
    heading = {"kind": "heading", "level": 2, "text": table.title}
    notes = [_text(note, quiet=True, sticky=True) for note in table.notes]
    if not table.rows:
        return [heading, *notes, _text(table.empty, quiet=False)]
    shown = {
        "kind": "table",
        "columns": [
            {"heading": column.heading, "align": "right" if column.kind in NUMBERS else "left", "width": column.width}
            for column in table.columns
        ],
        "rows": [
            {
                "cells": [_cell(value, column.kind, words) for value, column in zip(row.values, table.columns, strict=True)],
                "look": row.emphasis,
                "starts_group": row.starts_group,
            }
            for row in table.rows
        ],
    }
    return [heading, *notes, shown, *(_text(note, quiet=True) for note in table.footnotes)]


def _cell(value: Value, kind: str, words: Words) -> str | dict[str, Any]:
    match value:
        case None:
            return ""
        case Span():
            return {"start": value.start, "end": value.end, "fill": value.fill}
        case LoadWord():
            return value.word
        case str():
            return _broken(value)
        case date():
            return words.date(value)
        case _:
            return _number(value, kind, words)


def _number(value: int | float | Fraction, kind: str, words: Words) -> str:
    if kind in ("percent", "bar"):
        return words.percent(value)
    if kind == "percent_tenths":
        return words.percent(value, 1)
    return words.number(value, {"integer": 0, "hundredths": 2}.get(kind, 1))


def _broken(text: str) -> str:
    """Text in which a very long word may be broken, so that it stays on the page."""
    return _LONG_WORD.sub("\\1\u200b", text.encode("utf-8", "replace").decode())
