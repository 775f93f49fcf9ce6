"""Consent directives: whom a client bars is out of everything the same day, and the next plan knows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cast import NOW, Cast
from evenload.planning.case import Case
from evenload.planning.case import Unit as PlannedUnit
from evenload.planning.eligibility import breaches
from evenload.records.access import Person
from evenload.records.models import Assignment, Client, ConsentDirective, Program, Referral, Unit
from evenload.workflow import consent, drafts, offers, referral_units, snapshot, what_if
from evenload.workflow.draft_picture import picture_of
from evenload.workflow.offers import Terms
from workflow.offers_made import LATER, answer_of, offered, people_of, states
from workflow.referrals_made import client_of, practitioner, referral_of, refusal

pytestmark = [pytest.mark.both, pytest.mark.django_db]


def client(program: Program, unit: str) -> Client:
    return Client.objects.select_related("program").get(program=program, code=f"c-{unit}")


def unit_in(case: Case, code: str) -> PlannedUnit:
    return next(unit for unit in case.units if unit.id == code)


def barred(everybody: Cast, by: Person, unit: str, code: str) -> ConsentDirective:
    program = everybody.program_a
    return consent.bar(client(program, unit), practitioner(program, code), by=by, at=NOW)


def test_a_barred_practitioner_breaks_a_hard_rule_of_the_next_plan_and_of_every_candidate_list(everybody: Cast, marie: Person) -> None:
    program = everybody.program_a
    draft = drafts.open_draft(program, by=marie, at=NOW)
    assert "Cal" in {one.practitioner for one in what_if.ranking(draft, "u6").possible}
    barred(everybody, marie, "u6", "Cal")
    case = snapshot.case_of(program)
    assert [one.code for one in breaches(case, case.practitioner("Cal"), unit_in(case, "u6"))] == ["barred"]
    draft.refresh_from_db()
    assert "Cal" not in {one.practitioner for one in what_if.ranking(draft, "u6").possible}
    refusal("banned", drafts.move, draft, "u6", "Cal", by=marie, at=NOW, seen_version=draft.version)
    drafts.undo(draft, by=marie, at=NOW)
    draft.refresh_from_db()
    refusal("barred", drafts.move, draft, "u6", "Cal", by=marie, at=NOW, seen_version=draft.version)
    refusal("barred", offers.make, draft, "u6", ["Cal"], terms=Terms(), by=marie, at=NOW)


def test_an_undo_brings_no_client_back_to_somebody_whom_she_bars_since(everybody: Cast, marie: Person) -> None:
    draft = drafts.open_draft(everybody.program_a, by=marie, at=NOW)
    assert picture_of(draft).places["u8"].practitioner == "Cal"
    drafts.move(draft, "u8", None, by=marie, at=NOW, seen_version=draft.version)
    barred(everybody, marie, "u8", "Cal")
    drafts.undo(draft, by=marie, at=NOW)
    refusal("barred", drafts.undo, draft, by=marie, at=NOW)
    draft.refresh_from_db()
    assert picture_of(draft).places["u8"].practitioner is None


def test_what_she_had_of_the_client_ends_today_and_the_referral_waits_again(everybody: Cast, marie: Person) -> None:
    program = everybody.program_a
    Referral.objects.filter(unit__program=program, unit__code="u8").update(state="assigned")
    draft = drafts.open_draft(program, by=marie, at=NOW)
    barred(everybody, marie, "u8", "Cal")
    assert not Assignment.objects.filter(unit__program=program, unit__code="u8", ends_on__isnull=True).exists()
    draft.refresh_from_db()
    assert picture_of(draft).places["u8"].practitioner is None
    referral = Referral.objects.get(unit__program=program, unit__code="u8")
    assert referral.state == "waiting"
    assert list(referral.steps.values_list("before", "after", "reason")) == [("assigned", "waiting", "consent")]


def test_who_only_covered_covers_no_more_and_the_holder_keeps_the_client(everybody: Cast, marie: Person) -> None:
    program = everybody.program_a
    rows = Assignment.objects.filter(unit__program=program, unit__code="u8")
    rows.update(cover=practitioner(program, "Ana"))
    barred(everybody, marie, "u8", "Ana")
    assert [(row.practitioner.code, row.cover, row.ends_on) for row in rows.select_related("practitioner")] == [("Cal", None, None)]


def test_what_she_was_asked_is_withdrawn_and_the_others_may_answer_still(everybody: Cast, marie: Person) -> None:
    draft = drafts.open_draft(everybody.program_a, by=marie, at=NOW)
    offer = offers.make(draft, "u6", ["Ana", "Cal"], terms=Terms(), by=marie, at=NOW)
    barred(everybody, marie, "u6", "Cal")
    offer.refresh_from_db()
    assert offer.state == "open"
    assert dict(offer.answers.values_list("practitioner__code", "state")) == {"Ana": "open", "Cal": "withdrawn"}
    barred(everybody, marie, "u6", "Ana")
    offer.refresh_from_db()
    assert offer.state == "withdrawn"


def test_out_of_a_site_that_she_has_the_client_moves_into_a_unit_of_her_own_and_the_others_stay(everybody: Cast, marie: Person) -> None:
    program = everybody.program_a
    referral = referral_of(client_of(program), site="A", state="assigned")
    unit = referral_units.find_unit(referral)
    assert unit is not None
    referral_units.join(referral, unit)
    assert Unit.objects.get(pk=unit.pk).clients == 15
    consent.bar(referral.client, practitioner(program, "Ana"), by=marie, at=NOW)
    referral.refresh_from_db()
    own = referral.unit
    assert own is not None
    assert (own.kind, own.site.code if own.site else None, own.clients, referral.state) == ("client", "A", 1, "waiting")
    assert Unit.objects.get(pk=unit.pk).clients == 14
    assert Assignment.objects.filter(unit=unit, ends_on__isnull=True, practitioner__code="Ana").exists()
    assert consent.barred_units(practitioner(program, "Ana")) == {own.pk}
    case = snapshot.case_of(program)
    assert not breaches(case, case.practitioner("Ana"), unit_in(case, "u1"))


def test_a_referral_never_joins_the_unit_of_somebody_whom_its_client_bars(everybody: Cast, marie: Person) -> None:
    program = everybody.program_a
    known = client_of(program)
    consent.bar(known, practitioner(program, "Ana"), by=marie, at=NOW)
    assert referral_units.find_unit(referral_of(known, site="A")) is None
    assert referral_units.find_unit(referral_of(client_of(program, "c-other"), site="A")) is not None


def test_lifted_she_may_be_proposed_again_and_the_directive_stays_on_record(everybody: Cast, marie: Person) -> None:
    program = everybody.program_a
    directive = barred(everybody, marie, "u6", "Cal")
    refusal("barred_already", consent.bar, client(program, "u6"), practitioner(program, "Cal"), by=marie, at=NOW)
    consent.lift(directive, by=marie, at=NOW + timedelta(days=3))
    case = snapshot.case_of(program)
    assert not breaches(case, case.practitioner("Cal"), unit_in(case, "u6"))
    refusal("lifted_already", consent.lift, directive, by=marie, at=NOW)
    barred(everybody, marie, "u6", "Cal")
    assert ConsentDirective.objects.count() == 2


def test_somebody_of_another_program_cannot_be_named(everybody: Cast, marie: Person) -> None:
    foreign = practitioner(everybody.program_b, "Cal")
    refusal("barred_elsewhere", consent.bar, client(everybody.program_a, "u6"), foreign, by=marie, at=NOW)


def test_in_turn_the_next_is_asked_when_the_one_asked_is_barred(everybody: Cast, marie: Person) -> None:
    offer = offered(everybody, "Cal", "Ana", way="in_turn")
    barred(everybody, marie, "u6", "Cal")
    offer.refresh_from_db()
    assert (offer.state, states(offer)) == ("open", {"Cal": "withdrawn", "Ana": "open"})


def test_an_acceptance_that_waits_for_confirmation_ends_with_the_bar(everybody: Cast, marie: Person) -> None:
    people, offer = people_of(everybody), offered(everybody, "Cal")
    offers.accept(answer_of(offer, "Cal"), by=people["Cal"], at=LATER)
    barred(everybody, marie, "u6", "Cal")
    refusal("not_accepted", offers.confirm, offer, effective_on=LATER.date(), by=marie, at=LATER)
    assert not Assignment.objects.filter(unit__code="u6", practitioner__code="Cal", ends_on__isnull=True).exists()
