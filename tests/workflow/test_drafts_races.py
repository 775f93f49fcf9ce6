"""Two managers in the same instant, with real transactions: nothing is lost, nothing is counted twice."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from at_once import answers_at_once
from cast import NOW, Cast, person
from evenload.records.access import Person
from evenload.records.models import Draft, DraftChange, JournalEntry
from evenload.workflow import draft_picture, drafts, journal
from evenload.workflow.draft_picture import picture_of
from evenload.workflow.refused import Refused

pytestmark = [pytest.mark.both, pytest.mark.django_db(transaction=True)]
ROUNDS = [20, pytest.param(400, marks=pytest.mark.soak)]


def at_once(*actions: Callable[[], object]) -> list[object]:
    """What each answered who began with the others, or the code of its refusal."""
    return [one.code if isinstance(one, Refused) else one for one in answers_at_once(actions)]


def test_two_who_open_the_draft_at_once_get_the_same_one(everybody: Cast) -> None:
    people = [person(everybody.manager_of_a), person(everybody.director)]
    opened = at_once(*(lambda by=by: drafts.open_draft(everybody.program_a, by=by, at=NOW).pk for by in people))  # type: ignore[misc]
    assert opened[0] == opened[1]
    assert Draft.objects.count() == 1
    assert Draft.objects.get().placements.count() == 8


@pytest.mark.parametrize("rounds", ROUNDS)
def test_of_two_who_move_one_piece_at_once_one_wins_and_the_other_sees_it(everybody: Cast, rounds: int) -> None:
    marie, dora = person(everybody.manager_of_a), person(everybody.director)
    draft = drafts.open_draft(everybody.program_a, by=marie, at=NOW)
    for number in range(rounds):
        seen = Draft.objects.get(pk=draft.pk).version
        wishes = [("Ana", marie), (None, dora)] if number % 2 else [("Cal", marie), ("Béa", dora)]
        answers = at_once(*(_moves(draft, to, by, seen) for to, by in wishes))
        assert answers.count("changed_meanwhile") == 1
        assert Draft.objects.get(pk=draft.pk).version == seen + 1
        winner = wishes[1 - answers.index("changed_meanwhile")]
        row = draft.placements.select_related("practitioner", "changed_by").get(piece="u6")
        assert (row.practitioner and row.practitioner.code, row.changed_by) == (winner[0], winner[1].account)


def _moves(draft: Draft, to: str | None, by: Person, seen: int) -> Callable[[], object]:
    return lambda: drafts.move(draft, "u6", to, by=by, at=NOW, seen_version=seen).version


@pytest.mark.parametrize("rounds", ROUNDS)
def test_no_change_of_many_at_once_is_lost_and_every_picture_agrees(everybody: Cast, rounds: int) -> None:
    marie, dora = person(everybody.manager_of_a), person(everybody.director)
    draft = drafts.open_draft(everybody.program_a, by=marie, at=NOW)
    at_once(_changes(draft, marie, Random(1), rounds), _changes(draft, dora, Random(2), rounds))
    now = Draft.objects.select_related("program").get(pk=draft.pk)
    assert now.version == DraftChange.objects.filter(draft=draft).count() > rounds // 2
    stepped = picture_of(now)
    draft_picture.forget()
    anew = picture_of(now)
    assert (anew.places, anew.standing.weeks, anew.hands, anew.version) == (
        stepped.places,
        stepped.standing.weeks,
        stepped.hands,
        stepped.version,
    )
    assert anew.price_hours == pytest.approx(stepped.price_hours)
    # Every change begins where the one before it ended: replayed in order they lead to what stands now.
    replayed = {piece: one for piece, one in anew.places.items() if one == anew.places[piece]}
    for change in DraftChange.objects.filter(draft=draft).order_by("-pk"):
        for entry in change.after:
            assert replayed[entry[0]] == draft_picture.placed_of(entry)
        replayed |= {entry[0]: draft_picture.placed_of(entry) for entry in change.before}
    assert journal.verify() == []
    assert JournalEntry.objects.filter(action__startswith="draft.").count() == now.version + 1


def _changes(draft: Draft, by: Person, dice: Random, rounds: int) -> Callable[[], object]:
    """So many random changes, each from the page as it stands; a refusal is no change."""

    def make() -> None:
        for _ in range(rounds):
            here = Draft.objects.select_related("program").get(pk=draft.pk)
            piece, to = f"u{dice.randint(1, 8)}", dice.choice(["Ana", "Béa", "Cal", None])
            try:
                if dice.random() < 0.2:
                    drafts.undo(here, by=by, at=NOW)
                else:
                    drafts.move(here, piece, to, by=by, at=NOW, seen_version=here.version)
            except Refused:
                pass

    return make
