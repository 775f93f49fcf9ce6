"""Offers: who is asked, what the answer does to the draft, what is refused, and what time does.

The cast's program: Ana has u1 and u3, Béa u2 (French), Cal u8; u4 to u7 wait. u6 may be had by each of the three.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from cast import NOW, Cast
from evenload.records.access import Person
from evenload.records.models import Assignment, Draft, JournalEntry, Offer, OfferAnswer
from evenload.workflow import drafts, journal, offers, what_if
from evenload.workflow.draft_picture import picture_of
from evenload.workflow.offers import Terms
from evenload.workflow.refused import Refused
from evenload.workflow.states import ANSWER, OFFER
from workflow.offers_made import people_of

pytestmark = [pytest.mark.both, pytest.mark.django_db]
LATER = NOW + timedelta(hours=2)
TOO_LATE = NOW + timedelta(hours=24)


@pytest.fixture
def people(everybody: Cast) -> dict[str, Person]:
    return people_of(everybody)


@pytest.fixture
def draft(everybody: Cast, marie: Person) -> Draft:
    return drafts.open_draft(everybody.program_a, by=marie, at=NOW)


def made(draft: Draft, marie: Person, *asked: str, way: str = "together", piece: str = "u6") -> Offer:
    return offers.make(draft, piece, asked or ("Ana", "Béa", "Cal"), terms=Terms(way=way), by=marie, at=NOW)


def answer_of(offer: Offer, code: str) -> OfferAnswer:
    return offer.answers.get(practitioner__code=code)


def states(offer: Offer) -> dict[str, str]:
    return dict(offer.answers.values_list("practitioner__code", "state"))


def refusal(code: str, action: object, *arguments: object, **named: object) -> Refused:
    with pytest.raises(Refused) as caught:
        action(*arguments, **named)  # type: ignore[operator]
    assert caught.value.code == code
    return caught.value


def test_an_offer_shows_each_one_her_own_week_before_and_after_as_the_desk_counts_it(draft: Draft, marie: Person) -> None:
    offer = made(draft, marie, "Ana", "Cal")
    for code in ("Ana", "Cal"):
        seen = next(one for one in what_if.preview(draft, "u6", code).people if one.code == code).load
        shown = answer_of(offer, code).shown
        assert shown["before"]["assigned_minutes"] == seen.before.assigned_minutes
        assert shown["after"]["assigned_minutes"] == seen.after.assigned_minutes > seen.before.assigned_minutes
        assert shown["after"]["travel_minutes"] == seen.after.travel_minutes
        assert shown["after"]["peak_minutes"] == seen.after.peak_minutes


def test_nothing_shown_before_acceptance_names_a_client_or_a_site(draft: Draft, marie: Person) -> None:
    shown = made(draft, marie, piece="u6").shown
    assert set(shown) == {"discipline", "language", "town", "postal_area", "minutes", "clients", "priority", "units"}


def test_the_first_acceptance_places_and_pins_the_piece_and_lets_the_others_go(
    draft: Draft, marie: Person, people: dict[str, Person]
) -> None:
    offer = made(draft, marie)
    offers.accept(answer_of(offer, "Cal"), by=people["Cal"], at=LATER)
    offer.refresh_from_db()
    assert offer.state == "accepted"
    assert states(offer) == {"Ana": "closed", "Béa": "closed", "Cal": "accepted"}
    place = picture_of(drafts.open_draft_of(draft.program) or draft).places["u6"]
    assert (place.practitioner, place.is_pinned) == ("Cal", True)
    assert JournalEntry.objects.filter(action="offer.accept", account_name="Cal").count() == 1
    assert journal.verify() == []


def test_who_comes_second_is_told_who_was_first_and_when(draft: Draft, marie: Person, people: dict[str, Person]) -> None:
    offer = made(draft, marie)
    offers.accept(answer_of(offer, "Cal"), by=people["Cal"], at=LATER)
    told = refusal("offer_taken", offers.accept, answer_of(offer, "Ana"), by=people["Ana"], at=LATER)
    assert told.facts == {"by": "Cal", "at": LATER}


def test_in_turn_the_next_is_asked_when_one_declines_or_lets_the_time_pass(draft: Draft, marie: Person, people: dict[str, Person]) -> None:
    offer = made(draft, marie, way="in_turn")
    assert states(offer) == {"Ana": "open", "Béa": "queued", "Cal": "queued"}
    refusal("not_asked_yet", offers.accept, answer_of(offer, "Cal"), by=people["Cal"], at=LATER)
    offers.decline(answer_of(offer, "Ana"), reason="distance", by=people["Ana"], at=LATER)
    assert states(offer) == {"Ana": "declined", "Béa": "open", "Cal": "queued"}
    assert answer_of(offer, "Béa").answer_by == LATER + timedelta(hours=24)
    assert offers.expire_due(at=LATER + timedelta(hours=24)) == 1
    assert states(offer) == {"Ana": "declined", "Béa": "expired", "Cal": "open"}
    offers.decline(answer_of(offer, "Cal"), reason="load", by=people["Cal"], at=LATER + timedelta(hours=25))
    offer.refresh_from_db()
    assert offer.state == "declined"


def test_an_answer_after_its_hour_is_too_late_even_before_the_worker_noticed(
    draft: Draft, marie: Person, people: dict[str, Person]
) -> None:
    offer = made(draft, marie)
    told = refusal("answer_too_late", offers.accept, answer_of(offer, "Ana"), by=people["Ana"], at=TOO_LATE)
    assert told.facts["until"] == TOO_LATE
    assert offers.expire_due(at=TOO_LATE - timedelta(seconds=1)) == 0
    assert offers.expire_due(at=TOO_LATE) == 3
    assert offers.expire_due(at=TOO_LATE) == 0
    offer.refresh_from_db()
    assert offer.state == "expired"


def test_conditions_wait_for_the_manager_and_win_once_she_takes_them(draft: Draft, marie: Person, people: dict[str, Person]) -> None:
    offer = made(draft, marie)
    mine = answer_of(offer, "Béa")
    refusal("conditions_missing", offers.accept_on_conditions, mine, conditions=" ", by=people["Béa"], at=LATER)
    offers.accept_on_conditions(mine, conditions="Tuesdays only", visits=Decimal(6), by=people["Béa"], at=LATER)
    assert states(offer) == {"Ana": "open", "Béa": "conditional", "Cal": "open"}
    offers.take_conditions(answer_of(offer, "Béa"), by=marie, at=LATER)
    assert states(offer) == {"Ana": "closed", "Béa": "accepted", "Cal": "closed"}
    assert answer_of(offer, "Béa").visits == 6


def test_an_acceptance_can_be_given_back_until_the_manager_confirms(draft: Draft, marie: Person, people: dict[str, Person]) -> None:
    offer = made(draft, marie, "Ana")
    offers.accept(answer_of(offer, "Ana"), by=people["Ana"], at=LATER)
    offers.give_back(answer_of(offer, "Ana"), by=people["Ana"], at=LATER)
    assert picture_of(draft).places["u6"].practitioner is None
    again = made(draft, marie, "Ana")
    offers.accept(answer_of(again, "Ana"), by=people["Ana"], at=LATER)
    offers.confirm(again, effective_on=date(2026, 2, 2), by=marie, at=LATER)
    refusal("confirmed_already", offers.give_back, answer_of(again, "Ana"), by=people["Ana"], at=LATER)


def test_a_confirmed_offer_is_an_assignment_from_its_day_with_the_name_of_who_confirmed(
    everybody: Cast, draft: Draft, marie: Person, people: dict[str, Person]
) -> None:
    offer = made(draft, marie, "Ana")
    refusal("not_accepted", offers.confirm, offer, effective_on=date(2026, 2, 2), by=marie, at=LATER)
    offers.accept(answer_of(offer, "Ana"), by=people["Ana"], at=LATER)
    offers.confirm(offer, effective_on=date(2026, 2, 2), by=marie, at=LATER)
    found = Assignment.objects.get(unit__code="u6", unit__program=everybody.program_a, ends_on__isnull=True)
    assert (found.practitioner.code, found.starts_on, found.confirmed_by) == ("Ana", date(2026, 2, 2), everybody.manager_of_a)


def test_a_unit_that_is_assigned_otherwise_ends_its_offer(draft: Draft, marie: Person, people: dict[str, Person]) -> None:
    offer = made(draft, marie)
    now = drafts.open_draft_of(draft.program)
    assert now is not None
    drafts.move(now, "u6", "Ana", by=marie, at=LATER, seen_version=now.version)
    offer.refresh_from_db()
    assert offer.state == "closed"
    assert set(states(offer).values()) == {"closed"}
    refusal("offer_over", offers.accept, answer_of(offer, "Cal"), by=people["Cal"], at=LATER)


def test_a_withdrawn_offer_cannot_be_accepted_nor_an_accepted_one_withdrawn(draft: Draft, marie: Person, people: dict[str, Person]) -> None:
    offer = made(draft, marie)
    offers.withdraw(offer, by=marie, at=LATER)
    refusal("answered_already", offers.accept, answer_of(offer, "Ana"), by=people["Ana"], at=LATER)
    second = made(draft, marie)
    offers.accept(answer_of(second, "Ana"), by=people["Ana"], at=LATER)
    refusal("offer_taken", offers.withdraw, second, by=marie, at=LATER)


@pytest.mark.parametrize(
    ("asked", "piece", "terms", "code"),
    [
        ((), "u6", Terms(), "nobody_asked"),
        (("Ana", "Ana"), "u6", Terms(), "asked_twice"),
        (("Ana",), "u6", Terms(answer_hours=0), "answer_hours_odd"),
        (("Ana",), "u6", Terms(answer_hours=10_000), "answer_hours_odd"),
        (("Ana",), "u99", Terms(), "piece_unknown"),
        (("Zoe",), "u6", Terms(), "practitioner_unknown"),
        (("Béa", "Ana"), "u2", Terms(), "language_french"),
    ],
)
def test_an_offer_that_cannot_be_kept_is_not_made(
    draft: Draft, marie: Person, asked: tuple[str, ...], piece: str, terms: Terms, code: str
) -> None:
    refusal(code, offers.make, draft, piece, asked, terms=terms, by=marie, at=NOW)
    assert not Offer.objects.exists()


def test_a_unit_is_offered_once_at_a_time(draft: Draft, marie: Person) -> None:
    made(draft, marie, "Ana")
    refusal("offer_open_already", offers.make, draft, "u6", ["Cal"], terms=Terms(), by=marie, at=NOW)


def test_the_database_itself_allows_one_acceptance_only(draft: Draft, marie: Person, people: dict[str, Person]) -> None:
    offer = made(draft, marie)
    offers.accept(answer_of(offer, "Ana"), by=people["Ana"], at=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        OfferAnswer.objects.filter(offer=offer, practitioner__code="Cal").update(state="accepted")


def test_no_state_follows_an_end_and_every_state_is_in_its_table() -> None:
    for table in (OFFER, ANSWER):
        assert all(after in table for following in table.values() for after in following)
    assert {state for state, following in OFFER.items() if not following} == {"confirmed", "declined", "expired", "withdrawn", "closed"}
    assert {state for state, following in ANSWER.items() if not following} == {"declined", "expired", "withdrawn", "closed", "given_back"}
