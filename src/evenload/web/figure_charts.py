"""The charts of a program's figures, each with its rows and where they lead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from evenload.planning.codes import PRIORITIES
from evenload.web import figure_words as said
from evenload.web.charts import Chart, ChartRow
from evenload.web.contract_words import contract_name, finding
from evenload.words import Words, label
from evenload.workflow.pool_weeks import POOL_LANGUAGES, PoolWeeks
from evenload.workflow.program_figures import PersonLoad, ProgramFigures
from evenload.workflow.wait_figures import UNKNOWN_AGE, PoolQueue

BAND: Final = 10
"""percentage points of one bar of the loads"""
LOWEST_BAND: Final = 50
HIGHEST_BAND: Final = 120
STATES: Final = ("room", "in_range", "above_range", "over")


@dataclass(frozen=True, slots=True)
class PoolWanted:
    """Which pools a page shows; empty takes all. `language`: `fr`, `other` or `all`."""

    discipline: str = ""
    language: str = ""

    @property
    def query(self) -> str:
        """As the rest of an address; empty where nothing is asked."""
        return urlencode([(name, value) for name, value in (("discipline", self.discipline), ("language", self.language)) if value])

    def takes(self, pool: PoolWeeks) -> bool:
        """Whether the pool is shown: without a language French and the rest stand apart, and no sum hides one of them."""
        if self.discipline and pool.discipline != self.discipline:
            return False
        return pool.language == self.language if self.language else pool.language != "all"

    def takes_queue(self, one: PoolQueue) -> bool:
        """Whether the pool of the waiting list is shown."""
        if self.discipline and one.discipline != self.discipline:
            return False
        return self.language in ("", "all") or (one.language == "fr") == (self.language == "fr")


def wanted_of(stated: QueryDict, found: ProgramFigures) -> PoolWanted:
    """The pools that an address asks for; what no pool has is not asked."""
    discipline, language = stated.get("discipline", ""), stated.get("language", "")
    known = disciplines_of(found)
    return PoolWanted(discipline if discipline in known else "", language if language in POOL_LANGUAGES else "")


def disciplines_of(found: ProgramFigures) -> tuple[str, ...]:
    """Every discipline that has, needs or waits."""
    return tuple(dict.fromkeys([*(one.discipline for one in found.pools), *sorted({one.discipline for one in found.waiting.pools})]))


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the charts of one page share: its words, its figures, which pools are asked for."""

    words: Words
    found: ProgramFigures
    wanted: PoolWanted

    def page(self, route: str, **query: str) -> str:
        """A page of the program."""
        asked = urlencode(query)
        return reverse(route, args=[self.found.code]) + (f"?{asked}" if asked else "")

    def csv(self, part: str) -> str:
        """Where the same figures are as CSV."""
        address = reverse("program_figures_csv", args=[self.found.code, part])
        return f"{address}?{self.wanted.query}" if self.wanted.query else address

    @property
    def pools(self) -> tuple[PoolWeeks, ...]:
        """The pools that are asked for."""
        return tuple(pool for pool in self.found.pools if self.wanted.takes(pool))

    @property
    def pool(self) -> PoolWeeks | None:
        """The one pool whose weeks are drawn: the one asked for, else that which misses most, else the largest."""
        return max(self.pools, key=lambda pool: (pool.short, pool.need, pool.have), default=None)


def charts_of(drawing: Drawing) -> dict[str, Chart]:
    """Every chart that has something to show, by its key."""
    made = (gaps(drawing), weeks(drawing), loads(drawing), waiting(drawing), contracts(drawing))
    return {chart.key: chart for chart in made if chart is not None}


def gaps(drawing: Drawing) -> Chart | None:
    """Have, need and gap of each pool, hours per week."""
    words, pools = drawing.words, [pool for pool in drawing.pools if pool.have or pool.need]
    if not pools:
        return None
    return Chart(
        key="gaps",
        title=words.say("Have and need, by pool"),
        says=said.gaps_finding(words, tuple(pools)),
        unit=words.say("hours a week"),
        columns=(words.say("Pool"), words.say("Have"), words.say("Need"), words.say("Gap")),
        rows=tuple(
            ChartRow(
                said.pool_name(words, pool.discipline, pool.language),
                (pool.have, pool.need, pool.gap),
                f"?{PoolWanted(pool.discipline, pool.language).query}#chart-weeks",
            )
            for pool in pools
        ),
        kind="bars",
        csv_address=drawing.csv("gaps"),
    )


