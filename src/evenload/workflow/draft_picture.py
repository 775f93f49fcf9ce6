"""The picture of a draft: where every piece stands, everybody's week, the plan's price. Kept per process and stepped by each change."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from evenload.planning.case import Unit
from evenload.planning.goals import waiting_hours
from evenload.planning.problems import CaseError
from evenload.planning.score import score
from evenload.planning.standing import Standing, standing_of
from evenload.records.models import Draft, DraftChange, Program
from evenload.workflow import known_facts
from evenload.workflow.known_facts import KnownFacts
from evenload.workflow.refused import Refused
from evenload.workflow.snapshot import cover_of_pieces

Entry: TypeAlias = list[Any]
"""[piece, practitioner or null, pinned, [banned], cover or null], as a change keeps it"""

MOST_STEPS = 150
"""A change of more pieces than this is quicker read again than stepped."""

MOST_KEPT = 16


@dataclass(frozen=True, slots=True)
class Placed:
    """Where one piece stands in a draft. Practitioners by code; nobody: the piece waits."""

    practitioner: str | None = None
    is_pinned: bool = False
    banned: frozenset[str] = frozenset()
    cover: str | None = None


@dataclass(frozen=True, slots=True)
class Hands:
    """What changes hands against the current practitioners: units and their clients.

    `forced_units` had to go: their current practitioner may not have them any more; they do not count against a limit.
    """

    units: int = 0
    clients: int = 0
    forced_units: int = 0

    def plus(self, other: Hands, sign: int = 1) -> Hands:
        """Both together; with `sign` −1 this one without the other."""
        return Hands(self.units + sign * other.units, self.clients + sign * other.clients, self.forced_units + sign * other.forced_units)


NO_HANDS = Hands()


@dataclass(frozen=True, slots=True)
class Picture:
    """A draft at one version. Nothing changes it; `stepped` makes the next one."""

    facts: KnownFacts
    draft_id: int
    version: int
    last_change: int
    places: Mapping[str, Placed]
    """every piece of the Case"""
    standing: Standing
    price_hours: float
    hands: Hands
    leaving: frozenset[str]
    """practitioners who hand their units over and leave: nothing may be given to them"""
    kept: dict[object, Any] = field(default_factory=dict, init=False, compare=False, repr=False)
    """answers that were asked of this very picture before; the next one begins without"""

    def pins(self) -> dict[str, str]:
        """Piece → practitioner of every pin."""
        return {piece: one.practitioner for piece, one in self.places.items() if one.is_pinned and one.practitioner}

    def bans(self) -> dict[str, frozenset[str]]:
        """Piece → practitioners whom a manager ruled out; who leaves is ruled out everywhere."""
        found = {piece: one.banned for piece, one in self.places.items() if one.banned}
        for code in self.leaving:
            disciplines = self.facts.case.practitioner(code).disciplines
            for piece, unit in self.facts.units.items():
                if unit.discipline in disciplines:
                    found[piece] = found.get(piece, frozenset()) | {code}
        return found


_kept: dict[int, Picture] = {}
_lock = threading.Lock()


def forget() -> None:
    """Empty what is kept in this process."""
    _kept.clear()
    known_facts.forget()


def facts_of(program: Program) -> KnownFacts:
    """The program's facts as they stand. Refused `facts_contradict` where they leave no Case."""
    try:
        return known_facts.known_facts(program)
    except CaseError as error:
        problems = [(p.code, "/".join(filter(None, (p.where.table, p.where.item, p.where.field))), p.value) for p in error.problems]
        raise Refused("facts_contradict", problems=problems) from error


def picture_of(draft: Draft) -> Picture:
    """The draft as it stands now (at `draft.version` or later). Two queries where this process knows the draft already."""
    facts = facts_of(draft.program)
    kept = _kept.get(draft.pk)
    if kept is not None and kept.version > draft.version and kept.version != _version(draft):
        kept = None  # kept from a transaction that was rolled back
    if kept is None or kept.facts is not facts or kept.version < draft.version:
        kept = _caught_up(kept, draft, facts)
        keep(kept)
    return kept


