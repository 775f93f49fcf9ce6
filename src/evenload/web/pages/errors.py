"""Pages for what went wrong: a fact and a next step, in both languages, drawn without asking the records anything."""

from __future__ import annotations

import sys
from typing import Final

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from evenload import __version__

RETRY_AFTER_SECONDS: Final = 30


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 — the arguments that Django passes
    """400: a request that cannot be read."""
    return _page(request, 400)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 — the arguments that Django passes
    """403: a page of another role."""
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 — the arguments that Django passes
    """404: an address that leads nowhere, or to a row of somebody else: nobody can tell which."""
    return _page(request, 404)


def conflict(request: HttpRequest) -> HttpResponse:
    """409: somebody changed the same thing first."""
    return _page(request, 409)


def too_large(request: HttpRequest) -> HttpResponse:
    """413: more than is taken at once; nothing of it was read."""
    return _page(request, 413)


def broken(request: HttpRequest) -> HttpResponse:
    """500: an accident of ours; 503 where the records do not answer."""
    kind = sys.exc_info()[0]
    if kind is not None and issubclass(kind, OperationalError | InterfaceError):
        return unavailable(request)
    return _page(request, 500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: nothing is shown, nothing is half-done; browsers are told when to try again."""
    response = _page(request, 503)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def csrf_failure(request: HttpRequest, **_: object) -> HttpResponse:
    """403: a form from an old page, or from elsewhere."""
    return _page(request, 403, template="errors/csrf.html")


def _page(request: HttpRequest, status: int, *, template: str = "") -> HttpResponse:
    """Rendered without the request's context: a page that asked the records would fail as they do."""
    shown = {"request_id": getattr(request, "request_id", ""), "status": status, "version": __version__}
    return HttpResponse(render_to_string(template or f"errors/{status}.html", shown), status=status)
