"""What a departure changes in the facts, so that the next plan knows: the last day, and that nobody new is taken. One undo restores it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from django.db.models import F

from evenload.records.models import Practitioner, Program
from evenload.workflow import draft_picture
from evenload.workflow.refused import Refused


@contextmanager
def facts_changing() -> Iterator[None]:
    """What this process read of facts that are rolled back is forgotten: the next change would bear the same version."""
    try:
        yield
    except BaseException:
        draft_picture.forget()
        raise


def depart(program: Program, code: str, *, leaves_on: date) -> dict[str, Any]:
    """Her last day is the day before; she takes nobody new. Returns what was so before and is so now, for the undo.

    Where her absences would exceed the hours until then, the last day is not set (`last_day_kept`): the facts would contradict
    each other. Refused `leaves_before_she_came` {day}.
    """
    person = Practitioner.objects.select_for_update().get(program=program, code=code)
    last_day = leaves_on - timedelta(days=1)
    if person.from_date and last_day < person.from_date:
        raise Refused("leaves_before_she_came", practitioner=code, day=person.from_date)
    before = {"practitioner": code, "to_date": _text(person.to_date), "accepts_new": person.accepts_new}
    _set(person, last_day)
    try:
        draft_picture.facts_of(program)
    except Refused:
        _set(person, person.to_date)
        return {**before, "to_date_set": _text(person.to_date), "last_day_kept": True}
    return {**before, "to_date_set": _text(last_day)}


def restore(program: Program, before: dict[str, Any]) -> None:
    """The facts as they were before a departure; a last day that somebody changed since is left as it is."""
    person = Practitioner.objects.select_for_update().filter(program=program, code=before["practitioner"]).first()
    if person is None:
        return
    to_date = _day(before["to_date"]) if _text(person.to_date) == before["to_date_set"] else person.to_date
    Practitioner.objects.filter(pk=person.pk).update(to_date=to_date, accepts_new=before["accepts_new"])
    _count_up(program)


def _set(person: Practitioner, last_day: date | None) -> None:
    Practitioner.objects.filter(pk=person.pk).update(to_date=last_day, accepts_new=False)
    _count_up(person.program)


def _count_up(program: Program) -> None:
    Program.objects.filter(pk=program.pk).update(facts_version=F("facts_version") + 1)


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