def _version(draft: Draft) -> int:
    return Draft.objects.values_list("version", flat=True).get(pk=draft.pk)


def keep(picture: Picture) -> None:
    """Keep the picture for the next page of this process."""
    with _lock:
        _kept.pop(picture.draft_id, None)
        _kept[picture.draft_id] = picture
        while len(_kept) > MOST_KEPT:
            _kept.pop(next(iter(_kept)))


def _caught_up(kept: Picture | None, draft: Draft, facts: KnownFacts) -> Picture:
    """The kept picture stepped by the changes made since, or the draft read as a whole."""
    if kept is not None and kept.facts is facts:
        changes = list(DraftChange.objects.filter(draft=draft, pk__gt=kept.last_change).order_by("pk"))
        if sum(len(change.after) for change in changes) <= MOST_STEPS:
            for change in changes:
                kept = after_change(kept, change)
            return kept
    return _read(draft, facts)


def after_change(picture: Picture, change: DraftChange) -> Picture:
    """The picture after one change that it does not know yet."""
    leaving = leaving_of(change.draft) if change.kind in ("hand_over", "undo") else picture.leaving
    places = {entry[0]: placed_of(entry) for entry in change.after}
    return replace(stepped(picture, places), version=picture.version + 1, last_change=change.pk, leaving=leaving)


def stepped(picture: Picture, places: Mapping[str, Placed]) -> Picture:
    """The picture with some pieces placed anew. Pieces that the Case does not have any more are left out of account."""
    known = {piece: one for piece, one in places.items() if piece in picture.facts.units}
    moves: dict[str | None, list[Unit]] = defaultdict(list)
    for piece, one in known.items():
        if one.practitioner != picture.places[piece].practitioner:
            moves[one.practitioner].append(picture.facts.units[piece])
    standing, price = picture.standing, picture.price_hours
    for units in moves.values():
        standing, price = _taken_away(standing, price, units)
    for to, units in moves.items():
        standing, price = _given(standing, price, units, to)
    hands = picture.hands
    for piece, one in known.items():
        hands = hands.plus(_hand(picture.facts, piece, one)).plus(_hand(picture.facts, piece, picture.places[piece]), -1)
    return replace(picture, places={**picture.places, **known}, standing=standing, price_hours=price, hands=hands)


def _hand(facts: KnownFacts, piece: str, one: Placed) -> Hands:
    """What one piece adds to the changes of hands."""
    unit = facts.units[piece]
    if unit.current is None or unit.current == one.practitioner or not facts.case.has_practitioner(unit.current):
        return NO_HANDS
    return Hands(1, unit.clients, 0) if facts.current_may_keep(piece) else Hands(0, 0, 1)


def _taken_away(standing: Standing, price: float, units: Sequence[Unit]) -> tuple[Standing, float]:
    """All these units wait. Whatever each of their holders cost falls away, and waiting is priced."""
    held: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        if unit.id in standing.holder:
            held[standing.holder[unit.id]].append(unit)
    for practitioner, hers in held.items():
        standing = standing.with_bundle(hers, None)
        price += sum(waiting_hours(standing.case, unit) for unit in hers)
        price -= _added_one_by_one(standing, practitioner, hers)
    return standing, price


def _given(standing: Standing, price: float, units: Sequence[Unit], to: str | None) -> tuple[Standing, float]:
    if to is None:
        return standing, price
    price += _added_one_by_one(standing, to, units)
    price -= sum(waiting_hours(standing.case, unit) for unit in units)
    return standing.with_bundle(units, to), price


def _added_one_by_one(standing: Standing, to: str, units: Sequence[Unit]) -> float:
    """Price of giving her all these units, waiting not counted, in hours per week."""
    hours, person = 0.0, standing.case.practitioner(to)
    for number, unit in enumerate(units):
        hours += sum(standing.added_hours(person, (unit,)).values())
        if number + 1 < len(units):
            standing = standing.with_bundle((unit,), to)
    return hours


