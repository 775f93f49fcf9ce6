"""Count twice: a plan is counted again from its Case by plain loops. It shares no code with the optimiser nor with `score`.

What one pair or one load costs is asked of `eligibility` and `goals`; every sum, every limit and the bound are counted here.
A disagreement stops publication.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction

from evenload.planning.case import Case, Practitioner, Unit, digest
from evenload.planning.eligibility import breaches, bundles, is_eligible
from evenload.planning.goals import load_hours, pair_hours, site_visit_hours, waiting_hours
from evenload.planning.plan import Plan
from evenload.planning.problems import Problem, Where
from evenload.planning.recount_bound import recounted_bound
from evenload.planning.recount_protected import recounted_protected_bound
from evenload.planning.targets import fair_shares, targets
from evenload.planning.travel import load_minutes, pair_travel_minutes

TOLERANCE_HOURS = 1e-5
"""Plans are stored with six decimals; a real disagreement is far larger."""

RECOUNTABLE_PAIRS = 2_000_000
"""Beyond this many pairs of practitioner and bundle the bound is not counted again here (benchmarks do it)."""


def differences(case: Case, plan: Plan) -> tuple[Problem, ...]:
    """Everything in which the plan disagrees with its Case; empty when both counts agree.

    Codes: `other_case` (the plan belongs to another Case: nothing else is counted then), `unit_missing`, `unit_twice`,
    `unit_unknown`, `practitioner_unknown`, `rule_broken`, `together_scattered`, `above_maximum`, `minutes_differ`,
    `load_differs`, `score_differs`, `bound_above_score`, `bound_not_certified`, `moves_above_limit`, `cover_not_eligible`,
    `reason_missing`.
    """
    if plan.case_digest != digest(case):
        return (Problem("other_case", Where("plan", None, "case"), plan.case_digest, {"expected": digest(case)}),)
    found = [*_unit_problems(case, plan)]
    if not found:
        holder = {row.unit: row.practitioner for row in plan.assignments}
        found += [*_rule_problems(case, holder, Pairs(case)), *passed_maxima(case, holder), *_limit_problems(case, plan, holder)]
        found += [*_row_problems(case, plan)]
        found += [*_score_problems(case, plan), *_bound_problems(case, plan), *_cover_problems(case, plan)]
    return tuple(found)


def _unit_problems(case: Case, plan: Plan) -> Iterator[Problem]:
    """Every unit stands in the plan exactly once, with a practitioner who exists, or waits with a reason."""
    named = Counter([row.unit for row in plan.assignments] + [row.unit for row in plan.waiting])
    known = {unit.id for unit in case.units}
    for id in sorted(known - named.keys()):
        yield Problem("unit_missing", Where("assignments", id), id)
    for id in sorted(named.keys() - known):
        yield Problem("unit_unknown", Where("assignments", id), id)
    for id, times in sorted(named.items()):
        if times > 1:
            yield Problem("unit_twice", Where("assignments", id), id, {"times": str(times)})
    for row in plan.assignments:
        if not case.has_practitioner(row.practitioner):
            yield Problem("practitioner_unknown", Where("assignments", row.unit, "practitioner"), row.practitioner)
    for entry in plan.waiting:
        if not entry.reasons:
            yield Problem("reason_missing", Where("unassigned", entry.unit, "reasons"))


class Pairs:
    """What the loops ask of one pair, of the rules and goals themselves. Who counts the same Case again and again may keep the answers."""

    def __init__(self, case: Case) -> None:
        self.case = case

    def broken(self, practitioner: Practitioner, unit: Unit) -> tuple[str, ...]:
        """Codes of the hard rules that the pair breaks."""
        return tuple(reason.code for reason in breaches(self.case, practitioner, unit))

    def load_minutes(self, practitioner: Practitioner, unit: Unit) -> int:
        """Minutes per week that the unit adds to her load."""
        return load_minutes(self.case, practitioner, unit)

    def hours(self, practitioner: Practitioner, unit: Unit) -> Mapping[str, float]:
        """Price of the pair by part, hours per week."""
        return pair_hours(self.case, practitioner, unit)

    def week(self, practitioner: Practitioner, units: list[Unit], target: int) -> Mapping[str, float]:
        """Price of a caseload by part: its pairs, and the week that they make beside what she should carry."""
        parts = defaultdict[str, float](float)
        for unit in units:
            for name, hours in self.hours(practitioner, unit).items():
                parts[name] += hours
        for name, hours in _counted_load(self, practitioner, units, target).items():
            parts[name] += hours
        return parts


def placement_problems(case: Case, assignment: Mapping[str, str], pairs: Pairs | None = None) -> tuple[Problem, ...]:
    """Hard rules and maxima that an assignment (unit id → practitioner id) breaks, counted by plain loops; empty: none.

    Codes: `unit_unknown`, `practitioner_unknown` (nothing else is counted then), `rule_broken`, `together_scattered`, `above_maximum`.
    """
    pairs = pairs or Pairs(case)
    known = {unit.id for unit in case.units}
    unknown = [Problem("unit_unknown", Where("assignments", id), id) for id in sorted(assignment.keys() - known)]
    for id, practitioner in sorted(assignment.items()):
        if not case.has_practitioner(practitioner):
            unknown.append(Problem("practitioner_unknown", Where("assignments", id, "practitioner"), practitioner))
    return tuple(unknown) or (*_rule_problems(case, assignment, pairs), *passed_maxima(case, assignment, pairs))


def _rule_problems(case: Case, holder: Mapping[str, str], pairs: Pairs) -> Iterator[Problem]:
    units = {unit.id: unit for unit in case.units}
    for id, practitioner in holder.items():
        unit = units[id]
        codes = pairs.broken(case.practitioner(practitioner), unit)
        for code in codes if unit.held_back is None else (unit.held_back, *codes):
            yield Problem("rule_broken", Where("assignments", id, "practitioner"), practitioner, {"rule": code})
    for bundle in bundles(case):
        if len(bundle) > 1 and len({holder.get(unit.id) for unit in bundle}) > 1:
            yield Problem("together_scattered", Where("assignments", bundle[0].id, "practitioner"), bundle[0].together or "")


def passed_maxima(case: Case, holder: Mapping[str, str], pairs: Pairs | None = None) -> Iterator[Problem]:
    """Nobody is above her maximum, or above what is pinned to her; protected, the largest deviations of each count as loads."""
    pairs = pairs or Pairs(case)
    units = {unit.id: unit for unit in case.units}
    load: dict[str, int] = defaultdict(int)
    pinned: dict[str, int] = defaultdict(int)
    for id, name in holder.items():
        minutes = pairs.load_minutes(case.practitioner(name), units[id])
        load[name] += minutes
        if units[id].is_pinned:
            pinned[name] += minutes
    if case.robust:
        for name, minutes in _largest_deviations(case, holder, pins_only=False).items():
            load[name] += minutes
        for name, minutes in _largest_deviations(case, holder, pins_only=True).items():
            pinned[name] += minutes
    for practitioner in case.practitioners:
        allowed = max(practitioner.maximum_minutes, pinned[practitioner.id])
        if load[practitioner.id] > allowed:
            facts = {"minutes": str(load[practitioner.id]), "maximum_minutes": str(allowed)}
            yield Problem("above_maximum", Where("practitioners", practitioner.id, "assigned_minutes"), str(load[practitioner.id]), facts)


def _largest_deviations(case: Case, holder: Mapping[str, str], *, pins_only: bool) -> dict[str, int]:
    """By practitioner: the `Case.robust` largest deviations of her pieces, one after the other, minutes per week."""
    left: dict[str, list[int]] = defaultdict(list)
    for bundle in bundles(case):
        name = holder.get(bundle[0].id)
        if name is not None and (bundle[0].is_pinned or not pins_only):
            left[name].append(sum(unit.deviation_minutes for unit in bundle))
    taken: dict[str, int] = defaultdict(int)
    for name, deviations in left.items():
        for _ in range(min(case.robust, len(deviations))):
            largest = max(deviations)
            deviations.remove(largest)
            taken[name] += largest
    return taken


def _limit_problems(case: Case, plan: Plan, holder: Mapping[str, str]) -> Iterator[Problem]:
    limit = plan.provenance.max_moves
    if limit is not None and not any(notice.code == "max_moves_exceeded" for notice in plan.notices):
        moved = units_that_moved(case, holder)
        if len(moved) > limit:
            yield Problem("moves_above_limit", Where("provenance", None, "max_moves"), str(len(moved)), {"limit": str(limit)})


def units_that_moved(case: Case, assignment: Mapping[str, str]) -> tuple[str, ...]:
    """Ids of units that had a current practitioner and do not keep her, waiting included; forced moves do not count.

    A move is forced where the current practitioner is not eligible for the unit, or for one that it goes together with.
    """
    moved = []
    for bundle in bundles(case):
        for unit in bundle:
            if unit.current is None or unit.current == assignment.get(unit.id) or not case.has_practitioner(unit.current):
                continue
            if all(is_eligible(case, case.practitioner(unit.current), member) for member in bundle):
                moved.append(unit.id)
    return tuple(moved)


def _row_problems(case: Case, plan: Plan) -> Iterator[Problem]:
    """Minutes on each row, and each practitioner's sums."""
    units = {unit.id: unit for unit in case.units}
    sums: dict[str, list[int]] = {p.id: [0, 0, 0] for p in case.practitioners}  # assigned, travel, units
    for row in plan.assignments:
        unit, practitioner = units[row.unit], case.practitioner(row.practitioner)
        travel = pair_travel_minutes(case, practitioner, unit)
        if (row.minutes, row.travel_minutes) != (unit.minutes, travel):
            facts = {"expected": f"{unit.minutes} + {travel}"}
            yield Problem("minutes_differ", Where("assignments", row.unit, "minutes"), f"{row.minutes} + {row.travel_minutes}", facts)
        sums[row.practitioner][0] += load_minutes(case, practitioner, unit)
        sums[row.practitioner][1] += travel
        sums[row.practitioner][2] += 1
    for entry in plan.waiting:
        if entry.minutes != units[entry.unit].minutes:
            facts = {"expected": str(units[entry.unit].minutes)}
            yield Problem("minutes_differ", Where("unassigned", entry.unit, "minutes"), str(entry.minutes), facts)
    yield from _load_problems(case, plan, sums)


