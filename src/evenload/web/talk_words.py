"""What the pages of load conversations say."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from evenload.web.draft_words import refusal_sentence
from evenload.words import Words, message
from evenload.workflow.refused import Refused

REFUSALS: Final = {
    "feeling_unknown": message("Choose how your load feels."),
    "cause_missing": message("Choose what it comes from."),
    "nothing_written": message("Write something first."),
    "talk_ended": message("This conversation is over. A new one begins when the load is said to be too high or too low again."),
    "remedy_gone": message("This is not possible any more: loads have changed since. Here is what is possible now; both agree again."),
    "nothing_chosen": message("Choose at least one thing to do."),
    "outcome_missing": message("Write what came of it."),
    "no_draft": message("No draft is open in this program. Begin one at the desk; then remedies can be counted."),
    "remedy_outdated": message("{name} now has {room} of room in the own range. Recounted; both agree again."),
    "remedies_overlap": message("Two of these help the same client. Choose one of them."),
    "talk_agreed": message("Both have agreed already, and it is done. Look again together first."),
    "not_agreed_yet": message("Nothing is agreed yet that could be looked at again."),
    "hours_open": message("An offer of hours waits for an answer already. Answer it first."),
    "hours_contradict": message("Her duties and absences leave nothing of these hours. Nothing was done."),
}

CONFLICTS: Final = frozenset({"talk_ended", "remedy_gone", "remedy_outdated", "talk_agreed", "not_agreed_yet"})
"""somebody acted, or loads changed, since the page was made"""


def talk_refusal(words: Words, refused: Refused) -> str:
    """Why something in a conversation was refused. Raises KeyError for an unknown code."""
    if refused.code in REFUSALS:
        return words.say(REFUSALS[refused.code], **_told(words, refused))
    return refusal_sentence(words, refused, {})


def _told(words: Words, refused: Refused) -> dict[str, str]:
    if refused.code != "remedy_outdated":
        return {}
    return {"name": str(refused.facts["name"]), "room": words.hours(Fraction(int(str(refused.facts["room_minutes"])), 60))}
