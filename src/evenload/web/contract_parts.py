"""The parts of the pages of contracts: a contract's line, its course as a drawing, its ledger by site and by practitioner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from evenload.records.models import Practitioner, Site
from evenload.web.contract_words import ICONS, contract_name, finding, off_by, share, state_name
from evenload.words import Words
from evenload.workflow.contract_ledger import ContractLine, Ledger, LedgerRow, terms_of

WIDTH: Final = 320
HEIGHT: Final = 180
"""of the drawing; style sheets scale it"""
LEFT, RIGHT, TOP, BOTTOM = 4, 316, 12, 160


@dataclass(frozen=True, slots=True)
class LineView:
    """One contract in the list."""

    line: ContractLine
    name: str
    state: str
    icon: str
    sentence: str
    off: str
    delivered_share: str
    pace_share: str


@dataclass(frozen=True, slots=True)
class Course:
    """A contract's course as lengths of a drawing: delivered so far, the range to its end, what was bought with its tolerance."""

    delivered: str
    fan: str
    expected: str
    bought_y: str
    tolerance_y: str
    tolerance_height: str
    today_x: str
    end_y: str


@dataclass(frozen=True, slots=True)
class Sum:
    """One row of a table: a name, and visits delivered, committed and expected."""

    name: str
    delivered: int
    committed: Fraction
    expected: Fraction | None


@dataclass(frozen=True, slots=True)
class WeekSum:
    """One week: visits delivered in it, and since the beginning."""

    monday: date
    delivered: int
    total: int


def line_view(words: Words, line: ContractLine) -> LineView:
    """A contract as the list shows it."""
    contract = line.contract
    return LineView(
        line=line,
        name=contract_name(words, contract),
        state=state_name(words, line),
        icon=ICONS[line.forecast.state],
        sentence=finding(words, line),
        off=off_by(words, line),
        delivered_share=share(words, line.forecast.delivered, contract.visits),
        pace_share=share(words, line.forecast.pace_visits, contract.visits),
    )


def course_of(ledger: Ledger, today: date) -> Course | None:
    """The drawing; None before the contract begins, or where there is nothing to draw."""
    contract, found = ledger.line.contract, ledger.line.forecast
    terms = terms_of(contract)
    top = max(float(terms.high_visits), found.high or 0.0, float(found.delivered))
    if found.state == "before" or top == 0:
        return None
    days = (contract.ends_on - contract.starts_on).days + 1
    until = min(today, contract.ends_on)

    def x(day: date) -> float:
        return LEFT + (RIGHT - LEFT) * ((day - contract.starts_on).days + 1) / days

    def y(visits: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * visits / top

    points, given = [(float(LEFT), y(0))], 0
    for day in sorted(one for one in ledger.by_day if one <= until):
        points.append((x(day), y(given)))
        given += ledger.by_day[day]
        points.append((x(day), y(given)))
    points.append((x(until), y(given)))
    now = points[-1]
    fan, expected = "", ""
    if found.low is not None and found.high is not None and found.expected is not None and not found.is_over:
        fan = _points([now, (RIGHT, y(found.high)), (RIGHT, y(found.low))])
        expected = _points([now, (RIGHT, y(float(found.expected)))])
    high, low = y(float(terms.high_visits)), y(float(terms.low_visits))
    return Course(
        delivered=_points(points),
        fan=fan,
        expected=expected,
        bought_y=_length(y(terms.visits)),
        tolerance_y=_length(high),
        tolerance_height=_length(max(1.0, low - high)),
        today_x=_length(now[0]),
        end_y=_length(now[1]),
    )


def _points(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{_length(x)},{_length(y)}" for x, y in points)


def _length(number: float) -> str:
    return f"{number:.1f}"


def by_site(words: Words, rows: Iterable[LedgerRow], sites: Mapping[str, Site]) -> list[Sum]:
    """The ledger by site, the most visits first."""
    return _sums(rows, lambda row: site_name(words, sites, row.site))


def by_practitioner(words: Words, rows: Iterable[LedgerRow], people: Mapping[str, Practitioner]) -> list[Sum]:
    """The ledger by practitioner, the most visits first."""
    return _sums(rows, lambda row: person_name(words, people, row.practitioner))


def site_name(words: Words, sites: Mapping[str, Site], code: str) -> str:
    """A site's name; what is visited at home has none."""
    site = sites.get(code)
    return words.either(site.name_en, site.name_fr) if site else code or words.say("Without a site")


def person_name(words: Words, people: Mapping[str, Practitioner], code: str) -> str:
    """A practitioner's name; who is not known, and what nobody has."""
    return str(people[code]) if code in people else code or words.say("Nobody, or not recorded")


def _sums(rows: Iterable[LedgerRow], name_of: Callable[[LedgerRow], str]) -> list[Sum]:
    kept: dict[str, list[LedgerRow]] = defaultdict(list)
    for row in rows:
        kept[name_of(row)].append(row)
    sums = [_sum(name, held) for name, held in kept.items()]
    return sorted(sums, key=lambda one: (-one.delivered - one.committed, one.name.casefold()))


def _sum(name: str, rows: list[LedgerRow]) -> Sum:
    expected = [row.expected for row in rows if row.expected is not None]
    return Sum(
        name,
        sum(row.delivered for row in rows),
        sum((row.committed for row in rows), Fraction(0)),
        sum(expected, Fraction(0)) if len(expected) == len(rows) else None,
    )


def weeks_of(by_day: Mapping[date, int]) -> list[WeekSum]:
    """The course as a table: every calendar week from the first visit to the last one."""
    if not by_day:
        return []
    monday, last, total, found = _monday(min(by_day)), max(by_day), 0, []
    counts: dict[date, int] = defaultdict(int)
    for day, visits in by_day.items():
        counts[_monday(day)] += visits
    while monday <= last:
        total += counts[monday]
        found.append(WeekSum(monday, counts[monday], total))
        monday += timedelta(weeks=1)
    return found


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
