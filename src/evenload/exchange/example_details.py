"""The finer facts of example units: priority and waiting, skills, days, bars, pins, bundles, notes and labels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from math import ceil
from random import Random

from evenload.exchange.example_names import initials
from evenload.exchange.example_settings import SKILLS
from evenload.exchange.example_sizes import Staff
from evenload.exchange.example_units import Slot

NOTES = (
    "Call the family before the first visit",
    "Appeler la famille avant la première visite",
    "Room shared with the nurse on Mondays",
    "Local partagé avec l'infirmière le lundi",
    "Équipement commandé, livraison prévue en février",
    "Transition to secondary school in September",
)
BUNDLE_MINUTES = 5 * 60


def set_newness(rng: Random, slots: Sequence[Slot]) -> None:
    """About a seventh of the units are new: single clients more often than whole sites."""
    for slot in slots:
        slot.is_new = rng.random() < (0.22 if slot.kind == "client" else 0.11)


def set_skills(rng: Random, slots: Sequence[Slot], staff: Staff) -> None:
    """Some units ask for a skill that somebody near has, so that it can be met; more of them would like one."""
    for slot in slots:
        near = staff.near(slot)
        wanted, liked = (0.12, 0.30) if slot.kind == "client" else (0.03, 0.08)
        offered = sorted({skill for member in near[:8] for skill in member.row.skills if skill in SKILLS[slot.discipline]})
        if offered and rng.random() < wanted:
            slot.skills_required = (rng.choice(offered),)
        if rng.random() < liked:
            slot.skills_preferred = tuple(sorted(set(rng.sample(SKILLS[slot.discipline], 1)) - set(slot.skills_required)))


def set_times(rng: Random, slots: Sequence[Slot], as_of: date, *, evenings: bool) -> None:
    """Priority of every unit; since when new ones wait; days, evenings and later starts of some clients."""
    for slot in slots:
        weights = (6, 22, 54, 18) if slot.is_new else (2, 12, 68, 18)
        slot.priority = rng.choices((1, 2, 3, 4), weights)[0]
        if slot.is_new:
            mean_weeks = (2, 5, 9, 14)[slot.priority - 1]
            slot.waiting_since = as_of - timedelta(days=3 + min(364, round(7 * rng.expovariate(1 / mean_weeks))))
        if slot.kind == "client" and rng.random() < 0.05:
            slot.days = rng.choice((("tue", "thu"), ("mon", "wed", "fri"), ("mon",), ("thu", "fri")))
        if evenings and slot.kind == "client" and rng.random() < 0.07:
            slot.is_evening = True
        if slot.is_new and rng.random() < 0.06:
            slot.from_date = as_of + timedelta(weeks=rng.choice((2, 3, 4)))
        if rng.random() < 0.04:
            slot.note = rng.choice(NOTES)


def set_weekly_visits(rng: Random, slots: Sequence[Slot]) -> None:
    """A few clients are authorized by frequency rather than by number of visits: that shows a peak week."""
    for slot in slots:
        if slot.kind == "client" and slot.standard.group_size == 1 and rng.random() < 0.05:
            slot.weekly_visits = 0.5 if slot.standard.share > 0.2 else 1.0


def set_bars_and_pins(rng: Random, slots: Sequence[Slot], staff: Staff) -> None:
    """A few clients bar somebody; a few units are pinned to the current practitioner, who meets every hard rule."""
    by_id = {member.row.id: member for member in staff.members}
    for slot in _few(rng, [slot for slot in slots if slot.kind == "client" and len(staff.near(slot)) >= 4], 0.03):
        slot.barred = (rng.choice([member.row.id for member in staff.near(slot)[:6] if member.row.id != slot.current]),)
    for slot in _few(rng, [slot for slot in slots if slot.current and not slot.together], 0.02):
        slot.is_pinned = by_id[slot.current or ""].may_serve(slot)


def _few(rng: Random, slots: Sequence[Slot], share: float) -> list[Slot]:
    """A share of the units, rounded up; none of a handful."""
    return rng.sample(slots, ceil(share * len(slots))) if len(slots) >= 10 else []


def set_bundles(rng: Random, slots: Sequence[Slot]) -> None:
    """At some sites the classes of one discipline go to one person together, as they do today."""
    groups: dict[tuple[str, str, bool], list[Slot]] = defaultdict(list)
    for slot in slots:
        if slot.kind == "site":
            groups[(slot.spot.row.id, slot.discipline, slot.asks_french)].append(slot)
    for (site, discipline, french), group in groups.items():
        people = {slot.current for slot in group if slot.current}
        asked = sum(bool(slot.skills_required) for slot in group)
        is_small = sum(slot.minutes for slot in group) <= BUNDLE_MINUTES
        if len(group) > 1 and len(people) <= 1 and asked <= 1 and is_small and rng.random() < 0.5:
            for slot in group:
                slot.together = f"{site}-{discipline}" + ("-fr" if french else "")


def misplace_french(rng: Random, slots: Sequence[Slot], staff: Staff, count: int) -> None:
    """A few French-speaking clients are today with somebody who speaks it too little; a plan puts that right."""
    clients = [slot for slot in slots if slot.asks_french and slot.current and slot.kind == "client"]
    for slot in rng.sample(clients, min(count, len(clients))):
        able = [m for m in staff.members if slot.discipline in m.row.disciplines and not m.speaks_french]
        if able:
            slot.current = min(able, key=lambda m: (m.drive_minutes(slot.place), m.row.id)).row.id


def set_labels(rng: Random, slots: Sequence[Slot]) -> None:
    """Readable labels: the site with its class, or a client's initials with a number; never a client's name."""
    for number, slot in enumerate(slots, start=1):
        row, standard = slot.spot.row, slot.standard
        if slot.kind == "client":
            slot.label = f"{initials(rng)} {number}, {slot.spot.neighbourhood.town}"
        elif slot.asks_french:
            slot.label = f"{row.name_fr or row.name_en}, {standard.discipline}, {standard.label_fr.lower()}"
        else:
            slot.label = f"{row.name_en}, {standard.discipline}, {standard.label_en.lower()}"
