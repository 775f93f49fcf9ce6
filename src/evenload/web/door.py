"""The door of every view: who may come in, what is written down about the visit. A view without a door is refused by a test."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, models
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from evenload.records.access import JOURNALLED, RULES, NotHers, Person, may
from evenload.records.models import Program
from evenload.web.log_lines import without_secrets
from evenload.web.pages.errors import unavailable
from evenload.workflow import journal

PUBLIC = "public"
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page showed, for the journal: the program, one subject, and the clients or units on it."""

    program: Program | None = None
    subject: models.Model | tuple[str, object] | None = None
    clients: tuple[str, ...] = ()


def door(action: str) -> Callable[[View[P]], View[P]]:
    """Lets in who may take the action (403 for the wrong role); writes down what was looked at, or refuses with 503."""
    if action not in RULES:
        raise KeyError(action)

    def with_door(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            person = person_in(request)
            if not may(person, action):
                journal.record_alone(
                    person, "access.denied", at=timezone.now(), subject=("action", action), path=without_secrets(request.path)
                )
                raise PermissionDenied
            try:
                response = view(request, *args, **kwargs)
            except NotHers:
                journal.record_alone(
                    person, "access.denied", at=timezone.now(), subject=("action", action), path=without_secrets(request.path)
                )
                raise
            return _written_down(request, person, action, response)

        guarded.action = action  # type: ignore[attr-defined]
        return guarded

    return with_door


def open_door(view: View[P]) -> View[P]:
    """Lets everybody in, signed in or not: sign-in, a print's code, the language."""
    view.action = PUBLIC  # type: ignore[attr-defined]
    opened: View[P] = login_not_required(view)
    return opened


def person_in(request: HttpRequest) -> Person:
    """The person of a request; an account without any role is refused."""
    person: Person | None = getattr(request, "person", None)
    if person is None:
        raise PermissionDenied
    return person


def shows(
    request: HttpRequest,
    *,
    program: Program | None = None,
    subject: models.Model | tuple[str, object] | None = None,
    clients: Iterable[str] = (),
) -> None:
    """Says what this page shows, so that the door's line in the journal names it."""
    request.shown = Shown(program, subject, tuple(clients))  # type: ignore[attr-defined]


def _written_down(request: HttpRequest, person: Person, action: str, response: HttpResponseBase) -> HttpResponseBase:
    if action not in JOURNALLED or request.method not in ("GET", "HEAD") or response.status_code != 200:
        return response
    shown: Shown = getattr(request, "shown", Shown())
    try:
        journal.record_alone(
            person,
            action,
            at=timezone.now(),
            program=shown.program,
            subject=shown.subject,
            clients=shown.clients,
            path=without_secrets(request.path),
        )
    except DatabaseError:
        if unsent := getattr(response, "file_to_stream", None):
            unsent.close()
        return unavailable(request)
    return response


def action_of(view: Callable[..., Any]) -> str | None:
    """The action that a view declares, `public`, or None."""
    return getattr(view, "action", None)
