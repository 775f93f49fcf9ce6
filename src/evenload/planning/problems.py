"""What is wrong with the facts: every problem at once, as codes, places and values, never as sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Where:
    """The place of a fact: its table (the workbook's sheet name), the item's id, and the field (column)."""

    table: str
    item: str | None = None
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem: a code, the place, the value found as text, and the facts its sentence needs."""

    code: str
    where: Where
    value: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


class CaseError(ValueError):
    """The facts contradict themselves or leave no answer. Holds *all* problems that were found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{p.where.table}/{p.where.item}/{p.where.field}: {p.value!r}: {p.code}" for p in self.problems))


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader should know that is no error: a code, the place, and facts for the sentence."""

    code: str
    where: Where
    facts: Mapping[str, str] = field(default_factory=dict)
