"""Many referrals from one file: the empty form to fill in, the file, its preview with every problem, and then all or none."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from evenload.exchange.columns_referrals import REFERRALS
from evenload.exchange.referral_list import ACCEPTED, MOST_ROWS, template_csv, template_workbook
from evenload.records.access import NotHers, import_for, program_for
from evenload.records.models import Import, Program
from evenload.web import referral_words as said
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in, shows
from evenload.web.import_words import ProblemLine, problem_line
from evenload.web.import_words import refusal_sentence as import_sentence
from evenload.web.pages.lists import program_name
from evenload.words import Words
from evenload.words.problems import one_line
from evenload.workflow import intake, referral_intake
from evenload.workflow.referrals import Wrong
from evenload.workflow.refused import Refused

SHOWN: Final = 200
FORMS: Final = {
    "csv": ("text/csv; charset=utf-8", template_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", template_workbook),
}


@door("referral.make")
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, code: str) -> HttpResponse:
    """Choose the file; the empty form is here too."""
    person, words = person_in(request), words_of(request)
    program = program_for(person, code, "referral.make")
    shows(request, program=program)
    facts: dict[str, Any] = {
        "program": program,
        "program_name": program_name(words, program),
        "accepted": ",".join(ACCEPTED),
        "limit": intake.UPLOAD_LIMIT_BYTES // 1_000_000,
        "most_rows": MOST_ROWS,
    }
    if request.method != "POST":
        return render(request, "referral_import.html", facts)
    sent = request.FILES.get("file")
    try:
        if not isinstance(sent, UploadedFile):
            raise Refused("upload_missing")
        if (sent.size or 0) > intake.UPLOAD_LIMIT_BYTES:
            raise Refused("upload_too_large", megabytes=round((sent.size or 0) / 1e6), limit=intake.UPLOAD_LIMIT_BYTES // 1_000_000)
        made = referral_intake.preview(sent.read(), sent.name or "", by=person, program=program, at=timezone.now())
    except Refused as refused:
        errors = {"file": [import_sentence(words, refused)]}
        return render(request, "referral_import.html", facts | {"errors": errors}, status=422)
    return redirect("referral_import_preview", code=code, key=made.pk)


@door("referral.make")
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """What the file would do; confirm it, or discard it."""
    person, words = person_in(request), words_of(request)
    program = program_for(person, code, "referral.make")
    made = import_for(person, key)
    if made.program_id != program.pk or made.columns.get("kind") != intake.OF_REFERRALS:
        raise NotHers
    shows(request, program=program, subject=made)
    if request.method == "POST":
        return _decided(request, words, program, made)
    return render(request, "referral_import_preview.html", _facts(words, program, made))


def _decided(request: HttpRequest, words: Words, program: Program, made: Import) -> HttpResponse:
    person, at = person_in(request), timezone.now()
    try:
        if request.POST.get("act") == "confirm":
            count = referral_intake.confirm(made, by=person, at=at)
            messages.success(request, words.say_n("{n} referral is taken in.", "{n} referrals are taken in.", count))
            return redirect("referrals", code=program.code)
        if request.POST.get("act") == "discard":
            intake.discard(made, by=person, at=at)
            messages.success(request, words.say("Nothing was taken in, and the file is not kept."))
            return redirect("referral_import", code=program.code)
    except Refused as refused:
        messages.error(request, import_sentence(words, refused))
    return redirect("referral_import_preview", code=program.code, key=made.pk)


def _facts(words: Words, program: Program, made: Import) -> dict[str, Any]:
    blocking = intake.blocking(made)
    doubts = [one for one in made.problems if one.get("is_doubt")]
    return {
        "program": program,
        "program_name": program_name(words, program),
        "made": made,
        "rows": made.columns.get("rows", 0),
        "may_confirm": referral_intake.may_confirm(made),
        "blocking_count": len(blocking),
        "doubt_count": len(doubts),
        "blocking": [_line(words, one) for one in blocking[:SHOWN]],
        "doubts": [_line(words, one) for one in doubts[:SHOWN]],
        "shown_problems": SHOWN,
        "shows_sheet": any(one["sheet"] for one in made.problems[:SHOWN]),
    }


def _line(words: Words, stored: dict[str, Any]) -> ProblemLine:
    """A problem of the file in words: those of the format as every import says them, those of referrals as the form does."""
    if not stored.get("is_referral"):
        return problem_line(words, stored, {})
    letters = stored["cell"].rstrip("0123456789")
    sentence = said.wrong_sentence(words, Wrong("", stored["code"], stored["facts"]))
    return ProblemLine(stored["sheet"], stored["cell"][len(letters) :], letters, one_line(stored["value"], 80), sentence)


@door("referral.make")
@require_safe
def template(request: HttpRequest, code: str, language: str, form: str) -> HttpResponse:
    """The empty list, in English or French, as a workbook or CSV."""
    program = program_for(person_in(request), code, "referral.make")
    if language not in ("en", "fr") or form not in FORMS:
        raise Http404(form)
    shows(request, program=program)
    kind, made = FORMS[form]
    answer = HttpResponse(made(language), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{REFERRALS.title(language)}.{form}"'
    return answer
