"""The parts of the director's overview: tiles, the table of gaps, programs side by side, hours that help, contracts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from urllib.parse import urlencode

from django.urls import reverse

from evenload.web import overview_words as said
from evenload.web.contract_words import ICONS, STATES
from evenload.web.figure_words import pool_name
from evenload.words import Words, label
from evenload.workflow import organisation_sums as sums
from evenload.workflow.organisation_figures import ProgramPart
from evenload.workflow.organisation_sums import FrenchWaits, Pool, Shortage
from evenload.workflow.pool_weeks import PoolWeeks

UNKNOWN = "–"
HOURS_SHOWN = 5
CONTRACTS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure, where it leads, and what stands behind it."""

    title: str
    figure: str
    address: str
    beside: tuple[str, ...] = ()
    is_urgent: bool = False
    failing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GapCell:
    """The gap of one pool in one program, or a sum of shortages. Empty: there is no such pool; a dash: not known."""

    hours: Fraction | None
    text: str
    address: str = ""
    is_short: bool = False


@dataclass(frozen=True, slots=True)
class GapRow:
    """One pool through all programs, and what of it is missing."""

    name: str
    whole_name: str
    cells: tuple[GapCell, ...]
    missing: GapCell


@dataclass(frozen=True, slots=True)
class ShortLine:
    """One pool in which hours are missing, as a line of a list."""

    name: str
    hours: str
    address: str


@dataclass(frozen=True, slots=True)
class ProgramLine:
    """One program beside the others; every figure leads to its rows. Texts are dashes where nothing is known."""

    part: ProgramPart
    name: str
    lacks: str
    missing: str
    load: str
    half: str
    waiting: str
    oldest: str
    french: str
    talks: str
    talks_late: int
    evenness: str
    continuity: str
    has_plan: bool


@dataclass(frozen=True, slots=True)
class HourLine:
    """Where one more hour a week helps, by which plan."""

    name: str
    program: str
    saved: str
    run_address: str
    planned_at: object


@dataclass(frozen=True, slots=True)
class ContractLine:
    """Where one contract is going."""

    name: str
    program: str
    state: str
    icon: str
    code: str
    expected: Fraction | None
    low: float | None
    high: float | None
    visits: int
    ends_on: object
    address: str


def tiles(words: Words, parts: Sequence[ProgramPart], now: datetime) -> tuple[Tile, ...]:
    """Loads, the waiting list, French beside English, load conversations; each says which program's figures in it are of before."""
    of_hours = tuple(filter(None, (said.hours_of_before(words, part, now) for part in parts)))
    of_records = tuple(filter(None, (said.records_of_before(words, part, now) for part in parts)))
    load, *others = (_load(words, parts), _waiting(words, parts), _french(words, parts), _talks(words, parts))
    return (replace(load, failing=of_hours), *(replace(one, failing=of_records) for one in others))


def _load(words: Words, parts: Sequence[ProgramPart]) -> Tile:
    found = sums.spread(parts)
    if found.middle is None:
        return Tile(words.say("Middle load"), UNKNOWN, "#programs")
    beside = []
    if found.lower is not None and found.upper is not None:
        beside.append(words.say("middle half {low} to {high}", low=words.percent(found.lower), high=words.percent(found.upper)))
    beside.append(words.say_n("{n} person above their hours", "{n} people above their hours", found.over))
    return Tile(words.say("Middle load"), words.percent(found.middle), "#chart-loads", tuple(beside))


def _waiting(words: Words, parts: Sequence[ProgramPart]) -> Tile:
    known = [one for part, one in sums.recorded(parts) if _has_list(part)]
    if not known:
        return Tile(words.say("Waiting"), UNKNOWN, "#programs")
    count, late, oldest = sum(one.waiting for one in known), sum(one.late for one in known), sums.oldest_days(parts)
    beside = [words.say_n("oldest {n} day", "oldest {n} days", oldest)] if oldest is not None else []
    if late:
        beside.append(words.say_n("{n} late", "{n} late", late))
    return Tile(words.say("Waiting"), words.integer(count), "#chart-waiting" if count else "#programs", tuple(beside), is_urgent=late > 0)


def _has_list(part: ProgramPart) -> bool:
    """A program without clients and without anybody waiting has no waiting list of which 0 would be a fact."""
    return part.lacks != "no_clients" or bool(part.records and part.records.waiting)


def _french(words: Words, parts: Sequence[ProgramPart]) -> Tile:
    waits = sums.french_waits(parts)
    longer = waits.longer_days
    return Tile(
        words.say("French waits"),
        said.french_figure(words, waits),
        "#programs",
        (said.french_beside(words, waits),),
        is_urgent=longer is not None and longer > 0,
    )


def _talks(words: Words, parts: Sequence[ProgramPart]) -> Tile:
    known = [one.talks for _, one in sums.recorded(parts)]
    if not known:
        return Tile(words.say("Load conversations"), UNKNOWN, "#programs")
    late, open_ = sum(one.late for one in known), sum(one.open for one in known)
    return Tile(
        words.say("Load conversations"),
        words.say_n("{n} late", "{n} late", late),
        "#programs",
        (words.say_n("{n} open", "{n} open", open_),),
        is_urgent=late > 0,
    )


def gap_rows(words: Words, parts: Sequence[ProgramPart]) -> tuple[GapRow, ...]:
    """Every pool × program, and what of the pool is missing; the last row is what is missing of each program, and of all."""
    found = {part.program.pk: sums.pools_of(part) for part in parts}
    rows = []
    for pool in sums.pools(parts):
        cells = tuple(_cell(words, part, pool, found[part.program.pk].get(pool)) for part in parts)
        rows.append(GapRow(_short_name(words, pool), pool_name(words, *pool), cells, _sum(words, cells)))
    return tuple(rows)