def weeks(drawing: Drawing) -> Chart | None:
    """One pool, week by week ahead."""
    words, pool = drawing.words, drawing.pool
    if pool is None or not pool.weeks:
        return None
    name = said.pool_name(words, pool.discipline, pool.language)
    return Chart(
        key="weeks",
        title=words.say("Week by week: {pool}", pool=name),
        says=said.weeks_finding(words, pool),
        unit=words.say("hours"),
        columns=(words.say("Week of"), words.say("Have"), words.say("Need"), words.say("Of it, given to somebody")),
        rows=tuple(ChartRow(words.date(week.monday), (week.have, week.need, week.committed), drawing.page("weeks")) for week in pool.weeks),
        kind="lines",
        csv_address=drawing.csv("weeks"),
    )


def loads(drawing: Drawing) -> Chart | None:
    """How many people carry how much of their own hours."""
    words, people = drawing.words, [one for one in drawing.found.people if one.percent is not None]
    if not people:
        return None
    return Chart(
        key="loads",
        title=words.say("How full people are"),
        says=said.loads_finding(words, drawing.found.spread),
        unit=words.say("people"),
        columns=(words.say("Load, percent of own hours"), *(label(words, "load", state) for state in STATES)),
        rows=tuple(ChartRow(name, counts, "#people-heading") for name, counts in _bands(words, people)),
        kind="stack",
        csv_address=drawing.csv("loads"),
        digits=0,
    )


def _bands(words: Words, people: Sequence[PersonLoad]) -> Iterable[tuple[str, tuple[int, ...]]]:
    """Ten points each; what lies below and above all of them in one band each."""
    edges = [Fraction(0), *(Fraction(edge) for edge in range(LOWEST_BAND, HIGHEST_BAND + 1, BAND))]
    for number, low in enumerate(edges):
        high = edges[number + 1] if number + 1 < len(edges) else None
        inside = [one for one in people if one.percent is not None and low <= one.percent and (high is None or one.percent < high)]
        yield _band_name(words, low, high), tuple(sum(one.state == state for one in inside) for state in STATES)


def _band_name(words: Words, low: Fraction, high: Fraction | None) -> str:
    if high is None:
        return words.say("{percent} and more", percent=words.percent(low))
    if not low:
        return words.say("under {percent}", percent=words.percent(high))
    return words.say("{low} to {high}", low=words.integer(low), high=words.percent(high - 1))


def waiting(drawing: Drawing) -> Chart | None:
    """Who waits, by age and priority."""
    words, found = drawing.words, drawing.found.waiting
    if not found.count:
        return None
    ages = dict.fromkeys(cell.age for cell in found.cells)
    return Chart(
        key="waiting",
        title=words.say("Waiting, by age and priority"),
        says=said.waiting_finding(words, found),
        unit=words.say("referrals and units"),
        columns=(words.say("Waited"), *(words.say("Priority {number}", number=priority) for priority in PRIORITIES)),
        rows=tuple(
            ChartRow(
                words.say(said.AGES[age]),
                tuple(cell.count for cell in found.cells if cell.age == age),
                drawing.page("waiting_list") if age == UNKNOWN_AGE else drawing.page("waiting_list", age=age),
            )
            for age in ages
        ),
        kind="stack",
        csv_address=drawing.csv("waiting"),
        digits=0,
    )


def contracts(drawing: Drawing) -> Chart | None:
    """Contracted, delivered, and where it is going."""
    words, lines = drawing.words, drawing.found.contracts
    if not lines:
        return None
    off = sum(line.forecast.state in ("under", "over") for line in lines)
    return Chart(
        key="contracts",
        title=words.say("Contracted visits"),
        says=finding(words, lines[0]) if len(lines) == 1 else words.say("{off} of {n} contracts are off course.", off=off, n=len(lines)),
        unit=words.say("visits"),
        columns=(words.say("Contract"), words.say("Contracted"), words.say("Delivered"), words.say("Forecast to the end")),
        rows=tuple(
            ChartRow(
                contract_name(words, line.contract),
                (line.contract.visits, line.forecast.delivered, line.forecast.expected),
                reverse("contract", args=[drawing.found.code, line.contract.pk]),
            )
            for line in lines
        ),
        kind="bars",
        csv_address=drawing.csv("contracts"),
        digits=0,
    )
