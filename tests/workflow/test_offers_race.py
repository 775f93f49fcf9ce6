"""Many answers in the same instant, with real transactions: one winner, told to everybody; nobody above her maximum."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest

from at_once import answers_at_once
from cast import NOW, Cast, person
from evenload.records.access import Person
from evenload.records.models import Draft, JournalEntry, Offer, OfferAnswer, Practitioner, Program, Unit
from evenload.workflow import drafts, journal, offers
from evenload.workflow.draft_picture import picture_of
from evenload.workflow.offers import Terms
from evenload.workflow.refused import Refused

pytestmark = [pytest.mark.both, pytest.mark.django_db(transaction=True)]
ROUNDS = [50, pytest.param(1000, marks=pytest.mark.soak)]
CAP_ROUNDS = [25, pytest.param(500, marks=pytest.mark.soak)]
ASKED = tuple(f"Ana {number}" for number in range(10))
LATER, TOO_LATE = NOW + timedelta(hours=1), NOW + timedelta(hours=24)


def colleagues(program: Program) -> None:
    """Ten more like Ana, who may all have u6."""
    Practitioner.objects.bulk_create(
        Practitioner(
            program=program, code=code, name=code, disciplines=["OT"], engagement="employee", weekly_hours=Decimal("37.5"), position=50
        )
        for code in ASKED
    )
    Program.objects.filter(pk=program.pk).update(facts_version=1)


def now_of(draft: Draft) -> Draft:
    return Draft.objects.select_related("program").get(pk=draft.pk)


def accepting(offer: Offer, by: Person) -> list[Callable[[], object]]:
    return [acceptance(mine, by) for mine in offer.answers.select_related("practitioner")]


def acceptance(mine: OfferAnswer, by: Person) -> Callable[[], object]:
    def accept() -> str:
        offers.accept(mine, by=by, at=LATER)
        return mine.practitioner.code

    return accept


def ending(offer: Offer, seen: Draft, marie: Person, dora: Person) -> list[Callable[[], object]]:
    """Two who withdraw it, two who assign the unit otherwise, two workers who find its time over."""

    def withdraw() -> None:
        offers.withdraw(offer, by=marie, at=LATER)

    def reassign() -> int:
        return drafts.move(seen, "u6", "Ana", by=dora, at=LATER, seen_version=seen.version).version

    def expire() -> int:
        return offers.expire_due(at=TOO_LATE)

    return [withdraw, withdraw, reassign, reassign, expire, expire]


@pytest.mark.parametrize("rounds", ROUNDS)
def test_of_sixteen_who_accept_withdraw_reassign_and_expire_at_once_exactly_one_wins(everybody: Cast, rounds: int) -> None:
    marie, dora, dice = person(everybody.manager_of_a), person(everybody.director), Random(7)
    colleagues(everybody.program_a)
    draft = drafts.open_draft(Program.objects.get(pk=everybody.program_a.pk), by=marie, at=NOW)
    won: dict[str, int] = {"accepted": 0, "withdrawn": 0, "closed": 0, "expired": 0}
    for _ in range(rounds):
        seen = now_of(draft)
        offer = offers.make(seen, "u6", ASKED, terms=Terms(), by=marie, at=NOW)
        seen = now_of(draft)
        racing = [*accepting(offer, marie), *ending(offer, seen, marie, dora)]
        order = dice.sample(range(len(racing)), len(racing))
        found = answers_at_once([racing[number] for number in order])
        answers = [found[order.index(number)] for number in range(len(racing))]
        _one_winner(draft, offer, answers)
        offer.refresh_from_db()
        won[offer.state] += 1
        _free_again(draft, offer, dora)
    assert won["accepted"] > 0
    assert sum(won.values()) == rounds
    assert journal.verify() == []


def _one_winner(draft: Draft, offer: Offer, answers: list[object]) -> None:
    offer.refresh_from_db()
    accepted = [one for one in answers[:10] if isinstance(one, str)]
    withdrawn = [one for one in answers[10:12] if one is None]
    place = picture_of(now_of(draft)).places["u6"]
    assert len(accepted) + len(withdrawn) + (offer.state in ("closed", "expired")) == 1
    assert len(accepted) == (offer.state == "accepted") == offer.answers.filter(state="accepted").count()
    assert not offer.answers.filter(state__in=("queued", "open", "conditional")).exists()
    if accepted:
        assert (place.practitioner, place.is_pinned) == (accepted[0], True)
        for loser in answers[:10]:
            if isinstance(loser, Refused) and loser.code == "offer_taken":
                assert loser.facts["by"] == accepted[0]
            else:
                assert loser == accepted[0] or (isinstance(loser, Refused) and loser.facts.get("state") == "expired")


def _free_again(draft: Draft, offer: Offer, by: Person) -> None:
    """The unit waits again, whoever has it now, so that the next round begins like this one."""
    here = now_of(draft)
    if picture_of(here).places["u6"].practitioner is not None:
        drafts.move(here, "u6", None, by=by, at=LATER, seen_version=here.version)
    assert not Offer.objects.filter(pk=offer.pk, state="accepted").exists()


@pytest.mark.parametrize("rounds", CAP_ROUNDS)
def test_one_who_accepts_many_at_once_is_never_above_her_maximum(everybody: Cast, rounds: int) -> None:
    marie = person(everybody.manager_of_a)
    program = everybody.program_a
    one = Unit.objects.get(program=program, code="u7")  # the longest of them: a few fill the week
    Unit.objects.bulk_create(
        Unit(
            program=program,
            code=f"v{number}",
            kind="client",
            discipline="OT",
            time_standard=one.time_standard,
            language="en",
            lat=one.lat,
            lon=one.lon,
            position=100 + number,
        )
        for number in range(12)
    )
    Program.objects.filter(pk=program.pk).update(facts_version=1)
    draft = drafts.open_draft(Program.objects.get(pk=program.pk), by=marie, at=NOW)
    pieces = [f"v{number}" for number in range(12)]
    for _ in range(rounds):
        made = [offers.make(now_of(draft), piece, ["Cal"], terms=Terms(), by=marie, at=NOW) for piece in pieces]
        answers = answers_at_once([acceptance(offer.answers.select_related("practitioner").get(), marie) for offer in made])
        picture = picture_of(now_of(draft))
        assigned, cal = picture.standing.weeks["Cal"].minutes, picture.facts.case.practitioner("Cal")
        taken = [offer.piece for offer, one in zip(made, answers, strict=True) if one == "Cal"]
        full = [one for one in answers if isinstance(one, Refused)]
        assert taken
        assert full
        assert {one.code for one in full} == {"full"}
        assert assigned <= cal.maximum_minutes
        for offer in made:
            offer.refresh_from_db()
            if offer.state == "open":
                offers.withdraw(offer, by=marie, at=LATER)
        for piece in taken:
            here = now_of(draft)
            drafts.move(here, piece, None, by=marie, at=LATER, seen_version=here.version)


def test_without_the_guard_the_same_race_has_two_winners(everybody: Cast) -> None:
    """The harness can fail: an acceptance that looks first and writes then lets two in."""
    marie = person(everybody.manager_of_a)
    draft = drafts.open_draft(everybody.program_a, by=marie, at=NOW)
    offer = offers.make(draft, "u6", ["Ana", "Cal"], terms=Terms(), by=marie, at=NOW)
    both_looked = threading.Barrier(2)

    def naive() -> bool:
        was_open = Offer.objects.get(pk=offer.pk).state == "open"
        both_looked.wait(timeout=20)
        Offer.objects.filter(pk=offer.pk).update(state="accepted")
        return was_open

    assert answers_at_once([naive, naive]) == [True, True]
    assert OfferAnswer.objects.filter(offer=offer, state="open").count() == 2
    assert not JournalEntry.objects.filter(action="offer.accept").exists()
