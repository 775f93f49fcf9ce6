"""What other facts would mean: a unit seen at another frequency, a person with other weekly hours. Counted as the Case counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from evenload.exchange.facts import program_from
from evenload.planning.capacity import capacities
from evenload.planning.case import Practitioner, Unit, round_half_up
from evenload.planning.explain import WeekLoad, week_load
from evenload.planning.prepare import case_from
from evenload.planning.standing import bundle_week
from evenload.records.models import Program
from evenload.workflow.draft_picture import Picture
from evenload.workflow.known_facts import KnownFacts
from evenload.workflow.snapshot import classes_as_counted, hours_facts_of


def at_frequency(facts: KnownFacts, per_week: Mapping[str, Fraction]) -> dict[str, Unit]:
    """These units (of single clients, by code) with other visits a week, as the Case would hold them."""
    rows = facts.snapshot.rows
    changed = [
        replace(facts.unit_rows[code], visits_per_week=visits, current_practitioner=None, pinned=False) for code, visits in per_week.items()
    ]
    sites = {row.site for row in changed}
    little = replace(
        rows,
        program=replace(rows.program, contracted_visits=None),
        practitioners=(),
        absences=(),
        duties=(),
        sites=tuple(site for site in rows.sites if site.id in sites),
        classes=classes_as_counted(facts.snapshot),
        units=tuple(replace(row, barred_practitioners=()) for row in changed),
        visits=(),
    )
    return {unit.id: unit for unit in case_from(program_from(little)).units}


def with_units(picture: Picture, person: Practitioner, old: Iterable[Unit], new: Iterable[Unit]) -> WeekLoad:
    """Her week with some of her units as they would be."""
    case = picture.facts.case
    week = picture.standing.weeks[person.id].less(bundle_week(case, person, old)).plus(bundle_week(case, person, new))
    return week_load(person, week)


def with_hours(program: Program, person: Practitioner, weekly_hours: Decimal) -> Practitioner:
    """She herself, with so many contracted hours a week."""
    facts = hours_facts_of(program, {person.id: weekly_hours})
    found = next(one for one in capacities(facts) if one.practitioner == person.id)
    return replace(
        person,
        capacity_minutes=round_half_up(found.weekly_capacity_hours * 60),
        maximum_minutes=round_half_up(found.weekly_maximum_hours * 60),
    )
