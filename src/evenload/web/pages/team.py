"""The team: people with their hours, range and absences; and the hand-over on departure or leave."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from evenload.records.access import practitioner_for, program_for
from evenload.records.models import Draft, Practitioner, Program
from evenload.web.before_after import ChangeRow, change_rows
from evenload.web.desk_answers import words_of
from evenload.web.desk_parts import RowView, client_units, row_view
from evenload.web.desk_preview import figures
from evenload.web.door import door, person_in, shows
from evenload.web.draft_words import names_of, refusal_sentence, unit_name
from evenload.web.french_words import loss_sentences, near_end_sentence
from evenload.web.leave_parts import away_and_offered, leaves_of
from evenload.web.load_history_parts import load_history
from evenload.words import Words, label, message, reason_sentence
from evenload.words.phrases import Names, joined
from evenload.workflow import drafts
from evenload.workflow import hand_over as handing
from evenload.workflow.current_picture import picture_at_hand
from evenload.workflow.desk_rows import row_of
from evenload.workflow.draft_picture import Picture, picture_of
from evenload.workflow.hour_ledger import week_lines
from evenload.workflow.refused import Refused
from evenload.workflow.sole_french import ends_near, losses_without

LOSSES = {
    "only_french": message("At {site} nobody would speak fluent French any more."),
    "only_discipline": message("At {site} nobody of {discipline} would come any more."),
}


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of a proposal: the units that go together, who takes over and why, and who else could."""

    first: str
    title: str
    clients: int
    minutes: int
    to: str
    reasons: str


@door("team.see")
@require_safe
def team(request: HttpRequest, code: str) -> HttpResponse:
    """Everybody of the program with her hours and her week."""
    program = program_for(person_in(request), code, "team.see")
    shows(request, program=program)
    words, at_hand = words_of(request), _at_hand(program)
    loads: dict[str, RowView] = {}
    if at_hand is not None:
        picture, _ = at_hand
        names = names_of(words, picture.facts)
        loads = {one.id: row_view(words, names, row_of(picture, one), is_open=False) for one in picture.facts.case.practitioners}
    people = program.practitioners.prefetch_related("languages")
    history = load_history(words, program)
    marks = {line.person.pk: line.mark for line in history["people"]}
    lines = [
        {"person": one, "load": loads.get(one.code), "languages": _languages(words, one), "mark": marks.get(one.pk, "")} for one in people
    ]
    has_draft = at_hand is not None and at_hand[1] is not None
    endings = _endings(words, program, at_hand[0]) if at_hand is not None else []
    facts = {"program": program, "lines": lines, "has_draft": has_draft, "over_time": history, "endings": endings}
    return render(request, "team.html", facts | away_and_offered(words, program, today=timezone.localdate()))


def _at_hand(program: Program) -> tuple[Picture, Draft | None] | None:
    """The draft's picture or that of now; None where the facts contradict each other, which the desk explains."""
    try:
        return picture_at_hand(program)
    except Refused:
        return None


def _endings(words: Words, program: Program, picture: Picture) -> list[tuple[str, str, list[str]]]:
    """Who goes soon and would leave a site or a pool without French: code, when, what it would lose."""
    names = names_of(words, picture.facts)
    near = ends_near(program, today=timezone.localdate())
    return [
        (
            one.practitioner,
            near_end_sentence(words, names.get(one.practitioner, ""), one.last_day),
            loss_sentences(words, names, one.losses),
        )
        for one in near
    ]


def _languages(words: Words, one: Practitioner) -> str:
    spoken = [(words.language_name(row.language), label(words, "level", row.level).lower()) for row in one.languages.all()]
    return ", ".join(words.say("{language} ({level})", language=name, level=level) for name, level in spoken)


