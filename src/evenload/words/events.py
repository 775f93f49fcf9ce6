"""What a notice says: one or more sentences for each event, as rich as its values allow; never anything of a client."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from evenload.words.labels import label
from evenload.words.phrases import Counted, Phrase
from evenload.words.voice import Words, message, placeholders

Said = tuple[tuple[Phrase, ...], ...]
"""Sentences one after the other; of each, the richest form first. One whose last form cannot be filled is left out."""


@dataclass(frozen=True, slots=True)
class Event:
    """What is told: its name where people choose channels and in the subject of a mail, and its sentences."""

    title: str
    said: Said
    by_answer: Mapping[str, tuple[Phrase, ...]] | None = None
    """the first sentence where `answer` is one of these codes"""


PLEASE_ANSWER: Final = (message("Please answer by {until}."), message("Please answer by {due}."))

EVENTS: Final[Mapping[str, Event]] = {
    "offer_made": Event(
        message("An offer to you"),
        ((message("You are asked to take on: {what}."), message("You are asked to take on a unit.")), PLEASE_ANSWER),
    ),
    "offer_reminder": Event(
        message("An offer that waits for your answer"),
        ((message("An offer still waits for your answer: {what}."), message("An offer still waits for your answer.")), PLEASE_ANSWER),
    ),
    "offer_taken": Event(
        message("Somebody else took what you were offered"),
        (
            (
                message("{practitioner} has accepted what you were asked about too: {what}."),
                message("Somebody else has accepted what you were asked about too: {what}."),
                message("{practitioner} has accepted what you were asked about too."),
                message("Somebody else has accepted what you were asked about too."),
            ),
            (message("There is nothing left to answer. Thank you for looking at it."),),
        ),
    ),
    "offer_withdrawn": Event(
        message("An offer to you is withdrawn"),
        (
            (message("An offer to you is withdrawn: {what}."), message("An offer to you is withdrawn.")),
            (message("There is nothing left to answer."),),
        ),
    ),
    "offer_answered": Event(
        message("An answer to an offer"),
        (
            (
                message("{practitioner} has answered an offer: {what}."),
                message("{practitioner} has answered an offer."),
                message("An offer is answered."),
            ),
        ),
        {
            "accepted": (message("{practitioner} accepts an offer: {what}."), message("{practitioner} accepts an offer.")),
            "conditional": (
                message("{practitioner} accepts an offer with conditions, and you decide: {what}."),
                message("{practitioner} accepts an offer with conditions, and you decide."),
            ),
            "declined": (message("{practitioner} declines an offer: {what}."), message("{practitioner} declines an offer.")),
            "given_back": (
                message("{practitioner} gives back what was accepted: {what}."),
                message("{practitioner} gives back what was accepted."),
            ),
        },
    ),
    "offer_question": Event(
        message("A message about an offer"),
        (
            (
                message("There is a new message about the offer to {practitioner}: {what}."),
                message("There is a new message about an offer: {what}."),
                message("There is a new message about an offer."),
            ),
        ),
    ),
    "offer_confirmed": Event(
        message("Your acceptance is confirmed"),
        (
            (message("Your acceptance is confirmed: {what}."), message("Your acceptance is confirmed.")),
            (message("It is yours from {day}."),),
        ),
    ),
    "offers_lapsed": Event(
        message("An offer that nobody took"),
        (
            (message("An offer has lapsed; nobody took it: {what}."), message("An offer has lapsed; nobody took it.")),
            (Counted("{n} person was asked.", "{n} people were asked.", "n"),),
        ),
    ),
    "edition_published": Event(
        message("A new assignment list that changes something for you"),
        (
            (message("Edition {number} of the assignment list is published."), message("A new assignment list is published.")),
            (Counted("It changes {n} row of yours.", "It changes {n} rows of yours.", "n"),),
            (message("It applies from {day}."),),
        ),
    ),
    "load_said": Event(
        message("How a practitioner's load feels"),
        (
            (message("{practitioner} has said how the load feels."), message("Somebody has said how the load feels.")),
            PLEASE_ANSWER,
        ),
        {
            "too_high": (message("{practitioner} says that the load is too high."),),
            "too_low": (message("{practitioner} says that the load is too low."),),
        },
    ),
    "talk_written": Event(
        message("A message in a load conversation"),
        (
            (
                message("There is a new message in the load conversation with {practitioner}."),
                message("There is a new message in your load conversation."),
            ),
        ),
    ),
    "talk_agreed": Event(
        message("Both agree in a load conversation"),
        (
            (message("You and {practitioner} agree in the load conversation."), message("Both of you agree in your load conversation.")),
            (message("You look again together on {day}."), message("You look again together on {due}.")),
        ),
    ),
    "talk_follow_up": Event(
        message("Time to look again at what was agreed"),
        (
            (
                message("It is time to look again together at what you and {practitioner} agreed."),
                message("It is time to look again together at what you agreed about your load."),
            ),
        ),
    ),
    "talk_escalated": Event(
        message("A load conversation that waits too long"),
        (
            (
                message("The load conversation with {practitioner} has waited too long for an answer."),
                message("Your load conversation has waited too long for an answer. The director sees it now."),
            ),
        ),
    ),
    "overload": Event(
        message("A load that stays too high"),
        (
            (
                Counted(
                    "The load of {practitioner} has been too high for {n} week.",
                    "The load of {practitioner} has been too high for {n} weeks in a row.",
                    "n",
                ),
                Counted("Your load has been too high for {n} week.", "Your load has been too high for {n} weeks in a row.", "n"),
                message("The load of {practitioner} stays too high."),
                message("Your load stays too high."),
            ),
        ),
    ),
    "leave_told": Event(
        message("A practitioner who is away"),
        (
            (
                message("{practitioner} is away from {day} to {until}."),
                message("{practitioner} is away from {day}."),
                message("{practitioner} is away."),
                message("A practitioner is away."),
            ),
            (Counted("{n} unit needs somebody meanwhile.", "{n} units need somebody meanwhile.", "n"),),
        ),
        {"cancelled": (message("{practitioner} is not away from {day} after all."), message("{practitioner} is not away after all."))},
    ),
    "hours_offered": Event(
        message("Hours that a practitioner offers"),
        (
            (
                message("{practitioner} offers {hours} from {day}."),
                message("{practitioner} offers hours from {day}."),
                message("{practitioner} offers hours."),
                message("A practitioner offers hours."),
            ),
        ),
        {
            "withdrawn": (
                message("{practitioner} takes back the hours offered from {day}."),
                message("{practitioner} takes back the hours offered."),
            )
        },
    ),
    "hours_answered": Event(
        message("An answer to the hours you offered"),
        ((message("The hours that you offered from {day} are answered."), message("The hours that you offered are answered.")),),
        {
            "taken": (
                message("The hours that you offered from {day} are taken: {hours}. Thank you."),
                message("The hours that you offered from {day} are taken. Thank you."),
                message("The hours that you offered are taken. Thank you."),
            ),
            "declined": (
                message("The hours that you offered from {day} are not needed this time. Thank you."),
                message("The hours that you offered are not needed this time. Thank you."),
            ),
        },
    ),
    "referral_at_site": Event(
        message("A new referral at a site"),
        ((message("A new referral has come to a site of the team: {what}."), message("A new referral has come to a site of the team.")),),
    ),
    "referral_late": Event(
        message("A referral that is late"),
        (
            (
                Counted("{n} referral is late.", "{n} referrals are late.", "n"),
                message("A referral is late: {what}."),
                message("A referral is late."),
            ),
            (message("It was due on {due}."),),
        ),
    ),
    "approval_asked": Event(
        message("Visits that wait for approval"),
        (
            (
                message("{practitioner} asks you to approve more visits: {what}."),
                message("{practitioner} asks you to approve more visits."),
                message("Visits without funding wait for approval: {what}."),
                message("Visits without funding wait for approval."),
            ),
            PLEASE_ANSWER,
        ),
    ),
    "approval_given": Event(
        message("Visits that are approved"),
        ((message("The visits that you asked for are approved: {what}."), message("The visits that you asked for are approved.")),),
    ),
    "approval_refused": Event(
        message("Visits that are not approved"),
        ((message("The visits that you asked for are not approved: {what}."), message("The visits that you asked for are not approved.")),),
    ),
    "give_back_asked": Event(
        message("Somebody asks to give a client back"),
        (
            (
                message("{practitioner} asks to give a client back, and you decide: {what}."),
                message("{practitioner} asks to give a client back, and you decide."),
                message("Somebody asks to give a client back, and you decide."),
            ),
        ),
    ),
    "standard_drifted": Event(
        message("A time standard departs from what is recorded"),
        ((message("Recorded visits depart from a time standard."),), (message("Look at it under Time standards."),)),
    ),
    "standard_proposed": Event(
        message("A time standard waits for approval"),
        ((message("Another time standard is proposed."),), (message("You can approve or decline it."),)),
    ),
    "standard_decided": Event(
        message("Your time standard is approved or declined"), ((message("The time standard you proposed is decided."),),)
    ),
    "report_written": Event(message("A report is on the shared drive"), ((message("A report of the program is on the shared drive."),),)),
    "report_failed": Event(
        message("A report could not be written"),
        (
            (message("A report of the program could not be written to the shared drive."),),
            (message("It is tried again by itself. The page of reports says what stands in the way."),),
        ),
    ),
}


def event_title(words: Words, event: str) -> str:
    """The name of an event, as people choose it and as a mail's subject says it. KeyError for an unknown event."""
    return words.say(EVENTS[event].title)


