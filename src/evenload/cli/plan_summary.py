"""The capacity plan in a terminal: pools first, then both directions of the match; and two plans, before → after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Final

from evenload.cli.columns import columns, wrapped
from evenload.cli.sources import Source
from evenload.exchange.worksheet_facts import WorksheetFacts
from evenload.exchange.worksheet_match import facing, pools_callout
from evenload.planning.capacity_plan import CapacityPlan, Match
from evenload.planning.comparison import Difference
from evenload.planning.sensitivity import gap_range
from evenload.words import Words, label, label_in_sentence, message

POOLS_NAMED: Final = 6
ARROW: Final = "→"

FIGURES: Final = {
    "supply_hours": message("hours there are"),
    "demand_hours": message("hours needed"),
    "gap_hours": message("gap"),
    "utilisation_percent": message("utilization"),
    "fte_current": message("FTE there are"),
    "fte_required": message("FTE needed"),
    "caseload_clients": message("clients the hours carry"),
    "visits_per_client": message("visits per client"),
    "direct_minutes": message("direct minutes"),
    "indirect_minutes": message("indirect minutes"),
    "travel_minutes": message("travel minutes"),
    "episode_minutes": message("minutes per episode"),
    "hours_per_client": message("hours per client"),
    "clients": message("clients"),
    "hours": message("hours"),
    "contracted_hours": message("contracted hours"),
    "available_hours": message("available hours"),
    "plannable_hours": message("hours for client care"),
    "current_hours": message("hours of today's caseload"),
}
"""Figures that may differ between two plans, as they are called in a line."""


def summary_lines(words: Words, plan: CapacityPlan, source: Source) -> Iterator[str]:
    """The summary: title and period, the pools, what is short, then each discipline in both directions."""
    facts = WorksheetFacts(plan, source.program, source.rows, words)
    yield from wrapped(words.say("{program} · {period}", program=facts.program_name, period=facts.period))
    yield ""
    yield words.say("Hours of the whole period, by pool")
    yield from columns(_pool_rows(facts), right=frozenset({2, 3, 4}), indent=2)
    yield ""
    for line in pools_callout(facts, POOLS_NAMED).lines:
        yield from wrapped(line, hanging=2)
    for match in plan.match:
        yield ""
        yield facts.discipline(match.discipline)
        yield from _match_lines(facts, match)


def _pool_rows(facts: WorksheetFacts) -> list[list[str]]:
    words = facts.words
    rows = [["", "", words.say("Have"), words.say("Need"), words.say("Gap")]]
    before = ""
    for pool in facts.plan.pools:
        if pool.area == "all":
            hours = (words.hours(pool.supply_hours), words.hours(pool.demand_hours), words.signed_hours(pool.gap_hours))
            name = "" if pool.discipline == before else label(words, "discipline_short", pool.discipline)
            rows.append([name, label(words, "pool_language", pool.language), *hours])
            before = pool.discipline
    return rows


def _match_lines(facts: WorksheetFacts, match: Match) -> Iterator[str]:
    words, both = facts.words, facing(facts, match)
    for panel in (both.left, both.right):
        yield from wrapped(words.say("{title}: {statement}", title=panel.title, statement=panel.statement), indent=2, hanging=2)
        for line in panel.lines[:1]:
            yield from wrapped(line, indent=4, hanging=2)
    for line in both.lines:
        yield from wrapped(line, indent=2, hanging=2)
    low, high = gap_range(facts.plan.sensitivity, match.discipline)
    sentence = words.say(
        "If times or hours were 10% off: gap from {low} to {high}.", low=words.signed_hours(low), high=words.signed_hours(high)
    )
    yield from wrapped(sentence, indent=2, hanging=2)


def comparison_lines(words: Words, differences: Iterable[Difference], before: Source, after: Source) -> Iterator[str]:
    """Every figure that differs, before → after, by pool, discipline, class and practitioner."""
    yield words.say("Before: {file}", file=str(before.path))
    yield words.say("After: {file}", file=str(after.path))
    by_line: dict[tuple[str, ...], list[Difference]] = {}
    for difference in differences:
        if difference.table != "pools" or difference.item[1] == "all":
            by_line.setdefault((difference.table, *difference.item), []).append(difference)
    if not by_line:
        yield words.say("Nothing differs.")
    titles = {
        "pools": words.say("Pools"),
        "match": words.say("Disciplines"),
        "classes": words.say("Classes"),
        "practitioners": words.say("Practitioners"),
    }
    for table in dict.fromkeys(line[0] for line in by_line):
        yield ""
        yield titles[table]
        for line, found in by_line.items():
            if line[0] == table:
                yield from wrapped(_item_name(words, line, after, before), indent=2)
                yield from columns([_figure(words, difference) for difference in found], right=frozenset({1, 3, 4}), indent=4)


def _item_name(words: Words, line: tuple[str, ...], after: Source, before: Source) -> str:
    table, *item = line
    if table == "pools":
        is_english_name = words.lang == "en" and item[2] == "fr"
        language = (label if is_english_name else label_in_sentence)(words, "pool_language", item[2])
        return words.say("{discipline}, {language}", discipline=label(words, "discipline", item[0]), language=language)
    if table == "match":
        return label(words, "discipline", item[0])
    names = {**before.names(words.lang), **after.names(words.lang)}
    labels = {**before.rows.labels_of_classes(words.lang), **after.rows.labels_of_classes(words.lang)}
    return labels.get(item[0], item[0]) if table == "classes" else names.get(item[0], item[0])


def _figure(words: Words, difference: Difference) -> list[str]:
    change = "" if difference.change is None else words.signed(difference.change)
    shown = [_amount(words, difference.figure, value) for value in (difference.before, difference.after)]
    return [words.say(FIGURES[difference.figure]), shown[0], ARROW, shown[1], change]


def _amount(words: Words, figure: str, value: Fraction | None) -> str:
    if value is None:
        return "–"
    if figure.endswith("percent"):
        return words.percent(value, 1)
    if figure.startswith("fte"):
        return words.number(value, 2)
    if figure.endswith("hours"):
        return words.hours(value)
    return words.minutes(value) if figure.endswith("minutes") else words.number(value)
