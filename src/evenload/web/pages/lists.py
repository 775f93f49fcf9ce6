"""The assignment list: the current edition and every older one, by school, residence, area and person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from evenload.exchange.edition_code import code_svg
from evenload.exchange.edition_files import FORMS
from evenload.records.access import Person, edition_for, may, program_for
from evenload.records.barred import hidden_codes
from evenload.records.models import Draft, Edition, Program, Publication, RoleOfAccount
from evenload.web.desk_lines import changed_pieces
from evenload.web.door import door, person_in, shows
from evenload.web.list_rows import SORT_NAMES, VIEWS, ListPage, Wanted, kinds_of, list_page, wanted_in
from evenload.web.list_words import why_not_written
from evenload.web.told import told
from evenload.words import Words, words_in
from evenload.words.formats import LANGUAGES
from evenload.workflow import drafts, editions, french_exceptions
from evenload.workflow.draft_picture import picture_of
from evenload.workflow.edition_differences import ChangedSince
from evenload.workflow.edition_rows import kept_edition, without_units
from evenload.workflow.refused import Refused


@dataclass(frozen=True, slots=True)
class Share:
    """Why the shared drive does not show this edition yet."""

    older: int | None
    reason: str


@door("list.see")
@require_safe
def current(request: HttpRequest, code: str) -> HttpResponse:
    """The current edition; before the first, who can publish one."""
    person = person_in(request)
    program = program_for(person, code, "list.see")
    edition = editions.current_edition(program)
    if edition is None:
        shows(request, program=program)
        return render(request, "list_empty.html", _nothing_yet(person, program, words_of(request)))
    return _page(request, person, edition)


@door("list.see")
@require_safe
def edition(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One edition by its number."""
    person = person_in(request)
    program = program_for(person, code, "list.see")
    return _page(request, person, edition_for(person, program, number))


def words_of(request: HttpRequest) -> Words:
    """The words of the page's language."""
    return words_in(getattr(request, "LANGUAGE_CODE", "en"))


def program_name(words: Words, program: Program) -> str:
    """The program's name in the page's language."""
    return words.either(program.name_en, program.name_fr)


def code_of(request: HttpRequest, edition: Edition) -> SafeString:
    """The QR code of an edition: drawn by us from the address alone, no text of anybody stands in it."""
    return mark_safe(code_svg(request.build_absolute_uri(reverse("answer", args=[edition.code]))))


def _nothing_yet(person: Person, program: Program, words: Words) -> dict[str, Any]:
    draft = drafts.open_draft_of(program) if may(person, "draft.check", program) else None
    held = RoleOfAccount.objects.filter(program=program, role="program_manager", account__is_active=True)
    managers = held.order_by("account__full_name").values_list("account__full_name", flat=True)
    return {
        "program": program,
        "program_name": program_name(words, program),
        "may_check": may(person, "draft.check", program),
        "draft_rows": draft.placements.count() if draft else None,
        "managers": words.list_of(managers[:5]),
    }


def _page(request: HttpRequest, person: Person, edition: Edition) -> HttpResponse:
    words, program = words_of(request), edition.program
    hidden = hidden_codes(person.account, program)
    kept = without_units(kept_edition(edition), hidden)
    rows = kept.rows
    wanted = wanted_in(request.GET, kinds_of(kept))
    since = editions.changed_since(edition, person.account, hidden=hidden)
    changed = since.pieces if since.edition else frozenset(row.piece for row in rows if row.changed)
    page = list_page(kept, wanted, words, changed=changed)
    news = told(person, words, edition, rows, hidden=hidden)
    if edition.is_current:
        editions.mark_read(edition, person.account, at=timezone.now())
    shows(request, program=program, subject=edition, clients=[one.row.piece.rpartition("#")[0] or one.row.piece for one in page.rows])
    shown = {
        **_bar(request, person, edition, words),
        "program": program,
        "program_name": program_name(words, program),
        "edition": edition,
        "told": news,
        "exceptions_due": french_exceptions.due(program, today=timezone.localdate()) if may(person, "exception.see", program) else 0,
        "page": page,
        "wanted": wanted,
        "view_name": words.say(VIEWS[wanted.view]),
        "views": [(view, words.say(VIEWS[view]), _address(wanted, view=view)) for view in page.views],
        "columns": _columns(wanted, words),
        "since": since,
        "changed_count": sum(1 for row in rows if row.piece in changed),
        "changed_address": _address(wanted, changed="" if wanted.only_changed else "1"),
        "status": _status(edition, page, since, wanted, words),
        "newer_page": _address(wanted, page=str(wanted.page - 1)) if wanted.page > 1 else "",
        "next_page": _address(wanted, page=str(wanted.page + 1)) if wanted.page < page.pages else "",
        "files": [(language, form) for language in LANGUAGES for form in FORMS],
        "printed_at": timezone.now(),
    }
    return render(request, "list.html", shown)


