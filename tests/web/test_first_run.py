"""From nothing to a first plan: the first director, an example that goes in one step, five questions."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from cast import NOW, Cast, edition_of, person
from evenload.planning.prepare import case_from
from evenload.records.models import Account, JournalEntry, PlanRun, Practitioner, Program, Unit
from evenload.workflow import drafts, first_programs, plans
from evenload.workflow.draft_picture import picture_of
from evenload.workflow.refused import Refused
from evenload.workflow.snapshot import facts_of

pytestmark = [pytest.mark.both, pytest.mark.slow]

FIRST = {
    "organisation_en": "Two Rivers",
    "full_name": "Dora Director",
    "username": "dora",
    "password": "a calm and quick morning",
    "again": "a calm and quick morning",
}
ANSWERS = {
    "name": "Our team",
    "setting": "school",
    "hours": "37,5",
    "people_OT": "3",
    "people_in_french_OT": "1",
    "clients_OT": "40",
    "clients_in_french_OT": "10",
}


@pytest.fixture
def director(client: Client, everybody: Cast) -> Client:
    client.force_login(everybody.director)
    return client


@pytest.mark.django_db
def test_where_nobody_has_an_account_the_first_one_is_the_directors(client: Client) -> None:
    assert client.get(reverse("first_run")).status_code == 200

    answer = client.post(reverse("first_run"), FIRST, follow=True)

    assert "Three ways to a first plan" in answer.content.decode()
    assert Account.objects.get().roles.get().role == "director"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changed, field",
    [({"password": "short", "again": "short"}, "password"), ({"again": "other"}, "again"), ({"organisation_en": " "}, "organisation_en")],
)
def test_the_first_account_is_refused_at_its_fields(changed: dict[str, str], field: str, client: Client) -> None:
    answer = client.post(reverse("first_run"), FIRST | changed)

    assert answer.status_code == 422
    assert f'href="#id_{field}"' in answer.content.decode()
    assert "a calm and quick morning" not in answer.content.decode()
    assert not Account.objects.exists()


@pytest.mark.django_db
def test_a_stranger_in_the_network_cannot_begin_an_installation(client: Client) -> None:
    answer = client.post(reverse("first_run"), FIRST, REMOTE_ADDR="10.0.0.7")

    assert answer.status_code == 403
    assert not Account.objects.exists()


def test_once_there_is_an_account_strangers_sign_in(client: Client, everybody: Cast) -> None:
    assert client.get(reverse("first_run")).headers["Location"] == reverse("sign_in")
    assert client.post(reverse("first_run"), FIRST).status_code == 302
    assert Account.objects.filter(username="dora").count() == 1


def test_five_answers_become_a_program_that_can_be_planned_and_a_plan_is_asked_for(director: Client) -> None:
    answer = director.post(reverse("first_run_empty"), ANSWERS)

    program = Program.objects.get(code="our-team")
    assert answer.status_code == 302
    assert PlanRun.objects.get().program == program
    assert program.practitioners.count() == 3
    assert sum(unit.clients for unit in program.units.all()) == 40
    assert sum(unit.clients for unit in program.units.filter(language="fr")) == 10
    assert len(case_from(facts_of(program)).practitioners) == 3


@pytest.mark.parametrize(
    "changed, field",
    [
        ({"name": ""}, "name"),
        ({"setting": "moon"}, "setting"),
        ({"hours": "many"}, "hours"),
        ({"hours": "0"}, "hours"),
        ({"people_OT": "-1"}, "people_OT"),
        ({"people_OT": "1.5"}, "people_OT"),
        ({"people_in_french_OT": "4"}, "people_in_french_OT"),
        ({"people_OT": "", "people_in_french_OT": ""}, "people_OT"),
        ({"clients_OT": "", "clients_in_french_OT": ""}, "clients_OT"),
        ({"clients_OT": "99999"}, "name"),
        ({"hours": "0,1"}, "hours"),
    ],
)
def test_answers_that_cannot_be_used_stand_at_their_fields(changed: dict[str, str], field: str, director: Client) -> None:
    answer = director.post(reverse("first_run_empty"), ANSWERS | changed)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#id_{field}"' in page
    assert f'id="id_{field}"' in page
    assert Program.objects.count() == 2


def test_an_example_is_marked_and_deleted_in_one_step(director: Client, everybody: Cast) -> None:
    director.post(reverse("first_run_example"), {"setting": "clinic", "size": "small"})
    program = Program.objects.get(is_example=True)
    edition_of(program, everybody.director)
    assert "Delete the example" in director.get(reverse("first_run")).content.decode()

    director.post(reverse("example_delete", args=[program.code]))

    assert not Program.objects.filter(is_example=True).exists()
    assert Program.objects.count() == 2
    assert JournalEntry.objects.filter(action="example.delete", subject_id="example-clinic").exists()


def test_the_example_organisation_is_four_programs_with_a_plan_each_and_all_go_in_one_step(director: Client, everybody: Cast) -> None:
    answer = director.post(reverse("first_run_example"), {"size": "organisation"})

    examples = Program.objects.filter(is_example=True)
    assert sorted(examples.values_list("code", flat=True)) == [
        "example-clinic",
        "example-home-care",
        "example-retirement-homes",
        "example-schools",
    ]
    assert Practitioner.objects.filter(program__in=examples).count() == 80
    assert Unit.objects.filter(program__in=examples).count() == 2500
    assert answer.headers["Location"] == reverse("run", args=["example-home-care", PlanRun.objects.earliest("pk").pk])
    assert PlanRun.objects.filter(program__in=examples, state="asked").count() == 4

    assert "Delete all examples" in director.get(reverse("first_run")).content.decode()
    director.post(reverse("examples_delete"))

    assert set(Program.objects.all()) == {everybody.program_a, everybody.program_b}


def test_an_example_that_was_worked_with_is_deleted_all_the_same(director: Client, everybody: Cast) -> None:
    dora = person(everybody.director)
    program = first_programs.make_example(setting="clinic", size="small", by=dora, at=NOW)
    draft = drafts.open_draft(program, by=dora, at=NOW)
    picture = picture_of(draft)
    held = next(piece for piece, one in picture.places.items() if one.practitioner)
    drafts.move(draft, held, None, by=dora, at=NOW, seen_version=draft.version)
    draft.refresh_from_db()
    frozen = plans.ask_run(program, by=dora, at=NOW)

    director.post(reverse("examples_delete"))

    assert not Program.objects.filter(is_example=True).exists()
    assert not PlanRun.objects.filter(pk=frozen.pk).exists()


def test_nothing_but_an_example_is_deleted(director: Client, everybody: Cast) -> None:
    answer = director.post(reverse("example_delete", args=[everybody.program_a.code]))

    assert answer.status_code == 422
    assert Program.objects.count() == 2
    with pytest.raises(Refused, match="not_an_example"):
        first_programs.delete_example(everybody.program_a, by=person(everybody.director), at=NOW)


def test_only_a_director_creates_programs(client: Client, everybody: Cast) -> None:
    client.force_login(everybody.manager_of_a)

    assert client.get(reverse("first_run")).status_code == 403
    assert client.post(reverse("first_run_empty"), ANSWERS).status_code == 403
    assert Program.objects.count() == 2


@pytest.mark.parametrize("setting", ["school", "community", "clinic", "hospital"])
def test_examples_of_every_setting_can_be_planned(setting: str, everybody: Cast) -> None:
    program = first_programs.make_example(setting=setting, size="small", by=person(everybody.director), at=NOW)

    assert len(case_from(facts_of(program)).practitioners) == 12
