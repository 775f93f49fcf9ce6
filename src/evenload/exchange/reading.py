"""What comes of reading an input: a Reading, or an InputError with every problem at its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from evenload.exchange.rows import Rows
from evenload.planning.problems import Notice, Problem


@dataclass(frozen=True, slots=True)
class InputProblem:
    """One problem of an input, at its place: `sheet!cell`, the value found as text, a code, and the facts of its sentence.

    `sheet` is the sheet's title as it stands in the file. A problem of the whole file has neither sheet nor cell and its
    value is the path; a problem of a whole sheet has no cell.
    """

    sheet: str
    cell: str
    value: str
    code: str
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """`units!H14`; only the sheet, or nothing, where the problem is of the whole sheet or file."""
        return f"{self.sheet}!{self.cell}" if self.cell else self.sheet


class InputError(ValueError):
    """The input cannot be read. Holds *all* problems that were found, in the order of sheets, rows and columns.

    `notices` are what was noticed all the same (hidden sheets, macros): they may explain a problem.
    """

    def __init__(self, problems: Iterable[InputProblem], notices: Iterable[Notice] = ()) -> None:
        self.problems = tuple(problems)
        self.notices = tuple(notices)
        super().__init__("; ".join(f"{p.place}: {p.value!r}: {p.code}" for p in self.problems))


@dataclass(frozen=True, slots=True)
class SheetPositions:
    """Where the rows and columns of one sheet stand in the file: its title, column letters by name, row numbers by id."""

    title: str
    letters: Mapping[str, str] = field(default_factory=dict)
    row_numbers: Mapping[str, int] = field(default_factory=dict)
    """row number by the row's id; absences and duties: by whom they are stated for; program: by key; goals: by goal"""


@dataclass(frozen=True, slots=True)
class Reading:
    """An input that was read: its typed rows, where they stood, and what the reader should know."""

    rows: Rows
    positions: Mapping[str, SheetPositions]
    """by contract name of the sheet"""
    notices: tuple[Notice, ...] = ()

    def locate(self, problem: Problem) -> InputProblem:
        """The problem of the core at its place in the file. What cannot be found there keeps its sheet's contract name."""
        return located(problem, self.positions)


def located(problem: Problem, positions: Mapping[str, SheetPositions]) -> InputProblem:
    """The problem of the core at its place in the file: its sheet's title and, as far as row and column are known, its cell."""
    where = problem.where
    sheet = positions.get(where.table)
    if sheet is None:
        return InputProblem(where.table, "", problem.value, problem.code, problem.facts)
    return InputProblem(sheet.title, _cell(sheet, where.item, where.field), problem.value, problem.code, problem.facts)


def _cell(sheet: SheetPositions, item: str | None, column: str | None) -> str:
    if item is None and column is not None and column in sheet.row_numbers:  # the program sheet: the field is the key of a row
        return f"{sheet.letters.get('value', 'B')}{sheet.row_numbers[column]}"
    number = sheet.row_numbers.get(item or "")
    letter = sheet.letters.get(column or "")
    if number is None:
        return f"{letter}1" if letter and item is None else ""
    return f"{letter or 'A'}{number}"
