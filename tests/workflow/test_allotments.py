"""Allotments: which visit uses which, what is left, and that two visits at once never use the same last one."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest

from at_once import answers_at_once
from cast import Cast
from evenload.records.models import Allotment, Referral
from evenload.workflow import allotments
from evenload.workflow.allotments import VisitsLeft

pytestmark = [pytest.mark.slow]

TODAY = date(2026, 1, 12)


def referral_of(everybody: Cast) -> Referral:
    return Referral.objects.filter(client__program=everybody.program_a).order_by("pk")[0]


def allotted(referral: Referral, visits: int, *, used: int = 0, until: date | None = None, **more: object) -> Allotment:
    starts_on = more.pop("starts_on", date(2026, 1, 5))
    return Allotment.objects.create(
        referral=referral, authorised_visits=visits, used_visits=used, starts_on=starts_on, expires_on=until, **more
    )


@pytest.mark.django_db
def test_a_visit_uses_the_allotment_that_expires_first(everybody: Cast) -> None:
    referral = referral_of(everybody)
    endless = allotted(referral, 5)
    later, sooner = allotted(referral, 5, until=date(2026, 6, 1)), allotted(referral, 1, until=date(2026, 2, 1))

    used = [allotments.use_visit(referral, on=TODAY) for _ in range(7)]

    assert used == [sooner, *[later] * 5, endless]
    assert used[0] is not None
    assert used[0].used_visits == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "given",
    [
        {"visits": 3, "used": 3},
        {"visits": 3, "until": date(2026, 1, 11)},
        {"visits": 3, "starts_on": date(2026, 1, 13)},
        {"visits": 3, "funding": "asked"},
    ],
    ids=["used up", "expired", "not begun", "not approved"],
)
def test_no_visit_is_taken_from_what_is_used_up_expired_not_begun_or_not_approved(everybody: Cast, given: dict[str, object]) -> None:
    referral = referral_of(everybody)
    visits = given.pop("visits")
    assert isinstance(visits, int)
    made = allotted(referral, visits, **given)  # type: ignore[arg-type]
    before = made.used_visits

    assert allotments.use_visit(referral, on=TODAY) is None
    made.refresh_from_db()
    assert made.used_visits == before


@pytest.mark.django_db
def test_the_last_day_of_an_allotment_still_counts(everybody: Cast) -> None:
    referral = referral_of(everybody)
    made = allotted(referral, 1, until=TODAY)

    assert allotments.use_visit(referral, on=TODAY) == made


@pytest.mark.django_db
def test_a_visit_that_is_given_back_can_be_used_again_and_never_below_none(everybody: Cast) -> None:
    referral = referral_of(everybody)
    made = allotted(referral, 1)
    allotments.use_visit(referral, on=TODAY)

    allotments.return_visit(made)
    allotments.return_visit(made)

    assert allotments.left(referral, today=TODAY) == VisitsLeft(authorised=1, used=0, left=1)


@pytest.mark.django_db
def test_what_is_left_counts_what_is_in_force_and_says_what_nobody_has_approved(everybody: Cast) -> None:
    referral = referral_of(everybody)
    allotted(referral, 12, used=4, until=date(2026, 3, 31))
    allotted(referral, 6, used=6, until=date(2026, 1, 31))
    allotted(referral, 9, used=2, until=date(2026, 1, 8))
    allotted(referral, 5, funding="asked")

    found = allotments.left(referral, today=TODAY)

    assert found == VisitsLeft(authorised=18, used=10, left=8, expires_on=date(2026, 3, 31), unfunded_asked=5)


@pytest.mark.django_db
def test_many_referrals_cost_one_query(everybody: Cast, django_assert_num_queries: object) -> None:
    referrals = list(Referral.objects.filter(client__program=everybody.program_a))
    allotted(referrals[0], 3, used=1)

    with django_assert_num_queries(1):  # type: ignore[operator]
        found = allotments.left_of([one.pk for one in referrals], today=TODAY)

    assert found[referrals[0].pk].left == 2
    assert found[referrals[1].pk] == allotments.NOTHING


@pytest.mark.parametrize(
    ("visits", "used", "until", "soon"),
    [
        (12, 9, None, False),
        (12, 10, None, True),
        (12, 0, date(2026, 1, 26), True),
        (12, 0, date(2026, 1, 27), False),
        (0, 0, None, False),
    ],
)
def test_an_allotment_runs_out_soon_with_two_visits_or_fourteen_days_left(visits: int, used: int, until: date | None, soon: bool) -> None:
    assert VisitsLeft(visits, used, visits - used, until).runs_out_soon(TODAY) is soon


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
def test_two_visits_at_once_never_use_the_same_last_visit(db: None) -> None:
    from cast import cast

    referral = referral_of(cast())
    for _ in range(5):
        made = allotted(referral, 3)

        answers = answers_at_once([partial(allotments.use_visit, referral, on=TODAY)] * 8)

        made.refresh_from_db()
        assert [answer for answer in answers if answer is not None] == [made] * 3
        assert made.used_visits == 3
