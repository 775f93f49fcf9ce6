"""The team, one person, and the hand-over: a proposal with a reason per unit, one change, one undo."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cast import Cast
from evenload.records.models import DraftChange, Practitioner
from web.desk_visits import begun, client_of, done, fresh, holder, page_of, text_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

DEPARTURE = {"kind": "departure", "starts_on": "2026-02-02"}


def handed(client: Client, everybody: Cast, name: str, **fields: str) -> Any:
    return client.post(reverse("hand_over", args=[everybody.program_a.code, name]), fields)


def test_the_team_shows_everybody_with_hours_and_load(everybody: Cast) -> None:
    begun(everybody)

    page = text_of(page_of(client_of(everybody.manager_of_a), "team", everybody.program_a))

    assert "Ana OT · Employee 25.8 / 29.2 h · 88% a week ✓ In range English (native) 37.5 h" in page


def test_a_person_shows_hours_range_absences_and_units(everybody: Cast) -> None:
    begun(everybody)

    page = text_of(page_of(client_of(everybody.manager_of_a), "practitioner", everybody.program_a, "Ana"))

    assert "Comfortable range 70% to 95%" in page
    assert "2 units in the draft" in page
    assert "A School, OT" in page


def test_a_departure_is_proposed_with_a_reason_for_every_unit(everybody: Cast) -> None:
    begun(everybody)

    answer = handed(client_of(everybody.manager_of_a), everybody, "Cal", **DEPARTURE)
    page = text_of(answer.content.decode())

    assert answer.status_code == 200
    assert "Proposal, unit by unit" in page
    assert "u8, OT" in page
    assert "Their weeks, before and after" in page


def test_a_departure_is_one_change_with_one_undo(everybody: Cast) -> None:
    draft = begun(everybody)
    client = client_of(everybody.manager_of_a)

    answer = handed(client, everybody, "Cal", **DEPARTURE, step="apply", version="0")
    after = holder(draft, "u8")
    done(client, "desk_undo", draft)

    assert answer["Location"] == reverse("desk", args=[everybody.program_a.code])
    assert after != "Cal"
    assert DraftChange.objects.filter(draft=draft, kind="hand_over").count() == 1
    assert holder(draft, "u8") == "Cal"


def test_the_choice_of_the_manager_stands_in_for_the_proposal(everybody: Cast) -> None:
    draft = begun(everybody)

    handed(client_of(everybody.manager_of_a), everybody, "Cal", **DEPARTURE, step="apply", version="0", **{"to-u8": ""})

    assert holder(draft, "u8") is None


def test_a_leave_names_who_covers_and_moves_nothing(everybody: Cast) -> None:
    draft = begun(everybody)
    client = client_of(everybody.manager_of_a)

    handed(client, everybody, "Cal", kind="leave", starts_on="2026-02-02", ends_on="2026-02-20", step="apply", version="0")

    assert holder(draft, "u8") == "Cal"
    assert draft.placements.get(piece="u8").cover is not None


def test_dates_that_do_not_fit_are_refused_at_their_fields(everybody: Cast) -> None:
    begun(everybody)
    client = client_of(everybody.manager_of_a)

    empty = handed(client, everybody, "Cal")
    reversed_days = handed(client, everybody, "Cal", kind="leave", starts_on="2026-02-20", ends_on="2026-02-02")

    assert (empty.status_code, reversed_days.status_code) == (422, 422)
    assert "Choose departure or leave." in empty.content.decode()
    assert "The last day lies before the first day." in reversed_days.content.decode()


def test_who_has_no_units_has_nothing_to_hand_over(everybody: Cast) -> None:
    draft = begun(everybody)
    client = client_of(everybody.manager_of_a)
    for piece in ("u8",):
        done(client, "desk_move", draft, piece=piece, to="")
    mine = list(draft.placements.filter(practitioner__code="Cal").values_list("piece", flat=True))
    assert mine == []

    answer = handed(client, everybody, "Cal", **DEPARTURE)

    assert answer.status_code == 409
    assert "Cal has no units to hand over." in text_of(answer.content.decode())
    assert fresh(draft).version == 1


def test_a_departure_sets_the_last_day_and_one_undo_restores_it(everybody: Cast) -> None:
    draft = begun(everybody)
    client = client_of(everybody.manager_of_a)

    handed(client, everybody, "Cal", **DEPARTURE, step="apply", version="0", reason="moves away")
    gone = Practitioner.objects.get(program=everybody.program_a, code="Cal")
    done(client, "desk_undo", draft)
    back = Practitioner.objects.get(program=everybody.program_a, code="Cal")

    assert (str(gone.to_date), gone.accepts_new) == ("2026-02-01", False)
    assert (back.to_date, back.accepts_new) == (None, True)
    assert DraftChange.objects.get(draft=draft, kind="hand_over").reason == "moves away"


def test_what_was_chosen_and_typed_stands_there_again_when_it_is_refused(everybody: Cast) -> None:
    draft = begun(everybody)
    client = client_of(everybody.manager_of_a)

    answer = handed(client, everybody, "Béa", **DEPARTURE, step="apply", version="0", reason="moves away", **{"to-u2": "Cal"})
    page = answer.content.decode()

    assert answer.status_code == 409
    assert '<option value="Cal" selected>' in page
    assert 'value="moves away"' in page
    assert 'value="2026-02-02"' in page
    assert holder(draft, "u2") == "Béa"


def test_a_last_day_that_the_absences_do_not_allow_is_said(everybody: Cast) -> None:
    begun(everybody)
    client = client_of(everybody.manager_of_a)

    handed(client, everybody, "Cal", kind="departure", starts_on="2026-01-07", step="apply", version="0")

    assert "The last day was not set" in page_of(client, "desk", everybody.program_a)


def test_a_person_shows_every_week_that_is_left_with_what_is_committed(everybody: Cast) -> None:
    begun(everybody)

    page = text_of(page_of(client_of(everybody.manager_of_a), "practitioner", everybody.program_a, "Ana"))

    # 854 + 600 minutes of care, 1,546 with the driving (25.8 of 29.2 h): every week alike
    assert page.count("24.2 h 1.5 h 29.2 h 3.5 h") == 20
    assert "Week of Committed, h Driving, h Hours there are, h Left, h" in page
