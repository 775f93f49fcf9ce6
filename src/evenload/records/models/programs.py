"""Programs with their period and contract, their time standards, prices and past visits."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from evenload.planning import codes
from evenload.planning.prices import GOALS
from evenload.records.models.vocabulary import choices, not_negative, one_of

CANCEL_REASONS = ("client_ill", "client_away", "client_declined", "practitioner_away", "weather", "site_closed", "other")
"""Why a visit was cancelled."""


class Program(models.Model):
    """One program: the boundary of access, and what a plan is made for. Figures are those of the workbook's program sheet."""

    code = models.SlugField(max_length=60, unique=True)
    name_en = models.CharField(max_length=200)
    name_fr = models.CharField(max_length=200, blank=True)
    setting = models.CharField(max_length=20, choices=choices(codes.SETTINGS))
    period_start = models.DateField()
    period_weeks = models.PositiveSmallIntegerField()
    as_of = models.DateField(null=True, blank=True)
    contracted_visits = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    fte_weekly_hours = models.DecimalField(max_digits=5, decimal_places=2, default=37.5)
    reserve_percent = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    block_hours = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    other_disciplines = models.JSONField(default=list, blank=True)
    speed_kmh = models.DecimalField(max_digits=5, decimal_places=2, default=40)
    detour_factor = models.DecimalField(max_digits=4, decimal_places=2, default=1.3)
    facts_version = models.PositiveIntegerField(default=0)
    """counts every change of the program's facts, so that a page knows whether its picture is old"""
    is_example = models.BooleanField(default=False)
    """an example of the first run, deleted in one step"""

    class Meta:
        ordering = ["code"]
        constraints = [
            one_of("setting", codes.SETTINGS, name="program_setting_known"),
            models.CheckConstraint(condition=Q(period_weeks__gte=1), name="program_has_weeks"),
            models.CheckConstraint(condition=Q(reserve_percent__gte=0, reserve_percent__lt=100), name="program_reserve_below_100"),
            models.CheckConstraint(condition=Q(speed_kmh__gt=0, detour_factor__gte=1), name="program_drives_forward"),
            not_negative("contracted_visits", "block_hours", name="program_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name_en


class TimeStandard(models.Model):
    """The time standard of one complexity class (the workbook's classes sheet)."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="time_standards")
    code = models.CharField(max_length=200)
    discipline = models.CharField(max_length=20)
    label_en = models.CharField(max_length=200)
    label_fr = models.CharField(max_length=200, blank=True)
    visits = models.DecimalField(max_digits=10, decimal_places=4)
    direct_minutes = models.DecimalField(max_digits=10, decimal_places=4)
    indirect_minutes = models.DecimalField(max_digits=10, decimal_places=4, default=0)
    travel_minutes = models.DecimalField(max_digits=10, decimal_places=4, null=True, blank=True)
    episode_minutes = models.DecimalField(max_digits=10, decimal_places=4, default=0)
    group_size = models.PositiveSmallIntegerField(default=1)
    no_show_rate = models.DecimalField(max_digits=6, decimal_places=5, null=True, blank=True)
    no_show_minutes = models.DecimalField(max_digits=10, decimal_places=4, null=True, blank=True)
    experience_years = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    judgement_weight = models.DecimalField(max_digits=8, decimal_places=2, default=10)
    source = models.CharField(max_length=2000, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["program", "code"], name="time_standard_once"),
            not_negative(
                "visits", "direct_minutes", "indirect_minutes", "travel_minutes", "episode_minutes", name="time_standard_not_negative"
            ),
            models.CheckConstraint(condition=Q(group_size__gte=1), name="time_standard_group_of_one_or_more"),
            models.CheckConstraint(
                condition=Q(no_show_rate__isnull=True) | Q(no_show_rate__gte=0, no_show_rate__lt=1), name="time_standard_rate_below_1"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class GoalPrice(models.Model):
    """The price of one goal where the program departs from the default, hours per week."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="goal_prices")
    goal = models.CharField(max_length=40, choices=choices(GOALS))
    price = models.DecimalField(max_digits=9, decimal_places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "goal"], name="goal_price_once"),
            one_of("goal", GOALS, name="goal_known"),
            not_negative("price", name="goal_price_not_negative"),
        ]

    def __str__(self) -> str:
        return self.goal


class RecordedVisit(models.Model):
    """A visit of the past: retrospective data for time standards. No client is named."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="recorded_visits")
    on = models.DateField()
    time_standard = models.ForeignKey(TimeStandard, on_delete=models.CASCADE, related_name="recorded_visits")
    practitioner = models.ForeignKey("records.Practitioner", on_delete=models.SET_NULL, null=True, blank=True)
    unit = models.ForeignKey("records.Unit", on_delete=models.SET_NULL, null=True, blank=True)
    direct_minutes = models.DecimalField(max_digits=8, decimal_places=2)
    indirect_minutes = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    travel_minutes = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=choices(codes.OUTCOMES))
    referral = models.ForeignKey("records.Referral", on_delete=models.SET_NULL, null=True, blank=True, related_name="visits")
    allotment = models.ForeignKey("records.Allotment", on_delete=models.SET_NULL, null=True, blank=True, related_name="visits")
    """whose visits it used up"""
    reason = models.CharField(max_length=20, blank=True, default="", choices=choices(CANCEL_REASONS))
    recorded_by = models.ForeignKey("records.Account", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """empty where it was imported"""
    recorded_at = models.DateTimeField(null=True, blank=True)
    entry = models.CharField(max_length=40, blank=True, default="")
    """made by the page: an entry that is sent again, after a lost connection, is stored once"""

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["program", "on"], name="visit_by_day")]
        constraints = [
            models.UniqueConstraint(fields=["program", "entry"], condition=~Q(entry=""), name="visit_entered_once"),
            one_of("reason", CANCEL_REASONS, name="cancel_reason_known", blank=True),
            one_of("outcome", codes.OUTCOMES, name="visit_outcome_known"),
            not_negative("direct_minutes", "indirect_minutes", "travel_minutes", name="visit_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.on}: {self.outcome}"
