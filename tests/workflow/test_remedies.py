"""Remedies, each kind: what it is seen to do, what is done once both agree, what time ends, and what is counted anew first."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from cast import NOW, Cast, account, person
from evenload.records.access import Person
from evenload.records.models import Assignment, Draft, HoursOffered, LoadTalk, Notice, PlanRun, Practitioner, Program, Remedy, Unit
from evenload.workflow import drafts, remedy_applied, talks
from evenload.workflow.draft_picture import facts_of, picture_of
from evenload.workflow.refused import Refused
from evenload.workflow.remedies import together
from evenload.workflow.remedy_shown import Proposed

pytestmark = [pytest.mark.both, pytest.mark.django_db]
TODAY = NOW.date()


def one_of(everybody: Cast, code: str) -> Practitioner:
    """A practitioner with an account of her own."""
    rows = Practitioner.objects.filter(program=everybody.program_a, code=code)
    if rows.get().account is None:
        rows.update(account=account(code.lower(), code, "practitioner", everybody.program_a))
    return rows.select_related("program", "account").get()


def herself(one: Practitioner) -> Person:
    assert one.account is not None
    return person(one.account)


def facts_change(program: Program) -> None:
    program.refresh_from_db()
    program.facts_version += 1
    program.save(update_fields=["facts_version"])


def draft_now(program: Program) -> Draft:
    found = drafts.open_draft_of(program)
    assert found is not None
    return found


def talk_of(everybody: Cast, code: str, feeling: str = "too_high", cause: str = "travel") -> LoadTalk:
    """Her conversation, with a draft in which it is counted."""
    drafts.open_draft(everybody.program_a, by=person(everybody.manager_of_a), at=NOW)
    one = one_of(everybody, code)
    talks.say(one, feeling, cause=cause, by=herself(one), at=NOW)
    return LoadTalk.objects.select_related("practitioner__program", "signal").get(practitioner=one)


def found(talk: LoadTalk, kind: str) -> Proposed:
    return next(one for one in talks.remedies_for(talk, today=TODAY) if one.kind == kind)


def agreed(talk: LoadTalk, marie: Person, *chosen: Proposed) -> LoadTalk:
    """Marie chooses these and she agrees."""
    talks.choose(talk, [one.key for one in chosen], by=marie, at=NOW)
    talks.agree(talk, by=herself(talk.practitioner), at=NOW)
    return LoadTalk.objects.get(pk=talk.pk)


def her_minutes(everybody: Cast, code: str) -> int:
    return picture_of(draft_now(everybody.program_a)).standing.weeks[code].minutes


@pytest.fixture
def clients_of_ana(everybody: Cast) -> None:
    """u5 and u6, single clients, are Ana's too; both are seen every week."""
    ana = Practitioner.objects.get(program=everybody.program_a, code="Ana")
    for code in ("u5", "u6"):
        unit = Unit.objects.get(program=everybody.program_a, code=code)
        Unit.objects.filter(pk=unit.pk).update(visits_per_week=1, visits_allotted=None, visits_used=None, language="en")
        Assignment.objects.create(unit=unit, piece=code, practitioner=ana)
    facts_change(everybody.program_a)


def test_seeing_clients_every_two_weeks_halves_their_visits_in_the_facts_and_does_what_was_shown(
    everybody: Cast, clients_of_ana: None, marie: Person
) -> None:
    talk = talk_of(everybody, "Ana")
    rarer = found(talk, "every_two_weeks")
    (_, before, after) = rarer.weeks[0]
    assert set(rarer.units) >= {"u6"}
    assert after.assigned_minutes < before.assigned_minutes == her_minutes(everybody, "Ana")
    agreed(talk, marie, rarer)
    unit = Unit.objects.get(program=everybody.program_a, code="u6")
    assert unit.visits_per_week == Decimal("0.5")
    assert her_minutes(everybody, "Ana") == after.assigned_minutes


def test_visits_lent_are_cover_until_their_day_and_come_back_by_themselves_once(
    everybody: Cast, clients_of_ana: None, marie: Person
) -> None:
    talk = talk_of(everybody, "Ana")
    lent = found(talk, "lend_visits")
    assert (lent.amount, lent.until) == (4, TODAY + timedelta(days=27))
    codes = {code: after.assigned_minutes - before.assigned_minutes for code, before, after in lent.weeks}
    assert codes["Ana"] < 0 < codes[lent.to or ""]
    agreed(talk, marie, lent)
    place = picture_of(draft_now(everybody.program_a)).places[lent.piece]
    assert (place.practitioner, place.cover) == ("Ana", lent.to)
    assert [one.piece for one in remedy_applied.running_of(talk.practitioner)] == [lent.piece]
    assert lent.until is not None
    assert remedy_applied.end_lent(today=lent.until, at=NOW) == 0
    assert remedy_applied.end_lent(today=lent.until + timedelta(days=1), at=NOW) == 1
    assert remedy_applied.end_lent(today=lent.until + timedelta(days=1), at=NOW) == 0
    assert picture_of(draft_now(everybody.program_a)).places[lent.piece].cover is None
    assert list(remedy_applied.running_of(talk.practitioner)) == []


