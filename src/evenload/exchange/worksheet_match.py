"""Step 3 of the worksheet: hours and needs face to face, per pool before any total, in both directions."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from evenload.exchange.pages import Callout, Column, Emphasis, Facing, Formulas, Panel, Row, Table
from evenload.exchange.worksheet_facts import WorksheetFacts
from evenload.planning.capacity_plan import Match, Pool
from evenload.planning.caseload import mix_of
from evenload.words.labels import label

EVERYWHERE = "all"
MATCH_FORMULAS: Formulas = ((3, "={1}-{2}"), (6, "={7}-{8}"), (9, "={2}/{1}"), (10, "={7}/{8}"))
"""gap, gap in full-time equivalents, utilization and ratio of a row of the match"""


def missing_pools(facts: WorksheetFacts) -> tuple[list[Pool], list[Pool]]:
    """Pools that are short of hours, the largest shortage first: by language over the whole program, and by home area.

    The first cannot be made good by anybody here. The second can, by driving between areas; where the whole program is short,
    its areas are not told again. Totals are not among them.
    """
    short = [pool for pool in facts.plan.pools if pool.language != "all" and pool.gap_hours < 0]
    short.sort(key=lambda pool: (pool.gap_hours, pool.discipline, pool.area, pool.language))
    whole = [pool for pool in short if pool.area == EVERYWHERE]
    told = {(pool.discipline, pool.language) for pool in whole}
    return whole, [pool for pool in short if pool.area != EVERYWHERE and (pool.discipline, pool.language) not in told]


def pools_callout(facts: WorksheetFacts, limit: int) -> Callout:
    """Which pools are short, before any total; at most `limit` of each kind are named."""
    words = facts.words
    whole, by_area = missing_pools(facts)
    lines = [_missing_sentence(facts, pool) for pool in whole[:limit]]
    if len(whole) > limit:
        lines.append(words.say_n("{n} more pool is short.", "{n} more pools are short.", len(whole) - limit))
    if not whole:
        lines.append(words.say("Over the whole program, no discipline is short of hours in French or in other languages."))
    lines += _area_lines(facts, by_area, limit)
    return Callout("short" if whole else "note" if by_area else "ok", tuple(lines))


def _missing_sentence(facts: WorksheetFacts, pool: Pool) -> str:
    return facts.words.say(
        "{pool}: {hours} missing over {period}.",
        pool=_pool_phrase(facts, pool),
        hours=facts.words.hours(-pool.gap_hours),
        period=facts.weeks_phrase,
    )


def _area_lines(facts: WorksheetFacts, short: list[Pool], limit: int) -> Iterator[str]:
    words = facts.words
    if not short:
        return
    named = words.list_of(
        words.say("{pool} ({hours})", pool=_pool_phrase(facts, pool), hours=words.signed_hours(pool.gap_hours)) for pool in short[:limit]
    )
    yield words.say_n(
        "By home area, {n} pool is short, so that somebody drives in from another area: {pools}.",
        "By home area, {n} pools are short, so that somebody drives in from another area. The largest: {pools}.",
        len(short),
        pools=named,
    )


def _pool_phrase(facts: WorksheetFacts, pool: Pool) -> str:
    """A pool in a sentence: occupational therapy, French, Orléans."""
    words = facts.words
    discipline = facts.discipline(pool.discipline)
    language = words.language_name("fr") if pool.language == "fr" else words.say("other languages")
    if pool.area == EVERYWHERE:
        return words.say("{discipline}, {language}", discipline=discipline, language=language)
    return words.say("{discipline}, {language}, {area}", discipline=discipline, language=language, area=pool.area)


def pools_table(facts: WorksheetFacts) -> Table:
    """Have, need and gap of every pool: discipline × area × language, French first, totals last."""
    words, weeks = facts.words, facts.weeks
    columns = (
        Column(words.say("Discipline"), "wrapped", 30),
        Column(words.say("Area"), "wrapped", 22),
        Column(words.say("Language"), "wrapped", 18),
        Column(words.say("Have, h"), "hours", 12),
        Column(words.say("Need, h"), "hours", 12),
        Column(words.say("of it modelled travel, h"), "hours", 12),
        Column(words.say("Gap, h"), "hours", 12),
        Column(words.say("Result"), "text", 12),
    )
    return Table(
        name=words.say("3 Pools"),
        title=words.say("3  Match, pool by pool"),
        columns=columns,
        rows=tuple(_pool_rows(facts)),
        notes=(
            words.say_n(
                "Hours over {n} week. Hours missing in one pool are not made good by hours left in another.",
                "Hours over {n} weeks. Hours missing in one pool are not made good by hours left in another.",
                weeks,
            ),
        ),
        footnotes=(
            words.say(
                "Gap = have − need. French: hours of Francophone or fluent practitioners against the need of clients who ask for French. "
                "Other languages: hours without French, and what French leaves. Only the rows of all languages add up."
            ),
            words.say(
                "The area of a practitioner is the home area; skills and exclusions do not enter pools. Pools with neither hours nor need "
                "are left out."
            ),
        ),
        landscape=False,
    )


def _pool_rows(facts: WorksheetFacts) -> Iterator[Row]:
    words = facts.words
    before: tuple[str, str] | None = None
    for pool in facts.plan.pools:
        if pool.supply_hours == pool.demand_hours == 0:
            continue
        is_short, place = pool.gap_hours < 0, (pool.discipline, pool.area)
        emphasis: Emphasis = "short" if is_short else ("total" if pool.language == "all" else "plain")
        yield Row(
            (
                facts.discipline(pool.discipline),
                facts.area(pool.area),
                label(words, "pool_language", pool.language),
                pool.supply_hours,
                pool.demand_hours,
                pool.demand_hours - pool.care_hours,
                pool.gap_hours,
                words.say("SHORT") if is_short else words.say("ok"),
            ),
            emphasis,
            starts_group=place != before,
            formulas=((6, "={3}-{4}"),),
        )
        before = place


def facing(facts: WorksheetFacts, match: Match) -> Facing:
    """What the hours carry and what the clients need, as two statements; beneath them what is missing by language, then the total gap."""
    missing = (_missing_sentence(facts, pool) for pool in missing_pools(facts)[0] if pool.discipline == match.discipline)
    return Facing(_carry_panel(facts, match), _need_panel(facts, match), (*missing, gap_sentence(facts, match)))


def _carry_panel(facts: WorksheetFacts, match: Match) -> Panel:
    words, caseload = facts.words, match.caseload
    title = words.say("Our hours carry")
    hours = words.say("{hours} to plan with over {period}", hours=words.hours(match.supply_hours), period=facts.weeks_phrase)
    if caseload.clients is None:
        return Panel(title, "–", (_reason_without_caseload(facts, match), hours))
    whole = sum(caseload.whole_clients.values())
    if whole <= match.clients:
        statement = words.say_n("{whole} of {n} client", "{whole} of {n} clients", match.clients, whole=whole)
    else:
        statement = words.say_n("{n} client; there are {there}", "{n} clients; there are {there}", whole, there=match.clients)
    parts = (
        words.say("{class_label}: {count}", count=caseload.whole_clients[id], class_label=facts.class_label(id))
        for id in facts.in_stated_order(caseload.whole_clients)
    )
    classes = words.list_of(parts)
    todays = mix_of(line for line in facts.plan.classes if line.discipline == match.discipline)
    if {id: share for id, share in caseload.mix.items() if share} == todays:
        return Panel(title, statement, (hours, words.say("At today's mix of classes, {classes}.", classes=classes)))
    return Panel(title, statement, (hours, words.say("At another mix of classes than today's, {classes}.", classes=classes)))


def _need_panel(facts: WorksheetFacts, match: Match) -> Panel:
    words = facts.words
    title = words.say("Our clients need")
    hours = words.say("{hours} over {period}", hours=words.hours(match.demand_hours), period=facts.weeks_phrase)
    travel = words.say("{hours} of it modelled travel, a lower estimate", hours=words.hours(match.modelled_travel_hours))
    lines = (hours, travel) if match.modelled_travel_hours else (hours,)
    if match.fte_required is None:
        return Panel(title, "–", (_reason_without_fte(facts, match), *lines))
    there = words.number(match.fte_current, 2)
    statement = words.say("{required} FTE; there are {current}", required=words.number(match.fte_required, 2), current=there)
    return Panel(title, statement, lines)


def gap_sentence(facts: WorksheetFacts, match: Match) -> str:
    """The gap in hours, clients, visits and full-time equivalents, with the period, and how full the hours are."""
    words, gap = facts.words, match.gap_hours
    measures = [words.hours(abs(gap))]
    if match.gap_clients is not None:
        measures.append(words.say_n("{n} client", "{n} clients", _whole(match.gap_clients)))
    if match.gap_visits is not None:
        measures.append(words.say_n("{n} visit", "{n} visits", _whole(match.gap_visits)))
    if match.gap_fte is not None:
        measures.append(facts.fte(abs(match.gap_fte)))
    equal = " = ".join(measures)
    if gap < 0:
        said = words.say("Missing over {period}: {measures}.", period=facts.weeks_phrase, measures=equal)
    else:
        said = words.say("To spare over {period}: {measures}.", period=facts.weeks_phrase, measures=equal)
    if match.utilisation_percent is None:
        return said
    return words.say("{gap} Utilization {used}.", gap=said, used=words.percent(match.utilisation_percent, 1))


def _reason_without_caseload(facts: WorksheetFacts, match: Match) -> str:
    if match.caseload.reason == "no_time":
        return facts.words.say("The classes of this mix take no time; check their minutes.")
    return facts.words.say("There are no clients to take a mix from.")


def _reason_without_fte(facts: WorksheetFacts, match: Match) -> str:
    if match.reason == "no_hours":
        return facts.words.say("Everybody is away for the whole period, so that no full-time equivalent can be stated.")
    return facts.words.say("Nobody here works in this discipline, so that no full-time equivalent can be stated.")


def match_table(facts: WorksheetFacts) -> Table:
    """One row per discipline: hours, gap in four measures, full-time equivalents, utilization and ratio."""
    words = facts.words
    columns = (
        Column(words.say("Discipline"), "wrapped", 30),
        Column(words.say("Have, h"), "hours", 11),
        Column(words.say("Need, h"), "hours", 11),
        Column(words.say("Gap, h"), "hours", 11),
        Column(words.say("Gap, clients"), "hours", 9),
        Column(words.say("Gap, visits"), "hours", 9),
        Column(words.say("Gap, FTE"), "hundredths", 9),
        Column(words.say("FTE there are"), "hundredths", 9),
        Column(words.say("FTE needed"), "hundredths", 9),
        Column(words.say("Utilization"), "percent_tenths", 11),
        Column(words.say("Staffing ratio"), "hundredths", 10),
    )
    rows = tuple(
        Row(
            (
                facts.discipline(row.discipline),
                row.supply_hours,
                row.demand_hours,
                row.gap_hours,
                row.gap_clients,
                row.gap_visits,
                row.gap_fte,
                row.fte_current,
                row.fte_required,
                row.utilisation_percent,
                row.ratio,
            ),
            "short" if row.gap_hours < 0 else "plain",
            formulas=MATCH_FORMULAS,
        )
        for row in facts.plan.match
    )
    return Table(
        name=words.say("3 Totals"),
        title=words.say("Match of each discipline, in both directions"),
        columns=columns,
        rows=rows,
        footnotes=_match_footnotes(facts),
        landscape=False,
    )


def _match_footnotes(facts: WorksheetFacts) -> tuple[str, ...]:
    words = facts.words
    return (
        words.say(
            "Period: {period}. Gap = have − need. FTE needed = need ÷ hours to plan with of one full-time equivalent here. "
            "One full-time equivalent works {hours} a week.",
            period=facts.period,
            hours=words.hours(facts.plan.fte_weekly_hours),
        ),
        words.say(
            "Utilization = need ÷ have. Staffing ratio = FTE there are ÷ FTE needed. Gap in clients and visits: at the mean hours of a "
            "client and of a visit. Hours in several disciplines are split in proportion to what those disciplines need."
        ),
    )


def caseload_table(facts: WorksheetFacts) -> Table:
    """What the hours carry, class by class: the mix, hours per client, clients exact and whole, and the clients there are."""
    words = facts.words
    columns = (
        Column(words.say("Discipline"), "wrapped", 30),
        Column(words.say("Class"), "wrapped", 24),
        Column(words.say("Share of clients"), "percent_tenths", 10),
        Column(words.say("Hours per client"), "hundredths", 11),
        Column(words.say("Clients carried, exact"), "hundredths", 12),
        Column(words.say("Clients carried, whole"), "integer", 12),
        Column(words.say("Clients there are"), "integer", 12),
    )
    there = {line.class_id: line.clients for line in facts.plan.classes}
    rows = tuple(
        Row(
            (
                facts.discipline(row.discipline),
                facts.class_label(id),
                100 * row.caseload.mix[id],
                row.caseload.hours_per_client.get(id),
                row.caseload.by_class.get(id),
                row.caseload.whole_clients.get(id),
                there.get(id, 0),
            ),
            starts_group=at == 0,
        )
        for row in facts.plan.match
        for at, id in enumerate(facts.in_stated_order(row.caseload.mix))
    )
    return Table(
        name=words.say("3 Caseload"),
        title=words.say("The caseload that our hours carry"),
        columns=columns,
        rows=rows,
        empty=words.say("There are no clients to take a mix from."),
        footnotes=(
            words.say(
                "Clients carried = hours to plan with ÷ the mean hours of a client in this mix × the class's share. Whole clients: rounded "
                "down, then one more each, largest remainder first, while the hours last. Period: {period}.",
                period=facts.period,
            ),
        ),
        landscape=False,
    )


def _whole(amount: Fraction) -> int:
    size = abs(amount)
    return (2 * size.numerator + size.denominator) // (2 * size.denominator)
