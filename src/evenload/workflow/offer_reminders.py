"""Reminds those who have not answered an offer, once, before their time is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from evenload.records.models import OfferAnswer
from evenload.workflow import offer_told

PART_LEFT = 4
"""A reminder goes out once a quarter of the time is left: 6 hours before the end of a day, 1 hour before the end of 4."""


def remind_due(*, at: datetime) -> int:
    """What the worker does: whoever has a quarter of her time left and has not answered is told once. How many were told."""
    open_now = OfferAnswer.objects.filter(state="open", offer__state="open", reminded_at__isnull=True, answer_by__gt=at)
    rows = open_now.filter(answer_by__lte=at + timedelta(hours=24 * 31 / PART_LEFT))
    due = [row for row in rows.select_related("offer__program", "practitioner__account") if _is_due(row, at)]
    reminded = 0
    for row in due:
        with transaction.atomic():
            # Guarded: of two workers one reminds; and nobody who answered meanwhile is reminded.
            if OfferAnswer.objects.filter(pk=row.pk, state="open", reminded_at__isnull=True).update(reminded_at=at):
                offer_told.reminded(row, at=at)
                reminded += 1
    return reminded


def _is_due(row: OfferAnswer, at: datetime) -> bool:
    if row.answer_by is None:
        return False
    return row.answer_by - at <= timedelta(hours=row.offer.answer_hours) / PART_LEFT