def test_what_is_lent_is_not_taken_from_whoever_covers_for_another_reason_since(
    everybody: Cast, clients_of_ana: None, marie: Person
) -> None:
    talk = talk_of(everybody, "Ana")
    lent = found(talk, "lend_visits")
    agreed(talk, marie, lent)
    other = next(code for code in ("Béa", "Cal") if code != lent.to)
    remedy_applied._cover(draft_now(everybody.program_a), lent.piece, other, by=marie, at=NOW)
    assert remedy_applied.end_lent(today=date(2026, 6, 1), at=NOW) == 1
    assert picture_of(draft_now(everybody.program_a)).places[lent.piece].cover == other


def test_a_site_moves_as_a_whole_or_not_at_all(everybody: Cast, marie: Person) -> None:
    program = everybody.program_a
    Unit.objects.filter(program=program, code="u3").update(site=Unit.objects.get(program=program, code="u1").site)
    Practitioner.objects.filter(program=program).exclude(code="Ana").update(comfortable_max_percent=100, max_hours=60, weekly_hours=60)
    facts_change(program)
    talk = talk_of(everybody, "Ana")
    site = found(talk, "move_site")
    assert set(site.units) == {"u1", "u3"}
    after = agreed(talk, marie, site)
    assert after.state == "agreed"
    places = picture_of(draft_now(program)).places
    assert {places[piece].practitioner for piece in site.units} == {site.to}
    shown = {code: week.assigned_minutes for code, _, week in site.weeks}
    assert {code: her_minutes(everybody, code) for code in shown} == shown


def test_hours_wanted_become_her_contract_and_what_waits_has_room(everybody: Cast, marie: Person) -> None:
    program = everybody.program_a
    Practitioner.objects.filter(program=program, code="Cal").update(weekly_hours=8, max_hours=None)
    facts_change(program)
    talk = talk_of(everybody, "Cal", "too_low", "hours_wanted")
    more = found(talk, "more_hours")
    (_, before, after) = more.weeks[0]
    assert more.amount is not None
    assert after.capacity_minutes > before.capacity_minutes
    agreed(talk, marie, more)
    cal = Practitioner.objects.get(program=program, code="Cal")
    assert cal.weekly_hours == 8 + more.amount
    assert HoursOffered.objects.get().state == "taken"
    program.refresh_from_db()
    assert facts_of(program).case.practitioner("Cal").capacity_minutes == after.capacity_minutes


def test_a_pause_shows_what_is_left_of_her_week_when_it_ends(everybody: Cast, marie: Person) -> None:
    talk = talk_of(everybody, "Ana")
    pause = found(talk, "pause_offers")
    assert pause.until == TODAY + timedelta(weeks=4)
    agreed(talk, marie, pause)
    talk.practitioner.refresh_from_db()
    assert talk.practitioner.offers_paused_until == pause.until


def test_recruiting_says_the_pool_and_that_no_plan_is_known_where_there_is_none(everybody: Cast, marie: Person) -> None:
    program = everybody.program_a
    Practitioner.objects.filter(program=program, code="Ana").update(comfortable_max_percent=60, comfortable_min_percent=20)
    facts_change(program)
    talk = talk_of(everybody, "Ana")
    hire = found(talk, "recruit")
    assert (hire.details["discipline"], hire.details["saved_hours"]) == ("OT", None)
    assert hire.amount is not None
    assert hire.amount * 60 >= hire.weeks[0][1].assigned_minutes - hire.weeks[0][2].assigned_minutes > 0
    Draft.objects.filter(program=program).update(
        plan_run=PlanRun.objects.create(program=program, asked_by=marie.account, asked_at=NOW, state="cancelled")
    )
    assert found(talk, "recruit").details["saved_hours"] is None


def test_the_sum_of_moves_is_the_week_that_they_make_together(everybody: Cast, clients_of_ana: None, marie: Person) -> None:
    talk = talk_of(everybody, "Ana")
    moves = [one for one in talks.remedies_for(talk, today=TODAY) if one.kind == "move"]
    assert len(moves) >= 2
    picture = picture_of(draft_now(everybody.program_a))
    before, after = together(picture, "Ana", moves)
    less = sum(first.assigned_minutes - last.assigned_minutes for one in moves for code, first, last in one.weeks if code == "Ana")
    assert before.assigned_minutes - after.assigned_minutes == less
    pause = found(talk, "pause_offers")
    assert together(picture, "Ana", [*moves, pause]) == (before, after)


