"""Facts that cannot be planned with: every planning page stands in both languages, and says what is wrong where it stands."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from django.urls import reverse

from evenload.exchange.rows import DutyRow, Rows
from evenload.words import words_in
from web.desk_visits import client_of
from web.worksheet_pages import STARTS_ON, c1, class_row, people, program_row, recorded, text, unit_row

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

TWO_PEOPLE = c1("37.5", "30", clients=(60, 30, 9))
PAGES = ("worksheet", "worksheet?step=1", "worksheet?step=2", "standards", "weeks", "weeks/with-nobody", "scenarios", "figures", "reports")
HELD_BACK = 409
"""facts that contradict themselves: the page says which, and asks for nothing else"""

BAD: dict[str, tuple[Rows, str, dict[str, str]]] = {
    "duties that eat all hours": (
        replace(TWO_PEOPLE, duties=(DutyRow("*", "administration", "percent", Fraction(100)),)),
        "worksheet?step=1",
        {"en": "use all available hours", "fr": "prennent toutes les heures disponibles"},
    ),
    "nothing at all": (
        Rows(program_row()),
        "worksheet?step=1",
        {"en": "Nobody works in this program yet", "fr": "Personne ne travaille encore dans ce programme"},
    ),
    "nobody": (
        replace(TWO_PEOPLE, practitioners=()),
        "worksheet",
        {"en": "Nobody here works in this discipline", "fr": "Personne ici ne travaille dans cette discipline"},
    ),
    "no clients": (
        replace(TWO_PEOPLE, units=()),
        "worksheet",
        {"en": "There are no clients to take a mix from.", "fr": "Il n'y a pas de clientèle dont tirer une répartition."},
    ),
    "a class without visits or source": (
        Rows(
            program_row(),
            practitioners=people("37.5"),
            classes=(class_row("none", "0", "0"), class_row("some", "6", "45")),
            units=(unit_row("none", 4), unit_row("some", 4)),
        ),
        "worksheet?step=2",
        {"en": "Judgement, source not stated", "fr": "Jugement, source non précisée"},
    ),
    "people without hours": (
        replace(TWO_PEOPLE, practitioners=tuple(replace(one, weekly_hours=Fraction(0)) for one in TWO_PEOPLE.practitioners), absences=()),
        "worksheet",
        {"en": "no full-time equivalent can be stated", "fr": "aucun équivalent temps plein ne peut être donné"},
    ),
    "people who left before it begins": (
        replace(TWO_PEOPLE, practitioners=tuple(replace(one, to_date=STARTS_ON.replace(year=2025)) for one in TWO_PEOPLE.practitioners)),
        "worksheet?step=1",
        {"en": "", "fr": ""},
    ),
}


@pytest.mark.parametrize("called", BAD)
def test_every_planning_page_stands_and_says_what_is_wrong(called: str) -> None:
    rows, where, said = BAD[called]
    program, manager = recorded(rows)
    answers: dict[str, int] = {}
    for lang in ("en", "fr"):
        manager.language = lang
        manager.save()
        client = client_of(manager)
        for page in PAGES:
            answer = client.get(f"{reverse('desk', args=[program.code]).removesuffix('desk')}{page}")
            content = answer.content.decode()
            shown = text(content)
            answers[f"{lang} {page}"] = answer.status_code
            assert f'<html lang="{lang}"' in content
            assert not [word for word in ("None", "nan", "inf ", "Fraction(", "Traceback") if f" {word} " in f" {shown} "], page
            if answer.status_code == HELD_BACK:
                assert words_in(lang).say("The program's facts contradict each other") in shown
            if page == where:
                assert said[lang] in shown
    assert {page: status for page, status in answers.items() if status not in (200, HELD_BACK)} == {}


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_mix_that_does_not_add_up_and_a_number_that_is_none_are_said_at_their_fields(lang: str) -> None:
    program, manager = recorded(TWO_PEOPLE)
    manager.language = lang
    manager.save()
    client, path = client_of(manager), reverse("worksheet", args=[program.code])
    mix = {"mix:low": "50", "mix:moderate": "", "mix:high": "20"}

    wrong_mix = client.post(path, {"step": "3", **mix})
    no_number = client.post(path, {"step": "2", "visits:low": "nan", "clients:low": "-3", "direct:low": "1e9"})

    sums = {"en": "Expected shares that sum to 1, or to 100", "fr": "Parts attendues : leur somme doit être 1, ou 100"}
    numbers = {"en": "Write a number such as 7.5.", "fr": "Écrivez un nombre, par exemple 7,5."}
    for answer, sentence in ((wrong_mix, sums[lang]), (no_number, numbers[lang])):
        page = answer.content.decode()
        assert answer.status_code == 422
        assert sentence in text(page)
        assert 'aria-invalid="true"' in page
