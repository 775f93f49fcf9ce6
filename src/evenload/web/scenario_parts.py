"""What pages of scenarios show: lines of the list, a scenario's changes and result, and how far its run is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from django.utils.timezone import localdate

from evenload.exchange.pages import Callout, Facing
from evenload.exchange.rows import Rows
from evenload.exchange.worksheet import assumptions, notices
from evenload.exchange.worksheet_facts import WorksheetFacts
from evenload.exchange.worksheet_match import facing, pools_callout
from evenload.planning.areas import EVERYWHERE
from evenload.planning.capacity_plan import CapacityPlan, Match
from evenload.planning.sensitivity import gap_range
from evenload.records.models import PlanRun, PlanScenario
from evenload.web.draft_words import stored_problem
from evenload.web.pool_views import PoolView, pool_view
from evenload.web.scenario_words import Told, change_sentence
from evenload.web.worksheet_have import BarView, bar_views
from evenload.web.worksheet_match_parts import gap_sentence
from evenload.web.worksheet_words import problem_words
from evenload.words import Words, label, message
from evenload.workflow import scenario_runs
from evenload.workflow.planning_worksheet import Worksheet
from evenload.workflow.scenario_facts import ScenarioSheet, facts_day
from evenload.workflow.scenario_runs import RunFigures

POOLS_NAMED: Final = 3
DRAWN: Final = 300
RUN_STATES: Final = {
    "asked": message("Waits for its turn"),
    "running": message("Being computed"),
    "done": message("Computed"),
    "failed": message("Stopped"),
    "cancelled": message("Cancelled"),
}
RUN_PROBLEMS: Final = {
    "worker_lost": message("The computation stopped three times before it was done. Ask whoever runs Evenload for you."),
    "engine_stopped": message("The computation stopped with an error. The scenario is as you left it."),
}


@dataclass(frozen=True, slots=True)
class Amount:
    """One figure of a list, by discipline."""

    discipline: str
    text: str
    is_short: bool


@dataclass(frozen=True, slots=True)
class LineView:
    """One scenario in the list, or the program as recorded (`scenario` None)."""

    scenario: PlanScenario | None
    key: str
    facts_day: date
    changes: int
    gaps: tuple[Amount, ...]
    staff: tuple[Amount, ...]
    french: tuple[Amount, ...]
    score: str
    run_state: str
    is_whole: bool


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change as a sentence; `is_unfit`: it names what the facts do not have, and is left out."""

    place: int
    sentence: str
    is_unfit: bool


@dataclass(frozen=True, slots=True)
class MatchView:
    """One discipline in both directions, and its gap without the changes."""

    name: str
    both: Facing
    was: str
    range: str
    pools: tuple[PoolView, ...]
    is_short: bool
    gap: str
    is_open: bool
    """short of hours, or changed: what is neither stands closed"""


@dataclass(frozen=True, slots=True)
class DifferenceCell:
    """One figure without and with the changes; `before` is empty where it is the same."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """One discipline without and with the changes."""

    name: str
    cells: tuple[DifferenceCell, ...]


@dataclass(frozen=True, slots=True)
class ResultView:
    """What a scenario comes to. Where its facts contradict each other: the sentences, and the waterfall as far as it stands."""

    problems: tuple[str, ...]
    callout: Callout | None
    matches: tuple[MatchView, ...]
    bars: tuple[BarView, ...]
    differences: tuple[DifferenceView, ...]
    assumptions: tuple[str, ...]
    notices: tuple[str, ...]
    period: str
    has_people: bool


@dataclass(frozen=True, slots=True)
class RunView:
    """The engine's run on a scenario: how far it is, or what it found."""

    run: PlanRun
    state: str
    is_open: bool
    is_old: bool
    drawn: int
    problems: tuple[str, ...]
    figures: tuple[tuple[str, str], ...]
    sentence: str


