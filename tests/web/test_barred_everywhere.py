"""A practitioner whom a client bars: the client's unit, which was hers until now, is on none of the pages that she can reach."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cast import NOW, Cast, person
from evenload.records.models import (
    Assignment,
    Draft,
    DraftPlacement,
    EditionNotice,
    LoadTalk,
    Offer,
    OfferAnswer,
    PlannedVisit,
    Practitioner,
    Program,
    RecordedVisit,
    Referral,
    TalkMessage,
    Unit,
)
from evenload.workflow import consent
from web import test_url_table as table
from web.desk_visits import client_of
from web.url_table import TABLE

pytestmark = [pytest.mark.slow, pytest.mark.both, pytest.mark.django_db]
SECRET = "QZ-SECRET"
INITIALS = "QZXV"
MARKS = (SECRET, INITIALS, "Quentin Zabel")


@pytest.fixture
def stage(everybody: Cast) -> table.Stage:
    """Program A with everything an address can name; unit u8, a client at home, is Béa's in every way there is."""
    program = everybody.program_a
    unit = Unit.objects.get(program=program, code="u8")
    unit.code, unit.label = SECRET, f"{INITIALS}, {SECRET}"
    unit.save()
    referral = Referral.objects.select_related("client").get(unit=unit)
    referral.client.initials, referral.client.name = INITIALS, "Quentin Zabel"
    referral.client.save()
    Referral.objects.filter(pk=referral.pk).update(state="assigned", received_on=timezone.localdate())
    bea = program.practitioners.get(code="Béa")
    Assignment.objects.filter(unit=unit).update(piece=unit.code, practitioner=bea, starts_on=NOW.date())
    Program.objects.filter(pk=program.pk).update(facts_version=program.facts_version + 1)
    stage = table.stage(everybody, program)
    _hers(stage, unit, bea, referral, everybody)
    return stage


def _hers(stage: table.Stage, unit: Unit, bea: Practitioner, referral: Referral, everybody: Cast) -> None:
    now = timezone.now()
    EditionNotice.objects.create(edition=stage.edition, practitioner=bea, changes=[[unit.code, "new"]])
    PlannedVisit.objects.create(practitioner=bea, unit=unit, on=timezone.localdate(), minutes=45, referral=referral)
    visit = {"direct_minutes": 45, "outcome": "done", "recorded_by": bea.account, "recorded_at": now}
    RecordedVisit.objects.create(
        program=unit.program, practitioner=bea, unit=unit, time_standard=unit.time_standard, on=now.date(), referral=referral, **visit
    )
    terms = {"made_by": everybody.manager_of_a, "made_at": now, "answer_hours": 24, "shown": stage.offer.shown}
    offer = Offer.objects.create(program=unit.program, unit=unit, piece=unit.code, way="together", **terms)
    shown = OfferAnswer.objects.filter(offer=stage.offer)[0].shown
    OfferAnswer.objects.create(
        offer=offer, practitioner=bea, turn=0, state="open", asked_at=now, answer_by=now + timedelta(days=1), shown=shown
    )


def addresses(stage: table.Stage, everybody: Cast) -> dict[str, str]:
    """Every address that a practitioner may read."""
    found = {}
    for name, row in TABLE.items():
        if row.get == 200 and not row.is_public and row.answers[0].split()[4] == "ok":
            found[name] = table.address(name, stage, everybody)
    return found


def marks_on(browser: Client, address: str) -> list[str]:
    answer = browser.get(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    text = body.decode("utf-8", "replace").replace(reverse("role"), "")
    return [mark for mark in MARKS if mark in text]


def test_on_no_page_that_she_can_reach_is_the_client_who_bars_her(everybody: Cast, stage: table.Stage) -> None:
    browser = client_of(everybody.practitioner)
    everywhere = addresses(stage, everybody)
    everywhere |= {f"{name} areas": f"{everywhere[name]}?view=areas" for name in ("list", "edition")}
    everywhere |= {"list found": f"{everywhere['list']}?q={SECRET.lower()}", "offers past": f"{everywhere['offers']}?show=past"}
    before = {name for name, address in everywhere.items() if marks_on(browser, address)}
    assert before >= {"list areas", "edition areas", "edition_file", "today", "clients"}
    EditionNotice.objects.update(read_at=None)

    marie, client = person(everybody.manager_of_a), Referral.objects.get(unit__code=SECRET).client
    consent.bar(client, everybody.program_a.practitioners.get(code="Béa"), by=marie, at=timezone.now())

    after = {name: found for name, address in everywhere.items() if (found := marks_on(browser, address))}
    assert after == {}


def test_what_led_to_the_client_is_not_there_any_more(everybody: Cast, stage: table.Stage) -> None:
    browser = client_of(everybody.practitioner)
    unit, answer = Unit.objects.get(code=SECRET), OfferAnswer.objects.get(offer__unit__code=SECRET)
    visit, planned = RecordedVisit.objects.get(unit=unit), PlannedVisit.objects.get(unit=unit)
    marie, client = person(everybody.manager_of_a), Referral.objects.get(unit=unit).client
    consent.bar(client, everybody.program_a.practitioners.get(code="Béa"), by=marie, at=timezone.now())

    found = {
        "offer": browser.post(reverse("offer_answer", args=[answer.pk]), {"answer": "accept"}).status_code,
        "client": browser.get(reverse("client", args=[unit.pk])).status_code,
        "visit": browser.post(reverse("visit_record"), {"unit": str(unit.pk), "outcome": "done", "minutes": "45"}).status_code,
        "undo": browser.post(reverse("visit_undo", args=[visit.pk])).status_code,
        "planned": browser.post(reverse("planned_visit", args=[planned.pk]), {"act": "drop"}).status_code,
    }
    assert found == dict.fromkeys(found, 404)


def test_the_next_plan_draft_and_offer_know_it_too(everybody: Cast, stage: table.Stage) -> None:
    marie, client = person(everybody.manager_of_a), Referral.objects.get(unit__code=SECRET).client
    consent.bar(client, everybody.program_a.practitioners.get(code="Béa"), by=marie, at=timezone.now())
    assert not DraftPlacement.objects.filter(piece=SECRET, practitioner__code="Béa").exists()
    assert not Assignment.objects.filter(piece=SECRET, practitioner__code="Béa", ends_on__isnull=True).exists()
    assert Offer.objects.get(unit__code=SECRET).state == "withdrawn"
    assert Draft.objects.filter(program=everybody.program_a, closed_at__isnull=True).count() == 1
    assert LoadTalk.objects.exists()
    assert not TalkMessage.objects.filter(text__contains=SECRET).exists()
