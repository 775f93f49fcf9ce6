"""Who looks after what today: people keep their places, some schools are split, one is overloaded and one has too little."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from random import Random

from evenload.exchange.example_sizes import Member, Staff
from evenload.exchange.example_units import Slot

SPLIT_SHARE = 0.03
OVERLOADED = 1.18
UNDERUSED = 0.45
LONGEST_DRIVE = 90


class Today:
    """The caseloads of today while they are given out: who has how much, and how much each is used to."""

    def __init__(self, rng: Random, staff: Staff) -> None:
        self.staff = staff
        self.minutes: dict[str, float] = defaultdict(float)
        self.usual = {member.row.id: member.capacity * rng.uniform(0.78, 1.0) for member in staff.members}

    def give(self, slot: Slot, member: Member) -> None:
        """The unit goes to this member, whoever had it."""
        self.take(slot)
        slot.current = member.row.id
        self.minutes[member.row.id] += slot.minutes

    def take(self, slot: Slot) -> None:
        """The unit is with nobody."""
        if slot.current is not None:
            self.minutes[slot.current] -= slot.minutes
            slot.current = None

    def best(self, group: Sequence[Slot], but: Member | None = None) -> Member | None:
        """The member with room whose drive is shortest; a fuller one counts as if she lived farther away."""
        minutes = sum(slot.minutes for slot in group)
        best, least = None, float("inf")
        for member in self.staff.near(group[0]):
            usual = self.usual[member.row.id]
            if member is but or usual <= 0 or member.row.from_date or not all(member.may_serve(slot) for slot in group):
                continue
            drive = member.drive_minutes(group[0].place)
            fullness = (self.minutes[member.row.id] + minutes) / usual
            far = 90 if drive > (member.row.longest_drive_minutes or LONGEST_DRIVE) else 0
            cost = drive + far + 60 * max(0.0, fullness - 0.6) + (200 + 600 * (fullness - 1) if fullness > 1 else 0)
            if cost < least:
                best, least = member, cost
        return best


def set_current(rng: Random, slots: Sequence[Slot], staff: Staff) -> tuple[str | None, str | None]:
    """Gives every unit that is not new its current practitioner; returns the ids of the overloaded and the underused one.

    Units of one discipline and language at one place stay together, with somebody near who had room.
    """
    today = Today(rng, staff)
    for group in _groups(slots):
        chosen = today.best(group)
        for slot in group:
            if chosen is None:
                _set_waiting(slot, today)
            else:
                today.give(slot, chosen)
        if len(group) > 1 and chosen is not None and rng.random() < SPLIT_SHARE * len(group):
            second = today.best(group[-1:], but=chosen)
            if second is not None:
                today.give(group[-1], second)
    return _unbalance(rng, slots, today)


def _groups(slots: Sequence[Slot]) -> Iterator[list[Slot]]:
    """Units that one person looks after, French first, then the largest: those are placed before choice runs out."""
    groups: dict[tuple[str, ...], list[Slot]] = defaultdict(list)
    for index, slot in enumerate(slots):
        if not slot.is_new:
            own = "" if slot.kind == "site" else str(index)
            groups[(slot.spot.row.id, slot.discipline, str(slot.asks_french), own)].append(slot)
    yield from sorted(groups.values(), key=lambda group: (not group[0].asks_french, -sum(slot.minutes for slot in group)))


def _set_waiting(slot: Slot, today: Today) -> None:
    today.take(slot)
    slot.is_new, slot.used = True, 0


def _unbalance(rng: Random, slots: Sequence[Slot], today: Today) -> tuple[str | None, str | None]:
    """One person has far too much today, another of her discipline far too little, where there are enough people."""
    settled = [m for m in today.staff.members if _is_settled(m)]
    if len(settled) < 4:
        return None, None
    over = rng.choice(settled)
    others = [slot for slot in slots if slot.current and slot.current != over.row.id and over.may_serve(slot)]
    for slot in sorted(others, key=lambda slot: over.drive_minutes(slot.place)):
        if today.minutes[over.row.id] >= OVERLOADED * over.capacity:
            break
        today.give(slot, over)
    rest = [m for m in settled if m is not over and m.row.disciplines == over.row.disciplines] or [m for m in settled if m is not over]
    under = min(rest, key=lambda m: (today.minutes[m.row.id] / m.capacity, m.row.id))
    for slot in sorted((s for s in slots if s.current == under.row.id), key=lambda s: -under.drive_minutes(s.place)):
        if today.minutes[under.row.id] > UNDERUSED * under.capacity:
            _set_waiting(slot, today)
    return over.row.id, under.row.id


def _is_settled(member: Member) -> bool:
    """There for the whole period, with hours enough that a load can be far off, and taking new clients."""
    return not (member.row.from_date or member.row.to_date) and member.capacity >= 12 * 60 and member.row.accepts_new
