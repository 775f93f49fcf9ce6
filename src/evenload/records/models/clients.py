"""Clients (least data), their referrals and visit allotments."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from evenload.planning import codes
from evenload.records.models.programs import Program
from evenload.records.models.sites import Site
from evenload.records.models.units import Unit
from evenload.records.models.vocabulary import choices, not_negative, one_of

REFERRAL_STATES = ("received", "waiting", "assigned", "closed")


class Client(models.Model):
    """The least that must be known of a client: initials for boards, a name for those who look after her, the language asked."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="clients")
    code = models.CharField(max_length=60)
    initials = models.CharField(max_length=6)
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=10, blank=True)
    """empty: not asked, which is counted and is never the same as English"""
    language_asked_on = models.DateField(null=True, blank=True)
    language_asked_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["program", "code"], name="client_once")]

    def __str__(self) -> str:
        return self.initials


class Referral(models.Model):
    """A request for one discipline, for a client at a site or at home. It joins a caseload unit."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="referrals")
    discipline = models.CharField(max_length=20)
    site = models.ForeignKey(Site, on_delete=models.SET_NULL, null=True, blank=True, related_name="referrals")
    unit = models.ForeignKey(Unit, on_delete=models.SET_NULL, null=True, blank=True, related_name="referrals")
    priority = models.PositiveSmallIntegerField(default=3)
    received_on = models.DateField()
    state = models.CharField(max_length=10, default="received", choices=choices(REFERRAL_STATES))

    class Meta:
        ordering = ["received_on", "id"]
        constraints = [
            one_of("state", REFERRAL_STATES, name="referral_state_known"),
            one_of("priority", codes.PRIORITIES, name="referral_priority_known"),
        ]

    def __str__(self) -> str:
        return f"{self.discipline}: {self.state}"


class Allotment(models.Model):
    """Visits authorised for a referral, and how many were used; it expires."""

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="allotments")
    authorised_visits = models.PositiveIntegerField()
    used_visits = models.PositiveIntegerField(default=0)
    starts_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            not_negative("authorised_visits", "used_visits", name="allotment_not_negative"),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("starts_on")), name="allotment_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.used_visits}/{self.authorised_visits}"
