"""What a print's code answers to anybody: whether it is the current list. Numbers and days, never a name."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from evenload.web.door import open_door
from evenload.workflow import editions


@open_door
@require_safe
def check_list(request: HttpRequest) -> HttpResponse:
    """Type the code of a print."""
    stated = request.GET.get("code", "").strip()
    if not stated:
        return render(request, "check_list.html", {"stated": ""})
    found = editions.answer_code(stated)
    if found.state == "unknown":
        return render(request, "check_list.html", {"stated": stated[:60], "answer": found}, status=404)
    return redirect("answer", code=found.code)


@open_door
@require_safe
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """The answer of one code, as the QR code leads to it."""
    found = editions.answer_code(code)
    return render(request, "check_list.html", {"stated": code[:60], "answer": found}, status=404 if found.state == "unknown" else 200)
