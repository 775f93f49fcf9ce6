"""What the pages of a practitioner's own week say where something is refused: her order, her leave, her hours."""

from __future__ import annotations

from datetime import date
from typing import Final

from evenload.words import Words, message
from evenload.workflow.refused import Refused

REFUSALS: Final = {
    "week_changed": message("This day has changed meanwhile. Nothing was reordered; the day is shown as it is now."),
    "week_not_monday": message("A week begins on a Monday."),
    "week_too_far": message("Weeks are planned at most {weeks} weeks ahead."),
    "leave_kind_unknown": message("Choose what kind of leave it is."),
    "leave_days_reversed": message("The last day lies before the first day."),
    "leave_too_long": message("One leave lasts {days} days at most. Tell a longer one in parts."),
    "leave_too_far": message("This day is more than three years away. Check the year."),
    "leave_hours_odd": message("Expected hours away on each day, above 0 and up to 24."),
    "leave_no_working_day": message("None of these days is a working day."),
    "leave_overlaps": message("There is leave already from {first_day} to {last_day}. Cancel it first, or choose other days."),
    "leave_cancelled": message("This leave was cancelled already."),
    "hours_odd": message("Expected hours a week, above 0 and up to {most}."),
    "hours_same": message("These are your hours already."),
    "hours_day_past": message("Choose today or a later day."),
    "hours_day_far": message("This day is more than three years away. Check the year."),
    "hours_open": message("An earlier offer still waits for an answer. Take it back first."),
    "hours_answered": message("This offer of hours has an answer already, or was taken back."),
    "hours_word_missing": message("Say in a few words why not."),
    "hours_contradict": message("These hours would not hold the duties and absences on record. Correct those first."),
}


def week_refusal(words: Words, refused: Refused) -> str:
    """The sentence of a refusal. KeyError for a code that is not of these pages."""
    shown = {name: fact.isoformat() if isinstance(fact, date) else str(fact) for name, fact in refused.facts.items() if name != "problem"}
    return words.say(REFUSALS[refused.code], **shown)
