"""What every page knows: the person, her role, the program at hand, the navigation, the language and the look she chose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from evenload import __version__
from evenload.records.access import Person, may, own_notices, programs_for, roles_of
from evenload.records.models import Program
from evenload.web.navigation import ENTRIES, IMPORTS, LIST, THUMB_ROLES, Step, address_of, steps
from evenload.words import Words, words_in

PROGRAM: Final = "program"
"""In the session: the code of the program that was last looked at."""
SAME_PAGE: Final = frozenset({"desk", "map", "sites", "team", "worksheet", "runs", "list", "editions"})
"""Pages that every program has: choosing another program stays on them."""


@dataclass(frozen=True, slots=True)
class Header:
    """What the head of a page shows of one person: her programs, roles and entries."""

    program: Program | None
    programs: tuple[tuple[Program, str], ...]
    """each with the address of this page in it, or of its home"""
    roles: tuple[str, ...]
    steps: tuple[Step, ...]
    has_thumbs: bool
    search_address: str | None
    unread: int
    """what she was told and has not read"""
    imports_address: str | None = None
    """for those who import now and then, and have no entry for it"""

    @property
    def thumbs(self) -> tuple[Step, ...]:
        """The entries of the bottom bar of a phone."""
        return tuple(step for step in self.steps if step.is_thumb) if self.has_thumbs else ()


def page(request: HttpRequest) -> dict[str, Any]:
    """For the templates; what costs a query is asked only where a template shows it."""
    person: Person | None = getattr(request, "person", None)
    lang = getattr(request, "LANGUAGE_CODE", "en")[:2]
    words = words_in(lang if lang in dict(settings.LANGUAGES) else "en")
    return {
        "person": person,
        "lang": words.lang,
        "other_lang": "en" if words.lang == "fr" else "fr",
        "words": words,
        "version": __version__,
        "is_compact": bool(person and person.account.compact_rows),
        "theme": person.account.theme if person else "",
        "keys": "off" if person and not person.account.letter_keys else "on",
        "header": SimpleLazyObject(lambda: header_of(request, person, words)) if person else None,
    }


def header_of(request: HttpRequest, person: Person, words: Words) -> Header:
    """The head of a page: three queries, however many programs and notices there are."""
    programs = tuple(programs_for(person))
    program = program_at_hand(request, programs)
    match = request.resolver_match
    return Header(
        program=program,
        programs=tuple((one, address_in(request, one)) for one in programs),
        roles=roles_of(person.account),
        steps=steps(person.role, words, here=(match and match.url_name) or "", program_code=program.code if program else None),
        has_thumbs=person.role in THUMB_ROLES,
        search_address=address_of(LIST, program.code) if program and may(person, "list.see", program) else None,
        unread=own_notices(person).filter(read_at__isnull=True).order_by().count(),
        imports_address=address_of(IMPORTS, None) if may(person, "import.make") and IMPORTS not in ENTRIES[person.role] else None,
    )


def address_in(request: HttpRequest, program: Program) -> str:
    """This page in another program, where the page names nothing but the program; else home, in that program."""
    match = request.resolver_match
    if match and set(match.kwargs) == {"code"} and match.url_name in SAME_PAGE:
        return reverse(match.url_name, args=[program.code])
    return f"{reverse('home')}?{urlencode({'program': program.code})}"


def program_at_hand(request: HttpRequest, programs: tuple[Program, ...]) -> Program | None:
    """The program in the address, else the one last looked at, else her first; remembered for the pages without one."""
    match = request.resolver_match
    by_code = {program.code: program for program in programs}
    stated = by_code.get(match.kwargs.get("code", "")) if match else None
    if stated is not None and request.session.get(PROGRAM) != stated.code:
        request.session[PROGRAM] = stated.code
    return stated or by_code.get(request.session.get(PROGRAM, "")) or next(iter(programs), None)
