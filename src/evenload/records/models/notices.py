"""What people are told: in the application, and by mail through an outbox. No client is named anywhere here."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from evenload.records.models.accounts import Account
from evenload.records.models.programs import Program
from evenload.records.models.vocabulary import LANGUAGES_OF_THE_PRODUCT, choices, one_of

EVENTS = (
    "offer_made",
    "offer_reminder",
    "offer_taken",
    "offer_withdrawn",
    "offer_answered",
    "offer_question",
    "offer_confirmed",
    "offers_lapsed",
    "edition_published",
    "load_said",
    "talk_written",
    "talk_agreed",
    "talk_follow_up",
    "talk_escalated",
    "overload",
    "leave_told",
    "hours_offered",
    "hours_answered",
    "referral_at_site",
    "referral_late",
    "approval_asked",
    "approval_given",
    "approval_refused",
    "give_back_asked",
    "standard_drifted",
    "standard_proposed",
    "standard_decided",
    "report_written",
    "report_failed",
)
"""What can happen that somebody is told of."""

CHANNELS = ("app", "mail", "digest", "nothing")
"""`mail`: in the application and by mail at once; `digest`: in the application, and by mail once a day with the others."""

MAIL_STATES = ("waiting", "sending", "sent", "failed", "doubtful")
"""`doubtful`: a worker died while it was handed over; nobody knows whether it left, and it is never sent twice."""

MAIL_KINDS = ("notice", "digest", "test")


class Notice(models.Model):
    """One thing that one person is told. `values` fill the sentence of its event in her language; no client is named."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="notices")
    program = models.ForeignKey(Program, on_delete=models.CASCADE, null=True, blank=True, related_name="notices")
    event = models.CharField(max_length=20, choices=choices(EVENTS))
    values = models.JSONField(default=dict)
    address = models.CharField(max_length=300, blank=True)
    """page that it leads to"""
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    in_digest = models.BooleanField(default=False)
    """waits for the day's digest"""
    once = models.CharField(max_length=120, blank=True)
    """what it is told of; the same thing is told once"""

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["account", "read_at"], name="notice_unread"),
            models.Index(fields=["account"], condition=Q(in_digest=True), name="notice_for_the_digest"),
        ]
        constraints = [
            one_of("event", EVENTS, name="notice_event_known"),
            models.UniqueConstraint(fields=["account", "event", "once"], condition=~Q(once=""), name="told_once"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.event}"


class NoticeChoice(models.Model):
    """How one person wants to be told of one event, where she departs from the default."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="notice_choices")
    event = models.CharField(max_length=20, choices=choices(EVENTS))
    channel = models.CharField(max_length=8, choices=choices(CHANNELS))

    class Meta:
        ordering = ["account_id", "event"]
        constraints = [
            one_of("event", EVENTS, name="choice_event_known"),
            one_of("channel", CHANNELS, name="channel_known"),
            models.UniqueConstraint(fields=["account", "event"], name="one_choice_per_event"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.event} {self.channel}"


class Mail(models.Model):
    """One line of the outbox, written in the transaction of what it tells of. Sent at most once, and never lost."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="mails")
    language = models.CharField(max_length=2, choices=choices(LANGUAGES_OF_THE_PRODUCT))
    kind = models.CharField(max_length=6, default="notice", choices=choices(MAIL_KINDS))
    message_id = models.CharField(max_length=120, unique=True)
    sent_with = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="together")
    """the line in whose one message this one goes; its state follows that line's"""
    notices = models.ManyToManyField(Notice, related_name="mails", blank=True)
    state = models.CharField(max_length=8, default="waiting", choices=choices(MAIL_STATES))
    attempt = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    made_at = models.DateTimeField()
    taken_by = models.CharField(max_length=100, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    handed_at = models.DateTimeField(null=True, blank=True)
    """from then on the other side may have it"""
    sent_at = models.DateTimeField(null=True, blank=True)
    refusal = models.CharField(max_length=60, blank=True)
    """code of what stood in the way"""

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["state", "not_before"], name="mail_due")]
        constraints = [one_of("state", MAIL_STATES, name="mail_state_known"), one_of("kind", MAIL_KINDS, name="mail_kind_known")]

    def __str__(self) -> str:
        return f"{self.message_id}: {self.state}"
