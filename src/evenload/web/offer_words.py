"""What the pages of offers say: why an answer was refused, what an answer did."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from django.utils import timezone

from evenload.records.models.offers import ANSWER_STATES, OFFER_STATES
from evenload.web.draft_words import refusal_sentence
from evenload.words import Words, label, message
from evenload.words.phrases import Names
from evenload.workflow.refused import Refused

REFUSALS: Final = {
    "nobody_asked": message("Choose at least one person."),
    "asked_twice": message("Somebody is named twice. Choose everybody once."),
    "answer_hours_odd": message("Leave between 1 and {most} hours to answer."),
    "offer_open_already": message("This unit is offered already. Withdraw that offer first."),
    "offer_taken": message("{by} accepted this offer at {time}. Your load has not changed. Thank you for answering."),
    "offer_over": message("This offer is over. Your load has not changed. Thank you for answering."),
    "answer_too_late": message("The time to answer was over on {day} at {time}. Nothing was changed."),
    "not_asked_yet": message("This offer has not come to you yet."),
    "answered_already": message("You have answered this offer already: {state}."),
    "conditions_missing": message("Write your conditions, or how many visits you can take."),
    "decline_reason_missing": message("Choose a reason. It helps to ask the right person next time."),
    "day_odd": message("Write a day as 2026-02-03."),
    "offers_paused": message("{practitioner} gets no offers until {day}, as agreed about the load."),
    "visits_odd": message("Write a number of visits, as 12."),
    "confirmed_already": message("This was confirmed already. Speak with your manager to change it."),
    "not_accepted": message("Nobody has accepted this offer. There is nothing to confirm."),
    "nothing_asked": message("Write your question first."),
    "no_question": message("Nothing was asked here."),
    "part_of_one_client_only": message("Only a single client's visits can be taken in part. Write your conditions in words instead."),
    "part_is_all": message("Write fewer visits than the {left} that are left, in whole numbers; or accept them all."),
    "eligible_changed": message("Loads have changed since this page was made. Look again at who would be asked."),
    "answer_unknown": message("Choose what to answer."),
}

TO_PLANNERS: Final = REFUSALS | {
    "offer_taken": message("{by} accepted this offer at {time}. Nothing was changed."),
    "offer_over": message("This offer is over: {offer_state}. Nothing was changed."),
    "answered_already": message("This answer is not open any more: {state}. Nothing was changed."),
}
"""the same refusals, said to her who made the offer"""

CONFLICTS: Final = frozenset(
    {
        "offer_taken",
        "offer_over",
        "answer_too_late",
        "not_asked_yet",
        "answered_already",
        "confirmed_already",
        "not_accepted",
        "no_question",
    }
    | {"offer_open_already", "eligible_changed"}
)
"""the page was made before somebody else acted, or nothing of the kind is possible in this state"""


def offer_refusal(words: Words, refused: Refused, names: Names, *, to_planner: bool = False) -> str:
    """Why an act on an offer was refused. Raises KeyError for an unknown code."""
    if refused.code not in REFUSALS:
        return refusal_sentence(words, refused, names)
    sentence = (TO_PLANNERS if to_planner else REFUSALS)[refused.code]
    told = _told(words, dict(refused.facts), names)
    return words.say(sentence, **{name: text for name, text in told.items() if "{" + name + "}" in sentence})


def _told(words: Words, facts: dict[str, Any], names: Names) -> dict[str, str]:
    at = facts.get("at") or facts.get("until")
    here = timezone.localtime(at) if isinstance(at, datetime) else None
    day = here.date() if here else at
    state = str(facts.get("state", ""))
    return {
        "by": str(facts.get("by") or words.say("Somebody else")),
        "time": words.clock(here.time()) if here else "–",
        "day": words.date_sentence(day) if isinstance(day, date) else "–",
        "practitioner": names.get(str(facts.get("practitioner", "")), str(facts.get("practitioner", ""))),
        "most": words.integer(int(facts.get("most", 0))),
        "state": label(words, "answer_state", state).lower() if state in ANSWER_STATES else "–",
        "offer_state": label(words, "offer_state", state).lower() if state in OFFER_STATES else "–",
        "left": words.integer(int(facts.get("left", 0))),
    }
