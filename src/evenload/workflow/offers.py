"""Offers: made by a manager, answered by the one who is asked. The first acceptance wins, and the database says which was first.

Whoever changes the draft holds the draft's row first and the offer's row second, so that no two wait for each other. Every step
is a guarded update: an answer that came too late changes nothing, and is told who was quicker.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.timezone import localdate

from evenload.records.access import Person
from evenload.records.models import Assignment, Draft, Offer, OfferAnswer, Practitioner, Program
from evenload.records.models.offers import DECLINE_REASONS
from evenload.workflow import departures, drafts, journal, offer_in_part, offer_referrals, offer_shown, offer_told
from evenload.workflow.draft_picture import picture_of
from evenload.workflow.move_rules import refuse_move
from evenload.workflow.offers_closed import end_answers
from evenload.workflow.refused import Refused
from evenload.workflow.states import ANSWER, OFFER, step

LONGEST_HOURS = 24 * 31
ABOVE_HOURS = "practitioner_agrees"
"""the reason that a load above the hours for client care needs: the person herself said yes to it"""


@dataclass(frozen=True, slots=True)
class Terms:
    """How an offer is made: to everybody named at once (`together`) or `in_turn`; hours to answer; first visit by which day."""

    way: str = "together"
    answer_hours: int = 24
    first_visit_by: date | None = None


def make(draft: Draft, piece: str, asked: Sequence[str], *, terms: Terms, by: Person, at: datetime) -> Offer:
    """Offer a piece, with all that goes together with it, to these practitioners (codes, in their order).

    Consequences: each one asked, or the first in turn, has until `answer_hours` from now; nobody else can be offered it meanwhile.
    Refused `nobody_asked`, `asked_twice` {practitioner}, `answer_hours_odd` {most}, `offer_open_already`, the hard rule that one
    of them breaks, `full`, `banned`, `leaving`.
    """
    if not asked:
        raise Refused("nobody_asked")
    if not 1 <= terms.answer_hours <= LONGEST_HOURS:
        raise Refused("answer_hours_odd", most=LONGEST_HOURS)
    twice = next((code for number, code in enumerate(asked) if code in asked[:number]), None)
    if twice is not None:
        raise Refused("asked_twice", practitioner=twice)
    with transaction.atomic():
        held = drafts.locked(draft)
        picture = picture_of(held)
        bundle = drafts.bundle_in(picture, piece)
        people = {one.code: one for one in Practitioner.objects.filter(program=held.program, code__in=asked)}
        _refuse_paused(people.values(), at)
        for code in asked:
            refuse_move(picture, bundle, code, reason=ABOVE_HOURS)
        offer = _stored(held, bundle[0].id, picture.facts.units[bundle[0].id].stated_id, terms, by=by, at=at)
        offer.shown = offer_shown.offered(offer.unit, bundle)
        offer.save(update_fields=["shown"])
        shown = offer_shown.decided_from(picture, bundle[0].id, asked)
        OfferAnswer.objects.bulk_create(
            OfferAnswer(offer=offer, practitioner=people[code], turn=turn, shown=shown[code]) for turn, code in enumerate(asked)
        )
        first = offer.answers.filter(turn=0) if terms.way == "in_turn" else offer.answers.all()
        _ask(offer, first.select_related("practitioner__account"), at=at)
        offer_referrals.offered(offer, by=by, at=at)
        journal.record(
            by, "offer.make", at=at, program=held.program, subject=offer, clients=[offer.unit.code], asked=len(asked), way=terms.way
        )
    return offer


def _refuse_paused(people: Iterable[Practitioner], at: datetime) -> None:
    for one in people:
        if one.offers_paused_until is not None and localdate(at) < one.offers_paused_until:
            raise Refused("offers_paused", practitioner=one.code, until=one.offers_paused_until)


def _stored(draft: Draft, piece: str, stated: str, terms: Terms, *, by: Person, at: datetime) -> Offer:
    unit = draft.program.units.select_related("site").get(code=stated)
    try:
        with transaction.atomic():
            return Offer.objects.create(
                program=draft.program,
                unit=unit,
                piece=piece,
                way=terms.way,
                made_by=by.account,
                made_at=at,
                answer_hours=terms.answer_hours,
                first_visit_by=terms.first_visit_by,
            )
    except IntegrityError as error:
        raise Refused("offer_open_already", piece=piece) from error


def _ask(offer: Offer, answers: Iterable[OfferAnswer], *, at: datetime) -> None:
    until, now_asked = at + timedelta(hours=offer.answer_hours), list(answers)
    keys = [answer.pk for answer in now_asked]
    step(OfferAnswer.objects.filter(pk__in=keys), ANSWER, "queued", "open", asked_at=at, answer_by=until)
    offer_told.asked(offer, now_asked, until=until, at=at)


def accept(answer: OfferAnswer, *, by: Person, at: datetime, visits: Decimal | None = None) -> Offer:
    """Say yes. The piece is hers in the draft at once, pinned; everybody else who was asked is thanked and let go.

    With `visits` she takes so many of them; the rest is a unit of its own, which waits.

    Refused `offer_taken` {by, at} where somebody was quicker, `offer_over` {state}, `answer_too_late` {until}, `not_asked_yet`,
    `answered_already` {state}; the hard rule or `full` where her load has grown since; as `offer_in_part.refuse_part`.
    """
    with _facts_may_change(visits), transaction.atomic():
        offer, mine, draft = _held(answer, by=by, at=at)
        _refuse_answered(mine, at, allowed=("open",))
        if offer.state == "open":
            OfferAnswer.objects.filter(pk=mine.pk).update(
                shown={**mine.shown, **offer_shown.week_of(draft, offer.piece, mine.practitioner.code)}
            )
        _win(offer, mine, draft, by=by, at=at, visits=visits)
    return offer


def _facts_may_change(visits: Decimal | None) -> AbstractContextManager[None]:
    """An acceptance in part divides the unit: what this process read of that is forgotten where it is refused after all."""
    return nullcontext() if visits is None else departures.facts_changing()


def _win(
    offer: Offer, mine: OfferAnswer, draft: Draft, *, by: Person, at: datetime, visits: Decimal | None, conditions_taken: bool = False
) -> None:
    """The one step from an open offer to an accepted one, its placement and its journal line."""
    if not step(Offer.objects.filter(pk=offer.pk), OFFER, "open", "accepted"):
        _refuse_over(Offer.objects.get(pk=offer.pk))
    if visits is not None:
        offer_in_part.set_rest_aside(offer, picture_of(draft), visits, by=by, at=at)
    step(OfferAnswer.objects.filter(pk=mine.pk), ANSWER, mine.state, "accepted", answered_at=at, visits=visits)
    losers = end_answers(offer, "closed", at=at, but=mine.pk)
    offer_told.taken(offer, losers, mine.practitioner, at=at)
    if not conditions_taken:
        offer_told.answered(offer, mine.practitioner, "accepted", at=at)
    drafts.move(
        draft,
        offer.piece,
        mine.practitioner.code,
        by=by,
        at=at,
        seen_version=draft.version,
        pin=True,
        reason_code=ABOVE_HOURS,
        accepted_offer=offer.pk,
    )
    offer.state = "accepted"
    journal.record(by, "offer.accept", at=at, program=offer.program, subject=offer, clients=[offer.unit.code])


def accept_on_conditions(answer: OfferAnswer, *, conditions: str, by: Person, at: datetime, visits: Decimal | None = None) -> None:
    """Say yes, if: the manager may take the conditions, or leave them. The offer stays open for the others meanwhile."""
    if not conditions.strip() and visits is None:
        raise Refused("conditions_missing")
    with transaction.atomic():
        offer, mine, draft = _held(answer, by=by, at=at)
        _refuse_answered(mine, at, allowed=("open",))
        if offer.state != "open":
            _refuse_over(offer)
        if visits is not None:
            offer_in_part.refuse_part(picture_of(draft), offer.piece, visits)
        changes = {"answered_at": at, "comment": conditions.strip()[:500], "visits": visits}
        step(OfferAnswer.objects.filter(pk=mine.pk), ANSWER, "open", "conditional", **changes)
        offer_told.answered(offer, mine.practitioner, "conditional", at=at)
        journal.record(by, "offer.conditions", at=at, program=offer.program, subject=offer, clients=[offer.unit.code])


def take_conditions(answer: OfferAnswer, *, by: Person, at: datetime) -> Offer:
    """The manager agrees to the conditions: the answer becomes an acceptance, if nobody accepted meanwhile.

    Refused `offer_taken`, `offer_over`, `answered_already` {state} where she did not name any.
    """
    with _facts_may_change(answer.visits), transaction.atomic():
        offer, mine, draft = _held(answer, by=by, at=at)
        if offer.state != "open":
            _refuse_over(offer)
        if mine.state != "conditional":
            raise Refused("answered_already", state=mine.state)
        _win(offer, mine, draft, by=by, at=at, visits=mine.visits, conditions_taken=True)
    return offer


def decline(answer: OfferAnswer, *, reason: str, by: Person, at: datetime, comment: str = "") -> None:
    """Say no, with a coded reason. In turn, the next is asked; where nobody is left, the offer ends as declined."""
    if reason not in DECLINE_REASONS:
        raise Refused("decline_reason_missing")
    with transaction.atomic():
        offer, mine, _ = _held(answer, by=by, at=at)
        _refuse_answered(mine, at, allowed=("open", "conditional"))
        step(
            OfferAnswer.objects.filter(pk=mine.pk),
            ANSWER,
            mine.state,
            "declined",
            answered_at=at,
            reason=reason,
            comment=comment.strip()[:500],
        )
        offer_told.answered(offer, mine.practitioner, "declined", at=at)
        go_on(offer, by=by, at=at, ended="declined")
        journal.record(by, "offer.decline", at=at, program=offer.program, subject=offer, clients=[offer.unit.code], reason=reason)


def withdraw(offer: Offer, *, by: Person, at: datetime) -> None:
    """The manager takes an open offer back. Refused `offer_taken`, `offer_over` where it is not open any more."""
    with transaction.atomic():
        _locked(offer)
        if not step(Offer.objects.filter(pk=offer.pk), OFFER, "open", "withdrawn", ended_at=at):
            _refuse_over(Offer.objects.get(pk=offer.pk))
        offer_told.over(offer, end_answers(offer, "withdrawn", at=at), at=at)
        offer_referrals.ended(offer, by=by, at=at)
        journal.record(by, "offer.withdraw", at=at, program=offer.program, subject=offer, clients=[offer.unit.code])


def give_back(answer: OfferAnswer, *, by: Person, at: datetime) -> None:
    """Take an acceptance back, as long as the manager has not confirmed it: the piece waits again. Refused `confirmed_already`."""
    with departures.facts_changing(), transaction.atomic():
        offer, mine, draft = _held(answer, by=by, at=at)
        if mine.state != "accepted" or not step(Offer.objects.filter(pk=offer.pk), OFFER, "accepted", "closed", ended_at=at):
            raise Refused("confirmed_already" if offer.state == "confirmed" else "answered_already", state=mine.state)
        step(OfferAnswer.objects.filter(pk=mine.pk), ANSWER, "accepted", "given_back", answered_at=at)
        offer_told.answered(offer, mine.practitioner, "given_back", at=at)
        if offer.shown.get(offer_in_part.REST):
            offer_in_part.join_rest(offer, by=by, at=at)
        offer_referrals.ended(offer, by=by, at=at)
        drafts.move(draft, offer.piece, None, by=by, at=at, seen_version=draft.version, accepted_offer=offer.pk)
        journal.record(by, "offer.give_back", at=at, program=offer.program, subject=offer, clients=[offer.unit.code])


def confirm(offer: Offer, *, effective_on: date, by: Person, at: datetime) -> Assignment:
    """A named manager confirms an acceptance: it is an assignment from that day on, and the draft lists it.

    Refused `not_accepted` {state} where there is no acceptance (any more).
    """
    with transaction.atomic():
        Program.objects.select_for_update().get(pk=offer.program_id)
        held = _locked(offer)
        if not step(Offer.objects.filter(pk=held.pk), OFFER, "accepted", "confirmed", ended_at=at, confirmed_by=by.account):
            raise Refused("not_accepted", state=held.state)
        taken = held.answers.select_related("practitioner__account").get(state="accepted")
        made = _assigned(held, taken.practitioner, effective_on, by)
        Program.objects.filter(pk=held.program_id).update(facts_version=F("facts_version") + 1)
        offer_told.confirmed(held, taken.practitioner, day=effective_on, at=at)
        offer_referrals.confirmed(held, taken.practitioner, by=by, at=at)
        journal.record(by, "offer.confirm", at=at, program=held.program, subject=held, clients=[held.unit.code], effective_on=effective_on)
    return made


def _assigned(offer: Offer, practitioner: Practitioner, effective_on: date, by: Person) -> Assignment:
    """Ends whoever had the piece on that day and begins the new one. Who has it already keeps her row."""
    known = Assignment.objects.filter(unit=offer.unit, piece=offer.piece, ends_on__isnull=True).first()
    if known is not None and known.practitioner_id == practitioner.pk:
        return known
    if known is not None:
        known.ends_on = max(effective_on, known.starts_on) if known.starts_on else effective_on
        known.save(update_fields=["ends_on"])
    return Assignment.objects.create(
        unit=offer.unit, piece=offer.piece, practitioner=practitioner, starts_on=effective_on, confirmed_by=by.account
    )


def expire_due(*, at: datetime) -> int:
    """What the worker does: answers whose time is over expire, and the next in turn is asked. How many expired."""
    due = OfferAnswer.objects.filter(state__in=("open", "conditional"), answer_by__lte=at, offer__state="open")
    expired = 0
    for key, offer_key in due.order_by("pk").values_list("pk", "offer_id"):
        with transaction.atomic():
            offer = _locked(Offer(pk=offer_key))
            mine = OfferAnswer.objects.get(pk=key)
            if offer.state != "open" or mine.state not in ("open", "conditional"):
                continue
            if step(OfferAnswer.objects.filter(pk=key), ANSWER, mine.state, "expired", answered_at=at):
                expired += 1
                go_on(offer, by=None, at=at, ended="expired")
                journal.record(None, "offer.expire", at=at, program=offer.program, subject=offer, clients=[offer.unit.code])
    return expired


def go_on(offer: Offer, *, by: Person | None, at: datetime, ended: str) -> None:
    """Asks the next in turn; where nobody is left who could say yes, the offer ends."""
    if offer.answers.filter(state__in=("open", "conditional")).exists():
        return
    following = offer.answers.filter(state="queued").order_by("turn").select_related("practitioner__account").first()
    if following is not None:
        _ask(offer, [following], at=at)
    elif step(Offer.objects.filter(pk=offer.pk), OFFER, "open", ended, ended_at=at):
        offer_told.lapsed(offer, at=at)
        offer_referrals.ended(offer, by=by, at=at)


def _held(answer: OfferAnswer, *, by: Person, at: datetime) -> tuple[Offer, OfferAnswer, Draft]:
    """The draft, then the offer, held until the transaction ends; and the answer as it is now."""
    draft = drafts.locked_of_offer(answer.offer_id)
    if draft is None:
        draft = drafts.locked(drafts.open_draft(Program.objects.get(offers=answer.offer_id), by=by, at=at))
    offer = _locked(Offer(pk=answer.offer_id))
    return offer, OfferAnswer.objects.select_related("practitioner__account").get(pk=answer.pk), draft


def _locked(offer: Offer) -> Offer:
    return Offer.objects.select_for_update(of=("self",)).select_related("program", "unit", "made_by").get(pk=offer.pk)


def _refuse_answered(mine: OfferAnswer, at: datetime, *, allowed: tuple[str, ...]) -> None:
    if mine.state == "closed":
        _refuse_over(Offer.objects.get(pk=mine.offer_id))
    if mine.state == "queued":
        raise Refused("not_asked_yet")
    if mine.state not in allowed:
        raise Refused("answered_already", state=mine.state)
    if mine.answer_by is not None and at >= mine.answer_by:
        raise Refused("answer_too_late", until=mine.answer_by)


def _refuse_over(offer: Offer) -> None:
    taken = offer.answers.filter(state="accepted").select_related("practitioner").first()
    if taken is not None and offer.state in ("accepted", "confirmed"):
        raise Refused("offer_taken", by=str(taken.practitioner), at=taken.answered_at)
    raise Refused("offer_over", state=offer.state)
