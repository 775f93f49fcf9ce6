"""Reports that are written to the shared drive by themselves, and figures of dashboards that were counted before."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from evenload.records.models.accounts import Account
from evenload.records.models.programs import Program
from evenload.records.models.vocabulary import LANGUAGES_OF_THE_PRODUCT, choices, one_of

REPORTS = ("worksheet", "gap_sheet", "quarter")
"""Reports without a practitioner's or a client's name in their file name; the workload report is for a conversation and never scheduled."""

CADENCES = ("weekly", "monthly", "quarterly")
REPORT_STATES = ("waiting", "written", "failed")


class ReportSchedule(models.Model):
    """One report of one program, written to the shared drive again and again until somebody ends it."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="report_schedules")
    report = models.CharField(max_length=12, choices=choices(REPORTS))
    language = models.CharField(max_length=2, choices=choices(LANGUAGES_OF_THE_PRODUCT))
    cadence = models.CharField(max_length=10, choices=choices(CADENCES))
    next_on = models.DateField()
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            one_of("report", REPORTS, name="report_known"),
            one_of("language", LANGUAGES_OF_THE_PRODUCT, name="report_language_known"),
            one_of("cadence", CADENCES, name="report_cadence_known"),
            models.UniqueConstraint(
                fields=["program", "report", "language"], condition=Q(ended_at__isnull=True), name="one_schedule_per_report"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.program_id}: {self.report} {self.cadence}"


class ReportWriting(models.Model):
    """One due day of a schedule: repeated until its files are written."""

    schedule = models.ForeignKey(ReportSchedule, on_delete=models.CASCADE, related_name="writings")
    due_on = models.DateField()
    state = models.CharField(max_length=10, default="waiting", choices=choices(REPORT_STATES))
    attempt = models.PositiveIntegerField(default=0)
    last_tried_at = models.DateTimeField(null=True, blank=True)
    written_at = models.DateTimeField(null=True, blank=True)
    refusal = models.CharField(max_length=60, blank=True)
    """code of what stood in the way"""
    files = models.JSONField(default=list, blank=True)
    """[[format, file name, sha256]]"""

    class Meta:
        ordering = ["-due_on"]
        constraints = [
            one_of("state", REPORT_STATES, name="report_state_known"),
            models.UniqueConstraint(fields=["schedule", "due_on"], name="report_written_once_per_day"),
        ]

    def __str__(self) -> str:
        return f"{self.schedule_id} {self.due_on}: {self.state}"


class KeptFigures(models.Model):
    """Figures of one part of a dashboard, with the moment of their facts: shown at once, and named as old where counting anew failed."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, null=True, blank=True, related_name="kept_figures")
    part = models.CharField(max_length=40)
    stands_for = models.CharField(max_length=200)
    """what the figures depend on, as one text: other facts, another text"""
    counted_at = models.DateTimeField()
    figures = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "part"], condition=Q(program__isnull=False), name="kept_figures_once"),
            models.UniqueConstraint(fields=["part"], condition=Q(program__isnull=True), name="kept_figures_of_all_once"),
        ]

    def __str__(self) -> str:
        return self.part
