"""What every page knows: the person, her roles and programs, the language."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from evenload import __version__
from evenload.records.access import Person, programs_for, roles_of
from evenload.words import words_in


def page(request: HttpRequest) -> dict[str, Any]:
    """For the templates; what costs a query is asked only where a template shows it."""
    person: Person | None = getattr(request, "person", None)
    lang = getattr(request, "LANGUAGE_CODE", "en")
    return {
        "person": person,
        "lang": lang,
        "words": words_in(lang),
        "version": __version__,
        "own_roles": (lambda: roles_of(person.account)) if person else (),
        "own_programs": (lambda: programs_for(person)) if person else (),
    }
