"""Several people with the same referral in the same instant: one step, one line, one referral, one directive."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from at_once import answers_at_once
from cast import NOW, Cast, person
from evenload.records.models import ConsentDirective, Practitioner, Referral, ReferralStep
from evenload.workflow import consent, journal, referral_triage, referrals
from evenload.workflow.referral_triage import Asked
from evenload.workflow.referrals import NewReferral
from evenload.workflow.refused import Refused

pytestmark = [pytest.mark.both, pytest.mark.django_db(transaction=True)]
AT_ONCE = 6
ROUNDS = [3, pytest.param(60, marks=pytest.mark.soak)]


def codes(answers: list[object]) -> list[str]:
    return sorted(one.code for one in answers if isinstance(one, Refused))


@pytest.mark.parametrize("rounds", ROUNDS)
def test_of_several_who_store_judge_move_or_bar_at_once_one_is_first_and_the_others_are_told(everybody: Cast, rounds: int) -> None:
    program, people = everybody.program_a, [person(everybody.administrative), person(everybody.manager_of_a)] * (AT_ONCE // 2)
    for number in range(rounds):
        stated = NewReferral(
            "OT", initials=f"R{number}", birth_year=1950, postal="K1K 2B5", complexity="mod", received_on=date(2026, 1, 12)
        )
        answers = answers_at_once([_storing(everybody, stated, by) for by in people])
        assert codes(answers) == ["referral_known"] * (AT_ONCE - 1)
        made = Referral.objects.select_related("client__program", "unit").get(client__initials=f"R{number}")

        acts = [_acting(made, asked, by) for by, asked in zip(people, _different(made), strict=True)]
        assert codes(answers_at_once(acts)) == ["referral_changed"] * (AT_ONCE - 1)
        assert ReferralStep.objects.filter(referral=made).count() == 2

        cal = program.practitioners.get(code="Cal")
        barring = [_barring(made, cal, by) for by in people]
        assert codes(answers_at_once(barring)) == ["barred_already"] * (AT_ONCE - 1)
        assert ConsentDirective.objects.filter(client=made.client).count() == 1
    assert journal.verify() == []


def _storing(everybody: Cast, stated: NewReferral, by: object) -> Callable[[], object]:
    return lambda: referrals.take_in(everybody.program_a, stated, by=by, at=NOW)  # type: ignore[arg-type]


def _acting(made: Referral, asked: Asked, by: object) -> Callable[[], object]:
    return lambda: referral_triage.act(made, asked, by=by, at=NOW)  # type: ignore[arg-type]


def _barring(made: Referral, cal: Practitioner, by: object) -> Callable[[], object]:
    return lambda: consent.bar(made.client, cal, by=by, at=NOW)  # type: ignore[arg-type]


def _different(made: Referral) -> list[Asked]:
    closing = [Asked("closed", made.version, reason=reason) for reason in ("moved", "mistake", "duplicate")]
    return [*closing, *[Asked("waiting", made.version)] * (AT_ONCE - len(closing))]
