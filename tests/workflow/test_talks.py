"""Too high, right, too low: what it does to the next plan, the conversation it opens, the remedies, and what both agree to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cast import NOW, Cast, account, person
from evenload.records.access import Person
from evenload.records.models import Draft, LoadSignal, LoadTalk, Practitioner
from evenload.workflow import drafts, journal, offers, talks, what_if
from evenload.workflow.draft_picture import facts_of, picture_of
from evenload.workflow.offers import Terms
from evenload.workflow.refused import Refused
from evenload.workflow.remedy_shown import week_json
from evenload.workflow.states import TALK

pytestmark = [pytest.mark.both, pytest.mark.django_db]
TODAY = NOW.date()


@pytest.fixture
def ana(everybody: Cast) -> Practitioner:
    made = account("ana", "Ana", "practitioner", everybody.program_a)
    Practitioner.objects.filter(program=everybody.program_a, code="Ana").update(account=made)
    return Practitioner.objects.select_related("program").get(program=everybody.program_a, code="Ana")


@pytest.fixture
def draft(everybody: Cast, marie: Person) -> Draft:
    return drafts.open_draft(everybody.program_a, by=marie, at=NOW)


def herself(one: Practitioner) -> Person:
    assert one.account is not None
    return person(one.account)


def too_high(one: Practitioner, cause: str = "travel") -> LoadTalk:
    talks.say(one, "too_high", cause=cause, by=herself(one), at=NOW)
    return LoadTalk.objects.get(practitioner=one)


def refusal(code: str, action: object, *arguments: object, **named: object) -> Refused:
    with pytest.raises(Refused) as caught:
        action(*arguments, **named)  # type: ignore[operator]
    assert caught.value.code == code
    return caught.value


def test_what_she_says_is_kept_beside_what_is_counted(draft: Draft, ana: Practitioner) -> None:
    week = what_if.rows_of(draft, ["Ana"])[0].load
    too_high(ana)
    signal = LoadSignal.objects.get()
    assert (signal.feeling, signal.cause) == ("too_high", "travel")
    assert signal.counted == week_json(week)
    assert signal.counted["assigned_minutes"] > 0


@pytest.mark.parametrize(("feeling", "sign"), [("too_high", -1), ("too_low", 1)])
def test_an_open_signal_shifts_her_target_and_the_end_of_it_brings_it_back(
    everybody: Cast, draft: Draft, ana: Practitioner, feeling: str, sign: int
) -> None:
    before = facts_of(draft.program).case.practitioner("Ana")
    talks.say(ana, feeling, cause="other", by=herself(ana), at=NOW)
    draft.program.refresh_from_db()
    shifted = facts_of(draft.program).case.practitioner("Ana")
    assert (shifted.comfortable_min_percent - before.comfortable_min_percent) * sign > 0
    talks.say(ana, "right", by=herself(ana), at=NOW + timedelta(days=1))
    draft.program.refresh_from_db()
    assert facts_of(draft.program).case.practitioner("Ana") == before
    assert LoadTalk.objects.get().state == "settled"


def test_too_high_without_a_cause_is_refused_and_nothing_is_kept(ana: Practitioner) -> None:
    refusal("cause_missing", talks.say, ana, "too_high", by=herself(ana), at=NOW)
    refusal("feeling_unknown", talks.say, ana, "tired", cause="other", by=herself(ana), at=NOW)
    assert not LoadSignal.objects.exists()


def test_saying_it_again_goes_into_the_same_conversation_and_ends_what_was_agreed(draft: Draft, ana: Practitioner, marie: Person) -> None:
    talk = too_high(ana)
    key = next(one.key for one in talks.remedies_for(talk, today=TODAY) if one.kind == "pause_offers")
    talks.choose(talk, [key], by=marie, at=NOW)
    talks.agree(talk, by=herself(ana), at=NOW)
    assert LoadTalk.objects.get().state == "agreed"
    talks.say(ana, "too_high", cause="paperwork", by=herself(ana), at=NOW + timedelta(days=2))
    again = LoadTalk.objects.get()
    assert (again.state, again.signal.cause, again.agreed_by_practitioner_at) == ("open", "paperwork", None)


def test_every_proposed_move_relieves_her_and_overloads_nobody_and_the_figures_are_the_desks(draft: Draft, ana: Practitioner) -> None:
    talk = too_high(ana)
    moves = [one for one in talks.remedies_for(talk, today=TODAY) if one.kind == "move"]
    assert moves
    picture = picture_of(draft)
    for one in moves:
        weeks = {code: (before, after) for code, before, after in one.weeks}
        assert weeks["Ana"][1].assigned_minutes < weeks["Ana"][0].assigned_minutes
        assert one.to is not None
        top = picture.facts.case.practitioner(one.to).comfortable_max_percent
        assert (weeks[one.to][1].percent or 0) <= top
        seen = {change.code: change.load for change in what_if.preview(draft, one.piece, one.to).people}
        assert {code: (load.before, load.after) for code, load in seen.items()} == weeks


def test_too_low_proposes_what_waits_and_she_may_take(everybody: Cast, draft: Draft) -> None:
    cal = Practitioner.objects.select_related("program").get(program=everybody.program_a, code="Cal")
    made = account("cal", "Cal", "practitioner", everybody.program_a)
    Practitioner.objects.filter(pk=cal.pk).update(account=made)
    cal.refresh_from_db()
    talks.say(cal, "too_low", cause="hours_wanted", by=herself(cal), at=NOW)
    found = talks.remedies_for(LoadTalk.objects.get(), today=TODAY)
    assert found
    assert {one.kind for one in found} - {"more_hours"} == {"take"}
    assert {picture_of(draft).places[one.piece].practitioner for one in found if one.kind == "take"} == {None}


def test_only_when_both_agree_is_it_done_through_the_draft(draft: Draft, ana: Practitioner, marie: Person) -> None:
    talk = too_high(ana)
    move = next(one for one in talks.remedies_for(talk, today=TODAY) if one.kind == "move")
    talks.choose(talk, [move.key], by=marie, at=NOW)
    assert picture_of(draft).places[move.piece].practitioner == "Ana"
    talks.agree(talk, by=herself(ana), at=NOW)
    now = drafts.open_draft_of(draft.program)
    assert now is not None
    assert picture_of(now).places[move.piece].practitioner == move.to
    after = LoadTalk.objects.get()
    assert (after.state, after.follow_up_on) == ("agreed", TODAY + timedelta(weeks=4))
    assert after.remedies.get().applied_at == NOW
    assert journal.verify() == []


def test_another_choice_ends_the_others_agreement(draft: Draft, ana: Practitioner, marie: Person) -> None:
    talk = too_high(ana)
    found = talks.remedies_for(talk, today=TODAY)
    talks.choose(talk, [found[0].key], by=marie, at=NOW)
    talks.choose(talk, [found[-1].key], by=herself(ana), at=NOW)
    held = LoadTalk.objects.get()
    assert held.state == "open"
    assert held.agreed_by_planner_at is None
    assert held.agreed_by_practitioner_at == NOW


def test_a_remedy_whose_room_was_given_away_is_refused_and_nothing_is_done(draft: Draft, ana: Practitioner, marie: Person) -> None:
    talk = too_high(ana)
    refusal("remedy_gone", talks.choose, talk, ["move:u1:Zoe"], by=marie, at=NOW)
    refusal("nothing_chosen", talks.choose, talk, [], by=marie, at=NOW)
    refusal("nothing_chosen", talks.agree, talk, by=marie, at=NOW)
    assert not LoadTalk.objects.get().remedies.exists()


def test_paused_offers_are_not_made_until_the_pause_is_over(draft: Draft, ana: Practitioner, marie: Person) -> None:
    talk = too_high(ana)
    key = next(one.key for one in talks.remedies_for(talk, today=TODAY) if one.kind == "pause_offers")
    talks.choose(talk, [key], by=herself(ana), at=NOW)
    talks.agree(talk, by=marie, at=NOW)
    told = refusal("offers_paused", offers.make, draft, "u6", ["Ana"], terms=Terms(), by=marie, at=NOW + timedelta(days=27))
    assert told.facts["until"] == TODAY + timedelta(days=28)
    fresh = drafts.open_draft_of(draft.program)
    assert fresh is not None
    assert offers.make(fresh, "u6", ["Ana"], terms=Terms(), by=marie, at=NOW + timedelta(days=28)).state == "open"


def test_a_late_answer_goes_on_to_the_director_once_unless_the_manager_wrote(draft: Draft, ana: Practitioner, marie: Person) -> None:
    talk = too_high(ana)
    due = TODAY + timedelta(days=talks.DAYS_TO_ANSWER)
    assert talks.escalate_due(today=due, at=NOW) == 0
    talks.write(talk, "Please!", by=herself(ana), at=NOW)
    assert talks.escalate_due(today=due + timedelta(days=1), at=NOW) == 1
    assert talks.escalate_due(today=due + timedelta(days=2), at=NOW) == 0
    assert LoadTalk.objects.get().state == "escalated"


def test_an_answered_conversation_is_not_escalated(draft: Draft, ana: Practitioner, marie: Person) -> None:
    talk = too_high(ana)
    talks.write(talk, "Let us meet on Tuesday.", by=marie, at=NOW)
    assert talks.escalate_due(today=TODAY + timedelta(days=30), at=NOW) == 0


def test_a_settled_conversation_keeps_its_outcome_and_is_over(draft: Draft, ana: Practitioner, marie: Person) -> None:
    talk = too_high(ana)
    refusal("outcome_missing", talks.settle, talk, outcome=" ", by=marie, at=NOW)
    talks.settle(talk, outcome="Vars went to Cal; it is better now.", by=marie, at=NOW)
    ana.refresh_from_db()
    assert ana.feedback == ""
    refusal("talk_ended", talks.write, talk, "One more thing", by=marie, at=NOW)
    assert too_high_again(ana).state == "open"


def too_high_again(one: Practitioner) -> LoadTalk:
    talks.say(one, "too_high", cause="complexity", by=herself(one), at=NOW + timedelta(days=9))
    return LoadTalk.objects.filter(practitioner=one).order_by("-pk")[0]


def test_every_state_of_a_conversation_is_in_its_table() -> None:
    assert all(after in TALK for following in TALK.values() for after in following)
    assert {state for state, following in TALK.items() if not following} == {"settled"}
