"""Referrals follow a published edition, each with a line that says by what."""

from __future__ import annotations

from datetime import date

import pytest

from cast import NOW, Cast, person
from evenload.records.models import Program, Referral
from evenload.workflow import drafts, editions

pytestmark = [pytest.mark.both, pytest.mark.django_db]
FROM = date(2026, 1, 19)


def states(program: Program) -> dict[str, str]:
    return dict(Referral.objects.filter(unit__program=program).values_list("unit__code", "state"))


def test_whose_unit_is_assigned_is_with_a_practitioner_and_whose_unit_waits_waits(everybody: Cast) -> None:
    program, marie = everybody.program_a, person(everybody.manager_of_a)
    Referral.objects.filter(unit__program=program, unit__code="u7").update(state="on_hold")
    draft = drafts.open_draft(program, by=marie, at=NOW)
    drafts.move(draft, "u6", "Cal", by=marie, at=NOW, seen_version=0)
    drafts.move(draft, "u8", None, by=marie, at=NOW, seen_version=1)
    Referral.objects.filter(unit__program=program, unit__code="u8").update(state="assigned")
    draft.refresh_from_db()
    editions.publish(draft, effective_on=FROM, by=marie, at=NOW, seen_version=draft.version)
    assert states(program) == {"u5": "waiting", "u6": "assigned", "u7": "on_hold", "u8": "waiting"}
    lines = Referral.objects.filter(unit__program=program).values_list(
        "unit__code", "steps__after", "steps__reason", "steps__practitioner__code"
    )
    assert {line for line in lines if line[1]} == {("u6", "assigned", "edition", "Cal"), ("u8", "waiting", "edition", None)}
    assert set(states(everybody.program_b).values()) == {"waiting"}
