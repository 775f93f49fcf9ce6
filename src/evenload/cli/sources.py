"""The workbook a command works on: read, turned into facts, and every problem put at its cell."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from evenload.cli.terminal import Terminal
from evenload.exchange.facts import program_from
from evenload.exchange.open_input import open_input
from evenload.exchange.reading import InputError, Reading
from evenload.exchange.rows import Rows
from evenload.planning.case import Case
from evenload.planning.deviations import protected
from evenload.planning.prepare import case_from
from evenload.planning.problems import CaseError, Notice
from evenload.planning.program import Program
from evenload.words import notice_sentence

MOST_NOTICES = 12


@dataclass(frozen=True, slots=True)
class Source:
    """One workbook: as it was read, and the program in it."""

    path: Path
    reading: Reading
    program: Program

    @property
    def rows(self) -> Rows:
        """Every row as it was written, names included."""
        return self.reading.rows

    def case(self, robust: int = 0) -> Case:
        """The Case of what remains, protected against so many. Raises InputError with every contradiction at its cell."""
        with self.located():
            return protected(case_from(self.program), self.program, robust)

    @contextmanager
    def located(self) -> Iterator[None]:
        """Problems of the core that arise inside are put at their cells in the file."""
        try:
            yield
        except CaseError as error:
            raise InputError(self.reading.locate(problem) for problem in error.problems) from error

    def names(self, lang: str) -> dict[str, str]:
        """Display name of every id: practitioners, sites and units."""
        return {**self.rows.names_of_sites(lang), **self.rows.labels_of_units(), **self.rows.names_of_practitioners()}


def read_source(terminal: Terminal, path: Path, as_of: datetime.date | None = None) -> Source:
    """Reads a workbook or a folder of CSV files. `as_of` replaces the day that the file states. Raises InputError."""
    with terminal.step(terminal.words.say("Reading {file}", file=path.name)):
        reading = open_input(path)
        source = Source(path, reading, program_from(reading.rows))
    if as_of is None:
        return source
    rows = replace(reading.rows, program=replace(reading.rows.program, as_of=as_of))
    return Source(path, replace(reading, rows=rows), program_from(rows))


def show_notices(terminal: Terminal, notices: tuple[Notice, ...], names: dict[str, str]) -> None:
    """What the reader should know, on standard error; a long list is cut, and says so."""
    words = terminal.words
    sentences = list(dict.fromkeys(notice_sentence(words, notice, names) for notice in notices))
    for sentence in sentences[:MOST_NOTICES]:
        terminal.remark(words.say("Note: {sentence}", sentence=sentence))
    more = len(sentences) - MOST_NOTICES
    if more > 0:
        terminal.remark(words.say_n("Note: {n} more is in the files.", "Note: {n} more are in the files.", more))
