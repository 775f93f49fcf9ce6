"""A referral on its way in: every problem at once, possible duplicates first, its unit, its team, its due dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from cast import NOW, Cast, account, person
from evenload.records.access import Person
from evenload.records.models import (
    Allotment,
    Assignment,
    Client,
    JournalEntry,
    Notice,
    Practitioner,
    Program,
    RecordedVisit,
    Referral,
    ServiceTarget,
    Unit,
)
from evenload.workflow import drafts, referral_triage, referrals, snapshot
from evenload.workflow.draft_picture import picture_of
from evenload.workflow.referral_triage import Asked
from evenload.workflow.referrals import NewReferral
from workflow.referrals_made import client_of, referral_of, refusal

pytestmark = [pytest.mark.both, pytest.mark.django_db]
TODAY = date(2026, 1, 12)
HOME = NewReferral(
    discipline="OT",
    initials="A. B.",
    language="fr",
    asked_how="phone",
    postal="K1K 2B5",
    priority=2,
    complexity="high",
    received_on=TODAY,
)
SCHOOL = replace(HOME, initials="C. D.", language="en", site="A", postal="", complexity="")


@pytest.fixture
def ada(everybody: Cast) -> Person:
    return person(everybody.administrative)


def taken(everybody: Cast, by: Person, stated: NewReferral, at: datetime = NOW) -> Referral:
    made = referrals.take_in(everybody.program_a, stated, by=by, at=at)
    return Referral.objects.select_related("client", "unit__site").get(pk=made.pk)


def test_at_home_it_gets_a_unit_of_its_own_that_waits_since_it_came_in(everybody: Cast, ada: Person) -> None:
    before = Program.objects.get(pk=everybody.program_a.pk).facts_version
    made = taken(everybody, ada, replace(HOME, visits=12, expires_on=date(2026, 6, 30), received_on=date(2026, 1, 9)))
    unit = made.unit
    assert unit is not None
    assert (made.state, made.client.code, unit.kind, unit.label) == ("received", "C0001", "client", "A. B., K1K")
    assert (unit.waiting_since, unit.language, unit.priority, unit.visits_allotted) == (date(2026, 1, 9), "fr", 2, Decimal(12))
    assert list(Allotment.objects.values_list("authorised_visits", "expires_on", "funding")) == [(12, date(2026, 6, 30), "funded")]
    assert Program.objects.get(pk=everybody.program_a.pk).facts_version > before
    assert {one.id for one in snapshot.case_of(everybody.program_a).units} >= {unit.code}


def test_the_language_is_kept_with_who_asked_when_and_how(everybody: Cast, ada: Person) -> None:
    client = taken(everybody, ada, HOME).client
    said = (client.language, client.language_asked_on, client.language_asked_by, client.language_asked_how)
    assert said == ("fr", TODAY, "Ada Office", "phone")


def test_a_language_that_was_not_asked_is_kept_as_not_asked_and_never_as_english(everybody: Cast, ada: Person) -> None:
    made = taken(everybody, ada, replace(HOME, language="", asked_how=""))
    assert made.unit is not None
    assert (made.client.language, made.client.language_asked_on, made.unit.language) == ("", None, "")


def test_at_a_site_it_joins_the_team_s_unit_and_who_has_it_has_the_referral_and_is_told(everybody: Cast, ada: Person) -> None:
    ana = account("ana", "Ana", "practitioner", everybody.program_a)
    Practitioner.objects.filter(program=everybody.program_a, code="Ana").update(account=ana)
    made = taken(everybody, ada, SCHOOL)
    assert made.unit is not None
    assert (made.unit.code, made.unit.clients, made.state) == ("u1", 15, "assigned")
    lines = list(made.steps.values_list("before", "after", "reason", "practitioner__code"))
    assert lines == [("", "received", "", None), ("received", "assigned", "site_team", "Ana")]
    notice = Notice.objects.get(account=ana)
    assert notice.event == "referral_at_site"
    assert made.client.initials not in str(notice.values)
    pieces = [one for one in snapshot.case_of(everybody.program_a).units if one.stated_id == "u1"]
    assert (sum(one.clients for one in pieces), {one.current for one in pieces}) == (15, {"Ana"})


def test_at_a_site_whose_unit_waits_it_joins_and_is_looked_at_like_any_other(everybody: Cast, ada: Person) -> None:
    made = taken(everybody, ada, replace(SCHOOL, site="D"))
    assert made.unit is not None
    assert (made.unit.code, made.unit.clients, made.state) == ("u4", 11, "received")


@pytest.mark.parametrize(
    ("language", "site", "unit"), [("fr", "A", None), ("fr", "B", "u2"), ("en", "B", None), ("ar", "A", "u1"), ("", "A", "u1")]
)
def test_a_client_who_asked_for_french_never_joins_a_unit_that_is_not_served_in_french(
    everybody: Cast, ada: Person, language: str, site: str, unit: str | None
) -> None:
    made = taken(everybody, ada, replace(SCHOOL, site=site, language=language, complexity="mod"))
    assert made.unit is not None
    assert (made.unit.code if made.unit.kind == "site" else None) == unit
    if unit is None:
        assert (made.unit.kind, made.unit.language, made.state) == ("client", language, "received")


def test_where_nobody_said_how_complex_it_is_its_unit_waits_for_triage(everybody: Cast, ada: Person) -> None:
    made = taken(everybody, ada, replace(HOME, complexity=""))
    assert made.unit is None
    refusal("complexity_missing", referral_triage.act, made, Asked("waiting", made.version), by=ada, at=NOW)
    made = referral_triage.judge(made, priority=1, complexity="mod", seen_version=made.version, by=ada, at=NOW)
    made = referral_triage.act(made, Asked("waiting", made.version), by=ada, at=NOW)
    assert made.unit is not None
    assert (made.state, made.unit.time_standard.code, made.unit.priority, made.responded_at) == ("waiting", "mod", 1, NOW)


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_stored(everybody: Cast, ada: Person) -> None:
    clients = Client.objects.count()
    stated = NewReferral(discipline="XX", language="fr", site="Z", birth_year=1850, complexity="nope", contract="c9", expires_on=TODAY)
    refused = refusal("referral_wrong", referrals.take_in, everybody.program_a, stated, by=ada, at=NOW)
    wrong = {(one.place, one.code) for one in refused.facts["wrong"]}  # type: ignore[attr-defined]
    assert wrong == {
        ("initials", "initials_missing"),
        ("birth_year", "birth_year_odd"),
        ("asked_how", "asked_how_missing"),
        ("discipline", "discipline_unknown"),
        ("site", "site_unknown"),
        ("complexity", "complexity_unknown"),
        ("contract", "contract_unknown"),
        ("received_on", "received_missing"),
    }
    assert Client.objects.count() == clients


@pytest.mark.parametrize(
    ("stated", "is_alike"),
    [
        (replace(HOME, initials="ab", birth_year=1950), True),
        (replace(HOME, initials="A. B.", birth_year=1951), False),
        (replace(HOME, initials="A. B."), False),
        (replace(HOME, initials="X. Y.", number="N-7"), True),
        (replace(HOME, initials="X. Y.", number="N-8"), False),
    ],
)
def test_a_possible_duplicate_is_shown_before_it_is_stored_and_the_person_decides(
    everybody: Cast, ada: Person, stated: NewReferral, is_alike: bool
) -> None:
    first = taken(everybody, ada, replace(HOME, birth_year=1950, number="n-7"))
    if not is_alike:
        taken(everybody, ada, stated)
        return
    refused = refusal("referral_known", referrals.take_in, everybody.program_a, stated, by=ada, at=NOW)
    assert refused.facts["duplicates"] == [first]
    made = referrals.take_in(everybody.program_a, stated, by=ada, at=NOW, seen=[first.pk])
    assert made.client_id != first.client_id


def test_a_known_client_is_taken_by_her_code_and_what_is_newly_said_of_her_is_kept(everybody: Cast, ada: Person) -> None:
    known = client_of(everybody.program_a, "c-7", initials="A. B.", postal="K2P 0A1")
    made = taken(everybody, ada, replace(HOME, client="c-7", initials="", postal="", birth_year=1944))
    known.refresh_from_db()
    assert (made.client, known.birth_year, known.language, known.postal) == (known, 1944, "fr", "K2P 0A1")


def test_another_client_s_code_is_refused(everybody: Cast, ada: Person) -> None:
    client_of(everybody.program_a, "c-7", initials="Q. R.")
    refused = refusal("referral_wrong", referrals.take_in, everybody.program_a, replace(HOME, client="c-7"), by=ada, at=NOW)
    assert [one.code for one in refused.facts["wrong"]] == ["client_of_other_initials"]  # type: ignore[attr-defined]


def test_due_dates_follow_the_contract_else_the_program_and_without_either_there_are_none(everybody: Cast, ada: Person) -> None:
    made = taken(everybody, ada, HOME)
    assert (made.respond_by, made.first_visit_by) == (None, None)
    ServiceTarget.objects.create(program=everybody.program_a, priority=2, respond_hours=24, first_visit_days=7)
    made = taken(everybody, ada, replace(HOME, initials="G. H."))
    assert (made.respond_by, made.first_visit_by) == (NOW + timedelta(hours=24), TODAY + timedelta(days=7))
    later = taken(everybody, ada, replace(HOME, initials="I. J.", available_from=date(2026, 2, 1), received_on=date(2026, 1, 9)))
    assert later.first_visit_by == date(2026, 2, 8)
    assert later.respond_by == datetime(2026, 1, 11, 4, 59, tzinfo=UTC)


def test_a_higher_priority_brings_the_due_dates_forward_from_when_it_came_in(everybody: Cast, ada: Person) -> None:
    for priority, hours, days in ((1, 4, 2), (2, 24, 7)):
        ServiceTarget.objects.create(program=everybody.program_a, priority=priority, respond_hours=hours, first_visit_days=days)
    made = taken(everybody, ada, HOME)
    made = referral_triage.judge(made, priority=1, complexity="", seen_version=0, by=ada, at=NOW + timedelta(hours=3))
    assert (made.respond_by, made.first_visit_by) == (NOW + timedelta(hours=4), TODAY + timedelta(days=2))
    refusal("referral_changed", referral_triage.judge, made, priority=3, complexity="", seen_version=0, by=ada, at=NOW)


def test_closed_with_a_reason_its_own_unit_closes_and_is_planned_no_more(everybody: Cast, ada: Person) -> None:
    made = taken(everybody, ada, HOME)
    assert made.unit is not None
    draft = drafts.open_draft(everybody.program_a, by=person(everybody.manager_of_a), at=NOW)
    assert made.unit.code in picture_of(draft).places
    visit = {"on": TODAY, "direct_minutes": 45, "outcome": "done", "time_standard": made.unit.time_standard}
    RecordedVisit.objects.create(program=everybody.program_a, unit=made.unit, **visit)
    refusal("closing_reason_missing", referral_triage.act, made, Asked("closed", made.version), by=ada, at=NOW)
    made = referral_triage.act(made, Asked("closed", made.version, reason="client_declined"), by=ada, at=NOW)
    assert (made.state, made.closed_on, made.closing_reason) == ("closed", TODAY, "client_declined")
    assert Unit.objects.get(pk=made.unit_id).closed_on == TODAY
    assert made.unit is not None
    assert made.unit.code not in picture_of(draft).places
    assert made.unit.code not in {one.id for one in snapshot.case_of(everybody.program_a).units}
    assert RecordedVisit.objects.get().unit == made.unit


def test_closed_at_a_site_the_team_has_one_client_less_and_keeps_the_unit(everybody: Cast, ada: Person) -> None:
    made = referral_triage.act(taken(everybody, ada, SCHOOL), Asked("closed", 1, reason="moved"), by=ada, at=NOW)
    unit = Unit.objects.get(pk=made.unit_id)
    assert (unit.clients, unit.closed_on) == (14, None)
    assert Assignment.objects.filter(unit=unit, ends_on__isnull=True).count() == 1


def test_on_hold_a_unit_that_waits_is_left_out_of_plans_until_it_resumes(everybody: Cast, ada: Person) -> None:
    made = referral_triage.act(taken(everybody, ada, HOME), Asked("waiting", 0), by=ada, at=NOW)
    assert made.unit is not None
    refusal("hold_day_past", referral_triage.act, made, Asked("on_hold", made.version, hold_until=TODAY), by=ada, at=NOW)
    made = referral_triage.act(made, Asked("on_hold", made.version, hold_until=date(2026, 2, 2)), by=ada, at=NOW)
    assert made.unit is not None
    assert made.unit.code not in {one.id for one in snapshot.case_of(everybody.program_a).units}
    assert made.unit.code in {one.id for one in snapshot.rows_of(everybody.program_a, with_held=True).units}
    made = referral_triage.act(made, Asked("waiting", made.version), by=ada, at=NOW)
    assert made.unit is not None
    assert made.unit.code in {one.id for one in snapshot.case_of(everybody.program_a).units}


def test_a_closed_one_is_taken_up_again_as_a_new_referral_that_names_it(everybody: Cast, ada: Person) -> None:
    first = taken(everybody, ada, HOME)
    again = replace(HOME, client=first.client.code, initials="", resumes=first.pk)
    refused = refusal("referral_wrong", referrals.take_in, everybody.program_a, again, by=ada, at=NOW)
    assert [one.code for one in refused.facts["wrong"]] == ["resumed_is_open"]  # type: ignore[attr-defined]
    referral_triage.act(first, Asked("closed", first.version, reason="goals_met"), by=ada, at=NOW)
    second = taken(everybody, ada, again)
    assert (second.resumes_id, second.client_id, second.unit_id != first.unit_id) == (first.pk, first.client_id, True)


def test_one_who_is_with_somebody_cannot_be_sent_back_by_hand(everybody: Cast, ada: Person) -> None:
    made = taken(everybody, ada, SCHOOL)
    refusal("unit_held", referral_triage.act, made, Asked("waiting", made.version), by=ada, at=NOW)
    refusal("referral_step", referral_triage.act, made, Asked("offered", made.version), by=ada, at=NOW)
    home = referral_triage.act(taken(everybody, ada, HOME), Asked("waiting", 0), by=ada, at=NOW)
    refusal("unit_not_held", referral_triage.act, home, Asked("assigned", home.version), by=ada, at=NOW)
    refusal("step_by_offer", referral_triage.act, home, Asked("offered", home.version), by=ada, at=NOW)


def test_every_step_of_intake_and_triage_stands_in_the_journal_with_the_client(everybody: Cast, ada: Person) -> None:
    made = taken(everybody, ada, HOME)
    referral_triage.act(made, Asked("waiting", 0), by=ada, at=NOW)
    lines = JournalEntry.objects.filter(action__startswith="referral.").order_by("number")
    assert [(one.action, one.client_ids) for one in lines] == [
        ("referral.take_in", ["C0001", f"R{made.pk:04d}"]),
        ("referral.step", ["C0001", f"R{made.pk:04d}"]),
    ]
    assert referral_of(made.client, standard=None).number == ""
