"""The caseload unit of a referral: the site team's, or one of its own; and how a client leaves it again."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db.models import F, Max, Q, Sum
from django.utils.timezone import localdate

from evenload.records.models import Assignment, Client, ConsentDirective, Practitioner, Program, Referral, TimeStandard, Unit
from evenload.records.models.clients import OPEN_REFERRALS
from evenload.workflow import notices
from evenload.workflow.allotments import COUNTED

LONGEST_LABEL: Final = 200


def find_unit(referral: Referral) -> Unit | None:
    """The unit that this referral joins at its site: of its discipline, in its language, its class before another.

    Nobody whom the client bars may be told of her: a unit that such a practitioner has, or covers, is none for her. None: the
    referral needs a unit of its own.
    """
    if referral.site_id is None:
        return None
    barred = barred_by(referral.client)
    units = Unit.objects.filter(site=referral.site_id, discipline=referral.discipline, closed_on__isnull=True).exclude(kind="client")
    for unit in sorted(
        units.select_related("site", "time_standard"), key=lambda one: (not _same_class(one, referral), one.position, one.pk)
    ):
        if _speaks(unit, referral.client.language) and not barred & everybody_of(unit):
            return unit
    return None


def _same_class(unit: Unit, referral: Referral) -> bool:
    return referral.time_standard_id in (None, unit.time_standard_id)


def _speaks(unit: Unit, language: str) -> bool:
    """Whether the language the client asked for is the one that the unit is served in. French is a right; English goes with none."""
    served = unit.language or (unit.site.language if unit.site else "")
    return language == served if language == "fr" or served == "fr" else True


def barred_by(client: Client) -> set[int]:
    """Keys of the practitioners whom the client bars."""
    rows = ConsentDirective.objects.filter(client=client, lifted_at__isnull=True)
    return set(rows.values_list("practitioner_id", flat=True))


def everybody_of(unit: Unit) -> set[int]:
    """Keys of everybody who has the unit, covers it, or has it in the open draft."""
    found: set[int] = set()
    for practitioner, cover in unit.assignments.filter(ends_on__isnull=True).values_list("practitioner_id", "cover_id"):
        found |= {practitioner, cover}
    drafted = unit.program.drafts.filter(closed_at__isnull=True, placements__unit=unit)
    for practitioner, cover in drafted.values_list("placements__practitioner_id", "placements__cover_id"):
        found |= {practitioner, cover}
    return found - {None}


def holders_of(unit: Unit) -> list[Practitioner]:
    """Who has the unit today."""
    keys = Assignment.objects.filter(unit=unit, ends_on__isnull=True).values("practitioner")
    return list(Practitioner.objects.filter(pk__in=keys).select_related("account", "program").order_by("pk"))


def join(referral: Referral, unit: Unit) -> None:
    """The referral's client is one more of this unit; where its visits are stated, her visits are added to them."""
    visits = unit.visits_allotted
    if visits is not None:
        visits += _visits_of(referral, unit)
    Unit.objects.filter(pk=unit.pk).update(clients=F("clients") + 1, visits_allotted=visits)
    _set_unit(referral, unit)


def own_unit(referral: Referral, standard: TimeStandard) -> Unit:
    """A unit of kind `client` for this referral alone, waiting since it came in."""
    client, site, program = referral.client, referral.site, referral.client.program
    postal = (site.postal if site else client.postal) or ""
    place = (site.town if site else "") or (site.name_en if site else "") or postal[:3]
    last = Unit.objects.filter(program=program).aggregate(last=Max("position"))["last"]
    authorised = _authorised(referral)
    unit = Unit.objects.create(
        program=program,
        code=_free_code(program, referral),
        kind="client",
        site=site,
        discipline=referral.discipline,
        time_standard=standard,
        visits_allotted=authorised or None,
        language=client.language,
        priority=referral.priority,
        waiting_since=referral.received_on,
        from_date=referral.available_from,
        label=", ".join(part for part in (client.initials, place) if part)[:LONGEST_LABEL],
        postal="" if site else postal,
        position=(last or 0) + 1,
    )
    _set_unit(referral, unit)
    return unit


