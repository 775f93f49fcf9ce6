"""What a clinician's own caseload check says: its fields, their sources, what is wrong, and the sentence that answers."""

from __future__ import annotations

from typing import Final

from evenload.planning.capacity_plan import CapacityPlan, Match
from evenload.words import Words, label, message
from evenload.workflow.own_check import Asked, Template

FIELDS: Final = {
    "hours": message("Hours a week that I work"),
    "weeks": message("Weeks to look at"),
    "away": message("Days away in these weeks"),
    "percent": message("Other work, percent of my hours"),
    "weekly": message("Other work, hours a week"),
    "period": message("Other work, hours over all these weeks"),
    "reserve": message("Hours kept free for the unexpected, percent"),
}
CLASS_FIELDS: Final = {
    "clients": message("My clients"),
    "visits": message("Visits per client"),
    "direct": message("Direct, min"),
    "indirect": message("Indirect, min"),
    "travel": message("Travel, min"),
    "episode": message("Per episode, min"),
}
WRONG: Final = {
    "hours_missing": message("Write how many hours a week you work."),
    "no_clients": message("Write how many clients you have, in at least one class."),
    "not_a_number": message("Write a number such as 7.5."),
    "not_whole": message("Write a whole number."),
    "too_small": message("Write a number above 0."),
}


def field_name(words: Words, template: Template, asked: Asked) -> str:
    """How a figure is called at its field."""
    if asked.name in FIELDS:
        return words.say(FIELDS[asked.name])
    what, _, id = asked.name.partition(":")
    row = next(one for one in template.classes if one.id == id)
    return words.say("{item}, {figure}", item=words.either(row.label_en, row.label_fr), figure=words.say(CLASS_FIELDS[what]))


def source_of(words: Words, template: Template, asked: Asked) -> str:
    """Where a usual figure comes from; nothing where there is none."""
    if asked.usual is None or not asked.source:
        return ""
    if asked.source == "none":
        return words.say("default, none")
    if asked.source == "setting":
        setting = label(words, "setting", template.setting)
        return words.say("default, usual in this setting: {setting}", setting=setting)
    return words.say("default, {source}", source=asked.source)


def wrong_sentence(words: Words, asked: Asked, code: str) -> str:
    """What is wrong with what was typed."""
    if code == "too_large":
        return words.say("Write a number of at most {most}.", most=words.number(asked.most, 0))
    return words.say(WRONG[code])


def answer_sentence(words: Words, plan: CapacityPlan, row: Match) -> str:
    """The check in one sentence: hours a week that the clients need, against those there are."""
    weeks = plan.period.weeks
    need, have = words.hours(row.demand_hours / weeks), words.hours(row.supply_hours / weeks)
    if row.utilisation_percent is None:
        return words.say("My clients need {need} a week; no hours are left for them.", need=need)
    used = words.percent(row.utilisation_percent)
    if row.gap_hours < 0:
        missing = words.hours(-row.gap_hours / weeks)
        return words.say(
            "My clients need {need} a week, my hours for them are {have}: {used}. {missing} a week are missing.",
            need=need,
            have=have,
            used=used,
            missing=missing,
        )
    spare = words.hours(row.gap_hours / weeks)
    return words.say(
        "My clients need {need} a week, my hours for them are {have}: {used}. {spare} a week are to spare.",
        need=need,
        have=have,
        used=used,
        spare=spare,
    )
