"""Referrals on their way in: checked at every field at once, looked for among those known, stored whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localdate

from evenload.exchange.languages import language_code
from evenload.planning import codes
from evenload.records.access import Person
from evenload.records.models import Allotment, Client, Contract, Program, Referral, Site, TimeStandard
from evenload.records.models.clients import LANGUAGE_ASKED_HOW
from evenload.records.queries import open_referrals
from evenload.workflow import contracts, journal, referral_units
from evenload.workflow.departures import facts_changing
from evenload.workflow.referral_steps import codes_of, take_step, write_step
from evenload.workflow.refused import Refused

FIRST_BIRTH_YEAR: Final = 1900
MOST_VISITS: Final = 10_000
LATEST_CODES: Final = 50
"""the next code is sought after so many of the latest"""
OLDEST: Final = timedelta(days=3 * 366)
"""a referral received longer ago is a slip of the pen"""


@dataclass(frozen=True, slots=True)
class NewReferral:
    """A referral as somebody states it. What is empty was not stated; an empty `language` was not asked, which is not English."""

    discipline: str = ""
    client: str = ""
    """the client's code; empty: the program makes one"""
    initials: str = ""
    birth_year: int | None = None
    name: str = ""
    language: str = ""
    asked_on: date | None = None
    asked_by: str = ""
    asked_how: str = ""
    site: str = ""
    postal: str = ""
    priority: int = 3
    complexity: str = ""
    """code of a time standard"""
    contract: str = ""
    received_on: date | None = None
    visits: int | None = None
    expires_on: date | None = None
    number: str = ""
    available_from: date | None = None
    note: str = ""
    resumes: int | None = None
    """key of the closed referral that this one takes up again"""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with one field: a code, and the facts of its sentence."""

    place: str
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What a program's referrals may name, read once for one referral or for a thousand."""

    program: Program
    disciplines: frozenset[str]
    sites: Mapping[str, Site]
    standards: Mapping[str, TimeStandard]
    contracts: Mapping[str, Contract]
    clients: Mapping[str, Client]
    today: date


def known_of(program: Program, *, today: date) -> Known:
    """Five queries, however many referrals are to be checked."""
    standards = {one.code: one for one in program.time_standards.all()}
    disciplines = {one.discipline for one in standards.values()} | set(program.units.values_list("discipline", flat=True))
    return Known(
        program=program,
        disciplines=frozenset(disciplines),
        sites={one.code: one for one in program.sites.all()},
        standards=standards,
        contracts={one.code: one for one in program.contracts.all()},
        clients={one.code: one for one in program.clients.all()},
        today=today,
    )


def check(known: Known, stated: NewReferral) -> list[Wrong]:
    """Everything that is wrong with it, field by field; nothing is stored."""
    return [*_wrong_client(known, stated), *_wrong_language(known, stated), *_wrong_work(known, stated), *_wrong_days(known, stated)]


def _wrong_client(known: Known, stated: NewReferral) -> Iterable[Wrong]:
    client = known.clients.get(stated.client)
    if not stated.initials and client is None:
        yield Wrong("initials", "initials_missing")
    elif len(stated.initials) > 6:
        yield Wrong("initials", "initials_too_long", {"most": 6})
    elif client is not None and stated.initials and _letters(stated.initials) != _letters(client.initials):
        yield Wrong("client", "client_of_other_initials", {"client": stated.client, "initials": client.initials})
    born = stated.birth_year
    if born is not None and not FIRST_BIRTH_YEAR <= born <= known.today.year:
        yield Wrong("birth_year", "birth_year_odd", {"first": FIRST_BIRTH_YEAR, "last": known.today.year})
    elif client is not None and born is not None and client.birth_year not in (None, born):
        yield Wrong("birth_year", "client_of_other_year", {"client": stated.client, "year": client.birth_year})


def _letters(initials: str) -> str:
    return "".join(sign for sign in initials.casefold() if sign.isalnum())


def _wrong_language(known: Known, stated: NewReferral) -> Iterable[Wrong]:
    if stated.language and language_code(stated.language) is None:
        yield Wrong("language", "language_unknown")
    if stated.language and stated.asked_how not in LANGUAGE_ASKED_HOW:
        yield Wrong("asked_how", "asked_how_missing")
    if stated.asked_on is not None and stated.asked_on > known.today:
        yield Wrong("asked_on", "day_to_come", {"today": known.today})


