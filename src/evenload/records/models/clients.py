"""Clients (least data), their consent directives, their referrals with every step, and visit allotments."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from evenload.planning import codes
from evenload.records.models.accounts import Account
from evenload.records.models.contracts import Contract
from evenload.records.models.practitioners import Practitioner
from evenload.records.models.programs import Program, TimeStandard
from evenload.records.models.sites import Site
from evenload.records.models.units import Unit
from evenload.records.models.vocabulary import choices, not_negative, one_of

REFERRAL_STATES = ("received", "waiting", "offered", "assigned", "on_hold", "closed")
"""`received`: nobody has looked at it yet; `waiting`: triaged, without a practitioner; `on_hold`: nothing is due until it resumes."""

OPEN_REFERRALS = ("received", "waiting", "offered", "assigned", "on_hold")
WAITING_REFERRALS = ("received", "waiting", "offered")
"""On the waiting list."""

CLOSING_REASONS = (
    "goals_met",
    "client_declined",
    "not_reached",
    "moved",
    "other_service",
    "not_eligible",
    "duplicate",
    "deceased",
    "mistake",
)
LANGUAGE_ASKED_HOW = ("in_person", "phone", "form", "referrer")
AUDIT_ANSWERS = ("still_waiting", "not_reached", "needs_changed")
"""What an audit of the waiting list found. No longer waiting, and duplicates, are closed with that reason instead."""

FUNDING = ("funded", "asked", "approved", "refused")
"""`asked`: beyond what is funded, and nobody has approved it yet; `approved` and `refused`: by the named account."""


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
    language_asked_how = models.CharField(max_length=10, blank=True, default="", choices=choices(LANGUAGE_ASKED_HOW))
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    """tells two clients of the same initials apart, and finds duplicates"""
    postal = models.CharField(max_length=10, blank=True, default="")
    """where she is seen at home"""

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["program", "code"], name="client_once"),
            one_of("language_asked_how", LANGUAGE_ASKED_HOW, name="language_asked_how_known", blank=True),
        ]

    def __str__(self) -> str:
        return self.initials


class ConsentDirective(models.Model):
    """A client bars a named practitioner: never proposed, never shown to her, anywhere, until it is lifted. Never deleted."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="consent_directives")
    practitioner = models.ForeignKey(Practitioner, on_delete=models.CASCADE, related_name="consent_directives")
    recorded_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    lifted_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["client", "practitioner"], condition=Q(lifted_at__isnull=True), name="barred_once"),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True) | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="lifting_says_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id}: {self.practitioner_id}"


class Referral(models.Model):
    """A request for one discipline, for a client at a site or at home. It joins a caseload unit."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="referrals")
    discipline = models.CharField(max_length=20)
    site = models.ForeignKey(Site, on_delete=models.SET_NULL, null=True, blank=True, related_name="referrals")
    unit = models.ForeignKey(Unit, on_delete=models.SET_NULL, null=True, blank=True, related_name="referrals")
    priority = models.PositiveSmallIntegerField(default=3)
    received_on = models.DateField()
    state = models.CharField(max_length=10, default="received", choices=choices(REFERRAL_STATES))
    number = models.CharField(max_length=60, blank=True, default="")
    """the sender's own number for it, where it has one: the same one is never taken in twice"""
    contract = models.ForeignKey(Contract, on_delete=models.SET_NULL, null=True, blank=True, related_name="referrals")
    time_standard = models.ForeignKey(TimeStandard, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    """complexity, as judged at triage"""
    resumes = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="resumed_by")
    respond_by = models.DateTimeField(null=True, blank=True)
    first_visit_by = models.DateField(null=True, blank=True)
    available_from = models.DateField(null=True, blank=True)
    """not before this day, as the client wishes: days before it are not waited"""
    responded_at = models.DateTimeField(null=True, blank=True)
    first_visit_on = models.DateField(null=True, blank=True)
    hold_until = models.DateField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    audited_on = models.DateField(null=True, blank=True)
    audited_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    audit_answer = models.CharField(max_length=14, blank=True, default="", choices=choices(AUDIT_ANSWERS))
    closed_on = models.DateField(null=True, blank=True)
    duplicate_of = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="duplicates")
    """the referral that stays open, where this one was closed as its duplicate"""
    closing_reason = models.CharField(max_length=16, blank=True, default="", choices=choices(CLOSING_REASONS))
    note = models.CharField(max_length=500, blank=True, default="")
    version = models.PositiveIntegerField(default=0)
    """counts every change, so that a page knows whether somebody was quicker"""

    class Meta:
        ordering = ["received_on", "id"]
        indexes = [
            models.Index(fields=["state", "priority", "received_on"], name="referral_by_state"),
            # with all that the referrals of some weeks are counted by: of ten years none is read
            models.Index(
                fields=["received_on", "client", "discipline", "first_visit_by", "closing_reason"], name="referral_by_day_counted"
            ),
            # few of many are open; `records.queries.open_referrals` finds them by it
            models.Index(fields=["client", "version"], condition=Q(state__in=OPEN_REFERRALS), name="referral_open"),
        ]
        constraints = [
            one_of("state", REFERRAL_STATES, name="referral_state_known"),
            one_of("audit_answer", AUDIT_ANSWERS, name="audit_answer_known", blank=True),
            one_of("closing_reason", CLOSING_REASONS, name="closing_reason_known", blank=True),
            models.CheckConstraint(
                condition=Q(first_visit_by__isnull=True) | Q(first_visit_by__gte=F("received_on")), name="first_visit_due_after_receipt"
            ),
            one_of("priority", codes.PRIORITIES, name="referral_priority_known"),
        ]

    def __str__(self) -> str:
        return f"{self.discipline}: {self.state}"


class ReferralStep(models.Model):
    """One step of a referral: from which state to which, when, by whom and why. Written once, never changed."""

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="steps")
    before = models.CharField(max_length=10, blank=True)
    """empty: it came in"""
    after = models.CharField(max_length=10, choices=choices(REFERRAL_STATES))
    at = models.DateTimeField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """empty: Evenload itself, or an import"""
    reason = models.CharField(max_length=20, blank=True)
    practitioner = models.ForeignKey(Practitioner, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["at", "after", "before", "referral"], name="step_by_day_counted")]
        constraints = [one_of("after", REFERRAL_STATES, name="step_state_known")]

    def __str__(self) -> str:
        return f"{self.referral_id}: {self.before} → {self.after}"


class Allotment(models.Model):
    """Visits authorised for a referral, and how many were used; it expires. Unfunded visits count once somebody approved them."""

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="allotments")
    authorised_visits = models.PositiveIntegerField()
    used_visits = models.PositiveIntegerField(default=0)
    starts_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    contract = models.ForeignKey(Contract, on_delete=models.SET_NULL, null=True, blank=True, related_name="allotments")
    funding = models.CharField(max_length=8, default="funded", choices=choices(FUNDING))
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    asked_because = models.CharField(max_length=200, blank=True, default="")
    approved_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    refused_at = models.DateTimeField(null=True, blank=True)
    refused_because = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            one_of("funding", FUNDING, name="funding_known"),
            models.CheckConstraint(
                condition=~Q(funding="approved") | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="approval_says_who_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(funding="refused") | (Q(refused_by__isnull=False, refused_at__isnull=False) & ~Q(refused_because="")),
                name="refusal_says_who_when_and_why",
            ),
            not_negative("authorised_visits", "used_visits", name="allotment_not_negative"),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("starts_on")), name="allotment_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.used_visits}/{self.authorised_visits}"
