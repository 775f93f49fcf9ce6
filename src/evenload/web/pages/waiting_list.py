"""The waiting list of a program: its pools, its rows, the audit of each, and all of it as CSV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from evenload.planning import codes
from evenload.records.access import Person, may, program_for, referral_for
from evenload.records.models import Program, Referral, Unit
from evenload.web import waiting_list_words as said
from evenload.web.allotment_words import client_title
from evenload.web.csv_answers import csv_answer
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in, shows
from evenload.web.waiting_words import REASONS
from evenload.words import Words, label
from evenload.workflow import journal, waiting_list
from evenload.workflow.referral_steps import codes_of
from evenload.workflow.refused import Refused
from evenload.workflow.waiting_list import NO_LONGER, Row, Wanted

PAGE_ROWS: Final = 50


@door("waiting_list.see")
@require_safe
def all_of(request: HttpRequest, code: str) -> HttpResponse:
    """Who waits, what is due, in which pools; filtered and sorted as the address says."""
    program = program_for(person_in(request), code, "waiting_list.see")
    return render(request, "waiting_list.html", _facts(request, program, request.GET))


@door("waiting_list.audit")
@require_POST
def audit(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """What an audit of one referral found; the page stays as it was filtered."""
    person, words = person_in(request), words_of(request)
    program = program_for(person, code, "waiting_list.audit")
    referral = referral_for(person, program, key, "waiting_list.audit")
    try:
        messages.success(request, _audited(request.POST, words, referral, person))
    except Refused as refused:
        stated = QueryDict(request.POST.get("query", ""))
        facts = _facts(request, program, stated) | {"refused_key": key, "sentence": said.refusal(words, refused), "stated": request.POST}
        conflict = refused.code in ("referral_changed", "not_waiting", "duplicate_closed", "referral_step", "offer_open")
        return render(request, "waiting_list.html", facts, status=409 if conflict else 422)
    return redirect(f"{reverse('waiting_list', args=[code])}?{_read_again(QueryDict(request.POST.get('query', '')))}")


def _read_again(stated: QueryDict) -> str:
    """The filters of a form as an address has them: only what is known, written anew."""
    page = stated.get("page", "")
    return _query(_wanted(stated), page=page if page.isascii() and page.isdecimal() and len(page) < 6 else "")


def _audited(stated: QueryDict, words: Words, referral: Referral, by: Person) -> str:
    version = stated.get("seen_version", "")
    known: dict[str, Any] = {"seen_version": int(version) if version.isdecimal() else -1, "by": by, "at": timezone.now()}
    initials, found = referral.client.initials, stated.get("answer", "")
    if found == "duplicate":
        of = stated.get("of", "")
        other = Referral.objects.filter(pk=int(of) if of.isdecimal() else 0, client__program=referral.client.program_id).first()
        if other is None:
            raise Refused("duplicate_missing")
        waiting_list.duplicate(referral, other, **known)
        return words.say("{initials}: closed as a duplicate. It leads to the referral that stays.", initials=initials)
    if found == "no_longer":
        waiting_list.no_longer(referral, stated.get("reason", ""), **known)
        return words.say("{initials}: no longer waiting, closed with the reason.", initials=initials)
    waiting_list.audit(referral, found, note=stated.get("note", ""), **known)
    return words.pair(initials, words.say(said.ANSWERS[found]))


@door("waiting_list.see")
@require_POST
def export(request: HttpRequest, code: str) -> HttpResponse:
    """The rows as they are filtered, as CSV, without names; that they were taken out is a line of the journal."""
    person, words = person_in(request), words_of(request)
    program = program_for(person, code, "waiting_list.see")
    today = timezone.localdate()
    wanted = _wanted(QueryDict(request.POST.get("query", "")))
    rows = waiting_list.shown(waiting_list.rows_of(program, today=today), wanted)
    views = _views(words, program, rows, may_audit=False)
    clients = [code for view in views for code in view["codes"]]
    with transaction.atomic():
        journal.record(person, "waiting_list.export", at=timezone.now(), program=program, clients=clients, rows=len(rows))
    headings = [
        words.say("Code"),
        words.say("Client or unit"),
        words.say("Discipline"),
        words.say("Language"),
        words.say("Priority"),
        words.say("Since"),
        words.say("Days waited"),
        words.say("Days the client chose"),
        words.say("Due"),
        words.say("Late"),
        words.say("Last audit"),
        words.say("Left waiting"),
    ]
    return csv_answer(words, f"waiting-list-{today.isoformat()}", headings, [_csv_row(words, view) for view in views])


def _csv_row(words: Words, view: dict[str, Any]) -> tuple[Any, ...]:
    row: Row = view["row"]
    late = words.say("Late") if row.is_late else ""
    spoken = view["language"]
    return (
        view["codes"][0],
        view["title"],
        row.discipline,
        spoken,
        row.priority,
        row.since,
        row.days,
        row.own_days,
        row.due,
        late,
        view["audited_on"],
        view["reason"],
    )


def _wanted(stated: Mapping[str, Any]) -> Wanted:
    """What the address asks for; what cannot be read takes all."""
    text = {name: str(stated.get(name, "")) for name in ("discipline", "language", "priority", "age", "only", "sort")}
    return Wanted(
        discipline=text["discipline"][:20],
        language=text["language"] if text["language"] in said.LANGUAGES else "",
        priority=int(text["priority"]) if text["priority"] in map(str, codes.PRIORITIES) else 0,
        age=text["age"] if text["age"] in said.AGES else "",
        only=text["only"] if text["only"] in said.ONLY else "",
        sort=text["sort"] if text["sort"] in said.SORTS else "due",
    )


def _query(wanted: Wanted, **more: object) -> str:
    stated = {name: getattr(wanted, name) for name in ("discipline", "language", "priority", "age", "only")}
    sort = {"sort": wanted.sort} if wanted.sort != "due" else {}
    return urlencode({name: value for name, value in {**stated, **sort, **more}.items() if value})


def _facts(request: HttpRequest, program: Program, stated: Mapping[str, Any]) -> dict[str, Any]:
    person, words, today = person_in(request), words_of(request), timezone.localdate()
    wanted, everybody = _wanted(stated), waiting_list.rows_of(program, today=today)
    rows = waiting_list.shown(everybody, wanted)
    page_text = str(stated.get("page", ""))
    pages = max(1, -(-len(rows) // PAGE_ROWS))
    page = min(int(page_text) if page_text.isascii() and page_text.isdecimal() and len(page_text) < 6 else 1, pages) or 1
    views = _views(words, program, rows[(page - 1) * PAGE_ROWS : page * PAGE_ROWS], may_audit=may(person, "waiting_list.audit", program))
    shows(request, program=program, clients=[code for view in views for code in view["codes"]])
    return {
        "program": program,
        "views": views,
        "whole": waiting_list.pool(rows),
        "count": len(everybody),
        "is_filtered": len(rows) != len(everybody) or bool(_query(replace(wanted, sort="due"))),
        "audits_due": sum(row.is_audit_due for row in everybody),
        "audits_address": f"?{_query(Wanted(only='audit'))}",
        "late_address": f"?{_query(Wanted(only='late'))}",
        "pools": [
            (one, words.say(said.LANGUAGES[one.language]), f"?{_query(Wanted(discipline=one.discipline, language=one.language))}")
            for one in waiting_list.pools(everybody)
        ],
        "query": _query(wanted, page=page if page > 1 else ""),
        "choices": _choices(words, everybody, wanted),
        "may_see_units": may(person, "unit.see", program),
        "wanted": wanted,
        "page": page,
        "pages": pages,
        "previous": f"?{_query(wanted, page=page - 1)}" if page > 1 else "",
        "next": f"?{_query(wanted, page=page + 1)}" if page < pages else "",
        "answers": [(code, words.say(name)) for code, name in said.ANSWERS.items()],
        "reasons": [(code, label(words, "closing_reason", code)) for code in NO_LONGER],
        "today": today,
    }


def _choices(words: Words, rows: Sequence[Row], wanted: Wanted) -> list[dict[str, Any]]:
    """The filters: name, label, what can be chosen and what is."""
    every = [("", words.say("All"))]
    disciplines = [(code, label(words, "discipline", code)) for code in sorted({row.discipline for row in rows})]
    priorities = [(str(one), str(one)) for one in codes.PRIORITIES]
    found: list[dict[str, Any]] = [
        {"name": "discipline", "label": words.say("Discipline"), "options": every + disciplines},
        {"name": "language", "label": words.say("Language"), "options": every + _said(words, said.LANGUAGES)},
        {"name": "priority", "label": words.say("Priority"), "options": every + priorities},
        {"name": "age", "label": words.say("Waiting for"), "options": every + _said(words, said.AGES)},
        {"name": "only", "label": words.say("Only"), "options": every + _said(words, said.ONLY)},
        {"name": "sort", "label": words.say("Order"), "options": _said(words, said.SORTS)},
    ]
    return [one | {"chosen": str(getattr(wanted, one["name"]) or "")} for one in found]


def _said(words: Words, names: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(code, words.say(name)) for code, name in names.items()]


def _views(words: Words, program: Program, rows: Sequence[Row], *, may_audit: bool) -> list[dict[str, Any]]:
    """The rows with their clients and units; four queries, however many there are."""
    referrals = Referral.objects.filter(pk__in=[row.key for row in rows if not row.is_unit] or [0])
    known = {one.pk: one for one in referrals.select_related("client", "site", "unit")}
    units = Unit.objects.filter(pk__in=[row.key for row in rows if row.is_unit] or [0]).select_related("site")
    pieces = {one.pk: one for one in units}
    alike = waiting_list.same_clients(program, known.values()) if may_audit else {}
    return [
        _unit_view(words, row, pieces[row.key]) if row.is_unit else _view(words, row, known[row.key], alike.get(row.key, []))
        for row in rows
        if row.key in (pieces if row.is_unit else known)
    ]


def _view(words: Words, row: Row, referral: Referral, alike: Sequence[Referral]) -> dict[str, Any]:
    return {
        **_shown(words, row),
        "referral": referral,
        "title": client_title(words, referral),
        "codes": codes_of(referral),
        "state": label(words, "referral_state", referral.state),
        "reason": _left_waiting(words, referral.unit),
        "audited_on": referral.audited_on,
        "audited": words.say(said.ANSWERS[referral.audit_answer]) if referral.audit_answer else "",
        "alike": [(one.pk, f"{client_title(words, one)} · {words.date(one.received_on)}") for one in alike],
    }


def _unit_view(words: Words, row: Row, unit: Unit) -> dict[str, Any]:
    site = unit.site
    place = words.either(site.name_en, site.name_fr) if site else ""
    return {
        **_shown(words, row),
        "unit": unit,
        "title": " · ".join(filter(None, (str(unit), row.discipline, place))),
        "codes": [unit.code],
        "state": _unit_state(words, row),
        "reason": _left_waiting(words, unit),
        "audited_on": None,
        "audited": "",
        "alike": [],
    }


def _unit_state(words: Words, row: Row) -> str:
    if row.blocks is None:
        return words.say("A unit without a referral")
    return words.say("{waiting} of {blocks} blocks wait", waiting=str(row.blocks[0]), blocks=str(row.blocks[1]))


def _shown(words: Words, row: Row) -> dict[str, Any]:
    return {"row": row, "language": said.language_name(words, row), "due": said.due_text(words, row), "waited": said.waited(words, row)}


def _left_waiting(words: Words, unit: Unit | None) -> str:
    """Why a manager leaves its unit waiting; empty where nobody said so."""
    if unit is None or not unit.left_waiting_reason:
        return ""
    reason = words.say(REASONS[unit.left_waiting_reason])
    return words.pair(reason, unit.left_waiting_note) if unit.left_waiting_note else reason
