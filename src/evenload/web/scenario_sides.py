"""Scenarios side by side: what they assume differently on top, then every figure in a row, a column for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final, Literal

from evenload.planning.areas import EVERYWHERE
from evenload.planning.capacity_plan import CapacityPlan, Match
from evenload.planning.codes import DISCIPLINES
from evenload.web.scenario_forms import FRAMES, TITLES
from evenload.web.scenario_words import STANDARDS, Told, change_sentence, row_name
from evenload.words import Words, label
from evenload.workflow.scenario_changes import form_of
from evenload.workflow.scenario_facts import Change, pool_gap
from evenload.workflow.scenario_runs import RunFigures

Kind = Literal["text", "hours", "signed", "hundredths", "percent", "integer", "weekly"]
Value = str | Fraction | int | float | date | None
UNKNOWN: Final = "–"


@dataclass(frozen=True, slots=True)
class Side:
    """One column: the program as recorded, or a scenario. `plan` None: its facts contradict each other."""

    key: str
    name: str
    address: str
    day: date
    plan: CapacityPlan | None
    told: Told
    changes: tuple[Change, ...]
    unfit: tuple[int, ...] = ()
    run: RunFigures | None = None
    run_said: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure: its name, how it is shown, and a value per column."""

    name: str
    kind: Kind
    values: tuple[Value, ...]
    is_key: bool = False

    @property
    def differs(self) -> bool:
        return any(value != self.values[0] for value in self.values)


@dataclass(frozen=True, slots=True)
class Group:
    """Figures under one heading."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell as a page shows it; `title` is its column, for a phone where each stands alone."""

    title: str
    text: str
    is_short: bool
    is_quiet: bool


@dataclass(frozen=True, slots=True)
class LineView:
    """One row of a page."""

    name: str
    is_key: bool
    is_text: bool
    is_same: bool
    cells: tuple[CellView, ...]


def groups(words: Words, sides: Sequence[Side]) -> list[Group]:
    """Everything that is compared, in the order in which it is read."""
    found = [Group(words.say("What is assumed differently"), tuple(_assumptions(words, sides)))]
    plans = [side.plan for side in sides]
    codes = {row.discipline for plan in plans if plan for row in plan.match}
    ordered = sorted(codes, key=lambda code: (DISCIPLINES.index(code) if code in DISCIPLINES else len(DISCIPLINES), code))
    found += [Group(label(words, "discipline", code), tuple(_figures(words, plans, code))) for code in ordered]
    found.append(Group(words.say("Plan that the engine computed"), tuple(_run_lines(words, sides))))
    return [group for group in found if group.lines]


def _assumptions(words: Words, sides: Sequence[Side]) -> Iterator[Line]:
    """The day of the facts, and each change that not all columns have, or have otherwise."""
    days = tuple(side.day for side in sides)
    if any(day != days[0] for day in days):
        yield Line(words.say("Facts of"), "text", days)
    said: dict[tuple[str, ...], list[str]] = {}
    for at, side in enumerate(sides):
        for place, change in enumerate(side.changes):
            sentence = change_sentence(side.told, change)
            if place in side.unfit:
                sentence = words.say("{sentence} (left out)", sentence=sentence)
            cells = said.setdefault(_subject(side.told, change), [""] * len(sides))
            cells[at] = f"{cells[at]} {sentence}".strip()
    recorded = words.say("as recorded")
    for subject, sentences in said.items():
        line = Line(subject[-1], "text", tuple(one or recorded for one in sentences))
        if line.differs:
            yield line


def _subject(told: Told, change: Change) -> tuple[str, ...]:
    """What a change is about: the same in two scenarios where both change the same figure. Its last part is its name."""
    say, kind, item = told.words.say, change["kind"], change["item"]
    form = form_of(change)
    title = say(TITLES[form])
    if kind == "join":
        return kind, change["name"], title
    if form == "standard":
        name = say("{item}, {figure}", item=told.class_name(item), figure=say(STANDARDS[kind]).lower())
        return kind, item, name
    if form == "frame":
        return kind, item, say(FRAMES[kind])
    if kind in ("absence", "duty"):
        return kind, item, row_name(told, kind, item)
    if kind in ("leave", "hours", "away", "other"):
        return kind, item, say("{item}, {figure}", item=title, figure=told.person(item))
    if kind in ("growth", "clients") and item:
        return kind, item, say("{item}, {figure}", item=title, figure=told.class_name(item))
    return kind, item, title


