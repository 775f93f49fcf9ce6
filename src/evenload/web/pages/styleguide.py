"""Every part of the pages on one page, for whoever builds or checks them. It exists only where DEBUG is on."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenload.web.before_after import Figures, change_rows, price_change
from evenload.web.context import Header
from evenload.web.counters import Counter, CounterLine
from evenload.web.door import open_door
from evenload.web.load_bar import Load
from evenload.web.navigation import Step
from evenload.web.samples import bars, charts
from evenload.words import Words, label, words_in

THEMES: Final = ("light", "dark")


@open_door
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """The parts, with the figures of the interface's drawings; `?theme=dark` and `?compact=yes` show the other looks."""
    if not settings.DEBUG:
        raise Http404
    words = words_in(getattr(request, "LANGUAGE_CODE", "en"))
    theme = request.GET.get("theme", "")
    shown = {
        "theme": theme if theme in THEMES else "",
        "is_compact": request.GET.get("compact") == "yes",
        "header": _practitioners_header(words) if request.GET.get("role") == "practitioner" else None,
        "bars": bars(words),
        "charts": charts(),
        "rows": change_rows(words, _changes()),
        "price": price_change(words, 212.4, 205.1),
        "counters": _counters(),
        "errors": {"hours": [words.say("This field needs a number from 0 to 168, with a comma or a point.")]},
        "disciplines": [(code, label(words, "discipline", code)) for code in ("OT", "PT", "SLP")],
        "effective_on": date(2026, 2, 2),
        "swatches": ("canvas", "surface", "sunken", "ink", "muted", "accent", "control", "divider", "focus", "danger", "ok", "warn"),
    }
    return render(request, "styleguide.html", shown)


def _practitioners_header(words: Words) -> Header:
    """The frame of a practitioner's page with all her entries, four of them under her thumb."""
    names = (words.say("Today"), words.say("Clients"), words.say("Offers"), words.say("My load"), words.say("Assignment list"))
    steps = tuple(Step(name, f"#{place}", is_current=place == 0, is_thumb=place < 4) for place, name in enumerate(names))
    return Header(program=None, programs=(), roles=("practitioner",), steps=steps, has_thumbs=True, search_address=None, unread=0)


def _changes() -> list[tuple[str, Figures, Figures]]:
    def week(hours: float, capacity: int, state: str, travel: float, peak: float) -> Figures:
        return Figures(Load(round(60 * hours), 60 * capacity), state, round(60 * travel), round(60 * peak))

    return [
        ("Amara Lee", week(38.0, 34, "over", 5.1, 41.0), week(32.0, 34, "above_range", 3.9, 33.6)),
        ("Fatou Diallo", week(14.0, 28, "room", 2.0, 22.0), week(20.2, 28, "in_range", 3.4, 25.0)),
    ]


def _counters() -> tuple[Counter, ...]:
    """The desk's three counters, in English only: on the real desk their sentences are said in the page's language."""
    over = (
        CounterLine("Amara Lee", "38.0/34 h 112%"),
        CounterLine("Paul Singh", "33.0/31 h 106%"),
        CounterLine("Luc Bédard", "29.7/28 h 106%"),
    )
    room = (CounterLine("Fatou Diallo", "14.0/28 h 50%"), CounterLine("Ben Chan", "13.0/22 h 59%"))
    waiting = (CounterLine("French OT 5", "no hours left"), CounterLine("English SLP 7", "drive too long"))
    return (
        Counter("over", "Over: 3 people, 7.7 h/week", over, address="#over"),
        Counter("room", "Room: 5 people, 41 h/week", room, more="3 more", address="#room"),
        Counter("waiting", "Waiting: 12 units, 46.5 h/week", waiting, more="Oldest: 63 days", address="#waiting"),
    )
