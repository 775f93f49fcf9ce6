"""A practitioner's own weeks: visits planned, leave, hours offered, her calendar feed, and how full each week was."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from evenload.records.models.accounts import Account
from evenload.records.models.clients import Referral
from evenload.records.models.practitioners import Practitioner
from evenload.records.models.programs import RecordedVisit
from evenload.records.models.units import Unit
from evenload.records.models.vocabulary import choices, not_negative, one_of

PLANNED_STATES = ("planned", "recorded", "dropped")
LEAVE_KINDS = ("vacation", "sick", "family", "training", "statutory", "other")
LEAVE_STATES = ("told", "cancelled")
OFFERED_STATES = ("offered", "taken", "declined", "withdrawn")


class PlannedVisit(models.Model):
    """A visit that she means to make: on which day, in which order. A referral is named where the unit has several clients."""

    practitioner = models.ForeignKey(Practitioner, on_delete=models.CASCADE, related_name="planned_visits")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="planned_visits")
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, null=True, blank=True, related_name="planned_visits")
    on = models.DateField()
    at = models.TimeField(null=True, blank=True)
    """local time, where one is agreed"""
    turn = models.PositiveSmallIntegerField(default=0)
    """place in the day"""
    minutes = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, default="planned", choices=choices(PLANNED_STATES))
    recorded = models.OneToOneField(RecordedVisit, on_delete=models.SET_NULL, null=True, blank=True, related_name="planned")
    sequence = models.PositiveIntegerField(default=0)
    """counts its changes, for calendars that follow it"""

    class Meta:
        ordering = ["on", "turn", "id"]
        indexes = [models.Index(fields=["practitioner", "on"], name="planned_by_day")]
        constraints = [
            one_of("state", PLANNED_STATES, name="planned_state_known"),
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=720), name="planned_visit_fits_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.on}: {self.unit_id}"


class Leave(models.Model):
    """Days on which she does not work, or works fewer hours; she says so herself, or her manager does."""

    practitioner = models.ForeignKey(Practitioner, on_delete=models.CASCADE, related_name="leaves")
    first_day = models.DateField()
    last_day = models.DateField()
    kind = models.CharField(max_length=10, choices=choices(LEAVE_KINDS))
    hours_per_day = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)
    """hours away on each day; empty: the whole day"""
    state = models.CharField(max_length=9, default="told", choices=choices(LEAVE_STATES))
    told_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField()
    seen_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    seen_at = models.DateTimeField(null=True, blank=True)
    """a manager has seen it and who covers"""

    class Meta:
        ordering = ["first_day", "id"]
        constraints = [
            one_of("kind", LEAVE_KINDS, name="leave_kind_known"),
            one_of("state", LEAVE_STATES, name="leave_state_known"),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="leave_days_in_order"),
            models.CheckConstraint(
                condition=Q(hours_per_day__isnull=True) | Q(hours_per_day__gt=0, hours_per_day__lte=24), name="leave_hours_in_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.practitioner_id}: {self.first_day}"


class HoursOffered(models.Model):
    """Weekly hours that she would work from a day on; her manager takes them up, or says why not."""

    practitioner = models.ForeignKey(Practitioner, on_delete=models.CASCADE, related_name="hours_offered")
    weekly_hours = models.DecimalField(max_digits=5, decimal_places=2)
    from_day = models.DateField()
    note = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=9, default="offered", choices=choices(OFFERED_STATES))
    offered_at = models.DateTimeField()
    answered_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=200, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    """when her weekly hours became these; empty while their day has not come"""

    class Meta:
        ordering = ["-id"]
        constraints = [
            one_of("state", OFFERED_STATES, name="hours_offered_state_known"),
            models.UniqueConstraint(fields=["practitioner"], condition=Q(state="offered"), name="one_open_offer_of_hours"),
            models.CheckConstraint(condition=Q(weekly_hours__gte=0, weekly_hours__lte=168), name="hours_offered_in_a_week"),
        ]

    def __str__(self) -> str:
        return f"{self.practitioner_id}: {self.weekly_hours}"


class CalendarFeed(models.Model):
    """The secret address at which a calendar follows her week. Only its hash is kept; revoked, it answers nothing."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="calendar_feeds")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=Q(revoked_at__isnull=True), name="one_calendar_feed_per_account")
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.made_at:%Y-%m-%d}"


class LoadWeek(models.Model):
    """How full one past week was, written down once it was over: what overload, fairness and volatility are read from."""

    practitioner = models.ForeignKey(Practitioner, on_delete=models.CASCADE, related_name="load_weeks")
    monday = models.DateField()
    committed_minutes = models.DecimalField(max_digits=10, decimal_places=2)
    """visits and travel that were hers in the published list"""
    hours_minutes = models.PositiveIntegerField()
    """minutes for client care that she had"""
    delivered_minutes = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    """of the visits recorded"""

    class Meta:
        ordering = ["practitioner_id", "monday"]
        constraints = [
            models.UniqueConstraint(fields=["practitioner", "monday"], name="load_week_once"),
            not_negative("committed_minutes", "delivered_minutes", name="load_week_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.practitioner_id}: {self.monday}"
