"""From a Program's facts to the integer Case: capacities, remaining demand, blocks, teams, the contract's cut.

Every contradiction is reported at once (`CaseError`); what a reader should know but is no error becomes a Notice.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from math import lcm
from statistics import median_low

from evenload.planning.areas import practitioner_area, unit_area
from evenload.planning.blocks import clients_of_blocks, split_into_blocks
from evenload.planning.capacity import Capacity, capacities
from evenload.planning.case import Case, Practitioner, Unit, round_half_up
from evenload.planning.contradictions import contradictions
from evenload.planning.demand import UnitDemand, unit_demands
from evenload.planning.prices import broken_invariants
from evenload.planning.problems import CaseError, Notice, Where
from evenload.planning.program import ComplexityClass, Place, PractitionerFacts, Program, Site, UnitFacts
from evenload.planning.shared import Shared
from evenload.planning.standards import ClassTime, class_times
from evenload.planning.travel import minutes_between, trips_per_week

UNKNOWN_DRIVE_MINUTES = 15
"""Drive assumed where no place of the program is known at all (definitions, section 1)."""

FEEDBACK_POINTS = 10
"""Points of capacity by which an open "too high" lowers, and "too low" raises, both ends of the comfortable range."""

PLACED_AT_CLINIC = ("clinic", "hospital")


def case_from(program: Program) -> Case:
    """The Case of what remains of the period from `as_of` on.

    Raises CaseError with every contradiction: unknown references, pins that break a hard rule, impossible hours.
    """
    return case_with_times(program)[0]


def case_with_times(program: Program) -> tuple[Case, dict[str, ClassTime], dict[str, UnitDemand]]:
    """The Case, the times of every class that its units were counted with, and their demands by id. Raises CaseError as `case_from`."""
    found = contradictions(program)
    if found:
        raise CaseError(found)
    people = {capacity.practitioner: capacity for capacity in capacities(program)}
    times = class_times(program)
    demands = unit_demands(program, times)
    known = known_of(program)
    practitioners = tuple(_practitioner(facts, people[facts.id], program) for facts in program.practitioners)
    exhausted = units_beyond_contract(program, demands)
    units = tuple(
        block for facts in program.units for block in _blocks(facts, known, demands[facts.id], is_exhausted=facts.id in exhausted)
    )
    case = Case(
        setting=program.setting,
        starts_on=program.period.starts_on,
        weeks=program.period.weeks,
        weeks_left=program.period.weeks_left,
        as_of=program.period.as_of,
        practitioners=practitioners,
        units=units,
        speed_kmh=program.speed_kmh,
        detour_factor=program.detour_factor,
        unknown_place_drive=median_drive(program, [unit.place for unit in units]),
        fte_weekly_hours=program.fte_weekly_hours,
        prices=program.prices,
        notices=tuple(_notices(program, practitioners, units, demands)),
    )
    return case, times, demands


@dataclass(frozen=True, slots=True)
class Known:
    """The program's facts by id, looked up once: sites, classes, bundles, and the team of each site."""

    program: Program
    sites: Mapping[str, Site]
    classes: Mapping[str, ComplexityClass]
    bundles: Mapping[str, tuple[UnitFacts, ...]]
    site_teams: Mapping[str, str]
    travel_standards: Mapping[str, bool]
    """class id → whether the class has a travel standard, so that its units' minutes hold the travel"""
    block_minutes: Fraction
    """minutes a week above which a unit is split into blocks"""
    shared: Shared = field(default_factory=Shared, repr=False, compare=False)
    """the values that units have in common"""

    def bundle(self, unit: UnitFacts) -> tuple[UnitFacts, ...]:
        """The units that go together with this one, itself included."""
        return self.bundles[unit.together] if unit.together else (unit,)


def known_of(program: Program) -> Known:
    """The look-up tables of a program."""
    bundles: dict[str, list[UnitFacts]] = defaultdict(list)
    for unit in program.units:
        if unit.together:
            bundles[unit.together].append(unit)
    return Known(
        program=program,
        sites={site.id: site for site in program.sites},
        classes={complexity.id: complexity for complexity in program.classes},
        bundles={name: tuple(units) for name, units in bundles.items()},
        site_teams=site_teams(program),
        travel_standards={complexity.id: complexity.travel_minutes is not None for complexity in program.classes},
        block_minutes=_block_minutes(program),
    )


def site_teams(program: Program) -> dict[str, str]:
    """Team of each site: the stated one, else the commonest team among its current practitioners (ties: first by name)."""
    team_of = {p.id: p.team for p in program.practitioners}
    present: dict[str, set[str]] = defaultdict(set)
    for unit in program.units:
        if unit.site and unit.current_practitioner:
            present[unit.site].add(unit.current_practitioner)
    teams = {}
    for site in program.sites:
        counts = Counter(team for id in present[site.id] if (team := team_of.get(id)) is not None)
        commonest = min(counts, key=lambda team: (-counts[team], team), default=None)
        if chosen := site.team or commonest:
            teams[site.id] = chosen
    return teams


