"""Offers and load conversations of the demonstration: asked yesterday, some answered since, one load said to be too high."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.utils.timezone import localdate

from evenload.records.access import Person, person_of
from evenload.records.models import Draft, Offer, OfferAnswer, Practitioner
from evenload.workflow import drafts, offers, talks, what_if
from evenload.workflow.demo_cast import PRACTITIONER
from evenload.workflow.demo_desk import head_of
from evenload.workflow.draft_picture import picture_of
from evenload.workflow.offers import Terms

if TYPE_CHECKING:
    from evenload.workflow.demo import Scene

PROGRAM: Final = "home-care"
OPEN_FOR_HER: Final = 2
ANSWER_HOURS: Final = 96
MOST_ASKED: Final = 4
WORDS: Final = "I have kept Tuesday at ten for us. Let us look at the drives first."


def offer_and_talk(scene: Scene) -> None:
    """Home care: two offers wait for the practitioner who signs in, one was accepted and one declined; a load is too high."""
    program = scene.programs[PROGRAM]
    draft = drafts.open_draft_of(program)
    own = Practitioner.objects.filter(program=program, account=scene.people[PRACTITIONER.username].account).first()
    if draft is None or own is None:
        return
    by, at = head_of(program, scene), scene.days.at(days=(scene.days.monday - scene.days.as_of).days + 1, minutes=45)
    made = _offers(draft, own.code, by=by, at=at)
    for offer, answer in zip(made[OPEN_FOR_HER:], (_accept, _decline), strict=False):
        answer(offer, at=at + timedelta(hours=3))
    _too_high(draft, own, by=by, at=at)


def _offers(draft: Draft, own: str, *, by: Person, at: datetime) -> list[Offer]:
    """Of what waits, first what she could take herself, then what others could."""
    made: list[Offer] = []
    waiting = what_if.waiting_column(picture_of(draft), today=localdate(at), fixes=0)
    able = {
        one.card.piece: [who.practitioner for who in what_if.ranking(draft, one.card.piece).possible] for one in waiting if one.possible
    }
    hers = [piece for piece, people in able.items() if own in people][:OPEN_FOR_HER]
    theirs = [piece for piece in able if piece not in hers]
    for number, piece in enumerate([*hers, *theirs]):
        others = [code for code in able[piece] if code != own][: MOST_ASKED - 1]
        asked = [own, *others] if piece in hers else others
        terms = Terms("in_turn" if number == 1 else "together", ANSWER_HOURS)
        if asked and len(made) < OPEN_FOR_HER + 2:
            made.append(offers.make(_now(draft), piece, asked, terms=terms, by=by, at=at + timedelta(minutes=5 * number)))
    return made


def _now(draft: Draft) -> Draft:
    return Draft.objects.select_related("program").get(pk=draft.pk)


def _asked_with_account(offer: Offer) -> OfferAnswer | None:
    open_answers = offer.answers.filter(state="open", practitioner__account__isnull=False)
    return open_answers.select_related("practitioner__account").first()


def _accept(offer: Offer, *, at: datetime) -> None:
    mine = _asked_with_account(offer)
    by = person_of(mine.practitioner.account) if mine and mine.practitioner.account else None
    if mine and by:
        offers.accept(mine, by=by, at=at)


def _decline(offer: Offer, *, at: datetime) -> None:
    mine = _asked_with_account(offer)
    by = person_of(mine.practitioner.account) if mine and mine.practitioner.account else None
    if mine and by:
        offers.decline(mine, reason="distance", by=by, at=at)


def _too_high(draft: Draft, own: Practitioner, *, by: Person, at: datetime) -> None:
    """Somebody with an account and much travel says so; her manager has answered."""
    weeks = picture_of(_now(draft)).standing.weeks
    people = (
        Practitioner.objects.filter(program=draft.program, account__isnull=False).exclude(pk=own.pk).select_related("account", "program")
    )
    one = max(people, key=lambda person: (weeks[person.code].travel_minutes, person.code), default=None)
    account = one.account if one else None
    herself = person_of(account) if account else None
    if one is None or herself is None:
        return
    talks.say(one, "too_high", cause="travel", by=herself, at=at + timedelta(hours=1))
    talks.write(one.talks.get(), WORDS, by=by, at=at + timedelta(hours=4))