def event_sentence(words: Words, event: str, values: Mapping[str, Any]) -> str:
    """What the notice says, in one line. KeyError for an unknown event; values that no sentence asks for are left out."""
    told = EVENTS[event]
    shown = _shown(words, values)
    first, *rest = told.said
    said = [_richest(words, forms, shown, values) for forms in ((told.by_answer or {}).get(str(values.get("answer", "")), ()), first)]
    opening = next(filter(None, said), "")
    return " ".join(filter(None, [opening, *(_richest(words, forms, shown, values) for forms in rest)]))


def _richest(words: Words, forms: tuple[Phrase, ...], shown: Mapping[str, str], values: Mapping[str, Any]) -> str:
    """The first form that can be filled; nothing where none can."""
    for form in forms:
        if isinstance(form, Counted):
            n = values.get(form.by)
            wanted = placeholders(form.one) | placeholders(form.many)
            if isinstance(n, int) and n > 0 and wanted <= shown.keys():
                return words.say_n(form.one, form.many, n, **{name: shown[name] for name in wanted - {"n"}})
        elif (wanted := placeholders(form)) <= shown.keys():
            return words.say(form, **{name: shown[name] for name in wanted})
    return ""


def _shown(words: Words, values: Mapping[str, Any]) -> dict[str, str]:
    """Each value as a reader sees it, in one line; `what` is the discipline and the area, `hours` the number as hours a week."""
    lines = {name: " ".join(str(value).split()) for name, value in values.items() if value is not None}
    shown = {name: line for name, line in lines.items() if line}
    for name in {"until", "day", "due"} & shown.keys():
        shown[name] = _moment(words, shown[name])
    with suppress(ArithmeticError, KeyError, ValueError):
        shown["hours"] = words.hours_per_week(Decimal(shown["number"]))
    discipline = label(words, "discipline", shown.get("discipline", ""))
    if what := ", ".join(filter(None, (discipline, shown.get("area", "")))):
        shown["what"] = what
    return shown


def _moment(words: Words, stated: str) -> str:
    """A day, or a day with its time; what is neither stays as it is."""
    with suppress(ValueError):
        return words.date_sentence(datetime.date.fromisoformat(stated))
    with suppress(ValueError):
        at = datetime.datetime.fromisoformat(stated)
        return words.say("{day} at {time}", day=words.date_sentence(at.date()), time=words.clock(at.time()))
    return stated
