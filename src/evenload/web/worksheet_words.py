"""What the worksheet says beside its tables: its steps, its fields, and what is wrong with a figure."""

from __future__ import annotations

from typing import Final

from evenload.exchange.rows import Rows
from evenload.planning.capacity import EVERYBODY
from evenload.planning.codes import ENGAGEMENTS
from evenload.planning.problems import Problem
from evenload.words import Words, label, message
from evenload.words.problems import expectation
from evenload.workflow.worksheet_tries import Figure

STEPS: Final = {
    1: message("Hours we have"),
    2: message("Hours clients need"),
    3: message("Match"),
}

CLASS_FIGURES: Final = {
    "clients": message("Clients"),
    "visits": message("Visits per client"),
    "direct": message("Direct, min"),
    "indirect": message("Indirect, min"),
    "travel": message("Travel, min"),
    "episode": message("Per episode, min"),
}
"""What may be tried of a class, as its column is called."""

WRONG: Final = {
    "not_a_number": message("Write a number such as 7.5."),
    "not_whole": message("Write a whole number."),
    "figure_missing": message("Write a number; 0 for none."),
}

FIGURES: Final = {
    "supply_hours": message("hours there are"),
    "demand_hours": message("hours needed"),
    "gap_hours": message("gap"),
    "utilisation_percent": message("utilization"),
    "fte_current": message("FTE there are"),
    "fte_required": message("FTE needed"),
    "caseload_clients": message("clients the hours carry"),
}
"""Figures of a discipline that may differ between two plans."""


def wrong_sentence(words: Words, figure: Figure, code: str) -> str:
    """What is wrong with what was typed for a figure."""
    if code == "too_large":
        return words.say("Write a number of at most {most}.", most=words.number(figure.most, 0))
    return words.say(WRONG[code])


def problem_words(words: Words, problem: Problem, rows: Rows) -> str:
    """A contradiction as a sentence, with the name of whom or what it concerns."""
    names = {**rows.names_of_practitioners(), **rows.labels_of_classes(words.lang)}
    said = expectation(words, problem, names)
    name = names.get(problem.where.item or "")
    return words.pair(name, said) if name else said


def who_named(words: Words, rows: Rows, who: str) -> str:
    """Whom a row of absence or duty was stated for."""
    if who == EVERYBODY:
        return words.say("Everybody")
    if who in ENGAGEMENTS:
        return label(words, "engagement", who)
    return rows.names_of_practitioners().get(who) or label(words, "discipline", who)


def figure_name(words: Words, rows: Rows, figure: Figure) -> str:
    """A figure as a list of tries names it: `Ana, hours per week`, `Vacation, everybody`."""
    if figure.what in CLASS_FIGURES or figure.what == "mix":
        name = rows.labels_of_classes(words.lang).get(figure.item, figure.item)
        what = words.say("Share of clients") if figure.what == "mix" else words.say(CLASS_FIGURES[figure.what])
        return words.say("{item}, {figure}", item=name, figure=what)
    if figure.what in ("absence", "duty"):
        kind, _, who = figure.item.rpartition("#")[0].partition("@") if "#" in figure.item else figure.item.partition("@")
        name = who_named(words, rows, who)
        return words.say("{item}, {figure}", item=label(words, figure.what, kind), figure=name)
    if figure.what == "hours":
        name = rows.names_of_practitioners().get(figure.item, figure.item)
        return words.say("{item}, {figure}", item=name, figure=words.say("Hours per week"))
    if figure.what == "away":
        return words.say("More days away, everybody")
    if figure.what == "other":
        return words.say("More other work a week, everybody")
    return words.say("Reserve, percent")
