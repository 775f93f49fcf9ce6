"""Exact sums of many fractions."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import lcm


def total(values: Iterable[Fraction]) -> Fraction:
    """The sum of all values, exact; 0 of none.

    Fractions of one denominator are added as whole numbers: thousands of hours have few denominators, and adding them one by
    one would reduce each sum in between.
    """
    numerators: dict[int, int] = {}
    for value in values:
        denominator = value.denominator
        numerators[denominator] = numerators.get(denominator, 0) + value.numerator
    least = lcm(*numerators)
    return Fraction(sum(numerator * (least // denominator) for denominator, numerator in numerators.items()), least)
