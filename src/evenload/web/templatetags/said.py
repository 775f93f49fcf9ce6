"""Sentences in templates: whole, looked up in the one catalogue."""

from __future__ import annotations

from typing import Any

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def say(context: template.Context, message: str, **facts: Any) -> str:
    """The sentence in the page's language."""
    spoken: str = context["words"].say(message, **facts)
    return spoken
