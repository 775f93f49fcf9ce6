"""A practitioner's day where no draft is open, or where the program's facts contradict each other."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from cast import Cast
from evenload.records.models import Draft, Duty, PlannedVisit, Program
from web.desk_visits import text_of
from web.own_day import OwnDay, own_day

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def today_of(day: OwnDay) -> str:
    answer = day.browser.get(reverse("today"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_between_two_drafts_the_load_of_the_current_list_is_shown_and_facts_that_contradict_leave_the_day(everybody: Cast) -> None:
    day = own_day(everybody)
    Draft.objects.update(closed_at=timezone.now())
    assert 'class="load-figures"' in today_of(day)
    Duty.objects.create(program=day.bea.program, who="*", kind="too much", basis="hours_per_week", amount=100)
    Program.objects.filter(pk=day.bea.program_id).update(facts_version=99)
    PlannedVisit.objects.create(practitioner=day.bea, unit=day.jm, on=day.today, minutes=45, turn=1)
    assert "J. M." in text_of(today_of(day))
    assert "Nothing can be counted now" in text_of(today_of(day))
