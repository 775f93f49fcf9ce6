"""What the director's overview says: the finding first, why a program's hours are in no sum, and the names of its pools."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from typing import Final

from django.utils import timezone

from evenload.web.figure_words import pool_name
from evenload.words import Words, message
from evenload.words.voice import Fact
from evenload.workflow import organisation_sums as sums
from evenload.workflow.organisation_figures import ProgramPart
from evenload.workflow.organisation_sums import FrenchWaits, Shortage, Week

LEAST_FTE: Final = Fraction(1, 20)
"""less would be shown as 0.0"""
LACKS: Final = {
    "no_hours": message("{program}: nobody with hours is recorded. It is in no sum of hours."),
    "no_clients": message("{program}: no clients and no units are recorded. It is in no sum of hours."),
    "period_over": message("{program}: its period has ended, no week lies ahead. It is in no sum of hours."),
    "facts_contradict": message("{program}: its records contradict each other, and were not counted before. It is in no sum of hours."),
    "broken": message("{program}: its figures could not be counted, and were not before. It is in no sum."),
}
SHORT_LACKS: Final = {
    "no_hours": message("no hours"),
    "no_clients": message("no clients"),
    "period_over": message("period over"),
    "facts_contradict": message("not counted"),
    "broken": message("not counted"),
}
OLD: Final = {
    "facts_contradict": message("{program}: its records contradict each other. Its hours are those of {moment}."),
    "broken": message("{program}: its figures could not be counted. They are those of {moment}."),
}


def program_name(words: Words, part: ProgramPart) -> str:
    """In the page's language."""
    return words.either(part.program.name_en, part.program.name_fr)


def moment(words: Words, at: datetime, now: datetime) -> str:
    """`10:42 a.m.`; of another day with its date."""
    local = timezone.localtime(at)
    clock = words.clock(local.time())
    return clock if local.date() == timezone.localdate(now) else words.say("{day}, {time}", day=local.date(), time=clock)


def finding(words: Words, parts: Sequence[ProgramPart]) -> str:
    """The first sentence: hours that are missing in the weeks ahead, in how many pools, and where most."""
    weeks, short = sums.weeks_ahead(parts), sums.shortages(parts)
    if not sums.counting(parts):
        return words.say("Needs hours and clients from one program.")
    if not short:
        return words.say_n("Next week: no pool is short of hours.", "Next {n} weeks: no pool is short of hours.", weeks)
    facts = {
        "pools": words.say_n("{n} pool", "{n} pools", len(short)),
        "missing": words.hours_per_week(-sum((one.hours for one in short), Fraction(0))),
    }
    fte = _fte(words, short)
    if fte:
        said = words.say_n(
            "Next week: {fte} FTE short in {pools}, {missing}.",
            "Next {n} weeks: {fte} FTE short in {pools}, {missing}.",
            weeks,
            fte=fte,
            **facts,
        )
    else:
        said = words.say_n("Next week: {missing} in {pools}.", "Next {n} weeks: {missing} in {pools}.", weeks, **facts)
    if len(short) == 1 and len(parts) == 1:
        return said
    most = words.say("Largest: {pool}, {hours}.", pool=shortage_name(words, short[0], parts), hours=words.hours_per_week(-short[0].hours))
    return f"{said} {most}"


def _fte(words: Words, short: Sequence[Shortage]) -> str:
    known = [one.fte for one in short if one.fte is not None]
    if len(known) < len(short):
        return ""
    amount = sum(known, Fraction(0))
    return words.number(amount) if amount >= LEAST_FTE else words.say("less than 0.1")


def shortage_name(words: Words, one: Shortage, parts: Sequence[ProgramPart]) -> str:
    """`OT, French, School rehabilitation`; with one program without its name."""
    pool = pool_name(words, one.discipline, one.language)
    return pool if len(parts) == 1 else words.say("{pool}, {program}", pool=pool, program=program_name(words, one.part))


def notes(words: Words, parts: Sequence[ProgramPart], now: datetime) -> list[tuple[str, ProgramPart]]:
    """What is not as it should be: programs in no sum, and those whose figures are of before."""
    found = []
    for part in parts:
        name = program_name(words, part)
        if part.lacks:
            found.append((words.say(LACKS[part.lacks], program=name), part))
        elif part.failure:
            of = part.plan_at if part.failure == "facts_contradict" else part.as_of
            found.append((words.say(OLD[part.failure], program=name, moment=moment(words, of or part.as_of, now)), part))
    return found


