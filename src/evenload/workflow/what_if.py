"""What if: the board of a draft, a move before it is made, the candidates of a piece, and the draft as a whole plan.

Nothing is written here. Everything is asked of the draft's picture, which this process keeps and steps from change to change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from evenload import __version__
from evenload.planning.case import Case, Practitioner, Unit, digest
from evenload.planning.elsewhere import Elsewhere
from evenload.planning.explain import BeforeAfter, Explanation, explained, week_load
from evenload.planning.fixes import held_back_entry, waiting_entries
from evenload.planning.fixes import nearest_fix as nearest_fix_of
from evenload.planning.pieces import case_with_pieces
from evenload.planning.plan import Assignment, Bound, Cover, Fix, Load, Plan, Provenance, Reason
from evenload.planning.score import score
from evenload.planning.standing import Standing
from evenload.planning.targets import targets
from evenload.planning.travel import pair_travel_minutes
from evenload.planning.waiting_reasons import Bundle, PairStanding, pair_standing, waiting_reasons
from evenload.records.models import Draft
from evenload.workflow.desk_rows import Counters, Row, WaitingCard, counters_of, days_waiting, possible_count, row_of
from evenload.workflow.draft_picture import Hands, Picture, picture_of, stepped
from evenload.workflow.drafts import bundle_in
from evenload.workflow.known_facts import KnownFacts
from evenload.workflow.move_rules import refuse_move
from evenload.workflow.protection import Exposed, exposed
from evenload.workflow.refused import Refused
from evenload.workflow.sole_french import sites_losing

FIXES_SHOWN = 12
"""Nearest fixes sought for the first so many waiting cards; further ones are sought when their card is opened."""


@dataclass(frozen=True, slots=True)
class Board:
    """The desk at one version of the draft. `limit`: at most so many units may change hands, as the last plan was asked for."""

    version: int
    rows: tuple[Row, ...]
    waiting: tuple[WaitingCard, ...]
    counters: Counters
    hands: Hands
    limit: int | None
    price_hours: float


@dataclass(frozen=True, slots=True)
class PersonChange:
    """One person's week before and after a move."""

    code: str
    name: str
    load: BeforeAfter


@dataclass(frozen=True, slots=True)
class Preview:
    """A move before it is made. Prices in hours per week; `refused` says why it may not be made, or that a reason is needed."""

    piece: str
    pieces: tuple[str, ...]
    clients: int
    minutes: int
    people: tuple[PersonChange, ...]
    """who gives it away, then who takes it"""
    price_before: float
    price_after: float
    hands_before: Hands
    hands_after: Hands
    limit: int | None
    refused: Refused | None
    loses_french: tuple[str, ...] = ()
    """sites where somebody speaks fluent French now, and nobody would after the move"""
    exposed: tuple[Exposed, ...] = ()
    """whom the move takes out of the protection of the draft's plan"""


def board(draft: Draft, *, today: date, fixes: int = FIXES_SHOWN) -> Board:
    """Rows by load, fullest first; the waiting column, oldest first. Refused `facts_contradict`."""
    return replace(board_of(picture_of(draft), today=today, fixes=fixes), limit=_limit(draft))


def board_of(picture: Picture, *, today: date, fixes: int = FIXES_SHOWN) -> Board:
    """The board of any picture: a draft's, or that of what holds now. Kept with the picture."""
    asked = ("board", today, fixes)
    if asked not in picture.kept:
        picture.kept[asked] = _board(picture, today, fixes)
    board: Board = picture.kept[asked]
    return board


def _board(picture: Picture, today: date, fixes: int) -> Board:
    rows = tuple(sorted((row_of(picture, person) for person in picture.facts.case.practitioners), key=_fullest_first))
    waiting = waiting_column(picture, today=today, fixes=fixes)
    counters = counters_of(rows, waiting)
    return Board(picture.version, rows, waiting, counters, picture.hands, None, picture.price_hours)


def rows_of(draft: Draft, codes: Iterable[str]) -> tuple[Row, ...]:
    """Some practitioners' rows as they stand now: what a page refreshes after a move."""
    picture = picture_of(draft)
    return tuple(row_of(picture, picture.facts.case.practitioner(code)) for code in dict.fromkeys(codes))


def _fullest_first(row: Row) -> tuple[bool, float, str]:
    percent = row.load.percent
    return percent is None, -float(percent or 0), row.code


