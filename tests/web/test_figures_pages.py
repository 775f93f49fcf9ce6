"""The figures of a program on their page, their CSV, and the calculator of waiting lists that everybody may use."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cast import Cast, person
from evenload.records.models import Allotment, Duty, LoadWeek, Practitioner, Program, Referral, Unit
from evenload.records.models import Client as Referred
from evenload.workflow import talks
from web.desk_visits import client_of, page_of, text_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

PUBLISHED = {"demand": "30", "capacity": "27", "queue": "1200", "target": "52", "mean": "63"}


@pytest.fixture(autouse=True)
def this_week(db: None, request: pytest.FixtureRequest) -> None:
    """The periods of the programs begin this week."""
    if "everybody" in request.fixturenames:
        request.getfixturevalue("everybody")
        today = timezone.localdate()
        monday = today - timedelta(days=today.weekday())
        Program.objects.update(period_start=monday, as_of=monday, facts_version=F("facts_version") + 1)


def csv_rows(everybody: Cast, part: str, **query: str) -> list[list[str]]:
    answer = client_of(everybody.manager_of_a).get(reverse("program_figures_csv", args=[everybody.program_a.code, part]), query)
    assert answer.status_code == 200, part
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def table_of(page: str, key: str) -> list[list[str]]:
    """The rows of one chart's table, as plain decimals."""
    body = page.partition(f'id="chart-{key}"')[2].partition("<tbody>")[2].partition("</tbody>")[0]
    return [re.findall(r'data-value="([^"]*)"', row) for row in body.split("<tr>")[1:]]


def test_every_chart_has_its_table_its_sentence_and_a_csv_of_the_same_figures(everybody: Cast) -> None:
    page = page_of(client_of(everybody.manager_of_a), "program_figures", everybody.program_a)

    charts = re.findall(r'id="chart-(\w+)"', page)
    assert charts == ["gaps", "weeks", "loads", "waiting"]
    for key in charts:
        shown, rows = table_of(page, key), csv_rows(everybody, key)
        assert shown, key
        assert len(rows) == len(shown) + 1
        for cells, line in zip(shown, rows[1:], strict=True):
            assert [float(cell) for cell in line[1:]] == pytest.approx([float(cell) for cell in cells], abs=0.01), key
    assert page.count("chart-says") == len(charts)
    found = text_of(page)
    assert "This program has no contract." in found
    assert "No list is published yet." in found
    assert "No whole week is observed yet" in found


def test_a_pool_is_shown_alone_and_what_no_pool_has_is_not_asked(everybody: Cast) -> None:
    client = client_of(everybody.manager_of_a)
    alone = page_of(client, "program_figures", everybody.program_a, discipline="OT", language="fr")
    assert len(table_of(alone, "gaps")) == 1
    assert "Week by week: Occupational therapy, French" in alone
    assert csv_rows(everybody, "gaps", discipline="OT", language="fr")[1][0] == "Occupational therapy, French"

    strange = page_of(client, "program_figures", everybody.program_a, discipline="<b>", language="../x")
    assert table_of(strange, "gaps") == table_of(page_of(client, "program_figures", everybody.program_a), "gaps")
    missing = client.get(reverse("program_figures_csv", args=[everybody.program_a.code, "nothing"]))
    assert missing.status_code == 404


def test_a_program_without_anybody_or_anything_still_has_its_page_in_both_languages(everybody: Cast) -> None:
    empty = Program.objects.create(
        code="empty", name_en="Empty", setting="clinic", period_start=everybody.program_a.period_start, period_weeks=10
    )
    client = client_of(everybody.director)

    found = text_of(page_of(client, "program_figures", empty))

    for sentence in (
        "Nobody works in this program yet.",
        "Nobody is waiting.",
        "Nobody has hours for client care.",
        "This program has no contract.",
    ):
        assert sentence in found
    assert "0.0 h/week" not in found.partition("Have and need")[0]
    # division by zero people: hours that are all gone, clients that remain
    Practitioner.objects.filter(program=everybody.program_a).update(weekly_hours=0, max_hours=0)
    Program.objects.update(facts_version=F("facts_version") + 1)
    without_hours = text_of(page_of(client, "program_figures", everybody.program_a))
    assert "Nobody has hours for client care." in without_hours
    # and facts that contradict each other
    Practitioner.objects.filter(program=everybody.program_a).update(weekly_hours=20, max_hours=None)
    for kind in ("other", "meetings"):
        Duty.objects.create(program=everybody.program_a, who="*", kind=kind, basis="percent", amount=80)
    Program.objects.update(facts_version=F("facts_version") + 1)
    contradicting = text_of(page_of(client, "program_figures", everybody.program_a))
    assert "Hours cannot be counted: the program's facts contradict each other." in contradicting
    assert client_of(everybody.practitioner).get(reverse("my_load")).status_code == 200


def answer_of(page: str, key: str) -> str:
    found = re.search(rf'id="{key}"><b>([^<]*)</b>', page)
    assert found, key
    return found[1]


def checked(**fields: str) -> str:
    answer = Client().get(reverse("wait_check"), fields)
    assert answer.status_code == 200, text_of(answer.content.decode())
    return answer.content.decode()


