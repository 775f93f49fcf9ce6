"""What the figures of a program say: their findings, the names of pools, and why a figure is absent."""

from __future__ import annotations

from typing import Final

from evenload.planning.waitlist import LEAST_COUNT, LEAST_WEEKS, SPECIAL_MEASURES_RATIO, WeeklyRate
from evenload.web.waiting_list_words import AGES as AGE_NAMES
from evenload.web.waiting_list_words import LANGUAGES
from evenload.words import Words, label, message
from evenload.workflow.past_figures import Continuity, Evenness, FrenchFigures, TalkFigures
from evenload.workflow.pool_weeks import PoolWeeks
from evenload.workflow.program_figures import LoadSpread, ProgramFigures
from evenload.workflow.wait_figures import UNKNOWN_AGE, PoolQueue, WaitFigures

AGES: Final = AGE_NAMES | {UNKNOWN_AGE: message("no day stated")}


def pool_name(words: Words, discipline: str, language: str) -> str:
    """`OT, French`, `OT, other languages`, `OT, all languages`."""
    spoken = {
        "fr": words.language_name("fr"),
        "other": words.say("other languages"),
        "all": words.say("all languages"),
    }[language]
    return words.say("{discipline}, {language}", discipline=label(words, "discipline", discipline), language=spoken)


def queue_name(words: Words, one: PoolQueue) -> str:
    """The pool of a waiting list: discipline and the language that was asked."""
    spoken = words.language_name(one.language) if one.language in ("fr", "en") else words.say(LANGUAGES[one.language])
    return words.say("{discipline}, {language}", discipline=label(words, "discipline", one.discipline), language=spoken)


def finding(words: Words, found: ProgramFigures) -> str:
    """The program in a few sentences: what is missing, who waits, who waits for an answer."""
    said = [shortage(words, found), _waiting(words, found.waiting), _late(words, found.talks)]
    return " ".join(one for one in said if one)


def shortage(words: Words, found: ProgramFigures) -> str:
    """Hours that are missing in the weeks ahead, over all pools, and where most; shortages are never offset."""
    if found.has_problems:
        return words.say("The program's facts contradict each other, so that hours cannot be counted; the planning worksheet says where.")
    weeks = weeks_ahead(found)
    if not found.people:
        return words.say("Nobody works in this program yet.")
    if not weeks:
        return words.say("The period of the program has ended: no week is left to look ahead to.")
    short = found.short_pools
    if not short:
        return words.say_n("Next week: no pool is short of hours.", "Next {n} weeks: no pool is short of hours.", weeks)
    missing = words.hours_per_week(sum(pool.short for pool in short))
    where = pool_name(words, short[0].discipline, short[0].language)
    most = words.hours_per_week(short[0].short)
    if len(short) == 1:
        return words.say_n(
            "Next week: {missing} short in one pool: {pool}.",
            "Next {n} weeks: {missing} short in one pool: {pool}.",
            weeks,
            missing=missing,
            pool=where,
        )
    return words.say_n(
        "Next week: {missing} short in {pools} pools. Largest: {pool} ({most}).",
        "Next {n} weeks: {missing} short in {pools} pools. Largest: {pool} ({most}).",
        weeks,
        missing=missing,
        pools=len(short),
        pool=where,
        most=most,
    )


def weeks_ahead(found: ProgramFigures) -> int:
    """How many weeks the hours are counted over."""
    return max((len(pool.weeks) for pool in found.pools), default=0)


def _waiting(words: Words, waiting: WaitFigures) -> str:
    if not waiting.count:
        return words.say("Nobody is waiting.")
    if waiting.oldest_days is None:
        return words.say_n("{n} waits.", "{n} wait.", waiting.count)
    return words.say_n("{n} waits, for {days} days.", "{n} wait, the longest for {days} days.", waiting.count, days=waiting.oldest_days)


def _late(words: Words, talks: TalkFigures) -> str:
    return words.say_n("{n} load conversation is late.", "{n} load conversations are late.", talks.late) if talks.late else ""


def gaps_finding(words: Words, pools: tuple[PoolWeeks, ...]) -> str:
    """What the chart of pools shows."""
    short = [pool for pool in pools if pool.short]
    if not short:
        return words.say("No pool is short of hours on average; single weeks may be.")
    worst = max(short, key=lambda pool: pool.short)
    where, most = pool_name(words, worst.discipline, worst.language), words.hours_per_week(worst.short)
    return words.say_n(
        "{n} pool of {pools} is short of hours: {pool} ({most}).",
        "{n} pools of {pools} are short of hours, most {pool} ({most}).",
        len(short),
        pools=len(pools),
        pool=where,
        most=most,
    )


def weeks_finding(words: Words, pool: PoolWeeks) -> str:
    """What the chart of one pool's weeks shows."""
    short = [week for week in pool.weeks if week.gap < 0]
    if not short:
        return words.say("In no week is more needed than there is.")
    worst = min(short, key=lambda week: week.gap)
    return words.say_n(
        "In {n} week of {weeks} more is needed than there is: that of {monday}, {hours}.",
        "In {n} weeks of {weeks} more is needed than there is, most in that of {monday}: {hours}.",
        len(short),
        weeks=len(pool.weeks),
        monday=words.day(worst.monday),
        hours=words.signed_hours(worst.gap),
    )


