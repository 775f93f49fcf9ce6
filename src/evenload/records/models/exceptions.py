"""Exceptions to the French rule: a client who asked for French, with a named practitioner who does not speak it well enough."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from evenload.records.models.accounts import Account
from evenload.records.models.practitioners import Practitioner
from evenload.records.models.programs import Program
from evenload.records.models.units import Unit
from evenload.records.models.vocabulary import choices, one_of

EXCEPTION_REASONS = ("no_french_speaker", "french_speakers_full", "too_far", "client_agrees", "other")
EXCEPTION_ENDS = ("placed_in_french", "replaced", "not_used", "taken_back")


class FrenchException(models.Model):
    """Recorded by a named manager, never by the engine. Open while `ended_at` is empty; what it says never changes afterwards."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="french_exceptions")
    unit = models.ForeignKey(Unit, on_delete=models.SET_NULL, null=True, blank=True, related_name="french_exceptions")
    piece = models.CharField(max_length=210)
    practitioner = models.ForeignKey(Practitioner, on_delete=models.SET_NULL, null=True, blank=True, related_name="french_exceptions")
    practitioner_code = models.CharField(max_length=200)
    practitioner_name = models.CharField(max_length=200)
    reason = models.CharField(max_length=30, choices=choices(EXCEPTION_REASONS))
    note = models.CharField(max_length=500, blank=True)
    alternatives = models.CharField(max_length=1000)
    """what was offered or tried instead, in the manager's words"""
    decided_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    decided_by_name = models.CharField(max_length=200)
    decided_at = models.DateTimeField()
    review_on = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=20, blank=True, choices=choices(EXCEPTION_ENDS))

    class Meta:
        ordering = ["review_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["program", "piece"], condition=Q(ended_at__isnull=True), name="one_open_exception_per_piece"),
            one_of("reason", EXCEPTION_REASONS, name="exception_reason_known"),
            one_of("ended_why", EXCEPTION_ENDS, name="exception_end_known", blank=True),
            models.CheckConstraint(condition=~Q(alternatives=""), name="exception_names_alternatives"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_why="")
                | (Q(ended_at__isnull=False, ended_at__gte=F("decided_at")) & ~Q(ended_why="")),
                name="exception_ends_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.piece}: {self.practitioner_code}"
