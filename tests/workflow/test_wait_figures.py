"""What was observed of the waiting list is kept while nothing changes: equal to the full count, and to plain loops, whatever happens."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from cast import Cast, person
from evenload.records.models import Client, Program, Referral, ReferralStep
from evenload.records.queries import open_referral_versions, open_referrals
from evenload.workflow import referral_triage, referrals, wait_figures, waiting_list
from evenload.workflow.referral_steps import take_step
from evenload.workflow.refused import Refused
from evenload.workflow.wait_figures import TAKEN_UP_FROM, WEEKS_OBSERVED, PoolQueue, WaitFigures

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

BEGUN = datetime(2026, 1, 13, 15, tzinfo=UTC)
REASONS = ("duplicate", "mistake", "moved")


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    wait_figures.forget()


def counted(program: Program, today: date) -> WaitFigures:
    return wait_figures.wait_figures(program, today=today, versions=open_referral_versions().get(program.pk))


def something_happens(everybody: Cast, dice: Random, at: datetime) -> None:
    """One thing that people do with referrals, through its own action; what is refused leaves all as it was."""
    by, program = person(everybody.manager_of_b), everybody.program_b
    known = list(Referral.objects.filter(client__program=program).order_by("pk").select_related("client__program", "unit"))
    waiting = [one for one in known if one.state in ("received", "waiting")]
    act = dice.choice(("comes", "comes", "comes", "closed", "waiting", "assigned", "audit"))
    if act == "comes" or not waiting:
        stated = referrals.NewReferral(
            discipline="OT",
            initials=f"A. {chr(65 + len(known) % 26)}.",
            birth_year=1930 + len(known) % 90,
            language=dice.choice(("", "fr", "en", "ar")),
            asked_by="M. T.",
            asked_how="phone",
            postal="K1A 0A1",
            received_on=localdate(at) - timedelta(days=dice.randrange(9)),
        )
        made = referrals.take_in(program, stated, by=by, at=at, seen=[one.pk for one in known])
        Referral.objects.filter(pk=made.pk).update(first_visit_by=made.received_on + timedelta(days=7 * dice.randrange(1, 5)))
        return
    one = dice.choice(waiting)
    if act == "audit":
        waiting_list.audit(one, "still_waiting", seen_version=one.version, by=by, at=at)
    elif act == "assigned":
        take_step(one, "assigned", by=by, at=at)
    else:
        referral_triage.act(one, referral_triage.Asked(act, one.version, reason=dice.choice(REASONS)), by=by, at=at)


def by_plain_loops(program: Program, pool: PoolQueue, found: WaitFigures) -> tuple[int, int, int, Counter[int]]:
    """Received, taken up, left otherwise, and targets of a pool, read row by row."""
    received = taken = left = 0
    targets: Counter[int] = Counter()
    for one in Referral.objects.filter(client__program=program).select_related("client"):
        if (one.discipline, waiting_list.language_group(one.client.language)) != (pool.discipline, pool.language):
            continue
        is_twice = one.closing_reason in ("duplicate", "mistake")
        came_in_weeks = found.first is not None and found.last is not None and found.first <= one.received_on <= found.last
        received += came_in_weeks and not is_twice
        if one.first_visit_by is not None and (came_in_weeks or one.state in ("received", "waiting", "offered")):
            targets[(one.first_visit_by - one.received_on).days] += 1
        days = {
            after: sorted(localdate(step.at) for step in one.steps.all() if step.after == after and step.before in TAKEN_UP_FROM)
            for after in ("assigned", "closed")
        }
        if found.first is not None and found.last is not None:
            taken += bool(days["assigned"]) and found.first <= days["assigned"][0] <= found.last
            left += not is_twice and sum(found.first <= day <= found.last for day in days["closed"])
    return received, taken, left, targets


@pytest.mark.parametrize("seed", range(3))
def test_what_is_kept_is_the_full_count_and_that_of_plain_loops_whatever_happens(everybody: Cast, seed: int) -> None:
    dice, at, program = Random(seed), BEGUN, everybody.program_b
    for _ in range(30):
        at += timedelta(days=dice.choice((0, 0, 3, 9)), minutes=1)
        counted(program, localdate(at))  # so that there is something to be wrong about
        try:
            something_happens(everybody, dice, at)
        except Refused:
            continue

        kept = counted(program, localdate(at))

        wait_figures.forget()
        assert kept == counted(program, localdate(at))
    assert kept.weeks > 3
    for pool in kept.pools:
        received, taken, left, targets = by_plain_loops(program, pool, kept)
        assert (pool.received.count if pool.received else 0, pool.taken_up.count if pool.taken_up else 0) == (received, taken)
        assert pool.left_otherwise == left
        assert (pool.target.count if pool.target else 0) == targets.total()
        if pool.target is not None:
            assert pool.target.mean == Fraction(sum(day * count for day, count in targets.items()), 7 * targets.total())
    assert any(pool.taken_up and pool.taken_up.count for pool in kept.pools)


def test_a_look_where_nothing_changed_reads_nothing_of_past_weeks_again(everybody: Cast) -> None:
    program, today = everybody.program_a, localdate(BEGUN) + timedelta(weeks=WEEKS_OBSERVED)
    made = Referral.objects.create(client=Client.objects.create(program=program, code="w"), discipline="OT", received_on=localdate(BEGUN))
    ReferralStep.objects.create(referral=made, after="received", at=BEGUN)
    first = counted(program, today)

    with CaptureQueriesContext(connection) as asked:
        again = counted(program, today)

    assert again == first
    assert len(asked) <= 5
    assert not [one for one in asked.captured_queries if "records_referralstep" in one["sql"]]


def test_open_referrals_are_those_of_the_program_that_are_not_closed(everybody: Cast) -> None:
    for program in (everybody.program_a, everybody.program_b):
        client = Client.objects.create(program=program, code="w")
        for state in ("received", "assigned", "on_hold", "closed"):
            Referral.objects.create(client=client, discipline="OT", received_on=localdate(BEGUN), state=state)
    mine = Referral.objects.filter(client__program=everybody.program_a)

    assert set(open_referrals(everybody.program_a)) == set(mine.exclude(state="closed"))
    versions = open_referral_versions()
    newest = open_referrals(everybody.program_a).order_by("-pk")[0].pk
    assert versions[everybody.program_a.pk] == (open_referrals(everybody.program_a).count(), 0, newest)


def test_open_referrals_are_reached_before_the_clients_and_never_by_reading_every_client(everybody: Cast) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("how SQLite reads is asked of SQLite")
    with CaptureQueriesContext(connection) as asked:
        open_referral_versions()

    plans = [open_referrals(everybody.program_a).filter(state="waiting").explain()]
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + asked.captured_queries[0]["sql"])
        plans.append("\n".join(row[3] for row in cursor.fetchall()))
    for plan in plans:
        first, then = (next(line for line in plan.splitlines() if f" {table} USING" in line) for table in ("r", "c"))
        assert "referral_open" in first or "referral_by_state" in first
        assert "SEARCH c USING INTEGER PRIMARY KEY" in then
        assert plan.index(first) < plan.index(then)
