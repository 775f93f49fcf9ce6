"""How good the plan is: its price part by part, its measures, where one more hour helps most, and how it came about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evenload.exchange.list_facts import ListFacts
from evenload.exchange.pages import Column, Row, Table
from evenload.planning.scorecard import Scorecard
from evenload.planning.shadow import HelpfulHour
from evenload.words import message
from evenload.words.labels import label

_HELPFUL_ROWS = 40
_LEAST_SAVED_HOURS = 0.005

PART_MEANINGS: Final = {
    "waiting": message("Clients who wait, by priority, weeks waiting and language"),
    "travel": message("Hours on the road"),
    "overload": message("Hours above the comfortable ranges, dearer above capacity"),
    "balance": message("Hours below the comfortable ranges, and distance from a fair share of the work"),
    "continuity": message("Clients who lose the practitioner they know"),
    "language": message("Preferred languages that are not spoken; French is never a price, it is a rule"),
    "skills": message("Preferred skills that are missing"),
    "interests": message("Units that match nobody's interests although somebody has them"),
    "experience": message("Fewer years of experience than the class asks for"),
    "team": message("Practitioners who come to a site from outside its team"),
    "split": message("Further practitioners who share one unit"),
    "site_visits": message("Trips beyond the most sites a day that somebody accepts"),
    "balance_clients": message("Clients above or below the fair share"),
    "balance_travel": message("Driving above the fair share"),
    "site_sharing": message("Further practitioners of one discipline at one site"),
}
"""What each part of the score prices."""


def score_table(facts: ListFacts) -> Table:
    """The plan's price in hours per week, part by part, with what each part means."""
    words, score = facts.words, facts.plan.score
    columns = (
        Column(words.say("Part"), "wrapped", 36),
        Column(words.say("Price, hours a week"), "hundredths", 14),
        Column(words.say("Share of the price"), "percent", 12),
        Column(words.say("What is priced"), "wrapped", 74),
    )
    total = score.hours
    rows = [
        Row((label(words, "part", part), hours, _share(hours, total), words.say(PART_MEANINGS[part]) if part in PART_MEANINGS else ""))
        for part, hours in sorted(score.parts.items(), key=lambda item: (-item[1], item[0]))
    ]
    rows.append(Row((words.say("Together"), total, None, bound_sentence(facts)), "total"))
    return Table(
        name=words.say("Score"),
        title=words.say("The price of this plan, in hours a week"),
        columns=columns,
        rows=tuple(rows),
        notes=(
            words.say(
                "Everything is priced in one currency, hours a week. The prices are in the workbook's sheet of goals and can be edited."
            ),
        ),
        footnotes=(
            words.say(
                "{hours} of it is the price of units that nobody here may take: no plan can avoid it.",
                hours=words.hours_per_week(score.unavoidable),
            ),
        )
        if score.unavoidable > _LEAST_SAVED_HOURS
        else (),
        sortable=False,
    )


def _share(hours: float, total: float) -> float | None:
    return 100 * hours / total if total > 0 else None


def bound_sentence(facts: ListFacts) -> str:
    """How far this plan can be from the best possible at most, in a sentence."""
    words, gap = facts.words, facts.plan.bound.gap_percent(facts.plan.score)
    if gap < 0.05:  # shown with one decimal
        return words.say("No better plan is possible with these facts and prices.")
    return words.say("This plan is at most {percent} from the best possible.", percent=words.percent(gap, 1))


def scorecard_table(facts: ListFacts, card: Scorecard) -> Table:
    """The plan's measures: loads, continuity, French, other languages, travel, teams, waiting."""
    words = facts.words
    columns = (Column(words.say("Measure"), "wrapped", 58), Column(words.say("Figure"), "wrapped", 70))
    groups = (
        (words.say("Loads"), tuple(_load_lines(facts, card))),
        (words.say("Continuity"), tuple(_continuity_lines(facts, card))),
        (words.say("Language"), tuple(_language_lines(facts, card))),
        (words.say("Travel and teams"), tuple(_place_lines(facts, card))),
        (words.say("Waiting"), tuple(_waiting_lines(facts, card))),
    )
    rows = [row for name, lines in groups for row in (Row((name, None), "group", starts_group=True), *(Row(line) for line in lines))]
    return Table(words.say("Scorecard"), words.say("Scorecard"), columns, tuple(rows), landscape=False, sortable=False)


