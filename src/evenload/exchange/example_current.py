"""Who looks after what today: people keep their places, some schools are split, one is overloaded and one has too little."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from random import Random

from evenload.exchange.example_sizes import Member, Staff
from evenload.exchange.example_units import Slot

SPLIT_SHARE = 0.06
OVERLOADED = 1.18
UNDERUSED = 0.45


def set_current(rng: Random, slots: Sequence[Slot], staff: Staff) -> tuple[str | None, str | None]:
    """Gives every unit that is not new its current practitioner; returns the ids of the overloaded and the underused one.

    Units of one discipline and language at one place stay together, with somebody near who had room.
    """
    load: dict[str, float] = defaultdict(float)
    budget = {member.row.id: member.capacity * rng.uniform(0.78, 1.0) for member in staff.members}
    for group in _groups(slots):
        chosen = _best(group, staff, load, budget)
        if chosen is not None:
            _give(group, chosen, load)
            _split(rng, group, chosen, staff, load, budget)
    return _unbalance(rng, slots, staff, load)


def _groups(slots: Sequence[Slot]) -> Iterator[list[Slot]]:
    """Units that one person looks after, French first, then the largest: those are placed before choice runs out."""
    groups: dict[tuple[str, ...], list[Slot]] = defaultdict(list)
    for index, slot in enumerate(slots):
        if not slot.is_new:
            own = "" if slot.kind == "site" else str(index)
            groups[(slot.spot.row.id, slot.discipline, str(slot.asks_french), own)].append(slot)
    yield from sorted(groups.values(), key=lambda group: (not group[0].asks_french, -sum(slot.minutes for slot in group)))


def _best(
    group: Sequence[Slot], staff: Staff, load: dict[str, float], budget: dict[str, float], but: Member | None = None
) -> Member | None:
    """The member with room whose drive is shortest; a fuller one counts as if she lived farther away."""
    minutes = sum(slot.minutes for slot in group)
    best, least = None, float("inf")
    for member in staff.near(group[0]):
        if member is but or budget[member.row.id] <= 0 or member.row.from_date or not all(member.may_serve(slot) for slot in group):
            continue
        drive = member.drive_minutes(group[0].place)
        fullness = (load[member.row.id] + minutes) / budget[member.row.id]
        cost = drive + 60 * max(0.0, fullness - 0.6) + (500 if fullness > 1 else 0) + (90 if drive > _longest(member) else 0)
        if cost < least:
            best, least = member, cost
    return best


def _longest(member: Member) -> int:
    return member.row.longest_drive_minutes or 90


def _give(group: Sequence[Slot], member: Member, load: dict[str, float]) -> None:
    for slot in group:
        slot.current = member.row.id
        load[member.row.id] += slot.minutes


def _split(rng: Random, group: Sequence[Slot], first: Member, staff: Staff, load: dict[str, float], budget: dict[str, float]) -> None:
    """Some places are shared by two people of one discipline, as history left them."""
    if len(group) < 2 or rng.random() > SPLIT_SHARE * len(group):
        return
    second = _best(group[-1:], staff, load, budget, but=first)
    if second is not None:
        load[first.row.id] -= group[-1].minutes
        _give(group[-1:], second, load)


def _unbalance(rng: Random, slots: Sequence[Slot], staff: Staff, load: dict[str, float]) -> tuple[str | None, str | None]:
    """One person has far too much today, another far too little: the one near the other's places, where there are enough people."""
    settled = [m for m in staff.members if not (m.row.from_date or m.row.to_date) and m.capacity >= 12 * 60 and m.row.accepts_new]
    if len(settled) < 4:
        return None, None
    over = rng.choice(settled)
    _move_to(over, slots, load)
    rest = [m for m in settled if m is not over and m.row.disciplines == over.row.disciplines] or [m for m in settled if m is not over]
    under = min(rest, key=lambda m: (load[m.row.id] / m.capacity, m.row.id))
    for slot in sorted((s for s in slots if s.current == under.row.id), key=lambda s: -under.drive_minutes(s.place)):
        if load[under.row.id] <= UNDERUSED * under.capacity:
            break
        slot.current, slot.is_new, slot.used = None, True, 0
        load[under.row.id] -= slot.minutes
    return over.row.id, under.row.id


def _move_to(over: Member, slots: Sequence[Slot], load: dict[str, float]) -> None:
    near = sorted(
        (s for s in slots if s.current and s.current != over.row.id and over.may_serve(s)), key=lambda s: over.drive_minutes(s.place)
    )
    for slot in near:
        if load[over.row.id] >= OVERLOADED * over.capacity:
            return
        load[slot.current or ""] -= slot.minutes
        slot.current = over.row.id
        load[over.row.id] += slot.minutes
