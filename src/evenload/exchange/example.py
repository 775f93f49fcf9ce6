"""Example programs: realistic, seeded and bilingual, in four settings; also from a list of real places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from fractions import Fraction
from random import Random

from evenload.exchange import example_details as details
from evenload.exchange.example_current import set_current
from evenload.exchange.example_places import RealPlace, Spot, coordinate, given_spots, invented_spots
from evenload.exchange.example_region import NEIGHBOURHOODS
from evenload.exchange.example_settings import SETTINGS, ClassStandard, Setting
from evenload.exchange.example_sizes import Member, Period, Sizing, Staff, facts_of, fit_sizes, times_of
from evenload.exchange.example_team import Need, staff_counts, team
from evenload.exchange.example_units import Slot, slots
from evenload.exchange.rows import (
    AbsenceRow,
    ClassRow,
    DutyRow,
    GoalRow,
    PractitionerRow,
    ProgramRow,
    Rows,
    SiteRow,
    UnitRow,
    VisitRow,
)
from evenload.exchange.setting_rows import class_row
from evenload.planning import program as facts
from evenload.planning.capacity import capacities
from evenload.planning.demand import unit_demand
from evenload.planning.prices import Prices
from evenload.planning.standards import ClassTime

PERIOD_START = date(2026, 1, 5)
USE_OF_SUPPLY = 0.95
CONTRACTED_SHARE = Fraction(993, 1000)
"""The contract covers nearly all visits that remain: a few of the least urgent units meet its end."""


def example_rows(
    *,
    practitioners: int = 30,
    units: int = 600,
    setting: str = "school",
    seed: int = 0,
    places: Sequence[RealPlace] = (),
    use: float = USE_OF_SUPPLY,
) -> Rows:
    """The rows of an example program: the same arguments give the same rows.

    `use` is demand as a share of supply, over all disciplines. With `places`, sites are those places instead of invented ones.
    Raises KeyError for an unknown setting, ValueError for fewer than one practitioner or unit.
    """
    if practitioners < 1 or units < 1:
        raise ValueError("an example needs at least one practitioner and one unit")
    chosen = SETTINGS[setting]
    return rows_like(chosen, program_row(chosen, setting), Extent(practitioners, units, use), seed=seed, places=places)


@dataclass(frozen=True, slots=True)
class Extent:
    """How large an example is; `use` is demand as a share of supply, over all disciplines."""

    practitioners: int
    units: int
    use: float = USE_OF_SUPPLY


def rows_like(
    chosen: Setting,
    program: ProgramRow,
    extent: Extent,
    *,
    seed: int,
    places: Sequence[RealPlace] = (),
    taken: set[str] | None = None,
) -> Rows:
    """The rows of a program like the chosen setting. Names of people in `taken` are not given again; those given are added to it."""
    rng = Random(seed)
    units, use = extent.units, extent.use
    spots = given_spots(rng, chosen, places) if places else invented_spots(rng, chosen, units)
    counts = staff_counts(chosen, extent.practitioners)
    found = slots(rng, chosen, spots, units=units, staff_shares=_discipline_shares(counts))
    people = team(rng, chosen, program=program, counts=counts, needs=[_need(slot) for slot in found], taken=taken)
    absences, duties = _absences(chosen, people), _duties(chosen, counts)
    staff = _staff(program, people, absences, duties)
    standards = [standard for standard in chosen.classes if standard.discipline in _discipline_shares(counts)]
    classes = [_class_row(standard) for standard in standards]
    visits = _visits(rng, program, people, standards)
    times = times_of(classes, visits)
    sizing = Sizing(staff, times, Period(chosen.weeks, chosen.weeks_passed), use, chosen.scarce_french)
    over, under = _fill(rng, found, sizing, program)
    people = [_with_feedback(rng, member, over, under) for member in staff.members]
    found.sort(key=lambda slot: (slot.kind == "client", slot.spot.row.id, slot.standard.id))
    details.set_labels(rng, found)
    unit_rows = tuple(_unit_row(slot, number, len(found)) for number, slot in enumerate(found, start=1))
    return Rows(
        program=replace(program, contracted_visits=_contracted(found, times, chosen)),
        practitioners=tuple(people),
        absences=tuple(absences),
        duties=tuple(duties),
        sites=_sites_in_use(spots, found),
        classes=tuple(classes),
        units=unit_rows,
        visits=tuple(visits),
        goals=tuple(GoalRow(goal.name, Fraction(str(getattr(Prices(), goal.name)))) for goal in fields(Prices)),
    )


def program_row(chosen: Setting, setting: str, *, starts_on: date = PERIOD_START) -> ProgramRow:
    """The program sheet of an example whose period begins on that day, as it stands after the setting's weeks that have passed."""
    return ProgramRow(
        name_en=chosen.name_en,
        name_fr=chosen.name_fr,
        setting=setting,
        period_start=starts_on,
        period_weeks=chosen.weeks,
        as_of=starts_on + timedelta(weeks=chosen.weeks_passed),
        reserve_percent=Fraction(2),
    )


