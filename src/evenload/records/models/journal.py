"""The journal: append-only, hash-chained, one line per action and per view of a client."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class JournalEntry(models.Model):
    """One line. `previous_hash` chains it to the line before; the database refuses updates and deletes (see migrations)."""

    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    account_id = models.BigIntegerField(null=True, blank=True)
    """no foreign key: the line outlives the account"""
    account_name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=20, blank=True)
    action = models.CharField(max_length=60)
    program_id = models.BigIntegerField(null=True, blank=True)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.CharField(max_length=210, blank=True)
    client_ids = models.JSONField(default=list, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    request_id = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=45, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]
        constraints = [models.CheckConstraint(condition=Q(number__gte=1), name="journal_numbers_from_1")]
        indexes = [
            models.Index(fields=["program_id", "number"], name="journal_by_program"),
            models.Index(fields=["action", "number"], name="journal_by_action"),
            models.Index(fields=["account_name", "number"], name="journal_by_name"),
            models.Index(fields=["subject_id"], name="journal_by_subject"),
            models.Index(fields=["at"], name="journal_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.action}"
