"""An organisation's own list as rows of the workbook: people, places, classes and units, added to what a program already has.

Nothing is guessed in silence: a cell that cannot be read is a problem at its place, one that looks odd is a doubt at its place,
and what the list does not say is taken from the setting and told as assumed.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from evenload.exchange import own_rows as made
from evenload.exchange.cells import Manner, Value
from evenload.exchange.columns import folded
from evenload.exchange.facts import program_from
from evenload.exchange.findings import LIMIT, letters_of
from evenload.exchange.own_meanings import NAMES_WORK, PERSON, PLACE, Meaning, readers
from evenload.exchange.own_table import OwnTable
from evenload.exchange.reading import InputProblem, SheetPositions, located
from evenload.exchange.rows import Rows
from evenload.exchange.text_cells import Cell, Fault, is_blank, same, shown
from evenload.planning.capacity import capacities
from evenload.planning.contradictions import contradictions
from evenload.planning.problems import CaseError

TOTALS: Final = frozenset({"total", "totals", "totaux", "grandtotal", "sum", "somme", "soustotal", "subtotal"})
NEAR_NAMES_SOUGHT: Final = 400
"""people among whom near names are sought: comparing everybody with everybody takes long"""


@dataclass(frozen=True, slots=True)
class ListReading:
    """What comes of a list: rows (None where there is a problem), problems and doubts at their places, and what was assumed."""

    rows: Rows | None
    problems: tuple[InputProblem, ...] = ()
    doubts: tuple[InputProblem, ...] = ()
    assumed: Mapping[str, int] = field(default_factory=dict)
    """code of an assumption → for how many rows it was made"""


def rows_of_list(table: OwnTable, meanings: Mapping[int, str], answers: made.Answers, *, base: Rows | None = None) -> ListReading:
    """The rows of the program after the list was added to `base`, or of a new program where there is none.

    `meanings`: index of a column → meaning ("" where it is not used). Raises KeyError for a meaning that does not exist.
    """
    reader = _Reader(table, meanings, answers, base)
    if reader.lacks_columns():
        return reader.refused()
    for number, cells in table.records:
        reader.read(number, cells)
    reader.look_for_near_names()
    return reader.done()


class _Reader:
    """Reads row by row; collects everything that is wrong before it says so."""

    def __init__(self, table: OwnTable, meanings: Mapping[int, str], answers: made.Answers, base: Rows | None) -> None:
        others = base.program.other_disciplines if base else ()
        self.table, self.answers, self.base = table, answers, base
        self.columns = readers(meanings, Manner(comma_separated=table.comma_separated, other_disciplines=others))
        self.index_of = {meaning.code: index for index, (meaning, _) in self.columns.items()}
        self.problems: list[InputProblem] = []
        self.doubts: list[InputProblem] = []
        self.wrong = {(wrong.row, wrong.column): wrong for wrong in table.wrong_cells}
        self.people = made.People(base)
        self.places = made.Places(base)
        self.work = made.Work(base)

    # what a list must have

    def lacks_columns(self) -> bool:
        """Whether a column is missing without which no row can be made; each is a problem of the whole list."""
        has_people = "practitioner" in self.index_of or "practitioner_id" in self.index_of
        has_work = any(code in self.index_of for code in NAMES_WORK)
        if not has_people and self.base is None:
            self._tell_list("list_column_practitioner")
        if not has_people and not has_work:
            self._tell_list("list_column_work")
        elif not has_work and self.base is None:
            self._tell_list("list_without_units")
        if "discipline" not in self.index_of and not self.answers.discipline and self.base is None:
            self._tell_list("list_column_discipline")
        return bool(self.problems)

    def _tell_list(self, code: str) -> None:
        self.problems.append(InputProblem(self.table.title, "", "", code))

    # one row

    def read(self, number: int, cells: Sequence[Cell]) -> None:
        """One row of the list."""
        if self._is_total(cells):
            self._doubt(number, 0, shown(next(cell for cell in cells if not is_blank(cell))), Fault("list_total_row"))
            return
        before = len(self.problems)
        values = self._values(number, cells)
        self._check_coordinates(values, number)
        discipline = self._discipline(values)
        person = self._person(values, discipline, number)
        self._work(values, discipline, person, number, was_faulty=len(self.problems) > before)

    def _is_total(self, cells: Sequence[Cell]) -> bool:
        first = next((cell for cell in cells if not is_blank(cell)), None)
        return isinstance(first, str) and folded(first) in TOTALS

    def _values(self, number: int, cells: Sequence[Cell]) -> dict[str, Value]:
        """What the row's cells say, by meaning; a cell that cannot be read is a problem and says nothing."""
        values: dict[str, Value] = {}
        for index, (meaning, convert) in self.columns.items():
            wrong = self.wrong.get((number, index))
            cell = cells[index] if index < len(cells) else None
            if wrong is not None:
                self._tell(number, index, wrong.value, Fault(wrong.code))
            elif not is_blank(cell):
                value = convert(cell)
                if isinstance(value, Fault):
                    self._tell(number, index, shown(cell), value)
                else:
                    values[meaning.code] = value
        return values

    def _check_coordinates(self, values: Mapping[str, Value], number: int) -> None:
        for missing, other in (("lat", "lon"), ("lon", "lat")):
            if other in values and missing not in values:
                self._tell(number, self._index(missing, other), "", Fault("coordinate_missing", {"other": other}))

    def _discipline(self, values: Mapping[str, Value]) -> str:
        stated = values.get("discipline")
        if isinstance(stated, str) and stated:
            return stated
        known = self.people.disciplines_of(values.get("practitioner_id") or values.get("practitioner"))
        return self.answers.discipline or (known[0] if len(known) == 1 else "")

    def _person(self, values: Mapping[str, Value], discipline: str, number: int) -> str | None:
        """Id of the row's practitioner, added or completed; None where the row names nobody."""
        name, code = values.get("practitioner"), values.get("practitioner_id")
        if not name and not code:
            return None
        id = made.id_of(str(code or name))
        if self.people.is_reserved(id):
            self._tell(number, self._index("practitioner_id" if code else "practitioner"), id, Fault("id_reserved"))
            return None
        stated = {meaning.field: values[meaning.code] for meaning in self._meanings_of(PERSON) if meaning.code in values}
        stated.pop("id", None)
        if "fte" in stated:
            hours = self.base.program.fte_weekly_hours if self.base else Fraction(75, 2)
            stated["weekly_hours"] = Fraction(str(stated.pop("fte"))) * hours
        if not name:
            stated.pop("name", None)
        key = self.people.add(id, stated, discipline, number)
        self._tell_differences(self.people, PERSON, number)
        return key

    def _work(self, values: Mapping[str, Value], discipline: str, person: str | None, number: int, *, was_faulty: bool) -> None:
        """The unit of a row, and its site; a row that names nothing to assign is about a person, or a problem."""
        site = self._site(values, number)
        client = values.get("client")
        area = values.get("area")
        if site is None and not client and not area:
            if person is None and not was_faulty:
                self._tell(number, self._index(*NAMES_WORK, "practitioner"), "", Fault("list_place_missing"))
            return
        if not discipline:
            if not was_faulty:
                self._tell(number, self._index("discipline", *NAMES_WORK), "", Fault("required"))
            return
        if site is None and area:
            site = self.places.add(made.id_of(str(area)), {"name_en": str(area), "kind": "area", "area": str(area)}, number)
        stated = {meaning.field: values[meaning.code] for meaning in self._meanings_of("work") if meaning.code in values}
        if site is None or self.places.is_area(site):
            stated |= {name: values[name] for name in ("postal", "lat", "lon") if name in values}
        if "practitioner" in self.index_of or "practitioner_id" in self.index_of:
            stated["current_practitioner"] = person
        self.work.add(stated, site=site, is_area=self.places.is_area(site), discipline=discipline, number=number)

    def _site(self, values: Mapping[str, Value], number: int) -> str | None:
        name, code = values.get("site"), values.get("site_id")
        if not name and not code:
            return None
        stated = {meaning.field: values[meaning.code] for meaning in self._meanings_of(PLACE) if meaning.code in values}
        stated.pop("id", None)
        key = self.places.add(made.id_of(str(code or name)), {"name_en": str(name or code), **stated}, number)
        self._tell_differences(self.places, PLACE, number)
        return key

    def _meanings_of(self, about: str) -> list[Meaning]:
        return [meaning for meaning, _ in self.columns.values() if meaning.about == about]

    def _index(self, *codes: str) -> int:
        return next((self.index_of[code] for code in codes if code in self.index_of), 0)

    # what is told

    def _tell_differences(self, entities: made.Entities, about: str, number: int) -> None:
        """The same person or place with another value in another row: one of the two is wrong, or the column means something else."""
        for name, first_row, expected, value in entities.take_differences():
            meaning = next(
                (one for one in self._meanings_of(about) if one.field == name or (name, one.field) == ("weekly_hours", "fte")), None
            )
            index = self._index(meaning.code) if meaning else 0
            facts = {"first": f"{letters_of(index)}{first_row}", "expected": made.text_of_value(expected)}
            self._tell(number, index, made.text_of_value(value), Fault("list_differs", facts))

    def _tell(self, number: int, index: int, value: str, fault: Fault) -> None:
        self.problems.append(InputProblem(self.table.title, f"{letters_of(index)}{number}", value, fault.code, fault.facts))

    def _doubt(self, number: int, index: int, value: str, fault: Fault) -> None:
        self.doubts.append(InputProblem(self.table.title, f"{letters_of(index)}{number}", value, fault.code, fault.facts))

    def look_for_near_names(self) -> None:
        """Two names that differ by a letter or an accent are probably one person."""
        known = [row.name or row.id for row in self.people.base.values()]
        new = self.people.new_names()
        if len(known) + len(new) > NEAR_NAMES_SOUGHT:
            return
        for name, number in new:
            others = {same(other): other for other in known if same(other) != same(name)}
            near = difflib.get_close_matches(same(name), others, n=1, cutoff=0.88)
            if near:
                self._doubt(number, self._index("practitioner"), name, Fault("list_name_near", {"nearest": others[near[0]]}))
            known.append(name)

    # what comes of it

    def refused(self) -> ListReading:
        """Only problems."""
        problems = self.problems[:LIMIT]
        if len(self.problems) > LIMIT:
            problems.append(InputProblem("", "", "", "problems_more", {"count": str(len(self.problems) - LIMIT)}))
        return ListReading(None, tuple(problems), tuple(self.doubts))

    def done(self) -> ListReading:
        """The rows, if nothing is wrong; the core looks at them as at those of a workbook."""
        if self.problems:
            return self.refused()
        if self.base is None and not self.people.rows_by_id:
            self._tell_list("list_column_practitioner")
            return self.refused()
        rows, assumed = made.assembled(self.people, self.places, self.work, answers=self.answers, base=self.base)
        for row in rows.practitioners:
            if not row.disciplines:
                number = self.people.row_numbers.get(row.id, self.table.heading_row)
                self._tell(number, self._index("discipline", "practitioner"), row.name or row.id, Fault("required"))
        if self.problems:
            return self.refused()
        self.problems.extend(self._core_problems(rows))
        if self.problems:
            return self.refused()
        return ListReading(rows, (), tuple(self.doubts), Counter(assumed))

    def _core_problems(self, rows: Rows) -> list[InputProblem]:
        program = program_from(rows)
        found = list(contradictions(program))
        try:
            capacities(program)
        except CaseError as error:
            found.extend(error.problems)
        positions = {
            "practitioners": self._positions(PERSON, self.people.row_numbers),
            "sites": self._positions(PLACE, self.places.row_numbers),
            "units": self._positions("work", self.work.row_numbers),
        }
        placed = [located(problem, positions) for problem in found]
        return list({(problem.place, problem.code, problem.value): problem for problem in placed}.values())

    def _positions(self, about: str, row_numbers: Mapping[str, int]) -> SheetPositions:
        letters = {meaning.field: letters_of(self._index(meaning.code)) for meaning in self._meanings_of(about)}
        return SheetPositions(self.table.title, letters, row_numbers)
