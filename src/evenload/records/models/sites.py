"""Sites: schools, retirement homes, clinics, hospitals and areas."""

from __future__ import annotations

from django.db import models

from evenload.planning import codes
from evenload.records.models.programs import Program
from evenload.records.models.vocabulary import choices, one_of


class Site(models.Model):
    """A place where caseload units stand (the workbook's sites sheet)."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="sites")
    code = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    name_fr = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=20, choices=choices(codes.SITE_KINDS))
    area = models.CharField(max_length=200, blank=True)
    team = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=10, blank=True)
    address = models.CharField(max_length=200, blank=True)
    town = models.CharField(max_length=200, blank=True)
    postal = models.CharField(max_length=10, blank=True)
    lat = models.DecimalField(max_digits=18, decimal_places=15, null=True, blank=True)
    lon = models.DecimalField(max_digits=18, decimal_places=15, null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["program", "code"], name="site_once"),
            one_of("kind", codes.SITE_KINDS, name="site_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name_en
