"""The load over time: the figures of the page are those of the weeks that were written; who is too full for long is marked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from cast import Cast
from evenload.records.models import LoadWeek, Practitioner
from web.desk_visits import client_of, page_of, text_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def weeks(everybody: Cast) -> None:
    """Six weeks: Ana 80 and 90 % in turn, Béa always 120 %, Cal 40 %."""
    program = everybody.program_a
    people = {one.code: one for one in Practitioner.objects.filter(program=program)}
    for number in range(6):
        for code, percent in {"Ana": 80 + 10 * (number % 2), "Béa": 120, "Cal": 40}.items():
            monday = program.period_start + timedelta(weeks=number)
            LoadWeek.objects.create(practitioner=people[code], monday=monday, committed_minutes=18 * percent, hours_minutes=1800)


def test_the_page_shows_each_week_and_person_with_period_number_and_source(everybody: Cast, weeks: None) -> None:
    page = text_of(page_of(client_of(everybody.manager_of_a), "load_over_time", everybody.program_a))

    assert "Weeks from 2026-01-05 to 2026-02-09, 3 people." in page
    assert "Source: the published list" in page
    assert "2026-02-09 3 90% 0.21 3.3 1" in page  # loads 40, 90, 120: (2·50 + 2·80 + 2·30) / (2·3·250) = 0.2133; changes 10, 0, 0
    assert "Béa 120% 120% 0.0 6 above 110% for 6 weeks" in page
    assert "Ana 90% 85% 10.0 6 –" in page


def test_the_team_page_and_her_own_load_carry_the_mark(everybody: Cast, weeks: None) -> None:
    team = text_of(page_of(client_of(everybody.manager_of_a), "team", everybody.program_a))
    assert "middle load 90%, unevenness 0.21 (0 is even), change 3.3 points" in team
    assert team.count("above 110% for 6 weeks") == 1
    mine = text_of(client_of(everybody.practitioner).get(reverse("my_load")).content.decode())
    assert "above 110% for 6 weeks Your manager is told of it too." in mine


def test_without_a_written_week_the_page_says_so(everybody: Cast) -> None:
    page = text_of(page_of(client_of(everybody.manager_of_a), "load_over_time", everybody.program_a))
    assert "No week is written down yet." in page
