"""Who could take a unit, why, and why not the others: every practitioner exactly once, with before → after.

A candidate's price is what the plan's score would change by if she were given the bundle and nobody held it before; so the
difference of two candidates is the difference of two plans (a property test holds it against `score.score`).
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from evenload.planning.case import Case, Practitioner
from evenload.planning.codes import WAITING_REASONS
from evenload.planning.eligibility import bundles
from evenload.planning.elsewhere import Elsewhere
from evenload.planning.fit import fit_reasons
from evenload.planning.fixes import fixes_for
from evenload.planning.goals import waiting_hours
from evenload.planning.plan import Fix, Plan, Reason
from evenload.planning.standing import Standing, Week, bundle_week, load_state, standing_of
from evenload.planning.waiting_reasons import Bundle, PairStanding, pair_standing


@dataclass(frozen=True, slots=True)
class WeekLoad:
    """One practitioner's week: assigned, travel and peak minutes per week, against her own capacity B and hard maximum M."""

    assigned_minutes: int
    travel_minutes: int
    peak_minutes: int
    capacity_minutes: int
    maximum_minutes: int
    state: str
    """one of `standing.LOAD_STATES`"""

    @property
    def percent(self) -> Fraction | None:
        """Assigned minutes in percent of B; None where B is 0."""
        return Fraction(100 * self.assigned_minutes, self.capacity_minutes) if self.capacity_minutes else None


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """One practitioner's week in the present plan, and with the change looked at."""

    before: WeekLoad
    after: WeekLoad


