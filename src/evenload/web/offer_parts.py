"""The parts of the pages of offers: one offer as the practitioner reads it, and as the manager does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from evenload.planning.plan import Reason
from evenload.records.models import Offer, OfferAnswer, Practitioner
from evenload.web.before_after import ChangeRow, Figures, change_row
from evenload.web.load_bar import Load
from evenload.words import Words, label, reason_sentence
from evenload.words.phrases import Names, joined


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


@dataclass(frozen=True, slots=True)
class SentLine:
    """One answer in the manager's list."""

    answer: OfferAnswer
    name: str
    state: str
    note: str


@dataclass(frozen=True, slots=True)
class SentView:
    """One offer as the manager follows it."""

    offer: Offer
    title: str
    state: str
    lines: tuple[SentLine, ...]
    taken_by: str


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
    )


def _figures(person: Practitioner, week: dict[str, Any]) -> Figures:
    own_range = (Fraction(person.comfortable_min_percent), Fraction(person.comfortable_max_percent))
    load = Load(week["assigned_minutes"], week["capacity_minutes"], week["maximum_minutes"], own_range)
    return Figures(load, week["state"], week["travel_minutes"], week["peak_minutes"])


def sent_views(words: Words, offers: Iterable[Offer], names: Names) -> list[SentView]:
    """The manager's offers with every answer."""
    return [_sent(words, offer, names) for offer in offers]


def _sent(words: Words, offer: Offer, names: Names) -> SentView:
    lines = tuple(_line(words, answer) for answer in offer.answers.all())
    return SentView(
        offer=offer,
        title=names.get(offer.piece, offer.piece),
        state=label(words, "offer_state", offer.state),
        lines=lines,
        taken_by=next((line.name for line in lines if line.answer.state == "accepted"), ""),
    )


def _line(words: Words, answer: OfferAnswer) -> SentLine:
    parts = [label(words, "decline_reason", answer.reason)] if answer.reason else []
    if answer.visits is not None:
        parts.append(words.say("Visits it can be: {n}", n=words.number(answer.visits, 0 if answer.visits == int(answer.visits) else 1)))
    if answer.comment:
        parts.append(answer.comment)
    return SentLine(answer, str(answer.practitioner), label(words, "answer_state", answer.state), joined(parts))
