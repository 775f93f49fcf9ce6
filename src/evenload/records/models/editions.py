"""Published editions of the assignment list. They never change; exactly one is current per program."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from evenload.records.models.accounts import Account
from evenload.records.models.plans import PlanRun
from evenload.records.models.programs import Program
from evenload.records.models.vocabulary import choices, one_of

FORMATS = ("xlsx", "pdf", "html", "csv")
PUBLICATION_STATES = ("waiting", "written", "failed")


class Edition(models.Model):
    """One numbered edition of a program's list. Frozen when made; only `is_current` moves on, to the next edition."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    effective_on = models.DateField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=12, unique=True)
    """short code on every print, answers whether it is current"""
    is_current = models.BooleanField(default=True)
    plan_run = models.ForeignKey(PlanRun, on_delete=models.SET_NULL, null=True, blank=True, related_name="editions")
    case_digest = models.CharField(max_length=80, blank=True)
    waiting_units = models.PositiveIntegerField(default=0)
    french_exceptions = models.PositiveIntegerField(default=0)
    changed_rows = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["program", "number"], name="edition_number_once"),
            models.UniqueConstraint(fields=["program"], condition=Q(is_current=True), name="one_current_edition_per_program"),
            models.CheckConstraint(condition=Q(number__gte=1), name="edition_numbers_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.program_id}: {self.number}"


class EditionRow(models.Model):
    """One row of an edition: allow-listed columns only, as text and codes of the day it was published."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="rows")
    piece = models.CharField(max_length=210)
    label = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    site_code = models.CharField(max_length=200, blank=True)
    site_en = models.CharField(max_length=200, blank=True)
    site_fr = models.CharField(max_length=200, blank=True)
    site_kind = models.CharField(max_length=20, blank=True)
    town = models.CharField(max_length=200, blank=True)
    area = models.CharField(max_length=200, blank=True)
    discipline = models.CharField(max_length=20)
    practitioner_code = models.CharField(max_length=200, blank=True)
    practitioner = models.CharField(max_length=200, blank=True)
    """empty: the piece waits"""
    cover_code = models.CharField(max_length=200, blank=True)
    cover = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=10, blank=True)
    clients = models.PositiveIntegerField(default=1)
    visits_used = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    visits_left = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    from_date = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=2000, blank=True)
    changed = models.CharField(max_length=10, blank=True)
    """"new", "moved", "waiting", "cover", "facts" or empty: against the edition before"""
    practitioner_before = models.CharField(max_length=200, blank=True)
    search_text = models.CharField(max_length=1000, blank=True)
    """names without accents, lower case, for search"""

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["edition", "piece"], name="edition_row_once")]

    def __str__(self) -> str:
        return self.piece


class Publication(models.Model):
    """One file set of an edition on the shared drive: repeated until it is written."""

    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, related_name="publication")
    state = models.CharField(max_length=10, default="waiting", choices=choices(PUBLICATION_STATES))
    attempt = models.PositiveIntegerField(default=0)
    last_tried_at = models.DateTimeField(null=True, blank=True)
    written_at = models.DateTimeField(null=True, blank=True)
    refusal = models.CharField(max_length=60, blank=True)
    """code of what stood in the way"""
    files = models.JSONField(default=list, blank=True)
    """[[language, format, file name, sha256]]"""

    class Meta:
        constraints = [one_of("state", PUBLICATION_STATES, name="publication_state_known")]

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.state}"


class ReadReceipt(models.Model):
    """An account opened an edition; also answers "changed since I last looked"."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="read_receipts")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="read_receipts")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "account"], name="read_receipt_once")]

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.account_id}"


class EditionNotice(models.Model):
    """What an edition changes for one practitioner; shown to her until she has opened the list. Who is not touched has none."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="notices")
    practitioner = models.ForeignKey("records.Practitioner", on_delete=models.CASCADE, related_name="notices")
    changes = models.JSONField(default=list)
    """[[piece, kind of change]]"""
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["edition", "practitioner"], name="notice_once_per_edition")]

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.practitioner_id}"