def _wrong_work(known: Known, stated: NewReferral) -> Iterable[Wrong]:
    if stated.discipline not in known.disciplines:
        yield Wrong("discipline", "discipline_missing" if not stated.discipline else "discipline_unknown")
    if stated.site and stated.site not in known.sites:
        yield Wrong("site", "site_unknown")
    known_postal = known.clients[stated.client].postal if stated.client in known.clients else ""
    if not stated.site and not stated.postal and not known_postal:
        yield Wrong("site", "place_missing")
    if stated.priority not in codes.PRIORITIES:
        yield Wrong("priority", "priority_unknown")
    standard = known.standards.get(stated.complexity)
    if stated.complexity and standard is None:
        yield Wrong("complexity", "complexity_unknown")
    elif standard is not None and standard.discipline != stated.discipline and stated.discipline in known.disciplines:
        yield Wrong("complexity", "complexity_of_other_discipline")
    contract = known.contracts.get(stated.contract)
    if stated.contract and contract is None:
        yield Wrong("contract", "contract_unknown")
    elif contract is not None and contract.discipline not in ("", stated.discipline):
        yield Wrong("contract", "contract_of_other_discipline")
    if stated.visits is not None and not 1 <= stated.visits <= MOST_VISITS:
        yield Wrong("visits", "visits_odd", {"most": MOST_VISITS})


def _wrong_days(known: Known, stated: NewReferral) -> Iterable[Wrong]:
    received = stated.received_on
    if received is None:
        yield Wrong("received_on", "received_missing")
        return
    if received > known.today:
        yield Wrong("received_on", "day_to_come", {"today": known.today})
    elif received < known.today - OLDEST:
        yield Wrong("received_on", "received_too_early", {"day": known.today - OLDEST})
    if stated.expires_on is not None and stated.visits is None:
        yield Wrong("visits", "visits_missing")
    if stated.expires_on is not None and stated.expires_on < received:
        yield Wrong("expires_on", "expires_before_receipt")
    contract = known.contracts.get(stated.contract)
    if contract is not None and not contract.starts_on <= received <= contract.ends_on:
        yield Wrong("contract", "contract_not_in_force", {"first": contract.starts_on, "last": contract.ends_on})


def duplicates(program: Program, stated: NewReferral) -> list[Referral]:
    """Open referrals of the same discipline that may be the same: the same client, the same number of the sender, or a client with
    the same initials born in the same year.
    """
    rows = open_referrals(program).filter(discipline=stated.discipline)
    return [one for one in rows.select_related("client", "site", "unit").order_by("pk") if may_be_same(one, stated)]


def may_be_same(known: Referral, stated: NewReferral) -> bool:
    """Whether an open referral may be the same as one that is stated."""
    if stated.client and known.client.code == stated.client:
        return True
    if stated.number and known.number.casefold() == stated.number.casefold():
        return True
    born = stated.birth_year is not None and known.client.birth_year == stated.birth_year
    return born and _letters(known.client.initials) == _letters(stated.initials)


def take_in(program: Program, stated: NewReferral, *, by: Person, at: datetime, seen: Iterable[int] = ()) -> Referral:
    """Store one referral with its client, its visits and its unit, in one transaction.

    Consequences: it is received, or with the site's team at once, who are told; its due dates follow the contract, else the program.
    `seen`: keys of the possible duplicates that the person saw and decided to be others. Refused `referral_wrong` {wrong},
    `referral_known` {duplicates} where there are some that were not seen.
    """
    with facts_changing(), transaction.atomic():
        held = Program.objects.select_for_update().get(pk=program.pk)
        known = known_of(held, today=localdate(at))
        wrong = check(known, stated) + _wrong_resumption(held, stated)
        if wrong:
            raise Refused("referral_wrong", wrong=wrong)
        alike = duplicates(held, stated)
        if {one.pk for one in alike} - set(seen):
            raise Refused("referral_known", duplicates=alike)
        return store(known, stated, by=by, at=at)


def _wrong_resumption(program: Program, stated: NewReferral) -> list[Wrong]:
    if stated.resumes is None:
        return []
    closed = Referral.objects.filter(pk=stated.resumes, client__program=program, state="closed")
    return [] if closed.exists() else [Wrong("resumes", "resumed_is_open")]