def line_of(words: Words, scenario: PlanScenario, latest: PlanRun | None, done: PlanRun | None) -> LineView:
    """A scenario in the list, from the figures that were kept when it was counted."""
    score = words.hours_per_week(scenario_runs.figures_of(done).score_hours) if done else "–"
    is_old = latest is not None and scenario_runs.is_old(scenario, latest)
    state = "" if latest is None else words.say("Before the last change") if is_old else words.say(RUN_STATES[latest.state])
    return LineView(
        scenario,
        str(scenario.pk),
        facts_day(scenario),
        len(scenario.changes),
        *_amounts(words, scenario.figures),
        score,
        state,
        bool(scenario.figures.get("is_whole")),
    )


def recorded_line(words: Words, figures: Mapping[str, Any], today: date, run: PlanRun | None) -> LineView:
    """The program as recorded, in the list beside its scenarios."""
    score = words.hours_per_week(scenario_runs.figures_of(run).score_hours) if run else "–"
    state = words.say("Plan of {day}", day=words.day(localdate(run.asked_at), year=True)) if run else ""
    return LineView(None, "records", today, 0, *_amounts(words, figures), score, state, bool(figures["is_whole"]))


def _amounts(words: Words, figures: Mapping[str, Any]) -> tuple[tuple[Amount, ...], tuple[Amount, ...], tuple[Amount, ...]]:
    """Gap, staff and French gap of each discipline. An absent figure is a dash, never 0."""
    rows = figures.get("match", ())
    gaps, staff, french = [], [], []
    for row in rows:
        name = label(words, "discipline_short", row["discipline"])
        gap, required, there = Fraction(row["gap_hours"]), row["fte_required"], Fraction(row["fte_current"])
        gaps.append(Amount(name, words.signed_hours(gap), gap < 0))
        needed = "–" if required is None else words.number(Fraction(required), 2)
        is_short = required is not None and Fraction(required) > there
        staff.append(Amount(name, f"{needed} / {words.number(there, 2)}", is_short))
        lack = row["french_gap_hours"]
        french.append(Amount(name, "–" if lack is None else words.signed_hours(Fraction(lack)), lack is not None and Fraction(lack) < 0))
    return tuple(gaps), tuple(staff), tuple(french)


def change_lines(told: Told, sheet: ScenarioSheet) -> tuple[ChangeLine, ...]:
    """Every change, in order."""
    return tuple(ChangeLine(at, change_sentence(told, one), at in sheet.unfit) for at, one in enumerate(sheet.changes))


def result_of(words: Words, sheet: ScenarioSheet, rows: Rows) -> ResultView:
    """What the scenario comes to; `rows` hold the names that may be shown."""
    facts = _facts(words, sheet.after, rows)
    before = {row.discipline: row.gap_hours for row in sheet.before.plan.match}
    is_whole = sheet.is_whole
    is_comparable = is_whole and sheet.before.is_whole and bool(sheet.changes)
    return ResultView(
        problems=tuple(problem_words(words, problem, rows) for problem in sheet.after.problems),
        callout=pools_callout(facts, POOLS_NAMED) if sheet.after.plan.match else None,
        matches=tuple(_match(facts, row, before.get(row.discipline)) for row in sheet.after.plan.match),
        bars=bar_views(facts),
        differences=tuple(_differences(facts, sheet.before.plan)) if is_comparable else (),
        assumptions=assumptions(facts),
        notices=notices(facts),
        period=facts.period,
        has_people=bool(sheet.after.stated.practitioners),
    )


def _facts(words: Words, sheet: Worksheet, rows: Rows) -> WorksheetFacts:
    return WorksheetFacts(sheet.plan, sheet.stated, rows, words)


