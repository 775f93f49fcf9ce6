"""The manager's draft: moves, pins, bans and their undo; two managers at once; what is refused and why.

The cast's program: Ana has u1 and u3, Béa u2 (French), Cal u8; u4 to u7 wait. Minutes of a week: Ana 1546 of 1753, Béa 747 of 1380.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cast import NOW, Cast, person
from evenload.planning.score import score
from evenload.records.access import Person
from evenload.records.models import Assignment, Draft, DraftChange, JournalEntry, Practitioner, Program, Unit
from evenload.workflow import draft_picture, drafts, snapshot
from evenload.workflow.draft_picture import picture_of
from evenload.workflow.refused import Refused

pytestmark = [pytest.mark.both, pytest.mark.django_db]


@pytest.fixture
def dora(everybody: Cast) -> Person:
    return person(everybody.director)


@pytest.fixture
def draft(everybody: Cast, marie: Person) -> Draft:
    return drafts.open_draft(everybody.program_a, by=marie, at=NOW)


def holder(draft: Draft, piece: str) -> str | None:
    return picture_of(draft).places[piece].practitioner


def stored(draft: Draft) -> dict[str, tuple[object, ...]]:
    """What the records hold, read without the picture."""
    rows = draft.placements.prefetch_related("banned").select_related("practitioner", "cover")
    return {
        row.piece: (
            row.practitioner and row.practitioner.code,
            row.is_pinned,
            tuple(sorted(one.code for one in row.banned.all())),
            row.cover and row.cover.code,
        )
        for row in rows
    }


def pictured(draft: Draft) -> dict[str, tuple[object, ...]]:
    places = picture_of(draft).places
    return {piece: (one.practitioner, one.is_pinned, tuple(sorted(one.banned)), one.cover) for piece, one in places.items()}


def told_twice(draft: Draft) -> None:
    """The stepped picture, the records, and a picture read anew agree; the price is that of the whole plan counted again."""
    draft.refresh_from_db()
    stepped = picture_of(draft)
    assert pictured(draft) == stored(draft)
    draft_picture.forget()
    anew = picture_of(draft)
    assert anew.places == stepped.places
    assert anew.standing.weeks == stepped.standing.weeks
    assert anew.hands == stepped.hands
    assert anew.leaving == stepped.leaving
    assert anew.price_hours == pytest.approx(stepped.price_hours)
    assert anew.price_hours == pytest.approx(score(anew.facts.case, anew.standing.holder).hours)


def test_a_new_draft_has_every_piece_with_its_current_practitioner(draft: Draft) -> None:
    assert {piece: one[0] for piece, one in stored(draft).items()} == {
        "u1": "Ana", "u2": "Béa", "u3": "Ana", "u4": None, "u5": None, "u6": None, "u7": None, "u8": "Cal",
    }  # fmt: skip
    assert draft.version == 0
    assert drafts.hands(draft) == drafts.Hands(0, 0, 0)
    told_twice(draft)


def test_there_is_one_open_draft_per_program(draft: Draft, everybody: Cast, dora: Person) -> None:
    assert drafts.open_draft(everybody.program_a, by=dora, at=NOW).pk == draft.pk
    assert drafts.open_draft(everybody.program_b, by=dora, at=NOW).pk != draft.pk


def test_a_unit_pinned_in_the_facts_is_pinned_in_a_new_draft(everybody: Cast, marie: Person) -> None:
    Unit.objects.filter(program=everybody.program_a, code="u1").update(pinned=True)
    draft = drafts.open_draft(everybody.program_a, by=marie, at=NOW)
    assert stored(draft)["u1"] == ("Ana", True, (), None)


def test_who_covers_today_covers_in_a_new_draft(everybody: Cast, marie: Person) -> None:
    cal = Practitioner.objects.get(program=everybody.program_a, code="Cal")
    Assignment.objects.filter(unit__program=everybody.program_a, piece__in=["u1", "u8"]).update(cover=cal)
    draft = drafts.open_draft(everybody.program_a, by=marie, at=NOW)
    assert {piece: one[3] for piece, one in stored(draft).items() if one[3]} == {"u1": "Cal"}
    told_twice(draft)


def test_facts_that_contradict_themselves_give_no_draft(everybody: Cast, marie: Person) -> None:
    Practitioner.objects.filter(program=everybody.program_a, code="Ana").update(weekly_hours=Decimal(1))
    with pytest.raises(Refused) as refusal:
        drafts.open_draft(everybody.program_a, by=marie, at=NOW)
    assert refusal.value.code == "facts_contradict"
    assert refusal.value.facts["problems"]
    assert not Draft.objects.exists()


def test_a_move_places_the_piece_counts_the_version_and_stands_in_the_journal(draft: Draft, marie: Person) -> None:
    before = picture_of(draft).price_hours
    moved = drafts.move(draft, "u6", "Béa", by=marie, at=NOW, seen_version=0)
    assert (moved.version, holder(moved, "u6")) == (1, "Béa")
    assert picture_of(moved).price_hours < before
    line = JournalEntry.objects.order_by("-number").first()
    assert line is not None
    assert (line.action, line.client_ids, line.account_name) == ("draft.move", ["u6"], "Marie Roy")
    told_twice(moved)


def test_moving_to_where_it_stands_changes_nothing(draft: Draft, marie: Person) -> None:
    assert drafts.move(draft, "u1", "Ana", by=marie, at=NOW, seen_version=0).version == 0
    assert not DraftChange.objects.exists()


def test_a_piece_can_be_left_waiting_and_counts_as_changing_hands(draft: Draft, marie: Person) -> None:
    moved = drafts.move(draft, "u2", None, by=marie, at=NOW, seen_version=0)
    assert holder(moved, "u2") is None
    assert drafts.hands(moved) == drafts.Hands(units=1, clients=12, forced_units=0)
    assert drafts.moved_hands(moved) == 1
    told_twice(moved)


def test_what_goes_together_moves_together(everybody: Cast, marie: Person) -> None:
    Unit.objects.filter(program=everybody.program_a, code__in=["u6", "u7"]).update(together="siblings")
    draft = drafts.open_draft(everybody.program_a, by=marie, at=NOW)
    moved = drafts.move(draft, "u7", "Cal", by=marie, at=NOW, seen_version=0, pin=True)
    assert [stored(moved)[piece][:2] for piece in ("u6", "u7")] == [("Cal", True), ("Cal", True)]
    told_twice(moved)


@pytest.mark.parametrize(
    "piece, to, code, facts",
    [
        ("u5", "Ana", "language_french", {"practitioner": "Ana", "piece": "u5"}),
        ("u7", "Béa", "skill_missing", {"skills": "seating", "practitioner": "Béa"}),
        ("u4", "Ana", "full", {"practitioner": "Ana", "over_minutes": 1546 + 658 - 1753, "maximum_minutes": 1753}),
        ("u4", "Zoé", "practitioner_unknown", {"practitioner": "Zoé"}),
        ("u99", "Ana", "piece_unknown", {"piece": "u99"}),
    ],
)
def test_a_move_that_breaks_a_hard_rule_or_the_maximum_is_refused(
    draft: Draft, marie: Person, piece: str, to: str, code: str, facts: dict[str, object]
) -> None:
    with pytest.raises(Refused) as refusal:
        drafts.move(draft, piece, to, by=marie, at=NOW, seen_version=0, reason="she would like it")
    assert refusal.value.code == code
    assert facts.items() <= refusal.value.facts.items()
    draft.refresh_from_db()
    assert draft.version == 0


def test_going_above_her_hours_needs_a_reason_and_the_reason_is_kept(everybody: Cast, marie: Person) -> None:
    # Her hours for client care are 1753 minutes; she herself accepts up to 40 hours of a worked week.
    Practitioner.objects.filter(program=everybody.program_a, code="Ana").update(max_hours=Decimal(40))
    draft = drafts.open_draft(everybody.program_a, by=marie, at=NOW)
    with pytest.raises(Refused) as refusal:
        drafts.move(draft, "u4", "Ana", by=marie, at=NOW, seen_version=0)
    assert refusal.value.code == "reason_needed"
    expected = {"practitioner": "Ana", "assigned_minutes": 2204, "over_minutes": 451, "capacity_minutes": 1753}
    assert expected.items() <= refusal.value.facts.items()
    moved = drafts.move(draft, "u4", "Ana", by=marie, at=NOW, seen_version=0, reason="until March")
    assert holder(moved, "u4") == "Ana"
    assert DraftChange.objects.get(draft=draft).reason == "until March"
    line = JournalEntry.objects.get(action="draft.move")
    assert line.facts["reason"] == "until March"


def test_a_pin_keeps_the_piece_and_a_waiting_one_has_none(draft: Draft, marie: Person) -> None:
    pinned = drafts.pin(draft, "u2", by=marie, at=NOW, seen_version=0)
    assert picture_of(pinned).pins() == {"u2": "Béa"}
    loose = drafts.unpin(pinned, "u2", by=marie, at=NOW, seen_version=1)
    assert picture_of(loose).pins() == {}
    with pytest.raises(Refused) as refusal:
        drafts.pin(loose, "u4", by=marie, at=NOW, seen_version=2)
    assert refusal.value.code == "pin_needs_practitioner"
    told_twice(loose)


def test_a_piece_that_breaks_a_rule_where_it_stands_cannot_be_pinned_there(everybody: Cast, marie: Person) -> None:
    Unit.objects.filter(program=everybody.program_a, code="u1").update(language="fr")
    draft = drafts.open_draft(everybody.program_a, by=marie, at=NOW)
    with pytest.raises(Refused) as refusal:
        drafts.pin(draft, "u1", by=marie, at=NOW, seen_version=0)
    assert refusal.value.code == "language_french"


def test_a_ban_rules_somebody_out_until_it_is_taken_back(draft: Draft, marie: Person) -> None:
    banned = drafts.ban(draft, "u6", "Béa", by=marie, at=NOW, seen_version=0)
    told_twice(banned)
    with pytest.raises(Refused) as refusal:
        drafts.move(banned, "u6", "Béa", by=marie, at=NOW, seen_version=1)
    assert refusal.value.code == "banned"
    allowed = drafts.unban(banned, "u6", "Béa", by=marie, at=NOW, seen_version=1)
    assert holder(drafts.move(allowed, "u6", "Béa", by=marie, at=NOW, seen_version=2), "u6") == "Béa"


def test_who_is_banned_from_what_she_has_loses_it_and_one_undo_gives_it_back(draft: Draft, marie: Person) -> None:
    banned = drafts.ban(draft, "u2", "Béa", by=marie, at=NOW, seen_version=0)
    assert stored(banned)["u2"] == (None, False, ("Béa",), None)
    undone = drafts.undo(banned, by=marie, at=NOW)
    assert stored(undone)["u2"] == ("Béa", False, (), None)
    told_twice(undone)


def test_two_managers_on_one_piece_see_each_other_and_nothing_is_lost(draft: Draft, marie: Person, dora: Person) -> None:
    drafts.move(draft, "u6", "Béa", by=marie, at=NOW, seen_version=0)
    with pytest.raises(Refused) as refusal:
        drafts.move(draft, "u6", "Cal", by=dora, at=NOW, seen_version=0)
    assert refusal.value.code == "changed_meanwhile"
    expected = {"piece": "u6", "by": "Marie Roy", "at": NOW, "theirs": "Béa", "yours": "Cal", "version": 1}
    assert expected.items() <= refusal.value.facts.items()
    assert holder(draft, "u6") == "Béa"
    # Hers after all, knowing Marie's.
    assert holder(drafts.move(draft, "u6", "Cal", by=dora, at=NOW, seen_version=1), "u6") == "Cal"


def test_two_managers_on_different_pieces_do_not_stand_in_each_others_way(draft: Draft, marie: Person, dora: Person) -> None:
    drafts.move(draft, "u6", "Béa", by=marie, at=NOW, seen_version=0)
    both = drafts.move(draft, "u4", "Cal", by=dora, at=NOW, seen_version=0)
    assert (both.version, holder(both, "u6"), holder(both, "u4")) == (2, "Béa", "Cal")
    told_twice(both)


def test_two_managers_who_want_the_same_agree(draft: Draft, marie: Person, dora: Person) -> None:
    drafts.move(draft, "u6", "Béa", by=marie, at=NOW, seen_version=0)
    assert drafts.move(draft, "u6", "Béa", by=dora, at=NOW, seen_version=0).version == 1


def test_undo_takes_back_one_change_after_the_other(draft: Draft, marie: Person) -> None:
    first = stored(draft)
    moved = drafts.move(draft, "u6", "Béa", by=marie, at=NOW, seen_version=0)
    second = stored(moved)
    moved = drafts.move(moved, "u4", "Cal", by=marie, at=NOW, seen_version=1)
    assert stored(drafts.undo(moved, by=marie, at=NOW)) == second
    back = drafts.undo(moved, by=marie, at=NOW)
    assert stored(back) == first
    assert back.version == 4
    told_twice(back)
    with pytest.raises(Refused) as refusal:
        drafts.undo(moved, by=marie, at=NOW)
    assert refusal.value.code == "nothing_to_undo"


def test_a_named_change_is_undone_unless_its_pieces_were_changed_since(draft: Draft, marie: Person, dora: Person) -> None:
    moved = drafts.move(draft, "u6", "Béa", by=marie, at=NOW, seen_version=0)
    drafts.move(moved, "u4", "Cal", by=dora, at=NOW, seen_version=1)
    first, second = DraftChange.objects.filter(draft=draft).order_by("pk")
    undone = drafts.undo(draft, by=marie, at=NOW, change=first)
    assert (holder(undone, "u6"), holder(undone, "u4")) == (None, "Cal")
    drafts.move(undone, "u4", None, by=marie, at=NOW, seen_version=3)
    with pytest.raises(Refused) as refusal:
        drafts.undo(draft, by=dora, at=NOW, change=second)
    assert refusal.value.code == "changed_since"
    assert refusal.value.facts["by"] == "Marie Roy"
    with pytest.raises(Refused) as refusal:
        drafts.undo(draft, by=marie, at=NOW, change=first)
    assert refusal.value.code == "nothing_to_undo"


def test_undoing_never_lifts_anybody_above_the_maximum(draft: Draft, marie: Person) -> None:
    waiting = drafts.move(draft, "u3", None, by=marie, at=NOW, seen_version=0)
    named = DraftChange.objects.filter(draft=draft).latest("pk")
    drafts.move(waiting, "u4", "Ana", by=marie, at=NOW, seen_version=waiting.version)
    with pytest.raises(Refused) as refusal:
        drafts.undo(draft, by=marie, at=NOW, change=named)
    assert refusal.value.code == "full"


def test_a_closed_draft_takes_no_change(draft: Draft, marie: Person) -> None:
    Draft.objects.filter(pk=draft.pk).update(closed_at=NOW)
    with pytest.raises(Refused) as refusal:
        drafts.move(draft, "u4", "Béa", by=marie, at=NOW, seen_version=0)
    assert refusal.value.code == "draft_closed"


def test_a_piece_that_came_after_the_draft_began_waits_in_it_and_can_be_placed(draft: Draft, everybody: Cast, marie: Person) -> None:
    newcomer = Unit.objects.get(program=everybody.program_a, code="u6")
    newcomer.pk, newcomer.code = None, "u9"
    newcomer.save()
    _facts_changed(everybody.program_a)
    assert holder(_fresh(draft), "u9") is None
    moved = drafts.move(draft, "u9", "Cal", by=marie, at=NOW, seen_version=0)
    assert stored(moved)["u9"][0] == "Cal"


def test_a_changed_fact_gives_another_picture(draft: Draft, everybody: Cast) -> None:
    before = picture_of(draft).facts.case.practitioner("Cal").capacity_minutes
    Practitioner.objects.filter(program=everybody.program_a, code="Cal").update(weekly_hours=Decimal(30), max_hours=None)
    _facts_changed(everybody.program_a)
    assert picture_of(_fresh(draft)).facts.case.practitioner("Cal").capacity_minutes > before


def test_blocks_have_their_own_practitioners(everybody: Cast, marie: Person) -> None:
    unit = Unit.objects.get(program=everybody.program_a, code="u1")
    Program.objects.filter(pk=everybody.program_a.pk).update(block_hours=Decimal(3))
    Assignment.objects.filter(unit=unit).delete()
    people = {one.code: one for one in Practitioner.objects.filter(program=everybody.program_a)}
    Assignment.objects.create(unit=unit, piece="u1#1", practitioner=people["Ana"])
    Assignment.objects.create(unit=unit, piece="u1#3", practitioner=people["Cal"])
    draft = drafts.open_draft(everybody.program_a, by=marie, at=NOW)
    blocks = {piece: one[0] for piece, one in stored(draft).items() if piece.startswith("u1#")}
    assert len(blocks) > 3
    assert {piece: who for piece, who in blocks.items() if who} == {"u1#1": "Ana", "u1#3": "Cal"}
    told_twice(draft)


def test_a_move_costs_the_same_queries_for_one_piece_and_for_three(everybody: Cast, marie: Person) -> None:
    Unit.objects.filter(program=everybody.program_a, code__in=["u5", "u6", "u7"]).update(together="trio", language="en")
    draft = drafts.open_draft(everybody.program_a, by=marie, at=NOW)
    drafts.move(draft, "u8", None, by=marie, at=NOW, seen_version=0)
    drafts.move(draft, "u3", None, by=marie, at=NOW, seen_version=1)
    with CaptureQueriesContext(connection) as one:
        drafts.move(draft, "u8", "Cal", by=marie, at=NOW, seen_version=2)
    with CaptureQueriesContext(connection) as three:
        drafts.move(draft, "u5", "Ana", by=marie, at=NOW, seen_version=3)
    assert len(three) == len(one)
    assert len(one) <= 16


def _facts_changed(program: Program) -> None:
    Program.objects.filter(pk=program.pk).update(facts_version=snapshot.snapshot_of(program).facts_version + 1)


def _fresh(draft: Draft) -> Draft:
    return Draft.objects.select_related("program").get(pk=draft.pk)