@door("team.see")
@require_http_methods(["GET", "HEAD", "POST"])
def practitioner(request: HttpRequest, code: str, practitioner: str) -> HttpResponse:
    """One person: hours, range, absences, duties, and her units in the draft. A POST leads to the hand-over of that kind."""
    person = person_in(request)
    program = program_for(person, code, "team.see")
    found = practitioner_for(person, program, practitioner, "team.see")
    shows(request, program=program, subject=found)
    facts = _person_facts(request, program, found)
    if request.method == "POST":
        kind = request.POST.get("kind", "")
        if kind in (handing.DEPARTURE, handing.LEAVE):
            return redirect("hand_over", code=code, practitioner=practitioner)
        errors = {"kind": [words_of(request).say("Choose departure or leave.")]}
        return render(request, "practitioner.html", facts | {"errors": errors}, status=422)
    return render(request, "practitioner.html", facts)


def _person_facts(request: HttpRequest, program: Program, found: Practitioner) -> dict[str, Any]:
    words, row = words_of(request), None
    picture, draft = _at_hand(program) or (None, None)
    if picture is not None and found.code in picture.facts.people:
        plain = row_of(picture, picture.facts.case.practitioner(found.code))
        row = row_view(words, names_of(words, picture.facts), plain, is_open=True)
        shows(request, program=program, subject=found, clients=client_units(plain.cards))
    who = [found.code, found.engagement, "*"]
    return {
        "program": program,
        "one": found,
        "row": row,
        "draft": draft,
        "board": picture,
        "weeks": week_lines(picture, found.code) if row is not None and picture is not None else (),
        "languages": _languages(words, found),
        "days": words.list_of(label(words, "day", day) for day in found.days),
        "absences": program.absences.filter(who__in=who),
        "leaves": leaves_of(words, program, today=timezone.localdate(), only=found),
        "duties": program.duties.filter(who__in=[*who, *found.disciplines]),
        "errors": {},
    }


@door("team.change")
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, code: str, practitioner: str) -> HttpResponse:
    """Departure or leave: a proposal with a reason per unit, then one change with one undo."""
    person = person_in(request)
    program = program_for(person, code, "team.change")
    found = practitioner_for(person, program, practitioner, "team.change")
    draft = drafts.open_draft_of(program)
    if draft is None:
        messages.info(request, words_of(request).say("Begin a draft first: a departure or a leave is prepared in it."))
        return redirect("desk", code=code)
    facts: dict[str, Any] = {
        "program": program,
        "one": found,
        "name": str(found),
        "draft": draft,
        "stated": request.POST or request.GET,
        "errors": {},
    }
    if request.method != "POST":
        return render(request, "hand_over.html", facts | {"today": timezone.localdate()})
    words = words_of(request)
    dates, errors = _dates(words, request)
    if errors:
        return render(request, "hand_over.html", facts | {"errors": errors}, status=422)
    try:
        proposal = _proposal(draft, found.code, request.POST["kind"], dates)
        if request.POST.get("step") == "apply":
            return _applied(request, draft, proposal)
    except Refused as refused:
        return _proposal_again(request, facts, refused, dates)
    return render(request, "hand_over.html", facts | _shown(words, draft, proposal))


def _dates(words: Words, request: HttpRequest) -> tuple[tuple[date, date | None], dict[str, list[str]]]:
    """First and last day as stated, or what is wrong at which field."""
    errors, kind = {}, request.POST.get("kind", "")
    if kind not in (handing.DEPARTURE, handing.LEAVE):
        errors["kind"] = [words.say("Choose departure or leave.")]
    days: dict[str, date] = {}
    for name in ("starts_on", "ends_on") if kind == handing.LEAVE else ("starts_on",):
        try:
            days[name] = date.fromisoformat(request.POST.get(name, ""))
        except ValueError:
            errors[name] = [words.say("Write a day as 2026-02-03.")]
    if "starts_on" in days and "ends_on" in days and days["ends_on"] < days["starts_on"]:
        errors["ends_on"] = [words.say("The last day lies before the first day.")]
    return (days.get("starts_on", date.min), days.get("ends_on")), errors


def _proposal(draft: Draft, code: str, kind: str, dates: tuple[date, date | None]) -> handing.HandOver:
    if kind == handing.DEPARTURE or dates[1] is None:
        return handing.propose_departure(draft, code, leaves_on=dates[0])
    return handing.propose_leave(draft, code, starts_on=dates[0], ends_on=dates[1])


