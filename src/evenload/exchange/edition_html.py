"""An edition as one HTML file, and the index page of a program's folder: no script, nothing fetched from elsewhere.

They are opened from a folder, without a server: their own policy forbids everything but their one style sheet, by its hash.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from datetime import date
from html import escape
from typing import Final

from evenload.exchange import styles
from evenload.exchange.edition_code import code_svg
from evenload.exchange.printed_edition import TITLES, Line, PrintedEdition, by_kind, check_sentence, edition_sentence, headings
from evenload.words import Words, words_in
from evenload.words.formats import LANGUAGES

_NUMBER_COLUMNS: Final = (7, 8)
_STYLE: Final = f"""
:root {{ color-scheme: light dark; }}
body {{ margin: 16px; font: 15px/1.45 "Segoe UI", system-ui, sans-serif; color: {styles.INK}; background: #fff; }}
h1 {{ font-size: 22px; margin: 0 0 4px; }}
h2 {{ font-size: 18px; margin: 24px 0 8px; }}
p {{ margin: 4px 0; }}
.quiet {{ color: {styles.MUTED}; }}
.frame {{ overflow-x: auto; }}
.frame:focus {{ outline: 3px solid #7A3E9D; outline-offset: 2px; }}
table {{ border-collapse: collapse; width: 100%; }}
caption {{ text-align: left; }}
th, td {{ text-align: left; vertical-align: top; padding: 4px 8px; border-bottom: 1px solid {styles.DIVIDER}; }}
th.number, td.number {{ text-align: right; }}
thead th {{ background: {styles.SUNKEN}; border-bottom: 2px solid {styles.ACCENT}; }}
thead .stamp th {{ background: #fff; border-bottom: 0; font-weight: normal; }}
.stamp b {{ font-size: 17px; }}
.stamp svg, .code svg {{ width: 20mm; height: 20mm; float: right; margin: 0 0 4px 12px; }}
tbody .kind th {{ color: {styles.ACCENT}; font-size: 17px; padding-top: 16px; }}
tr.changed td, tr.changed th {{ background: {styles.WARN_TINT}; }}
tr.waiting td, tr.waiting th {{ background: {styles.DANGER_TINT}; }}
tr {{ break-inside: avoid; }}
td.day {{ white-space: nowrap; }}
@media (prefers-color-scheme: dark) {{
  body {{ color: #E6EAEE; background: #12181D; }}
  a {{ color: #6DBBE3; }}
  .quiet {{ color: #A9B4BF; }}
  thead th {{ background: #1D262D; }}
  thead .stamp th {{ background: #12181D; }}
  tbody .kind th {{ color: #6DBBE3; }}
  th, td {{ border-bottom-color: #33404A; }}
  tr.changed td, tr.changed th {{ background: #33270E; }}
  tr.waiting td, tr.waiting th {{ background: #3A1C1A; }}
}}
@media print {{
  @page {{ size: letter landscape; margin: 12mm; }}
  body {{ margin: 0; font-size: 10pt; color: #000; background: #fff; }}
  .frame {{ overflow: visible; }}
  .heading {{ display: none; }}
  a {{ color: #000; }}
  thead {{ display: table-header-group; }}
}}
"""
_STYLE_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()


def html_of(edition: PrintedEdition, lines: tuple[Line, ...], words: Words) -> bytes:
    """The file: one table, whose head (number, effective day, code, QR) every printed page repeats."""
    title = words.say("Assignment list")
    names = headings(words)
    parts = [
        _head(words.lang, f"{title} · {edition.program(words)} · {edition_sentence(edition, words)}"),
        f'<h1 class="heading">{escape(title)}</h1>\n',
        f'<p class="heading quiet">{escape(_summary(edition, lines, words))}</p>\n',
        f'<div class="frame" role="region" tabindex="0" aria-label="{escape(title)}">\n<table>\n<thead>\n',
        f'<tr class="stamp"><th colspan="{len(names)}">{_code(edition, words)}<b>{escape(edition.program(words))}</b><br>',
        f"<b>{escape(edition_sentence(edition, words))}</b><br>{escape(check_sentence(edition, words))}</th></tr>\n<tr>",
        *(f'<th scope="col"{_class(place)}>{escape(name)}</th>' for place, name in enumerate(names)),
        "</tr>\n</thead>\n",
    ]
    for kind, members in by_kind(lines):
        parts.append(f'<tbody>\n<tr class="kind"><th scope="rowgroup" colspan="{len(names)}">{escape(words.say(TITLES[kind]))}</th></tr>\n')
        parts += [_row(line) for line in members]
        parts.append("</tbody>\n")
    parts.append("</table>\n</div>\n</body>\n</html>\n")
    return "".join(parts).encode()


def _summary(edition: PrintedEdition, lines: tuple[Line, ...], words: Words) -> str:
    rows = words.say_n("{n} row", "{n} rows", len(lines))
    changed = words.say_n("{n} row changed against the edition before", "{n} rows changed against the edition before", edition.changed_rows)
    waiting = words.say_n("{n} unit waits", "{n} units wait", edition.waiting)
    return f"{rows} · {changed} · {waiting}"


def _row(line: Line) -> str:
    first, *rest = line.values
    cells = "".join(f"<td{_class(place)}>{_cell(value)}</td>" for place, value in enumerate(rest, start=1))
    mark = "" if line.emphasis == "plain" else f' class="{line.emphasis}"'
    return f'<tr{mark}><th scope="row">{_cell(first)}</th>{cells}</tr>\n'


def _cell(value: str | int | date | None) -> str:
    if value is None:
        return ""
    return escape(value) if isinstance(value, str) else value.isoformat() if isinstance(value, date) else str(value)


def _class(place: int) -> str:
    return ' class="number"' if place in _NUMBER_COLUMNS else ' class="day"' if place == _NUMBER_COLUMNS[-1] + 1 else ""


def _code(edition: PrintedEdition, words: Words) -> str:
    name = words.say("Code of edition {number}: {code}", number=str(edition.number), code=edition.code)
    return code_svg(edition.address).replace("<svg ", f'<svg role="img" aria-label="{escape(name)}" ', 1)


def _head(lang: str, title: str) -> str:
    policy = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; img-src data:; base-uri 'none'; form-action 'none'"
    return (
        f'<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="robots" content="noindex">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
    )


def index_page(printed: PrintedEdition, written: Iterable[tuple[str, str, str, str]]) -> bytes:
    """The page that opens a program's folder, in both languages: which edition is current, and links to its files.

    `written` holds (language, format, file name, SHA-256) of every file.
    """
    files = list(written)
    titles = " / ".join(words_in(lang).say("Assignment list") for lang in LANGUAGES)
    sections = "".join(_section(printed, files, words_in(lang)) for lang in LANGUAGES)
    return f"{_head('en', titles)}<main>\n{sections}</main>\n</body>\n</html>\n".encode()


def _section(printed: PrintedEdition, files: list[tuple[str, str, str, str]], words: Words) -> str:
    links = "".join(
        f'<li><a href="{escape(name)}" hreflang="{language}">{escape(_link(form, words))}</a></li>\n'
        for language, form, name, _ in files
        if language == words.lang
    )
    title = words.say("{program}: assignment list", program=printed.program(words))
    tag = "h1" if words.lang == LANGUAGES[0] else "h2"
    return (
        f'<section lang="{words.lang}" class="code">\n{_code(printed, words)}<{tag}>{escape(title)}</{tag}>\n'
        f"<p><b>{escape(edition_sentence(printed, words))}</b></p>\n"
        f'<p class="quiet">{escape(check_sentence(printed, words))}</p>\n<ul>\n{links}</ul>\n</section>\n'
    )


def _link(form: str, words: Words) -> str:
    match form:
        case "xlsx":
            return words.say("Workbook (XLSX), with views by school, residence, area and practitioner")
        case "pdf":
            return words.say("To print (PDF)")
        case "html":
            return words.say("To read on screen (HTML)")
        case _:
            return words.say("For other programs (CSV)")
