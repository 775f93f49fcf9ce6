"""Contracts: visits bought for a period, and how soon a referral must be answered and seen."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from evenload.planning import codes
from evenload.records.models.programs import Program
from evenload.records.models.vocabulary import choices, one_of


class Contract(models.Model):
    """Visits that a funder buys from one program, in one discipline or in all, from a day to a day."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="contracts")
    code = models.SlugField(max_length=60)
    name_en = models.CharField(max_length=200)
    name_fr = models.CharField(max_length=200, blank=True)
    discipline = models.CharField(max_length=20, blank=True)
    """empty: every discipline of the program"""
    starts_on = models.DateField()
    ends_on = models.DateField()
    """its last day"""
    visits = models.PositiveIntegerField()
    tolerance_percent = models.DecimalField(max_digits=4, decimal_places=1, default=5)
    """a forecast within so much of the visits is on course"""

    class Meta:
        ordering = ["program_id", "code"]
        constraints = [
            models.UniqueConstraint(fields=["program", "code"], name="contract_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="contract_days_in_order"),
            models.CheckConstraint(condition=Q(tolerance_percent__gte=0, tolerance_percent__lt=100), name="contract_tolerance_below_100"),
        ]

    def __str__(self) -> str:
        return self.name_en


class ServiceTarget(models.Model):
    """How soon a referral of one priority is answered and first seen: by contract, or for the program where it names none."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="service_targets")
    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, null=True, blank=True, related_name="service_targets")
    priority = models.PositiveSmallIntegerField(choices=choices(codes.PRIORITIES))
    respond_hours = models.PositiveIntegerField()
    first_visit_days = models.PositiveIntegerField()
    """calendar days from receipt"""
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["program_id", "contract_id", "priority"]
        constraints = [
            one_of("priority", codes.PRIORITIES, name="target_priority_known"),
            models.UniqueConstraint(fields=["contract", "priority"], name="target_once_per_contract"),
            models.UniqueConstraint(fields=["program", "priority"], condition=Q(contract__isnull=True), name="target_once_per_program"),
            models.CheckConstraint(condition=Q(respond_hours__gte=1, first_visit_days__gte=1), name="target_leaves_time"),
        ]

    def __str__(self) -> str:
        return f"{self.priority}: {self.respond_hours} h, {self.first_visit_days} d"