def _proposal_again(request: HttpRequest, facts: dict[str, Any], refused: Refused, dates: tuple[date, date | None]) -> HttpResponse:
    """What was refused, above the proposal as of now, where there still is one."""
    words, draft = words_of(request), facts["draft"]
    told = Refused("units_changed") if refused.code == "changed_meanwhile" else refused
    sentence = refusal_sentence(words, told, names_of(words, picture_of(draft).facts))
    try:
        shown = _shown(words, draft, _proposal(draft, facts["one"].code, request.POST["kind"], dates))
    except Refused:
        return render(request, "hand_over.html", facts | {"sentence": sentence}, status=409)
    chosen = request.POST
    shown["lines"] = [replace(line, to=chosen.get(f"to-{line.first}", line.to)) for line in shown["lines"]]
    return render(request, "hand_over.html", facts | shown | {"sentence": sentence}, status=409)


def _shown(words: Words, draft: Draft, proposal: handing.HandOver) -> dict[str, Any]:
    picture = picture_of(draft)
    names = names_of(words, picture.facts)
    return {
        "proposal": proposal,
        "lines": [_line_view(words, names, line) for line in proposal.lines],
        "losses": [
            *(words.say(LOSSES[loss.code], **_loss_facts(words, names, loss)) for loss in proposal.losses),
            *loss_sentences(words, names, (one for one in losses_without(picture, proposal.practitioner) if not one.site)),
        ],
        "rows": _changes(words, picture, proposal),
        "people": _others(names, picture, proposal.practitioner),
        "left": sum(line.to is None for line in proposal.lines),
    }


def _line_view(words: Words, names: Names, line: handing.Line) -> LineView:
    title = words.list_of(unit_name(words, names, piece) for piece in line.pieces)
    reasons = joined(reason_sentence(words, reason, names) for reason in line.reasons)
    return LineView(line.pieces[0], title, line.clients, line.minutes, line.to or "", reasons)


def _loss_facts(words: Words, names: Names, loss: handing.Loss) -> dict[str, str]:
    facts = {"site": names.get(loss.site, loss.site)}
    return facts | {"discipline": label(words, "discipline", loss.discipline)} if loss.discipline else facts


def _changes(words: Words, picture: Picture, proposal: handing.HandOver) -> list[ChangeRow]:
    people = picture.facts.case.practitioner
    sides = [(one.name, figures(people(one.code), one.load.before), figures(people(one.code), one.load.after)) for one in proposal.people]
    return change_rows(words, sides)


def _others(names: Names, picture: Picture, leaver: str) -> list[tuple[str, str]]:
    """Everybody who shares a discipline with her, by name."""
    hers = set(picture.facts.case.practitioner(leaver).disciplines)
    people = [one for one in picture.facts.case.practitioners if one.id != leaver and hers & set(one.disciplines)]
    return sorted(((one.id, names.get(one.id, one.id)) for one in people), key=lambda item: item[1].casefold())


def _applied(request: HttpRequest, draft: Draft, proposal: handing.HandOver) -> HttpResponse:
    """One change of the draft; the manager's own choices stand in for what was proposed."""
    person, words = person_in(request), words_of(request)
    firsts = {line.pieces[0] for line in proposal.lines}
    choices = {piece: request.POST[f"to-{piece}"] or None for piece in firsts if f"to-{piece}" in request.POST}
    if request.POST.get("version", "") != str(proposal.version) and set(choices) != firsts:
        raise Refused("changed_meanwhile")
    handing.apply_hand_over(draft, proposal, by=person, at=timezone.now(), choices=choices, reason=request.POST.get("reason", ""))
    messages.success(request, words.say("The hand-over is in the draft, as one change. One undo takes it back."))
    change = draft.changes.filter(kind="hand_over").order_by("-pk").first()
    if change is not None and change.facts_before.get("last_day_kept"):
        told = words.say("The last day was not set: the absences on record exceed the hours until then. Correct them by an import.")
        messages.warning(request, told)
    return redirect("desk", code=draft.program.code)
