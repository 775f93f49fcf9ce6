"""Contracts of a program and what they promise: how soon a referral of each priority is answered and first seen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from evenload.planning import codes
from evenload.records.access import Person
from evenload.records.models import Contract, Program, ServiceTarget
from evenload.workflow import journal
from evenload.workflow.refused import Refused

MOST_VISITS: Final = 10_000_000
MOST_HOURS: Final = 24 * 365
MOST_DAYS: Final = 3 * 365
CODE: Final = re.compile(r"[A-Za-z0-9_-]{1,60}")

Targets = Mapping[int, tuple[int, int]]
"""priority → hours in which a referral is answered, days to the first visit"""


@dataclass(frozen=True, slots=True)
class Stated:
    """A contract as somebody states it. `discipline` empty: every one of the program."""

    code: str
    name_en: str
    name_fr: str
    discipline: str
    starts_on: date
    ends_on: date
    visits: int
    tolerance_percent: Decimal

    def problems(self, program: Program) -> dict[str, str]:
        """What cannot be: field → code of what is wrong with it."""
        found: dict[str, str] = {}
        if not CODE.fullmatch(self.code):
            found["code"] = "contract_code_odd"
        if not self.name_en.strip():
            found["name_en"] = "contract_name_missing"
        if self.discipline and self.discipline not in (*codes.DISCIPLINES, *program.other_disciplines):
            found["discipline"] = "contract_discipline_unknown"
        if self.ends_on < self.starts_on:
            found["ends_on"] = "contract_days_reversed"
        if not 0 <= self.visits <= MOST_VISITS:
            found["visits"] = "contract_visits_odd"
        if not 0 <= self.tolerance_percent < 100:
            found["tolerance_percent"] = "contract_tolerance_odd"
        return found


def targets_for(program: Program, contract: Contract | None, priority: int) -> ServiceTarget | None:
    """The contract's own target for this priority, else the program's; None where neither states one."""
    own = Q(contract__isnull=True) if contract is None else Q(contract__isnull=True) | Q(contract=contract)
    rows = ServiceTarget.objects.filter(own, program=program, priority=priority)
    return rows.order_by(F("contract_id").asc(nulls_last=True)).first()


def add(program: Program, stated: Stated, *, targets: Targets, by: Person, at: datetime) -> Contract:
    """Keep a new contract with its targets. Refused `contract_fields` {problems: field → code}; nothing is kept then."""
    with transaction.atomic():
        made, _, after = _kept(Contract(program=program), stated, targets)
        journal.record(by, "contract.add", at=at, program=program, subject=made, after=after)
    return made


def change(contract: Contract, stated: Stated, *, targets: Targets, by: Person, at: datetime, seen: str) -> Contract:
    """Change a contract and its targets; the journal keeps both what it was and what it is.

    `seen` is what `as_seen` said of it when the form was written. Refused `contract_fields`, `contract_changed` where it is
    another one by now. Referrals keep the days that they were given when they came in.
    """
    with transaction.atomic():
        held = Contract.objects.select_for_update(of=("self",)).select_related("program").get(pk=contract.pk)
        if as_seen(held) != seen:
            raise Refused("contract_changed")
        made, before, after = _kept(held, stated, targets)
        journal.record(by, "contract.change", at=at, program=made.program, subject=made, before=before, after=after)
    return made


def set_targets(program: Program, targets: Targets, *, by: Person, at: datetime) -> None:
    """Keep the program's own targets, which hold wherever a contract states none. Refused `contract_fields`."""
    if problems := problems_of(targets):
        raise Refused("contract_fields", problems=problems)
    with transaction.atomic():
        Program.objects.select_for_update().get(pk=program.pk)
        before = targets_of(program, None)
        _write_targets(program, None, targets)
        journal.record(by, "targets.change", at=at, program=program, before=_plain(before), after=_plain(targets))


def targets_of(program: Program, contract: Contract | None) -> dict[int, tuple[int, int]]:
    """The targets that the contract (the program, where it is None) states itself, by priority."""
    rows = ServiceTarget.objects.filter(program=program, contract=contract)
    return {one.priority: (one.respond_hours, one.first_visit_days) for one in rows}


def problems_of(targets: Targets) -> dict[str, str]:
    """What cannot be: field (`hours-1`, `days-1`) → code."""
    found: dict[str, str] = {}
    for priority, (hours, days) in targets.items():
        if not 1 <= hours <= MOST_HOURS:
            found[f"hours-{priority}"] = "target_hours_odd"
        if not 1 <= days <= MOST_DAYS:
            found[f"days-{priority}"] = "target_days_odd"
    return found


def as_seen(contract: Contract) -> str:
    """Everything that a form changes, in one text: whether somebody was quicker."""
    return "|".join(
        f"{name}={value}" for name, value in (*_facts(contract).items(), *_plain(targets_of(contract.program, contract)).items())
    )


def _kept(contract: Contract, stated: Stated, targets: Targets) -> tuple[Contract, dict[str, Any], dict[str, Any]]:
    """The contract as it is kept, in the caller's transaction; what was known of it before, and what is now."""
    program = contract.program
    if problems := {**stated.problems(program), **problems_of(targets)}:
        raise Refused("contract_fields", problems=problems)
    before = {**_facts(contract), "targets": _plain(targets_of(program, contract))} if contract.pk else {}
    for name in ("code", "name_en", "name_fr", "discipline", "starts_on", "ends_on", "visits", "tolerance_percent"):
        setattr(contract, name, getattr(stated, name))
    try:
        with transaction.atomic():
            contract.save()
    except IntegrityError as error:
        raise Refused("contract_fields", problems={"code": "contract_code_taken"}) from error
    _write_targets(program, contract, targets)
    return contract, before, {**_facts(contract), "targets": _plain(targets)}


def _write_targets(program: Program, contract: Contract | None, targets: Targets) -> None:
    ServiceTarget.objects.filter(program=program, contract=contract).exclude(priority__in=list(targets)).delete()
    for priority, (hours, days) in targets.items():
        ServiceTarget.objects.update_or_create(
            program=program, contract=contract, priority=priority, defaults={"respond_hours": hours, "first_visit_days": days}
        )


def _facts(contract: Contract) -> dict[str, Any]:
    return {
        "code": contract.code,
        "name_en": contract.name_en,
        "name_fr": contract.name_fr,
        "discipline": contract.discipline,
        "starts_on": contract.starts_on.isoformat(),
        "ends_on": contract.ends_on.isoformat(),
        "visits": contract.visits,
        "tolerance_percent": f"{Decimal(contract.tolerance_percent):.1f}",
    }


def _plain(targets: Targets) -> dict[str, str]:
    return {f"priority {priority}": f"{hours} h, {days} d" for priority, (hours, days) in sorted(targets.items())}
