"""What if: the board counts everything once, a preview is what the move then does, the ranking is that of the plan."""

from __future__ import annotations

from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from drafts_made import example_program, fresh, move_about

from cast import NOW
from evenload.planning.changes import over, room
from evenload.planning.check import differences
from evenload.planning.explain import candidates
from evenload.planning.score import score
from evenload.records.access import Person
from evenload.records.models import Draft
from evenload.workflow import draft_picture, drafts, what_if
from evenload.workflow.draft_picture import picture_of
from evenload.workflow.refused import Refused

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def manager_and_draft() -> tuple[Person, Draft]:
    program, manager = example_program()
    return manager, drafts.open_draft(program, by=manager, at=NOW)


def test_a_hundred_changes_later_the_stepped_picture_is_the_one_read_anew(manager_and_draft: tuple[Person, Draft]) -> None:
    manager, draft = manager_and_draft
    assert move_about(draft, manager, Random(5), times=100) > 40
    stepped = picture_of(fresh(draft))
    draft_picture.forget()
    anew = picture_of(fresh(draft))
    assert anew.version == stepped.version > 40
    assert anew.places == stepped.places
    assert anew.standing.weeks == stepped.standing.weeks
    assert anew.standing.caseloads == stepped.standing.caseloads
    assert anew.hands == stepped.hands
    assert anew.price_hours == pytest.approx(stepped.price_hours)
    assert anew.price_hours == pytest.approx(score(anew.facts.case, anew.standing.holder).hours)


def test_the_board_shows_every_practitioner_and_every_piece_exactly_once(manager_and_draft: tuple[Person, Draft]) -> None:
    manager, draft = manager_and_draft
    move_about(draft, manager, Random(6), times=30)
    board, picture = what_if.board(fresh(draft), today=TODAY), picture_of(fresh(draft))
    assert sorted(row.code for row in board.rows) == sorted(picture.facts.people)
    pieces = [card.piece for row in board.rows for card in row.cards] + [one.card.piece for one in board.waiting]
    assert sorted(pieces) == sorted(picture.facts.units)
    for row in board.rows:
        assert sum(card.minutes for card in row.cards) == row.load.assigned_minutes
    percents = [row.load.percent for row in board.rows if row.load.percent is not None]
    assert percents == sorted(percents, reverse=True)


def test_the_counters_are_those_of_the_plan(manager_and_draft: tuple[Person, Draft]) -> None:
    manager, draft = manager_and_draft
    move_about(draft, manager, Random(7), times=30)
    board = what_if.board(fresh(draft), today=TODAY)
    case, plan = what_if.draft_plan(fresh(draft))
    assert [row.code for row in board.counters.over.rows] == [one.practitioner for one in over(case, plan)]
    assert board.counters.over.minutes == sum(one.over_minutes for one in over(case, plan))
    assert {row.code for row in board.counters.room.rows} == {one.practitioner for one in room(case, plan)}
    assert board.counters.room.minutes == sum(max(0, one.to_comfortable_max_minutes) for one in room(case, plan))
    assert board.counters.waiting.units == len(plan.waiting) == sum(group.units for group in board.counters.waiting.groups)
    assert board.counters.waiting.minutes == sum(one.minutes for one in plan.waiting)


def test_who_waits_longest_stands_first_and_what_nobody_can_take_says_why_and_what_would_help() -> None:
    program, manager = example_program(practitioners=6, units=90, seed=4)
    draft = drafts.open_draft(program, by=manager, at=NOW)
    for piece in sorted(picture_of(draft).places):
        _place_somewhere(draft, piece, manager)
    board = what_if.board(fresh(draft), today=TODAY, fixes=3)
    assert board.waiting
    days = [one.days or 0 for one in board.waiting]
    assert days == sorted(days, reverse=True)
    assert board.counters.waiting.oldest_days == days[0]
    _, plan = what_if.draft_plan(fresh(draft))
    told = {entry.unit: entry for entry in plan.waiting}
    for number, one in enumerate(board.waiting):
        assert bool(one.reasons) == (one.possible == 0)
        if not one.possible:
            assert one.reasons == told[one.card.piece].reasons
        if one.nearest_fix is not None:
            assert one.nearest_fix == told[one.card.piece].nearest_fix
            assert number < 3
    assert all(one.possible == 0 for one in board.waiting)


def _place_somewhere(draft: Draft, piece: str, by: Person) -> None:
    here = fresh(draft)
    if picture_of(here).places[piece].practitioner is None:
        for candidate in what_if.ranking(here, piece).possible:
            try:
                drafts.move(here, piece, candidate.practitioner, by=by, at=NOW, seen_version=here.version, reason="all that fits")
            except Refused:
                continue
            return


