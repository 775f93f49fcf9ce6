"""Plan runs: asked for in a page, computed by a worker, kept with their Case and Plan as the decision record."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from evenload.records.models.accounts import Account
from evenload.records.models.programs import Program
from evenload.records.models.vocabulary import choices, one_of

RUN_STATES = ("asked", "running", "done", "failed", "cancelled")
OPEN_STATES = ("asked", "running")


class PlanRun(models.Model):
    """One run of the engine. This row is the truth: a worker claims it by a guarded update and is fenced by `attempt`."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="plan_runs")
    scenario = models.ForeignKey("records.PlanScenario", on_delete=models.CASCADE, null=True, blank=True, related_name="runs")
    """a run on a scenario's facts: it is never taken up into a draft"""
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="asked", choices=choices(RUN_STATES))
    cancel_asked = models.BooleanField(default=False)
    seed = models.PositiveIntegerField(default=0)
    max_moves = models.PositiveIntegerField(null=True, blank=True)
    effort_per_unit = models.PositiveIntegerField(default=2000)
    seeds = models.PositiveSmallIntegerField(default=1)
    """independent searches, from `seed` on, of which the best counts"""
    robust = models.PositiveSmallIntegerField(default=0)
    """so many of each person's units may need more than planned at once (`planning.robust`)"""
    kept_pins = models.JSONField(default=list, blank=True)
    """[[piece, practitioner code]]: what the draft had pinned when the run was asked for"""
    kept_bans = models.JSONField(default=list, blank=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=100, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    progress_percent = models.PositiveSmallIntegerField(default=0)
    gap_percent = models.FloatField(null=True, blank=True)
    stage = models.CharField(max_length=40, blank=True)
    problems = models.JSONField(default=list, blank=True)
    """[code, place, value] of every contradiction, where the facts leave no Case"""
    case_digest = models.CharField(max_length=80, blank=True)
    facts_version = models.PositiveIntegerField(default=0)
    facts_json = models.TextField(blank=True)
    """the program's facts as they were: the workbook's rows, canonical"""
    plan_json = models.TextField(blank=True)
    figures = models.JSONField(default=dict, blank=True)
    """what a scenario's run found, for lists and comparisons: counted once, by the worker that stored its plan"""

    class Meta:
        ordering = ["-id"]
        constraints = [
            one_of("state", RUN_STATES, name="run_state_known"),
            models.UniqueConstraint(
                fields=["program"], condition=Q(state__in=OPEN_STATES, scenario__isnull=True), name="one_open_run_per_program"
            ),
            models.UniqueConstraint(fields=["scenario"], condition=Q(state__in=OPEN_STATES), name="one_open_run_per_scenario"),
            models.CheckConstraint(condition=Q(seeds__gte=1), name="run_searches_at_least_once"),
            models.CheckConstraint(condition=~Q(state="done") | ~Q(plan_json=""), name="done_run_has_a_plan"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.state}"
