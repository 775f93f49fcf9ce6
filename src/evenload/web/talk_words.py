"""What the pages of load conversations say."""

from __future__ import annotations

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
}


def talk_refusal(words: Words, refused: Refused) -> str:
    """Why something in a conversation was refused. Raises KeyError for an unknown code."""
    if refused.code in REFUSALS:
        return words.say(REFUSALS[refused.code])
    return refusal_sentence(words, refused, {})