def _figures(words: Words, plans: Sequence[CapacityPlan | None], code: str) -> Iterator[Line]:
    rows = [next((row for row in plan.match if row.discipline == code), None) if plan else None for plan in plans]

    def line(name: str, kind: Kind, value: Callable[[Match], Value], *, is_key: bool = False) -> Line:
        return Line(name, kind, tuple(None if row is None else value(row) for row in rows), is_key)

    yield line(words.say("Hours we have"), "hours", lambda row: row.supply_hours)
    yield line(words.say("Hours clients need"), "hours", lambda row: row.demand_hours)
    yield line(words.say("Gap"), "signed", lambda row: row.gap_hours, is_key=True)
    for language in ("fr", "other"):
        gaps = tuple(None if plan is None else pool_gap(plan, code, language) for plan in plans)
        if any(gap is not None for gap in gaps):
            name = words.say("Gap, {pool}", pool=label(words, "pool_language", language))
            yield Line(name, "signed", gaps, is_key=language == "fr")
    for area, language in _areas(plans, code):
        name = words.say("Gap, {area}, {pool}", area=area, pool=label(words, "pool_language", language))
        yield Line(name, "signed", tuple(_area_gap(plan, code, area, language) for plan in plans))
    yield line(words.say("FTE there are"), "hundredths", lambda row: row.fte_current)
    yield line(words.say("FTE needed"), "hundredths", lambda row: row.fte_required)
    yield line(words.say("Utilization"), "percent", lambda row: row.utilisation_percent)
    yield line(words.say("Clients there are"), "integer", lambda row: row.clients)
    yield line(words.say("Clients that the hours carry"), "hundredths", lambda row: row.caseload.clients)
    for what, percent, name in (
        ("times", 10, words.say("Gap, if all times were 10% longer")),
        ("times", -10, words.say("Gap, if all times were 10% shorter")),
        ("hours", 10, words.say("Gap, if all hours were 10% more")),
        ("hours", -10, words.say("Gap, if all hours were 10% fewer")),
    ):
        yield Line(name, "signed", tuple(_varied(plan, code, what, percent) for plan in plans))


def _areas(plans: Sequence[CapacityPlan | None], code: str) -> list[tuple[str, str]]:
    """Home areas of the discipline with the languages that are short there in any column; the others are not told one by one."""
    found = {
        (row.area, row.language)
        for plan in plans
        if plan
        for row in plan.pools
        if row.discipline == code and row.area != EVERYWHERE and row.language != "all" and row.gap_hours < 0
    }
    return sorted(found)


def _area_gap(plan: CapacityPlan | None, code: str, area: str, language: str) -> Fraction | None:
    rows = plan.pools if plan else ()
    return next((row.gap_hours for row in rows if (row.discipline, row.area, row.language) == (code, area, language)), None)


def _varied(plan: CapacityPlan | None, code: str, what: str, percent: int) -> Fraction | None:
    rows = plan.sensitivity if plan else ()
    return next((row.gap_hours for row in rows if (row.discipline, row.what, row.percent) == (code, what, percent)), None)


def _run_lines(words: Words, sides: Sequence[Side]) -> Iterator[Line]:
    runs = [side.run for side in sides]
    if not any(runs):
        return

    def line(name: str, kind: Kind, value: Callable[[RunFigures], Value], *, is_key: bool = False) -> Line:
        return Line(name, kind, tuple(None if run is None else value(run) for run in runs), is_key)

    yield Line(words.say("Computed"), "text", tuple(side.run_said or words.say("not asked for") for side in sides))
    yield line(words.say("Units that wait"), "integer", lambda run: run.waiting)
    yield line(words.say("Hours that wait, a week"), "hours", lambda run: Fraction(run.waiting_minutes, 60), is_key=True)
    yield line(words.say("of it French asked for, a week"), "hours", lambda run: Fraction(run.french_waiting_minutes, 60))
    yield line(words.say("Travel, a week"), "hours", lambda run: Fraction(run.travel_minutes, 60))
    yield line(words.say("Units that change hands"), "integer", lambda run: run.moved)
    yield line(words.say("Clients in them"), "integer", lambda run: run.moved_clients)
    yield line(words.say("Score, hours a week; lower is better"), "hours", lambda run: run.score_hours, is_key=True)
    yield line(words.say("From the best possible, at most"), "percent", lambda run: run.gap_percent)


def line_view(words: Words, line: Line, sides: Sequence[Side]) -> LineView:
    """The row as a page shows it."""
    quiet = (words.say("as recorded"), words.say("not asked for"))
    cells = tuple(
        CellView(
            side.name, shown(words, value, line.kind), line.kind == "signed" and isinstance(value, Fraction) and value < 0, value in quiet
        )
        for side, value in zip(sides, line.values, strict=True)
    )
    return LineView(line.name, line.is_key, line.kind == "text", len(sides) > 1 and not line.differs, cells)


def shown(words: Words, value: Value, kind: Kind) -> str:
    """A value as its row shows it; what is absent is a dash, never 0."""
    if value is None:
        return UNKNOWN
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return words.date(value)
    if kind == "signed":
        return words.signed_hours(value)
    if kind == "hours":
        return words.hours(value)
    if kind == "percent":
        return words.percent(value, 1)
    return words.number(value, {"hundredths": 2}.get(kind, 0))
