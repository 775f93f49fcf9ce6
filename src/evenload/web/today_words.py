"""What the pages of a practitioner's own day say: what is due, what was recorded, why something was refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from django.utils import timezone

from evenload.records.models import RecordedVisit
from evenload.web.allotment_words import REFUSALS as ASKED
from evenload.web.allotment_words import refusal as allotment_refusal
from evenload.web.referral_words import refusal_sentence
from evenload.words import Words, message
from evenload.workflow.allotments import VisitsLeft
from evenload.workflow.own_clients import OwnClient, Task
from evenload.workflow.refused import Refused

CANCELLED_BECAUSE: Final[Mapping[str, str]] = {
    "client_ill": message("Client ill"),
    "client_away": message("Client away"),
    "client_declined": message("Client declined"),
    "practitioner_away": message("I was away"),
    "weather": message("Weather"),
    "site_closed": message("Site closed"),
    "other": message("Another reason"),
}

REFUSALS: Final[Mapping[str, str]] = {
    "outcome_missing": message("Choose what became of the visit."),
    "cancel_reason_missing": message("Choose why the visit was cancelled."),
    "visit_minutes_odd": message("Write whole minutes from 1 to {most}; 0 only where nobody was seen."),
    "visit_in_future": message("A visit can be recorded on its day or later, not before."),
    "visit_too_old": message("Visits can be recorded from {day} on. Ask your manager to correct older ones."),
    "visit_not_hers": message("This client is not in your caseload on that day. Nothing was recorded."),
    "planned_taken": message("This visit was recorded or dropped already. Load the page again to see it."),
    "planned_changed": message("This visit was recorded or dropped meanwhile. Load the page again to see it."),
    "planned_in_past": message("Choose today or a later day."),
    "week_too_far": message("Choose a day within the next {weeks} weeks."),
    "week_not_monday": message("A week is planned from its Monday."),
    "undo_not_yours": message("Only the person who recorded a visit can undo it."),
    "undo_too_late": message("A visit can be undone for 24 hours. Ask your manager to correct it."),
    "visit_undone": message("This visit was undone already."),
    "time_odd": message("Write a time as 09:30."),
    "minutes_odd": message("Write whole minutes, as 45."),
    "give_back_reason_missing": message("Choose why you want to give this client back."),
    "give_back_asked": message("Your manager was asked already, on {day}."),
}


def own_refusal(words: Words, refused: Refused) -> str:
    """Why an act on her own day or client was refused. Raises KeyError for an unknown code."""
    if refused.code in ASKED:
        return allotment_refusal(words, refused)
    if refused.code not in REFUSALS:
        return refusal_sentence(words, refused)
    facts = refused.facts
    named = facts.get("first") or facts.get("until") or facts.get("on")
    day = timezone.localtime(named).date() if isinstance(named, datetime) else named
    told = {
        "most": words.integer(int(str(facts.get("most", 0)))),
        "weeks": words.integer(int(str(facts.get("weeks", 0)))),
        "day": words.day(day) if isinstance(day, date) else "–",
    }
    sentence = REFUSALS[refused.code]
    return words.say(sentence, **{name: text for name, text in told.items() if "{" + name + "}" in sentence})


def cancel_choices(words: Words) -> list[tuple[str, str]]:
    """Code and words of every reason of a cancelled visit."""
    return [(code, words.say(text)) for code, text in CANCELLED_BECAUSE.items()]


def saved_sentence(words: Words, visit: RecordedVisit, left: VisitsLeft | None) -> str:
    """`Visit recorded, 45 minutes. 11 visits left.`"""
    if visit.outcome == "no_show":
        return words.say("No-show recorded.")
    if visit.outcome == "cancelled":
        return words.say("Cancelled visit recorded: {reason}.", reason=words.say(CANCELLED_BECAUSE[visit.reason]).lower())
    said = words.say_n("Visit recorded, {n} minute.", "Visit recorded, {n} minutes.", int(visit.direct_minutes))
    if left is None or not left.authorised:
        return said
    if visit.referral_id is not None and visit.allotment_id is None:
        return f"{said} {words.say('No authorized visit was left for it: it counts as unfunded.')}"
    return f"{said} {visits_left(words, left)}"


def visits_left(words: Words, left: VisitsLeft) -> str:
    """`11 visits left.`"""
    return words.say_n("{n} visit left.", "{n} visits left.", left.left)


def task_sentence(words: Words, task: Task, client: OwnClient, *, today: date) -> str:
    """What is due, in one short sentence."""
    days = (today - task.due).days
    if task.kind == "first_visit":
        return _first_visit(words, task.due, days)
    if task.kind == "contact":
        return words.say_n("Contact overdue by {n} day", "Contact overdue by {n} days", days)
    if task.kind == "inactive":
        since = (today - client.last_contact).days if client.last_contact else 0
        return words.say_n("No visit for {n} day: review or discharge", "No visit for {n} days: review or discharge", since)
    left = client.left or VisitsLeft()
    if task.kind == "expires" and left.expires_on:
        return words.say_n(
            "{n} visit left, to be used by {day}", "{n} visits left, to be used by {day}", left.left, day=words.day(left.expires_on)
        )
    return words.say_n("{n} visit left of {total}", "{n} visits left of {total}", left.left, total=words.integer(left.authorised))


def _first_visit(words: Words, due: date, days: int) -> str:
    if days > 0:
        return words.say_n("First visit overdue by {n} day", "First visit overdue by {n} days", days)
    return words.say("First visit due today") if days == 0 else words.say("First visit by {day}", day=words.day(due))
