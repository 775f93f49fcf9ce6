"""The figures of a time standard as somebody states them: what may stand in each, how a version keeps them, what differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from evenload.records.models import TimeStandard
from evenload.workflow.worksheet_tries import plain_decimal

MOST_VISITS: Final = Fraction(10_000)
MOST_MINUTES: Final = Fraction(1440)
MOST_EPISODE: Final = Fraction(100_000)
MOST_TOGETHER: Final = 100
MOST_WEIGHT: Final = Fraction(100_000)
LONGEST_SOURCE: Final = 2000


@dataclass(frozen=True, slots=True)
class Figures:
    """Every figure of a time standard. `travel_minutes` None: modelled from distance; `no_show_rate` None: the share recorded;
    `no_show_minutes` None: direct minutes and standard travel.
    """

    visits: Fraction
    direct_minutes: Fraction
    indirect_minutes: Fraction
    travel_minutes: Fraction | None
    episode_minutes: Fraction
    group_size: int
    no_show_rate: Fraction | None
    no_show_minutes: Fraction | None
    experience_years: Fraction | None
    judgement_weight: Fraction
    source: str

    def problems(self) -> dict[str, str]:
        """What cannot be: field → code of what is wrong with it."""
        found = {name: "standard_minutes_odd" for name in MINUTES if not _within(getattr(self, name), MOST_MINUTES)}
        if not _within(self.visits, MOST_VISITS):
            found["visits"] = "standard_visits_odd"
        if not _within(self.episode_minutes, MOST_EPISODE):
            found["episode_minutes"] = "standard_episode_odd"
        if not 1 <= self.group_size <= MOST_TOGETHER:
            found["group_size"] = "standard_group_odd"
        if self.no_show_rate is not None and not 0 <= self.no_show_rate < 1:
            found["no_show_rate"] = "standard_rate_odd"
        if not _within(self.judgement_weight, MOST_WEIGHT):
            found["judgement_weight"] = "standard_weight_odd"
        if not self.source.strip():
            found["source"] = "standard_source_missing"
        return found

    def fitted(self) -> Figures:
        """The same with as many decimals as the records keep."""
        fitted: dict[str, Any] = {name: _fitted(getattr(self, name), digits) for name, digits in DIGITS.items()}
        return replace(self, **fitted)

    def says(self) -> dict[str, Any]:
        """How a version keeps them: column → plain decimal, whole number, text, or null."""
        return {name: _plain(getattr(self, name)) for name in NAMES}

    def facts(self) -> dict[str, Any]:
        """As the core's ComplexityClass takes them."""
        return {name: getattr(self, name) for name in NAMES if name != "source"} | {"source": self.source or None}

    def columns(self) -> dict[str, Any]:
        """As the records' TimeStandard takes them."""
        return {name: _column(getattr(self, name)) for name in NAMES}


NAMES: Final = tuple(one.name for one in fields(Figures))
DIGITS: Final = {
    **dict.fromkeys(("visits", "direct_minutes", "indirect_minutes", "travel_minutes", "episode_minutes", "no_show_minutes"), 4),
    "no_show_rate": 5,
    "experience_years": 2,
    "judgement_weight": 2,
}
MINUTES: Final = ("direct_minutes", "indirect_minutes", "travel_minutes", "no_show_minutes")


def figures_of(standard: TimeStandard) -> Figures:
    """The figures that are planned with."""
    return read({name: getattr(standard, name) for name in NAMES})


def read(says: Mapping[str, Any]) -> Figures:
    """The figures that a version, or a record, says. Raises KeyError where one is missing."""
    values = {name: _read(name, says[name]) for name in NAMES}
    return Figures(**values)


def differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the figures in which two versions differ, in the order of the columns."""
    return tuple(name for name in NAMES if one.get(name) != other.get(name))


def _within(value: Fraction | None, most: Fraction) -> bool:
    return value is None or 0 <= value <= most


def _read(name: str, value: Any) -> Any:
    if name == "source":
        return str(value or "")
    if name == "group_size":
        return int(value)
    return None if value is None else Fraction(str(value))


def _fitted(value: Fraction | None, digits: int) -> Fraction | None:
    return None if value is None else round(value, digits)


def _plain(value: Any) -> Any:
    return plain_decimal(value) if isinstance(value, Fraction) else value


def _column(value: Any) -> Any:
    return Decimal(plain_decimal(value)) if isinstance(value, Fraction) else value
