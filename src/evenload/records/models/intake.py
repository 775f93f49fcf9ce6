"""Imports: the file's preview until it is confirmed, and the column mapping that is remembered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from evenload.records.models.accounts import Account
from evenload.records.models.programs import Program
from evenload.records.models.vocabulary import choices, one_of

IMPORT_STATES = ("previewed", "imported", "refused", "discarded")


class ColumnMapping(models.Model):
    """How the columns of an organisation's own list read: own heading → workbook sheet and column."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, null=True, blank=True, related_name="column_mappings")
    headings_hash = models.CharField(max_length=64)
    """of the list's headings: the same list next month is recognised"""
    columns = models.JSONField(default=dict)
    remembered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "headings_hash"], name="mapping_once_per_list"),
            models.UniqueConstraint(fields=["headings_hash"], condition=Q(program__isnull=True), name="mapping_once_without_program"),
        ]

    def __str__(self) -> str:
        return self.headings_hash[:8]


class Import(models.Model):
    """One file on its way in: kept as read until someone confirms or discards it; all or nothing."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, null=True, blank=True, related_name="imports")
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    file_name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, default="previewed", choices=choices(IMPORT_STATES))
    content = models.BinaryField(blank=True)
    """the file itself; emptied once imported or discarded"""
    columns = models.JSONField(default=dict, blank=True)
    problems = models.JSONField(default=list, blank=True)
    counts = models.JSONField(default=dict, blank=True)
    """{sheet: {"created": n, "changed": n, "left": n, "gone": n}}"""

    class Meta:
        ordering = ["-id"]
        constraints = [one_of("state", IMPORT_STATES, name="import_state_known")]

    def __str__(self) -> str:
        return f"{self.pk}: {self.state}"
