"""Small whole Cases and Plans for tests: people and units from `one_pair`, an assignment, and random ones for properties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from random import Random

from hypothesis import strategies as st
from one_pair import case, practitioner, unit

from evenload.planning.case import Case, Practitioner, Unit, digest
from evenload.planning.eligibility import bundles, is_eligible
from evenload.planning.fixes import waiting_entries
from evenload.planning.plan import Assignment, Bound, Cover, Load, Plan, Provenance
from evenload.planning.prices import Prices
from evenload.planning.program import Place
from evenload.planning.score import score
from evenload.planning.targets import targets
from evenload.planning.travel import load_minutes, pair_travel_minutes

PLACES = (Place(45.42, -75.69), Place(45.44, -75.60), Place(45.33, -75.80), Place(45.30, -75.30))


def plan_of(
    case: Case, assignment: Mapping[str, str], *, prices: Mapping[str, float] | None = None, cover: Mapping[str, str] | None = None
) -> Plan:
    """A Plan that holds exactly this assignment; its bound is the trivial one."""
    wanted = targets(case)
    units = {unit.id: unit for unit in case.units}
    rows = [
        Assignment(id, name, units[id].minutes, pair_travel_minutes(case, case.practitioner(name), units[id]))
        for id, name in sorted(assignment.items())
    ]
    caseloads: dict[str, list[Unit]] = defaultdict(list)
    for row in rows:
        caseloads[row.practitioner].append(units[row.unit])
    return Plan(
        case_digest=digest(case),
        assignments=tuple(rows),
        waiting=waiting_entries(case, assignment, prices),
        cover=tuple(Cover(id, name) for id, name in (cover or {}).items()),
        loads=tuple(_load(case, person, caseloads[person.id], wanted[person.id]) for person in case.practitioners),
        score=score(case, assignment),
        bound=Bound(0.0, 0.0, prices or {}, 0.0, "trivial"),
        notices=(),
        provenance=Provenance(0, "test", 0.0, "by hand", "hand"),
    )


def _load(case: Case, person: Practitioner, units: list[Unit], target: int) -> Load:
    minutes = sum(load_minutes(case, person, unit) for unit in units)
    return Load(
        practitioner=person.id,
        capacity_minutes=person.capacity_minutes,
        maximum_minutes=person.maximum_minutes,
        assigned_minutes=minutes,
        travel_minutes=sum(pair_travel_minutes(case, person, unit) for unit in units),
        units=len(units),
        clients=sum(unit.clients for unit in units),
        target_minutes=target,
        peak_minutes=minutes + sum(unit.peak_minutes - unit.minutes for unit in units),
    )


LEVELS = ("basic", "functional", "fluent", "native")


def random_practitioner(dice: Random, id: str) -> Practitioner:
    """One practitioner; most may take most units."""
    capacity = dice.choice([0, *(dice.randint(1, 1500) for _ in range(7))])
    spoken = {language: dice.choice(LEVELS) for language in ("fr", "ar") if dice.random() < 0.6}
    return practitioner(
        id=id,
        disciplines=dice.choice([("OT",), ("OT",), ("OT", "PT"), ("PT",)]),
        capacity_minutes=capacity,
        maximum_minutes=capacity and capacity + dice.choice([0, 0, 200]),
        weekly_hours=Fraction(dice.choice([15, 30, 37])),
        languages={"en": "native", **spoken},
        skills=_skills(dice),
        interests=_skills(dice),
        years_experience=dice.choice([None, Fraction(1), Fraction(6)]),
        base=dice.choice([*PLACES, None]),
        longest_drive_minutes=dice.choice([None, None, 20, 45]),
        max_sites_per_day=dice.choice([None, 1]),
        accepts_new=dice.random() < 0.75,
        team=dice.choice([None, "north"]),
        area=dice.choice(["east", "west"]),
    )


def random_unit(dice: Random, id: str, names: list[str]) -> Unit:
    """One unit, perhaps of a site, perhaps a block, perhaps held back."""
    minutes = dice.choice([0, *(dice.randint(1, 700) for _ in range(9))])
    site = dice.choice([None, "A", "B"])
    is_block = dice.random() < 0.3
    together = None if is_block or dice.random() < 0.7 else "pair"
    return unit(
        id=f"big#{id[1:]}" if is_block else id,
        stated_id="big" if is_block else id,
        kind="site" if site else "client",
        site=site,
        # Blocks of one unit, and units that go together, are of one discipline (definitions, "Together").
        discipline="OT" if is_block or together else dice.choice(["OT", "OT", "PT"]),
        clients=dice.randint(1, 20),
        minutes=minutes,
        peak_minutes=minutes + dice.choice([0, 30]),
        travel_in_standard=dice.random() < 0.5,
        trips=dice.choice([Fraction(0), Fraction(1, 3), Fraction(2)]),
        language=dice.choice([None, "en", "en", "fr", "ar"]),
        language_need=dice.choice(["preferred", "preferred", "required"]),
        skills_required=frozenset({"aac"}) if dice.random() < 0.3 else frozenset(),
        skills_preferred=_skills(dice),
        tags=_skills(dice),
        priority=dice.randint(1, 4),
        weeks_waiting=dice.randint(0, 40),
        current=dice.choice([None, *names]),
        barred=frozenset(names[:1]) if dice.random() < 0.2 else frozenset(),
        together=together,
        experience_years=dice.choice([None, Fraction(3)]),
        site_team="north" if site == "A" else None,
        area=dice.choice(["east", "west"]),
        place=dice.choice([*PLACES, None]),
        held_back="contract_exhausted" if dice.random() < 0.1 else None,
    )


def _skills(dice: Random) -> frozenset[str]:
    return frozenset(skill for skill in ("aac", "seating") if dice.random() < 0.5)


def random_case(dice: Random) -> Case:
    """A Case of one to five practitioners and one to eight units; the prices that default to 0 are sometimes used."""
    names = [f"p{number}" for number in range(1, dice.randint(1, 5) + 1)]
    team = tuple(random_practitioner(dice, name) for name in names)
    pieces = tuple(random_unit(dice, f"u{number}", names) for number in range(1, dice.randint(1, 8) + 1))
    prices = dice.choice([Prices(), Prices(site_sharing=0.5, balance_clients=0.1, balance_travel=0.2)])
    return case(team, pieces, prices=prices)


def random_assignment(dice: Random, drawn: Case) -> dict[str, str]:
    """A feasible assignment: every rule kept, nobody above the maximum, not always everybody who fits."""
    left = {person.id: person.maximum_minutes for person in drawn.practitioners}
    assignment: dict[str, str] = {}
    for bundle in bundles(drawn):
        eligible = [p for p in drawn.practitioners if all(is_eligible(drawn, p, member) for member in bundle)]
        fitting = [p for p in eligible if _needs(drawn, p, bundle) <= left[p.id]]
        if fitting and dice.random() < 0.8:
            chosen = dice.choice(fitting)
            left[chosen.id] -= _needs(drawn, chosen, bundle)
            assignment |= {member.id: chosen.id for member in bundle}
    return assignment


def cases_with_assignment() -> st.SearchStrategy[tuple[Case, dict[str, str]]]:
    """Random Cases with a feasible assignment, one per seed: drawing every fact by itself would take most of the tests' time."""
    return st.integers(0, 2**32).map(lambda seed: _drawn(Random(seed)))


def _drawn(dice: Random) -> tuple[Case, dict[str, str]]:
    drawn = random_case(dice)
    return drawn, random_assignment(dice, drawn)


def _needs(case: Case, person: Practitioner, bundle: tuple[Unit, ...]) -> int:
    return sum(load_minutes(case, person, unit) for unit in bundle)
