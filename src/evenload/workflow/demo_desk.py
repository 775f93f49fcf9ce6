"""What the managers of the demonstration did at their desks: a second edition each, and this week's open drafts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from evenload.planning.explain import BeforeAfter
from evenload.records.access import Person
from evenload.records.models import Draft, PlanRun, Practitioner, Program
from evenload.workflow import drafts, editions, hand_over, plans, what_if
from evenload.workflow.demo_cast import MARGARET, PRACTITIONER, SYLVAIN
from evenload.workflow.draft_picture import picture_of
from evenload.workflow.refused import Refused

if TYPE_CHECKING:
    from evenload.workflow.demo import Scene

LEAVE_WEEKS: Final = 12
MOVES_OF_SECOND: Final = {"home-care": 5, "schools": 4, "retirement-homes": 2, "clinic": 1}
ON_LEAVE: Final = ("home-care", "schools")
LEAVES: Final = {"en": "Parental leave", "fr": "Congé parental"}
PLACED_BY_HAND: Final = 5
SCARCE: Final = ("OT", "fr")
OFFERED: Final = 2
"""units kept for offers to the practitioner who signs in, with room for them in her week"""
RELIEVED: Final = 2
REASONS: Final = {"en": "The family asked for it", "fr": "À la demande de la famille"}


def head_of(program: Program, scene: Scene) -> Person:
    """Whoever manages the program."""
    role = next(role for role in (MARGARET, SYLVAIN) if program.code in role.programs)
    return scene.people[role.username]


def second_editions(scene: Scene) -> None:
    """Two weeks ago: somebody's leave was covered, a few units changed hands, and every program published again."""
    for code, program in scene.programs.items():
        by, at = head_of(program, scene), scene.days.at(weeks=3, days=-3)
        draft = drafts.open_draft(program, by=by, at=at)
        if code in ON_LEAVE:
            _cover_a_leave(draft, by, scene)
        _move_to_next_best(draft, by, scene, count=MOVES_OF_SECOND[code])
        draft.refresh_from_db()
        published = scene.days.at(weeks=3, days=-3, minutes=95)
        editions.publish(draft, effective_on=scene.days.day(weeks=2), by=by, at=published, seen_version=draft.version)


