"""A practitioner asks that a client be given to somebody else. Her planners are told and decide at the desk; until then nothing changes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from evenload.records.access import Person
from evenload.records.models import JournalEntry, Practitioner, Unit
from evenload.records.models.offers import DECLINE_REASONS
from evenload.workflow import journal, notices
from evenload.workflow.own_caseload import units_of
from evenload.workflow.refused import Refused

AGAIN_AFTER: Final = timedelta(days=7)
ACTION: Final = "client.give_back"


def ask(practitioner: Practitioner, unit: Unit, *, reason: str, by: Person, at: datetime, address: str = "") -> None:
    """Tell the program's planners, with the coded reason in the journal. `address`: the page on which they see who could take the unit.

    Consequences: none for the caseload; the unit is hers until a list says otherwise. Refused `give_back_reason_missing`,
    `visit_not_hers`, `give_back_asked` {on} within a week of the last time.
    """
    if reason not in DECLINE_REASONS:
        raise Refused("give_back_reason_missing")
    with transaction.atomic():
        Practitioner.objects.select_for_update(of=("self",)).get(pk=practitioner.pk)
        if not units_of(practitioner).filter(pk=unit.pk).exists():
            raise Refused("visit_not_hers")
        before = asked_at(unit, by)
        if before is not None and at < before + AGAIN_AFTER:
            raise Refused("give_back_asked", on=before)
        values = {"practitioner": str(practitioner), "discipline": unit.discipline, "area": unit.site.area if unit.site else ""}
        told = {key: value for key, value in values.items() if value}
        notices.tell(notices.planners_of(unit.program), "give_back_asked", at=at, program=unit.program, address=address, values=told)
        journal.record(by, "client.give_back", at=at, program=unit.program, subject=unit, clients=[unit.code], reason=reason)


def asked_at(unit: Unit, by: Person) -> datetime | None:
    """When she asked last to give this unit back; None where she never did."""
    lines = JournalEntry.objects.filter(action=ACTION, subject_id=unit.code, program_id=unit.program_id, account_id=by.account.pk)
    return lines.order_by("-number").values_list("at", flat=True).first()