def _free_code(program: Program, referral: Referral) -> str:
    code = f"R{referral.pk:04d}"
    known = set(Unit.objects.filter(program=program).filter(Q(code=code) | Q(code__startswith=f"{code}-")).values_list("code", flat=True))
    return code if code not in known else next(one for n in range(2, 100_000) if (one := f"{code}-{n}") not in known)


def _authorised(referral: Referral) -> Decimal:
    found = referral.allotments.filter(funding__in=COUNTED).aggregate(n=Sum("authorised_visits"))["n"]
    return Decimal(found or 0)


def _visits_of(referral: Referral, unit: Unit) -> Decimal:
    """Her authorised visits; where none are stated, those of a client of the unit's class."""
    return _authorised(referral) or unit.time_standard.visits


def _set_unit(referral: Referral, unit: Unit) -> None:
    Referral.objects.filter(pk=referral.pk).update(unit=unit)
    referral.unit = unit
    count_facts(unit.program_id)


def leave(referral: Referral, *, on: date) -> None:
    """The client leaves the unit: it closes where nobody is left in it, and its assignments end on that day.

    The referral keeps naming a unit of its own, which is its history; from a unit of several it is taken out of the count only.
    """
    unit = referral.unit
    if unit is None or unit.closed_on is not None:
        return
    others = Referral.objects.filter(unit=unit, state__in=OPEN_REFERRALS).exclude(pk=referral.pk).exists()
    if not others and (unit.kind == "client" or unit.clients <= 1):
        Unit.objects.filter(pk=unit.pk).update(closed_on=on)
        end_assignments(unit, on=on)
    elif unit.kind != "client":
        visits = unit.visits_allotted
        if visits is not None:
            visits = max(unit.visits_used or Decimal(0), visits - _visits_of(referral, unit), Decimal(0))
        Unit.objects.filter(pk=unit.pk, clients__gt=1).update(clients=F("clients") - 1, visits_allotted=visits)
    count_facts(unit.program_id)


def end_assignments(unit: Unit, *, on: date, practitioner: Practitioner | None = None) -> int:
    """Ends the unit's open assignments (only hers, where one is named) on that day; how many."""
    rows = Assignment.objects.filter(unit=unit, ends_on__isnull=True)
    if practitioner is not None:
        rows.filter(cover=practitioner).update(cover=None)
        rows = rows.filter(practitioner=practitioner)
    later = rows.filter(starts_on__gt=on).update(ends_on=F("starts_on"))
    return later + rows.filter(ends_on__isnull=True).update(ends_on=on)


def count_facts(program: int) -> None:
    """The program's facts changed: pages and plans read them again."""
    Program.objects.filter(pk=program).update(facts_version=F("facts_version") + 1)


def tell_team(referral: Referral, *, at: datetime) -> list[Practitioner]:
    """Tells whoever has the unit that a referral came in at her site; who they are."""
    people = holders_of(referral.unit) if referral.unit else []
    for one in people:
        notices.tell(
            notices.account_of(one),
            "referral_at_site",
            at=at,
            program=one.program,
            address="/clients",
            values={"area": _area(referral), "discipline": referral.discipline, "day": localdate(at).isoformat()},
            once=f"referral:{referral.pk}:{one.pk}",
        )
    return people


def _area(referral: Referral) -> str:
    return (referral.site.area or referral.site.town) if referral.site else ""


def standard_for(referral: Referral, program: Program) -> TimeStandard | None:
    """The class stated, else the only one that the discipline has; None: somebody must say which."""
    if referral.time_standard is not None:
        return referral.time_standard
    found = list(program.time_standards.filter(discipline=referral.discipline)[:2])
    return found[0] if len(found) == 1 else None
