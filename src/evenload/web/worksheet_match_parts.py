"""Step 3 on its page: both directions at once, pool by pool, and every figure with the calculation behind it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from evenload.exchange.pages import Callout, Facing
from evenload.exchange.worksheet_facts import WorksheetFacts
from evenload.exchange.worksheet_match import caseload_table, facing, match_table, pools_callout, pools_table
from evenload.exchange.worksheet_views import current_table, sensitivity_table, wisn_table
from evenload.planning.areas import EVERYWHERE, speaks_french, unit_language
from evenload.planning.capacity_plan import CapacityPlan, Match, Pool
from evenload.planning.comparison import Difference
from evenload.planning.sensitivity import gap_range
from evenload.web.pool_views import PoolView, pool_view
from evenload.web.worksheet_fields import FieldView
from evenload.web.worksheet_tables import TableView, exact, table_view
from evenload.web.worksheet_words import FIGURES
from evenload.words import Words
from evenload.workflow.worksheet_tries import Try

POOLS_NAMED: Final = 3
NAMED: Final = 12
UNKNOWN: Final = "–"


@dataclass(frozen=True, slots=True)
class StepLine:
    """One calculation: what it gives, how, and the figure as it was computed."""

    name: str
    formula: str
    figure: str


@dataclass(frozen=True, slots=True)
class MatchView:
    """One discipline in both directions."""

    code: str
    name: str
    both: Facing
    was: str
    """the gap before what is tried, where something is"""
    range: str
    lines: tuple[StepLine, ...]
    pools: tuple[PoolView, ...]
    is_short: bool


@dataclass(frozen=True, slots=True)
class MixField:
    """The share of one class, to be tried."""

    name: str
    discipline: str
    field: FieldView


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One figure that differs between two plans."""

    name: str
    before: str
    after: str
    change: str


@dataclass(frozen=True, slots=True)
class MatchStep:
    """Step 3."""

    callout: Callout
    matches: tuple[MatchView, ...]
    tables: tuple[TableView, ...]


def mix_fields(facts: WorksheetFacts, fields: Mapping[str, FieldView]) -> tuple[MixField, ...]:
    """The share of every class, in the order in which they are stated."""
    return tuple(
        MixField(facts.class_label(one.id), facts.disciplines((one.discipline,)), fields[f"mix:{one.id}"]) for one in facts.program.classes
    )


def match_step(facts: WorksheetFacts, *, before: CapacityPlan | None, tries: tuple[Try, ...]) -> MatchStep:
    """Step 3; `before` is the plan without what is tried."""
    words = facts.words
    was = {row.discipline: row.gap_hours for row in before.match} if before and tries else {}
    tables = (
        ("areas", pools_table(facts)),
        ("totals", match_table(facts)),
        ("carried", caseload_table(facts)),
        ("sensitivity", sensitivity_table(facts)),
        ("wisn", wisn_table(facts)),
        ("today", current_table(facts)),
    )
    inside = _inside(facts)
    return MatchStep(
        callout=pools_callout(facts, POOLS_NAMED),
        matches=tuple(_match(facts, row, was, inside) for row in facts.plan.match),
        tables=tuple(table_view(words, anchor, table, is_exact=anchor == "wisn") for anchor, table in tables),
    )


def _match(
    facts: WorksheetFacts,
    row: Match,
    was: Mapping[str, Fraction],
    inside: Mapping[tuple[str, str], tuple[str, ...]],
) -> MatchView:
    words = facts.words
    low, high = gap_range(facts.plan.sensitivity, row.discipline)
    pools = [pool for pool in facts.plan.pools if pool.area == EVERYWHERE and pool.discipline == row.discipline]
    before = was.get(row.discipline)
    return MatchView(
        code=row.discipline,
        name=facts.discipline(row.discipline),
        both=facing(facts, row),
        was="" if before in (None, row.gap_hours) else gap_sentence(words, row.gap_hours, before),
        range=words.say(
            "If times or hours were 10% off: gap from {low} to {high}.", low=words.signed_hours(low), high=words.signed_hours(high)
        ),
        lines=tuple(figure_lines(facts, row)),
        pools=tuple(_pool(facts, pool, inside) for pool in pools if pool.supply_hours or pool.demand_hours),
        is_short=any(pool.gap_hours < 0 for pool in pools),
    )


def gap_sentence(words: Words, now: Fraction, before: Fraction) -> str:
    """What a change did to a gap."""
    return words.say("Gap now {now}, was {before}.", now=words.signed_hours(now), before=words.signed_hours(before))


def figure_lines(facts: WorksheetFacts, row: Match) -> Iterator[StepLine]:
    """Each figure of a discipline with its formula and the numbers in it, not rounded."""
    words = facts.words
    have, need = exact(words, row.supply_hours), exact(words, row.demand_hours)
    yield StepLine(words.say("Hours to plan with"), words.say("step 1, every practitioner of this discipline"), have)
    travel = words.say(
        "care {care} + modelled travel {travel}", care=exact(words, row.care_hours), travel=exact(words, row.modelled_travel_hours)
    )
    yield StepLine(words.say("Hours needed"), travel, need)
    yield StepLine(words.say("Gap in hours"), f"{have} − {need}", exact(words, row.gap_hours))
    if row.utilisation_percent is not None:
        used = f"100 × {need} ÷ {have}"
        yield StepLine(words.say("Utilization, percent"), used, exact(words, row.utilisation_percent))
    yield from _staff_lines(words, row, have, need)
    yield from _caseload_lines(facts, row, have)


