"""A practitioner's own week is that of the desk, with a draft and without, however it was counted."""

from __future__ import annotations

import pytest
from django.utils import timezone

from cast import NOW, Cast
from evenload.planning.explain import week_load
from evenload.planning.problems import CaseError
from evenload.records.access import Person
from evenload.records.models import Draft, Duty, Practitioner, Program
from evenload.workflow import drafts
from evenload.workflow.current_picture import picture_at_hand
from evenload.workflow.own_week import own_week

pytestmark = [pytest.mark.both, pytest.mark.django_db]


def agree(program: Program) -> dict[str, int]:
    """Everybody's own week is that of the picture; minutes by code."""
    picture, _ = picture_at_hand(program)
    found = {}
    for one in Practitioner.objects.filter(program=program).select_related("program"):
        known = own_week(one)
        assert known is not None
        person = picture.facts.case.practitioner(one.code)
        assert known == (person, week_load(person, picture.standing.weeks[one.code]))
        found[one.code] = known[1].assigned_minutes
    return found


def test_her_own_week_is_that_of_the_desk(everybody: Cast, marie: Person) -> None:
    without = agree(everybody.program_a)
    draft = drafts.open_draft(everybody.program_a, by=marie, at=NOW)
    assert agree(everybody.program_a) == without
    for piece, to in (("u8", None), ("u3", None), ("u3", "Cal")):
        drafts.move(draft, piece, to, by=marie, at=NOW, seen_version=draft.version)
        draft.refresh_from_db()
    moved = agree(everybody.program_a)
    assert moved["Ana"] < without["Ana"]
    assert moved["Cal"] > 0
    draft.placements.filter(piece="u2").delete()  # as of a unit that came after the draft began
    Program.objects.update(facts_version=9)
    assert agree(everybody.program_a) == moved
    Draft.objects.update(closed_at=timezone.now())
    assert agree(everybody.program_a) == without


def test_who_is_not_in_the_facts_has_no_week_and_facts_that_contradict_leave_none(everybody: Cast) -> None:
    ana = Practitioner.objects.select_related("program").get(program=everybody.program_a, code="Ana")
    assert own_week(Practitioner(program=everybody.program_a, code="nobody")) is None
    Duty.objects.create(program=everybody.program_a, who="*", kind="too much", basis="hours_per_week", amount=100)
    Program.objects.update(facts_version=9)
    with pytest.raises(CaseError):
        own_week(ana)
