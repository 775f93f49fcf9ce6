"""What every page of the planning worksheet needs: the capacity plan, the stated facts behind it, names, and a language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from evenload.exchange.rows import Rows
from evenload.planning.capacity_plan import CapacityPlan
from evenload.planning.program import Program
from evenload.words import Words
from evenload.words.labels import label, label_in_sentence


@dataclass(frozen=True, slots=True)
class WorksheetFacts:
    """A capacity plan beside the program it was computed from and the rows that hold its names, seen in one language."""

    plan: CapacityPlan
    program: Program
    rows: Rows
    words: Words

    @property
    def program_name(self) -> str:
        """The program's name in this language."""
        return self.words.either(self.rows.program.name_en, self.rows.program.name_fr)

    @property
    def period(self) -> str:
        """First day, last day and weeks."""
        return self.words.period(self.plan.period.starts_on, self.plan.period.weeks)

    @property
    def weeks(self) -> int:
        """Calendar weeks of the period."""
        return self.plan.period.weeks

    @property
    def weeks_phrase(self) -> str:
        """24 weeks."""
        return self.words.say_n("{n} week", "{n} weeks", self.weeks)

    def names(self) -> dict[str, str]:
        """Every id that a sentence may name, and what to call it."""
        lang = self.words.lang
        rows = self.rows
        return {**rows.labels_of_classes(lang), **rows.labels_of_units(), **rows.names_of_sites(lang), **rows.names_of_practitioners()}

    def class_label(self, class_id: str) -> str:
        """What to call a class."""
        return self.rows.labels_of_classes(self.words.lang).get(class_id, class_id)

    def in_stated_order(self, class_ids: Iterable[str]) -> list[str]:
        """Classes in the order in which the workbook states them, which is from light to heavy more often than from A to Z."""
        wanted = set(class_ids)
        return [line.class_id for line in self.plan.classes if line.class_id in wanted]

    def discipline(self, code: str) -> str:
        """The discipline's name, as a heading has it."""
        return label(self.words, "discipline", code)

    def discipline_in_sentence(self, code: str) -> str:
        """The discipline's name inside a sentence."""
        return label_in_sentence(self.words, "discipline", code)

    def disciplines(self, codes: tuple[str, ...]) -> str:
        """Disciplines in short: OT, SLP."""
        return ", ".join(label(self.words, "discipline_short", code) for code in codes)

    def area(self, code: str) -> str:
        """An area, or "All areas"."""
        return label(self.words, "area", code)

    def sheet(self, name: str) -> str:
        """Where in the workbook a figure was stated."""
        return self.words.say("Workbook, sheet {sheet}", sheet=self.sheet_name(name))

    def sheet_name(self, name: str) -> str:
        """A sheet of the workbook, as people call it."""
        return label(self.words, "sheet", name)

    def fte(self, amount: Fraction) -> str:
        """Full-time equivalents, two decimals."""
        return self.words.say("{fte} FTE", fte=self.words.number(amount, 2))

    def tenths(self, amount: Fraction) -> str:
        """One decimal where there is one: `37.5`, `20`."""
        return self.words.number(amount, 0 if amount.denominator == 1 else 1)
