"""Referrals for the tests: at a site of the little program, or at home; and a refusal as the tests ask for it."""

from __future__ import annotations

from datetime import date

import pytest

from evenload.records.models import Client, Practitioner, Program, Referral, TimeStandard
from evenload.workflow.refused import Refused


def client_of(program: Program, code: str = "c-new", *, initials: str = "N. D.", language: str = "", postal: str = "K1K 2B5") -> Client:
    return Client.objects.create(program=program, code=code, initials=initials, language=language, postal=postal)


def referral_of(client: Client, *, site: str | None = None, standard: str | None = "mod", **values: object) -> Referral:
    program = client.program
    return Referral.objects.create(
        client=client,
        discipline="OT",
        site=program.sites.get(code=site) if site else None,
        time_standard=TimeStandard.objects.get(program=program, code=standard) if standard else None,
        received_on=values.pop("received_on", date(2026, 1, 12)),
        **values,
    )


def practitioner(program: Program, code: str) -> Practitioner:
    return Practitioner.objects.get(program=program, code=code)


def refusal(code: str, action: object, *arguments: object, **named: object) -> Refused:
    with pytest.raises(Refused) as caught:
        action(*arguments, **named)  # type: ignore[operator]
    assert caught.value.code == code
    return caught.value
