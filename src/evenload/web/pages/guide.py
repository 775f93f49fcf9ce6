"""The guide for managers, page by page, in the reader's language."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenload.web import guide as written
from evenload.web.door import door


@door("help.see")
@require_safe
def contents(request: HttpRequest) -> HttpResponse:
    """The first page: what the guide has."""
    return _shown(request, written.FIRST)


@door("help.see")
@require_safe
def page(request: HttpRequest, page: str) -> HttpResponse:
    """One task."""
    return _shown(request, page)


@door("help.see")
@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponse:
    """A picture of the guide."""
    path = written.picture_of(name, _lang(request))
    if path is None:
        raise Http404
    return HttpResponse(path.read_bytes(), content_type="image/png")


def _shown(request: HttpRequest, name: str) -> HttpResponse:
    found = written.page_of(name, _lang(request))
    if found is None:
        raise Http404
    return render(request, "guide.html", {"guide": found, "is_first": name == written.FIRST})


def _lang(request: HttpRequest) -> str:
    return "fr" if getattr(request, "LANGUAGE_CODE", "en") == "fr" else "en"
