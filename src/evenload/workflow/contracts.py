"""Contracts of a program and what they promise: how soon a referral of each priority is answered and first seen."""

from __future__ import annotations

from django.db.models import F, Q

from evenload.records.models import Contract, Program, ServiceTarget


def targets_for(program: Program, contract: Contract | None, priority: int) -> ServiceTarget | None:
    """The contract's own target for this priority, else the program's; None where neither states one."""
    own = Q(contract__isnull=True) if contract is None else Q(contract__isnull=True) | Q(contract=contract)
    rows = ServiceTarget.objects.filter(own, program=program, priority=priority)
    return rows.order_by(F("contract_id").asc(nulls_last=True)).first()