def _load_lines(facts: ListFacts, card: Scorecard) -> Iterator[tuple[str, str]]:
    words = facts.words
    for state in card.states:
        yield (
            words.say("Practitioners: {state}", state=label(words, "load", state.state).lower()),
            words.say(
                "{count}, with {assigned} of {capacity}",
                count=state.practitioners,
                assigned=words.number(facts.hours_of(state.assigned_minutes)),
                capacity=words.hours_per_week(facts.hours_of(state.capacity_minutes)),
            ),
        )
    if spread := card.spread:
        yield (
            words.say("Load, lowest to highest"),
            words.say(
                "{low} to {high}; mean {mean}; the middle 80 percent of practitioners between {p10} and {p90}",
                low=words.percent(spread.lowest_percent),
                high=words.percent(spread.highest_percent),
                mean=words.percent(spread.mean_percent),
                p10=words.percent(spread.p10_percent),
                p90=words.percent(spread.p90_percent),
            ),
        )
        yield words.say("Inequality of loads (Gini; 0 is all alike)"), words.number(spread.gini, 2)


def _continuity_lines(facts: ListFacts, card: Scorecard) -> Iterator[tuple[str, str]]:
    words, found = facts.words, card.continuity
    had, kept = found.with_current, found.kept
    yield (
        words.say("Units that keep their practitioner"),
        words.say(
            "{kept} of {units}, {kept_clients} of {clients}",
            kept=kept.units,
            units=facts.units_phrase(had.units),
            kept_clients=kept.clients,
            clients=facts.clients_phrase(had.clients),
        ),
    )
    yield words.say("Clients who change hands or wait"), words.integer(found.clients_changing_hands)
    yield (
        words.say("Of these, units that had to change: a rule forbids today's practitioner, or the contract is used up"),
        words.integer(found.forced.units),
    )


def _language_lines(facts: ListFacts, card: Scorecard) -> Iterator[tuple[str, str]]:
    words, french = facts.words, card.french
    yield (
        words.say("French asked for"),
        words.say(
            "{units}: {served} with a Francophone or fluent practitioner, {waiting} waiting; exceptions: {exceptions}",
            units=facts.units_phrase(french.asked.units),
            served=french.served.units,
            waiting=french.waiting.units,
            exceptions=len(french.exceptions),
        ),
    )
    for row in card.languages:
        yield (
            words.say("{language} asked for", language=facts.language(row.language)),
            words.say(
                "{clients}: {met} in their language, {partly} partly, {unmet} not, {waiting} waiting",
                clients=facts.clients_phrase(row.asked.clients),
                met=row.met_clients,
                partly=row.partly_clients,
                unmet=row.unmet_clients,
                waiting=row.waiting_clients,
            ),
        )


def _place_lines(facts: ListFacts, card: Scorecard) -> Iterator[tuple[str, str]]:
    words, travel = facts.words, card.travel
    yield words.say("Travel, all practitioners"), words.hours_per_week(facts.hours_of(travel.total_minutes))
    if most := travel.most:
        said = words.say(
            "{hours}, {name}", hours=words.hours_per_week(facts.hours_of(most.travel_minutes)), name=facts.name(most.practitioner)
        )
        yield words.say("Most travel of one practitioner"), said
    if longest := travel.longest:
        drive = words.duration(longest.longest_drive_minutes)
        yield words.say("Longest modelled drive, one way"), words.say("{drive}, {name}", drive=drive, name=facts.name(longest.practitioner))
    yield words.say("Practitioners per site"), words.number(card.practitioners_per_site, 2)
    yield words.say("Sites shared by several practitioners of one discipline"), words.integer(card.site_sharing)
    yield words.say("Units split between several practitioners"), words.integer(len(card.splits))
    yield words.say("Sites with a discipline missing"), words.integer(sum(bool(site.gaps) for site in card.sites))