def _read(draft: Draft, facts: KnownFacts) -> Picture:
    """The whole draft from the records; again, where somebody changed it between two of the queries."""
    version = -1
    while version != (version := _version(draft)):
        places = _places(draft, facts)
        last = DraftChange.objects.filter(draft=draft).order_by("-pk").values_list("pk", flat=True).first()
        leaving = leaving_of(draft)
    return pictured(facts, places, draft_id=draft.pk, version=version, last_change=last or 0, leaving=leaving)


def pictured(facts: KnownFacts, places: Mapping[str, Placed], **stands: Any) -> Picture:
    """Everybody's week, the price and the hands of these places, counted from nothing. `stands`: the picture's other fields."""
    holder = {piece: one.practitioner for piece, one in places.items() if one.practitioner is not None}
    standing = standing_of(facts.case, holder, facts.targets_minutes)
    price = score(facts.case, holder, targets_minutes=facts.targets_minutes, unavoidable=0.0).hours
    hands = NO_HANDS
    for piece, one in places.items():
        hands = hands.plus(_hand(facts, piece, one))
    return Picture(facts=facts, places=places, standing=standing, price_hours=price, hands=hands, **stands)


def _places(draft: Draft, facts: KnownFacts) -> dict[str, Placed]:
    """Every piece of the Case: as the draft has it; a piece that came after the draft began is with its current practitioner."""
    banned: dict[str, set[str]] = defaultdict(set)
    for piece, code in draft.placements.filter(banned__isnull=False).values_list("piece", "banned__code"):
        banned[piece].add(code)
    rows = draft.placements.order_by().values_list("piece", "practitioner__code", "is_pinned", "cover__code")
    stated = {piece: Placed(code, is_pinned, frozenset(banned.get(piece, ())), cover) for piece, code, is_pinned, cover in rows}
    return {piece: stated.get(piece) or as_current(facts, piece) for piece in facts.units}


def as_current(facts: KnownFacts, piece: str) -> Placed:
    """Where a piece stands before anybody drafted anything: with its current practitioner, pinned where the facts say so."""
    current = facts.units[piece].current
    if current is None or not facts.case.has_practitioner(current):
        return Placed()
    return Placed(current, is_pinned=facts.pins.get(piece) == current)


def places_of_now(program: Program, facts: KnownFacts) -> dict[str, Placed]:
    """Where every piece stands by the current list, with its cover: how a draft begins."""
    covers = cover_of_pieces(program)
    return {
        piece: _covered(as_current(facts, piece), covers.get(piece) or covers.get(unit.stated_id)) for piece, unit in facts.units.items()
    }


def _covered(one: Placed, cover: str | None) -> Placed:
    return one if one.practitioner is None or cover == one.practitioner else replace(one, cover=cover)


def leaving_of(draft: Draft) -> frozenset[str]:
    """Who leaves, by the draft's hand-overs that stand: each bans the leaving person from the pieces that she hands over."""
    changes = DraftChange.objects.filter(draft=draft, kind="hand_over", undone_by__isnull=True)
    return frozenset(code for change in changes for code in _newly_banned(change))


def _newly_banned(change: DraftChange) -> Iterable[str]:
    before = {entry[0]: set(entry[3]) for entry in change.before}
    for entry in change.after:
        yield from set(entry[3]) - before.get(entry[0], set())


def entry_of(piece: str, one: Placed) -> Entry:
    """How a change keeps where a piece stands."""
    return [piece, one.practitioner, one.is_pinned, sorted(one.banned), one.cover]


def placed_of(entry: Entry) -> Placed:
    """Where a change says that a piece stands."""
    return Placed(entry[1], bool(entry[2]), frozenset(entry[3]), entry[4] if len(entry) > 4 else None)