def _bar(request: HttpRequest, person: Person, edition: Edition, words: Words) -> dict[str, Any]:
    program = edition.program
    may_check = may(person, "draft.check", program)
    newer = None if edition.is_current else editions.current_edition(program)
    draft = drafts.open_draft_of(program) if may_check and edition.is_current else None
    actions = [(words.say("Older editions"), reverse("editions", args=[program.code]))]
    return {
        "state": "current" if edition.is_current else "superseded",
        "newer": newer.number if newer else None,
        "newer_address": reverse("list", args=[program.code]) if newer else "",
        "difference_address": reverse("difference", args=[program.code, edition.number, newer.number]) if newer else "",
        "starts_later": edition.effective_on > timezone.localdate(),
        "actions": [{"name": name, "address": address} for name, address in actions],
        "draft": draft,
        "draft_changes": _draft_changes(draft) if draft else None,
        "readers": editions.readers(edition) if may_check and edition.is_current else None,
        "share": _share(edition, words) if edition.is_current else None,
        "qr": code_of(request, edition),
    }


def _draft_changes(draft: Draft) -> int | None:
    """What differs from the current list, as the desk counts it; None where the facts contradict each other."""
    try:
        return changed_pieces(picture_of(draft))
    except Refused:
        return None


def _share(edition: Edition, words: Words) -> Share | None:
    """What keeps the shared drive from showing this edition; None where it does, or its turn has just come."""
    publication = Publication.objects.filter(edition=edition).first()
    if publication is None or publication.state != "failed":
        return None
    written = Publication.objects.filter(edition__program=edition.program_id, state="written").order_by("-edition__number")
    return Share(written.values_list("edition__number", flat=True).first(), why_not_written(words, publication.refusal))


def _columns(wanted: Wanted, words: Words) -> list[dict[str, str]]:
    found = []
    for name, heading in SORT_NAMES.items():
        is_this = wanted.sort == name
        direction = ("descending" if wanted.is_down else "ascending") if is_this else ""
        down = "1" if is_this and not wanted.is_down else ""
        found.append(
            {"name": name, "heading": words.say(heading), "direction": direction, "address": _address(wanted, sort=name, down=down)}
        )
    return found


def _status(edition: Edition, page: ListPage, since: ChangedSince, wanted: Wanted, words: Words) -> str:
    """What is said once when the page has come: the edition, its rows, the search, the order."""
    rows = words.say_n("{n} row", "{n} rows", page.found)
    column = words.say(SORT_NAMES[wanted.sort])
    order = words.say("descending") if wanted.is_down else words.say("ascending")
    number = str(edition.number)
    if since.edition is None:
        return words.say("Edition {number}: {rows}, by {column}, {order}.", number=number, rows=rows, column=column, order=order)
    return words.say_n(
        "Edition {number}: {rows}, {n} changed since you last looked, by {column}, {order}.",
        "Edition {number}: {rows}, {n} changed since you last looked, by {column}, {order}.",
        len(since.changes),
        number=number,
        rows=rows,
        column=column,
        order=order,
    )


def _address(wanted: Wanted, **changes: str) -> str:
    """The same page with something else asked for; what is empty is left out."""
    stated = {
        "view": wanted.view,
        "q": wanted.search,
        "sort": wanted.sort,
        "down": "1" if wanted.is_down else "",
        "changed": "1" if wanted.only_changed else "",
        "page": "",
    }
    if "view" in changes:
        stated |= {"sort": "", "down": ""}
    return "?" + urlencode({name: value for name, value in {**stated, **changes}.items() if value})


def day_in(text: str) -> date | None:
    """A day as a form sends it; None where it is none."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
