"""All units of a program in one practitioner's hands: what tests of her own weeks begin with."""

from __future__ import annotations

from evenload.records.models import Assignment, Practitioner, Program, Unit


def give_all_units(practitioner: Practitioner) -> None:
    """She looks after every unit of her program, alone and from the beginning; nobody is barred."""
    program = practitioner.program
    Assignment.objects.filter(unit__program=program).delete()
    units = Unit.objects.filter(program=program)
    Unit.barred_practitioners.through.objects.filter(unit__program=program).delete()
    Assignment.objects.bulk_create(Assignment(unit=unit, piece=unit.code, practitioner=practitioner) for unit in units)
    Program.objects.filter(pk=program.pk).update(facts_version=program.facts_version + 1)
    program.refresh_from_db()
