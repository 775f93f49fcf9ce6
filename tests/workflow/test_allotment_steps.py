"""More visits for a referral: authorised, asked for, approved by somebody else, refused with a reason, and listed before they run out."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import pytest

from at_once import answers_at_once
from cast import NOW, Cast, account, cast, person
from evenload.records.models import Account, Allotment, JournalEntry, Notice, Referral, Unit
from evenload.workflow import allotment_steps, allotments, referral_units
from evenload.workflow.allotment_steps import More
from evenload.workflow.refused import Refused

pytestmark = [pytest.mark.slow]

TODAY = date(2026, 1, 12)
SIX = More(6, date(2026, 1, 5), date(2026, 6, 30))


def referral_of(everybody: Cast) -> Referral:
    return Referral.objects.select_related("client__program", "unit").get(unit__program=everybody.program_a, unit__code="u6")


def asked(everybody: Cast, by: Account | None = None, more: More = SIX) -> Allotment:
    asker = person(by or everybody.administrative)
    return allotment_steps.ask(referral_of(everybody), more, because="fell at home", by=asker, at=NOW)


@pytest.mark.django_db
def test_authorised_visits_may_be_used_at_once_and_the_unit_needs_them(everybody: Cast) -> None:
    referral = referral_of(everybody)
    unit = Unit.objects.get(pk=referral.unit_id)
    version = everybody.program_a.facts_version

    allotment_steps.authorise(referral, SIX, by=person(everybody.manager_of_a), at=NOW)

    assert allotments.left(referral, today=TODAY).left == 6
    after = Unit.objects.select_related("program").get(pk=unit.pk)
    assert after.visits_allotted == (unit.visits_allotted or 0) + 6
    assert after.program.facts_version > version
    assert JournalEntry.objects.get(action="allotment.authorise").facts["visits"] == 6


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("more", "code"),
    [
        (More(0, TODAY), "visits_odd"),
        (More(1001, TODAY), "visits_odd"),
        (More(3, TODAY, TODAY - timedelta(days=1)), "allotment_days_reversed"),
    ],
)
def test_visits_that_cannot_be_are_refused(everybody: Cast, more: More, code: str) -> None:
    with pytest.raises(Refused, match=code):
        allotment_steps.authorise(referral_of(everybody), more, by=person(everybody.manager_of_a), at=NOW)

    assert not Allotment.objects.exists()


@pytest.mark.django_db
def test_a_closed_referral_gets_no_more_visits(everybody: Cast) -> None:
    referral = referral_of(everybody)
    Referral.objects.filter(pk=referral.pk).update(state="closed", closed_on=TODAY, closing_reason="moved")

    with pytest.raises(Refused, match="referral_closed"):
        allotment_steps.authorise(referral, SIX, by=person(everybody.manager_of_a), at=NOW)


@pytest.mark.django_db
def test_what_is_asked_for_is_not_available_and_the_planners_are_told(everybody: Cast) -> None:
    asked(everybody)

    found = allotments.left(referral_of(everybody), today=TODAY)
    assert (found.left, found.unfunded_asked) == (0, 6)
    assert allotments.use_visit(referral_of(everybody), on=TODAY) is None
    told = Notice.objects.filter(event="approval_asked")
    assert [one.account for one in told] == [everybody.manager_of_a]
    assert told[0].values["n"] == 6
    with pytest.raises(Refused, match="asked_already"):
        asked(everybody)


@pytest.mark.django_db
def test_a_question_without_a_reason_is_refused(everybody: Cast) -> None:
    with pytest.raises(Refused, match="reason_missing"):
        allotment_steps.ask(referral_of(everybody), SIX, because=" ", by=person(everybody.administrative), at=NOW)


@pytest.mark.django_db
def test_another_planner_approves_and_who_asked_is_told(everybody: Cast) -> None:
    made = asked(everybody)

    allotment_steps.approve(made, by=person(everybody.manager_of_a), at=NOW)

    made.refresh_from_db()
    assert (made.funding, made.approved_by, made.approved_at) == ("approved", everybody.manager_of_a, NOW)
    assert allotments.left(referral_of(everybody), today=TODAY).left == 6
    assert [one.account for one in Notice.objects.filter(event="approval_given")] == [everybody.administrative]


@pytest.mark.django_db
def test_nobody_approves_what_she_asked_for_herself(everybody: Cast) -> None:
    made = asked(everybody, by=everybody.manager_of_a)

    for act in (allotment_steps.approve, partial(allotment_steps.refuse, because="no")):
        with pytest.raises(Refused, match="own_request"):
            act(made, by=person(everybody.manager_of_a), at=NOW)  # type: ignore[operator]

    made.refresh_from_db()
    assert made.funding == "asked"
    assert {one.account for one in Notice.objects.filter(event="approval_asked")} == {everybody.director}


@pytest.mark.django_db
def test_a_refusal_needs_a_reason_and_is_told(everybody: Cast) -> None:
    made = asked(everybody)

    with pytest.raises(Refused, match="reason_missing"):
        allotment_steps.refuse(made, because="", by=person(everybody.manager_of_a), at=NOW)
    allotment_steps.refuse(made, because="not this year", by=person(everybody.manager_of_a), at=NOW)

    made.refresh_from_db()
    assert (made.funding, made.refused_because) == ("refused", "not this year")
    assert allotments.left(referral_of(everybody), today=TODAY).left == 0
    assert [one.account for one in Notice.objects.filter(event="approval_refused")] == [everybody.administrative]
    with pytest.raises(Refused, match="decided_already"):
        allotment_steps.approve(made, by=person(everybody.director), at=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("visits", "used", "until", "listed"),
    [
        (12, 9, None, False),
        (12, 10, None, True),
        (12, 0, TODAY + timedelta(days=14), True),
        (12, 0, TODAY + timedelta(days=15), False),
        (12, 0, TODAY - timedelta(days=1), True),
        (12, 12, TODAY + timedelta(days=90), True),
    ],
)
def test_what_runs_out_is_listed_in_time(everybody: Cast, visits: int, used: int, until: date | None, listed: bool) -> None:
    referral = referral_of(everybody)
    Allotment.objects.create(referral=referral, authorised_visits=visits, used_visits=used, starts_on=date(2025, 12, 1), expires_on=until)

    found = allotment_steps.running_out(everybody.program_a, today=TODAY)

    assert found == ([referral] if listed else [])
    left = allotments.left(referral, today=TODAY)
    assert left.runs_out_soon(TODAY) is (listed and left.authorised > 0)


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
def test_of_two_planners_at_once_one_decides(db: None) -> None:
    everybody = cast()
    other = account("olga", "Olga Other", "program_manager", everybody.program_a)
    for _ in range(3):
        made = asked(everybody)
        deciders = [partial(allotment_steps.approve, made, by=person(one), at=NOW) for one in (everybody.manager_of_a, other)]
        refusers = [partial(allotment_steps.refuse, made, because="no", by=person(one), at=NOW) for one in (everybody.director, other)]

        answers = answers_at_once([*deciders, *refusers])

        assert sorted(one.code for one in answers if isinstance(one, Refused)) == ["decided_already"] * 3
        made.refresh_from_db()
        assert made.funding in ("approved", "refused")


@pytest.mark.django_db
def test_refused_visits_are_no_need_of_the_unit(everybody: Cast) -> None:
    refused = {"funding": "refused", "refused_by": everybody.director, "refused_at": NOW, "refused_because": "no"}
    referral = referral_of(everybody)
    assert referral.unit is not None
    Referral.objects.filter(pk=referral.pk).update(unit=None)
    referral.refresh_from_db()
    like = everybody.program_a.units.get(code="u6")
    Allotment.objects.create(referral=referral, authorised_visits=5, starts_on=TODAY, **refused)
    Allotment.objects.create(referral=referral, authorised_visits=3, starts_on=TODAY)

    unit = referral_units.own_unit(referral, like.time_standard)

    assert unit.visits_allotted == 3
