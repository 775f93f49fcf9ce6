"""Referrals follow a published edition: whose unit somebody has now is with her, whose unit nobody has any more waits again."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef

from evenload.records.access import Person
from evenload.records.models import Assignment, Practitioner, Program, Referral
from evenload.workflow.referral_steps import follow_holders

BY_EDITION: Final = "edition"
"""reason of these steps"""


def follow_edition(program: Program, *, by: Person, at: datetime) -> int:
    """Moves the referrals along in the transaction that publishes; how many moved. The queries do not grow with their number."""
    held = Assignment.objects.filter(unit=OuterRef("unit"), ends_on__isnull=True)
    rows = Referral.objects.filter(client__program=program, unit__isnull=False).annotate(is_held=Exists(held))
    to_assign = set(rows.filter(is_held=True, state__in=("received", "waiting", "offered")).values_list("unit_id", flat=True))
    to_wait = set(rows.filter(is_held=False, state="assigned").values_list("unit_id", flat=True))
    moved = follow_holders(_holders(program, to_assign), "assigned", by=by, at=at, reason=BY_EDITION)
    return moved + follow_holders(dict.fromkeys(sorted(to_wait)), "waiting", by=by, at=at, reason=BY_EDITION)


def _holders(program: Program, units: set[int]) -> dict[int, Practitioner | None]:
    """Unit → who has it; None where its blocks are with several."""
    found: dict[int, Practitioner | None] = {}
    rows = Assignment.objects.filter(unit__program=program, ends_on__isnull=True).select_related("practitioner").order_by("unit_id", "pk")
    for row in rows:
        if row.unit_id in units:
            known = found.setdefault(row.unit_id, row.practitioner)
            found[row.unit_id] = row.practitioner if known is not None and known.pk == row.practitioner_id else None
    return found