def _discipline_shares(counts: dict[str, int]) -> dict[str, float]:
    """Practitioners per discipline; who has several counts for each in equal parts."""
    shares: dict[str, float] = {}
    for group, count in counts.items():
        for discipline in group.split(";"):
            shares[discipline] = shares.get(discipline, 0.0) + count / len(group.split(";"))
    return shares


def _need(slot: Slot) -> Need:
    return Need(slot.place, slot.weight, slot.asks_french, (slot.discipline,))


def _absences(chosen: Setting, people: Sequence[PractitionerRow]) -> list[AbsenceRow]:
    """Time away by group, and one long planned absence of one person where the team is large."""
    rows = [AbsenceRow(who, kind, days=Fraction(days)) for who, kind, days in chosen.absences]
    engagements = {person.engagement for person in people} | {"*"}
    rows = [row for row in rows if row.practitioner in engagements]
    steady = [person for person in people if person.from_date is None and person.to_date is None]
    if len(people) >= 6 and steady:
        rows.append(AbsenceRow(steady[-1].id, "leave", days=Fraction(chosen.weeks)))
    return rows


def _duties(chosen: Setting, counts: dict[str, int]) -> list[DutyRow]:
    disciplines = _discipline_shares(counts)
    stated = [DutyRow(who, kind, basis, Fraction(str(amount))) for who, kind, basis, amount in chosen.duties]
    return [row for row in stated if row.practitioner in ("*", "employee", "independent") or row.practitioner in disciplines]


def _staff(program: ProgramRow, people: Sequence[PractitionerRow], absences: Sequence[AbsenceRow], duties: Sequence[DutyRow]) -> Staff:
    """The team with its capacities, computed by the planning room, and maxima set a little above or below them."""
    period = facts.Period(program.period_start, program.period_weeks, program.as_of or program.period_start)
    stated = facts.Program(
        setting=program.setting,
        period=period,
        practitioners=tuple(_person_facts(person) for person in people),
        classes=(),
        units=(),
        absences=tuple(facts.Absence(row.practitioner, row.kind, row.hours, row.days) for row in absences),
        duties=tuple(facts.Duty(row.practitioner, row.kind, row.basis, row.amount) for row in duties),
        reserve_percent=program.reserve_percent,
    )
    members: list[Member] = []
    for person, person_facts, capacity in zip(people, stated.practitioners, capacities(stated), strict=True):
        limited = _with_maximum(person, capacity.client_care_hours / capacity.worked_weeks, number=len(members))
        weekly = min(capacity.weekly_care_hours, (limited.max_hours or 1000) * capacity.worked_weeks / program.period_weeks)
        members.append(Member(limited, person_facts, _home(person), round(60 * weekly)))
    return Staff(members)


def _with_maximum(person: PractitionerRow, hours_per_worked_week: Fraction, *, number: int) -> PractitionerRow:
    """Own maximum per week at work: most people leave some room above their hours for care, a few want less, some say nothing."""
    percent = (None, 108, 115, 110, None, 112, 106, 110, 94, 115)[number % 10]
    return person if percent is None else replace(person, max_hours=Fraction(round(percent * hours_per_worked_week / 50), 2))


def _person_facts(person: PractitionerRow) -> facts.PractitionerFacts:
    return facts.PractitionerFacts(
        id=person.id,
        disciplines=person.disciplines,
        engagement=person.engagement,
        weekly_hours=person.weekly_hours,
        languages=person.languages,
        from_date=person.from_date,
        to_date=person.to_date,
    )


def _home(person: PractitionerRow) -> facts.Place:
    """The base as stated; the centre of the neighbourhood where only a postal code is."""
    if person.base_lat is not None and person.base_lon is not None:
        return facts.Place(float(person.base_lat), float(person.base_lon))
    return next(n.place for n in NEIGHBOURHOODS if n.fsa == person.base_postal)


def _class_row(standard: ClassStandard) -> ClassRow:
    return replace(class_row(standard), no_show_minutes=Fraction(15))


