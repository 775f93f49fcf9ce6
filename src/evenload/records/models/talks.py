"""What practitioners say of their load, and the conversations in which they and their manager solve it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from evenload.planning import codes
from evenload.records.models.accounts import Account
from evenload.records.models.practitioners import Practitioner
from evenload.records.models.vocabulary import choices, one_of

CAUSES = ("travel", "complexity", "paperwork", "hours_wanted", "other")
TALK_STATES = ("open", "escalated", "agreed", "settled")
"""`escalated`: the answer was due and nobody gave it, the director sees it too; `agreed`: both said yes, follow-up is due."""

OPEN_TALKS = ("open", "escalated", "agreed")
REMEDY_KINDS = ("move", "take", "pause_offers", "every_two_weeks", "recruit", "lend_visits", "move_site", "more_hours")


class LoadSignal(models.Model):
    """What she said of her load, and what was counted at that moment. Never changed afterwards."""

    practitioner = models.ForeignKey(Practitioner, on_delete=models.CASCADE, related_name="signals")
    feeling = models.CharField(max_length=10, choices=choices(codes.FEEDBACK))
    cause = models.CharField(max_length=12, blank=True, choices=choices(CAUSES))
    comment = models.CharField(max_length=500, blank=True)
    said_at = models.DateTimeField()
    counted = models.JSONField(default=dict)
    """assigned, travel, peak, capacity and maximum minutes a week, and the state of the load, when she said it"""

    class Meta:
        ordering = ["-id"]
        constraints = [
            one_of("feeling", codes.FEEDBACK, name="signal_feeling_known"),
            one_of("cause", CAUSES, name="signal_cause_known", blank=True),
            models.CheckConstraint(condition=Q(feeling="right") | ~Q(cause=""), name="signal_has_a_cause"),
        ]

    def __str__(self) -> str:
        return f"{self.practitioner_id}: {self.feeling}"


class LoadTalk(models.Model):
    """One conversation about one person's load. One is open at a time; both must agree; a late one goes on to the director."""

    practitioner = models.ForeignKey(Practitioner, on_delete=models.CASCADE, related_name="talks")
    signal = models.ForeignKey(LoadSignal, on_delete=models.PROTECT, related_name="talks")
    state = models.CharField(max_length=10, default="open", choices=choices(TALK_STATES))
    opened_at = models.DateTimeField()
    answer_due = models.DateField()
    follow_up_on = models.DateField(null=True, blank=True)
    agreed_by_practitioner_at = models.DateTimeField(null=True, blank=True)
    agreed_by_planner = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    agreed_by_planner_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=500, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    """the two were reminded that they look again"""
    counted_after = models.JSONField(default=dict)
    """the week as it was counted when the conversation ended: did it help?"""

    class Meta:
        ordering = ["-id"]
        constraints = [
            one_of("state", TALK_STATES, name="talk_state_known"),
            models.UniqueConstraint(fields=["practitioner"], condition=Q(state__in=OPEN_TALKS), name="one_open_talk_per_practitioner"),
            models.CheckConstraint(
                condition=~Q(state="agreed") | Q(agreed_by_practitioner_at__isnull=False, agreed_by_planner_at__isnull=False),
                name="agreed_by_both",
            ),
            models.CheckConstraint(
                condition=Q(follow_up_on__isnull=True) | Q(follow_up_on__gte=F("answer_due")), name="follow_up_after_answer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.practitioner_id}: {self.state}"


class TalkMessage(models.Model):
    """A line that one of the two wrote."""

    talk = models.ForeignKey(LoadTalk, on_delete=models.CASCADE, related_name="messages")
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.CharField(max_length=1000)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.talk_id}/{self.pk}"


class Remedy(models.Model):
    """A remedy that the two chose, with what it was seen to do. Another choice ends what either had agreed to before."""

    talk = models.ForeignKey(LoadTalk, on_delete=models.CASCADE, related_name="remedies")
    kind = models.CharField(max_length=16, choices=choices(REMEDY_KINDS))
    piece = models.CharField(max_length=210, blank=True)
    to = models.ForeignKey(Practitioner, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    shown = models.JSONField(default=dict)
    """the weeks before and after of everybody it touches, as both saw them"""
    amount = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    """visits lent, or hours a week more"""
    until = models.DateField(null=True, blank=True)
    """last day of what is for a time"""
    applied_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    """what was for a time is over: its cover is taken back"""

    class Meta:
        ordering = ["id"]
        constraints = [
            one_of("kind", REMEDY_KINDS, name="remedy_kind_known"),
            models.UniqueConstraint(fields=["talk", "kind", "piece"], name="remedy_once_per_talk"),
            models.CheckConstraint(
                condition=~Q(kind__in=("move", "take")) | Q(to__isnull=False) & ~Q(piece=""), name="move_says_what_and_to_whom"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.piece}"
