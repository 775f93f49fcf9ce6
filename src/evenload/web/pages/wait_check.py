"""The calculator of waiting lists: open to everybody, nothing stored, the arithmetic of the program's own figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenload.web.desk_answers import words_of
from evenload.web.door import open_door
from evenload.web.pages.own_check import CheckField
from evenload.web.wait_check_words import HINTS, QUESTIONS, capa_lines, wait_lines, wrong_sentence
from evenload.web.worksheet_fields import FieldView, as_typed
from evenload.words import Words
from evenload.workflow.wait_check import CAPA, WAIT, Question, Typed, capa_answer, read, wait_answer


@open_door
@require_safe
def wait_check(request: HttpRequest) -> HttpResponse:
    """Both calculators; the one whose figures the address states has its answer. No session, no record."""
    words, stated = words_of(request), request.GET
    typed = {name: read(questions, stated.dict()) for name, questions in (("wait", WAIT), ("capa", CAPA)) if _is_asked(stated, questions)}
    facts: dict[str, Any] = {
        "wait_fields": _fields(words, WAIT, stated, typed.get("wait")),
        "capa_fields": _fields(words, CAPA, stated, typed.get("capa")),
        "errors": [(f"check-{name}", words.say(QUESTIONS[name])) for found in typed.values() for name in found.wrong],
        "wait_lines": (),
        "capa_lines": (),
    }
    if (asked := typed.get("wait")) and not asked.wrong:
        facts["wait_lines"] = wait_lines(words, wait_answer(asked), asked)
    if (asked := typed.get("capa")) and not asked.wrong:
        facts["capa_lines"] = capa_lines(words, capa_answer(asked))
    is_wrong = any(found.wrong for found in typed.values())
    return render(request, "wait_check.html", facts, status=422 if is_wrong else 200)


def _is_asked(stated: QueryDict, questions: Sequence[Question]) -> bool:
    return any(one.name in stated for one in questions)


def _fields(words: Words, questions: Sequence[Question], stated: QueryDict, typed: Typed | None) -> list[CheckField]:
    wrong = typed.wrong if typed is not None else {}
    return [
        CheckField(
            FieldView(
                one.name,
                f"check-{one.name}",
                words.say(QUESTIONS[one.name]),
                stated.get(one.name, as_typed(words, one.usual)),
                "",
                (wrong_sentence(words, one, wrong[one.name]),) if one.name in wrong else (),
            ),
            words.say(HINTS[one.name]) if one.name in HINTS else "",
        )
        for one in questions
    ]
