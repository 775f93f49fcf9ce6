"""What the pages of time standards say: figures by name, states of a version, what is wrong with a figure, why something was refused."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Final

from django.utils.timezone import localdate

from evenload.planning.drift import DEPARTS_PERCENT, LEAST_VISITS, RECENT_WEEKS, Drift
from evenload.records.models import StandardVersion, TimeStandard
from evenload.web.worksheet_tables import exact
from evenload.words import Words, message
from evenload.workflow.refused import Refused
from evenload.workflow.standard_versions import origin_of

UNKNOWN: Final = "–"

PARTS: Final = {"direct": message("Direct"), "indirect": message("Indirect"), "travel": message("Travel")}

FIGURES: Final = {
    "visits": message("Visits per client"),
    "direct_minutes": message("Direct as judged, min per visit"),
    "indirect_minutes": message("Indirect as judged, min per visit"),
    "travel_minutes": message("Travel as judged, min per visit"),
    "episode_minutes": message("Once per client, min"),
    "group_size": message("Clients in a group"),
    "no_show_rate": message("Missed visits, percent"),
    "no_show_minutes": message("Lost by a missed visit, min"),
    "experience_years": message("Experience wanted, years"),
    "judgement_weight": message("Judgement is worth, visits"),
    "source": message("Source"),
}

HINTS: Final = {
    "visits": message("For one client in the program's period."),
    "direct_minutes": message("With the client. Recorded visits are blended in."),
    "indirect_minutes": message("Preparation, notes, calls."),
    "travel_minutes": message("Left empty: worked out from distance."),
    "episode_minutes": message("Assessment, report, discharge."),
    "group_size": message("1: seen alone."),
    "no_show_rate": message("Of all bookings. Left empty: the share recorded."),
    "no_show_minutes": message("Left empty: direct minutes and travel."),
    "experience_years": message("A preference, not a rule. Left empty: none."),
    "judgement_weight": message("So many recorded visits weigh as much as the judgement."),
    "source": message("Who judged it, when, from what; or where it was published."),
}

STATES: Final = {
    "proposed": message("Proposed"),
    "approved": message("Approved"),
    "declined": message("Declined"),
    "withdrawn": message("Withdrawn"),
}
ICONS: Final = {"proposed": "?", "approved": "✓", "declined": "✕", "withdrawn": "–"}

PROBLEMS: Final = {
    "not_a_number": message("Write a number from 0 on, such as 7.5."),
    "not_whole": message("Write a whole number."),
    "figure_missing": message("Write a number; 0 for none."),
    "standard_visits_odd": message("Write visits from 0 to 10,000."),
    "standard_minutes_odd": message("Write minutes of one day, from 0 to 1440."),
    "standard_episode_odd": message("Write minutes from 0 to 100,000."),
    "standard_group_odd": message("A group has 1 to 100 clients."),
    "standard_rate_odd": message("If every visit were missed, no number of bookings would do. Write a share from 0 to less than 100."),
    "standard_weight_odd": message("Write visits from 0 to 100,000, as 10."),
    "standard_source_missing": message("Say where these figures come from: nobody can check a standard without its source."),
    "standard_why_missing": message("Say why; it stays in the history."),
}

REFUSALS: Final = {
    "standard_unchanged": message("Nothing differs from what is planned with."),
    "standard_waits": message("Another proposal waits for this class. It is decided first."),
    "standard_own": message("You proposed this yourself: somebody else approves or declines it, you can withdraw it."),
    "standard_foreign": message("Only the person who proposed it can withdraw it."),
    "standard_decided": message("Somebody has decided about this version already."),
    "standard_outdated": message("The program's facts have changed since this was counted. Nothing is approved; look at it again below."),
    "standard_uncountable": message("With these figures nothing can be counted, so it cannot be approved."),
    "template_not_empty": message("Somebody entered classes of this discipline meanwhile. Nothing is entered twice."),
    "standard_why_missing": PROBLEMS["standard_why_missing"],
}
CONFLICTS: Final = frozenset(
    {"standard_decided", "standard_outdated", "standard_waits", "template_not_empty", "standard_own", "standard_foreign"}
)
"""Refusals that say that things are otherwise than the page thought, or that it is not hers to do: 409."""


def class_name(words: Words, standard: TimeStandard) -> str:
    """What to call a class."""
    return words.either(standard.label_en, standard.label_fr)


def refusal(words: Words, refused: Refused) -> str:
    """Why it was refused. KeyError for an unknown code."""
    return words.say(REFUSALS[refused.code])


def field_errors(words: Words, refused: Refused) -> dict[str, list[str]]:
    """The sentences of a form that was refused, by field."""
    problems = refused.facts["problems"]
    assert isinstance(problems, dict)
    return {field: [words.say(PROBLEMS[code])] for field, code in problems.items()}


def figure_shown(words: Words, name: str, value: Any) -> str:
    """One figure as a page shows it: a share as percent, what is left open in words."""
    if name == "source":
        return str(value or UNKNOWN)
    if value is None:
        return words.say(LEFT_OPEN[name]) if name in LEFT_OPEN else UNKNOWN
    number = Fraction(str(value))
    return words.percent(100 * number, 1) if name == "no_show_rate" else exact(words, number)


DECIDED: Final = {"approved": message("approved by {name} on {day}"), "declined": message("declined by {name} on {day}")}
BROUGHT: Final = {
    "imported": message("Imported by {name} on {day}"),
    "template": message("Entered from a template by {name} on {day}"),
    "example": message("Made with the example by {name} on {day}"),
    "stood": message("Kept as it stood before the first change, by {name} on {day}"),
}

LEFT_OPEN: Final = {
    "travel_minutes": message("from distance"),
    "no_show_rate": message("as recorded"),
    "no_show_minutes": message("direct and travel"),
    "experience_years": message("none"),
}


def minutes(words: Words, value: Fraction) -> str:
    """`62.5 min`: at most two decimals."""
    return words.say("{minutes} min", minutes=exact(words, Fraction(round(value * 100), 100)))


def drift_sentence(words: Words, part: str, drift: Drift) -> str:
    """What departs, from what, by how much, with its interval."""
    assert drift.low is not None
    assert drift.high is not None
    percent = "–" if drift.percent is None else words.signed_percent(drift.percent, 1)
    return words.say_n(
        "{part}: {mean} in {n} visit of the last {weeks} weeks, {planned} planned with: {percent} (95% interval {low} to {high} min).",
        "{part}: {mean} in {n} visits of the last {weeks} weeks, {planned} planned with: {percent} (95% interval {low} to {high} min).",
        drift.count,
        part=words.say(PARTS[part]),
        mean=minutes(words, drift.mean),
        planned=minutes(words, drift.planned),
        weeks=str(RECENT_WEEKS),
        percent=percent,
        low=words.number(drift.low),
        high=words.number(drift.high),
    )


def drift_rule(words: Words) -> str:
    """When a departure is called one, and why."""
    return words.say(
        "A departure is named where at least {visits} visits of the last {weeks} weeks lie {percent} or more from what is planned with, "
        "and the 95% confidence interval of their mean does not hold it: less may be chance, or would change no decision.",
        visits=str(LEAST_VISITS),
        weeks=str(RECENT_WEEKS),
        percent=words.percent(DEPARTS_PERCENT),
    )


def said_of(words: Words, version: StandardVersion) -> str:
    """How a version came about and what became of it, in one line."""
    proposed_on, decided_on = localdate(version.proposed_at), localdate(version.decided_at or version.proposed_at)
    origin = origin_of(version)
    if origin in BROUGHT:
        return words.say(BROUGHT[origin], name=version.decided_by_name, day=decided_on)
    proposed = words.say("Proposed by {name} on {day}", name=version.proposed_by_name, day=proposed_on)
    if version.state == "proposed":
        return proposed
    if version.state == "withdrawn":
        decided = words.say("withdrawn on {day}", day=decided_on)
    elif version.state == "approved" and version.decided_by_id == version.proposed_by_id:
        decided = words.say("approved on {day} by the same person: nobody else could", day=decided_on)
    else:
        decided = words.say(DECIDED[version.state], name=version.decided_by_name, day=decided_on)
    return words.say("{proposed}; {decided}", proposed=proposed, decided=decided)


def names_of(words: Words, names: Iterable[str]) -> str:
    """Figures in a row: `visits per client, direct`."""
    return words.list_of(words.say(FIGURES[name]) for name in names)
