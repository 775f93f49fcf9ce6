"""Why somebody fits or does not, why a unit waits and what would help, as sentences without a final stop.

The codes and their facts come from `planning.eligibility`, `planning.fit` and `planning.fixes`; a sentence whose
optional facts are missing falls back to a shorter one. In `names` an id stands for a display name; ids without one are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from evenload.planning.plan import Fix, Reason, Waiting
from evenload.words.labels import LABELS, label, label_in_sentence
from evenload.words.phrases import Counted, Facts, Names, Phrases, capitalized, items_of, phrase
from evenload.words.voice import Words, message

EXCLUDED: Final[Mapping[str, Phrases]] = {
    "discipline": (message("another discipline is needed: {discipline}"), message("another discipline is needed")),
    "no_capacity": (message("no hours in this period"),),
    "language_french": (message("speaks French only at {level} level"), message("speaks no French")),
    "language_required": (message("speaks {language} only at {level} level"), message("does not speak {language}")),
    "skill_missing": (Counted("required skill missing: {skills}", "required skills missing: {skills}", "skills"),),
    "barred": (message("assignment not possible: directive on file"),),
    "not_accepting_new": (message("takes no new clients before {until}"), message("takes no new clients")),
    "drive_too_long": (
        message("drive of {drive_minutes}; longest accepted is {longest_drive_minutes}"),
        message("drive longer than accepted"),
    ),
    "days": (message("does not work on the days asked for: {days}"), message("does not work on the days asked for")),
    "evening": (message("works no evenings"),),
    "pinned_elsewhere": (message("the unit is pinned to {practitioner}"), message("the unit is pinned to somebody else")),
    "full": (message("would exceed the maximum by {over_time} a week"), message("would exceed the maximum")),
}
"""Why one person may not take a unit."""

WAITING: Final[Mapping[str, Phrases]] = {
    "no_capacity": (message("no hours in this period: {practitioners} of {of_practitioners}"),),
    "language_french": (
        message("French below fluent: {practitioners} of {of_practitioners}; nearest is {practitioner}, {level}"),
        message("French below fluent: {practitioners} of {of_practitioners}; nearest is {practitioner}"),
        message("French below fluent: {practitioners} of {of_practitioners}"),
    ),
    "language_required": (
        message("{language} not spoken well enough: {practitioners} of {of_practitioners}; nearest is {practitioner}, {level}"),
        message("{language} not spoken well enough: {practitioners} of {of_practitioners}; nearest is {practitioner}"),
        message("{language} not spoken well enough: {practitioners} of {of_practitioners}"),
    ),
    "skill_missing": (
        message("required skill missing: {practitioners} of {of_practitioners}; nearest is {practitioner}, without {skills}"),
        message("required skill missing: {practitioners} of {of_practitioners}"),
    ),
    "barred": (message("assignment not possible, directive on file: {practitioners} of {of_practitioners}"),),
    "not_accepting_new": (
        message("no new clients taken: {practitioners} of {of_practitioners}; nearest is {practitioner}"),
        message("no new clients taken: {practitioners} of {of_practitioners}"),
    ),
    "drive_too_long": (
        message(
            "drive too long: {practitioners} of {of_practitioners}; nearest is {practitioner}, "
            "{drive_minutes} where {longest_drive_minutes} is accepted"
        ),
        message("drive too long: {practitioners} of {of_practitioners}"),
    ),
    "days": (
        message("not at work on {days}: {practitioners} of {of_practitioners}"),
        message("not at work on the days asked for: {practitioners} of {of_practitioners}"),
    ),
    "evening": (message("no evenings: {practitioners} of {of_practitioners}"),),
    "pinned_elsewhere": (message("the unit is pinned to {practitioner}"),),
    "full": (
        Counted(
            "the only possible person is full: {practitioner} has {free_hours} a week free, {needed_hours} needed",
            "all {practitioners} possible people are full; nearest is {practitioner}, with {free_hours} a week free, {needed_hours} needed",
            "practitioners",
        ),
        message("everybody possible is full; {needed_hours} a week needed"),
        message("everybody possible is full"),
    ),
    "larger_than_any_capacity": (
        message("{needed_hours} a week is more than anybody can take; the largest maximum is {maximum_hours}, of {practitioner}"),
        message("{needed_hours} a week is more than anybody can take; the largest maximum is {maximum_hours}"),
        message("more than anybody can take"),
    ),
    "contract_exhausted": (
        Counted(
            "the contracted visits are used up; {visits} visit is still to be given",
            "the contracted visits are used up; {visits} visits are still to be given",
            "visits",
        ),
        message("the contracted visits are used up"),
    ),
    "dearer_than_waiting": (
        message("with {practitioner} it would cost {price_hours} a week, more than waiting ({waiting_hours})"),
        message("any place would cost more than waiting"),
    ),
    "no_practitioner": (message("nobody here works in {discipline}"), message("nobody here works in this discipline")),
}
"""Why a unit waits; counts are of people of the unit's discipline."""