def loads_finding(words: Words, spread: LoadSpread) -> str:
    """How loads lie, in one sentence."""
    if spread.middle is None or spread.least is None or spread.most is None:
        return words.say("Nobody has hours for client care in these weeks.")
    least, most = words.percent(round(spread.least)), words.percent(round(spread.most))
    if spread.lower is None or spread.upper is None:
        return words.say("One person has hours; her load is {percent}.", percent=most)
    said = words.say(
        "Middle load {middle}, the middle half of the team from {lower} to {upper}, the least {least}, the most {most}.",
        middle=words.percent(round(spread.middle)),
        lower=words.percent(round(spread.lower)),
        upper=words.percent(round(spread.upper)),
        least=least,
        most=most,
    )
    own = words.say("{above} above their own range, {below} below it.", above=spread.above, below=spread.below)
    return f"{said} {own}"


def waiting_finding(words: Words, waiting: WaitFigures) -> str:
    """What the chart of ages and priorities shows."""
    if not waiting.count:
        return words.say("Nobody is waiting.")
    urgent = sum(cell.count for cell in waiting.cells if cell.priority <= 2)
    old = sum(cell.count for cell in waiting.cells if cell.age in ("91-180", "181"))
    return words.say(
        "{n} waiting: {urgent} of priority 1 or 2, {old} for more than 90 days, {late} late.",
        n=waiting.count,
        urgent=urgent,
        old=old,
        late=waiting.late,
    )


def rate_source(words: Words, rate: WeeklyRate | None) -> str:
    """Behind a rate: how many in how many weeks, and the range of a week."""
    if rate is None:
        return words.say("no whole week is observed yet")
    return words.say("{n} in {weeks} weeks, {low} to {high} a week", n=rate.count, weeks=rate.weeks, low=rate.low, high=rate.high)


def lacking(words: Words, one: PoolQueue) -> str:
    """Why figures of a pool are absent; empty where none is."""
    said = [_rate_lacks(words, one.received, is_demand=True), _rate_lacks(words, one.taken_up, is_demand=False)]
    if one.target is None:
        said.append(words.say("No target for a first visit is set."))
    if one.mean_wait is None:
        said.append(words.say("No referral of it waits."))
    return " ".join(found for found in said if found)


def _rate_lacks(words: Words, rate: WeeklyRate | None, *, is_demand: bool) -> str:
    lacks = "few_weeks" if rate is None else rate.lacks
    if lacks == "few_weeks":
        return words.say("Fewer than {n} whole weeks are observed.", n=LEAST_WEEKS) if is_demand else ""
    if lacks == "none":
        return (
            words.say("No referral came in these weeks.") if is_demand else words.say("None was taken up in these weeks: there is no load.")
        )
    if lacks == "few":
        if is_demand:
            return words.say("Fewer than {n} referrals came in: too few to go by.", n=LEAST_COUNT)
        return words.say("Fewer than {n} were taken up: too few to go by.", n=LEAST_COUNT)
    return ""


def queue_finding(words: Words, one: PoolQueue) -> str:
    """What the arithmetic says of one pool, in a sentence or two; empty where it says nothing."""
    load = one.figures.load
    if one.grows:
        said = words.say("The list grows: more come than are taken up.")
    elif load is not None and load < 1:
        said = words.say("The list clears.")
    else:
        said = words.say("As many come as are taken up, within chance.") if load is not None else ""
    if one.figures.queue_ratio is not None and one.figures.queue_ratio > SPECIAL_MEASURES_RATIO:
        more = words.say("More than twice as many wait as the target allows.")
    else:
        more = words.say("Clients will miss the target.") if one.misses else ""
    return f"{said} {more}".strip()


def evenness_sentence(words: Words, found: Evenness) -> str:
    """How evenly the last week was carried, and how loads moved."""
    if found.gini is None or found.last_monday is None:
        return words.say("No past week is written down yet.")
    index, day = words.number(found.gini, 2), words.day(found.last_monday)
    if found.change is None:
        return words.say("Unevenness {index} in the week of {day}; 0 is even.", index=index, day=day)
    return words.say(
        "Unevenness {index} in the week of {day}; 0 is even. From week to week a load moves by {points} points.",
        index=index,
        day=day,
        points=words.number(found.change),
    )


def continuity_sentence(words: Words, found: Continuity) -> str:
    """Who kept whom between the last two editions."""
    if not found.edition:
        return words.say("No list is published yet.")
    if found.share is None:
        return words.say("There is no edition before edition {number} to compare with.", number=found.edition)
    return words.say(
        "{kept} of {held} units kept their practitioner from edition {before} to edition {now}: {percent}.",
        kept=found.kept,
        held=found.held,
        before=found.before,
        now=found.edition,
        percent=words.percent(100 * found.share, 1),
    )


def french_sentence(words: Words, found: FrenchFigures) -> str:
    """How long French waits beside English."""
    longer = found.longer_days
    if longer is None:
        return words.say("Too few first visits to compare the waits in French and in English.")
    days = words.number(abs(longer), 0 if longer.denominator == 1 else 1)
    if not longer:
        return words.say("French and English wait as long, in the middle.")
    if longer > 0:
        return words.say("In the middle, French waits {days} days longer than English.", days=days)
    return words.say("In the middle, French waits {days} days less than English.", days=days)
