"""The door to a practitioner's own weeks: her leave and her hours offered, for herself and for those who plan her program."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import QuerySet

from evenload.records.access import NotHers, Person, may, own_practitioners
from evenload.records.models import HoursOffered, Leave, Program

Row = TypeVar("Row", Leave, HoursOffered)


def leave_for(person: Person, program: Program, key: int, action: str) -> Leave:
    """The leave of somebody of a program that she plans."""
    return _of_program(Leave.objects.all(), person, program, key, action)


def own_leave(person: Person, key: int) -> Leave:
    """A leave of her own."""
    return _own(Leave.objects.all(), person, key)


def hours_offered_for(person: Person, program: Program, key: int, action: str) -> HoursOffered:
    """Hours that somebody of a program that she plans offered."""
    return _of_program(HoursOffered.objects.all(), person, program, key, action)


def own_hours_offered(person: Person, key: int) -> HoursOffered:
    """Hours that she offered herself."""
    return _own(HoursOffered.objects.all(), person, key)


def _of_program(rows: QuerySet[Row], person: Person, program: Program, key: int, action: str) -> Row:
    if not may(person, action, program):
        raise NotHers
    return _one(rows.filter(pk=key, practitioner__program=program))


def _own(rows: QuerySet[Row], person: Person, key: int) -> Row:
    return _one(rows.filter(pk=key, practitioner__in=own_practitioners(person)))


def _one(rows: QuerySet[Row]) -> Row:
    found = rows.select_related("practitioner__program", "practitioner__account").first()
    if found is None:
        raise NotHers
    return found
