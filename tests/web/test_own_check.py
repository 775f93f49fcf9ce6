"""A clinician's own caseload check: open to everybody, nothing stored, the program's own figures."""

from __future__ import annotations

import re
from fractions import Fraction
from html import unescape

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evenload.exchange.example_settings import SETTINGS
from evenload.exchange.rows import AbsenceRow, DutyRow, Rows
from evenload.planning.codes import DISCIPLINES
from web.desk_visits import client_of
from web.worksheet_pages import Sheet, class_row, exactly, lines, number, people, program_row, recorded, text, unit_row

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

PATH = reverse("own_check")
PLACE = {"setting": "school", "discipline": "OT", "engagement": "employee"}
FIVE = {**PLACE, "hours": "30", "clients:OT-moderate": "12"}
"""setting, discipline, engagement, hours and clients: nothing else is needed"""


def answered(**fields: str) -> str:
    answer = Client().post(PATH, {**FIVE, **{name.replace("__", ":"): value for name, value in fields.items()}})
    assert answer.status_code == 200, text(answer.content.decode())
    return answer.content.decode()


def test_five_figures_suffice_and_the_others_say_where_they_come_from() -> None:
    page = text(Client().get(PATH, PLACE).content.decode())
    found = text(answered())

    assert page.count("default, usual in this setting: School") == 5
    assert page.count("default, Rule of thumb for schools: total time = direct × 1.5") == 3
    assert re.search(
        r"My clients need \d+\.\d h a week, my hours for them are \d+\.\d h: \d+%\. \d+\.\d h a week are (missing|to spare)\.", found
    )


def test_the_figures_are_those_of_a_program_for_the_same_person() -> None:
    """The same person once in the records of a program, once alone with the form."""
    rows = Rows(
        program_row(24),
        practitioners=people("30"),
        absences=(AbsenceRow("*", "vacation", days=Fraction(8)), AbsenceRow("p0", "leave", hours=Fraction(12))),
        duties=(DutyRow("*", "administration", "percent", Fraction(10)), DutyRow("employee", "meetings", "hours_per_week", Fraction(2))),
        classes=(
            class_row("OT-low", "4", "40", "20", "10", episode_minutes=Fraction(60)),
            class_row("OT-moderate", "10", "45", "23", "10"),
        ),
        units=(unit_row("OT-low", 9), unit_row("OT-moderate", 14)),
    )
    program, manager = recorded(rows)
    sheet = Sheet(client_of(manager), program)
    mine = answered(
        weeks="24",
        away="10",
        percent="10",
        weekly="2",
        period="0",
        **{"clients__OT-low": "9", "clients__OT-moderate": "14", "episode__OT-moderate": "0", "visits__OT-moderate": "10"},
    )

    theirs = lines(sheet.page(3))
    own = lines(mine)
    names = ("Hours to plan with", "Hours needed", "Gap in hours", "Utilization, percent", "Mean hours of a client", "Clients carried")
    assert [number(own[name][-1]) for name in names] == [number(theirs[name][-1]) for name in names]
    for name in ("Contracted or offered", "Available", "For clients", "To plan with"):
        assert exactly(mine, name) == exactly(sheet.page(1), name)


def test_nothing_is_stored() -> None:
    client = Client()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(PATH)
        answer = client.post(PATH, FIVE)

    assert answer.status_code == 200
    assert [query["sql"] for query in asked.captured_queries] == []
    assert set(client.cookies) <= {"csrftoken"}
    assert not Session.objects.exists()
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    "fields, sentence",
    [
        ({"hours": ""}, "Write how many hours a week you work."),
        ({"hours": "0"}, "Write a number above 0."),
        ({"hours": "many"}, "Write a number such as 7.5."),
        ({"clients__OT-moderate": ""}, "Write how many clients you have, in at least one class."),
        ({"clients__OT-moderate": "2.5"}, "Write a whole number."),
        ({"weeks": "0"}, "Write a number above 0."),
        ({"weekly": "30"}, "use all available hours"),
        ({"away": "700"}, "exceed the contracted hours"),
        ({"percent": "101"}, "Write a number of at most 100."),
    ],
)
def test_what_cannot_be_counted_is_said_at_the_field_and_the_page_stands(fields: dict[str, str], sentence: str) -> None:
    answer = Client().post(PATH, {**FIVE, **{name.replace("__", ":"): value for name, value in fields.items()}})
    page = answer.content.decode()

    assert answer.status_code == 422
    assert sentence in text(page)
    assert 'aria-invalid="true"' in page
    assert "What came out" not in text(page)


def test_classes_without_visits_are_a_dash_and_never_a_zero() -> None:
    page = text(answered(**{"visits__OT-moderate": "0", "episode__OT-moderate": "0"}))

    assert "My hours carry – The classes of this mix take no time; check their minutes." in page


def test_a_reserve_of_everything_leaves_a_dash() -> None:
    page = text(answered(reserve="100"))

    assert "no hours are left for them" in page
    assert "My clients need –" in page


@pytest.mark.parametrize("setting", sorted(SETTINGS))
def test_every_template_opens_and_computes_in_both_languages(setting: str) -> None:
    for lang in ("en", "fr"):
        client = Client(headers={"accept-language": lang})
        for discipline in DISCIPLINES:
            place = {"setting": setting, "discipline": discipline, "engagement": "independent"}
            page = unescape(client.get(PATH, place).content.decode())
            counts = re.findall(r'name="(clients:[^"]+)"', page)
            answer = client.post(PATH, {**place, "hours": "22,5", **dict.fromkeys(counts, "4")})
            assert (answer.status_code, bool(counts)) == (200, True), (setting, discipline)
            assert ("valeur par défaut" if lang == "fr" else "default, ") in page