@pytest.mark.parametrize("seed", range(3))
def test_a_preview_is_what_the_move_then_does(manager_and_draft: tuple[Person, Draft], seed: int) -> None:
    manager, draft = manager_and_draft
    dice = Random(seed)
    picture = picture_of(draft)
    seen = {"made": 0, "refused": 0}
    for _ in range(40):
        piece, to = dice.choice(sorted(picture.places)), dice.choice([None, *sorted(picture.facts.people)])
        here = fresh(draft)
        looked = what_if.preview(here, piece, to)
        if looked.refused is not None:
            with pytest.raises(Refused) as refusal:
                drafts.move(here, piece, to, by=manager, at=NOW, seen_version=here.version)
            assert (looked.refused.code, looked.refused.facts) == (refusal.value.code, refusal.value.facts)
            seen["refused"] += 1
            continue
        drafts.move(here, piece, to, by=manager, at=NOW, seen_version=here.version)
        seen["made"] += 1
        board = what_if.board(fresh(draft), today=TODAY)
        rows = {row.code: row for row in board.rows}
        assert all(rows[change.code].load == change.load.after for change in looked.people)
        assert board.price_hours == pytest.approx(looked.price_after)
        assert board.hands == looked.hands_after
    assert min(seen.values()) > 3


def test_the_ranking_is_that_of_the_plan_and_names_everybody_once(manager_and_draft: tuple[Person, Draft]) -> None:
    _, draft = manager_and_draft
    case, plan = what_if.draft_plan(draft)
    for piece in sorted(picture_of(draft).places)[::7]:
        found, expected = what_if.ranking(draft, piece), candidates(case, plan, piece)
        assert [(one.practitioner, one.rank) for one in found.possible] == [(one.practitioner, one.rank) for one in expected.possible]
        assert [(one.practitioner, one.reasons, one.fixes) for one in found.excluded] == [
            (one.practitioner, one.reasons, one.fixes) for one in expected.excluded
        ]
        people = [one.practitioner for one in (*found.possible, *found.excluded)]
        assert sorted(people) == sorted(picture_of(draft).facts.people)


def test_who_is_banned_is_among_the_excluded(manager_and_draft: tuple[Person, Draft]) -> None:
    manager, draft = manager_and_draft
    piece = next(piece for piece in sorted(picture_of(draft).places) if len(what_if.ranking(draft, piece).possible) > 1)
    best = what_if.ranking(draft, piece).possible[-1].practitioner
    drafts.ban(draft, piece, best, by=manager, at=NOW, seen_version=0)
    found = what_if.ranking(fresh(draft), piece)
    assert best not in [one.practitioner for one in found.possible]
    barred = next(one for one in found.excluded if one.practitioner == best)
    assert "barred" in [reason.code for reason in barred.reasons]


def test_the_draft_as_a_plan_agrees_with_an_independent_count() -> None:
    program, manager = example_program(seed=8)
    draft = drafts.open_draft(program, by=manager, at=NOW)
    # Whoever breaks a rule where she is today waits, and whoever is above the maximum gives something back.
    picture = picture_of(draft)
    for row in what_if.board(draft, today=TODAY).rows:
        for card in row.cards:
            above = picture_of(fresh(draft)).standing.weeks[row.code].minutes > row.load.maximum_minutes
            if card.broken or card.is_scattered or above or picture.facts.units[card.piece].held_back:
                drafts.move(draft, card.piece, None, by=manager, at=NOW, seen_version=99)
    move_about(draft, manager, Random(9), times=40, kinds=("move", "move", "pin", "ban", "wait"))
    case, plan = what_if.draft_plan(fresh(draft))
    assert differences(case, plan) == ()


def test_a_page_costs_the_same_queries_whatever_is_in_the_program() -> None:
    counts = []
    for units, seed in ((20, 21), (60, 22)):
        program, manager = example_program(practitioners=4, units=units, seed=seed)
        draft = drafts.open_draft(program, by=manager, at=NOW)
        draft_picture.forget()
        with CaptureQueriesContext(connection) as first:
            what_if.board(fresh(draft), today=TODAY)
        with CaptureQueriesContext(connection) as again:
            what_if.board(fresh(draft), today=TODAY)
            what_if.preview(fresh(draft), sorted(picture_of(draft).places)[0], None)
        counts.append((len(first), len(again)))
    assert counts[0] == counts[1]
    assert counts[0][1] <= 6


def test_an_unknown_piece_or_practitioner_is_refused(manager_and_draft: tuple[Person, Draft]) -> None:
    _, draft = manager_and_draft
    with pytest.raises(Refused, match="piece_unknown"):
        what_if.preview(draft, "nothing", None)
    with pytest.raises(Refused, match="practitioner_unknown"):
        what_if.preview(draft, sorted(picture_of(draft).places)[0], "nobody")