def test_the_calculator_says_the_published_figures_to_the_printed_digit_and_stores_nothing() -> None:
    page = checked(**PUBLISHED)

    figures = {
        key: answer_of(page, f"wait-{key}") for key in ("load", "target_mean", "target_queue", "ratio", "relief", "pressure", "slots")
    }
    assert figures == {
        "load": "1.1111", "target_mean": "13", "target_queue": "390", "ratio": "3.0769", "relief": "61.1538", "pressure": "2.423077", "slots": "30",
    }  # fmt: skip
    factors = {factor: answer_of(checked(**PUBLISHED, factor=factor), "wait-target_capacity") for factor in ("", "1", "6.58", "6,58")}
    assert factors == {"": "30.07692", "1": "30.01923", "6.58": "30.12654", "6,58": "30.12654"}
    assert answer_of(checked(demand="30", mean="24", target="4"), "wait-pressure") == "12"
    assert not Session.objects.exists()


def test_the_calculator_says_choice_and_partnership_as_printed_with_its_caution() -> None:
    page = checked(referrals="12", fte="10", hours="11")
    figures = {key: answer_of(page, f"capa-{key}") for key in ("sessions", "multiplier", "new", "cost", "half_days", "needed", "balance")}
    assert figures == {
        "sessions": "3.14", "multiplier": "3", "new": "9.4", "cost": "5.95", "half_days": "36", "needed": "36%", "balance": "8.6",
    }  # fmt: skip

    twelve = checked(referrals="12", fte="12")
    slots = [answer_of(twelve, f"capa-{key}") for key in ("slots_offered", "slots_needed", "slots_worked")]
    assert slots == ["72", "71.4", "62.3"]
    assert "short by 9.1: the rule of thumb leaves absence out" in text_of(twelve)
    assert answer_of(checked(referrals="12", transfer="70"), "capa-balance") == "9.1"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"demand": ""}, "Write how many come in a week."),
        ({"demand": "nan"}, "Write a number such as 7.5."),
        ({"demand": "30", "target": "0"}, "Write a number above 0."),
        ({"demand": "30", "relief": "2.5"}, "Write a whole number."),
        ({"demand": "30", "target": "9999"}, "Write a number of at most 520."),
        ({"referrals": "-1"}, "Write a number such as 7.5."),
        ({"referrals": "12", "appointments": "0"}, "Write a number above 0."),
    ],
)
def test_what_cannot_be_counted_is_said_at_its_field(fields: dict[str, str], said: str) -> None:
    answer = Client().get(reverse("wait_check"), fields)

    assert answer.status_code == 422
    assert said in text_of(answer.content.decode())
    assert 'id="wait-load"' not in answer.content.decode()


def test_without_capacity_or_clinicians_there_is_a_dash_and_a_reason() -> None:
    page = checked(demand="30", capacity="0", queue="4")
    assert answer_of(page, "wait-load") == "–"
    assert "there is no load" in text_of(page)
    assert answer_of(page, "wait-target_queue") == "–"
    assert answer_of(checked(referrals="12", fte="0"), "capa-needed") == "–"


def test_my_load_shows_my_weeks_my_visits_my_place_and_what_i_said_and_names_nobody(everybody: Cast) -> None:
    program, client = everybody.program_a, client_of(everybody.practitioner)
    bea = Practitioner.objects.get(program=program, account=everybody.practitioner)
    unit = Unit.objects.filter(assignments__practitioner=bea, assignments__ends_on__isnull=True).first()
    assert unit is not None
    today = timezone.localdate()
    of = Referred.objects.create(program=program, code="own", initials="O. O.")
    referral = Referral.objects.create(client=of, discipline="OT", unit=unit, received_on=today, state="assigned")
    for used, days in ((3, 10), (1, 200)):
        Allotment.objects.create(
            referral=referral, authorised_visits=8, used_visits=used, starts_on=today, expires_on=today + timedelta(days=days)
        )
    for weeks, minutes in ((2, 900), (1, 1200)):
        monday = today - timedelta(days=today.weekday(), weeks=weeks)
        LoadWeek.objects.create(practitioner=bea, monday=monday, committed_minutes=minutes, hours_minutes=1200)
    talks.say(bea, "too_high", cause="travel", by=person(everybody.practitioner), at=timezone.now())

    page = client.get(reverse("my_load")).content.decode()

    found = text_of(page)
    assert re.search(r"Allotted 16 Used 4 Left 12 Of them, run out within 4 weeks 5", found)
    assert "Too high, cause: travel" in found
    assert "In the last 2 weeks my load was 88% on average, and moved by 25.0 points from week to week." in found
    # three people are too few for her place to be told
    assert "My place in the team is told where at least 4 others" in found
    answer = client.get(reverse("own_weeks_csv", args=[program.code]))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 1 + len(table_of(page, f"own-weeks-{program.code}")) > 2
    _join(program, bea, 4)
    place = re.search(
        r"My load is (\d+)%; the middle half of the (\d+) of my discipline", text_of(client.get(reverse("my_load")).content.decode())
    )
    assert place is not None
    assert int(place[2]) >= 5
    colleagues = program.practitioners.exclude(pk=bea.pk).values_list("name", flat=True)
    assert [name for name in colleagues if name in _own_part(client.get(reverse("my_load")).content.decode())] == []


def _own_part(page: str) -> str:
    return page.partition('id="own-visits-1"')[2].partition("</main>")[0]


def _join(program: Program, like: Practitioner, count: int) -> None:
    """So many more people of her disciplines."""
    for number in range(count):
        Practitioner.objects.create(
            program=program,
            code=f"more{number}",
            name=f"Colleague {number}",
            disciplines=like.disciplines,
            engagement="employee",
            weekly_hours=30,
        )
    Program.objects.filter(pk=program.pk).update(facts_version=F("facts_version") + 1)
