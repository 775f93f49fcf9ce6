"""Home: the first entry of the role; for directors, the programs at a glance."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from evenload.records.access import Person, may, programs_for
from evenload.records.models import Edition, Program, Unit
from evenload.web.context import PROGRAM, header_of
from evenload.web.door import door, person_in
from evenload.web.pages.overview import overview_facts
from evenload.words import Words, words_in


@dataclass(frozen=True, slots=True)
class ProgramLine:
    """One program on the director's overview; the edition's facts are None before the first edition."""

    program: Program
    name: str
    people: int
    units: int
    edition: int | None
    edition_day: object
    waiting: int | None
    has_draft: bool
    desk: str | None
    list: str | None
    gap_sheet: str | None


@door("home.see")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Sends everybody to the first entry of her role; a director sees the overview, and with no program the first run."""
    person = person_in(request)
    words = words_in(getattr(request, "LANGUAGE_CODE", "en"))
    if request.GET.get("program"):
        request.session[PROGRAM] = request.GET["program"]
        return redirect("home")
    if person.is_director:
        lines = overview(person, words)
        first_run = _address("first_run")
        if not lines and first_run:
            return redirect(first_run)
        facts = overview_facts(words, person, timezone.now())
        by_key = {line.program.pk: line for line in lines}
        beside = [(one, by_key[one.part.program.pk]) for one in facts["program_lines"] if one.part.program.pk in by_key]
        return render(request, "overview.html", {**facts, "lines": beside})
    steps = [step for step in header_of(request, person, words).steps if step.address != request.path]
    first = next(iter(steps), None)
    return redirect(first.address) if first else render(request, "home.html")


def overview(person: Person, words: Words) -> list[ProgramLine]:
    """The programs of a person: two queries, however many there are."""
    counted = {program.pk: program for program in _counted(programs_for(person))}
    current = {edition.program_id: edition for edition in Edition.objects.filter(program__in=counted, is_current=True)}
    return [_line(person, words, program, current.get(program.pk)) for program in counted.values()]


def _counted(programs: QuerySet[Program]) -> QuerySet[Program]:
    units = (
        Unit.objects.filter(program=OuterRef("pk"), closed_on__isnull=True).order_by().values("program").annotate(n=Count("pk")).values("n")
    )
    return programs.annotate(
        people_count=Count("practitioners", distinct=True),
        unit_count=Subquery(units),
        draft_count=Count("drafts", filter=Q(drafts__closed_at__isnull=True), distinct=True),
    )


def _line(person: Person, words: Words, program: Program, edition: Edition | None) -> ProgramLine:
    counts = vars(program)
    return ProgramLine(
        program=program,
        name=words.either(program.name_en, program.name_fr),
        people=counts["people_count"],
        units=counts["unit_count"] or 0,
        edition=edition.number if edition else None,
        edition_day=edition.effective_on if edition else None,
        waiting=edition.waiting_units if edition else None,
        has_draft=counts["draft_count"] > 0,
        desk=_address("desk", program.code) if may(person, "desk.see", program) else None,
        list=_address("list", program.code) if may(person, "list.see", program) else None,
        gap_sheet=_address("gap_sheet_file", program.code, words.lang, "pdf"),
    )


def _address(name: str, *arguments: str) -> str | None:
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return None
