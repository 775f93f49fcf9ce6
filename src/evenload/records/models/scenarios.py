"""Scenarios: a program's facts as they stood, with named changes, kept to be compared and shared within the organisation."""

from __future__ import annotations

from django.db import models

from evenload.records.models.accounts import Account
from evenload.records.models.programs import Program


class PlanScenario(models.Model):
    """A copy of a program's facts under a name, with its changes in order. The facts of the moment stay: March shows March in June."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="scenarios")
    name = models.CharField(max_length=120)
    note = models.CharField(max_length=1000, blank=True)
    copied_from = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="copies")
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    made_by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by_name = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)
    """counts every change, for guarded updates"""
    facts_at = models.DateTimeField()
    """when the facts were taken: a copy has the facts of the one it was copied from"""
    facts_version = models.PositiveIntegerField()
    facts_json = models.TextField()
    """the program's facts as they were: the workbook's rows, canonical"""
    changes = models.JSONField(default=list)
    """[{kind, item, value, …}] in order; numbers as plain decimals"""
    figures = models.JSONField(default=dict)
    """figures of its capacity plan when it was last counted, to be shown in lists"""
    share_code = models.CharField(max_length=40, blank=True, default="")
    """in the address that opens it to everybody of the organisation who may see plans; empty: not shared"""
    shared_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    """put away: no longer in lists"""

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "name"], condition=models.Q(ended_at__isnull=True), name="scenario_name_once_per_program"
            ),
            models.UniqueConstraint(fields=["share_code"], condition=~models.Q(share_code=""), name="scenario_share_code_once"),
        ]

    def __str__(self) -> str:
        return self.name
