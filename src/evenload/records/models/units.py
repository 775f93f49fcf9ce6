"""Caseload units, and who looks after them from when to when."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from evenload.planning import codes
from evenload.records.models.practitioners import Practitioner
from evenload.records.models.programs import Program, TimeStandard
from evenload.records.models.sites import Site
from evenload.records.models.vocabulary import WAITING_REASONS, choices, not_negative, one_of


class Unit(models.Model):
    """The thing that is assigned: a site, an area, or a single client, in one discipline (the workbook's units sheet)."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="units")
    code = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=choices(codes.UNIT_KINDS))
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="units")
    discipline = models.CharField(max_length=20)
    time_standard = models.ForeignKey(TimeStandard, on_delete=models.PROTECT, related_name="units")
    clients = models.PositiveIntegerField(default=1)
    visits_allotted = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    visits_used = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    visits_per_week = models.DecimalField(max_digits=10, decimal_places=4, null=True, blank=True)
    language = models.CharField(max_length=10, blank=True)
    language_need = models.CharField(max_length=10, default="preferred", choices=choices(codes.LANGUAGE_NEEDS))
    skills_required = models.JSONField(default=list, blank=True)
    skills_preferred = models.JSONField(default=list, blank=True)
    priority = models.PositiveSmallIntegerField(default=3)
    waiting_since = models.DateField(null=True, blank=True)
    pinned = models.BooleanField(default=False)
    barred_practitioners = models.ManyToManyField(Practitioner, blank=True, related_name="barred_from")
    label = models.CharField(max_length=200, blank=True)
    together = models.CharField(max_length=200, blank=True)
    days = models.JSONField(default=list, blank=True)
    evening = models.BooleanField(default=False)
    from_date = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=2000, blank=True)
    postal = models.CharField(max_length=10, blank=True)
    lat = models.DecimalField(max_digits=18, decimal_places=15, null=True, blank=True)
    lon = models.DecimalField(max_digits=18, decimal_places=15, null=True, blank=True)
    position = models.PositiveIntegerField(default=0)
    left_waiting_reason = models.CharField(max_length=20, blank=True, default="", choices=choices(WAITING_REASONS))
    """why a manager leaves it waiting; it is shown while the unit waits, and no plan reads it"""
    left_waiting_note = models.CharField(max_length=200, blank=True, default="")
    left_waiting_by = models.ForeignKey("records.Account", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    left_waiting_at = models.DateTimeField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    """its last client's referral was closed: no plan, board or list has it any more, and its past stays"""

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["program", "code"], name="unit_once"),
            one_of("left_waiting_reason", WAITING_REASONS, name="waiting_reason_known", blank=True),
            one_of("kind", codes.UNIT_KINDS, name="unit_kind_known"),
            one_of("language_need", codes.LANGUAGE_NEEDS, name="language_need_known"),
            one_of("priority", codes.PRIORITIES, name="priority_known"),
            models.CheckConstraint(condition=Q(kind="client") | Q(site__isnull=False) | Q(kind="area"), name="site_unit_has_a_site"),
            not_negative("visits_allotted", "visits_used", "visits_per_week", name="unit_not_negative"),
        ]

    def __str__(self) -> str:
        return self.label or self.code


class Assignment(models.Model):
    """A unit, or a block of it, with one practitioner from a day to a day. Open while `ends_on` is empty; never deleted."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="assignments")
    piece = models.CharField(max_length=210)
    """the unit's code, or that of one block (`u1#2`)"""
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="assignments")
    cover = models.ForeignKey(Practitioner, on_delete=models.SET_NULL, null=True, blank=True, related_name="covers")
    starts_on = models.DateField(null=True, blank=True)
    """empty where the organisation's list did not say since when"""
    ends_on = models.DateField(null=True, blank=True)
    """first day on which it no longer holds"""
    edition = models.ForeignKey("records.Edition", on_delete=models.SET_NULL, null=True, blank=True, related_name="assignments")
    confirmed_by = models.ForeignKey("records.Account", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """the named manager who confirmed it; empty where it came in with the organisation's own list"""

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "piece"], condition=Q(ends_on__isnull=True), name="one_open_assignment_per_piece"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="assignment_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.piece}: {self.practitioner_id}"
