"""What waits and why, what changes against today, and who meets at which site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evenload.exchange.list_facts import ListFacts, UnitLine
from evenload.exchange.pages import Column, Row, Table
from evenload.planning.changes import Change
from evenload.planning.site_teams import SiteTeam, site_teams
from evenload.planning.standing import standing_of
from evenload.words.labels import label
from evenload.words.reasons import fix_sentence, reason_sentence


def waiting_table(facts: ListFacts) -> Table:
    """Units that wait, oldest first, each with its reasons and its nearest fix in sentences."""
    words = facts.words
    columns = (
        Column(words.say("Weeks waiting"), "integer", 8),
        Column(words.say("Since"), "date", 11),
        Column(words.say("Priority"), "text", 12),
        Column(words.say("Site"), "wrapped", 20),
        Column(words.say("Unit"), "wrapped", 16),
        Column(words.say("Town or area"), "wrapped", 13),
        Column(words.say("Disc."), "text", 7),
        Column(words.say("Language"), "text", 10),
        Column(words.say("Clients"), "integer", 7),
        Column(words.say("Hours a week"), "hours", 8),
        Column(words.say("Why"), "wrapped", 38),
        Column(words.say("Nearest fix"), "wrapped", 26),
    )
    lines = [line for line in facts.lines if line.assignment is None]
    lines.sort(key=lambda line: (-line.unit.weeks_waiting, line.unit.priority, line.sort_key))
    return Table(
        name=words.say("Waiting list"),
        title=words.say("Waiting list, oldest first"),
        columns=columns,
        rows=tuple(_waiting_row(facts, line) for line in lines),
        notes=(words.say("Waiting is counted up to {as_of}.", as_of=facts.case.as_of),),
        footnotes=(words.say("Nearest fix: the one change of one fact that would let the unit be placed."),),
        empty=words.say("Nobody is waiting."),
    )


def _waiting_row(facts: ListFacts, line: UnitLine) -> Row:
    words, waiting = facts.words, facts.waiting[line.unit.id]
    reasons = "\n".join(reason_sentence(words, reason, facts.names) for reason in waiting.reasons)
    return Row(
        (
            line.unit.weeks_waiting,
            facts.stated[line.unit.stated_id].waiting_since,
            label(words, "priority", str(line.unit.priority)),
            line.site,
            line.unit_label,
            line.place,
            line.discipline,
            line.language,
            line.unit.clients,
            facts.hours_of(line.unit.minutes),
            reasons,
            fix_sentence(words, waiting.nearest_fix, facts.names),
        )
    )


def changes_table(facts: ListFacts) -> Table:
    """Every unit whose practitioner is not today's, from whom to whom, with its clients."""
    words, found = facts.words, facts.changes
    columns = (
        Column(words.say("What"), "text", 18),
        Column(words.say("Site"), "wrapped", 26),
        Column(words.say("Unit"), "wrapped", 20),
        Column(words.say("Town or area"), "wrapped", 14),
        Column(words.say("Disc."), "text", 7),
        Column(words.say("Clients"), "integer", 8),
        Column(words.say("Hours a week"), "hours", 8),
        Column(words.say("From whom"), "wrapped", 20),
        Column(words.say("To whom"), "wrapped", 20),
        Column(words.say("Why it had to"), "wrapped", 26),
    )
    lines = {line.unit.id: line for line in facts.lines}
    kinds = (
        (words.say("Changes hands"), found.moved),
        (words.say("Waits from now on"), found.newly_waiting),
        (words.say("Newly placed"), found.newly_placed),
    )
    rows = tuple(row for what, changes in kinds for row in _change_rows(facts, what, changes, lines))
    return Table(
        name=words.say("What changes"),
        title=words.say("What changes against today"),
        columns=columns,
        rows=rows,
        notes=(
            words.say_n(
                "{n} unit stays with its practitioner and is not listed here.",
                "{n} units stay with their practitioners and are not listed here.",
                len(found.kept),
            ),
        ),
        empty=words.say("Nothing changes against today."),
    )


def _change_rows(facts: ListFacts, what: str, changes: Iterable[Change], lines: dict[str, UnitLine]) -> Iterator[Row]:
    words = facts.words
    for place, change in enumerate(sorted(changes, key=lambda change: lines[change.unit].sort_key)):
        line = lines[change.unit]
        forced = words.say("Today's practitioner may no longer have it") if change.is_forced else ""
        yield Row(
            (
                what,
                line.site,
                line.unit_label,
                line.place,
                line.discipline,
                change.clients,
                facts.hours_of(change.minutes),
                facts.name(change.before) if change.before is not None else "–",
                facts.name(change.after) if change.after is not None else words.say("waiting"),
                forced,
            ),
            "waiting" if change.after is None else "plain",
            starts_group=place == 0,
        )


def teams_table(facts: ListFacts) -> Table:
    """Who meets at each site, which disciplines are missing there, and where a site would lose its French."""
    words = facts.words
    columns = (
        Column(words.say("Site"), "wrapped", 30),
        Column(words.say("Kind"), "wrapped", 16),
        Column(words.say("Town or area"), "wrapped", 16),
        Column(words.say("Team"), "wrapped", 44),
        Column(words.say("Missing: units here, nobody for them"), "wrapped", 22),
        Column(words.say("Some units wait"), "wrapped", 14),
        Column(words.say("Disciplines without units here"), "wrapped", 18),
        Column(words.say("French"), "wrapped", 26),
    )
    standing = standing_of(facts.case, {row.unit: row.practitioner for row in facts.plan.assignments}, _targets(facts))
    teams = sorted(site_teams(standing), key=lambda team: (facts.name(team.site).casefold(), team.site))
    return Table(
        name=words.say("Teams"),
        title=words.say("Teams by site"),
        columns=columns,
        rows=tuple(_team_row(facts, team) for team in teams),
        empty=words.say("No unit stands at a site."),
    )


def _targets(facts: ListFacts) -> dict[str, int]:
    return {load.practitioner: load.target_minutes for load in facts.plan.loads}


def _team_row(facts: ListFacts, team: SiteTeam) -> Row:
    words, site = facts.words, facts.sites[team.site]
    people = [
        words.say("{discipline}: {names}", discipline=facts.discipline(code), names=words.names_of(ids, facts.names))
        for code, ids in team.disciplines.items()
        if ids
    ]
    french = words.say("Would lose its only French-speaking practitioner") if team.loses_french else ""
    return Row(
        (
            facts.name(team.site),
            label(words, "site_kind", site.kind),
            site.town or facts.area(site.area or "all"),
            "\n".join(people),
            _codes(facts, team.gaps),
            _codes(facts, team.partly),
            _codes(facts, team.absent),
            french,
        ),
        "waiting" if team.gaps or team.loses_french else "plain",
    )


def _codes(facts: ListFacts, codes: Iterable[str]) -> str:
    return ", ".join(facts.discipline(code) for code in codes)
