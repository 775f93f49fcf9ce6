"""Help: what the keys do, what the bars say, how to read a load."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenload.web.door import door
from evenload.web.samples import bars
from evenload.words import words_in


@door("help.see")
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """The page, with one bar of each state as its legend."""
    words = words_in(getattr(request, "LANGUAGE_CODE", "en"))
    return render(request, "help.html", {"bars": bars(words)})
