"""Candidates of a unit: facts and people on one screen, reasons in words, everybody excluded with the nearest fix."""

from __future__ import annotations

import html

import pytest
from django.db.models import F
from django.urls import reverse

from cast import NOW, Cast
from evenload.records.models import JournalEntry, Practitioner, Program
from evenload.web.candidate_parts import in_order
from evenload.workflow import drafts, what_if
from web.desk_visits import begun, client_of, done, fresh, holder, page_of, text_of
from workflow.drafts_made import example_program

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def test_facts_and_candidates_stand_on_one_screen(everybody: Cast) -> None:
    begun(everybody)

    page = text_of(page_of(client_of(everybody.manager_of_a), "candidates", everybody.program_a, "u1"))

    assert "Occupational therapy" in page
    assert "Clients 14" in page
    assert "Possible: 1 of 3" in page
    assert "Knows these 14 clients." in page
    assert "12 years of experience." in page


def test_everybody_stands_there_once_possible_or_with_the_reason(db: None) -> None:
    program, by = example_program(practitioners=12, units=60)
    draft = drafts.open_draft(program, by=by, at=NOW)
    piece = next(iter(program.units.values_list("code", flat=True)))
    found = what_if.ranking(draft, piece)

    page = text_of(page_of(client_of(by.account), "candidates", program, piece))

    assert f"Possible: {len(found.possible)} of 12" in page
    assert f"Not possible: {len(found.excluded)}" in page
    assert [name for name in Practitioner.objects.filter(program=program).values_list("name", flat=True) if name not in page] == []


def test_an_excluded_person_has_the_nearest_fix(everybody: Cast) -> None:
    begun(everybody)

    page = text_of(page_of(client_of(everybody.manager_of_a), "candidates", everybody.program_a, "u1"))

    assert "Not possible: 2" in page
    assert "nearest: 1.6 h more a week for Cal." in page


def test_a_directive_is_named_without_its_detail_or_a_fix(everybody: Cast) -> None:
    unit = everybody.program_a.units.get(code="u8")
    unit.barred_practitioners.add(Practitioner.objects.get(program=everybody.program_a, code="Ana"))
    everybody.program_a.facts_version += 1
    everybody.program_a.save()
    begun(everybody)

    page = text_of(page_of(client_of(everybody.manager_of_a), "candidates", everybody.program_a, "u8"))

    assert "Ana · Assignment not possible: directive on file." in page
    assert "Would do" not in page.split("directive on file")[2][:40]


def test_the_chosen_candidate_is_assigned_in_the_draft(everybody: Cast) -> None:
    draft = begun(everybody)
    client = client_of(everybody.manager_of_a)

    done(client, "desk_move", draft, piece="u8", to="Ana", pin="yes")

    assert holder(draft, "u8") == "Ana"
    assert draft.placements.get(piece="u8").is_pinned
    assert "has it in the draft" in page_of(client, "candidates", everybody.program_a, "u8")


def test_without_a_choice_nothing_is_assigned(everybody: Cast) -> None:
    draft = begun(everybody)

    answer = done(client_of(everybody.manager_of_a), "desk_move", draft, piece="u8")

    assert answer["Location"] == reverse("candidates", args=[everybody.program_a.code, "u8"])
    assert fresh(draft).version == 0


def test_at_most_four_are_compared_side_by_side(db: None) -> None:
    program, by = example_program(practitioners=30, units=60)
    draft = drafts.open_draft(program, by=by, at=NOW)
    pieces = draft.placements.values_list("piece", flat=True)[:25]
    rankings = {piece: what_if.ranking(draft, piece) for piece in pieces}
    piece, found = max(rankings.items(), key=lambda item: len(item[1].possible))
    names = [one.practitioner for one in found.possible]
    assert len(names) > 4

    address = reverse("compare", args=[program.code, piece])
    page = client_of(by.account).get(address, {"with": names}).content.decode()

    assert page.count("<article") == 4
    assert "Plan price" not in page
    assert "Fullest week, h" in page


