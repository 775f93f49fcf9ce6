"""The load over time: how full past weeks were, how evenly, how much they changed, and who has been overloaded too long."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenload.records.access import program_for
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in, shows
from evenload.web.load_history_parts import load_history


@door("team.see")
@require_safe
def over_time(request: HttpRequest, code: str) -> HttpResponse:
    """The team by week and each person over the weeks."""
    program = program_for(person_in(request), code, "team.see")
    shows(request, program=program)
    return render(request, "load_over_time.html", load_history(words_of(request), program))
