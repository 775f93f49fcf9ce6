"""Candidates of a unit: facts and people on one screen, reasons in words, everybody excluded with the nearest fix."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cast import NOW, Cast
from evenload.records.models import Practitioner
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
