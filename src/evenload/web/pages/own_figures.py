"""A practitioner's own weeks ahead as CSV."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from evenload.records.access import NotHers, own_practitioners
from evenload.web.charts import csv_of
from evenload.web.csv_answers import csv_answer
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in, shows
from evenload.web.own_figure_parts import own_chart
from evenload.workflow.own_figures import own_figures


@door("hours.own")
@require_safe
def weeks_csv(request: HttpRequest, code: str) -> HttpResponse:
    """Her own weeks in one program of hers; no week where the period is over or nothing can be counted."""
    words, today = words_of(request), timezone.localdate()
    one = own_practitioners(person_in(request)).filter(program__code=code).first()
    if one is None:
        raise NotHers
    shows(request, program=one.program)
    chart = own_chart(words, own_figures(one, today=today))
    file_name = f"{code}-{today.isoformat()}"
    if chart is None:
        return csv_answer(words, file_name, [words.say("Week of")], [])
    return csv_of(chart, words, file_name=file_name)
