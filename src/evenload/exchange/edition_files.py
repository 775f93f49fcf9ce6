"""The eight files of an edition (XLSX, PDF, HTML, CSV in English and French) and the index page beside them.

The same edition gives the same bytes, and every file has the same rows with allow-listed columns only. Number, effective day
and code stand on every page, with a QR code of 20 mm, so that an old print can be told from the current list.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from evenload.exchange.edition_csv import csv_of
from evenload.exchange.edition_html import html_of, index_page
from evenload.exchange.edition_pdf import pdf_of
from evenload.exchange.edition_workbook import xlsx_of
from evenload.exchange.printed_edition import Line, PrintedEdition, PrintedRow, lines_of
from evenload.words import Words, words_in
from evenload.words.formats import LANGUAGES

__all__ = ["FORMS", "EditionFile", "PrintedEdition", "PrintedRow", "edition_file", "edition_files", "index_page"]

Writer = Callable[[PrintedEdition, tuple[Line, ...], Words], bytes]

FORMS: Final[dict[str, Writer]] = {"xlsx": xlsx_of, "pdf": pdf_of, "html": html_of, "csv": csv_of}
"""Format → how it is written."""

MEDIA_TYPES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class EditionFile:
    """One file of an edition; `form` is its format and the ending of its name."""

    language: str
    form: str
    content: bytes


def edition_file(printed: PrintedEdition, language: str, form: str) -> EditionFile:
    """One file of the edition. Raises KeyError for a language or format that there is not."""
    if language not in LANGUAGES:
        raise KeyError(language)
    words = words_in(language)
    return EditionFile(language, form, FORMS[form](printed, lines_of(printed, words), words))


def edition_files(printed: PrintedEdition) -> tuple[EditionFile, ...]:
    """Every file of the edition, by language, then format. One PDF at a time is set beside the others, for the sake of memory."""
    lines = {language: lines_of(printed, words_in(language)) for language in LANGUAGES}
    with ThreadPoolExecutor(max_workers=1) as beside:
        pdfs = {language: beside.submit(pdf_of, printed, lines[language], words_in(language)) for language in LANGUAGES}
        rest = {
            (language, form): write(printed, lines[language], words_in(language))
            for language in LANGUAGES
            for form, write in FORMS.items()
            if form != "pdf"
        }
    made = {**rest, **{(language, "pdf"): pdf.result() for language, pdf in pdfs.items()}}
    return tuple(EditionFile(language, form, made[language, form]) for language in LANGUAGES for form in FORMS)
