"""The desk: what it says at first sight, and every change as a form that works without a script."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cast import NOW, Cast, account, person
from evenload.records.models import Draft, JournalEntry, Practitioner, Program, RoleOfAccount, Unit
from evenload.workflow import drafts
from evenload.workflow.draft_picture import picture_of
from web.desk_visits import begun, client_of, done, fresh, holder, page_of, publish_now, text_of
from workflow.drafts_made import example_program

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


# What it says


def test_without_a_draft_the_desk_is_read_and_offers_to_begin_one(everybody: Cast) -> None:
    client = client_of(everybody.manager_of_a)
    page = page_of(client, "desk", everybody.program_a)

    assert "Begin a draft" in page
    assert "Have room: 2 people" in text_of(page)
    assert 'data-piece="u8"' in page
    assert "Move to…" not in page

    client.post(reverse("desk", args=[everybody.program_a.code]))

    assert Draft.objects.filter(program=everybody.program_a, closed_at=None).count() == 1
    assert "Move to…" in page_of(client, "desk", everybody.program_a)


def test_what_holds_now_is_read_on_the_map_and_by_site_too(everybody: Cast) -> None:
    client = client_of(everybody.manager_of_a)

    assert "Base." in page_of(client, "map", everybody.program_a)
    assert "Ana" in text_of(page_of(client, "sites", everybody.program_a))
    assert "Move to…" not in page_of(client, "desk_board", everybody.program_a, person="Ana")
    assert not Draft.objects.exists()


def test_the_line_of_the_draft_says_what_undo_takes_back(everybody: Cast) -> None:
    draft, client = begun(everybody), client_of(everybody.manager_of_a)
    assert "Nothing was changed in it yet." in page_of(client, "desk", everybody.program_a)

    done(client, "desk_move", draft, piece="u8", to="Ana")

    assert "Last: 1 unit moved, Marie Roy" in text_of(page_of(client, "desk", everybody.program_a))


def test_the_three_counters_are_sentences_with_names(everybody: Cast) -> None:
    begun(everybody)

    page = text_of(page_of(client_of(everybody.manager_of_a), "desk", everybody.program_a))

    assert "Nobody is over" in page
    assert "Have room: 2 people, 23.7 h/week Cal 0.5 of 14.7 h, 3% Béa 12.5 of 23.0 h, 54%" in page
    assert "Waiting: 4 units, 16.2 h/week" in page
    assert "Draft 1 · 0 changes since the imported list" in page


def test_the_board_shows_people_fullest_first_and_what_waits_oldest_first(everybody: Cast) -> None:
    begun(everybody)

    page = page_of(client_of(everybody.manager_of_a), "desk", everybody.program_a)

    rows = [page.index(f'data-person="{name}"') for name in ("Ana", "Béa", "Cal")]
    cards = [page.index(f'data-piece="{piece}"') for piece in ("u6", "u4", "u7", "u8") if f'data-piece="{piece}"' in page]
    assert rows == sorted(rows)
    assert cards[0] == min(cards)
    assert "25.8 / 29.2 h · 88%" in text_of(page)


def test_the_desk_speaks_french(everybody: Cast) -> None:
    begun(everybody)
    marie = everybody.manager_of_a
    marie.language = "fr"
    marie.save()

    page = text_of(page_of(client_of(marie), "desk", everybody.program_a))

    assert "Ébauche 1" in page
    assert "Déplacer vers…" in page
    assert "École A" in page


def test_a_large_board_shows_cards_only_where_a_row_is_opened(db: None) -> None:
    program, by = example_program(practitioners=12, units=240)
    drafts.open_draft(program, by=by, at=NOW)
    client = client_of(by.account)
    page = page_of(client, "desk", program, sort="name")
    code = Practitioner.objects.filter(program=program, assignments__isnull=False).values_list("code", flat=True).first() or ""

    opened = page_of(client, "desk", program, open=code)
    fragment = page_of(client, "desk_board", program, person=code)

    assert page.count('class="later-cards"') == 12
    assert page.count('class="unit-card') < 80
    assert opened.count('class="later-cards"') == 11
    assert fragment.count('class="unit-card') > 0
    assert "<html" not in fragment


def test_the_number_of_queries_does_not_grow_with_the_program(db: None) -> None:
    counts = []
    for seed, units in ((3, 40), (4, 160)):
        program, by = example_program(practitioners=8, units=units, seed=seed)
        drafts.open_draft(program, by=by, at=NOW)
        client = client_of(by.account)
        page_of(client, "desk", program)
        with CaptureQueriesContext(connection) as queries:
            page_of(client, "desk", program)
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[0] < 30


# Moving


def test_a_unit_is_looked_at_before_it_is_moved(everybody: Cast) -> None:
    draft = begun(everybody)
    client = client_of(everybody.manager_of_a)

    chooser = text_of(page_of(client, "desk_preview", everybody.program_a, piece="u8"))
    preview = text_of(page_of(client, "desk_preview", everybody.program_a, piece="u8", to="Ana"))

    assert "Nobody: leave it waiting" in chooser
    assert "Ana: 88% → " in chooser
    assert "Plan price" in preview
    assert "Changing hands: 0 before, 1 after." in preview
    assert "Move and pin" in preview
    assert fresh(draft).version == 0


def test_a_move_says_what_it_did_and_one_undo_takes_it_back(everybody: Cast) -> None:
    draft = begun(everybody)
    client = client_of(everybody.manager_of_a)
    giver = holder(draft, "u8")

    answer = client.post(
        reverse("desk_move", args=[everybody.program_a.code]),
        {"piece": "u8", "to": "Ana", "seen_version": "0", "draft": draft.pk},
        follow=True,
    )
    page = text_of(answer.content.decode())

    assert holder(draft, "u8") == "Ana"
    assert "moved to Ana. Ana:" in page
    assert "1 change since the imported list" in page
    assert f"NEW, was {giver}" in page
    done(client, "desk_undo", draft)
    assert holder(draft, "u8") == giver


def test_with_htmx_only_the_touched_rows_the_counters_and_the_line_come_back(everybody: Cast) -> None:
    draft = begun(everybody)
    giver = holder(draft, "u8")

    answer = done(client_of(everybody.manager_of_a), "desk_move", draft, htmx=True, piece="u8", to="Ana")
    page = answer.content.decode()

    assert "<html" not in page
    assert {name for name in ("Ana", "Béa", "Cal") if f'data-person="{name}"' in page} == {"Ana", giver}
    assert page.count('hx-swap-oob="true"') == 5
    assert "moved to Ana. Ana:" in json.loads(answer["HX-Trigger"])["spoken"]


def test_a_pin_holds_and_comes_off(everybody: Cast) -> None:
    draft = begun(everybody)
    client = client_of(everybody.manager_of_a)

    done(client, "desk_pin", draft, piece="u1", pin="yes")
    pinned = draft.placements.get(piece="u1").is_pinned
    done(client, "desk_pin", draft, piece="u1", pin="no")

    assert pinned
    assert not draft.placements.get(piece="u1").is_pinned


def test_who_is_ruled_out_gives_the_unit_back_and_is_allowed_again(everybody: Cast) -> None:
    draft = begun(everybody)
    client = client_of(everybody.manager_of_a)
    giver = holder(draft, "u1") or ""

    done(client, "desk_ban", draft, piece="u1", practitioner=giver, ban="yes")
    banned = holder(draft, "u1")
    refused = done(client, "desk_move", draft, htmx=True, piece="u1", to=giver)
    done(client, "desk_ban", draft, piece="u1", practitioner=giver, ban="no")
    done(client, "desk_move", draft, piece="u1", to=giver)

    assert banned is None
    assert refused.status_code == 422
    assert f"In this draft {giver} is ruled out" in text_of(refused.content.decode())
    assert holder(draft, "u1") == giver


# What is refused


def test_a_hard_rule_is_said_in_the_preview_which_then_has_no_move(everybody: Cast) -> None:
    draft = begun(everybody)
    client = client_of(everybody.manager_of_a)
    french = draft.program.units.filter(language="fr").first()
    assert french is not None

    preview = text_of(page_of(client, "desk_preview", everybody.program_a, piece=french.code, to="Cal"))

    assert "French" in preview
    assert "Move and pin" not in preview


def test_a_load_above_the_hours_needs_a_coded_reason_which_the_journal_and_the_decision_record_keep(everybody: Cast) -> None:
    # Ana has 29.2 h for client care and accepts up to 40 h of a worked week: u4 lifts her above the first, not above the second.
    Practitioner.objects.filter(program=everybody.program_a, code="Ana").update(max_hours=40)
    draft = begun(everybody)
    client = client_of(everybody.manager_of_a)
    page = page_of(client, "desk_preview", everybody.program_a, piece="u4", to="Ana")

    unreasoned = done(client, "desk_move", draft, piece="u4", to="Ana")
    uncoded = done(client, "desk_move", draft, piece="u4", to="Ana", reason_code="other", reason=" ")
    before = holder(draft, "u4")
    coded = done(client, "desk_move", draft, piece="u4", to="Ana", reason_code="for_a_time", reason="until <March>")

    assert "Ana would have 7.5 h a week more than there are hours for." in text_of(page)
    assert "For a time, until somebody comes" in page
    assert (unreasoned.status_code, uncoded.status_code, before) == (422, 422, None)
    assert "Choose a reason; another one needs a note." in unreasoned.content.decode()
    assert (coded.status_code, holder(draft, "u4")) == (302, "Ana")
    line = JournalEntry.objects.get(action="draft.move")
    assert (line.facts["reason_code"], line.facts["reason"]) == ("for_a_time", "until <March>")
    publish_now(client, draft)
    record = page_of(client, "edition_record", everybody.program_a, 1)
    assert "For a time, until somebody comes: until &lt;March&gt;" in record


def test_a_load_above_the_maximum_is_refused_whatever_the_reason(everybody: Cast) -> None:
    draft = begun(everybody)

    answer = done(client_of(everybody.manager_of_a), "desk_move", draft, piece="u4", to="Ana", reason_code="urgent", reason="now")

    assert answer.status_code == 422
    assert "maximum" in text_of(answer.content.decode())
    assert holder(draft, "u4") is None


def test_two_managers_see_both_versions_and_one_of_them_chooses(everybody: Cast) -> None:
    draft = begun(everybody)
    sam = account("sami", "Sam Second", "program_manager", everybody.program_a)
    first, second = client_of(sam), client_of(everybody.manager_of_a)
    done(first, "desk_move", draft, piece="u8", to="Ana", seen="0")

    conflict = done(second, "desk_move", draft, piece="u8", to="", seen="0")
    page = text_of(conflict.content.decode())

    assert conflict.status_code == 409
    assert "Sam Second changed this unit at" in page
    assert "Two versions" in page
    assert "With Ana" in page
    assert holder(draft, "u8") == "Ana"
    done(second, "desk_move", draft, piece="u8", to="", seen=str(fresh(draft).version))
    assert holder(draft, "u8") is None


def test_a_form_of_a_published_draft_changes_nothing(everybody: Cast) -> None:
    old = begun(everybody)
    Draft.objects.filter(pk=old.pk).update(closed_at=NOW)
    draft = drafts.open_draft(everybody.program_a, by=person(everybody.manager_of_a), at=NOW)

    answer = client_of(everybody.manager_of_a).post(
        reverse("desk_move", args=[everybody.program_a.code]),
        {"draft": old.pk, "piece": "u8", "to": "Ana", "seen_version": "0"},
        follow=True,
    )

    assert "published meanwhile" in text_of(answer.content.decode())
    assert holder(draft, "u8") == holder(old, "u8")


def test_nothing_to_undo_is_said_not_done(everybody: Cast) -> None:
    draft = begun(everybody)

    answer = done(client_of(everybody.manager_of_a), "desk_undo", draft, htmx=True)

    assert (answer.status_code, fresh(draft).version) == (422, 0)
    assert "nothing to undo" in text_of(answer.content.decode())


def test_a_director_works_at_the_desk_too(everybody: Cast) -> None:
    draft = begun(everybody)
    assert RoleOfAccount.objects.filter(account=everybody.director, role="director").exists()

    done(client_of(everybody.director), "desk_move", draft, piece="u8", to="Ana")

    assert holder(draft, "u8") == "Ana"


# One week


def test_the_board_of_one_week_shows_who_is_there_in_it(everybody: Cast) -> None:
    draft, client = begun(everybody), client_of(everybody.manager_of_a)
    first = picture_of(draft).facts.case.as_of
    Practitioner.objects.filter(program=everybody.program_a, code="Ana").update(to_date=first + timedelta(weeks=2, days=-1))
    Program.objects.filter(pk=everybody.program_a.pk).update(facts_version=F("facts_version") + 1)

    average = text_of(page_of(client, "desk", everybody.program_a))
    later = text_of(page_of(client, "desk", everybody.program_a, week=(first + timedelta(weeks=3)).isoformat()))

    assert "while away" not in average
    assert "Over: 1 person" in later
    assert "h while away" in later
    assert re.search(r"Ana [\d.]+ / 0 h", later)


def test_a_week_that_is_not_left_is_answered_by_the_average(everybody: Cast) -> None:
    begun(everybody)
    client = client_of(everybody.manager_of_a)

    for week in ("1999-01-04", "next week", "2026-13-40"):
        assert "Have room: 2 people" in text_of(page_of(client, "desk", everybody.program_a, week=week))


def test_after_a_move_the_rows_stay_in_the_week_of_the_page(everybody: Cast) -> None:
    draft, client = begun(everybody), client_of(everybody.manager_of_a)
    Unit.objects.filter(program=everybody.program_a, code="u8").update(from_date=draft_period_end(draft))
    Program.objects.filter(pk=everybody.program_a.pk).update(facts_version=F("facts_version") + 1)
    monday = picture_of(fresh(draft)).facts.case.as_of
    page = f"http://testserver{reverse('desk', args=[everybody.program_a.code])}?week={monday.isoformat()}"
    sent = {"draft": str(draft.pk), "seen_version": "0", "piece": "u8", "to": "Ana"}

    answer = client.post(
        reverse("desk_move", args=[everybody.program_a.code]), sent, headers={"HX-Request": "true", "HX-Current-URL": page}
    )

    assert "25.8 / 29.2 h" in text_of(answer.content.decode())


def draft_period_end(draft: Draft) -> date:
    """A day in the last week of the draft's period."""
    case = picture_of(draft).facts.case
    return case.starts_on + timedelta(weeks=case.weeks, days=-3)
