"""The only one who speaks French: the manager is told where she decides, before the hand-over, the move and the publication."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cast import NOW, Cast, person
from evenload.records.models import Practitioner
from evenload.workflow import drafts
from web.desk_visits import begun, client_of, page_of, text_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

SITE = "nobody would speak fluent French any more."
PROGRAM = "In Occupational therapy nobody of the program would speak fluent French any more."


@pytest.mark.parametrize("kind", ["departure", "leave"])
def test_a_hand_over_says_which_site_and_which_pool_lose_french(everybody: Cast, kind: str) -> None:
    begun(everybody)
    day = timezone.localdate() + timedelta(days=7)
    form = {"kind": kind, "starts_on": day.isoformat(), "ends_on": (day + timedelta(days=14)).isoformat()}
    marie = client_of(everybody.manager_of_a)

    bea = text_of(marie.post(reverse("hand_over", args=[everybody.program_a.code, "Béa"]), form).content.decode())
    ana = text_of(marie.post(reverse("hand_over", args=[everybody.program_a.code, "Ana"]), form).content.decode())

    assert PROGRAM in bea
    assert "French any more" not in ana


def test_a_move_that_takes_the_last_french_from_a_site_says_so_before_it_is_made(everybody: Cast) -> None:
    begun(everybody)
    marie = client_of(everybody.manager_of_a)

    away = text_of(page_of(marie, "desk_preview", everybody.program_a, piece="u2", to=""))
    kept = text_of(page_of(marie, "desk_preview", everybody.program_a, piece="u1", to="Béa"))

    assert SITE in away
    assert SITE not in kept


def test_the_check_before_publication_names_the_sites(everybody: Cast) -> None:
    draft = begun(everybody)
    marie = client_of(everybody.manager_of_a)
    assert "who speaks fluent French" not in text_of(page_of(marie, "draft_check", everybody.program_a))

    drafts.move(draft, "u2", None, by=person(everybody.manager_of_a), at=NOW, seen_version=draft.version)

    assert "1 site would have nobody any more who speaks fluent French: " in text_of(page_of(marie, "draft_check", everybody.program_a))


@pytest.mark.parametrize(("days", "told"), [(30, True), (90, False)])
def test_a_last_day_that_is_near_stands_on_the_team_page(everybody: Cast, days: int, told: bool) -> None:
    last_day = timezone.localdate() + timedelta(days=days)
    Practitioner.objects.filter(program=everybody.program_a, code="Béa").update(to_date=last_day)

    page = text_of(page_of(client_of(everybody.manager_of_a), "team", everybody.program_a))

    assert ("Béa: last day" in page) is told
    assert (PROGRAM in page) is told