def store(known: Known, stated: NewReferral, *, by: Person, at: datetime) -> Referral:
    """Store a referral that was checked, in the caller's transaction, which holds the program."""
    client = _client(known, stated, by=by, at=at)
    referral = Referral.objects.create(
        client=client,
        discipline=stated.discipline,
        site=known.sites.get(stated.site),
        priority=stated.priority,
        received_on=stated.received_on or localdate(at),
        number=stated.number,
        contract=known.contracts.get(stated.contract),
        time_standard=known.standards.get(stated.complexity),
        resumes_id=stated.resumes,
        available_from=stated.available_from,
        note=stated.note,
        **due_dates(known.program, known.contracts.get(stated.contract), stated, at=at),
    )
    if stated.visits is not None:
        Allotment.objects.create(
            referral=referral,
            authorised_visits=stated.visits,
            starts_on=referral.received_on,
            expires_on=stated.expires_on,
            contract=referral.contract,
        )
    write_step(referral, "", "received", by=by, at=at)
    find_place(referral, by=by, at=at)
    facts = {"discipline": referral.discipline, "priority": referral.priority, "language_asked": bool(client.language)}
    journal.record(by, "referral.take_in", at=at, program=known.program, subject=referral, clients=codes_of(referral), **facts)
    return referral


def _client(known: Known, stated: NewReferral, *, by: Person, at: datetime) -> Client:
    """The client of that code, with what was newly said of her; else a new one."""
    said: dict[str, Any] = {
        name: value
        for name, value in (
            ("initials", stated.initials),
            ("birth_year", stated.birth_year),
            ("name", stated.name),
            ("postal", stated.postal),
        )
        if value
    }
    if stated.language:
        said |= {
            "language": language_code(stated.language) or stated.language,
            "language_asked_on": stated.asked_on or localdate(at),
            "language_asked_by": stated.asked_by or by.name,
            "language_asked_how": stated.asked_how,
        }
    client = known.clients.get(stated.client) if stated.client else None
    if client is None:
        return Client.objects.create(program=known.program, code=stated.client or _free_code(known.program), **said)
    for name, value in said.items():
        setattr(client, name, value)
    client.save(update_fields=list(said) or ["code"])
    return client


def _free_code(program: Program) -> str:
    """The next `C0001` that no client of the program has."""
    latest = Client.objects.filter(program=program, code__startswith="C").order_by("-pk").values_list("code", flat=True)[:LATEST_CODES]
    numbers = [int(code[1:]) for code in latest if code[1:].isascii() and code[1:].isdecimal() and len(code) < 12]
    number = max(numbers, default=0) + 1
    while Client.objects.filter(program=program, code=f"C{number:04d}").exists():
        number += 1
    return f"C{number:04d}"


def due_dates(program: Program, contract: Contract | None, stated: NewReferral | Referral, *, at: datetime) -> dict[str, Any]:
    """Until when a referral is to be answered and first seen; nothing where neither contract nor program states it.

    Received today, the hours count from now; received before, from the end of that day. The days to the first visit count from
    receipt, or from the day on which the client is available.
    """
    received = stated.received_on or localdate(at)
    target = contracts.targets_for(program, contract, stated.priority)
    if target is None:
        return {"respond_by": None, "first_visit_by": None}
    end_of_day = timezone.make_aware(datetime.combine(received, time(23, 59)))
    start = at if received == localdate(at) else end_of_day
    seen_from = max(received, stated.available_from or received)
    return {
        "respond_by": start + timedelta(hours=target.respond_hours),
        "first_visit_by": seen_from + timedelta(days=target.first_visit_days),
    }


def find_place(referral: Referral, *, by: Person, at: datetime) -> None:
    """Its unit: the site team's, who has it at once where somebody has the unit; else one of its own, once its complexity is known."""
    unit = referral_units.find_unit(referral)
    if unit is None:
        standard = referral_units.standard_for(referral, referral.client.program)
        if standard is not None:
            referral_units.own_unit(referral, standard)
        return
    referral_units.join(referral, unit)
    people = referral_units.tell_team(referral, at=at)
    if people:
        take_step(referral, "assigned", by=by, at=at, reason="site_team", practitioner=people[0] if len(people) == 1 else None)
