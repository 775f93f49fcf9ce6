"""The figures of a program: pools that add up to the ledger, the waiting list's arithmetic from what was observed, and what lies behind."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from cast import NOW, Cast, edition_of, person
from evenload.planning.fairness import gini
from evenload.records.models import (
    Assignment,
    Client,
    Contract,
    Duty,
    Edition,
    EditionRow,
    LoadTalk,
    LoadWeek,
    Practitioner,
    Program,
    RecordedVisit,
    Referral,
    ReferralStep,
    Unit,
)
from evenload.workflow import leave, talks
from evenload.workflow.current_picture import picture_of_now
from evenload.workflow.hour_ledger import hour_ledger
from evenload.workflow.past_figures import CHANGED_WEEKS
from evenload.workflow.pool_weeks import WEEKS_AHEAD, PoolWeeks, pool_weeks
from evenload.workflow.program_figures import ProgramFigures, figures_of, spread_of
from evenload.workflow.wait_figures import PoolQueue

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

TODAY = date(2026, 1, 12)
"""a Monday"""


def figures(everybody: Cast, *, today: date = TODAY) -> ProgramFigures:
    return figures_of(Program.objects.get(pk=everybody.program_a.pk), today=today, at=NOW)


def of(pools: tuple[PoolWeeks, ...], discipline: str, language: str) -> PoolWeeks:
    return next(one for one in pools if (one.discipline, one.language) == (discipline, language))


def queue(found: ProgramFigures, discipline: str = "OT", language: str = "not_asked") -> PoolQueue:
    return next(one for one in found.waiting.pools if (one.discipline, one.language) == (discipline, language))


def referral_of_week(everybody: Cast, weeks_ago: int, *, taken_after: int | None = None, **facts: Any) -> Referral:
    """A referral received so many weeks before TODAY; given to somebody so many weeks later, where that is stated."""
    number, received = Referral.objects.count(), TODAY - timedelta(weeks=weeks_ago) + timedelta(days=1)
    client = Client.objects.create(program=everybody.program_a, code=f"w{number}", initials="W. W.")
    state = "assigned" if taken_after is not None else "waiting"
    given: dict[str, Any] = {"discipline": "OT", "received_on": received, "state": state, **facts}
    made = Referral.objects.create(client=client, **given)
    at = datetime(received.year, received.month, received.day, 15, tzinfo=UTC)
    ReferralStep.objects.create(referral=made, before="", after="received", at=at)
    if taken_after is not None:
        ReferralStep.objects.create(referral=made, before="waiting", after="assigned", at=at + timedelta(weeks=taken_after))
    return made


def add_rows(edition: Edition, holders: dict[str, str]) -> None:
    """Further pieces of an edition, with who has them."""
    facts = {"kind": "client", "discipline": "OT"}
    EditionRow.objects.bulk_create(
        EditionRow(edition=edition, piece=piece, label=piece, practitioner_code=code, **facts) for piece, code in holders.items()
    )


def test_the_pools_of_every_week_add_up_to_the_hour_ledger_and_french_stands_apart(everybody: Cast) -> None:
    picture = picture_of_now(everybody.program_a)
    ledger = hour_ledger(picture)

    pools = pool_weeks(picture, today=picture.facts.case.as_of)

    whole = [one for one in pools if one.language == "all"]
    for number, monday in enumerate(ledger.mondays[:WEEKS_AHEAD]):
        here = [one.weeks[number] for one in whole]
        assert {week.monday for week in here} == {monday}
        held = [(ledger.committed[code][number], ledger.driving[code][number]) for code in ledger.committed]
        assert sum(week.committed for week in here) * 60 == sum(care + drives for care, drives in held)
        assert sum(week.waiting for week in here) * 60 >= ledger.nobody[number]
        assert sum(week.have for week in here) * 60 == sum(minutes[number] for minutes in ledger.hours_minutes.values())
    for one in whole:
        parts = [of(pools, one.discipline, language) for language in ("fr", "other")]
        assert one.need == sum(part.need for part in parts)
    # what French hours are left serve the rest; what is missing in French stays missing
    french, other, both = (of(pools, "OT", language) for language in ("fr", "other", "all"))
    for in_french, rest, all_of in zip(french.weeks, other.weeks, both.weeks, strict=True):
        assert rest.have == all_of.have - min(in_french.have, in_french.need)
    assert sum(one.short for one in (french, other)) >= both.short


def test_leave_that_was_told_takes_hours_out_of_its_week_and_no_week_before_today_is_shown(everybody: Cast) -> None:
    before = figures(everybody)
    bea = Practitioner.objects.get(program=everybody.program_a, code="Béa")
    monday = before.pools[0].weeks[2].monday
    leave.tell(bea, first_day=monday, last_day=monday + timedelta(days=4), kind="vacation", by=person(everybody.practitioner), at=NOW)

    after = figures(everybody)

    discipline = bea.disciplines[0]
    was, now = (of(found.pools, discipline, "all").weeks[2].have for found in (before, after))
    assert now < was
    assert all(week.monday > TODAY - timedelta(days=7) for pool in after.pools for week in pool.weeks)
    late = figures(everybody, today=TODAY + timedelta(weeks=60))
    assert all(pool.weeks == () and pool.have == 0 for pool in late.pools)


def test_the_spread_says_who_is_below_in_and_above_their_own_range(everybody: Cast) -> None:
    found = figures(everybody)

    loads = sorted(one.percent for one in found.people if one.percent is not None)
    spread = found.spread
    assert (spread.people, spread.least, spread.most) == (len(loads), loads[0], loads[-1])
    assert spread.below + spread.within + spread.above == spread.people
    assert spread.below == sum(one.percent is not None and one.percent < one.low_percent for one in found.people)
    assert spread.above == sum(one.percent is not None and one.percent > one.high_percent for one in found.people)
    assert spread.lower is not None
    assert spread.upper is not None
    assert spread.middle is not None
    assert spread.lower <= spread.middle <= spread.upper
    assert spread_of(()).middle is None
    assert spread_of(found.people[:1]).lower is None


def test_demand_and_capacity_of_a_pool_are_what_was_observed_in_whole_weeks(everybody: Cast) -> None:
    for weeks_ago in (6, 5, 5, 4, 3, 2, 1, 1):
        referral_of_week(everybody, weeks_ago, first_visit_by=TODAY - timedelta(weeks=weeks_ago) + timedelta(days=22))
    for weeks_ago in (6, 5, 4, 3, 2):
        referral_of_week(everybody, weeks_ago, taken_after=1)
    referral_of_week(everybody, 2, state="closed", closing_reason="duplicate", closed_on=TODAY)
    referral_of_week(everybody, 0)

    one = queue(figures(everybody))

    # the first referral came on a Tuesday six weeks ago, so that five whole weeks lie behind
    assert one.received is not None
    assert one.taken_up is not None
    assert (one.received.weeks, one.received.count, one.received.low, one.received.high) == (5, 11, 2, 3)
    assert (one.taken_up.weeks, one.taken_up.count) == (5, 5)
    assert one.figures.load == Fraction(11, 5)
    assert one.target is not None
    assert (one.target.mean, one.target.count) == (3, 8)
    assert one.figures.target_mean_wait == Fraction(3, 4)
    assert one.figures.target_queue == Fraction(11, 5) * 3 / 4
    assert (
        one.queue
        == 9
        + Referral.objects.filter(client__program=everybody.program_a, client__language="", state="waiting")
        .exclude(client__code__startswith="w")
        .count()
    )
    assert one.figures.protected_slots == 3


def test_with_too_little_to_go_by_a_figure_is_absent_and_never_0(everybody: Cast) -> None:
    # given: nothing was ever recorded here
    nothing = figures(everybody).waiting
    assert nothing.weeks == 0
    assert nothing.first is None
    assert all(one.received is None and one.figures.load is None and one.figures.protected_slots is None for one in nothing.pools)

    # given: referrals, but nobody takes any up; and no target is set
    for weeks_ago in (9, 8, 7, 6, 5, 4, 3, 2):
        referral_of_week(everybody, weeks_ago)
    one = queue(figures(everybody))
    assert one.received is not None
    assert one.received.lacks == ""
    assert one.taken_up is not None
    assert one.taken_up.lacks == "none"
    assert one.figures.load is None
    assert one.target is None
    assert one.figures.target_queue is None
    assert one.figures.protected_slots == 1


def test_who_waits_is_counted_by_age_and_priority_and_leads_to_every_row(everybody: Cast) -> None:
    Unit.objects.filter(program=everybody.program_a).update(waiting_since=None)

    found = figures(everybody).waiting

    assert sum(cell.count for cell in found.cells) == found.count
    assert sum(cell.count for cell in found.cells if cell.age == "unknown") == found.units > 0
    assert sum(one.queue + one.units for one in found.pools) == found.count


def test_continuity_counts_who_kept_what_between_two_editions_and_what_changed_hands(everybody: Cast) -> None:
    program, marie = everybody.program_a, everybody.manager_of_a
    assert figures(everybody).continuity.edition == 0
    ana, bea = (Practitioner.objects.get(program=program, code=code) for code in ("Ana", "Béa"))
    first = edition_of(program, marie, number=1, is_current=False)
    add_rows(first, {"x1": "Ana", "x2": "Ana", "x3": "Béa", "x4": "", "gone": "Ana"})
    assert (figures(everybody).continuity.edition, figures(everybody).continuity.share) == (1, None)
    add_rows(edition_of(program, marie, number=2), {"x1": "Ana", "x2": "Béa", "x3": "", "x4": "Ana", "new": "Ana"})
    held = Assignment.objects.filter(unit__program=program, ends_on__isnull=True, practitioner=ana).select_related("unit").first()
    assert held is not None
    Assignment.objects.filter(pk=held.pk).update(ends_on=TODAY - timedelta(weeks=2))
    Assignment.objects.create(unit=held.unit, piece=held.piece, practitioner=bea, starts_on=TODAY - timedelta(weeks=2))

    found = figures(everybody).continuity

    # of x1, x2 and x3, which somebody had and which are still there, one stayed; x4 had nobody
    assert (found.edition, found.before, found.held, found.kept, found.changed) == (2, 1, 3, 1, 1)
    assert found.share == Fraction(1, 3)
    assert figures(everybody, today=TODAY + timedelta(weeks=CHANGED_WEEKS)).continuity.changed == 0


def test_evenness_talks_and_contracts_are_those_of_their_own_pages(everybody: Cast) -> None:
    program = everybody.program_a
    people = list(Practitioner.objects.filter(program=program))
    for number, one in enumerate(people):
        for weeks in (1, 2):
            LoadWeek.objects.create(
                practitioner=one, monday=TODAY - timedelta(weeks=weeks), committed_minutes=600 + 60 * number * weeks, hours_minutes=1200
            )
    bea = next(one for one in people if one.code == "Béa")
    talks.say(bea, "too_high", cause="travel", by=person(everybody.practitioner), at=NOW)

    found = figures(everybody, today=TODAY + timedelta(days=6))

    assert found.evenness.weeks == 2
    assert found.evenness.last_monday == TODAY - timedelta(weeks=1)
    assert found.evenness.gini == gini([Fraction(100 * (600 + 60 * number), 1200) for number in range(len(people))])
    assert (found.talks.open, found.talks.late, found.talks.too_high) == (1, 1, 1)
    assert found.contracts == ()
    LoadTalk.objects.all().delete()
    assert figures(everybody).talks.open == 0


def test_where_facts_contradict_what_can_be_counted_without_them_is_still_counted(everybody: Cast) -> None:
    for kind in ("other", "meetings"):
        Duty.objects.create(program=everybody.program_a, who="*", kind=kind, basis="percent", amount=80)
    Program.objects.update(facts_version=F("facts_version") + 1)

    found = figures(everybody)

    assert found.has_problems
    assert (found.pools, found.people, found.spread.middle, found.short_pools) == ((), (), None, ())
    assert found.waiting.count > 0


@pytest.mark.both
def test_nothing_is_read_anew_that_did_not_change_and_a_visit_counts_contracts_again(everybody: Cast) -> None:
    program = everybody.program_a
    unit = program.units.select_related("time_standard").first()
    assert unit is not None
    Contract.objects.create(program=program, code="c", name_en="C", visits=10, starts_on=TODAY, ends_on=TODAY + timedelta(weeks=8))
    first = figures(everybody)
    with CaptureQueriesContext(connection) as queries:
        again = figures(everybody)

    assert len(queries) < 22
    assert again.contracts[0] is first.contracts[0]
    assert again.pools == first.pools
    visit = {"time_standard": unit.time_standard, "unit": unit, "direct_minutes": 45, "outcome": "done"}
    RecordedVisit.objects.create(program=program, on=TODAY, **visit)
    Program.objects.filter(pk=program.pk).update(facts_version=F("facts_version") + 1)  # as `visits.record` does
    assert figures(everybody).contracts[0].forecast.delivered == first.contracts[0].forecast.delivered + 1
    Contract.objects.update(visits=20)
    assert figures(everybody).contracts[0].contract.visits == 20