def test_one_client_is_helped_in_one_way(everybody: Cast, clients_of_ana: None, marie: Person) -> None:
    talk = talk_of(everybody, "Ana")
    lent, rarer = found(talk, "lend_visits"), found(talk, "every_two_weeks")
    assert set(lent.units) <= set(rarer.units)
    with pytest.raises(Refused, match="remedies_overlap"):
        talks.choose(talk, [lent.key, rarer.key], by=marie, at=NOW)
    assert not Remedy.objects.exists()


def test_what_is_outdated_is_counted_anew_nothing_is_done_and_both_agree_again(everybody: Cast, marie: Person) -> None:
    program = everybody.program_a
    talk = talk_of(everybody, "Ana")
    move = found(talk, "move")
    talks.choose(talk, [move.key, found(talk, "pause_offers").key], by=marie, at=NOW)
    Practitioner.objects.filter(program=program, code=move.to).update(comfortable_min_percent=0, comfortable_max_percent=1)
    facts_change(program)
    with pytest.raises(Refused) as caught:
        talks.agree(talk, by=herself(talk.practitioner), at=NOW)
    assert (caught.value.code, caught.value.facts["practitioner"]) == ("remedy_outdated", move.to)
    needed = next(after.assigned_minutes - before.assigned_minutes for code, before, after in move.weeks if code == move.to)
    assert 0 <= int(str(caught.value.facts["room_minutes"])) < needed
    held = LoadTalk.objects.get(pk=talk.pk)
    assert (held.state, held.agreed_by_planner_at, held.agreed_by_practitioner_at) == ("open", None, None)
    assert [one.kind for one in held.remedies.all()] == ["pause_offers"]
    assert picture_of(draft_now(program)).places[move.piece].practitioner == "Ana"
    talks.agree(talk, by=marie, at=NOW)
    assert LoadTalk.objects.get(pk=talk.pk).state == "open"
    talks.agree(talk, by=herself(talk.practitioner), at=NOW)
    assert LoadTalk.objects.get(pk=talk.pk).state == "agreed"


def test_both_look_again_on_the_day_agreed_on_and_can_open_it_anew(everybody: Cast, marie: Person) -> None:
    talk = talk_of(everybody, "Ana")
    day = agreed(talk, marie, found(talk, "pause_offers")).follow_up_on
    assert day is not None
    assert talks.follow_up_due(today=day - timedelta(days=1), at=NOW) == 0
    assert talks.follow_up_due(today=day, at=NOW) == 1
    assert talks.follow_up_due(today=day + timedelta(days=1), at=NOW) == 0
    told = Notice.objects.filter(event="talk_follow_up").values_list("account__username", flat=True)
    assert sorted(told) == ["ana", "marie"]
    with pytest.raises(Refused, match="talk_agreed"):
        talks.agree(talk, by=marie, at=NOW)
    talks.reopen(talk, by=marie, at=NOW + timedelta(days=28))
    again = LoadTalk.objects.get(pk=talk.pk)
    assert (again.state, again.follow_up_on, again.agreed_by_planner_at) == ("open", None, None)
    assert again.answer_due == TODAY + timedelta(days=32)
    with pytest.raises(Refused, match="not_agreed_yet"):
        talks.reopen(talk, by=marie, at=NOW)


def test_what_came_of_it_is_kept_with_the_week_as_counted_then(everybody: Cast, marie: Person) -> None:
    talk = talk_of(everybody, "Ana")
    move = found(talk, "move")
    agreed(talk, marie, move)
    talks.settle(talk, outcome="Better.", by=marie, at=NOW)
    held = LoadTalk.objects.get(pk=talk.pk)
    assert held.counted_after["assigned_minutes"] < held.signal.counted["assigned_minutes"]


def test_everybody_concerned_is_told_of_a_signal_a_line_an_agreement_and_a_late_answer(everybody: Cast, marie: Person) -> None:
    talk = talk_of(everybody, "Ana")
    talks.write(talk, "Please!", by=herself(talk.practitioner), at=NOW)
    talks.choose(talk, [found(talk, "pause_offers").key], by=herself(talk.practitioner), at=NOW)
    assert talks.escalate_due(today=TODAY + timedelta(days=5), at=NOW) == 1
    told = Notice.objects.order_by("event", "account__username").values_list("event", "account__username")
    assert list(told) == [
        ("load_said", "marie"),
        ("talk_agreed", "marie"),
        ("talk_escalated", "ana"),
        ("talk_escalated", "dora"),
        ("talk_escalated", "marie"),
        ("talk_written", "marie"),
    ]
    assert not Remedy.objects.filter(applied_at__isnull=False).exists()
