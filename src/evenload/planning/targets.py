"""Targets: what load each practitioner should carry so that the discipline's demand is spread fairly (definitions, section 2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from evenload.planning.case import Case, Practitioner, Unit, round_half_up
from evenload.planning.eligibility import HISTORY_FREE_RULES
from evenload.planning.program import Place
from evenload.planning.travel import drive_minutes

Drives: TypeAlias = Sequence[tuple[int, int, Practitioner]]
"""minutes one way, place in the order of the Case, practitioner; the shortest first"""


def nearest_travel(case: Case) -> dict[str, int]:
    """Per unit, the weekly travel minutes of the nearest eligible practitioner; 0 where nobody is eligible.

    Who takes no new clients and who is pinned plays no part: a plan written back must not shift the targets.
    """
    by_discipline, found = practitioners_by_discipline(case), dict.fromkeys((unit.id for unit in case.units), 0)
    together: dict[tuple[str, Place | None], list[Unit]] = defaultdict(list)
    for unit in case.units:
        if unit.trips:
            together[unit.discipline, unit.place].append(unit)
    for (discipline, _), units in together.items():  # many units are seen at one place
        drives = _drives(case, by_discipline.get(discipline, ()), units[0])
        for unit in units:
            drive = _first_able(case, drives, unit)
            found[unit.id] = 0 if drive is None else round_half_up(2 * drive * unit.trips)
    return found


def nearest_drive(case: Case, practitioners: Iterable[Practitioner], unit: Unit) -> int | None:
    """Minutes one way from the nearest of these who may take the unit by the rules without history; None: nobody may."""
    return _first_able(case, _drives(case, practitioners, unit), unit)


def _drives(case: Case, practitioners: Iterable[Practitioner], unit: Unit) -> Drives:
    """Everybody's drive to where the unit is."""
    return sorted((drive_minutes(case, one, unit), place, one) for place, one in enumerate(practitioners))


def _first_able(case: Case, drives: Drives, unit: Unit) -> int | None:
    # In order of drive, so that the rules are asked of a few only.
    for drive, _, practitioner in drives:
        if all(rule(case, practitioner, unit) is None for rule in HISTORY_FREE_RULES):
            return drive
    return None


def practitioners_by_discipline(case: Case) -> dict[str, list[Practitioner]]:
    """Practitioners of each discipline, in the order of the Case."""
    by_discipline: dict[str, list[Practitioner]] = defaultdict(list)
    for practitioner in case.practitioners:
        for code in practitioner.disciplines:
            by_discipline[code].append(practitioner)
    return by_discipline


def targets(case: Case, nearest: Mapping[str, int] | None = None) -> dict[str, int]:
    """Target load of each practitioner, minutes per week (definitions, section 2).

    (demand / capacity of the discipline) × middle of her own range / capacity-weighted mean middle, at most the top of
    her range; demand with the travel of the nearest eligible practitioner (`nearest`, computed where it is not given).
    Capacity in several disciplines counts in proportion to their demand.
    """
    return targets_for(case, _demand_minutes(case, nearest_travel(case) if nearest is None else nearest))


def targets_for(case: Case, demand: Mapping[str, int]) -> dict[str, int]:
    """`targets` where the demand of every discipline that is asked for is known, minutes per week."""
    shares = {p.id: _discipline_shares(p, demand) for p in case.practitioners}
    ratio = {code: _load_per_middle(case, code, demand[code], shares) for code in demand}
    return {p.id: _target(p, shares[p.id], ratio) for p in case.practitioners}


def _demand_minutes(case: Case, nearest: Mapping[str, int]) -> dict[str, int]:
    demand: dict[str, int] = defaultdict(int)
    for unit in case.units:
        if unit.held_back is None:
            demand[unit.discipline] += unit.minutes + (0 if unit.travel_in_standard else nearest[unit.id])
    return demand


def _discipline_shares(practitioner: Practitioner, demand: Mapping[str, int]) -> dict[str, Fraction]:
    """Share of her hours that each of her disciplines takes; equal shares where none has demand."""
    asked = {code: demand.get(code, 0) for code in practitioner.disciplines}
    total = sum(asked.values())
    if total == 0:
        return {code: Fraction(1, len(asked)) for code in asked}
    return {code: Fraction(minutes, total) for code, minutes in asked.items()}


def _load_per_middle(case: Case, code: str, demand: int, shares: Mapping[str, Mapping[str, Fraction]]) -> Fraction:
    """(demand / capacity) / capacity-weighted mean middle of the discipline, both as shares of capacity."""
    weighted = Fraction(0)
    for practitioner in case.practitioners:
        weighted += practitioner.capacity_minutes * shares[practitioner.id].get(code, Fraction(0)) * _middle(practitioner)
    return demand / weighted if weighted else Fraction(0)


def _middle(practitioner: Practitioner) -> Fraction:
    return (practitioner.comfortable_min_percent + practitioner.comfortable_max_percent) / 200


def _target(practitioner: Practitioner, shares: Mapping[str, Fraction], ratio: Mapping[str, Fraction]) -> int:
    wanted = sum((share * ratio.get(code, Fraction(0)) for code, share in shares.items()), Fraction(0)) * _middle(practitioner)
    return round_half_up(min(practitioner.comfortable_max_percent / 100, wanted) * practitioner.capacity_minutes)


@dataclass(frozen=True, slots=True)
class FairShare:
    """A practitioner's share of her disciplines' clients and of their nearest travel (minutes per week), by capacity."""

    clients: Fraction
    travel_minutes: Fraction


def fair_shares(case: Case, nearest: Mapping[str, int] | None = None) -> dict[str, FairShare]:
    """Fair share of clients and travel per practitioner: the discipline's total × own capacity / its capacity."""
    nearest = nearest_travel(case) if nearest is None else nearest
    clients: dict[str, int] = defaultdict(int)
    driven: dict[str, int] = defaultdict(int)
    for unit in case.units:
        if unit.held_back is None:
            clients[unit.discipline] += unit.clients
            driven[unit.discipline] += nearest[unit.id]
    return fair_shares_for(case, _demand_minutes(case, nearest), clients, driven)


def fair_shares_for(case: Case, demand: Mapping[str, int], clients: Mapping[str, int], driven: Mapping[str, int]) -> dict[str, FairShare]:
    """`fair_shares` where every discipline's demand (minutes), clients and nearest travel (minutes per week) are known."""
    shares = {p.id: _discipline_shares(p, demand) for p in case.practitioners}
    capacity: dict[str, Fraction] = defaultdict(Fraction)
    for practitioner in case.practitioners:
        for code, share in shares[practitioner.id].items():
            capacity[code] += share * practitioner.capacity_minutes

    def share_of(practitioner: Practitioner, total: Mapping[str, int]) -> Fraction:
        own = shares[practitioner.id].items()
        parts = (share * practitioner.capacity_minutes * total.get(code, 0) / capacity[code] for code, share in own if capacity[code])
        return sum(parts, Fraction(0))

    return {p.id: FairShare(share_of(p, clients), share_of(p, driven)) for p in case.practitioners}
