"""The one app of records."""

from __future__ import annotations

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """All models live in this app; its label is `records`."""

    name = "evenload.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"
