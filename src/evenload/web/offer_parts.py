"""The parts of the pages of offers: one offer as the practitioner reads it, and as the manager does."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from evenload.planning.explain import Candidate
from evenload.planning.plan import Reason
from evenload.records.models import Offer, OfferAnswer, OfferQuestion, Practitioner
from evenload.web.before_after import ChangeRow, Figures, change_row
from evenload.web.load_bar import Load
from evenload.words import Words, label, message, reason_sentence
from evenload.words.phrases import Names, joined
from evenload.workflow.offer_eligible import ABOVE_RANGE, HAS_IT, Eligible, LeftOut

LEFT_OUT: Final = {
    HAS_IT: message("Has it in the draft already."),
    ABOVE_RANGE: message("It would lift her above her own range. You may still choose her by name."),
}
"""why somebody who may have a unit is not among all eligible"""


@dataclass(frozen=True, slots=True)
class AskedView:
    """One offer before her who decides. `place` is the whole address only once she has accepted."""

    answer: OfferAnswer
    title: str
    place: str
    hours: Fraction
    change: ChangeRow
    more_travel: str
    why: str
    is_open: bool
    is_accepted: bool
    can_give_back: bool
    questions: tuple[OfferQuestion, ...]


@dataclass(frozen=True, slots=True)
class NotAskedLine:
    """Somebody whom an offer to all eligible leaves out, and why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class ToAllView:
    """An offer to all eligible before it is sent: who is asked, best fit first, and who is not."""

    asked: tuple[str, ...]
    not_asked: tuple[NotAskedLine, ...]
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SentLine:
    """One answer in the manager's list."""

    answer: OfferAnswer
    name: str
    state: str
    note: str
    questions: tuple[OfferQuestion, ...]
    can_reply: bool


@dataclass(frozen=True, slots=True)
class SentView:
    """One offer as the manager follows it."""

    offer: Offer
    title: str
    state: str
    lines: tuple[SentLine, ...]
    taken_by: str
    rest: str
    """code of the unit that holds the rest of a part acceptance, while it waits"""


def asked_view(words: Words, answer: OfferAnswer, names: Names, week: dict[str, Any]) -> AskedView:
    """An offer to her; `week` holds her week before and after, as counted now or as she decided from."""
    offer, shown = answer.offer, answer.offer.shown
    is_accepted = answer.state == "accepted"
    before, after = (_figures(answer.practitioner, week[side]) for side in ("before", "after"))
    where = shown["town"] or shown["postal_area"] or words.say("area not stated")
    language = words.language_name(shown["language"]) if shown["language"] else words.say("language not stated")
    discipline = label(words, "discipline_short", shown["discipline"])
    told = [reason_sentence(words, Reason(code, facts), names) for code, facts in answer.shown.get("why", [])]
    return AskedView(
        answer=answer,
        title=", ".join((discipline, language, where)),
        place=names.get(offer.piece, offer.piece) if is_accepted else "",
        hours=Fraction(shown["minutes"], 60),
        change=change_row(words, str(answer.practitioner), before, after),
        more_travel=words.signed_hours(Fraction(after.travel_minutes - before.travel_minutes, 60)),
        why=joined(told),
        is_open=answer.state in ("open", "conditional"),
        is_accepted=is_accepted,
        can_give_back=is_accepted and offer.state == "accepted",
        questions=tuple(answer.questions.all()),
    )


def _figures(person: Practitioner, week: dict[str, Any]) -> Figures:
    own_range = (Fraction(person.comfortable_min_percent), Fraction(person.comfortable_max_percent))
    load = Load(week["assigned_minutes"], week["capacity_minutes"], week["maximum_minutes"], own_range)
    return Figures(load, week["state"], week["travel_minutes"], week["peak_minutes"])


def sent_views(words: Words, offers: Iterable[Offer], names: Names, waiting: Container[str] = ()) -> list[SentView]:
    """The manager's offers with every answer; `waiting` are the pieces that nobody has in the draft."""
    return [_sent(words, offer, names, waiting) for offer in offers]


def _sent(words: Words, offer: Offer, names: Names, waiting: Container[str]) -> SentView:
    rest = offer.shown.get("rest", "")
    lines = tuple(_line(words, offer, answer) for answer in offer.answers.all())
    return SentView(
        offer=offer,
        title=names.get(offer.piece, offer.piece),
        state=label(words, "offer_state", offer.state),
        lines=lines,
        rest=rest if rest in waiting else "",
        taken_by=next((line.name for line in lines if line.answer.state == "accepted"), ""),
    )


def to_all_view(words: Words, names: Names, found: Eligible) -> ToAllView:
    """Who would be asked and who would not: those left out first, then those whom a hard rule excludes."""
    left_out = [NotAskedLine(names.get(one.one.practitioner, one.one.practitioner), _why(words, one)) for one in found.left_out]
    excluded = [NotAskedLine(names.get(one.practitioner, one.practitioner), _rules(words, names, one)) for one in found.ranking.excluded]
    asked = tuple(names.get(code, code) for code in found.codes)
    return ToAllView(asked, tuple(left_out + excluded), tuple(found.codes))


def _why(words: Words, one: LeftOut) -> str:
    if one.until is not None:
        return words.say("No offers until {day}, as agreed.", day=words.date_sentence(one.until))
    return words.say(LEFT_OUT[one.code])


def _rules(words: Words, names: Names, one: Candidate) -> str:
    return joined(reason_sentence(words, reason, names) for reason in one.reasons)


def _line(words: Words, offer: Offer, answer: OfferAnswer) -> SentLine:
    parts = [label(words, "decline_reason", answer.reason)] if answer.reason else []
    if answer.visits is not None:
        parts.append(words.say("Visits it can be: {n}", n=words.number(answer.visits, 0 if answer.visits == int(answer.visits) else 1)))
    if answer.comment:
        parts.append(answer.comment)
    questions = tuple(answer.questions.all())
    can_reply = bool(questions) and offer.state == "open" and answer.state in ("open", "conditional")
    return SentLine(answer, str(answer.practitioner), label(words, "answer_state", answer.state), joined(parts), questions, can_reply)
