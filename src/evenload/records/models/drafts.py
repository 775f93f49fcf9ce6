"""The manager's draft: where every piece stands now, what is pinned or banned, and every change with its undo."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from evenload.records.models.accounts import Account
from evenload.records.models.plans import PlanRun
from evenload.records.models.practitioners import Practitioner
from evenload.records.models.programs import Program
from evenload.records.models.units import Unit
from evenload.records.models.vocabulary import choices, one_of

CHANGE_KINDS = ("move", "pin", "unpin", "ban", "unban", "solve", "hand_over", "cover", "undo")
OVERLOAD_REASONS = ("practitioner_agrees", "for_a_time", "keeps_the_client", "nobody_else", "urgent", "other")
"""why a load may lie above the hours that there are, never above the maximum"""


class Draft(models.Model):
    """The one open draft of a program. `version` counts its changes; who changes an older version sees the conflict."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="drafts")
    begun_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    plan_run = models.ForeignKey(PlanRun, on_delete=models.SET_NULL, null=True, blank=True, related_name="drafts")
    """the run whose proposal it began from; its prices value a move"""

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["program"], condition=Q(closed_at__isnull=True), name="one_open_draft_per_program")]

    def __str__(self) -> str:
        return f"{self.program_id}/{self.pk}"


class DraftPlacement(models.Model):
    """Where one piece stands in the draft: with a practitioner, or waiting where she is empty."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="placements")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="placements")
    piece = models.CharField(max_length=210)
    practitioner = models.ForeignKey(Practitioner, on_delete=models.CASCADE, null=True, blank=True, related_name="placements")
    cover = models.ForeignKey(Practitioner, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    is_pinned = models.BooleanField(default=False)
    banned = models.ManyToManyField(Practitioner, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=0)
    changed_by = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "piece"], name="placement_once_per_draft"),
            models.CheckConstraint(condition=Q(is_pinned=False) | Q(practitioner__isnull=False), name="pin_has_a_practitioner"),
        ]

    def __str__(self) -> str:
        return f"{self.piece}: {self.practitioner_id}"


class DraftChange(models.Model):
    """One step in a draft, with what it changed, so that it can be undone once."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=10, choices=choices(CHANGE_KINDS))
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    before = models.JSONField(default=list)
    """[[piece, practitioner code or null, pinned, [banned codes]]] before the step"""
    after = models.JSONField(default=list)
    reason = models.CharField(max_length=500, blank=True)
    reason_code = models.CharField(max_length=30, blank=True, choices=choices(OVERLOAD_REASONS))
    facts_before = models.JSONField(default=dict, blank=True)
    """of a departure: the practitioner, her last day and whether she took new clients, as they were"""
    undone_by = models.OneToOneField("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="undoes")

    class Meta:
        ordering = ["-id"]
        constraints = [
            one_of("kind", CHANGE_KINDS, name="change_kind_known"),
            one_of("reason_code", OVERLOAD_REASONS, name="change_reason_known", blank=True),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