FIT: Final[Mapping[str, Phrases]] = {
    "knows_clients": (
        Counted("knows this client", "knows these {clients} clients", "clients"),
        message("knows these clients"),
    ),
    "new_to_clients": (
        Counted(
            "new to this client, now with {practitioner}",
            "new to these {clients} clients, now with {practitioner}",
            "clients",
        ),
        Counted("new to this client", "new to these {clients} clients", "clients"),
        message("new to these clients"),
    ),
    "french:native": (message("Francophone"),),
    "french": (message("fluent in French"),),
    "language_spoken": (message("speaks {language}, {level}"), message("speaks {language}")),
    "language_functional": (message("speaks {language} at functional level"),),
    "language_missing": (message("does not speak {language}, which is preferred"),),
    "skill_present": (Counted("has the skill asked for: {skills}", "has the skills asked for: {skills}", "skills"),),
    "skill_preferred_missing": (Counted("preferred skill missing: {skills}", "preferred skills missing: {skills}", "skills"),),
    "shared_tags": (message("shared interest: {tags}"),),
    "no_shared_tag": (message("no shared interest"),),
    "experienced": (
        Counted(
            "{years} year of experience; {asked_years} asked for",
            "{years} years of experience; {asked_years} asked for",
            "years",
        ),
        Counted("{years} year of experience", "{years} years of experience", "years"),
    ),
    "experience_short": (
        Counted(
            "{years} year of experience, fewer than the {asked_years} asked for",
            "{years} years of experience, fewer than the {asked_years} asked for",
            "years",
        ),
        message("years of experience not stated; {asked_years} asked for"),
    ),
    "in_team": (message("in the site's team"),),
    "other_team": (message("not in the site's team, {team}"), message("not in the site's team")),
    "at_site": (message("already at this site: {site}"), message("already at this site")),
    "first_at_site": (message("first time at this site: {site}"), message("first time at this site")),
    "drive": (message("{drive_minutes} from base"),),
    "drive_unknown": (message("place unknown; a drive of {drive_minutes} is assumed"),),
    "in_building": (message("no travel"),),
    "over_capacity": (message("load {over_time} a week above capacity"),),
    "over_maximum": (message("over maximum by {over_time} a week"),),
    "splits_unit": (
        Counted(
            "{practitioners} practitioner would share {unit}",
            "{practitioners} practitioners would share {unit}",
            "practitioners",
        ),
    ),
    "joins_blocks": (Counted("already has {blocks} other block of {unit}", "already has {blocks} other blocks of {unit}", "blocks"),),
}
"""What speaks for or against one possible person; `code:level` is tried before `code`."""

FIXES: Final[Mapping[str, Phrases]] = {
    "accept_new": (message("{practitioner} takes new clients"),),
    "more_drive_minutes": (
        message("{practitioner} accepts a drive of {drive_minutes}, {more_minutes} more than now"),
        message("{practitioner} accepts {more_minutes} more of driving one way"),
    ),
    "more_maximum_minutes": (message("{more_time} more a week for {practitioner}"),),
    "move_unit": (
        message("moving {units} to {to} gives {practitioner} the {needed_hours} a week that are needed"),
        message("moving {unit} to {to} makes room for it with {practitioner}"),
    ),
    "add_skill": (message("{practitioner} gains the skill {skill}"),),
    "hire": (message("recruit {hours_per_week} a week: {needs}"), message("recruit: {needs}")),
    "more_contracted_visits": (Counted("{visits} more visit in the contract", "{visits} more visits in the contract", "visits"),),
}
"""The one change of one fact that would help."""


def reason_sentence(words: Words, reason: Reason, names: Names) -> str:
    """Why a person may not take a unit, why a unit waits, or what speaks for and against a person.

    A code of `codes.SCORE_PARTS` with the fact `hours` says how much dearer or cheaper that part is.
    Raises KeyError for an unknown code.
    """
    return capitalized(_reason(words, reason, names))


def waiting_sentence(words: Words, waiting: Waiting, names: Names) -> str:
    """Why a unit waits and what would help, in two sentences: the most telling reason and the nearest fix."""
    return words.say(
        "Waiting: {reason}. Nearest fix: {fix}.",
        reason=_reason(words, waiting.reasons[0], names),
        fix=_fix(words, waiting.nearest_fix, names),
    )


def fix_sentence(words: Words, fix: Fix, names: Names) -> str:
    """The one change of one fact that would let a unit be placed. Raises KeyError for an unknown code."""
    return capitalized(_fix(words, fix, names))


def _reason(words: Words, reason: Reason, names: Names) -> str:
    code, facts = reason.code, reason.facts
    if code in LABELS["part"] and "hours" in facts:
        hours = words.signed_hours(float(facts["hours"]))
        return words.say("{part}: {hours} a week", part=label(words, "part", code), hours=hours)
    if code in WAITING and (code not in EXCLUDED or "practitioners" in facts):
        return phrase(words, WAITING[code], facts, names)
    phrases = FIT.get(f"{code}:{facts.get('level')}") or EXCLUDED.get(code) or FIT[code]
    return phrase(words, phrases, facts, names)


def _fix(words: Words, fix: Fix, names: Names) -> str:
    facts = dict(fix.facts)
    if fix.practitioner is not None:
        facts["practitioner"] = fix.practitioner
    if fix.code == "move_unit":
        facts.setdefault("units", facts.get("unit", ""))
    if fix.code == "hire":
        facts["needs"] = _needs(words, facts)
    return phrase(words, FIXES[fix.code], facts, names)


def _needs(words: Words, facts: Facts) -> str:
    """Whom to look for: discipline, language, skills, area."""
    needs = [label_in_sentence(words, "discipline", str(facts["discipline"]))]
    if language := facts.get("language"):
        needs.append(words.say("in {language}", language=words.language_name(str(language))))
    needs += items_of(facts.get("skills", ""))
    if (area := facts.get("area")) not in (None, "", "all"):
        needs.append(str(area))
    return ", ".join(needs)
