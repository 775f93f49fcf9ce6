"""The intake form: the language first, asked in both languages; every problem at its field; possible duplicates before storing."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from evenload.exchange.cells import Manner, converter
from evenload.exchange.column import Column
from evenload.exchange.text_cells import Fault
from evenload.records.access import program_for, referral_for
from evenload.records.models import Program, Referral
from evenload.web import referral_parts as parts
from evenload.web import referral_words as said
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in, shows
from evenload.web.pages.lists import program_name
from evenload.words import Words, label
from evenload.workflow import referral_steps, referrals
from evenload.workflow.referrals import Known, NewReferral, Wrong
from evenload.workflow.refused import Refused

NOT_ASKED: Final = "not_asked"
OTHER: Final = "other"
LANGUAGES: Final = (
    "ar",
    "zh",
    "es",
    "it",
    "pt",
    "pa",
    "fa",
    "so",
    "vi",
    "ru",
    "uk",
    "ht",
    "ta",
    "hi",
    "ur",
    "pl",
    "de",
    "cr",
    "oj",
    "iu",
    "ase",
    "fcs",
)
"""offered beside English and French; any other may come in with a list"""
TEXTS: Final = {"client": 60, "initials": 6, "name": 200, "asked_by": 200, "number": 60, "note": 500}
DAYS: Final = ("asked_on", "received_on", "expires_on", "available_from")
CHOSEN: Final = ("discipline", "site", "complexity", "contract", "asked_how")
POSTAL: Final = Column("postal", "code postal", "postal", about_en="", about_fr="")


@door("referral.make")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, code: str) -> HttpResponse:
    """A new referral; `?resumes=` takes a closed one up again."""
    person, words, now = person_in(request), words_of(request), timezone.now()
    program = program_for(person, code, "referral.make")
    known = referrals.known_of(program, today=timezone.localdate(now))
    resumed = _resumed(request, program)
    shows(request, program=program, clients=referral_steps.codes_of(resumed) if resumed else [])
    facts = {"program": program, "program_name": program_name(words, program), "resumed": resumed, **_choices(words, known)}
    if request.method != "POST":
        return render(request, "referral_new.html", facts | {"stated": _begun(known, resumed)})
    stated, wrong = _read(request.POST, resumed)
    try:
        if wrong:
            raise Refused("referral_wrong", wrong=_together(wrong, referrals.check(known, stated)))
        made = referrals.take_in(program, stated, by=person, at=now, seen=_keys(request.POST.getlist("seen")))
    except Refused as refused:
        return render(request, "referral_new.html", facts | _refused(words, refused, request, now), status=422)
    messages.success(request, _stored(words, made))
    return redirect(f"{reverse('referral', args=[code, made.pk])}")


def _together(wrong: list[Wrong], found: list[Wrong]) -> list[Wrong]:
    """What could not be read, and what is wrong with the rest; a field that could not be read is told once."""
    unread = {one.place for one in wrong}
    return [*wrong, *(one for one in found if one.place not in unread)]


def _resumed(request: HttpRequest, program: Program) -> Referral | None:
    text = (request.POST if request.method == "POST" else request.GET).get("resumes", "")
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        return None
    return referral_for(person_in(request), program, int(text), "referral.make")


def _keys(texts: list[str]) -> list[int]:
    return [int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 10]


def _begun(known: Known, resumed: Referral | None) -> dict[str, Any]:
    """What the empty form holds: today, the usual priority; of a client who comes again, what is known of her."""
    begun: dict[str, Any] = {"received_on": known.today.isoformat(), "asked_on": known.today.isoformat(), "priority": "3"}
    if len(known.disciplines) == 1:
        begun["discipline"] = next(iter(known.disciplines))
    if resumed is None:
        return begun
    client = resumed.client
    return begun | {
        "client": client.code,
        "initials": client.initials,
        "birth_year": client.birth_year or "",
        "name": client.name,
        "discipline": resumed.discipline,
        "site": resumed.site.code if resumed.site else "",
        "postal": client.postal,
        "priority": str(resumed.priority),
        "complexity": resumed.time_standard.code if resumed.time_standard else "",
    }


def _read(stated: QueryDict, resumed: Referral | None) -> tuple[NewReferral, list[Wrong]]:
    """The form as a referral, and the fields that cannot be read at all."""
    wrong: list[Wrong] = []
    values: dict[str, Any] = {name: " ".join(stated.get(name, "").split()) for name in TEXTS}
    wrong += [
        Wrong(name, "text_too_long", {"most": most}) for name, most in TEXTS.items() if name != "initials" and len(values[name]) > most
    ]
    values |= {name: stated.get(name, "") for name in CHOSEN}
    for name in DAYS:
        values[name] = _day(name, stated.get(name, "").strip(), wrong)
    born = {"first": referrals.FIRST_BIRTH_YEAR, "last": timezone.localdate().year}
    values["birth_year"] = _whole(stated.get("birth_year", "").strip(), Wrong("birth_year", "birth_year_odd", born), wrong)
    visits = Wrong("visits", "visits_odd", {"most": referrals.MOST_VISITS})
    values["visits"] = _whole(stated.get("visits", "").strip(), visits, wrong)
    values["priority"] = int(stated.get("priority", "0")) if stated.get("priority") in ("1", "2", "3", "4") else 0
    values["postal"] = _postal(stated.get("postal", "").strip(), wrong)
    values["language"] = _language(stated, wrong)
    if not values["language"]:
        values |= {"asked_on": None, "asked_by": "", "asked_how": ""}
    return NewReferral(**values, resumes=resumed.pk if resumed else None), wrong


def _language(stated: QueryDict, wrong: list[Wrong]) -> str:
    chosen = stated.get("language", "")
    if chosen == OTHER:
        chosen = stated.get("other_language", "")
    if not chosen:
        wrong.append(Wrong("language", "language_to_ask"))
    return "" if chosen == NOT_ASKED else chosen


def _day(name: str, text: str, wrong: list[Wrong]) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        wrong.append(Wrong(name, "day_odd"))
        return None


def _whole(text: str, otherwise: Wrong, wrong: list[Wrong]) -> int | None:
    if not text:
        return None
    if text.isascii() and text.isdecimal() and len(text) < 7:
        return int(text)
    wrong.append(otherwise)
    return None


def _postal(text: str, wrong: list[Wrong]) -> str:
    if not text:
        return ""
    found = converter(POSTAL, Manner())(text)
    if isinstance(found, Fault):
        wrong.append(Wrong("postal", "postal_invalid"))
        return ""
    return str(found)


def _choices(words: Words, known: Known) -> dict[str, Any]:
    """What the selects of the form offer."""
    choose = ("", words.say("Choose…"))
    sites = sorted(((words.either(one.name_en, one.name_fr), one.code) for one in known.sites.values()), key=lambda one: one[0].casefold())
    classes = [
        (one.code, f"{label(words, 'discipline_short', one.discipline)} · {words.either(one.label_en, one.label_fr)}")
        for one in sorted(known.standards.values(), key=lambda one: (one.discipline, one.pk))
    ]
    contracts = [(one.code, words.either(one.name_en, one.name_fr)) for one in known.contracts.values()]
    languages = sorted(((words.language_name(code), code) for code in LANGUAGES), key=lambda one: one[0].casefold())
    return {
        "hows": [choose, *said.how_choices(words)],
        "languages": [choose, *((code, name) for name, code in languages)],
        "disciplines": [choose, *((code, label(words, "discipline", code)) for code in sorted(known.disciplines))],
        "sites": [("", words.say("At home")), *((code, name) for name, code in sites)],
        "classes": [("", words.say("Not judged yet")), *classes],
        "contracts": [("", words.say("No contract")), *contracts] if contracts else [],
        "priorities": parts.priority_choices(words),
    }


def _refused(words: Words, refused: Refused, request: HttpRequest, now: Any) -> dict[str, Any]:
    if refused.code == "referral_known":
        alike: list[Referral] = refused.facts["duplicates"]  # type: ignore[assignment]
        lines = parts.lines_of(words, alike[0].client.program, alike, now=now)
        return {"stated": request.POST, "alike": lines}
    wrong: list[Wrong] = refused.facts["wrong"]  # type: ignore[assignment]
    return {"stated": request.POST, "errors": said.errors_of(words, wrong)}


def _stored(words: Words, made: Referral) -> str:
    if made.state == "assigned":
        return words.say("Received. The site's team has it at once and is told.")
    return words.say("Received. It stands among those to look at.")