def test_a_block_is_found_under_the_code_of_its_unit(db: None) -> None:
    program, by = example_program(practitioners=8, units=60)
    drafts.open_draft(program, by=by, at=NOW)
    client = client_of(by.account)

    for code in program.units.values_list("code", flat=True)[:10]:
        page_of(client, "candidates", program, code)


def test_the_possible_are_sorted_as_asked_and_who_has_it_stays_on_top(db: None) -> None:
    program, by = example_program(practitioners=12, units=60)
    draft = drafts.open_draft(program, by=by, at=NOW)
    found = {piece: what_if.ranking(draft, piece) for piece in program.units.values_list("code", flat=True)[:20]}
    piece, one = max(found.items(), key=lambda item: len(item[1].possible))
    client = client_of(by.account)

    travel = in_order(one.possible, "travel")
    page = page_of(client, "candidates", program, piece, sort="travel")

    added = [who.load.after.travel_minutes - who.load.before.travel_minutes for who in travel if not who.is_assigned]
    assert added == sorted(added)
    places = [page.index(f'value="{who.practitioner}"') for who in travel]
    assert places == sorted(places)
    assert 'aria-current="true">Least travel' in page


def test_without_a_draft_candidates_are_read_and_nothing_can_be_assigned(everybody: Cast) -> None:
    page = page_of(client_of(everybody.manager_of_a), "candidates", everybody.program_a, "u1")

    assert "No draft is open" in text_of(page)
    assert "Assign in draft" not in page
    assert "Possible: 1 of 3" in text_of(page)


def test_a_unit_is_left_waiting_with_a_reason_that_stays_with_it(everybody: Cast) -> None:
    draft, client = begun(everybody), client_of(everybody.manager_of_a)

    done(client, "unit_wait", draft, to_piece="u8", why="family_asked", note="back on <b>March 2</b>")

    assert holder(draft, "u8") is None
    said = "The family asked to wait: back on <b>March 2</b> (Marie Roy"
    assert said in html.unescape(text_of(page_of(client, "candidates", everybody.program_a, "u8")))
    assert said in html.unescape(text_of(page_of(client, "desk", everybody.program_a)))
    assert JournalEntry.objects.filter(action="unit.left_waiting", facts__reason="family_asked").count() == 1
    done(client, "desk_undo", draft)
    assert holder(draft, "u8") == "Cal"
    assert "The family asked to wait" not in page_of(client, "desk", everybody.program_a)


def test_leaving_a_unit_waiting_needs_a_known_reason_and_words_for_another(everybody: Cast) -> None:
    draft, client = begun(everybody), client_of(everybody.manager_of_a)

    for stated, sentence in (
        ({"why": ""}, "Choose why it is left waiting."),
        ({"why": "boredom"}, "Choose why it is left waiting."),
        ({"why": "other", "note": "  "}, "Write in a few words what the other reason is."),
    ):
        answer = done(client, "unit_wait", draft, to_piece="u8", **stated)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert holder(draft, "u8") == "Cal"


def test_where_nobody_is_possible_the_recruiting_list_says_whom_to_look_for(everybody: Cast) -> None:
    begun(everybody)
    Practitioner.objects.filter(program=everybody.program_a).update(accepts_new=False)
    Program.objects.filter(pk=everybody.program_a.pk).update(facts_version=F("facts_version") + 1)
    client = client_of(everybody.manager_of_a)

    page = text_of(page_of(client, "candidates", everybody.program_a, "u4"))
    recruiting = text_of(page_of(client, "recruiting", everybody.program_a))

    assert "Nobody is possible today. Smallest change:" in page
    assert "no single change would do" not in page.split("Not possible")[0]
    assert "Recruiting list" in page
    assert "nobody of the program could take" in recruiting
    assert "no new clients taken" in recruiting
