"""What goes with an offer: who is told of each step, questions, reminders, referrals that follow, an acceptance in part."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from cast import NOW, Cast
from evenload.records.access import Person
from evenload.records.models import Client, ConsentDirective, JournalEntry, Notice, Offer, Practitioner, Referral, Unit
from evenload.workflow import drafts, offer_questions, offer_reminders, offers
from evenload.workflow.draft_picture import picture_of
from evenload.workflow.offer_eligible import eligible
from evenload.workflow.offers import Terms
from evenload.workflow.refused import Refused
from workflow.offers_made import LATER, answer_of, draft_of, offered, people_of, states

pytestmark = [pytest.mark.both, pytest.mark.django_db]


@pytest.fixture
def people(everybody: Cast) -> dict[str, Person]:
    return people_of(everybody)


def told(event: str) -> list[str]:
    """Who was told of an event, by name, in the order of the names."""
    return sorted(Notice.objects.filter(event=event).values_list("account__full_name", flat=True))


def refusal(code: str, action: object, *arguments: object, **named: object) -> Refused:
    with pytest.raises(Refused) as caught:
        action(*arguments, **named)  # type: ignore[operator]
    assert caught.value.code == code
    return caught.value


def test_everybody_asked_is_told_and_nothing_told_names_a_client_or_a_site(everybody: Cast, people: dict[str, Person]) -> None:
    offer = offered(everybody)
    assert told("offer_made") == ["Ana", "Béa Martin", "Cal"]
    values = Notice.objects.filter(event="offer_made").values_list("values", flat=True)[0]
    assert set(values) <= {"area", "discipline", "until"}
    assert datetime.fromisoformat(values["until"]) == NOW + timedelta(hours=24)
    assert not Notice.objects.filter(address__contains=offer.piece).exists()


def test_in_turn_only_she_whose_turn_it_is_is_told(everybody: Cast, people: dict[str, Person]) -> None:
    offer = offered(everybody, way="in_turn")
    assert told("offer_made") == ["Ana"]
    offers.decline(answer_of(offer, "Ana"), reason="distance", by=people["Ana"], at=LATER)
    assert told("offer_made") == ["Ana", "Béa Martin"]
    assert told("offer_answered") == ["Marie Roy"]


def test_the_losers_are_told_who_has_it_and_the_manager_that_it_was_accepted(everybody: Cast, people: dict[str, Person]) -> None:
    offer = offered(everybody)
    offers.accept(answer_of(offer, "Cal"), by=people["Cal"], at=LATER)
    assert told("offer_taken") == ["Ana", "Béa Martin"]
    assert Notice.objects.filter(event="offer_taken").values_list("values", flat=True)[0]["practitioner"] == "Cal"
    answered = Notice.objects.get(event="offer_answered")
    assert (answered.account.full_name, answered.values["answer"]) == ("Marie Roy", "accepted")


def test_withdrawing_confirming_and_lapsing_are_told_to_whom_they_concern(
    everybody: Cast, people: dict[str, Person], marie: Person
) -> None:
    offers.withdraw(offered(everybody, "Ana", "Cal"), by=marie, at=LATER)
    assert told("offer_withdrawn") == ["Ana", "Cal"]
    second = offered(everybody, "Béa")
    offers.accept(answer_of(second, "Béa"), by=people["Béa"], at=LATER)
    offers.confirm(second, effective_on=date(2026, 2, 2), by=marie, at=LATER)
    assert told("offer_confirmed") == ["Béa Martin"]
    offered(everybody, "Ana", piece="u7")
    assert told("offers_lapsed") == []
    assert offers.expire_due(at=NOW + timedelta(hours=25)) == 1
    assert told("offers_lapsed") == ["Marie Roy"]


def test_a_unit_that_is_assigned_otherwise_is_told_to_those_who_need_not_answer_any_more(
    everybody: Cast, people: dict[str, Person], marie: Person
) -> None:
    offered(everybody, "Ana", "Cal")
    now = draft_of(everybody)
    drafts.move(now, "u6", "Béa", by=marie, at=LATER, seen_version=now.version)
    assert told("offer_withdrawn") == ["Ana", "Cal"]


def test_she_asks_before_she_answers_both_are_told_and_the_clock_goes_on(everybody: Cast, people: dict[str, Person], marie: Person) -> None:
    offer = offered(everybody, "Ana")
    mine = answer_of(offer, "Ana")
    refusal("no_question", offer_questions.reply, mine, "Hello", by=marie, at=LATER)
    refusal("nothing_asked", offer_questions.ask, mine, "  ", by=people["Ana"], at=LATER)
    offer_questions.ask(mine, "Is there a parking place?", by=people["Ana"], at=LATER)
    assert told("offer_question") == ["Marie Roy"]
    offer_questions.reply(mine, "Yes, behind the house.", by=marie, at=LATER)
    assert told("offer_question") == ["Ana", "Marie Roy"]
    assert [one.text for one in mine.questions.all()] == ["Is there a parking place?", "Yes, behind the house."]
    mine.refresh_from_db()
    assert (mine.state, mine.answer_by) == ("open", NOW + timedelta(hours=24))
    offers.decline(mine, reason="load", by=people["Ana"], at=LATER)
    assert refusal("offer_over", offer_questions.ask, mine, "And now?", by=people["Ana"], at=LATER).facts == {"state": "declined"}


def test_whoever_has_a_quarter_of_her_time_left_is_reminded_once(everybody: Cast, people: dict[str, Person]) -> None:
    offer = offered(everybody, "Ana", "Cal")
    offers.decline(answer_of(offer, "Cal"), reason="load", by=people["Cal"], at=LATER)
    assert offer_reminders.remind_due(at=NOW + timedelta(hours=17)) == 0
    assert offer_reminders.remind_due(at=NOW + timedelta(hours=18)) == 1
    assert offer_reminders.remind_due(at=NOW + timedelta(hours=19)) == 0
    assert told("offer_reminder") == ["Ana"]
    assert answer_of(offer, "Ana").reminded_at == NOW + timedelta(hours=18)


def test_to_all_eligible_leaves_out_who_paused_who_would_leave_her_range_and_who_may_not(
    everybody: Cast, people: dict[str, Person], marie: Person
) -> None:
    program = everybody.program_a
    draft = drafts.open_draft(program, by=marie, at=NOW)
    assert set(eligible(draft, "u6", at=NOW).codes) == {"Ana", "Béa", "Cal"}
    Practitioner.objects.filter(program=program, code="Cal").update(offers_paused_until=date(2026, 2, 1))
    Practitioner.objects.filter(program=program, code="Ana").update(comfortable_max_percent=90)  # she stands at 88%
    _facts_changed(everybody)
    found = eligible(draft_of(everybody), "u6", at=NOW)
    assert found.codes == ["Béa"]
    assert {one.one.practitioner: (one.code, one.until) for one in found.left_out} == {
        "Ana": ("above_own_range", None),
        "Cal": ("offers_paused", date(2026, 2, 1)),
    }


def test_whom_the_client_bars_is_neither_eligible_nor_can_be_offered_it(everybody: Cast, people: dict[str, Person], marie: Person) -> None:
    program = everybody.program_a
    client = Client.objects.get(program=program, code="c-u6")
    cal = Practitioner.objects.get(program=program, code="Cal")
    ConsentDirective.objects.create(client=client, practitioner=cal, recorded_by=marie.account, recorded_at=NOW)
    _facts_changed(everybody)
    draft = drafts.open_draft(program, by=marie, at=NOW)
    assert set(eligible(draft, "u6", at=NOW).codes) == {"Ana", "Béa"}
    refusal("barred", offers.make, draft, "u6", ["Ana", "Cal"], terms=Terms(), by=marie, at=NOW)
    assert not Offer.objects.exists()


def _facts_changed(everybody: Cast) -> None:
    program = everybody.program_a
    program.refresh_from_db()
    program.facts_version += 1
    program.save(update_fields=["facts_version"])


def test_the_referral_follows_its_unit_from_offered_to_assigned_and_back_where_it_lapses(
    everybody: Cast, people: dict[str, Person], marie: Person
) -> None:
    referral = Referral.objects.get(unit__code="u6", unit__program=everybody.program_a)
    offer = offered(everybody, "Ana")
    assert _state(referral) == "offered"
    offers.decline(answer_of(offer, "Ana"), reason="load", by=people["Ana"], at=LATER)
    assert _state(referral) == "waiting"
    again = offered(everybody, "Béa")
    offers.accept(answer_of(again, "Béa"), by=people["Béa"], at=LATER)
    assert _state(referral) == "offered"
    offers.give_back(answer_of(again, "Béa"), by=people["Béa"], at=LATER)
    assert _state(referral) == "waiting"
    third = offered(everybody, "Béa")
    offers.accept(answer_of(third, "Béa"), by=people["Béa"], at=LATER)
    offers.confirm(third, effective_on=date(2026, 2, 2), by=marie, at=LATER)
    assert _state(referral) == "assigned"
    assert referral.steps.last().practitioner.code == "Béa"  # type: ignore[union-attr]


def _state(referral: Referral) -> str:
    referral.refresh_from_db()
    return referral.state


def _left(everybody: Cast, piece: str) -> int:
    return picture_of(draft_of(everybody)).facts.snapshot.visits[piece][1]


def test_accepting_in_part_leaves_the_rest_waiting_as_a_unit_that_can_be_offered_on(
    everybody: Cast, people: dict[str, Person], marie: Person
) -> None:
    offer = offered(everybody, "Ana", "Béa")
    whole, minutes = _left(everybody, "u6"), picture_of(draft_of(everybody)).facts.units["u6"].minutes
    offers.accept_on_conditions(answer_of(offer, "Ana"), conditions="", visits=Decimal(3), by=people["Ana"], at=LATER)
    offers.take_conditions(answer_of(offer, "Ana"), by=marie, at=LATER)

    assert states(offer) == {"Ana": "accepted", "Béa": "closed"}
    picture = picture_of(draft_of(everybody))
    rest = Offer.objects.get(pk=offer.pk).shown["rest"]
    assert (_left(everybody, "u6"), _left(everybody, rest)) == (3, whole - 3)
    both = picture.facts.units["u6"].minutes + picture.facts.units[rest].minutes
    assert minutes <= both <= minutes + 10  # the visits once; the minutes of an episode for each of the two who begin one
    assert (picture.places["u6"].practitioner, picture.places[rest].practitioner) == ("Ana", None)
    assert Referral.objects.get(unit__code=rest).client == Referral.objects.get(unit__code="u6", unit__program=everybody.program_a).client
    assert offered(everybody, "Béa", piece=rest).state == "open"


def test_an_acceptance_in_part_that_is_given_back_makes_the_unit_whole_again(
    everybody: Cast, people: dict[str, Person], marie: Person
) -> None:
    offer = offered(everybody, "Ana")
    whole = _left(everybody, "u6")
    offers.accept(answer_of(offer, "Ana"), visits=Decimal(3), by=people["Ana"], at=LATER)
    rest = Offer.objects.get(pk=offer.pk).shown["rest"]
    offers.give_back(answer_of(offer, "Ana"), by=people["Ana"], at=LATER)
    assert _left(everybody, "u6") == whole
    assert rest not in picture_of(draft_of(everybody)).places
    assert Referral.objects.get(unit__code=rest).state == "closed"


@pytest.mark.parametrize(("piece", "visits", "code"), [("u6", 500, "part_is_all"), ("u6", 2.5, "part_is_all")])
def test_a_part_that_is_none_is_refused_and_nothing_changes(
    everybody: Cast, people: dict[str, Person], piece: str, visits: float, code: str
) -> None:
    offer = offered(everybody, "Ana", piece=piece)
    asked = {"conditions": "", "visits": Decimal(str(visits)), "by": people["Ana"], "at": LATER}
    refusal(code, offers.accept_on_conditions, answer_of(offer, "Ana"), **asked)
    assert states(offer) == {"Ana": "open"}
    assert Unit.objects.filter(program=everybody.program_a).count() == 8
    assert not JournalEntry.objects.filter(action="offer.conditions").exists()
