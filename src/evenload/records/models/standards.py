"""How time standards come about: what several people judge, and every version that was proposed, with who approved it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from evenload.records.models.accounts import Account
from evenload.records.models.programs import TimeStandard
from evenload.records.models.vocabulary import choices, not_negative, one_of

VERSION_STATES = ("proposed", "approved", "declined", "withdrawn")


class StandardJudgement(models.Model):
    """What one person judges a visit of the class to take. Never changed: a later judgement of the same person counts instead."""

    standard = models.ForeignKey(TimeStandard, on_delete=models.CASCADE, related_name="judgements")
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    visits = models.DecimalField(max_digits=10, decimal_places=4, null=True, blank=True)
    direct_minutes = models.DecimalField(max_digits=10, decimal_places=4)
    indirect_minutes = models.DecimalField(max_digits=10, decimal_places=4, null=True, blank=True)
    travel_minutes = models.DecimalField(max_digits=10, decimal_places=4, null=True, blank=True)
    why = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [not_negative("visits", "direct_minutes", "indirect_minutes", "travel_minutes", name="judgement_not_negative")]

    def __str__(self) -> str:
        return f"{self.standard_id}: {self.by_name}"


class StandardVersion(models.Model):
    """One version of a time standard: what it says, why, and who approved it. What it says never changes; only its decision is added."""

    standard = models.ForeignKey(TimeStandard, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default="proposed", choices=choices(VERSION_STATES))
    says = models.JSONField(default=dict)
    """column → plain decimal or text: every figure of the standard as this version has it"""
    evidence = models.JSONField(default=dict)
    """n, mean and quantiles of the recorded visits, and the judgements, at that moment"""
    effect = models.JSONField(default=dict)
    """what it changes, as the person who decided saw it"""
    why = models.CharField(max_length=1000)
    proposed_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """empty: it was imported"""
    proposed_by_name = models.CharField(max_length=200, blank=True)
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_by_name = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_why = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            one_of("state", VERSION_STATES, name="standard_version_state_known"),
            models.UniqueConstraint(fields=["standard", "number"], name="standard_version_once"),
            models.UniqueConstraint(fields=["standard"], condition=Q(state="proposed"), name="one_proposal_per_standard"),
            models.CheckConstraint(condition=~Q(state="approved") | ~Q(decided_by_name=""), name="approved_by_a_named_person"),
        ]

    def __str__(self) -> str:
        return f"{self.standard_id}/{self.number}: {self.state}"
