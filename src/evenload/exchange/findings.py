"""A collector of input problems that hands them out in the order of sheets, rows and columns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from evenload.exchange.columns import SHEETS
from evenload.exchange.reading import InputError, InputProblem
from evenload.exchange.text_cells import Fault
from evenload.planning.problems import Notice

LIMIT = 10_000
"""Problems told one by one; a further problem says how many more there are."""
ORDER = {sheet.name: place for place, sheet in enumerate(SHEETS)}
FIRST_OF_CELL = frozenset({"formula_not_calculated", "formula_error"})
ADDRESS = re.compile(r"([A-Z]{1,7})([0-9]{1,9})")


def letters_of(index: int) -> str:
    """Letters of a column by its index from 0: 0 → A, 25 → Z, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def index_of(letters: str) -> int:
    """Index from 0 of a column by its letters: A → 0, AA → 26."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


@dataclass(slots=True)
class Findings:
    """Every problem found so far, each with its place in the order."""

    _found: list[tuple[tuple[int, int, int], InputProblem]] = field(default_factory=list)
    _told: set[tuple[str, str]] = field(default_factory=set)
    _more: int = 0
    unreadable: set[str] = field(default_factory=set)
    """sheets that are there but could not be read; what refers to them is not judged"""

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, sheet: str, title: str, row: int, column: int, *, value: str, fault: Fault) -> None:
        """A problem of one cell: contract name and title of its sheet, row number, index of its column from 0."""
        self._keep(
            (ORDER.get(sheet, len(ORDER)), row, column), InputProblem(title, f"{letters_of(column)}{row}", value, fault.code, fault.facts)
        )

    def add_to_sheet(self, sheet: str, title: str, value: str, fault: Fault) -> None:
        """A problem of a whole sheet."""
        self._keep((ORDER.get(sheet, len(ORDER)), 0, 0), InputProblem(title, "", value, fault.code, fault.facts))

    def give_up(self, sheet: str, title: str, value: str, fault: Fault) -> None:
        """A problem for which a whole sheet cannot be read."""
        self.unreadable.add(sheet)
        self.add_to_sheet(sheet, title, value, fault)

    def add_located(self, sheet: str, problem: InputProblem) -> None:
        """A problem that already has its place; left out where the same code stands at the same cell."""
        if (problem.place, problem.code) in self._told:
            return
        found = ADDRESS.fullmatch(problem.cell)
        row, column = (int(found[2]), index_of(found[1])) if found else (0, 0)
        self._keep((ORDER.get(sheet, len(ORDER)), row, column), problem)

    def _keep(self, order: tuple[int, int, int], problem: InputProblem) -> None:
        self._told.add((problem.place, problem.code))
        if len(self._found) < LIMIT:
            self._found.append((order, problem))
        else:
            self._more += 1

    def raise_if_any(self, notices: Iterable[Notice] = ()) -> None:
        """Raise InputError with every problem in order, if there is one. A cell without a value is told once, by its formula."""
        if not self._found:
            return
        formulas = {problem.place for _, problem in self._found if problem.code in FIRST_OF_CELL}
        kept = [entry for entry in self._found if entry[1].code in FIRST_OF_CELL or entry[1].place not in formulas]
        problems = [problem for _, problem in sorted(kept, key=lambda entry: entry[0])]
        if self._more:
            problems.append(InputProblem("", "", "", "problems_more", {"count": str(self._more)}))
        raise InputError(problems, notices)
