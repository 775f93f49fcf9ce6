"""Practitioners of a program: hours, languages, ranges, absences and duties."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from evenload.planning import codes
from evenload.records.models.accounts import Account
from evenload.records.models.programs import Program
from evenload.records.models.vocabulary import choices, not_negative, one_of


class Practitioner(models.Model):
    """One practitioner in one program (the workbook's practitioners sheet). `account` lets her see her own caseload."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="practitioners")
    code = models.CharField(max_length=200)
    account = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="practitioners")
    name = models.CharField(max_length=200, blank=True)
    disciplines = models.JSONField(default=list)
    engagement = models.CharField(max_length=20, choices=choices(codes.ENGAGEMENTS))
    weekly_hours = models.DecimalField(max_digits=5, decimal_places=2)
    max_hours = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    comfortable_min_percent = models.DecimalField(max_digits=5, decimal_places=2, default=70)
    comfortable_max_percent = models.DecimalField(max_digits=5, decimal_places=2, default=95)
    skills = models.JSONField(default=list, blank=True)
    interests = models.JSONField(default=list, blank=True)
    years_experience = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    base_postal = models.CharField(max_length=10, blank=True)
    base_lat = models.DecimalField(max_digits=18, decimal_places=15, null=True, blank=True)
    base_lon = models.DecimalField(max_digits=18, decimal_places=15, null=True, blank=True)
    longest_drive_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    max_sites_per_day = models.PositiveSmallIntegerField(null=True, blank=True)
    accepts_new = models.BooleanField(default=True)
    team = models.CharField(max_length=200, blank=True)
    area = models.CharField(max_length=200, blank=True)
    from_date = models.DateField(null=True, blank=True)
    to_date = models.DateField(null=True, blank=True)
    days = models.JSONField(default=list, blank=True)
    evenings = models.BooleanField(null=True, blank=True)
    feedback = models.CharField(max_length=10, blank=True, choices=choices(codes.FEEDBACK))
    offers_paused_until = models.DateField(null=True, blank=True)
    """agreed in a conversation about her load: no new offers until that day"""
    position = models.PositiveIntegerField(default=0)
    """place in the organisation's own list, kept for export"""

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["program", "code"], name="practitioner_once"),
            one_of("engagement", codes.ENGAGEMENTS, name="engagement_known"),
            one_of("feedback", codes.FEEDBACK, name="feedback_known", blank=True),
            models.CheckConstraint(condition=Q(weekly_hours__gte=0, weekly_hours__lte=168), name="practitioner_hours_in_a_week"),
            models.CheckConstraint(
                condition=Q(
                    comfortable_min_percent__gte=0,
                    comfortable_min_percent__lte=F("comfortable_max_percent"),
                    comfortable_max_percent__lte=100,
                ),
                name="practitioner_range_in_order",
            ),
            models.CheckConstraint(
                condition=Q(from_date__isnull=True) | Q(to_date__isnull=True) | Q(from_date__lte=F("to_date")),
                name="practitioner_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.code


class PractitionerLanguage(models.Model):
    """A language that a practitioner speaks, with her level."""

    practitioner = models.ForeignKey(Practitioner, on_delete=models.CASCADE, related_name="languages")
    language = models.CharField(max_length=10)
    level = models.CharField(max_length=12, choices=choices(codes.LANGUAGE_LEVELS))

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["practitioner", "language"], name="language_once"),
            one_of("level", codes.LANGUAGE_LEVELS, name="language_level_known"),
        ]

    def __str__(self) -> str:
        return f"{self.language}: {self.level}"


class Absence(models.Model):
    """Time away in the period. `who` is a practitioner's code, an engagement, or `*` (the workbook's absences sheet)."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="absences")
    who = models.CharField(max_length=200)
    kind = models.CharField(max_length=200)
    days = models.DecimalField(max_digits=8, decimal_places=3, null=True, blank=True)
    hours = models.DecimalField(max_digits=8, decimal_places=3, null=True, blank=True)
    from_date = models.DateField(null=True, blank=True)
    """its first day, where it is known by date; then neither days nor hours means all working days of the stretch"""
    to_date = models.DateField(null=True, blank=True)
    """its last day; empty: the first one"""

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(days__isnull=False) & Q(hours__isnull=True))
                | (Q(days__isnull=True) & Q(hours__isnull=False))
                | (Q(days__isnull=True) & Q(hours__isnull=True) & Q(from_date__isnull=False)),
                name="absence_days_or_hours_or_dates",
            ),
            models.CheckConstraint(
                condition=Q(to_date__isnull=True) | Q(from_date__isnull=False, to_date__gte=F("from_date")),
                name="absence_dates_in_order",
            ),
            not_negative("days", "hours", name="absence_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.who}: {self.kind}"


class Duty(models.Model):
    """A non-client duty. `who` is a code, a discipline, an engagement, or `*` (the workbook's duties sheet)."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="duties")
    who = models.CharField(max_length=200)
    kind = models.CharField(max_length=200)
    basis = models.CharField(max_length=20, choices=choices(codes.DUTY_BASES))
    amount = models.DecimalField(max_digits=8, decimal_places=3)

    class Meta:
        ordering = ["id"]
        constraints = [
            one_of("basis", codes.DUTY_BASES, name="duty_basis_known"),
            not_negative("amount", name="duty_not_negative"),
            models.CheckConstraint(condition=~Q(basis="percent") | Q(amount__lte=100), name="duty_percent_to_100"),
        ]

    def __str__(self) -> str:
        return f"{self.who}: {self.kind}"
