"""How a load feels, and the conversation about it: said in two taps, counted beside it, solved by both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from evenload.records.access import Person, own_practitioners, program_for, talk_for, talks_of
from evenload.records.models import LoadTalk, Practitioner
from evenload.records.models.talks import CAUSES, OPEN_TALKS
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in, shows
from evenload.web.own_figure_parts import own_view
from evenload.web.talk_parts import MyWeek, my_week, signal_view, talk_view
from evenload.web.talk_words import CONFLICTS, talk_refusal
from evenload.words import Words, label
from evenload.workflow import talks
from evenload.workflow.refused import Refused


@door("load.say")
@require_http_methods(["GET", "HEAD", "POST"])
def my_load(request: HttpRequest) -> HttpResponse:
    """Her own week in every program, and how it feels: one tap for the feeling, one for the cause."""
    person, words = person_in(request), words_of(request)
    mine = list(own_practitioners(person))
    chosen = next((one for one in mine if str(one.pk) == request.POST.get("practitioner", "")), None)
    sentence = ""
    if request.method == "POST" and chosen is not None:
        try:
            stated = request.POST
            feeling, cause = stated.get("feeling", ""), stated.get("cause", "")
            talks.say(chosen, feeling, cause=cause, comment=stated.get("comment", ""), by=person, at=timezone.now())
        except Refused as refused:
            sentence = talk_refusal(words, refused)
        else:
            messages.success(request, _thanks(words, feeling))
            return redirect("my_load")
    weeks = [_week(words, one) for one in mine]
    asked = request.POST.get("feeling") or request.GET.get("feels", "")
    facts = {
        "weeks": weeks,
        "asked": asked if asked in ("too_high", "too_low") else "",
        "asked_of": request.POST.get("practitioner") or request.GET.get("practitioner", ""),
        "causes": [(code, label(words, "load_cause", code)) for code in CAUSES],
        "sentence": sentence or (words.say("Choose how your load feels.") if request.method == "POST" else ""),
    }
    return render(request, "my_load.html", facts, status=422 if request.method == "POST" else 200)


def _week(words: Words, one: Practitioner) -> MyWeek:
    talk = LoadTalk.objects.filter(practitioner=one, state__in=OPEN_TALKS).first()
    return replace(my_week(words, one, talk), own=own_view(words, one, today=timezone.localdate()))


def _thanks(words: Words, feeling: str) -> str:
    if feeling == "right":
        return words.say("Thank you. It is noted that your load feels right.")
    return words.say("Thank you. Your manager sees it now, and answers within {n} days.", n=talks.DAYS_TO_ANSWER)


@door("talk.see")
@require_safe
def conversations(request: HttpRequest, code: str) -> HttpResponse:
    """The conversations of a program: open ones first, the latest answer due on top."""
    person, words = person_in(request), words_of(request)
    program = program_for(person, code, "talk.see")
    shows(request, program=program)
    rows = talks_of(person, program).order_by("ended_at", "answer_due", "pk")
    lines = [signal_view(words, row, today=timezone.localdate()) for row in rows[:100]]
    is_open = [line for line in lines if line.is_open]
    return render(request, "talks.html", {"program": program, "open_lines": is_open, "past": [one for one in lines if not one.is_open]})


@door("talk.take_part")
@require_http_methods(["GET", "HEAD", "POST"])
def talk(request: HttpRequest, key: int) -> HttpResponse:
    """One conversation, for the two whose it is: what is felt, what is counted, what would help, who agrees."""
    person, words = person_in(request), words_of(request)
    found = talk_for(person, key)
    shows(request, program=found.practitioner.program, subject=found.practitioner)
    sentence, status = "", 200
    is_counting = request.method == "POST" and request.POST.get("act") == "count"
    if request.method == "POST" and not is_counting:
        act = ACTS.get(request.POST.get("act", ""))
        try:
            if act is None:
                raise Refused("nothing_chosen")
            act(request.POST, found, person)
            return redirect("talk", key=key)
        except Refused as refused:
            sentence, status = talk_refusal(words, refused), 409 if refused.code in CONFLICTS else 422
            found = talk_for(person, key)
    picked = request.POST.getlist("remedy")
    facts: dict[str, Any] = talk_view(words, found, person, today=timezone.localdate(), picked=picked)
    return render(request, "talk.html", facts | {"sentence": sentence, "stated": request.POST}, status=status)


def _write(stated: QueryDict, found: LoadTalk, by: Person) -> None:
    talks.write(found, stated.get("text", ""), by=by, at=timezone.now())


def _choose(stated: QueryDict, found: LoadTalk, by: Person) -> None:
    talks.choose(found, stated.getlist("remedy"), by=by, at=timezone.now())


def _agree(_: QueryDict, found: LoadTalk, by: Person) -> None:
    talks.agree(found, by=by, at=timezone.now())


def _reopen(_: QueryDict, found: LoadTalk, by: Person) -> None:
    talks.reopen(found, by=by, at=timezone.now())


def _settle(stated: QueryDict, found: LoadTalk, by: Person) -> None:
    talks.settle(found, outcome=stated.get("outcome", ""), by=by, at=timezone.now())


ACTS: Final[dict[str, Callable[[QueryDict, LoadTalk, Person], None]]] = {
    "write": _write,
    "choose": _choose,
    "agree": _agree,
    "reopen": _reopen,
    "settle": _settle,
}
"""what either of the two may do in a conversation"""