def _cover_a_leave(draft: Draft, by: Person, scene: Scene) -> None:
    """The person whose caseload is of middling size goes on leave in three weeks."""
    standing = picture_of(draft).standing
    sizes = sorted((len(units), code) for code, units in standing.caseloads.items() if units)
    code = sizes[len(sizes) // 2][1]
    starts_on = scene.days.day(weeks=-3)
    proposal = hand_over.propose_leave(draft, code, starts_on=starts_on, ends_on=starts_on + timedelta(weeks=LEAVE_WEEKS))
    hand_over.apply_hand_over(draft, proposal, by=by, at=scene.days.at(weeks=3, days=-3, minutes=10), reason=LEAVES[by.lang])


def _move_to_next_best(draft: Draft, by: Person, scene: Scene, *, count: int) -> None:
    """A few units go to whoever comes next in the ranking, as families and colleagues ask for it."""
    picture = picture_of(draft)
    placed = sorted(piece for piece, one in picture.places.items() if one.practitioner and not one.is_pinned)
    step, moved, at = max(1, len(placed) // (count * 4)), 0, scene.days.at(weeks=3, days=-3, minutes=40)
    own = Practitioner.objects.filter(program=draft.program, account=scene.people[PRACTITIONER.username].account).first()
    hers = [piece for piece in placed if own and picture.places[piece].practitioner == own.code]
    for piece in [*hers[:4], *placed[step // 2 :: step]]:
        others = [candidate for candidate in what_if.ranking(draft, piece).possible if not candidate.is_assigned]
        if moved < count and others and _is_moved(draft, piece, others[0].practitioner, by=by, at=at):
            moved, at = moved + 1, at + timedelta(minutes=6)


def this_weeks_drafts(scene: Scene, runs: Mapping[str, PlanRun]) -> None:
    """On Friday: home care is rearranged by hand, the schools' draft follows a plan; the others have none open."""
    _by_hand(scene)
    run = runs["schools"]
    run.refresh_from_db()
    plans.take_up(run, by=head_of(run.program, scene), at=scene.days.at(days=3, minutes=150))


def _by_hand(scene: Scene) -> None:
    """Of those who wait, occupational therapy in French is placed as far as its hours go, and a few others; the fullest two give
    a unit away each; two are kept to be offered; one placement is to stay, one was not wanted, and the last step is taken back."""
    program = scene.programs["home-care"]
    by, at = head_of(program, scene), scene.days.at(days=3, minutes=130)
    draft = drafts.open_draft(program, by=by, at=at)
    column = what_if.waiting_column(picture_of(draft), today=scene.days.as_of, fixes=0)
    cards = [one.card for one in column if one.possible]
    own = Practitioner.objects.filter(program=program, account=scene.people[PRACTITIONER.username].account).first()
    asked = own.code if own else ""
    offered = [card.piece for card in cards if asked in {one.practitioner for one in what_if.ranking(draft, card.piece).possible}][:OFFERED]
    first = [card.piece for card in cards if (card.discipline, card.language) == SCARCE and card.piece not in offered]
    others = [card.piece for card in cards if card.piece not in (*first, *offered)]
    placed: list[str] = []
    for piece in [*others[::3][:PLACED_BY_HAND], *first]:
        at += timedelta(minutes=4)
        taker = next((code for code in _ranked(draft, piece) if code != asked or _leaves_room(draft, piece, asked, offered)), None)
        if taker and _is_moved(draft, piece, taker, by=by, at=at):
            placed.append(piece)
    for code in _fullest(draft)[:RELIEVED]:
        at = _relieve(draft, code, by=by, at=at)
    drafts.pin(draft, placed[0], by=by, at=at + timedelta(minutes=5), seen_version=_version(draft))
    unwanted = picture_of(draft).places[placed[1]].practitioner
    if unwanted:
        drafts.ban(draft, placed[1], unwanted, by=by, at=at + timedelta(minutes=9), seen_version=_version(draft))
    _is_moved(draft, placed[2], None, by=by, at=at + timedelta(minutes=14))
    drafts.undo(draft, by=by, at=at + timedelta(minutes=15))


def _ranked(draft: Draft, piece: str) -> list[str]:
    """Who could take a piece, best first."""
    return [one.practitioner for one in sorted(what_if.ranking(draft, piece).possible, key=lambda one: one.rank or 0)]


def _leaves_room(draft: Draft, piece: str, asked: str, offered: Sequence[str]) -> bool:
    """Whether she could still take what is kept for her after taking this piece."""
    weeks = [_week_with(draft, one, asked) for one in (piece, *offered)]
    more = sum(week.after.assigned_minutes - week.before.assigned_minutes for week in weeks)
    return weeks[0].before.assigned_minutes + more <= weeks[0].before.maximum_minutes


def _week_with(draft: Draft, piece: str, practitioner: str) -> BeforeAfter:
    return next(one.load for one in what_if.preview(draft, piece, practitioner).people if one.code == practitioner)


def _fullest(draft: Draft) -> list[str]:
    """Practitioners by load, fullest first."""
    standing = picture_of(draft).standing
    able = [person for person in standing.case.practitioners if person.capacity_minutes]
    able.sort(key=lambda person: (-standing.weeks[person.id].minutes / person.capacity_minutes, person.id))
    return [person.id for person in able]


def _relieve(draft: Draft, code: str, *, by: Person, at: datetime) -> datetime:
    """One of her units goes to somebody who has room for it; returns when that was done."""
    at += timedelta(minutes=7)
    for unit in picture_of(draft).standing.caseloads[code][:12]:
        others = [one for one in what_if.ranking(draft, unit.id).possible if not one.is_assigned and one.rank]
        if others and _is_moved(draft, unit.id, others[0].practitioner, by=by, at=at):
            break
    return at


def _is_moved(draft: Draft, piece: str, to: str | None, *, by: Person, at: datetime) -> bool:
    """Makes the move if the rules allow it."""
    try:
        drafts.move(draft, piece, to, by=by, at=at, seen_version=_version(draft), reason=REASONS[by.lang])
    except Refused:
        return False
    return True


def _version(draft: Draft) -> int:
    draft.refresh_from_db()
    return draft.version
