"""The calendar feed: she makes its secret address, which is shown once; calendars read it without signing in; revoked it is gone."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from evenload.web.desk_answers import words_of
from evenload.web.door import door, open_door, person_in
from evenload.workflow import calendar_feed as feeds

READS_IN_TEN_MINUTES: Final = 30
"""of one feed; a calendar reads it a few times an hour"""
GUESSES_IN_TEN_MINUTES: Final = 300
"""from one address of the network, at addresses that lead nowhere"""
SPAN_SECONDS: Final = 600


@door("calendar.own")
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_feed(request: HttpRequest) -> HttpResponse:
    """Her feed: whether there is one, when it was read; a POST makes a new address or revokes it."""
    person, words = person_in(request), words_of(request)
    act = request.POST.get("act", "")
    if request.method == "POST" and act == "revoke":
        if feeds.revoke(by=person, at=timezone.now()):
            messages.success(request, words.say("The address is revoked. Calendars that follow it receive nothing any more."))
        return redirect("calendar_feed")
    address = ""
    if request.method == "POST" and act == "make":
        token = feeds.make(by=person, at=timezone.now())
        address = request.build_absolute_uri(reverse("calendar_file", args=[token]))
    facts = {"feed": feeds.feed_of(person), "address": address, "refused": request.method == "POST" and not address}
    return render(request, "calendar_feed.html", facts, status=422 if facts["refused"] else 200)


@open_door
@require_safe
def calendar_file(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar of a secret address. 404 for anything else; 429 where it is read again and again."""
    feed = feeds.feed_at(token)
    if feed is None:
        return _refused("guess", request.META.get("REMOTE_ADDR", ""), most=GUESSES_IN_TEN_MINUTES, status=404)
    if _often("feed", str(feed.pk), READS_IN_TEN_MINUTES):
        return _too_often()
    response = HttpResponse(feeds.document(feed, at=timezone.now()), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="evenload.ics"'
    response["Cache-Control"] = "private, max-age=300"
    return response


def _refused(kind: str, who: str, *, most: int, status: int) -> HttpResponse:
    if _often(kind, who, most):
        return _too_often()
    return HttpResponse("404\n", status=status, content_type="text/plain")


def _too_often() -> HttpResponse:
    response = HttpResponse("429\n", status=429, content_type="text/plain")
    response["Retry-After"] = str(SPAN_SECONDS)
    return response


def _often(kind: str, who: str, most: int) -> bool:
    """Whether this happened more than so often in ten minutes, in this process."""
    key = f"calendar-{kind}-{who}"
    if cache.add(key, 1, SPAN_SECONDS):
        return False
    try:
        return int(cache.incr(key)) > most
    except ValueError:  # ran out between the two
        return False
