"""Where one more hour would help most: shadow prices, grouped as a recruiting list (discipline × French or other × area).

What the hour saves was counted with the plan, by solving the linear program again with the hour added (`Plan.hours_saved`). What
its first minutes save is taken from the bound's own terms: what its proof would fall by if a practitioner had one hour a week more,
her ranges and target growing with it. Prices of the load alone would overstate it: a fuller week costs something too. Where the whole
hour was not counted, the first minutes stand for it: it saves that at most.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from fractions import Fraction

from evenload.planning.case import Case, Practitioner, Unit, round_half_up
from evenload.planning.eligibility import FLUENT, speaks
from evenload.planning.goals import load_hours, waiting_hours
from evenload.planning.plan import Plan
from evenload.planning.travel import load_minutes

HOUR_MINUTES = 60

Group = tuple[str, str, str]
"""discipline, `fr` or `other`, area"""


@dataclass(frozen=True, slots=True)
class HelpfulHour:
    """What one more hour a week would save, in hours per week of the plan's price.

    `language` is `fr` (native or fluent French) or `other`. Where nobody is there yet, practitioners is 0, and the worth is
    that of the waiting unit whose hour is dearest.
    """

    discipline: str
    language: str
    area: str
    saved_hours: float
    """by the whole hour"""
    practitioners: int
    capacity_minutes: int
    first_saved_hours: float = 0.0
    """by its first minutes, per hour: the price from which it falls as the hour fills up"""


def where_an_hour_helps(case: Case, plan: Plan) -> tuple[HelpfulHour, ...]:
    """Groups of practitioners by what an hour more of theirs is worth (weighted by capacity), dearest first.

    Where the plan is protected and the hour was not counted with it, its groups are left out.
    """
    targets = {load.practitioner: load.target_minutes for load in plan.loads}
    pinned = _pinned_minutes(case)
    counted = {(row.discipline, row.language, row.area): row.hours for row in plan.hours_saved}
    groups, rows = groups_of(case), []
    for key, members in groups.items():
        worths = [
            hour_worth(case, p, plan.bound.prices.get(p.id, 0.0), targets.get(p.id, 0), pinned_minutes=pinned.get(p.id, 0)) for p in members
        ]
        row = _grouped(key, members, worths, counted.get(key))
        if not plan.provenance.robust:
            rows.append(row)
        elif key in counted:
            # The prices of loads do not see protection: what was counted with it stands for the first minutes too, or nothing is said.
            rows.append(replace(row, first_saved_hours=counted[key]))
    rows += _nobody_yet(case, plan, {(discipline, language) for discipline, language, _ in groups})
    return tuple(sorted(rows, key=lambda row: (-round(row.saved_hours, 9), row.discipline, row.language, row.area)))


def groups_of(case: Case) -> dict[Group, list[Practitioner]]:
    """Practitioners with hours by discipline, French or other, and area; who has several disciplines is in several groups."""
    groups: dict[Group, list[Practitioner]] = defaultdict(list)
    for person in case.practitioners:
        if person.capacity_minutes > 0:
            for discipline in person.disciplines:
                groups[discipline, french_or_other(person), person.area].append(person)
    return groups


def hour_worth(case: Case, person: Practitioner, price: float, target_minutes: int, *, pinned_minutes: int = 0) -> float:
    """What one hour a week more of this practitioner saves, in hours per week; `price` is hours per hour of her load (λ)."""
    grown = replace(
        person,
        capacity_minutes=person.capacity_minutes + HOUR_MINUTES,
        maximum_minutes=person.maximum_minutes + HOUR_MINUTES,
    )
    share = Fraction(grown.capacity_minutes, person.capacity_minutes)
    today = _least_load_hours(case, person, price, target_minutes, pinned_minutes)
    return today - _least_load_hours(case, grown, price, round_half_up(target_minutes * share), pinned_minutes)


def _least_load_hours(case: Case, person: Practitioner, price: float, target: int, pinned: int) -> float:
    """min over pinned ≤ L ≤ M of f(L) − λ·L, which lies at a break of the piecewise-linear price of the load."""
    capacity, top = person.capacity_minutes, max(person.maximum_minutes, pinned)
    ends = (person.comfortable_min_percent, person.comfortable_max_percent)
    breaks = [pinned, top, capacity, target, target - capacity / 10, target + capacity / 10, *(float(end) * capacity / 100 for end in ends)]
    return min(sum(load_hours(case, person, load, target)) - price * load / 60 for load in breaks if pinned <= load <= top)


def _pinned_minutes(case: Case) -> dict[str, int]:
    pinned: dict[str, int] = defaultdict(int)
    for unit in case.units:
        if unit.pinned_to is not None and unit.held_back is None and case.has_practitioner(unit.pinned_to):
            pinned[unit.pinned_to] += load_minutes(case, case.practitioner(unit.pinned_to), unit)
    return pinned


def _grouped(key: Group, members: list[Practitioner], worths: list[float], counted: float | None) -> HelpfulHour:
    capacity = sum(person.capacity_minutes for person in members)
    first = sum(person.capacity_minutes * worth for person, worth in zip(members, worths, strict=True)) / capacity
    return HelpfulHour(*key, first if counted is None else counted, len(members), capacity, first)


def _nobody_yet(case: Case, plan: Plan, staffed: set[tuple[str, str]]) -> list[HelpfulHour]:
    """Rows for waiting units that need a discipline, or French in a discipline, that nobody here has."""
    waiting = {entry.unit for entry in plan.waiting}
    lacking: dict[tuple[str, str, str], list[Unit]] = defaultdict(list)
    for unit in case.units:
        language = "fr" if unit.is_french else "other"
        served = (unit.discipline, language) in staffed or (not unit.is_french and (unit.discipline, "fr") in staffed)
        if unit.id in waiting and unit.held_back is None and unit.minutes > 0 and not served:
            lacking[unit.discipline, language, unit.area].append(unit)
    return [HelpfulHour(*key, max(60 * waiting_hours(case, unit) / unit.minutes for unit in units), 0, 0) for key, units in lacking.items()]


def french_or_other(person: Practitioner) -> str:
    """`fr` for native or fluent French, else `other`: the two supplies of a pool."""
    return "fr" if speaks(person, "fr", FLUENT) else "other"
