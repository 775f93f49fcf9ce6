"""Whom clients barred, as the records have it: which units a practitioner must not see, and who may never be proposed for which.

A directive holds for every unit that has, or had, a referral of the client. A list that came with the organisation's workbook
bars by unit: where the unit is a single client, that is the client's directive too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from evenload.records.models import Account, ConsentDirective, Practitioner, Program, Referral, Unit


def barred_units(practitioner: Practitioner) -> set[int]:
    """Keys of the units whose client bars her: she never sees them. Two queries."""
    return barred_units_of([practitioner])


def barred_units_of(practitioners: Iterable[Practitioner]) -> set[int]:
    """Keys of the units whose client bars one of these (a person is one practitioner per program). Two queries."""
    people = [one.pk for one in practitioners]
    if not people:
        return set()
    barring = ConsentDirective.objects.filter(practitioner__in=people, lifted_at__isnull=True).values("client")
    found = set(Referral.objects.filter(client__in=barring, unit__isnull=False).values_list("unit_id", flat=True))
    return found | set(Unit.objects.filter(kind="client", barred_practitioners__in=people).values_list("pk", flat=True))


def barred_clients_of(practitioners: Iterable[Practitioner]) -> set[int]:
    """Keys of the clients who bar one of these."""
    rows = ConsentDirective.objects.filter(practitioner__in=list(practitioners), lifted_at__isnull=True)
    return set(rows.values_list("client_id", flat=True))


def barred_by_clients(program: Program) -> dict[int, frozenset[str]]:
    """Unit → codes of the practitioners whom a client of it bars. One query."""
    standing = Q(client__consent_directives__lifted_at__isnull=True, client__consent_directives__isnull=False)
    rows = Referral.objects.filter(standing, unit__program=program).exclude(state="closed")
    found: dict[int, set[str]] = defaultdict(set)
    for unit, code in rows.values_list("unit_id", "client__consent_directives__practitioner__code"):
        found[unit].add(code)
    return {unit: frozenset(codes) for unit, codes in found.items()}


def hidden_codes(account: Account, program: Program) -> frozenset[str]:
    """Codes of the program's units that this account must not see, in whatever role it looks: its own clients bar it."""
    hers = barred_units_of(Practitioner.objects.filter(account=account, program=program))
    return frozenset(Unit.objects.filter(pk__in=hers).values_list("code", flat=True)) if hers else frozenset()


def has_directives(program: Program) -> bool:
    """Whether any client of the program bars somebody: what is written to a shared place cannot be kept from one reader."""
    if ConsentDirective.objects.filter(client__program=program, lifted_at__isnull=True).exists():
        return True
    return Unit.objects.filter(program=program, kind="client", barred_practitioners__isnull=False).exists()