def _staff_lines(words: Words, row: Match, have: str, need: str) -> Iterator[StepLine]:
    if row.fte_required is None:
        return
    there, required = exact(words, row.fte_current), exact(words, row.fte_required)
    formula = words.say("{need} ÷ ({have} ÷ {there} FTE there are)", need=need, have=have, there=there)
    yield StepLine(words.say("FTE needed"), formula, required)
    if row.ratio is not None:
        yield StepLine(words.say("Staffing ratio"), f"{there} ÷ {required}", exact(words, row.ratio))


def _caseload_lines(facts: WorksheetFacts, row: Match, have: str) -> Iterator[StepLine]:
    words, carried = facts.words, row.caseload
    if carried.clients is None:
        return
    mean = sum((share * carried.hours_per_client[id] for id, share in carried.mix.items()), Fraction(0))
    parts = (
        f"{words.percent(100 * carried.mix[id], 1)} × {exact(words, carried.hours_per_client[id])}"
        for id in facts.in_stated_order(carried.mix)
    )
    yield StepLine(words.say("Mean hours of a client"), " + ".join(parts), exact(words, mean))
    formula = f"{have} ÷ {exact(words, mean)}"
    yield StepLine(words.say("Clients carried"), formula, exact(words, carried.clients))
    spare = words.say("{have} less the hours of the whole clients", have=have)
    yield StepLine(words.say("Hours to spare beside whole clients"), spare, exact(words, carried.spare_hours))


def _pool(facts: WorksheetFacts, pool: Pool, inside: Mapping[tuple[str, str], tuple[str, ...]]) -> PoolView:
    words = facts.words
    have, need, gap = (exact(words, hours) for hours in (pool.supply_hours, pool.demand_hours, pool.gap_hours))
    return replace(
        pool_view(words, pool),
        formula=words.say("{have} − {need} = {gap} h, not rounded", have=have, need=need, gap=gap),
        inputs=inside.get((pool.discipline, pool.language), ()),
    )


def _inside(facts: WorksheetFacts) -> dict[tuple[str, str], tuple[str, ...]]:
    """Who offers and what asks in each pool of the whole program: discipline, language → sentences."""
    words, names = facts.words, facts.names()
    sites = {site.id: site for site in facts.program.sites}
    people: dict[tuple[str, str], list[str]] = defaultdict(list)
    units: Counter[tuple[str, str]] = Counter()
    clients: Counter[tuple[str, str]] = Counter()
    for person in facts.program.practitioners:
        for discipline in person.disciplines:
            people[discipline, "fr" if speaks_french(person) else "other"].append(names.get(person.id, person.id))
    for unit in facts.program.units:
        key = unit.discipline, "fr" if unit_language(unit, sites) == "fr" else "other"
        units[key] += 1
        clients[key] += unit.clients
    return {key: (_people_said(words, key[1], people[key]), _units_said(words, units[key], clients[key])) for key in {*people, *units}}


def _people_said(words: Words, language: str, names: list[str]) -> str:
    if not names:
        return words.say("Have: nobody of this pool.")
    some = words.list_of(sorted(names, key=str.casefold)[:NAMED]) + (" …" if len(names) > NAMED else "")
    if language == "fr":
        return words.say_n(
            "Have: {n} practitioner fluent in French: {names}.",
            "Have: {n} practitioners fluent in French: {names}.",
            len(names),
            names=some,
        )
    return words.say_n(
        "Have: {n} practitioner without fluent French ({names}), and what French leaves.",
        "Have: {n} practitioners without fluent French ({names}), and what French leaves.",
        len(names),
        names=some,
    )


def _units_said(words: Words, units: int, clients: int) -> str:
    counted = words.say_n("{n} client", "{n} clients", clients)
    return words.say_n("Need: {n} unit with {clients}.", "Need: {n} units with {clients}.", units, clients=counted)


def change_views(facts: WorksheetFacts, differences: tuple[Difference, ...]) -> tuple[ChangeView, ...]:
    """What changed in the match since an earlier plan, discipline by discipline."""
    words = facts.words
    return tuple(
        ChangeView(
            words.say("{item}, {figure}", item=facts.discipline(one.item[0]), figure=words.say(FIGURES[one.figure])),
            _figure(words, one.figure, one.before),
            _figure(words, one.figure, one.after),
            UNKNOWN if one.change is None else words.signed(one.change, 2 if one.figure.startswith("fte") else 1),
        )
        for one in differences
        if one.table == "match"
    )


def _figure(words: Words, figure: str, value: Fraction | None) -> str:
    if value is None:
        return UNKNOWN
    if figure.endswith("percent"):
        return words.percent(value, 1)
    return words.number(value, 2) if figure.startswith("fte") else words.number(value)