def _limit(draft: Draft) -> int | None:
    return draft.plan_run.max_moves if draft.plan_run else None


def waiting_column(picture: Picture, *, today: date, fixes: int) -> tuple[WaitingCard, ...]:
    """What waits: longest first, then by priority. The first `fixes` that nobody could take have their nearest fix."""
    facts = picture.facts
    units = [unit for piece, unit in facts.units.items() if picture.places[piece].practitioner is None]
    units.sort(key=lambda unit: (-(days_waiting(facts, unit, today) or 0), unit.priority, unit.id))
    cards, elsewhere = [], _Once(picture)
    for number, unit in enumerate(units):
        possible = possible_count(picture, unit)
        reasons = () if possible else _reasons(picture, unit)
        fix = elsewhere.fix(unit) if not possible and number < fixes else None
        cards.append(WaitingCard(unit, days_waiting(facts, unit, today), possible, reasons, fix, picture))
    return tuple(cards)


class _Once:
    """Nearest fixes under one picture; where room could be made is looked up once for all of them."""

    def __init__(self, picture: Picture) -> None:
        self._picture = picture
        self._elsewhere: Elsewhere | None = None

    def fix(self, unit: Unit) -> Fix:
        """The nearest fix of a piece that nobody could take."""
        if unit.held_back is not None:
            return held_back_entry(self._picture.facts.case, unit).nearest_fix
        if self._elsewhere is None:
            self._elsewhere = Elsewhere(self._picture.standing, pinned=self._picture.pins(), bundle_of=self._picture.facts.bundle_of)
        bundle = barred_bundle(self._picture, self._picture.facts.bundle_of[unit.id])
        return nearest_fix_of(self._picture.standing, bundle, _pairs(self._picture, bundle), self._elsewhere)


def nearest_fix(draft: Draft, piece: str) -> Fix:
    """The one change of one fact that would let a waiting piece be placed. Refused `piece_unknown`."""
    picture = picture_of(draft)
    return _Once(picture).fix(bundle_in(picture, piece)[0])


def _reasons(picture: Picture, unit: Unit) -> tuple[Reason, ...]:
    if unit.held_back is not None:
        return held_back_entry(picture.facts.case, unit).reasons
    bundle = barred_bundle(picture, picture.facts.bundle_of[unit.id])
    return waiting_reasons(picture.standing, bundle, _pairs(picture, bundle))


def _pairs(picture: Picture, bundle: Bundle) -> list[PairStanding]:
    """Everybody of the discipline before the bundle. Rules do not depend on the draft, but for its bans."""
    standing, facts = picture.standing, picture.facts
    if any(unit is not facts.units[unit.id] for unit in bundle):
        return [pair_standing(standing, person, bundle) for person in facts.by_discipline.get(bundle[0].discipline, [])]
    return [
        PairStanding(
            one.practitioner,
            one.broken,
            one.needed_minutes,
            standing.free_minutes(one.practitioner),
            standing.over_minutes(one.practitioner, one.needed_minutes, bundle),
        )
        for one in facts.beside(bundle)
    ]


def barred_bundle(picture: Picture, bundle: Bundle) -> Bundle:
    """The bundle with the draft's bans, and with everybody who leaves, among its bars; the same units where there are none."""
    extra = {unit.id: picture.places[unit.id].banned | picture.leaving for unit in bundle}
    if not any(extra.values()):
        return bundle
    return tuple(replace(unit, barred=unit.barred | extra[unit.id]) for unit in bundle)


def preview(draft: Draft, piece: str, practitioner: str | None) -> Preview:
    """A move before it is made: both weeks, the plan's price, the hands changed; and whether it may be made."""
    picture = picture_of(draft)
    bundle = bundle_in(picture, piece)
    refused = _refusal(picture, bundle, practitioner)
    if practitioner is not None and practitioner not in picture.facts.people:
        raise Refused("practitioner_unknown", practitioner=practitioner)
    places = {unit.id: replace(picture.places[unit.id], practitioner=practitioner, is_pinned=False) for unit in bundle}
    after = stepped(picture, places)
    givers = dict.fromkeys(picture.places[unit.id].practitioner for unit in bundle)
    people = [code for code in givers if code not in (None, practitioner)] + ([practitioner] if practitioner else [])
    return Preview(
        piece=piece,
        pieces=tuple(unit.id for unit in bundle),
        clients=sum(unit.clients for unit in bundle),
        minutes=sum(unit.minutes for unit in bundle),
        people=tuple(change_between(picture.facts, picture.standing, after.standing, code) for code in people if code),
        price_before=picture.price_hours,
        price_after=after.price_hours,
        hands_before=picture.hands,
        hands_after=after.hands,
        limit=_limit(draft),
        refused=refused,
        loses_french=sites_losing(picture.standing, after.standing, bundle),
        exposed=exposed(draft, after, () if practitioner is None else (practitioner,)),
    )


