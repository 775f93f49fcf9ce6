"""Imports: a file, its columns, what it would do, and then all of it or nothing; and everything out again as the same workbook."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from fractions import Fraction
from io import StringIO
from typing import Any, Final

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenload.exchange.cells import Manner, number_of
from evenload.exchange.columns_people import DISCIPLINE_CHOICES
from evenload.exchange.confined import ACCEPTED
from evenload.exchange.findings import letters_of
from evenload.exchange.own_meanings import BY_CODE, NOT_USED
from evenload.exchange.own_rows import Answers
from evenload.exchange.text_cells import Fault
from evenload.exchange.written import csv_text
from evenload.planning.codes import DISCIPLINES, SETTINGS
from evenload.planning.problems import Notice, Where
from evenload.records.access import Person, import_for, may, program_for, programs_for
from evenload.records.models import Import, Program
from evenload.web.door import door, person_in
from evenload.web.import_words import assumptions, meaning_groups, problem_line, refusal_sentence
from evenload.words import Words, notice_sentence, words_in
from evenload.workflow import export as exporting
from evenload.workflow import intake
from evenload.workflow.refused import Refused

SHOWN_IMPORTS: Final = 30
SHOWN_PROBLEMS: Final = 200
NEW: Final = "-"
"""stands for a program that is yet to be created"""
DEFAULT_WEEKS: Final = 20
SHEETS_SHOWN: Final = (
    "program", "practitioners", "absences", "duties", "sites", "classes", "units", "visits", "goals", "assignments",
)  # fmt: skip


@door("import.make")
@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """The latest imports into her programs, and the programs that can be taken out."""
    person = person_in(request)
    mine = Import.objects.filter(program__in=programs_for(person, "import.make")) | Import.objects.filter(program=None, by=person.account)
    recent = mine.select_related("program", "by").defer("content", "columns", "problems", "counts").order_by("-id")[:SHOWN_IMPORTS]
    return render(request, "imports.html", {"imports": recent, "programs": programs_for(person, "export.make")})


@door("import.make")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Step 1: the file, and the program it is for."""
    person, words = person_in(request), _words(request)
    if request.method != "POST":
        return render(request, "import_new.html", _new_shown(person, request.GET.get("program", "")))
    wanted = request.POST.get("program", "")
    upload = request.FILES.get("file")
    program = program_for(person, wanted, "import.make") if wanted not in ("", NEW) else None
    try:
        made = intake.preview(_content(upload), _name(upload), by=person, program=program, at=timezone.now())
    except Refused as refusal:
        field = "program" if refusal.code == "program_needed" else "file"
        shown = _new_shown(person, wanted) | {"errors": {field: [refusal_sentence(words, refusal)]}}
        return render(request, "import_new.html", shown, status=422)
    return redirect("import_columns" if intake.needs_columns(made) else "import_preview", key=made.pk)


@door("import.make")
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, key: int) -> HttpResponse:
    """Step 2: what the columns of an own list mean."""
    person, words = person_in(request), _words(request)
    made = import_for(person, key)
    if made.state != "previewed" or made.columns.get("kind") != "list":
        return redirect("import_preview", key=made.pk)
    if request.method != "POST":
        return render(request, "import_columns.html", _columns_shown(made, words, QueryDict()))
    try:
        if "sheet" in request.POST:
            intake.choose_sheet(made, request.POST["sheet"], by=person)
            return redirect("import_columns", key=made.pk)
        errors = _choose(made, request.POST, person, words)
    except Refused as refusal:
        errors = {"columns": [refusal_sentence(words, refusal)]}
    if errors:
        return render(request, "import_columns.html", _columns_shown(made, words, request.POST) | {"errors": errors}, status=422)
    return redirect("import_preview", key=made.pk)


@door("import.make")
@require_safe
def preview(request: HttpRequest, key: int) -> HttpResponse:
    """Step 3: what would be created, changed and left; or the rows to fix. Once confirmed: step 4."""
    person, words = person_in(request), _words(request)
    made = import_for(person, key)
    if made.columns.get("kind") == intake.OF_REFERRALS and made.program is not None:
        return redirect("referral_import_preview", code=made.program.code, key=key)
    return render(request, "import_preview.html", _preview_shown(made, person, words))


@door("import.make")
@require_POST
def confirm(request: HttpRequest, key: int) -> HttpResponse:
    """All of it, or nothing."""
    person, words = person_in(request), _words(request)
    made = import_for(person, key)
    try:
        intake.confirm(made, by=person, at=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal_sentence(words, refusal))
    else:
        messages.success(request, words.say("Imported. The file itself is not kept."))
    return redirect("import_preview", key=key)