def _waiting_lines(facts: ListFacts, card: Scorecard) -> Iterator[tuple[str, str]]:
    words, waiting = facts.words, card.waiting
    yield (
        words.say("Waiting"),
        words.say(
            "{units}, {clients}, {hours}",
            units=facts.units_phrase(waiting.count.units),
            clients=facts.clients_phrase(waiting.count.clients),
            hours=words.hours_per_week(facts.hours_of(waiting.count.minutes)),
        ),
    )
    for group in waiting.by_priority:
        yield words.say("Waiting at priority {priority}", priority=group.key), words.integer(group.count.units)
    for group in waiting.by_language:
        yield (
            words.say("Waiting, language asked for: {language}", language=facts.language(group.key or None)),
            words.integer(group.count.units),
        )
    if waiting.count.units:
        yield words.say("Longest wait"), words.say_n("{n} week", "{n} weeks", waiting.oldest_weeks)


def helpful_hours_table(facts: ListFacts, helpful: tuple[HelpfulHour, ...]) -> Table:
    """Where one more hour a week would save most: a recruiting list."""
    words = facts.words
    columns = (
        Column(words.say("Discipline"), "wrapped", 32),
        Column(words.say("Language"), "text", 18),
        Column(words.say("Area"), "wrapped", 24),
        Column(words.say("One more hour a week saves, h/week"), "hundredths", 18),
        Column(words.say("Practitioners there"), "integer", 13),
        Column(words.say("Their capacity, h/week"), "hours", 13),
    )
    rows = tuple(
        Row(
            (
                label(words, "discipline", row.discipline),
                label(words, "pool_language", row.language),
                facts.area(row.area),
                row.saved_hours,
                row.practitioners,
                facts.hours_of(row.capacity_minutes),
            )
        )
        for row in helpful[:_HELPFUL_ROWS]
        if row.saved_hours > _LEAST_SAVED_HOURS
    )
    return Table(
        name=words.say("One more hour"),
        title=words.say("Where one more hour a week would help most"),
        columns=columns,
        rows=rows,
        notes=(
            words.say("What the plan's price would fall by if practitioners like these had one hour a week more: a list for recruiting."),
        ),
        empty=words.say("One more hour would not lower the price of this plan anywhere."),
        landscape=False,
    )


def _protection_lines(facts: ListFacts) -> tuple[tuple[str, str], ...]:
    """What the plan is protected against, and what that costs; nothing where it is not."""
    words, plan = facts.words, facts.plan
    if not plan.provenance.robust:
        return ()
    lines = ((words.say("Units of each practitioner that may need more than planned"), words.integer(plan.provenance.robust)),)
    if plan.protection is None:
        return lines
    return (*lines, (words.say("Price without this protection, hours a week"), words.number(plan.protection.hours_without, 3)))


def provenance_table(facts: ListFacts) -> Table:
    """How the plan came about, so that it can be computed again and checked."""
    words, plan = facts.words, facts.plan
    came, bound = plan.provenance, plan.bound
    limit = words.say("none") if came.max_moves is None else words.integer(came.max_moves)
    lines = (
        (words.say("Case (fingerprint of all facts)"), plan.case_digest),
        (words.say("As of"), words.date(facts.case.as_of)),
        (words.say("Period"), words.period(facts.case.starts_on, facts.case.weeks)),
        (words.say("Seed"), str(came.seed)),
        (words.say("Version of Evenload"), came.version),
        (words.say("Method"), came.method),
        (words.say("Stopped by"), came.stopped_by),
        (words.say("Most units that may change hands"), limit),
        *_protection_lines(facts),
        (words.say("Price of the plan, hours a week"), words.number(plan.score.hours, 3)),
        (words.say("No plan costs less than, hours a week"), words.number(bound.hours, 3)),
        (words.say("Of it certified by the prices alone"), words.number(bound.certified_hours, 3)),
        (words.say("Method of the bound"), bound.method),
        (words.say("Meaning"), bound_sentence(facts)),
    )
    return Table(
        name=words.say("Provenance"),
        title=words.say("How this plan came about"),
        columns=(Column(words.say("What"), "wrapped", 40), Column(words.say("Value"), "wrapped", 60)),
        rows=tuple(Row(line) for line in lines),
        notes=(words.say("The same facts, seed and effort give the same plan. The command “evenload check” counts it again."),),
        landscape=False,
        sortable=False,
    )
