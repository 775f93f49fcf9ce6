"""A load above a maximum that the draft found and did not raise: shown on the check, published with a reason, kept in the record."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cast import Cast
from evenload.records.models import Edition, Practitioner, Program
from web.desk_visits import begun, client_of, fresh, page_of, text_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def test_the_check_asks_why_and_the_record_tells_it(everybody: Cast) -> None:
    draft = begun(everybody)
    Practitioner.objects.filter(program=everybody.program_a, code="Ana").update(weekly_hours=5)
    Program.objects.filter(pk=everybody.program_a.pk).update(facts_version=99)
    marie = client_of(everybody.manager_of_a)
    publish = reverse("publish", args=[everybody.program_a.code])

    page = text_of(page_of(marie, "draft_check", everybody.program_a))
    assert "Above a maximum since before this draft, and no higher in it: Ana: 25.8 h a week are above the maximum of" in page
    stated = {"draft": str(draft.pk), "seen_version": str(fresh(draft).version), "effective_on": "2026-02-02"}
    refused = marie.post(publish, stated)
    assert refused.status_code == 422
    assert "Choose why the loads above a maximum stay as they are." in text_of(refused.content.decode())
    assert not Edition.objects.exists()

    assert marie.post(publish, {**stated, "overload_reason": "for_a_time"}).status_code == 302
    record = text_of(page_of(marie, "edition_record", everybody.program_a, Edition.objects.get().number))
    assert "Ana: 25.8 h/week, maximum" in record
    assert "For a time, until somebody comes" in record