def _load_problems(case: Case, plan: Plan, sums: Mapping[str, list[int]]) -> Iterator[Problem]:
    counted = {p.id: (p.capacity_minutes, p.maximum_minutes, *sums[p.id]) for p in case.practitioners}
    stated = {
        row.practitioner: (row.capacity_minutes, row.maximum_minutes, row.assigned_minutes, row.travel_minutes, row.units)
        for row in plan.loads
    }
    for id in sorted(counted.keys() | stated.keys()):
        if counted.get(id) != stated.get(id):
            facts = {"expected": str(counted.get(id, ""))}
            yield Problem("load_differs", Where("practitioners", id, "assigned_minutes"), str(stated.get(id, "")), facts)


def counted_parts(
    case: Case, assignment: Mapping[str, str], *, targets_minutes: Mapping[str, int] | None = None, pairs: Pairs | None = None
) -> dict[str, float]:
    """The parts of the score of an assignment (unit id → practitioner id), counted by plain loops, in hours per week.

    `targets_minutes`: of this Case, where they are known; they depend on no assignment.
    """
    pairs = pairs or Pairs(case)
    parts: dict[str, float] = defaultdict(float)
    caseload: dict[str, list[Unit]] = {p.id: [] for p in case.practitioners}
    halves, sharers = set[tuple[str, str]](), set[tuple[tuple[str, str], str]]()
    for unit in case.units:
        id = assignment.get(unit.id)
        if id is None:
            parts["waiting"] += waiting_hours(case, unit)
            continue
        caseload[id].append(unit)
        halves.add((unit.stated_id, id))
        if unit.site is not None:
            sharers.add(((unit.site, unit.discipline), id))
    parts["split"] += (len(halves) - len({stated for stated, _ in halves})) * case.prices.split
    parts["site_sharing"] += (len(sharers) - len({place for place, _ in sharers})) * case.prices.site_sharing
    wanted = targets(case) if targets_minutes is None else targets_minutes
    for practitioner in case.practitioners:
        for name, hours in pairs.week(practitioner, caseload[practitioner.id], wanted[practitioner.id]).items():
            parts[name] += hours
    for name, hours in _counted_fairness(case, caseload).items():
        parts[name] += hours
    return dict(parts)