@dataclass(frozen=True, slots=True)
class Candidate:
    """One practitioner before one bundle. Prices in hours per week.

    Possible: `rank` from 1, the price of giving her the bundle by part of the score, the difference to the best and to the
    present plan, and reasons of fit (`fit.FIT_REASONS`). Excluded: no rank and no price, but every hard rule she breaks or
    `full`, and the changes that would, all together, make her possible (empty: none of these would).
    """

    practitioner: str
    is_current: bool
    is_assigned: bool
    is_cover: bool
    load: BeforeAfter
    reasons: tuple[Reason, ...]
    rank: int | None = None
    parts: Mapping[str, float] | None = None
    than_best_hours: float | None = None
    than_now_hours: float | None = None
    fixes: tuple[Fix, ...] = ()

    @property
    def is_possible(self) -> bool:
        """Whether she could take the bundle as things stand."""
        return self.rank is not None

    @property
    def price_hours(self) -> float | None:
        """Price of giving her the bundle: the sum of the parts."""
        return None if self.parts is None else total_hours(self.parts)

    @property
    def nearest_fix(self) -> Fix | None:
        """The one change that would do, where one change does."""
        return self.fixes[0] if len(self.fixes) == 1 else None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everybody before one bundle under a plan. The current practitioner stands on top of her list, then by rank.

    `units` are all units of the bundle; minutes and clients are theirs together; `waiting_price_hours` is the price of
    leaving it waiting. `leaves` is the holder's week if somebody else took the bundle.
    """

    unit: str
    units: tuple[str, ...]
    minutes: int
    clients: int
    assigned_to: str | None
    held_back: str | None
    waiting_price_hours: float
    leaves: BeforeAfter | None
    possible: tuple[Candidate, ...]
    excluded: tuple[Candidate, ...]

    @property
    def best(self) -> Candidate | None:
        """The candidate of rank 1."""
        return next((candidate for candidate in self.possible if candidate.rank == 1), None)

    def excluded_by(self) -> dict[str, tuple[Candidate, ...]]:
        """The excluded, each under her first reason; most promising reason first."""
        codes = dict.fromkeys(candidate.reasons[0].code for candidate in sorted(self.excluded, key=_promise))
        return {code: tuple(c for c in self.excluded if c.reasons[0].code == code) for code in codes}


def units_named(case: Case, id: str) -> tuple[str, ...]:
    """The units that an id means: itself, or all blocks of a stated unit, in order. Raises KeyError for an unknown id."""
    ids = [unit.id for unit in case.units if unit.id == id] or [unit.id for unit in case.units if unit.stated_id == id]
    if not ids:
        raise KeyError(id)
    return tuple(sorted(ids, key=lambda name: (len(name), name)))


def explanations(case: Case, plan: Plan, id: str) -> tuple[Explanation, ...]:
    """One explanation per block of a stated unit (one in all where it is not split). Raises KeyError for an unknown id."""
    return tuple(candidates(case, plan, name) for name in units_named(case, id))


def candidates(case: Case, plan: Plan, unit_id: str) -> Explanation:
    """Every practitioner exactly once before the unit's bundle: possible and ranked, or excluded with reasons and fixes.

    Works for placed, waiting and held-back units and for blocks (`u1#2`); the id of a split unit means its first block.
    Raises KeyError for an unknown id.
    """
    bundle = _bundle_of(case, units_named(case, unit_id)[0])
    assignment = {row.unit: row.practitioner for row in plan.assignments}
    holder = assignment.get(bundle[0].id)
    wanted = {load.practitioner: load.target_minutes for load in plan.loads}
    complete = wanted if wanted.keys() >= {person.id for person in case.practitioners} else None
    own = {unit.id for unit in bundle}
    without = standing_of(case, {id: name for id, name in assignment.items() if id not in own}, complete)
    covers = {row.practitioner for row in plan.cover if row.unit in own}
    return replace(explained(without, bundle, holder=holder, covers=covers), unit=unit_id)


def explained(
    without: Standing,
    bundle: Bundle,
    *,
    holder: str | None,
    covers: Container[str] = (),
    pinned: Container[str] = (),
    bundle_of: Mapping[str, Bundle] | None = None,
) -> Explanation:
    """Everybody before a bundle that nobody holds in this standing; `holder` had it until now, `covers` stand in for it.

    `pinned` are units that may not move to make room, beside those that the Case pins; `bundle_of` as `Elsewhere` takes it.
    """
    case = without.case
    everybody = _everybody(without, bundle, holder, covers=covers, elsewhere=Elsewhere(without, pinned, bundle_of))
    price = sum(waiting_hours(case, unit) for unit in bundle)
    now = price if holder is None else total_hours(without.added_hours(case.practitioner(holder), bundle))
    return Explanation(
        unit=bundle[0].id,
        units=tuple(unit.id for unit in bundle),
        minutes=sum(unit.minutes for unit in bundle),
        clients=sum(unit.clients for unit in bundle),
        assigned_to=holder,
        held_back=bundle[0].held_back,
        waiting_price_hours=price,
        leaves=_leaving(without, case.practitioner(holder), bundle) if holder is not None else None,
        possible=_ranked([candidate for candidate in everybody if candidate.parts is not None], now),
        excluded=tuple(sorted((candidate for candidate in everybody if candidate.parts is None), key=_excluded_order)),
    )


def _bundle_of(case: Case, unit_id: str) -> Bundle:
    """The bundle of a unit; a held-back unit, which is in none, stands alone."""
    for bundle in bundles(case):
        if any(unit.id == unit_id for unit in bundle):
            return bundle
    return tuple(unit for unit in case.units if unit.id == unit_id)


def _everybody(without: Standing, bundle: Bundle, holder: str | None, *, covers: Container[str], elsewhere: Elsewhere) -> list[Candidate]:
    everybody = []
    for person in without.case.practitioners:
        pair = pair_standing(without, person, bundle)
        marks = Candidate(
            practitioner=person.id,
            is_current=any(unit.current == person.id for unit in bundle),
            is_assigned=person.id == holder,
            is_cover=person.id in covers,
            load=_loads(without, person, bundle, holder),
            reasons=(),
        )
        everybody.append(_judged(without, pair, bundle, elsewhere, marks))
    return everybody


def _judged(without: Standing, pair: PairStanding, bundle: Bundle, elsewhere: Elsewhere, marks: Candidate) -> Candidate:
    """Possible with parts and reasons, or excluded with broken rules and fixes. Who holds the bundle may keep it above M."""
    person = pair.practitioner
    if pair.broken or (pair.over_minutes > 0 and not marks.is_assigned):
        full = (pair.full,) if pair.over_minutes > 0 and not _is_hopeless(pair) else ()
        return replace(marks, reasons=(*pair.broken, *full), fixes=fixes_for(without, pair, bundle, elsewhere))
    return replace(marks, reasons=fit_reasons(without, person, bundle), parts=without.added_hours(person, bundle))


def _is_hopeless(pair: PairStanding) -> bool:
    """Another discipline, or no hours at all: that she is also full would be noise."""
    return any(reason.code in ("discipline", "no_capacity") for reason in pair.broken)


def _ranked(possible: list[Candidate], now_hours: float) -> tuple[Candidate, ...]:
    """Ranks by price, ties by id; the current practitioner on top of the list, whatever her rank."""
    order = sorted(possible, key=lambda candidate: (_rounded(candidate.price_hours), candidate.practitioner))
    prices = [candidate.price_hours or 0.0 for candidate in order]
    ranked = [
        replace(candidate, rank=rank, than_best_hours=price - prices[0], than_now_hours=price - now_hours)
        for rank, (candidate, price) in enumerate(zip(order, prices, strict=True), start=1)
    ]
    return tuple(sorted(ranked, key=lambda candidate: (not candidate.is_current, candidate.rank)))


def total_hours(parts: Mapping[str, float]) -> float:
    """Sum of the parts of a price, always in the same order, so that equal prices give no difference."""
    return sum(parts[name] for name in sorted(parts))


def _rounded(hours: float | None) -> float:
    """Sums of floats in another order must not decide a tie."""
    return round(hours or 0.0, 9)


def _excluded_order(candidate: Candidate) -> tuple[bool, tuple[int, int, int, str]]:
    return not candidate.is_current, _promise(candidate)


def _promise(candidate: Candidate) -> tuple[int, int, int, str]:
    """How near an excluded person is to being possible: fewest changes, then kind of reason, then smallest change."""
    changes = len(candidate.fixes) or 99
    kind = -WAITING_REASONS.index(candidate.reasons[0].code)
    more = sum(int(fix.facts.get("more_minutes", 0)) for fix in candidate.fixes)
    return changes, kind, more, candidate.practitioner


def _loads(without: Standing, person: Practitioner, bundle: Bundle, holder: str | None) -> BeforeAfter:
    """Her week now, and with the bundle; the holder's does not change."""
    with_bundle = without.weeks[person.id].plus(bundle_week(without.case, person, bundle))
    before = with_bundle if person.id == holder else without.weeks[person.id]
    return BeforeAfter(week_load(person, before), week_load(person, with_bundle))


def _leaving(without: Standing, holder: Practitioner, bundle: Bundle) -> BeforeAfter:
    after = without.weeks[holder.id]
    return BeforeAfter(week_load(holder, after.plus(bundle_week(without.case, holder, bundle))), week_load(holder, after))


def week_load(person: Practitioner, week: Week) -> WeekLoad:
    """A week beside the person's own numbers."""
    return WeekLoad(
        assigned_minutes=week.minutes,
        travel_minutes=week.travel_minutes,
        peak_minutes=week.peak_minutes,
        capacity_minutes=person.capacity_minutes,
        maximum_minutes=person.maximum_minutes,
        state=load_state(person, week.minutes),
    )