def together_finding(words: Words, weeks: Sequence[Week]) -> str:
    """What the chart of have and need shows; together they say little of single pools."""
    above = sum(week.need > week.have for week in weeks)
    facts: dict[str, Fact] = {"weeks": len(weeks), "n": above}
    if not above:
        said = words.say("All pools together, there are hours enough in every week.")
    else:
        said = words.say("All pools together, more is needed than there is in {n} of {weeks} weeks.", **facts)
    return f"{said} {words.say('That hides what single pools miss.')}"


def hours_of_before(words: Words, part: ProgramPart, now: datetime) -> str:
    """Beside a figure that holds hours of before, or has to do without: `Home care: of 10:42 a.m.`; empty where they are of now."""
    if not part.failure:
        return ""
    name = program_name(words, part)
    if part.plan is None:
        return words.say("without {program}", program=name)
    of = part.plan_at if part.failure == "facts_contradict" else part.as_of
    return words.say("{program}: of {time}", program=name, time=moment(words, of or part.as_of, now))


def records_of_before(words: Words, part: ProgramPart, now: datetime) -> str:
    """The same of what is counted from records, which stand where facts only contradict each other."""
    return hours_of_before(words, part, now) if part.failure == "broken" else ""


def weeks_finding(words: Words, weeks: Sequence[Week]) -> str:
    """What the chart of weeks shows; missing hours stand apart, whatever there is together."""
    short = [week for week in weeks if week.missing]
    if not short:
        return words.say("In no week is a pool short of hours.")
    worst = max(short, key=lambda week: week.missing)
    facts: dict[str, Fact] = {"weeks": len(weeks), "monday": words.day(worst.monday), "hours": words.hours(worst.missing)}
    return words.say_n(
        "In {n} week of {weeks} hours are missing in some pool: that of {monday}, {hours}.",
        "In {n} weeks of {weeks} hours are missing in some pool, most in that of {monday}: {hours}.",
        len(short),
        **facts,
    )


def loads_finding(words: Words, parts: Sequence[ProgramPart]) -> str:
    """What the chart of loads shows."""
    found = sums.spread(parts)
    return words.say(
        "{people} people with hours: {within} in their own range, {above} above it, of them {over} above their hours, {below} below it.",
        people=found.people,
        within=found.within,
        above=found.above,
        over=found.over,
        below=found.below,
    )


def waiting_finding(words: Words, counts: dict[tuple[str, int], int], late: int) -> str:
    """What the chart of ages and priorities shows."""
    total = sum(counts.values())
    if not total:
        return words.say("Nobody is waiting.")
    urgent = sum(count for (_, priority), count in counts.items() if priority <= 2)
    old = sum(count for (age, _), count in counts.items() if age in ("91-180", "181"))
    return words.say(
        "{n} waiting: {urgent} of priority 1 or 2, {old} for more than 90 days, {late} late.", n=total, urgent=urgent, old=old, late=late
    )


def french_figure(words: Words, waits: FrenchWaits) -> str:
    """The figure of the tile: `4 days longer`, `as long`, a dash where one of both is not known."""
    days = waits.longer_days
    if days is None:
        return "–"
    if not days:
        return words.say("as long")
    whole = abs(days)
    said = words.integer(whole) if whole.denominator == 1 else words.number(whole)
    if days > 0:
        return words.say("{days} day longer", days=said) if whole <= 1 else words.say("{days} days longer", days=said)
    return words.say("{days} day shorter", days=said) if whole <= 1 else words.say("{days} days shorter", days=said)


def french_beside(words: Words, waits: FrenchWaits) -> str:
    """Behind the figure: both middles, and how many first visits they are of."""
    if waits.french is None or waits.english is None:
        return words.say("Too few first visits to compare French with English.")
    facts: dict[str, Fact] = {
        "french": words.number(waits.french),
        "english": words.number(waits.english),
        "n": waits.n_french,
        "m": waits.n_english,
    }
    said = words.say("French {french} days of {n} first visits, English {english} of {m}", **facts)
    return words.say("{said}; read with care", said=said) if waits.is_small else said
