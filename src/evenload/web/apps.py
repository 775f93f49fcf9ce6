"""The app of the pages: templates, static files and template tags; it has no models."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The pages."""

    name = "evenload.web"
    label = "web"