def units_beyond_contract(program: Program, demands: Mapping[str, UnitDemand]) -> frozenset[str]:
    """Units whose remaining visits no longer fit into the contracted visits.

    Contracted less used (stated, or by even pace) is handed out first to units with a current practitioner, then by priority, age and id; units that
    go together take their visits together. A unit that does not fit waits; a smaller one behind it may still fit.
    """
    if program.contracted_visits is None:
        return frozenset()
    # Whole parts of a visit, the same for all: thousands of exact fractions take long to add up.
    parts = lcm(program.contracted_visits.denominator, *(part for one in demands.values() for part in _denominators(one)))
    remaining = {id: one.remaining.numerator * (parts // one.remaining.denominator) for id, one in demands.items()}
    used = sum(one.used.numerator * (parts // one.used.denominator) for one in demands.values())
    left = program.contracted_visits.numerator * (parts // program.contracted_visits.denominator) - used
    if sum(remaining.values()) <= left:
        return frozenset()  # whoever comes first, all fit
    beyond = set()
    for bundle in sorted(_bundles(program), key=_contract_order):
        asked = sum(remaining[unit.id] for unit in bundle)
        if asked <= left:
            left -= asked
        else:
            beyond |= {unit.id for unit in bundle}
    return frozenset(beyond)


def _denominators(demand: UnitDemand) -> tuple[int, int]:
    return demand.remaining.denominator, demand.used.denominator


def _bundles(program: Program) -> list[list[UnitFacts]]:
    groups: dict[tuple[str, str], list[UnitFacts]] = defaultdict(list)
    for unit in program.units:
        groups[("together", unit.together) if unit.together else ("unit", unit.id)].append(unit)
    return list(groups.values())


def _contract_order(bundle: list[UnitFacts]) -> tuple[bool, int, date, str]:
    waits = all(unit.current_practitioner is None for unit in bundle)
    since = min((unit.waiting_since or date.max for unit in bundle), default=date.max)
    return waits, min(unit.priority for unit in bundle), since, min(unit.id for unit in bundle)


def _practitioner(facts: PractitionerFacts, capacity: Capacity, program: Program) -> Practitioner:
    low, high = comfortable_range(facts)
    return Practitioner(
        id=facts.id,
        disciplines=facts.disciplines,
        capacity_minutes=round_half_up(capacity.weekly_capacity_hours * 60),
        maximum_minutes=round_half_up(capacity.weekly_maximum_hours * 60),
        comfortable_min_percent=low,
        comfortable_max_percent=high,
        weekly_hours=facts.weekly_hours,
        languages=dict(facts.languages),
        skills=_folded(facts.skills),
        interests=_folded(facts.interests),
        years_experience=facts.years_experience,
        base=facts.base,
        longest_drive_minutes=facts.longest_drive_minutes,
        max_sites_per_day=facts.max_sites_per_day,
        accepts_new=facts.accepts_new,
        team=facts.team,
        area=practitioner_area(facts, program.sites),
        days=facts.days,
        evenings=facts.evenings,
    )


def comfortable_range(facts: PractitionerFacts) -> tuple[Fraction, Fraction]:
    """Own range in percent of B, shifted by open feedback: both ends by 10 points, the top never above 100."""
    shift = {"too_high": -FEEDBACK_POINTS, "too_low": FEEDBACK_POINTS}.get(facts.feedback or "", 0)
    low, high = facts.comfortable_min_percent + shift, facts.comfortable_max_percent + shift
    return min(max(low, Fraction(0)), Fraction(100)), min(max(high, Fraction(0)), Fraction(100))


def _folded(words: frozenset[str]) -> frozenset[str]:
    return frozenset(word.casefold() for word in words)


def _blocks(facts: UnitFacts, known: Known, demand: UnitDemand, *, is_exhausted: bool) -> tuple[Unit, ...]:
    whole = _unit(facts, known, demand)
    if is_exhausted:
        return (replace(whole, held_back="contract_exhausted"),)
    return split_into_blocks(whole, known.block_minutes, trips=lambda visits: _trips(facts, known.program, known.sites, visits))


def _block_minutes(program: Program) -> Fraction:
    return 60 * (program.block_hours or program.fte_weekly_hours / 5)


def trips_of_blocks(program: Program, sites: Mapping[str, Site], unit: UnitFacts, demand: UnitDemand) -> list[Fraction]:
    """Trips per week to each block of a unit that needs so much, as the Case has them, without building it."""
    clients = clients_of_blocks(unit, demand.weekly_minutes, _block_minutes(program))
    if clients is None:
        return [_trips(unit, program, sites, demand.visits_per_week)]
    return [_trips(unit, program, sites, demand.visits_per_week * Fraction(share, unit.clients)) for share in clients]


def _unit(facts: UnitFacts, known: Known, demand: UnitDemand) -> Unit:
    site = known.sites[facts.site] if facts.site else None
    bundle = known.bundle(facts)
    same = known.shared
    required, preferred = same(_folded(facts.skills_required)), same(_folded(facts.skills_preferred))
    return Unit(
        id=facts.id,
        stated_id=facts.id,
        kind=facts.kind,
        site=facts.site,
        site_kind=site.kind if site else None,
        discipline=facts.discipline,
        class_id=facts.class_id,
        clients=facts.clients,
        minutes=demand.weekly_minutes,
        travel_in_standard=known.travel_standards[facts.class_id],
        visits_per_week=same(demand.visits_per_week),
        trips=same(_trips(facts, known.program, known.sites, demand.visits_per_week)),
        language=facts.language or (site.language if site else None),
        language_need=facts.language_need,
        skills_required=required,
        skills_preferred=preferred,
        priority=min(member.priority for member in bundle),
        weeks_waiting=_weeks_waiting(facts, known.program),
        current=facts.current_practitioner,
        pinned_to=next((member.current_practitioner for member in bundle if member.pinned), None),
        barred=same(facts.barred_practitioners),
        together=facts.together,
        days=same(facts.days),
        evening=facts.evening,
        experience_years=known.classes[facts.class_id].experience_years,
        site_team=known.site_teams.get(facts.site) if facts.site else None,
        area=unit_area(facts, known.sites),
        place=place_of(facts, site),
        peak_minutes=demand.peak_minutes,
        tags=same(_tags(facts, site) | required | preferred),
    )


def place_of(facts: UnitFacts, site: Site | None) -> Place | None:
    """Where a unit is seen: its site's place, else its own."""
    return site.place if site and site.place else facts.place


def _tags(facts: UnitFacts, site: Site | None) -> frozenset[str]:
    return _folded(frozenset({facts.class_id, facts.kind, *({site.kind} if site else ())}))


def _trips(facts: UnitFacts, program: Program, sites: Mapping[str, Site], visits_per_week: Fraction) -> Fraction:
    """Trips per week; 0 where the clients come to the therapist, at a clinic or a hospital."""
    kind = sites[facts.site].kind if facts.site else program.setting
    return trips_per_week(facts.kind, kind in PLACED_AT_CLINIC, visits_per_week).limit_denominator(1_000_000)


def _weeks_waiting(facts: UnitFacts, program: Program) -> int:
    """Whole weeks from waiting_since to as_of, never to today; 0 where none is stated."""
    return max(0, (program.period.as_of - facts.waiting_since).days // 7) if facts.waiting_since else 0


def median_drive(program: Program, places: Sequence[Place | None]) -> int:
    """Minutes one way, the median over all known bases and these places of its units; 15 where none is known, or none is unknown."""
    bases = [p.base for p in program.practitioners if p.base is not None]
    if all(place is not None for place in places) and len(bases) == len(program.practitioners):
        return UNKNOWN_DRIVE_MINUTES
    known = frozenset(place for place in places if place is not None)
    return _median_between(tuple(bases), known, float(program.detour_factor) / float(program.speed_kmh) * 60)


@lru_cache(maxsize=8)
def _median_between(bases: tuple[Place, ...], places: frozenset[Place], minutes_per_km: float) -> int:
    """Kept for the programs at hand: every visit that is recorded makes a new Case, and moves nobody."""
    drives = [minutes_between(base, place, minutes_per_km) for base in bases for place in places]
    return median_low(drives) if drives else UNKNOWN_DRIVE_MINUTES


def _notices(
    program: Program, practitioners: tuple[Practitioner, ...], units: tuple[Unit, ...], demands: Mapping[str, UnitDemand]
) -> Iterator[Notice]:
    yield from (Notice("overdrawn", Where("units", id, "visits_used")) for id, demand in demands.items() if demand.overdrawn)
    unasked = sum(unit.clients for unit in units if unit.language is None)
    if unasked:
        yield Notice("language_not_asked", Where("units", None, "language"), {"clients": str(unasked)})
    unplaced = sorted({unit.stated_id for unit in units if unit.place is None})
    if unplaced:
        yield Notice("place_unknown", Where("units"), {"count": str(len(unplaced)), "ids": "; ".join(unplaced)})
    homeless = sorted(p.id for p in practitioners if p.base is None)
    if homeless:
        yield Notice("base_unknown", Where("practitioners"), {"count": str(len(homeless)), "ids": "; ".join(homeless)})
    yield from _pins_above_maximum(practitioners, units)
    yield from (Notice(f"price_{code}", Where("goals")) for code in broken_invariants(program.prices))


def _pins_above_maximum(practitioners: tuple[Practitioner, ...], units: tuple[Unit, ...]) -> Iterator[Notice]:
    """Pins above M are allowed and said; the load without travel is a lower estimate of what is pinned."""
    pinned: dict[str, int] = defaultdict(int)
    for unit in units:
        if unit.pinned_to is not None:
            pinned[unit.pinned_to] += unit.minutes
    for practitioner in practitioners:
        if pinned[practitioner.id] > practitioner.maximum_minutes:
            facts = {"pinned_minutes": str(pinned[practitioner.id]), "maximum_minutes": str(practitioner.maximum_minutes)}
            yield Notice("pinned_above_maximum", Where("practitioners", practitioner.id, "max_hours"), facts)