@door("import.make")
@require_POST
def discard(request: HttpRequest, key: int) -> HttpResponse:
    """Forget the file."""
    person, words = person_in(request), _words(request)
    try:
        intake.discard(import_for(person, key), by=person, at=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal_sentence(words, refusal))
    else:
        messages.success(request, words.say("Discarded. Nothing was imported, and the file is not kept."))
    return redirect("imports")


@door("import.make")
@require_safe
def problems(request: HttpRequest, key: int) -> HttpResponse:
    """Every row to fix or to look at, as a CSV file."""
    words = _words(request)
    made = import_for(person_in(request), key)
    headings = _headings(made)
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([words.say(name) for name in ("Sheet", "Row", "Column", "Value", "Expected")])
    for stored in made.problems:
        line = problem_line(words, stored, headings)
        writer.writerow([csv_text(cell, ".") for cell in (line.sheet, line.row, line.column, line.value, line.expected)])
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{made.pk}-{words.lang}.csv"'
    return response


@door("export.make")
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest, code: str) -> HttpResponse:
    """Everything of a program as the workbook that comes in, or as zipped CSV files."""
    person, words = person_in(request), _words(request)
    program = program_for(person, code, "export.make")
    shown = {"program": program, "stated": request.POST}
    if request.method != "POST":
        return render(request, "export.html", shown)
    form, lang = request.POST.get("form", ""), request.POST.get("language", words.lang)
    if form not in exporting.FORMS or lang not in ("en", "fr"):
        shown["errors"] = {"form": [words.say("Choose a form of the file.")]}
        return render(request, "export.html", shown, status=422)
    made = exporting.export(program, form=form, lang=lang, by=person, at=timezone.now())
    response = HttpResponse(made.content, content_type=made.content_type)
    response["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return response


# Step 1


def _new_shown(person: Person, wanted: str) -> dict[str, Any]:
    programs = list(programs_for(person, "import.make"))
    may_create = may(person, "program.create")
    chosen = wanted or (NEW if may_create and not programs else programs[0].code if len(programs) == 1 and not may_create else "")
    return {
        "programs": programs,
        "may_create": may_create,
        "chosen": chosen,
        "new": NEW,
        "accepted": ",".join(ACCEPTED),
        "limit": intake.UPLOAD_LIMIT_BYTES // 1_000_000,
    }


def _content(upload: UploadedFile[bytes] | None) -> bytes:
    """The bytes of an upload; one that is too large is never read."""
    if upload is None:
        raise Refused("upload_missing")
    size = upload.size or 0
    if size > intake.UPLOAD_LIMIT_BYTES:
        raise Refused("upload_too_large", megabytes=round(size / 1e6), limit=round(intake.UPLOAD_LIMIT_BYTES / 1e6))
    content: bytes = upload.read()
    return content


def _name(upload: UploadedFile[bytes] | None) -> str:
    return (upload.name or "") if upload else ""


# Step 2


def _columns_shown(made: Import, words: Words, stated: QueryDict) -> dict[str, Any]:
    answers = intake.answers_of(made)
    chosen: dict[str, str] = made.columns.get("chosen") or {}
    rows = []
    for guess in made.columns.get("guesses", ()):
        index = str(guess["index"])
        meaning = stated.get(f"column_{index}", chosen.get(index, guess["meaning"]))
        rows.append({**guess, "letter": letters_of(guess["index"]), "chosen": meaning})
    today = timezone.localdate()
    defaults = {
        "name": answers.name_en if answers else "",
        "setting": answers.setting if answers else "school",
        "period_start": (answers.period_start if answers else today + timedelta(days=7 - today.weekday())).isoformat(),
        "period_weeks": str(answers.period_weeks if answers else DEFAULT_WEEKS),
        "discipline": answers.discipline if answers else "",
        "hours": words.number(answers.weekly_hours if answers else Fraction(75, 2)),
    }
    return {
        "made": made,
        "rows": rows,
        "matched": sum(bool(row["chosen"]) for row in rows),
        "unsure": sum(not row["is_sure"] for row in rows),
        "groups": meaning_groups(words),
        "settings": SETTINGS,
        "disciplines": [choice.code for choice in DISCIPLINE_CHOICES],
        "stated": {name: stated.get(name, default) for name, default in defaults.items()},
        "titles": made.columns.get("titles", []),
    }


def _choose(made: Import, stated: QueryDict, person: Person, words: Words) -> dict[str, list[str]]:
    """Read the form and, where it is whole, the list; the errors by field."""
    errors: dict[str, list[str]] = {}
    chosen = {guess["index"]: stated.get(f"column_{guess['index']}", NOT_USED) for guess in made.columns.get("guesses", ())}
    chosen = {index: code if code in BY_CODE else NOT_USED for index, code in chosen.items()}
    if not any(chosen.values()):
        errors["columns"] = [refusal_sentence(words, Refused("columns_missing"))]
    answers = _answers(made.program, stated, words, errors)
    if not errors and answers is not None:
        intake.choose_columns(made, columns=chosen, answers=answers, by=person, at=timezone.now())
    return errors


def _answers(program: Program | None, stated: QueryDict, words: Words, errors: dict[str, list[str]]) -> Answers | None:
    discipline = stated.get("discipline", "")
    if discipline not in ("", *DISCIPLINES):
        errors["discipline"] = [words.say("Choose a discipline of the list.")]
    hours = number_of(stated.get("hours", "37.5").strip() or "37.5", Manner())
    if isinstance(hours, Fault) or not 0 <= hours <= 168:
        errors["hours"] = [words.say("Expected a number from 0 to 168.")]
    if program is not None:
        rest: dict[str, Any] = {
            "name_en": program.name_en,
            "setting": program.setting,
            "period_start": program.period_start,
            "period_weeks": program.period_weeks,
        }
    else:
        rest = _new_program(stated, words, errors)
    return None if errors or isinstance(hours, Fault) else Answers(discipline=discipline, weekly_hours=hours, **rest)


def _new_program(stated: QueryDict, words: Words, errors: dict[str, list[str]]) -> dict[str, Any]:
    name = " ".join(stated.get("name", "").split())
    if not name or len(name) > 200 or not name.isprintable():
        errors["name"] = [words.say("Give the program a name.")]
    setting = stated.get("setting", "")
    if setting not in SETTINGS:
        errors["setting"] = [words.say("Choose where the program works.")]
    weeks = stated.get("period_weeks", "").strip()
    if not (weeks.isascii() and weeks.isdecimal() and 1 <= int(weeks[:4]) <= 260):
        errors["period_weeks"] = [words.say("Expected whole weeks, 1 to 260.")]
    start = _day(stated.get("period_start", "").strip())
    if start is None:
        errors["period_start"] = [words.say("Expected a day such as 2026-01-31.")]
    return {} if errors else {"name_en": name, "setting": setting, "period_start": start, "period_weeks": int(weeks)}


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1950 <= day.year <= 2150 else None


# Step 3


def _preview_shown(made: Import, person: Person, words: Words) -> dict[str, Any]:
    headings = _headings(made)
    blocking = intake.blocking(made)
    doubts = [problem for problem in made.problems if problem.get("is_doubt")]
    program = made.program
    return {
        "made": made,
        "is_list": made.columns.get("kind") == "list",
        "needs_columns": intake.needs_columns(made),
        "may_confirm": intake.may_confirm(made),
        "blocking_count": len(blocking),
        "doubt_count": len(doubts),
        "blocking": [problem_line(words, problem, headings) for problem in blocking[:SHOWN_PROBLEMS]],
        "doubts": [problem_line(words, problem, headings) for problem in doubts[:SHOWN_PROBLEMS]],
        "shown_problems": SHOWN_PROBLEMS,
        "shows_sheet": any(problem["sheet"] for problem in made.problems[:SHOWN_PROBLEMS]),
        "sheets": [(sheet, made.counts[sheet]) for sheet in SHEETS_SHOWN if sheet in made.counts],
        "is_any_gone": any(counted.get("gone") for counted in made.counts.values()),
        "assumptions": assumptions(words, made.columns.get("assumed", {})),
        "notices": [_notice(words, notice) for notice in made.columns.get("notices", ())],
        "program_name": words.either(program.name_en, program.name_fr) if program else made.columns.get("program_name", ""),
        "may_ask": program is not None and may(person, "run.ask", program),
    }


def _notice(words: Words, stored: dict[str, Any]) -> str:
    where = stored["where"]
    return notice_sentence(words, Notice(stored["code"], Where(where["table"], where["item"], where["field"]), stored["facts"]), {})


def _headings(made: Import) -> dict[str, str]:
    """Letters of a column → its heading; known for own lists only."""
    return {letters_of(guess["index"]): guess["heading"] for guess in made.columns.get("guesses", ())}


def _words(request: HttpRequest) -> Words:
    return words_in(getattr(request, "LANGUAGE_CODE", "en"))
