"""One installation is one organisation."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Organisation(models.Model):
    """The organisation of this installation: exactly one row, number 1."""

    name_en = models.CharField(max_length=200)
    name_fr = models.CharField(max_length=200, blank=True)
    time_zone = models.CharField(max_length=50, default="America/Toronto")
    is_example = models.BooleanField(default=False)
    """the demonstration organisation, deletable in one step"""

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="organisation_is_one")]

    def __str__(self) -> str:
        return self.name_en