def _counted_load(pairs: Pairs, practitioner: Practitioner, units: list[Unit], target: int) -> dict[str, float]:
    case, minutes, parts = pairs.case, 0, Counter[int]()  # denominator → numerators: fractions of thousands of units add up slowly
    for unit in units:
        minutes += pairs.load_minutes(practitioner, unit)
        parts[unit.trips.denominator] += unit.trips.numerator
    trips = sum((Fraction(count, part) for part, count in parts.items()), Fraction(0))
    overload, balance = load_hours(case, practitioner, minutes, target)
    return {"overload": overload, "balance": balance, "site_visits": site_visit_hours(case, practitioner, trips)}


def _counted_fairness(case: Case, caseload: Mapping[str, list[Unit]]) -> dict[str, float]:
    prices, parts = case.prices, {"balance_clients": 0.0, "balance_travel": 0.0}
    if not (prices.balance_clients or prices.balance_travel):
        return parts
    fair = fair_shares(case)
    for practitioner in case.practitioners:
        clients = driven = 0
        for unit in caseload[practitioner.id]:
            clients += unit.clients
            driven += pair_travel_minutes(case, practitioner, unit)
        parts["balance_clients"] += prices.balance_clients * abs(clients - float(fair[practitioner.id].clients))
        parts["balance_travel"] += prices.balance_travel * max(0.0, driven - float(fair[practitioner.id].travel_minutes)) / 60
    return parts


