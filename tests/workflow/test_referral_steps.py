"""Steps of a referral: the whole table, the history, somebody quicker; and how referrals follow their unit."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest

from cast import NOW, Cast
from evenload.records.access import Person
from evenload.records.models import JournalEntry, Referral
from evenload.records.models.clients import REFERRAL_STATES
from evenload.workflow import referral_steps
from evenload.workflow.states import REFERRAL
from workflow.referrals_made import practitioner, refusal

pytestmark = [pytest.mark.both, pytest.mark.django_db]


def in_state(everybody: Cast, state: str, unit: str = "u6") -> Referral:
    referral = Referral.objects.select_related("client__program", "unit").get(unit__program=everybody.program_a, unit__code=unit)
    Referral.objects.filter(pk=referral.pk).update(state=state)
    referral.state = state
    return referral


@pytest.mark.parametrize(("before", "after"), sorted(itertools.product(REFERRAL_STATES, REFERRAL_STATES)))
def test_a_step_is_taken_where_the_table_has_it_and_refused_with_nothing_changed_where_not(
    everybody: Cast, marie: Person, before: str, after: str
) -> None:
    referral = in_state(everybody, before)
    if after in REFERRAL[before]:
        moved = referral_steps.take_step(referral, after, by=marie, at=NOW, reason="moved")
        step = moved.steps.get()
        assert (moved.state, moved.version) == (after, 1)
        assert (step.before, step.after, step.by, step.reason) == (before, after, marie.account, "moved")
        assert JournalEntry.objects.get(action="referral.step").client_ids == ["c-u6", "u6"]
    else:
        refused = refusal("referral_step", referral_steps.take_step, referral, after, by=marie, at=NOW)
        now = Referral.objects.get(pk=referral.pk)
        assert refused.facts == {"before": before, "after": after}
        assert (now.state, now.version, now.steps.count()) == (before, 0, 0)


def test_who_looks_at_an_old_page_is_told_that_somebody_was_quicker(everybody: Cast, marie: Person) -> None:
    referral = in_state(everybody, "waiting")
    old = Referral.objects.select_related("client__program", "unit").get(pk=referral.pk)
    referral_steps.take_step(referral, "on_hold", by=marie, at=NOW, hold_until=date(2026, 2, 2))
    refusal("referral_changed", referral_steps.take_step, old, "closed", by=marie, at=NOW)
    now = Referral.objects.get(pk=referral.pk)
    assert (now.state, now.hold_until, now.steps.count()) == ("on_hold", date(2026, 2, 2), 1)


def test_the_first_step_says_when_the_referral_was_answered_and_a_later_one_does_not_change_it(everybody: Cast, marie: Person) -> None:
    referral = referral_steps.take_step(in_state(everybody, "received"), "waiting", by=marie, at=NOW)
    assert referral.responded_at == NOW
    referral = referral_steps.take_step(referral, "on_hold", by=marie, at=NOW + timedelta(days=1), hold_until=date(2026, 2, 2))
    referral = referral_steps.take_step(referral, "waiting", by=marie, at=NOW + timedelta(days=2))
    assert (referral.responded_at, referral.hold_until) == (NOW, None)


def test_referrals_follow_their_unit_to_its_practitioner_and_back_with_a_line_each(everybody: Cast, marie: Person) -> None:
    referral = in_state(everybody, "waiting")
    cal = practitioner(everybody.program_a, "Cal")
    assert referral.unit is not None
    assert referral_steps.follow_unit(referral.unit, "offered", by=marie, at=NOW) == 1
    assert referral_steps.follow_unit(referral.unit, "assigned", by=marie, at=NOW, practitioner=cal) == 1
    assert referral_steps.follow_unit(referral.unit, "assigned", by=marie, at=NOW, practitioner=cal) == 0
    assert referral_steps.follow_unit(referral.unit, "waiting", by=marie, at=NOW) == 1
    lines = list(referral.steps.values_list("before", "after", "practitioner__code"))
    assert lines == [("waiting", "offered", None), ("offered", "assigned", "Cal"), ("assigned", "waiting", None)]


def test_an_offer_for_a_referral_that_nobody_looked_at_is_the_look_and_answers_it(everybody: Cast, marie: Person) -> None:
    referral = in_state(everybody, "received")
    assert referral.unit is not None
    referral_steps.follow_unit(referral.unit, "offered", by=marie, at=NOW)
    now = Referral.objects.get(pk=referral.pk)
    assert (now.state, now.responded_at) == ("offered", NOW)
    assert list(now.steps.values_list("before", "after")) == [("received", "waiting"), ("waiting", "offered")]


@pytest.mark.parametrize(
    ("state", "after"), [("on_hold", "assigned"), ("on_hold", "waiting"), ("closed", "assigned"), ("received", "waiting")]
)
def test_what_is_on_hold_closed_or_not_looked_at_does_not_follow_by_itself(everybody: Cast, marie: Person, state: str, after: str) -> None:
    referral = in_state(everybody, state)
    assert referral.unit is not None
    assert referral_steps.follow_unit(referral.unit, after, by=marie, at=NOW) == 0
    assert Referral.objects.get(pk=referral.pk).state == state
