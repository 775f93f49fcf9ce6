"""Choices and checks that several models share. The codes are those of `planning.codes`; labels are said by `words`."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.db.models import Q

from evenload.planning import codes


def choices(values: Iterable[object]) -> list[tuple[object, str]]:
    """Choices of a field from codes; the label shown to people comes from `words`, not from here."""
    return [(value, str(value)) for value in values]


def one_of(field: str, values: Iterable[object], *, name: str, blank: bool = False) -> models.CheckConstraint:
    """The database refuses any other code."""
    allowed = [*values, *([""] if blank else [])]
    return models.CheckConstraint(condition=Q(**{f"{field}__in": allowed}), name=name)


def not_negative(*fields: str, name: str) -> models.CheckConstraint:
    """The database refuses negative figures (empty is allowed where the column is)."""
    condition = Q()
    for field in fields:
        condition &= Q(**{f"{field}__gte": 0}) | Q(**{f"{field}__isnull": True})
    return models.CheckConstraint(condition=condition, name=name)


ROLES = ("director", "program_manager", "administrative", "practitioner", "privacy_officer")
LANGUAGES_OF_THE_PRODUCT = ("en", "fr")
THEMES = ("light", "dark")
"""besides what the device says"""
WAITING_REASONS = ("family_asked", "contact_sought", "date_agreed", "equipment", "information", "match_sought", "recruiting", "other")
"""why a manager leaves a unit waiting although somebody might take it"""
PRIORITIES = codes.PRIORITIES
