"""Who is told that referrals are late: once a day, and only on a day on which one became late."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cast import NOW, Cast
from evenload.records.models import Notice, Referral
from evenload.workflow import referrals_late

pytestmark = [pytest.mark.both, pytest.mark.django_db]


def told() -> list[tuple[str, int]]:
    rows = Notice.objects.filter(event="referral_late").order_by("account__username")
    return [(one.account.username, one.values["n"]) for one in rows.select_related("account")]


def test_the_office_of_a_program_is_told_how_many_are_late_once_a_day(everybody: Cast) -> None:
    rows = Referral.objects.filter(client__program=everybody.program_a)
    assert referrals_late.tell_late(at=NOW) == 0
    rows.filter(unit__code="u5").update(state="received", respond_by=NOW - timedelta(hours=1))
    rows.filter(unit__code="u6").update(first_visit_by=date(2025, 12, 20))
    rows.filter(unit__code="u7").update(state="on_hold", first_visit_by=date(2025, 12, 20))
    assert referrals_late.tell_late(at=NOW) == 1
    assert referrals_late.tell_late(at=NOW + timedelta(minutes=10)) == 0
    assert told() == [("ada", 2), ("marie", 2)]
    assert Notice.objects.filter(event="referral_late").values_list("address", flat=True)[0] == "/programs/school-rehab/referrals?show=late"


def test_what_is_late_for_long_is_told_no_more(everybody: Cast) -> None:
    Referral.objects.filter(client__program=everybody.program_a, unit__code="u6").update(first_visit_by=date(2025, 12, 20))
    assert referrals_late.tell_late(at=NOW) == 0
    assert told() == []