def _visits(rng: Random, program: ProgramRow, people: Sequence[PractitionerRow], standards: Sequence[ClassStandard]) -> list[VisitRow]:
    """Visits of the twelve weeks before the period: minutes scatter around the standards, some bookings do not take place."""
    rows = []
    for standard in standards:
        able = [person.id for person in people if standard.discipline in person.disciplines]
        if able:
            count = min(45, 4 + 2 * len(able) + rng.randrange(6))
            rows += [_visit(rng, program, standard, rng.choice(able)) for _ in range(count)]
    return sorted(rows, key=lambda row: row.on)


def _visit(rng: Random, program: ProgramRow, standard: ClassStandard, practitioner: str) -> VisitRow:
    on = program.period_start - timedelta(weeks=rng.randrange(3, 15)) + timedelta(days=rng.randrange(5))
    outcome = rng.choices(("done", "no_show", "cancelled"), (93, 4, 3))[0]
    is_done = outcome == "done"

    def around(minutes: int, spread: float) -> Fraction:
        return Fraction(max(5, 5 * round(minutes * rng.gauss(1.02, spread) / 5)))

    return VisitRow(
        on=on,
        class_id=standard.id,
        practitioner=practitioner,
        direct_minutes=around(standard.direct, 0.15) if is_done else Fraction(0),
        indirect_minutes=around(standard.indirect, 0.3) if is_done else None,
        travel_minutes=around(standard.travel, 0.35) if is_done and standard.travel is not None else None,
        outcome=outcome,
    )


def _fill(rng: Random, found: list[Slot], sizing: Sizing, program: ProgramRow) -> tuple[str | None, str | None]:
    """Sizes, current practitioners and the finer facts of all units; returns who is overloaded and who is underused."""
    details.set_newness(rng, found)
    details.set_skills(rng, found, sizing.staff)
    details.set_weekly_visits(rng, found)
    fit_sizes(found, sizing)
    over, under = set_current(rng, found, sizing.staff)
    details.misplace_french(rng, found, sizing.staff, count=len(found) // 200)
    details.set_times(rng, found, program.as_of or program.period_start, evenings=program.setting in ("clinic", "community"))
    details.set_bundles(rng, found)
    details.set_bars_and_pins(rng, found, sizing.staff)
    return over, under


def _with_feedback(rng: Random, member: Member, over: str | None, under: str | None) -> PractitionerRow:
    """The overloaded and the underused say so; a few others say that it is right."""
    said = {over: "too_high", under: "too_low"}.get(member.row.id)
    if said is None and member.row.from_date is None and rng.random() < 0.15:
        said = "right"
    return replace(member.row, feedback=said) if said else member.row


def _contracted(found: Sequence[Slot], times: dict[str, ClassTime], chosen: Setting) -> Fraction:
    """Visits that the contract buys: those used, and nearly all that remain."""
    left = chosen.weeks - chosen.weeks_passed
    demands = [unit_demand(facts_of(slot), times[slot.standard.id], weeks=chosen.weeks, weeks_left=left) for slot in found]
    used = sum((Fraction(slot.used) for slot in found if slot.weekly_visits is None), Fraction(0))
    remaining = sum((demand.remaining for demand in demands), Fraction(0))
    share = CONTRACTED_SHARE if len(found) >= 50 else Fraction(101, 100)
    return Fraction(round(used + share * remaining))


def _sites_in_use(spots: Sequence[Spot], found: Sequence[Slot]) -> tuple[SiteRow, ...]:
    used = {slot.spot.row.id for slot in found}
    return tuple(spot.row for spot in spots if spot.row.id in used)


def _unit_row(slot: Slot, number: int, count: int) -> UnitRow:
    at_home = slot.spot.row.kind == "area"
    stated = slot.weekly_visits is None
    return UnitRow(
        id=f"U{number:0{max(3, len(str(count)))}d}",
        kind=slot.kind,
        site=slot.spot.row.id,
        discipline=slot.discipline,
        class_id=slot.standard.id,
        clients=slot.clients,
        visits_allotted=Fraction(slot.allotted) if stated else None,
        visits_used=Fraction(slot.used) if stated else None,
        visits_per_week=None if slot.weekly_visits is None else Fraction(str(slot.weekly_visits)),
        language=slot.language,
        language_need=slot.language_need,
        skills_required=slot.skills_required,
        skills_preferred=slot.skills_preferred,
        priority=slot.priority,
        waiting_since=slot.waiting_since,
        current_practitioner=slot.current,
        pinned=slot.is_pinned,
        barred_practitioners=slot.barred,
        label=slot.label,
        together=slot.together,
        days=slot.days,
        evening=slot.is_evening,
        from_date=slot.from_date,
        note=slot.note,
        lat=coordinate(slot.place.lat) if at_home else None,
        lon=coordinate(slot.place.lon) if at_home else None,
    )
