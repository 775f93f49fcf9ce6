"""The only one who speaks French: what a site or a pool would lose with her."""

from __future__ import annotations

from datetime import date

import pytest

from cast import NOW, Cast, person
from evenload.records.models import Practitioner, PractitionerLanguage, Program
from evenload.workflow import drafts, french_service, sole_french
from evenload.workflow.draft_picture import picture_of
from evenload.workflow.sole_french import FrenchLoss
from web.desk_visits import begun

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def speak_french(program: Program, code: str) -> None:
    row = Practitioner.objects.get(program=program, code=code)
    PractitionerLanguage.objects.update_or_create(practitioner=row, language="fr", defaults={"level": "fluent"})
    Program.objects.filter(pk=program.pk).update(facts_version=50)


def test_who_is_the_only_one_leaves_her_sites_and_her_discipline_without_french(everybody: Cast) -> None:
    """Béa alone speaks French; her school asks for it, and so does one home."""
    found = french_service.would_lose(everybody.program_a, "Béa")

    assert [(one.site != "", one.discipline) for one in found] == [(True, ""), (False, "OT")]
    assert found[1] == FrenchLoss(discipline="OT", units=found[1].units)
    assert found[1].units == everybody.program_a.units.filter(language="fr").count()


def test_who_speaks_no_french_leaves_nobody_without_it(everybody: Cast) -> None:
    assert french_service.would_lose(everybody.program_a, "Ana") == ()
    assert french_service.would_lose(everybody.program_a, "nobody of that name") == ()


def test_with_a_second_one_in_the_program_only_her_own_sites_lose(everybody: Cast) -> None:
    speak_french(everybody.program_a, "Cal")
    picture, _ = sole_french.picture_at_hand(everybody.program_a)
    areas = {one.id: one.area for one in picture.facts.case.practitioners}

    found = french_service.would_lose(everybody.program_a, "Béa")

    assert [one for one in found if one.discipline and not one.area] == []
    assert [one.area for one in found if one.discipline] == ([] if areas["Béa"] in ("all", areas["Cal"]) else [areas["Béa"]])


def test_in_an_area_of_her_own_she_is_the_only_one_there(everybody: Cast) -> None:
    people = Practitioner.objects.filter(program=everybody.program_a)
    people.filter(code="Béa").update(area="East")
    people.filter(code="Cal").update(area="West")
    speak_french(everybody.program_a, "Cal")

    losses = [one for one in french_service.would_lose(everybody.program_a, "Béa") if not one.site]

    assert [(one.discipline, one.area) for one in losses] == [("OT", "East")]


def test_who_is_away_all_the_time_or_leaving_is_no_second_one(everybody: Cast) -> None:
    speak_french(everybody.program_a, "Cal")
    Practitioner.objects.filter(program=everybody.program_a, code="Cal").update(weekly_hours=0, max_hours=0)
    Program.objects.filter(pk=everybody.program_a.pk).update(facts_version=51)

    assert FrenchLoss(discipline="OT", units=2) in french_service.would_lose(everybody.program_a, "Béa")


def test_a_move_that_takes_the_last_french_from_a_site_names_the_site(everybody: Cast) -> None:
    draft = begun(everybody)
    before = picture_of(draft)
    bundle = drafts.bundle_in(before, "u2")
    assert before.places["u2"].practitioner == "Béa"
    drafts.move(draft, "u2", None, by=person(everybody.manager_of_a), at=NOW, seen_version=draft.version)
    draft.refresh_from_db()

    assert sole_french.sites_losing(before.standing, picture_of(draft).standing, bundle) == (bundle[0].site,)
    assert sole_french.sites_losing(before.standing, before.standing, bundle) == ()
    assert sole_french.sites_lost_in(draft) == (bundle[0].site,)


@pytest.mark.parametrize(("last_day", "near"), [(date(2026, 1, 11), False), (date(2026, 3, 13), True), (date(2026, 3, 14), False)])
def test_a_last_day_within_sixty_days_is_near(everybody: Cast, last_day: date, near: bool) -> None:
    Practitioner.objects.filter(program=everybody.program_a, code__in=["Béa", "Ana"]).update(to_date=last_day)

    found = sole_french.ends_near(everybody.program_a, today=date(2026, 1, 12))

    assert [one.practitioner for one in found] == (["Béa"] if near else [])
    assert all(one.losses for one in found)
