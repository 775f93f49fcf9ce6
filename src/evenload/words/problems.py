"""What is wrong with a file or a plan, as `place: value: what was expected`, in both languages.

The place and the value are facts and look the same in both languages, so that scripts can read them; the sentence follows.
Codes come from `planning` (contradictions, capacity, standards, check) and from `exchange` (intake, PLAN.json).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

from evenload.planning.problems import Problem, Where
from evenload.words.input_problems import INPUT
from evenload.words.labels import label_in_sentence
from evenload.words.phrases import Counted, Names, Phrases, phrase
from evenload.words.voice import Words, message

FACTS: Final[Mapping[str, Phrases]] = {
    "absence_exceeds_contracted": (
        message("Absences ({absence_hours}) exceed the contracted hours ({contracted_hours}). Check the absences."),
    ),
    "duties_exceed_available": (
        message("Duties ({duty_hours}) use all available hours ({available_hours}). Reduce them or check absences."),
    ),
    "days_or_hours_missing": (message("Expected days or hours; both are empty."),),
    "days_and_hours": (message("Expected days or hours, not both."),),
    "negative": (message("Expected a number that is not negative."),),
    "not_positive": (message("Expected a whole number of at least 1."),),
    "percent_out_of_range": (message("Expected a percent from 0 to 100."),),
    "rate_out_of_range": (message("Expected a share from 0 to less than 1."),),
    "every_visit_missed": (
        Counted(
            "The {visits} recorded visit was missed, so no rate can be read from it. State a no_show_rate below 1.",
            "All {visits} recorded visits were missed, so no rate can be read from them. State a no_show_rate below 1.",
            "visits",
        ),
    ),
    "dates_reversed": (message("Expected a day on or after from_date, {from_date}."), message("Expected a day on or after from_date.")),
    "unknown_code": (message("Expected one of {expected}."), message("Expected a known code.")),
    "duplicate_id": (
        message("Expected an id of its own; this one stands in {first} already."),
        message("This id stands on more than one row. Expected each id once."),
    ),
    "unknown_practitioner": (
        message("Nobody on the practitioners sheet has this id. Did you mean {nearest}?"),
        message("Nobody on the practitioners sheet has this id."),
    ),
    "unknown_site": (
        message("No row on the sites sheet has this id. Did you mean {nearest}?"),
        message("No row on the sites sheet has this id."),
    ),
    "unknown_class": (
        message("No row on the classes sheet has this id. Did you mean {nearest}?"),
        message("No row on the classes sheet has this id."),
    ),
    "unknown_unit": (
        message("No row on the units sheet has this id. Did you mean {nearest}?"),
        message("No row on the units sheet has this id."),
    ),
    "class_of_other_discipline": (
        message("This class belongs to {class_discipline}. Expected a class of {discipline}."),
        message("Expected a class of the unit's own discipline."),
    ),
    "pinned_without_current": (message("A pinned unit needs a current practitioner."),),
    "pinned_discipline": (message("The unit is pinned to {practitioner}, who does not work in {discipline}."),),
    "pinned_barred": (message("The unit is pinned to {practitioner}, who is barred from it."),),
    "pinned_language": (message("The unit is pinned to {practitioner}, who does not speak {language} well enough."),),
    "pinned_skill": (
        Counted(
            "The unit is pinned to {practitioner}, who lacks a required skill: {skills}.",
            "The unit is pinned to {practitioner}, who lacks required skills: {skills}.",
            "skills",
        ),
    ),
    "unknown_id": (message("No row of this sheet has this id."),),
    "mix_sum": (
        message("Expected shares that sum to 1, or to 100, for {discipline}."),
        message("Expected shares that sum to 1 or to 100."),
    ),
    "together_disciplines": (
        message("Units that go together need one discipline; {other} is in {discipline}."),
        message("Units that go together need one discipline."),
    ),
    "together_pins": (
        message("Units that go together are pinned to different people: {practitioners}."),
        message("Units that go together are pinned to different people."),
    ),
}
"""Contradictions in the facts of a program."""

PLAN_FILE: Final[Mapping[str, Phrases]] = {
    "plan_not_json": (message("This file is not readable as JSON: {detail}."), message("This file is not readable as JSON.")),
    "plan_schema_unknown": (message("Expected the schema {expected}."),),
    "plan_field_missing": (message("This field is missing. Expected {expected}."),),
    "plan_field_wrong": (message("Expected {expected}."),),
}
"""A PLAN.json that cannot be read."""

RECOUNT: Final[Mapping[str, Phrases]] = {
    "other_case": (message("This plan was made from other facts than this workbook holds. Assign again."),),
    "unit_missing": (message("This unit is missing from the plan."),),
    "unit_unknown": (message("The workbook has no such unit."),),
    "unit_twice": (
        Counted("This unit stands in the plan {times} time.", "This unit stands in the plan {times} times.", "times"),
        message("This unit stands in the plan more than once."),
    ),
    "practitioner_unknown": (message("The workbook has no such practitioner."),),
    "rule_broken": (message("This assignment breaks a hard rule: {rule}."),),
    "together_scattered": (message("Units that go together are not all with one practitioner."),),
    "above_maximum": (message("The load is {hours}, above the maximum of {maximum_hours}."), message("The load is above the maximum.")),
    "minutes_differ": (message("The minutes differ from the recount: {expected}."),),
    "placement_differs": (message("The draft and its recount place this piece differently: {expected}."),),
    "load_differs": (message("The load differs from the recount: {expected}."),),
    "score_differs": (message("The plan price differs from the recount: {expected}."),),
    "bound_above_score": (message("The bound lies above the plan price, {score}; it cannot be a bound."),),
    "bound_not_certified": (message("The prices certify only {expected}."),),
    "moves_above_limit": (message("More units change hands than the limit of {limit} allows."),),
    "cover_not_eligible": (message("This person may not cover the unit."),),
    "reason_missing": (message("A waiting unit needs a reason."),),
}
"""Differences between a plan and its recount."""

PROBLEMS: Final[Mapping[str, Phrases]] = {**FACTS, **INPUT, **PLAN_FILE, **RECOUNT}

RULES: Final[Mapping[str, str]] = {
    "discipline": message("another discipline"),
    "no_capacity": message("no hours"),
    "language_french": message("French below fluent"),
    "language_required": message("required language missing"),
    "skill_missing": message("required skill missing"),
    "barred": message("directive on file"),
    "not_accepting_new": message("no new clients"),
    "drive_too_long": message("drive too long"),
    "days": message("no shared day"),
    "evening": message("no evenings"),
    "pinned_elsewhere": message("pinned to somebody else"),
    "contract_exhausted": message("contracted visits used up"),
}
"""Short names of the hard rules."""

KINDS: Final[Mapping[str, str]] = {
    "a_text": message("a text"),
    "a_whole_number": message("a whole number"),
    "a_day": message("a date written YYYY-MM-DD"),
    "a_number": message("a number"),
    "a_list": message("a list"),
    "a_table": message("a table"),
}
"""What a field of PLAN.json should hold."""


SHOWN_CHARACTERS: Final = 80


class Placed(Protocol):
    """A problem that knows its place in a file, as the intake's problems do."""

    @property
    def place(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def facts(self) -> Mapping[str, str]: ...


def problem_sentence(words: Words, problem: Problem | Placed, names: Names | None = None) -> str:
    """One line, `units!K14: p07: Nobody on the practitioners sheet has this id.` Raises KeyError for an unknown code."""
    place = place_text(problem.where) if isinstance(problem, Problem) else problem.place
    value = one_line(problem.value, SHOWN_CHARACTERS if place else None)
    if not value and "!" in place:
        value = words.say("(empty)")
    return ": ".join(part for part in (place, value, expectation(words, problem, names or {})) if part)


def expectation(words: Words, problem: Problem | Placed, names: Names) -> str:
    """What was expected instead, as whole sentences. Raises KeyError for an unknown code."""
    facts: dict[str, str | int | float] = {"value": problem.value, **problem.facts}
    if rule := problem.facts.get("rule"):
        facts["rule"] = words.say(RULES[rule])
    if (expected := problem.facts.get("expected", "")) in KINDS:
        facts["expected"] = words.say(KINDS[expected])
    if other := problem.facts.get("class_discipline"):
        facts["class_discipline"] = label_in_sentence(words, "discipline", other)
    return phrase(words, PROBLEMS[problem.code], facts, names)


def place_text(where: Where) -> str:
    """The place as scripts read it: `practitioners!ana.weekly_hours`, `program!period_weeks`."""
    inside = ".".join(part for part in (where.item, where.field) if part)
    return f"{where.table}!{inside}" if inside else where.table


def one_line(value: str, most: int | None) -> str:
    """A value as it was found, on one line: what cannot be printed is spelled out, what is longer than `most` signs is cut."""
    kept = value if most is None or len(value) <= most else f"{value[:most]}…"
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in kept)