def _short_name(words: Words, pool: Pool) -> str:
    """`OT, French`, `OT, other`: a table of many columns has no room for more."""
    language = words.language_name("fr") if pool[1] == "fr" else words.say("other")
    return words.say("{discipline}, {language}", discipline=label(words, "discipline_short", pool[0]), language=language)


def _cell(words: Words, part: ProgramPart, pool: Pool, found: PoolWeeks | None) -> GapCell:
    if part.lacks:
        return GapCell(None, UNKNOWN)
    if found is None:
        return GapCell(None, "")
    return GapCell(found.gap, words.signed(found.gap), pool_address(part, pool), found.gap < 0)


def _sum(words: Words, cells: Sequence[GapCell]) -> GapCell:
    missing = sum((cell.hours for cell in cells if cell.hours is not None and cell.hours < 0), Fraction(0))
    return GapCell(missing, words.signed(missing), is_short=missing < 0)


def missing_row(words: Words, parts: Sequence[ProgramPart], rows: Sequence[GapRow]) -> tuple[GapCell, ...]:
    """Under the table: what is missing of each program, and of all together."""
    by_program = [[row.cells[place] for row in rows] for place in range(len(parts))]
    sums_of = [_sum(words, cells) if not part.lacks else GapCell(None, UNKNOWN) for part, cells in zip(parts, by_program, strict=True)]
    return (*sums_of, _sum(words, [row.missing for row in rows]))


def pool_address(part: ProgramPart, pool: Pool) -> str:
    """The weeks of one pool of one program."""
    query = urlencode({"discipline": pool[0], "language": pool[1]})
    return f"{reverse('program_figures', args=[part.program.code])}?{query}"


def short_lines(words: Words, parts: Sequence[ProgramPart]) -> list[ShortLine]:
    """The pools in which hours are missing, the most on top, for a phone."""
    return [
        ShortLine(
            _short_shortage(words, one, parts),
            words.hours_per_week(-one.hours),
            pool_address(one.part, (one.discipline, one.language)),
        )
        for one in sums.shortages(parts)
    ]


def _short_shortage(words: Words, one: Shortage, parts: Sequence[ProgramPart]) -> str:
    name = _short_name(words, (one.discipline, one.language))
    return name if len(parts) == 1 else words.say("{pool}, {program}", pool=name, program=said.program_name(words, one.part))


def program_lines(words: Words, parts: Sequence[ProgramPart]) -> list[ProgramLine]:
    """The programs side by side."""
    return [_line(words, part) for part in parts]


def _line(words: Words, part: ProgramPart) -> ProgramLine:
    spread, own = sums.spread([part]), part.records
    missing = sum((one.hours for one in sums.shortages([part])), Fraction(0))
    waits = sums.french_waits([part])
    share = own.continuity.share if own else None
    half = spread.lower is not None and spread.upper is not None
    return ProgramLine(
        part=part,
        name=said.program_name(words, part),
        lacks=words.say(said.SHORT_LACKS[part.lacks]) if part.lacks else "",
        missing=words.signed(-missing) if part.counts else UNKNOWN,
        load=words.percent(spread.middle) if spread.middle is not None else UNKNOWN,
        half=words.say("{low} to {high}", low=words.percent(spread.lower), high=words.percent(spread.upper))
        if half and spread.lower is not None and spread.upper is not None
        else "",
        waiting=words.integer(own.waiting) if own and _has_list(part) else UNKNOWN,
        oldest=words.say_n("oldest {n} day", "oldest {n} days", own.oldest_days) if own and own.oldest_days is not None else "",
        french=_days_longer(words, waits),
        talks=words.say("{open} open", open=own.talks.open) if own else UNKNOWN,
        talks_late=own.talks.late if own else 0,
        evenness=words.number(own.evenness.gini, 2) if own and own.evenness.gini is not None else UNKNOWN,
        continuity=words.percent(100 * share) if share is not None else UNKNOWN,
        has_plan=part.help is not None,
    )


def _days_longer(words: Words, waits: FrenchWaits) -> str:
    days = waits.longer_days
    return UNKNOWN if days is None else words.signed(days, 0 if days.denominator == 1 else 1)


def hour_lines(words: Words, parts: Sequence[ProgramPart]) -> list[HourLine]:
    """Where one more hour helps most, over all programs."""
    found = []
    for one in sums.hours_that_help(parts, HOURS_SHOWN):
        pool = pool_name(words, one.hour.discipline, one.hour.language)
        area = one.hour.area if one.hour.area not in ("", "all") else ""
        found.append(
            HourLine(
                name=words.say("{pool}, {area}", pool=pool, area=area) if area else pool,
                program=said.program_name(words, one.part),
                saved=words.hours_per_week(one.hour.saved_hours),
                run_address=reverse("run", args=[one.part.program.code, one.help.run]),
                planned_at=one.help.ended_at,
            )
        )
    return found


def contract_lines(words: Words, parts: Sequence[ProgramPart]) -> list[ContractLine]:
    """Every contract, those off their course first."""
    return [
        ContractLine(
            name=words.either(one.name_en, one.name_fr),
            program=said.program_name(words, part),
            state=words.say(STATES[one.state]),
            icon=ICONS[one.state],
            code=one.state,
            expected=one.expected,
            low=one.low,
            high=one.high,
            visits=one.visits,
            ends_on=one.ends_on,
            address=reverse("contract", args=[part.program.code, one.key]),
        )
        for part, one in sums.contracts(parts)
    ]