def _refusal(picture: Picture, bundle: Bundle, practitioner: str | None) -> Refused | None:
    if practitioner is None:
        return None
    try:
        refuse_move(picture, bundle, practitioner)
    except Refused as refused:
        return refused
    return None


def change_between(facts: KnownFacts, before: Standing, after: Standing, code: str) -> PersonChange:
    """One person's week in two standings."""
    person = facts.case.practitioner(code)
    weeks = BeforeAfter(week_load(person, before.weeks[code]), week_load(person, after.weeks[code]))
    return PersonChange(code, facts.name(code), weeks)


def ranking(draft: Draft, piece: str) -> Explanation:
    """Every practitioner exactly once before a piece: possible and ranked, or excluded with reasons and fixes.

    A draft's bans, and people who leave, read as `barred`; `Card.banned` says whom a manager ruled out. Refused `piece_unknown`.
    """
    return ranking_in(picture_of(draft), piece)


def ranking_in(picture: Picture, piece: str) -> Explanation:
    """As `ranking`, in a picture."""
    bundle = bundle_in(picture, piece)
    holder = picture.places[bundle[0].id].practitioner
    covers = {cover for unit in bundle if (cover := picture.places[unit.id].cover)}
    without = picture.standing.with_bundle(bundle, None)
    barred = barred_bundle(picture, bundle)
    found = explained(without, barred, holder=holder, covers=covers, pinned=picture.pins(), bundle_of=picture.facts.bundle_of)
    return replace(found, unit=piece)


def draft_plan(draft: Draft) -> tuple[Case, Plan]:
    """The draft as a plan of its Case, with pins and bans: for the recount, and for everything that writes plans.

    Its bound is the trivial one: nobody proved how good a draft is.
    """
    picture = picture_of(draft)
    if "plan" not in picture.kept:
        picture.kept["plan"] = _draft_plan(picture)
    found: tuple[Case, Plan] = picture.kept["plan"]
    return found


def _draft_plan(picture: Picture) -> tuple[Case, Plan]:
    bans = picture.bans()
    case = case_with_pieces(picture.facts.case, pins=picture.pins(), bans=bans)
    wanted = targets(case) if bans else picture.facts.targets_minutes
    holder = {piece: one.practitioner for piece, one in picture.places.items() if one.practitioner is not None}
    plan = Plan(
        case_digest=digest(case),
        assignments=tuple(_assignment(case, picture.facts.units[piece], code) for piece, code in sorted(holder.items())),
        waiting=waiting_entries(case, holder, targets_minutes=wanted),
        cover=tuple(Cover(piece, one.cover) for piece, one in sorted(picture.places.items()) if one.cover and one.practitioner),
        loads=tuple(_load(picture, person, wanted[person.id]) for person in case.practitioners),
        score=score(case, holder, targets_minutes=wanted),
        bound=Bound(0.0, 0.0, {}, 0.0, "none"),
        notices=case.notices,
        provenance=Provenance(0, __version__, 0.0, "draft", "hand"),
    )
    return case, plan


def _assignment(case: Case, unit: Unit, code: str) -> Assignment:
    return Assignment(unit.id, code, unit.minutes, pair_travel_minutes(case, case.practitioner(code), unit))


def _load(picture: Picture, person: Practitioner, target_minutes: int) -> Load:
    week = picture.standing.weeks[person.id]
    return Load(
        practitioner=person.id,
        capacity_minutes=person.capacity_minutes,
        maximum_minutes=person.maximum_minutes,
        assigned_minutes=week.minutes,
        travel_minutes=week.travel_minutes,
        units=week.units,
        clients=week.clients,
        target_minutes=target_minutes,
        peak_minutes=week.peak_minutes,
    )