def _match(facts: WorksheetFacts, row: Match, before: Fraction | None) -> MatchView:
    words = facts.words
    low, high = gap_range(facts.plan.sensitivity, row.discipline)
    pools = [pool for pool in facts.plan.pools if pool.area == EVERYWHERE and pool.discipline == row.discipline]
    is_short = any(pool.gap_hours < 0 for pool in pools)
    return MatchView(
        name=facts.discipline(row.discipline),
        both=facing(facts, row),
        was="" if before is None or before == row.gap_hours else gap_sentence(words, row.gap_hours, before),
        range=words.say(
            "If times or hours were 10% off: gap from {low} to {high}.", low=words.signed_hours(low), high=words.signed_hours(high)
        ),
        pools=tuple(pool_view(words, pool) for pool in pools if pool.supply_hours or pool.demand_hours),
        is_short=is_short,
        gap=words.signed_hours(row.gap_hours),
        is_open=is_short or before != row.gap_hours,
    )


def _differences(facts: WorksheetFacts, before: CapacityPlan) -> Iterator[DifferenceView]:
    """Every discipline of the two plans, with the figures that people ask for first."""
    words, old, new = (facts.words, *({row.discipline: row for row in plan.match} for plan in (before, facts.plan)))
    for code in dict.fromkeys((*new, *old)):
        cells = []
        for title, text in _figures_of_match(words):
            was, now = (text(rows[code]) if code in rows else "–" for rows in (old, new))
            cells.append(DifferenceCell(title, "" if was == now else was, now))
        yield DifferenceView(facts.discipline(code), tuple(cells))


def _figures_of_match(words: Words) -> tuple[tuple[str, Callable[[Match], str]], ...]:
    return (
        (words.say("Hours we have"), lambda row: words.hours(row.supply_hours)),
        (words.say("Hours clients need"), lambda row: words.hours(row.demand_hours)),
        (words.say("Gap"), lambda row: words.signed_hours(row.gap_hours)),
        (words.say("FTE there are"), lambda row: words.number(row.fte_current, 2)),
        (words.say("FTE needed"), lambda row: "–" if row.fte_required is None else words.number(row.fte_required, 2)),
        (
            words.say("Clients that the hours carry"),
            lambda row: "–" if row.caseload.clients is None else words.number(row.caseload.clients),
        ),
    )


def run_view(words: Words, scenario: PlanScenario, run: PlanRun) -> RunView:
    """The latest run of a scenario."""
    figures = scenario_runs.figures_of(run) if run.state == "done" else None
    return RunView(
        run=run,
        state=words.say(RUN_STATES[run.state]),
        is_open=run.state in scenario_runs.OPEN,
        is_old=scenario_runs.is_old(scenario, run),
        drawn=run.progress_percent * DRAWN // 100,
        problems=tuple(_problem(words, problem) for problem in run.problems),
        figures=tuple(run_lines(words, figures)) if figures else (),
        sentence=_nearness(words, figures) if figures else "",
    )


def _problem(words: Words, problem: list[str]) -> str:
    known = RUN_PROBLEMS.get(str(problem[0])) if problem else None
    return words.say(known) if known else stored_problem(words, problem, {})


def _nearness(words: Words, found: RunFigures) -> str:
    if found.gap_percent < 0.05:
        return words.say("No better plan is possible.")
    return words.say("This plan is at most {gap} from the best possible.", gap=words.percent(found.gap_percent, 1))


def run_lines(words: Words, found: RunFigures) -> list[tuple[str, str]]:
    """What a plan comes to, figure by figure, each with its unit and period."""
    return [
        (words.say("Units placed"), words.integer(found.placed)),
        (words.say("Units that wait"), words.integer(found.waiting)),
        (words.say("Hours that wait"), words.hours_per_week(Fraction(found.waiting_minutes, 60))),
        (words.say("of it French asked for"), words.hours_per_week(Fraction(found.french_waiting_minutes, 60))),
        (words.say("Travel"), words.hours_per_week(Fraction(found.travel_minutes, 60))),
        (words.say("Units that change hands"), words.integer(found.moved)),
        (words.say("Clients in them"), words.integer(found.moved_clients)),
        (words.say("Score, lower is better"), words.hours_per_week(found.score_hours)),
        (words.say("From the best possible, at most"), words.percent(found.gap_percent, 1)),
    ]
