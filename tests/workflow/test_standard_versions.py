"""Versions of time standards: who decides, what is refused, what stays, and that a drift is told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from cast import NOW, Cast, account, person
from evenload.records.access import Person
from evenload.records.models import Account, JournalEntry, Notice, Program, RecordedVisit, StandardJudgement, StandardVersion, TimeStandard
from evenload.workflow import standard_drift, standard_effect, standard_judgements, standard_versions, states
from evenload.workflow.due import Due
from evenload.workflow.records_from_rows import take_in
from evenload.workflow.refused import Refused
from evenload.workflow.snapshot import rows_of
from evenload.workflow.standard_figures import figures_of

pytestmark = [pytest.mark.both, pytest.mark.django_db]

SOURCE = "a time study of two weeks"


@pytest.fixture
def standard(everybody: Cast) -> TimeStandard:
    return everybody.program_a.time_standards.all()[0]


@pytest.fixture
def dora(everybody: Cast) -> Person:
    return person(everybody.director)


def proposed(standard: TimeStandard, by: Person, *, minutes: int = 70) -> StandardVersion:
    figures = replace(figures_of(standard), direct_minutes=Fraction(minutes), source=SOURCE)
    return standard_versions.propose(standard, figures, why="visits take longer", by=by, at=NOW, evidence={})


def seen(standard: TimeStandard) -> int:
    return Program.objects.get(pk=standard.program_id).facts_version


def approve(version: StandardVersion, by: Person, **more: Any) -> StandardVersion:
    return standard_versions.approve(version, **({"seen": seen(version.standard), "effect": {}, "by": by, "at": NOW} | more))


def code_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.code


def test_an_approval_writes_the_facts_and_both_are_told_and_named(standard: TimeStandard, marie: Person, dora: Person) -> None:
    before = seen(standard)
    version = proposed(standard, marie)
    approve(version, dora)

    standard.refresh_from_db()
    assert (standard.direct_minutes, standard.source, seen(standard)) == (Decimal(70), SOURCE, before + 1)
    stood, approved = reversed(standard_versions.history(standard))
    assert (stood.number, standard_versions.origin_of(stood), stood.says["source"]) == (1, "stood", "")
    assert (approved.number, approved.state, approved.decided_by_name) == (2, "approved", "Dora Director")
    told = set(Notice.objects.values_list("account__username", "event"))
    assert told == {("dora", "standard_proposed"), ("marie", "standard_decided")}
    last = JournalEntry.objects.get(action="standard.approve")
    assert last.facts["after"] == {"direct_minutes": "70", "source": SOURCE}


def test_who_proposed_it_approves_it_only_where_nobody_else_could(standard: TimeStandard, marie: Person, dora: Person) -> None:
    version = proposed(standard, marie)
    with pytest.raises(Refused) as refused:
        approve(version, marie)
    assert code_of(refused) == "standard_own"

    Account.objects.filter(pk=dora.account.pk).update(is_active=False)
    assert approve(version, marie).decided_by_name == "Marie Roy"


def test_what_was_counted_with_other_facts_is_not_approved(standard: TimeStandard, marie: Person, dora: Person) -> None:
    version, before = proposed(standard, marie), seen(standard)
    Program.objects.filter(pk=standard.program_id).update(facts_version=before + 1)

    with pytest.raises(Refused) as refused:
        approve(version, dora, seen=before)

    assert code_of(refused) == "standard_outdated"
    version.refresh_from_db()
    assert (version.state, TimeStandard.objects.get(pk=standard.pk).direct_minutes) == ("proposed", standard.direct_minutes)


@pytest.mark.parametrize("state", [state for state, after in states.STANDARD.items() if not after])
def test_what_is_decided_is_decided_once(standard: TimeStandard, marie: Person, dora: Person, state: str) -> None:
    version = proposed(standard, marie)
    if state == "approved":
        approve(version, dora)
    elif state == "declined":
        standard_versions.decline(version, why="too long", by=dora, at=NOW)
    else:
        standard_versions.withdraw(version, by=marie, at=NOW)
    kept = TimeStandard.objects.get(pk=standard.pk).direct_minutes

    acts = (
        lambda: approve(version, dora),
        lambda: standard_versions.decline(version, why="again", by=dora, at=NOW),
        lambda: standard_versions.withdraw(version, by=marie, at=NOW),
    )
    for act in acts:
        with pytest.raises(Refused) as refused:
            act()
        assert code_of(refused) == "standard_decided"
    version.refresh_from_db()
    assert (version.state, TimeStandard.objects.get(pk=standard.pk).direct_minutes) == (state, kept)


def test_one_proposal_waits_at_a_time_and_only_its_author_withdraws_it(standard: TimeStandard, marie: Person, dora: Person) -> None:
    version = proposed(standard, marie)
    for act, expected in (
        (lambda: proposed(standard, dora, minutes=80), "standard_waits"),
        (lambda: standard_versions.withdraw(version, by=dora, at=NOW), "standard_foreign"),
        (lambda: standard_versions.decline(version, why=" ", by=dora, at=NOW), "standard_why_missing"),
        (lambda: standard_versions.decline(version, why="no", by=marie, at=NOW), "standard_own"),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert code_of(refused) == expected


def test_the_database_keeps_what_was_proposed_and_judged(standard: TimeStandard, marie: Person) -> None:
    version = proposed(standard, marie)
    judged = standard_judgements.judge(standard, {"direct_minutes": Fraction(60)}, why="", by=marie, at=NOW)

    for rows, change in (
        (StandardVersion.objects.filter(pk=version.pk), {"says": {}}),
        (StandardVersion.objects.filter(pk=version.pk), {"why": "another reason"}),
        (StandardJudgement.objects.filter(pk=judged.pk), {"direct_minutes": 61}),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)


def test_an_import_is_a_version_too_and_numbers_have_no_gaps(everybody: Cast, standard: TimeStandard, marie: Person, dora: Person) -> None:
    program = everybody.program_a
    approve(proposed(standard, marie), dora)
    rows = rows_of(program)
    changed = replace(rows, classes=(replace(rows.classes[0], direct_minutes=Fraction(80)), *rows.classes[1:]))
    take_in(changed, program=program, code=program.code)

    assert standard_versions.note_all(program, "imported", by=marie, at=NOW + timedelta(hours=1)) == program.time_standards.count()
    assert standard_versions.note_all(program, "imported", by=marie, at=NOW + timedelta(hours=2)) == 0
    versions = standard_versions.history(standard)
    assert [one.number for one in versions] == [3, 2, 1]
    current = standard_versions.current_of(versions)
    assert current is not None
    assert (current.number, current.says["direct_minutes"], current.evidence["origin"]) == (3, "80", "imported")


def test_each_persons_latest_judgement_counts_and_the_median_does_not_follow_one_far_off(
    standard: TimeStandard, marie: Person, dora: Person
) -> None:
    third = person(account("theo", "Theo Third", "program_manager", standard.program))
    for by, minutes in ((marie, 300), (dora, 62), (third, 58), (marie, 240)):
        standard_judgements.judge(standard, {"direct_minutes": Fraction(minutes)}, why="", by=by, at=NOW)

    spread = standard_judgements.spreads(StandardJudgement.objects.filter(standard=standard))["direct_minutes"]

    assert (spread.judges, spread.least, spread.median, spread.most) == (3, 58, 62, 240)
    assert StandardJudgement.objects.count() == 4
    with pytest.raises(Refused) as refused:
        standard_judgements.judge(standard, {"direct_minutes": Fraction(2000)}, why="", by=marie, at=NOW)
    assert refused.value.facts["problems"] == {"direct_minutes": "standard_minutes_odd"}


def test_an_effect_reads_back_as_it_was_kept(standard: TimeStandard) -> None:
    effect = standard_effect.effect_of(standard, replace(figures_of(standard), direct_minutes=Fraction(61), source=SOURCE))

    assert effect.people
    assert standard_effect.kept(effect.shown()) == effect


def test_a_drift_is_told_once_in_a_period_by_whoever_looks(everybody: Cast, standard: TimeStandard) -> None:
    facts = {"program": standard.program, "time_standard": standard, "outcome": "done"}
    for week in range(30):
        on = NOW.date() - timedelta(days=3 * week)
        RecordedVisit.objects.create(on=on, direct_minutes=standard.direct_minutes * 2 + week % 3, **facts)
    TimeStandard.objects.filter(pk=standard.pk).update(judgement_weight=60)
    told = Notice.objects.filter(event="standard_drifted")

    days = iter(range(100))
    due = Due(lambda: NOW + timedelta(days=next(days)))
    assert due.look()
    assert [(one.account.username, one.address) for one in told.all()] == [("marie", f"/programs/school-rehab/standards/{standard.pk}")]
    for _ in range(3):
        due.look()
    assert standard_drift.tell_due(today=NOW.date(), at=NOW) == 0
    assert told.all().count() == 1

    Program.objects.filter(pk=standard.program_id).update(period_start=NOW.date())
    assert standard_drift.tell_due(today=NOW.date(), at=NOW) == 1
    assert told.all().count() == 2
