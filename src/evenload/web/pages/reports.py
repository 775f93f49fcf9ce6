"""Reports of a program: which question each of them answers."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from evenload.records.access import program_for
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in, shows
from evenload.words import message

REPORTS: Final = (
    ("contracts", message("Contracts"), message("Are the contracted visits delivered, and when do they run out?")),
    ("approvals", message("Visits to approve"), message("Who asks for unfunded visits, and whose visits run out?")),
    ("waiting_list", message("Waiting list"), message("Who waits in which pool, for how long, and what is late?")),
    ("french_service", message("Service in French"), message("Who asked for French, who is served in it, and where does it break?")),
    ("exceptions", message("French exceptions"), message("Which exceptions stand, and which are due for review?")),
    ("recruiting", message("Recruiting list"), message("Which hours would have to be hired?")),
    ("sites", message("Sites and teams"), message("Who comes where, and which discipline is missing?")),
)
"""route, name, question"""


@door("contract.see")
@require_safe
def reports(request: HttpRequest, code: str) -> HttpResponse:
    """The reports, each with its question."""
    words = words_of(request)
    program = program_for(person_in(request), code, "contract.see")
    shows(request, program=program)
    lines = [(reverse(route, args=[code]), words.say(name), words.say(question)) for route, name, question in REPORTS]
    return render(request, "reports.html", {"program": program, "lines": lines})
