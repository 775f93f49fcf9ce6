"""Offers: a caseload unit offered to one or several practitioners, who answer as independent people do: yes, no, or on conditions."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from evenload.records.models.accounts import Account
from evenload.records.models.practitioners import Practitioner
from evenload.records.models.programs import Program
from evenload.records.models.units import Unit
from evenload.records.models.vocabulary import choices, not_negative, one_of

OFFER_WAYS = ("together", "in_turn")
"""Everybody named hears of it at once and the first acceptance wins; or one after another, in the order named."""

OFFER_STATES = ("open", "accepted", "confirmed", "expired", "withdrawn", "declined", "closed")
"""`closed`: the unit was assigned otherwise, or an acceptance was given back."""

ANSWER_STATES = ("queued", "open", "conditional", "accepted", "declined", "expired", "withdrawn", "closed", "given_back")
"""`closed`: somebody else accepted, or the unit was assigned otherwise."""

HOLDING_STATES = ("open", "accepted")
"""States in which the unit is spoken for: no second offer of it."""

DECLINE_REASONS = ("load", "hours", "distance", "skills", "language", "leave", "conflict", "other")


class Offer(models.Model):
    """One unit (or block of it) offered. What the one who decides may see of it is frozen in `shown`; no client is named there."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="offers")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="offers")
    piece = models.CharField(max_length=210)
    way = models.CharField(max_length=10, choices=choices(OFFER_WAYS))
    state = models.CharField(max_length=10, default="open", choices=choices(OFFER_STATES))
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    answer_hours = models.PositiveSmallIntegerField()
    """how long each one asked has to answer"""
    first_visit_by = models.DateField(null=True, blank=True)
    shown = models.JSONField(default=dict)
    """area, discipline, language, minutes a week, visits, clients: what is shown before acceptance"""
    ended_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            one_of("way", OFFER_WAYS, name="offer_way_known"),
            one_of("state", OFFER_STATES, name="offer_state_known"),
            models.UniqueConstraint(fields=["program", "piece"], condition=Q(state__in=HOLDING_STATES), name="one_open_offer_per_piece"),
            models.CheckConstraint(condition=Q(answer_hours__gte=1), name="offer_leaves_time_to_answer"),
        ]

    def __str__(self) -> str:
        return f"{self.piece}: {self.state}"


class OfferAnswer(models.Model):
    """One practitioner asked, and her answer. The load before and after that she was shown stays as it was."""

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="answers")
    practitioner = models.ForeignKey(Practitioner, on_delete=models.CASCADE, related_name="offers")
    turn = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, default="queued", choices=choices(ANSWER_STATES))
    asked_at = models.DateTimeField(null=True, blank=True)
    answer_by = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=10, blank=True, choices=choices(DECLINE_REASONS))
    comment = models.CharField(max_length=500, blank=True)
    visits = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    """an acceptance in part: so many visits of those offered"""
    shown = models.JSONField(default=dict)
    """her load, travel and peak before and after in minutes a week, and why she was asked: what she decided from"""

    class Meta:
        ordering = ["offer_id", "turn"]
        constraints = [
            models.UniqueConstraint(fields=["offer", "practitioner"], name="asked_once_per_offer"),
            models.UniqueConstraint(fields=["offer"], condition=Q(state="accepted"), name="one_acceptance_per_offer"),
            one_of("state", ANSWER_STATES, name="answer_state_known"),
            one_of("reason", DECLINE_REASONS, name="decline_reason_known", blank=True),
            models.CheckConstraint(condition=~Q(state="declined") | ~Q(reason=""), name="decline_has_a_reason"),
            models.CheckConstraint(
                condition=Q(state="queued") | Q(asked_at__isnull=False) | Q(state__in=("closed", "withdrawn")), name="asked_has_a_time"
            ),
            models.CheckConstraint(
                condition=Q(answer_by__isnull=True) | Q(answer_by__gt=F("asked_at")), name="answer_comes_after_the_question"
            ),
            not_negative("visits", name="partial_visits_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id}/{self.turn}: {self.state}"


class OfferQuestion(models.Model):
    """Something asked about an offer before it is answered, or the answer to it. The two who read it: the one asked, and who offers."""

    answer = models.ForeignKey(OfferAnswer, on_delete=models.CASCADE, related_name="questions")
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.CharField(max_length=500)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.answer_id}/{self.pk}"
