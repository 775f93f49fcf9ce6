"""What the pages of referrals say: why something is wrong at a field, why a step was refused, what was done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from django.utils import timezone

from evenload.records.models.clients import CLOSING_REASONS, LANGUAGE_ASKED_HOW
from evenload.words import Words, label, message
from evenload.workflow.referrals import Wrong
from evenload.workflow.refused import Refused

EXPECTED_DAY: Final = message("Write a day as 2026-02-03.")

WRONG: Final = {
    "initials_missing": message("Write the client's initials."),
    "initials_too_long": message("At most {most} characters: initials only, no name."),
    "client_of_other_initials": message("The client {client} has the initials {initials}. Check the code, or leave it empty."),
    "client_of_other_year": message("The client {client} was born in {year}. Check the code or the year."),
    "birth_year_odd": message("Expected a year from {first} to {last}."),
    "language_to_ask": message("Ask for the language first, or say that it was not asked yet."),
    "language_unknown": message("This language is not known. Choose one of the list."),
    "asked_how_missing": message("Say how the language was asked."),
    "day_to_come": message("This day is still to come. Today is {today}."),
    "discipline_missing": message("Choose a discipline."),
    "discipline_unknown": message("This program has no such discipline."),
    "site_unknown": message("This program has no such site."),
    "place_missing": message("Choose a site, or write the postal code of the home."),
    "postal_invalid": message("Expected a postal code such as K1K 2B5."),
    "priority_unknown": message("Choose a priority from 1 to 4."),
    "complexity_unknown": message("This program has no such complexity."),
    "complexity_of_other_discipline": message("This complexity belongs to another discipline."),
    "contract_unknown": message("This program has no such contract."),
    "contract_of_other_discipline": message("This contract is for another discipline."),
    "contract_not_in_force": message("This contract runs from {first} to {last}, and the referral was not received in it."),
    "visits_odd": message("Expected whole visits, from 1 to {most}."),
    "visits_missing": message("Write how many visits are authorized until then."),
    "received_missing": message("Write the day on which the referral was received."),
    "received_too_early": message("Expected a day since {day}."),
    "expires_before_receipt": message("The visits expire before the referral was received."),
    "resumed_is_open": message("The referral that this one takes up again is not closed."),
    "day_odd": EXPECTED_DAY,
    "text_too_long": message("At most {most} characters."),
    "number_known": message("A referral of this number was taken in already."),
    "number_twice": message("This number stands twice in the file: also in row {row}."),
    "client_twice": message("This client is referred twice to the same discipline in the file: also in row {row}."),
    "referral_alike": message("An open referral of this discipline may be the same: {initials}, received {day}. Look before you confirm."),
}

REFUSALS: Final = {
    "referral_changed": message("Somebody changed this referral meanwhile. Here it is as it stands now: nothing of yours was done."),
    "referral_step": message("From “{before}” a referral cannot go to “{after}”. Nothing was changed."),
    "referral_over": message("This referral is closed. Take it up again as a new one."),
    "step_by_offer": message("A referral is offered by an offer of its unit. Nothing was changed."),
    "offer_open": message("It is offered to somebody now. Withdraw the offer first."),
    "unit_held": message("Somebody has this unit on the list. Move it on the desk and publish: the referral follows."),
    "unit_not_held": message("Nobody has this unit yet. Offer it, or place it on the desk and publish: the referral follows."),
    "complexity_missing": message("Choose the complexity first: without it nobody can count the hours."),
    "complexity_unknown": message("This program has no such complexity."),
    "priority_unknown": message("Choose a priority from 1 to 4."),
    "hold_day_missing": message("Say until which day it is on hold."),
    "hold_day_past": message("The last day on hold must be still to come."),
    "closing_reason_missing": message("Choose why it is closed."),
    "barred_already": message("{practitioner} is barred already."),
    "barred_elsewhere": message("Choose somebody of this program."),
    "lifted_already": message("This directive was lifted already."),
    "step_missing": message("Choose what to do."),
    "day_odd": EXPECTED_DAY,
}
CONFLICTS: Final = frozenset(
    {"referral_changed", "referral_step", "referral_over", "step_by_offer", "offer_open", "unit_held", "unit_not_held", "lifted_already"}
)
"""Refused because of what the referral is now, not because of what was typed: answered with 409."""

WAYS_IN: Final = {"site_team": message("joined the site's team"), "consent": message("the client barred the practitioner")}
WAYS: Final = WAYS_IN | {
    "offer_ended": message("the offer ended"),
    "edition": message("by the assignment list"),
}
"""reasons of steps that nobody chose by hand"""

DONE: Final = {
    "waiting": message("{initials} is on the waiting list."),
    "assigned": message("{initials} is with a practitioner."),
    "on_hold": message("{initials} is on hold until {day}."),
    "closed": message("The referral of {initials} is closed."),
}


def wrong_sentence(words: Words, one: Wrong) -> str:
    """What is wrong at a field. Raises KeyError for an unknown code."""
    return _filled(words, WRONG[one.code], one.facts)


FIELDS: Final = (
    *("language", "asked_how", "asked_by", "asked_on", "initials", "birth_year", "client", "name", "discipline", "complexity", "site"),
    *("postal", "priority", "received_on", "available_from", "contract", "visits", "expires_on", "number", "note", "resumes"),
)
"""as they stand on the form"""


def errors_of(words: Words, wrong: Iterable[Wrong]) -> dict[str, list[str]]:
    """The sentences of each field, in the order of the form."""
    errors: dict[str, list[str]] = {}
    for one in sorted(wrong, key=lambda one: FIELDS.index(one.place)):
        errors.setdefault(one.place, []).append(wrong_sentence(words, one))
    return errors


def refusal_sentence(words: Words, refused: Refused) -> str:
    """Why a step was refused. Raises KeyError for an unknown code."""
    facts = dict(refused.facts)
    sentence = REFUSALS[refused.code]
    for name in ("before", "after"):
        if name in facts:
            facts[name] = label(words, "referral_state", str(facts[name]))
    return _filled(words, sentence, facts)


def _filled(words: Words, sentence: str, facts: Mapping[str, Any]) -> str:
    return words.say(sentence, **{name: one for name, one in _said(words, facts).items() if "{" + name + "}" in sentence})


def _said(words: Words, facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _day(words, one) if isinstance(one, date) else str(one) for name, one in facts.items()}


def _day(words: Words, one: date) -> str:
    return words.date(timezone.localtime(one).date() if isinstance(one, datetime) else one)


def state_name(words: Words, state: str) -> str:
    """`On the waiting list`."""
    return label(words, "referral_state", state)


def step_reason(words: Words, reason: str) -> str:
    """Why a step was taken; empty where nothing was said."""
    if not reason:
        return ""
    return words.say(WAYS[reason]) if reason in WAYS else label(words, "closing_reason", reason)


def closing_choices(words: Words) -> list[tuple[str, str]]:
    """Code and words of every reason to close."""
    return [(code, label(words, "closing_reason", code)) for code in CLOSING_REASONS]


def how_choices(words: Words) -> list[tuple[str, str]]:
    """Code and words of every way to ask for a language."""
    return [(code, label(words, "asked_how", code)) for code in LANGUAGE_ASKED_HOW]