def _score_problems(case: Case, plan: Plan) -> Iterator[Problem]:
    counted = counted_parts(case, {row.unit: row.practitioner for row in plan.assignments})
    for name in sorted(counted.keys() | plan.score.parts.keys()):
        stated, expected = plan.score.parts.get(name, 0.0), counted.get(name, 0.0)
        if not abs(stated - expected) <= TOLERANCE_HOURS:
            yield Problem("score_differs", Where("score", None, name), f"{stated:.6f}", {"expected": f"{expected:.6f}"})
    unavoidable = counted_unavoidable(case)
    if not abs(plan.score.unavoidable - unavoidable) <= TOLERANCE_HOURS:
        facts = {"expected": f"{unavoidable:.6f}"}
        yield Problem("score_differs", Where("score", None, "unavoidable"), f"{plan.score.unavoidable:.6f}", facts)


def counted_unavoidable(case: Case) -> float:
    """Waiting price of what nobody may take: held back, nobody eligible, or above every eligible maximum (pins apart)."""
    hours = sum(waiting_hours(case, unit) for unit in case.units if unit.held_back is not None)
    for bundle in bundles(case):
        for practitioner in case.practitioners:
            if all(is_eligible(case, practitioner, unit) for unit in bundle):
                minutes = sum(load_minutes(case, practitioner, unit) for unit in bundle)
                minutes += sum(unit.deviation_minutes for unit in bundle) if case.robust else 0
                if bundle[0].pinned_to == practitioner.id or minutes <= practitioner.maximum_minutes:
                    break
        else:
            hours += sum(waiting_hours(case, unit) for unit in bundle)
    return hours


def _bound_problems(case: Case, plan: Plan) -> Iterator[Problem]:
    bound, score = plan.bound, plan.score.hours
    for name, hours in (("hours", bound.hours), ("certified_hours", bound.certified_hours)):
        if not hours <= score + TOLERANCE_HOURS:
            yield Problem("bound_above_score", Where("bound", None, name), f"{hours:.6f}", {"score": f"{score:.6f}"})
    if bound_is_recountable(case):
        counted = _certified(case, plan)
        if not bound.certified_hours <= counted + TOLERANCE_HOURS * max(1.0, abs(counted)):
            facts = {"expected": f"{counted:.6f}"}
            yield Problem("bound_not_certified", Where("bound", None, "certified_hours"), f"{bound.certified_hours:.6f}", facts)


def _certified(case: Case, plan: Plan) -> float:
    """What the plan's prices certify: of units, where a protected plan has them and they are enough, else of loads."""
    if case.robust and plan.bound.unit_prices:
        counted = recounted_protected_bound(case, plan)
        if plan.bound.certified_hours <= counted + TOLERANCE_HOURS * max(1.0, abs(counted)):
            return counted
        return max(counted, recounted_bound(case, plan))
    return recounted_bound(case, plan)


def bound_is_recountable(case: Case) -> bool:
    """Whether the bound is counted again over all pairs here; else `check` says "bound not recounted"."""
    return len(case.practitioners) * len(case.units) <= RECOUNTABLE_PAIRS


def _cover_problems(case: Case, plan: Plan) -> Iterator[Problem]:
    units = {unit.id: unit for unit in case.units}
    holder = {row.unit: row.practitioner for row in plan.assignments}
    for row in plan.cover:
        where = Where("cover", row.unit, "practitioner")
        if row.unit not in units or not case.has_practitioner(row.practitioner):
            yield Problem("unit_unknown" if row.unit not in units else "practitioner_unknown", where, row.unit)
        elif holder.get(row.unit) == row.practitioner or not may_cover(case, case.practitioner(row.practitioner), units[row.unit]):
            yield Problem("cover_not_eligible", where, row.practitioner)


def may_cover(case: Case, practitioner: Practitioner, unit: Unit) -> bool:
    """Whether she may cover the unit: eligible but for a pin elsewhere, for a pinned unit too needs cover."""
    return all(reason.code == "pinned_elsewhere" for reason in breaches(case, practitioner, unit))
