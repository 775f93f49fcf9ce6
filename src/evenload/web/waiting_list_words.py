"""What the page of the waiting list says."""

from __future__ import annotations

from typing import Final

from evenload.words import Words, message
from evenload.workflow.refused import Refused
from evenload.workflow.waiting_list import Row

LANGUAGES: Final = {
    "fr": message("French"),
    "en": message("English"),
    "other": message("another language"),
    "not_asked": message("not asked"),
}
AGES: Final = {
    "0-30": message("30 days at most"),
    "31-90": message("31 to 90 days"),
    "91-180": message("91 to 180 days"),
    "181": message("more than 180 days"),
}
SORTS: Final = {
    "due": message("What is due"),
    "age": message("Longest wait"),
    "priority": message("Priority"),
    "discipline": message("Discipline"),
    "language": message("Language"),
}
ONLY: Final = {"late": message("Late"), "audit": message("Due for audit")}
ANSWERS: Final = {
    "still_waiting": message("Still waiting"),
    "not_reached": message("Not reached"),
    "needs_changed": message("Needs changed"),
}
DUE: Final = {"respond": message("Answer by"), "first_visit": message("First visit by")}
REFUSALS: Final = {
    "audit_answer_missing": message("Choose what you found."),
    "audit_note_missing": message("Write in a few words what changed."),
    "closing_reason_missing": message("Choose why the client no longer waits."),
    "duplicate_missing": message("Choose which referral it duplicates."),
    "duplicate_of_itself": message("A referral is no duplicate of itself."),
    "duplicate_unlike": message("The other referral is of another discipline or program."),
    "duplicate_closed": message("The other referral is closed meanwhile. Nothing was changed."),
    "not_waiting": message("This referral does not wait any more. Nothing was changed."),
    "referral_changed": message("Somebody changed this referral meanwhile. It is shown as it is now; nothing was changed."),
    "referral_step": message("This referral cannot be closed as it stands now. Open its page."),
    "step_by_offer": message("This referral cannot be closed as it stands now. Open its page."),
    "offer_open": message("It is offered to somebody. Withdraw the offer first."),
}


def refusal(words: Words, refused: Refused) -> str:
    """Why an audit was refused. Raises KeyError for an unknown code."""
    return words.say(REFUSALS[refused.code])


def language_name(words: Words, row: Row) -> str:
    """`French`, `Arabic`, `not asked`."""
    return words.language_name(row.language) if row.language else words.say("not asked")


def due_text(words: Words, row: Row) -> str:
    """`First visit by 2026-02-03`."""
    return words.pair(words.say(DUE[row.due_kind]), words.date(row.due)) if row.due else "–"


def waited(words: Words, row: Row) -> str:
    """`42 days`, and what the client chose herself."""
    if row.days is None:
        return words.say("not known since when")
    said = words.say_n("{n} day", "{n} days", row.days)
    if not row.own_days:
        return said
    own = words.say_n("{n} day the client chose, not counted", "{n} days the client chose, not counted", row.own_days)
    return f"{said} ({own})"
