"""Tables that count: shares, differences and sums of a row or a column are figures here and formulas in a workbook.

What is not known is a dash, and whatever would be counted from it is one as well; a sum leaves it out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from evenload.exchange.pages import Column, Emphasis, Formulas, Row, Value

UNKNOWN: Final = "–"
Figure = Fraction | int


@dataclass(frozen=True, slots=True)
class Share:
    """100 × the value at place `part` ÷ that at `whole`."""

    part: int
    whole: int

    def of(self, values: Sequence[Value]) -> Value:
        """The share in percent; unknown where the whole is nothing."""
        part, whole = figure(values[self.part]), figure(values[self.whole])
        return UNKNOWN if part is None or not whole else 100 * Fraction(part) / whole

    def formula(self) -> str:
        """As a workbook counts it: a percent is a share there."""
        return f"={{{self.part}}}/{{{self.whole}}}"


@dataclass(frozen=True, slots=True)
class Sum:
    """The values at the places `plus`, less those at the places `less`."""

    plus: tuple[int, ...]
    less: tuple[int, ...] = ()

    def of(self, values: Sequence[Value]) -> Value:
        """The sum; unknown where one of the values is."""
        plus, less = ([figure(values[place]) for place in places] for places in (self.plus, self.less))
        if None in plus or None in less:
            return UNKNOWN
        return sum(map(Fraction, plus), Fraction(0)) - sum(map(Fraction, less), Fraction(0))  # type: ignore[arg-type]

    def formula(self) -> str:
        """As a workbook counts it."""
        return "=" + "+".join(f"{{{place}}}" for place in self.plus) + "".join(f"-{{{place}}}" for place in self.less)


@dataclass(frozen=True, slots=True)
class Counting:
    """How a table counts: places that are counted from others of their row, in this order, and places that are summed beneath."""

    counted: Mapping[int, Share | Sum] = field(default_factory=dict)
    summed: tuple[int, ...] = ()


def known(value: Figure | None) -> Value:
    """The figure, or a dash."""
    return UNKNOWN if value is None else value


def figure(value: Value) -> Figure | None:
    """The value as an exact number; None where it is none."""
    return value if isinstance(value, int | Fraction) else None


def counted_row(values: Sequence[Value], counting: Counting, emphasis: Emphasis = "plain", *, starts_group: bool = False) -> Row:
    """The row with its counted places filled in, each with its formula."""
    found, formulas = list(values), list[tuple[int, str]]()
    for place, how in counting.counted.items():
        found[place] = how.of(found)
        if figure(found[place]) is not None:
            formulas.append((place, how.formula()))
    return Row(tuple(found), emphasis, starts_group=starts_group, formulas=tuple(formulas))


def counted_rows(lines: Sequence[Sequence[Value]], counting: Counting, together: str = "") -> tuple[Row, ...]:
    """A row for each line and, of more than one with sums, a row of sums beneath them, named `together`."""
    rows = tuple(counted_row(line, counting) for line in lines)
    if len(rows) < 2 or not counting.summed:
        return rows
    return (*rows, _sum_row(rows, counting, together))


def _sum_row(rows: Sequence[Row], counting: Counting, together: str) -> Row:
    values: list[Value] = [together, *(None for _ in rows[0].values[1:])]
    for place in counting.summed:
        values[place] = sum((Fraction(one) for row in rows if (one := figure(row.values[place])) is not None), Fraction(0))
    made = counted_row(values, Counting({place: how for place, how in counting.counted.items() if place not in counting.summed}), "total")
    sums: Formulas = tuple((place, f"=SUM({{{place}@0:{len(rows) - 1}}})") for place in counting.summed)
    return Row(made.values, "total", formulas=(*sums, *made.formulas))


def figures_column(heading: str, width: int = 10, *, tenths: bool = False) -> Column:
    """A column of whole numbers, or of tenths."""
    return Column(heading, "hours" if tenths else "integer", width)
