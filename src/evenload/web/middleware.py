"""Who is asking, in which role and language; how long a session lasts; what no browser may keep."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control

from evenload.records.access import Person, person_of
from evenload.records.models import Account
from evenload.web.pages.errors import too_large

ROLE: Final = "role"
SEEN_AT: Final = "seen_at"
BEGAN_AT: Final = "began_at"
SEEN_STEP_SECONDS: Final = 60
"""a session is written at most once a minute, not at every page"""
OPEN_WITH_AN_OLD_PASSWORD: Final = frozenset({"change_password", "sign_out", "language", "sign_in"})


class LargestRequestMiddleware:
    """Refuses what is larger than is taken at once, before anything of it is read or kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        stated = request.META.get("CONTENT_LENGTH") or "0"
        if stated.isdecimal() and int(stated) > settings.LARGEST_REQUEST_BYTES:
            return too_large(request)
        return self.get_response(request)


class PersonMiddleware:
    """Sets `request.person` (None for strangers), the language, and a request id that no browser can choose."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = uuid.uuid4().hex  # type: ignore[attr-defined]
        _end_when_over(request, timezone.now())
        request.person = _person(request)  # type: ignore[attr-defined]
        if isinstance(request.user, Account):
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
        response = self.get_response(request)
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, no_store=True, private=True)
        return _whole_page_for_htmx(request, response)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        """A first password is changed before anything else is done."""
        user, match = request.user, request.resolver_match
        if isinstance(user, Account) and user.must_change_password and match and match.url_name not in OPEN_WITH_AN_OLD_PASSWORD:
            return redirect("change_password")
        return None


def _end_when_over(request: HttpRequest, now: datetime) -> None:
    """Nobody used it for a while, or it began too long ago, however busy it is."""
    if not request.user.is_authenticated:
        return
    began, seen = request.session.setdefault(BEGAN_AT, now.timestamp()), request.session.get(SEEN_AT)
    is_idle = seen is not None and now.timestamp() - float(seen) > settings.SESSION_IDLE_SECONDS
    if is_idle or now.timestamp() - float(began) > settings.SESSION_COOKIE_AGE:
        logout(request)
    elif seen is None or now.timestamp() - float(seen) > min(SEEN_STEP_SECONDS, settings.SESSION_IDLE_SECONDS / 2):
        request.session[SEEN_AT] = now.timestamp()


def _person(request: HttpRequest) -> Person | None:
    if not isinstance(request.user, Account):
        return None
    traces = {"request_id": request.request_id, "address": request.META.get("REMOTE_ADDR", "")}  # type: ignore[attr-defined]
    chosen = request.session.get(ROLE)
    return (chosen and person_of(request.user, chosen, **traces)) or person_of(request.user, **traces)


def _whole_page_for_htmx(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A fragment's request whose session has ended loads the sign-in page as a whole page, not into the fragment."""
    is_sent_away = response.status_code == 302 and response.headers.get("Location", "").startswith(reverse("sign_in"))
    if not (is_sent_away and request.headers.get("HX-Request")):
        return response
    sent = HttpResponse(status=200)
    sent["HX-Redirect"] = response.headers["Location"]
    return sent
