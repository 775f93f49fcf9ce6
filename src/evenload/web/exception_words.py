"""Exceptions to the French rule in words: reasons, ends, and why one is not recorded."""

from __future__ import annotations

from typing import Any, Final

from evenload.web.draft_words import refusal_sentence as draft_refusal
from evenload.words import Words, message
from evenload.words.phrases import Names
from evenload.workflow.refused import Refused

REASONS: Final = {
    "no_french_speaker": message("Nobody who speaks French works in this discipline here"),
    "french_speakers_full": message("Those who speak French have no hours left"),
    "too_far": message("Those who speak French are too far away"),
    "client_agrees": message("The client was asked in French and prefers this to waiting"),
    "other": message("Another reason, written below"),
}

ENDS: Final = {
    "placed_in_french": message("Ended: placed with somebody who speaks French"),
    "replaced": message("Ended: another exception took its place"),
    "not_used": message("Ended: the client is not with this person any more"),
    "taken_back": message("Ended: taken back by a manager"),
}

OVERLOAD_REASONS: Final = {
    "practitioner_agrees": message("The practitioner agrees"),
    "for_a_time": message("For a time, until somebody comes"),
    "keeps_the_client": message("The client keeps the same practitioner"),
    "nobody_else": message("Nobody else can take it"),
    "urgent": message("It cannot wait"),
    "other": message("Another reason"),
}
"""Why a load may lie above the hours that there are."""

REFUSALS: Final = {
    "french_not_asked": ("practitioner", message("This client did not ask for French: no exception is needed.")),
    "speaks_french": ("practitioner", message("{practitioner} speaks French: no exception is needed. Move the unit at the desk.")),
    "french_speaker_could": (
        "practitioner",
        message("{practitioner} speaks French and could take this client. While that is so, no exception is recorded."),
    ),
    "practitioner_unknown": ("practitioner", message("Choose who takes the client.")),
    "exception_reason": ("reason", message("Choose a reason.")),
    "exception_note": ("note", message("Write the reason.")),
    "exception_alternatives": ("alternatives", message("Write what was offered or tried instead.")),
    "review_too_early": ("review_on", message("Choose a day after today.")),
    "review_too_late": ("review_on", message("Choose a day by {day} at the latest: an exception is looked at again within half a year.")),
}


def field_and_sentence(words: Words, refused: Refused, names: Names) -> tuple[str, str]:
    """Why an exception was not recorded, and the field that it stands at."""
    if refused.code in REFUSALS:
        field, sentence = REFUSALS[refused.code]
        told: dict[str, Any] = {}
        if "{practitioner}" in sentence:
            told["practitioner"] = names.get(str(refused.facts["practitioner"]), str(refused.facts["practitioner"]))
        if "{day}" in sentence:
            told["day"] = refused.facts["day"]
        return field, words.say(sentence, **told)
    field = "overload_reason" if refused.code == "reason_needed" else "practitioner"
    return field, draft_refusal(words, refused, names)


def reason_name(words: Words, code: str) -> str:
    """Why the exception was made."""
    return words.say(REASONS[code]) if code in REASONS else code


def end_name(words: Words, code: str) -> str:
    """Why it ended."""
    return words.say(ENDS[code]) if code in ENDS else code


def overload_reason(words: Words, code: str) -> str:
    """Why a load was allowed to lie above the hours that there are."""
    return words.say(OVERLOAD_REASONS[code]) if code in OVERLOAD_REASONS else code


def choices_of(words: Words, sentences: dict[str, str]) -> list[tuple[str, str]]:
    """Codes and sentences as a select takes them, nothing chosen first."""
    return [("", words.say("Choose one")), *((code, words.say(sentence)) for code, sentence in sentences.items())]
