"""A practitioner's own day and clients on their pages: what is next, what is due, a visit in two taps, and nobody else's clients."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cast import Cast, person
from evenload.planning.codes import DAYS
from evenload.records.models import (
    Allotment,
    Assignment,
    Client,
    ConsentDirective,
    JournalEntry,
    Leave,
    Notice,
    PlannedVisit,
    Practitioner,
    RecordedVisit,
    Referral,
    Unit,
)
from evenload.workflow import planned_visits, visits
from web.desk_visits import client_of, text_of
from web.own_day import OwnDay, own_day

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
NAMES = ("Jeanne", "Mance", "Réal", "Bouvier")


@pytest.fixture
def day(everybody: Cast) -> OwnDay:
    return own_day(everybody)


def page(day: OwnDay, name: str, *arguments: Any, **query: str) -> str:
    answer = day.browser.get(reverse(name, args=arguments), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def planned(day: OwnDay, unit: Unit, **more: Any) -> PlannedVisit:
    return PlannedVisit.objects.create(practitioner=day.bea, unit=unit, **{"on": day.today, "minutes": 45, "turn": 1, **more})


def entry_of(html: str) -> str:
    found = re.search(r'name="entry" value="([^"]+)"', html)
    assert found
    return found[1]


def recorded(day: OwnDay, one: PlannedVisit | Unit, *, htmx: bool = False, **fields: str) -> Any:
    """The form as a page holds it, sent."""
    where = {"planned": str(one.pk)} if isinstance(one, PlannedVisit) else {"unit": str(one.pk)}
    sent = {"outcome": "done", "minutes": "45", "entry": "an entry", **where, **fields}
    return day.browser.post(reverse("visit_record"), sent, headers={"HX-Request": "true"} if htmx else {})


def dues(day: OwnDay) -> list[str]:
    return [text_of(one) for one in re.findall(r'<span class="due-text">(.*?)</span>', page(day, "today"))]


def test_today_is_home_and_says_the_next_visit_first_with_initials_only(day: OwnDay) -> None:
    planned(day, day.rb, turn=2)
    planned(day, day.jm, turn=3, at=timezone.datetime(2026, 1, 1, 9, 30).time())
    answer = day.browser.get("/")
    assert answer["Location"] == reverse("today")

    html = page(day, "today")

    titles = [text_of(one) for one in re.findall(r'<h3 class="visit-title"[^>]*>(.*?)</h3>', html)]
    assert titles == ["J. M.", "R. B."]  # an agreed time goes before a turn
    assert text_of(html).index("Next") < text_of(html).index("J. M.")
    assert not [name for name in NAMES if name in html]
    assert JournalEntry.objects.filter(action="today.see").order_by("-number")[0].client_ids == ["u2", "u5", "u8"]


def test_the_load_on_today_is_that_of_my_load(day: OwnDay) -> None:
    figures = re.compile(r'<span class="load-figures">([^<]+)</span>')
    assert figures.findall(page(day, "today")) == figures.findall(page(day, "my_load")) != []


def test_an_empty_day_says_how_many_clients_have_no_date_and_plans_the_week(day: OwnDay) -> None:
    here, other = DAYS[day.today.weekday()], DAYS[day.today.weekday() - 1]
    Practitioner.objects.filter(pk=day.bea.pk).update(days=[here])
    Unit.objects.filter(pk=day.jm.pk).update(days=[other])
    text = text_of(page(day, "today"))
    assert "No visits today. 1 client without a date this week." in text

    answer = day.browser.post(reverse("week_plan"))

    assert answer["Location"] == reverse("today")
    week = planned_visits.of_week(day.bea, planned_visits.monday_of(day.today))
    assert {one.unit.code for one in week} <= {"u2", "u5"}


def test_a_visit_is_recorded_in_two_taps_and_can_be_undone(day: OwnDay) -> None:
    one = planned(day, day.jm)
    entry = entry_of(page(day, "today"))

    answer = recorded(day, one, entry=entry)

    assert answer["Location"] == reverse("today")
    text = text_of(page(day, "today"))
    assert "Visit recorded, 45 minutes. 11 visits left." in text
    visit = RecordedVisit.objects.get()
    assert (visit.entry, visit.on, visit.direct_minutes) == (entry, day.today, 45)
    assert day.browser.post(reverse("visit_undo", args=[visit.pk]))["Location"] == reverse("today")
    assert "Undone. The visit is planned again." in text_of(page(day, "today"))
    assert RecordedVisit.objects.count() == 0


def test_the_fragment_says_what_was_saved_and_gives_the_visit_back_when_undone(day: OwnDay) -> None:
    one = planned(day, day.jm)
    answer = recorded(day, one, htmx=True, paperwork="15", travel="20")

    html = answer.content.decode()
    assert "<html" not in html
    assert "Visit recorded, 45 minutes. 11 visits left." in text_of(html)
    assert "Visit recorded" in answer["HX-Trigger"]
    visit = RecordedVisit.objects.get()
    assert (visit.indirect_minutes, visit.travel_minutes) == (15, 20)
    again = day.browser.post(reverse("visit_undo", args=[visit.pk]), headers={"HX-Request": "true"}).content.decode()
    assert f'id="visit-p{one.pk}"' in again
    assert entry_of(again) != "an entry"


@pytest.mark.parametrize(("fields", "said"), [({"outcome": "no_show", "minutes": "0"}, "No-show recorded."), (
    {"outcome": "cancelled", "minutes": "0", "reason": "weather"}, "Cancelled visit recorded: weather.")])  # fmt: skip
def test_what_did_not_take_place_is_recorded_with_its_reason(day: OwnDay, fields: dict[str, str], said: str) -> None:
    assert said in text_of(recorded(day, planned(day, day.jm), htmx=True, **fields).content.decode())
    assert Allotment.objects.filter(used_visits__gt=0).count() == 0


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"minutes": "many"}, "Write whole minutes, as 45."),
        ({"minutes": ""}, "Write whole minutes from 1 to 720"),
        ({"outcome": "cancelled", "minutes": "0"}, "Choose why the visit was cancelled."),
        ({"on": "tomorrow"}, "Write a day as 2026-02-03."),
        ({"on": "2199-01-01"}, "not before"),
    ],
)
@pytest.mark.parametrize("htmx", [False, True])
def test_a_refusal_keeps_what_was_typed_and_its_entry(day: OwnDay, fields: dict[str, str], said: str, htmx: bool) -> None:
    answer = recorded(day, planned(day, day.jm), htmx=htmx, travel="33", **fields)

    assert answer.status_code == 422
    html = answer.content.decode()
    assert said in text_of(html)
    assert entry_of(html) == "an entry"
    assert ('value="33"' in html) == (fields.get("outcome") != "cancelled")


def test_a_visit_that_was_recorded_already_is_a_conflict(day: OwnDay) -> None:
    one = planned(day, day.jm)
    recorded(day, one)
    answer = recorded(day, one, entry="another entry")
    assert answer.status_code == 409
    assert "recorded or dropped already" in text_of(answer.content.decode())
    assert RecordedVisit.objects.count() == 1


def test_what_is_due_stands_on_today_by_its_day(day: OwnDay) -> None:
    assert dues(day) == ["First visit due today"] * 2
    herself = {"by": day.person, "outcome": "done", "minutes": 45}
    ago = timezone.now() - timedelta(days=12)
    visits.record(day.bea, day.jm, on=timezone.localdate(ago), at=ago, **herself)
    Assignment.objects.filter(unit=day.rb).update(starts_on=day.today - timedelta(days=60))
    Allotment.objects.filter(referral__unit=day.rb).update(used_visits=10)
    Referral.objects.filter(unit=day.rb).update(first_visit_by=day.today - timedelta(days=2))

    assert dues(day) == ["Contact overdue by 5 days", "First visit overdue by 2 days", "2 visits left of 12"]

    planned(day, day.jm, on=day.today + timedelta(days=2))
    assert dues(day)[0] == "First visit overdue by 2 days"  # who is planned within the week is no task


def test_thirty_days_without_a_visit_ask_for_review_or_discharge(day: OwnDay) -> None:
    RecordedVisit.objects.create(
        program=day.bea.program,
        practitioner=day.bea,
        unit=day.jm,
        time_standard=day.jm.time_standard,
        on=day.today - timedelta(days=33),
        direct_minutes=45,
        outcome="done",
    )
    Referral.objects.update(first_visit_by=None)
    Assignment.objects.filter(unit=day.rb).update(starts_on=day.today)
    assert dues(day) == ["No visit for 33 days: review or discharge"]


def test_the_list_is_sorted_and_filtered(day: OwnDay) -> None:
    Referral.objects.filter(unit=day.jm).update(priority=4, first_visit_by=None)
    Referral.objects.filter(unit=day.rb).update(priority=1)

    def names(**query: str) -> list[str]:
        return [text_of(one) for one in re.findall(r'<th scope="row"><a[^>]*>(.*?)</a>', page(day, "clients", **query))]

    assert set(names()) == {"J. M.", "R. B.", "B School"}
    assert names(sort="priority")[0] == "R. B."
    assert names(sort="name")[0] == "B School"
    assert names(show="due") == ["R. B."]
    assert names(show="inactive") == []
    html = page(day, "clients")
    assert not [name for name in NAMES if name in html]


def test_the_full_name_is_one_tap_deeper_and_in_no_title_or_address(day: OwnDay) -> None:
    html = page(day, "client", day.jm.pk)
    assert "<h1>Jeanne Mance</h1>" in html
    title = re.search(r"<title>(.*?)</title>", html)
    assert title
    assert not [name for name in NAMES if name in title[1]]
    assert not [name for name in ("Jeanne", "Mance") for address in re.findall(r'(?:href|action)="([^"]*)"', html) if name in address]
    line = JournalEntry.objects.filter(action="client.see").order_by("-number")[0]
    assert (line.subject_id, line.client_ids) == ("u8", ["c-u8", "u8"])


def test_a_client_who_bars_her_is_nowhere(day: OwnDay) -> None:
    one = planned(day, day.jm)
    visit = visits.record(day.bea, day.jm, on=day.today, outcome="done", minutes=45, by=day.person, at=timezone.now(), planned=one)
    client = Client.objects.get(referrals__unit=day.jm)
    ConsentDirective.objects.create(client=client, practitioner=day.bea, recorded_by=day.person.account, recorded_at=timezone.now())

    assert "J. M." not in page(day, "today") + page(day, "clients")
    for name, key in (("client", day.jm.pk), ("planned_visit", one.pk)):
        assert day.browser.get(reverse(name, args=[key])).status_code == 404
    assert recorded(day, day.jm, entry="new").status_code == 404
    assert day.browser.post(reverse("visit_undo", args=[visit.pk])).status_code == 404


def test_clients_of_others_do_not_exist_for_her(day: OwnDay, everybody: Cast) -> None:
    others = Unit.objects.get(program=everybody.program_a, code="u1")
    assert day.browser.get(reverse("client", args=[others.pk])).status_code == 404
    assert recorded(day, others).status_code == 404
    assert client_of(everybody.manager_of_a).get(reverse("client", args=[day.jm.pk])).status_code == 403


def step(day: OwnDay, act: str, **fields: str) -> Any:
    referral = Referral.objects.get(unit=day.jm)
    sent = {"act": act, "referral": str(referral.pk), "version": str(referral.version), **fields}
    return day.browser.post(reverse("client", args=[day.jm.pk]), sent)


def test_she_puts_on_hold_takes_up_again_and_discharges(day: OwnDay) -> None:
    state = Referral.objects.filter(unit=day.jm).values_list("state", flat=True).get
    assert step(day, "hold").status_code == 422
    assert step(day, "hold", on=(day.today + timedelta(days=10)).isoformat()).status_code == 302
    assert state() == "on_hold"
    assert "First visit due today" not in dues(day)[1:]
    assert step(day, "resume").status_code == 302
    assert state() == "assigned"
    assert step(day, "close").status_code == 422
    assert step(day, "close", reason="goals_met", version="0").status_code == 409

    answer = step(day, "close", reason="goals_met")

    assert answer["Location"] == reverse("clients")
    assert (Referral.objects.get(client__name="Jeanne Mance").state, Unit.objects.get(pk=day.jm.pk).closed_on) == ("closed", day.today)
    assert "J. M." not in page(day, "clients")


def test_she_changes_what_is_planned(day: OwnDay) -> None:
    one = planned(day, day.jm)
    tomorrow = day.today + timedelta(days=1)
    at = reverse("planned_visit", args=[one.pk])
    assert day.browser.post(at, {"act": "time", "time": "9.30"}).status_code == 422
    assert day.browser.post(at, {"act": "time", "time": "09:30"}).status_code == 302
    assert "9:30 a.m." in text_of(page(day, "today"))
    assert day.browser.post(at, {"act": "move", "on": tomorrow.isoformat()}).status_code == 302
    assert day.browser.post(reverse("client", args=[day.jm.pk]), {"act": "plan", "on": tomorrow.isoformat()}).status_code == 302
    assert PlannedVisit.objects.filter(on=tomorrow, at=None, state="planned").count() == 2
    assert day.browser.post(at, {"act": "drop"}).status_code == 302
    assert day.browser.post(at, {"act": "drop"}).status_code == 409


def more_clients(day: OwnDay, numbers: Iterable[int]) -> None:
    like = Unit.objects.get(pk=day.jm.pk)
    for number in numbers:
        unit = Unit.objects.create(
            program=like.program, code=f"m{number}", kind="client", discipline="OT", time_standard=like.time_standard, visits_allotted=12
        )
        Assignment.objects.create(unit=unit, piece=unit.code, practitioner=day.bea, starts_on=day.today - timedelta(days=40))
        client = Client.objects.create(program=like.program, code=f"cm{number}", initials=f"M. {number}")
        referral = Referral.objects.create(client=client, discipline="OT", unit=unit, received_on=day.today, state="assigned")
        Allotment.objects.create(referral=referral, authorised_visits=12, starts_on=day.today)
        planned(day, unit, turn=number)


@pytest.mark.both
def test_sixty_clients_cost_as_many_questions_as_three(day: OwnDay) -> None:
    more_clients(day, range(1, 4))

    def questions() -> dict[str, int]:
        counts = {}
        for name in ("today", "clients"):
            page(day, name)
            with CaptureQueriesContext(connection) as asked:
                page(day, name)
            counts[name] = len(asked)
        return counts

    before = questions()
    more_clients(day, range(4, 64))
    assert questions() == before
    assert max(before.values()) < 60


def test_a_manager_has_no_such_day(everybody: Cast) -> None:
    assert client_of(everybody.manager_of_a).get(reverse("today")).status_code == 403
    assert person(everybody.manager_of_a).is_practitioner is False


def test_she_asks_for_more_visits_and_somebody_else_approves(day: OwnDay) -> None:
    assert step(day, "more", visits="0", because="needs longer").status_code == 422
    assert step(day, "more", visits="6", because="").status_code == 422
    assert step(day, "more", visits="6", because="needs longer").status_code == 302

    asked = Allotment.objects.get(referral__unit=day.jm, funding="asked")
    assert (asked.authorised_visits, asked.asked_by) == (6, day.person.account)
    assert "6 more visits asked for" in text_of(page(day, "client", day.jm.pk))


def test_she_asks_to_give_a_client_back_and_her_manager_is_told_without_a_name(day: OwnDay, everybody: Cast) -> None:
    assert step(day, "give_back").status_code == 422
    assert step(day, "give_back", reason="distance").status_code == 302

    notice = Notice.objects.get(event="give_back_asked", account=everybody.manager_of_a)
    assert "Jeanne" not in str(notice.values) + notice.address
    assert client_of(everybody.manager_of_a).get(notice.address).status_code == 200
    assert "You asked on" in text_of(page(day, "client", day.jm.pk))
    again = step(day, "give_back", reason="distance")
    assert again.status_code == 422
    assert "Your manager was asked already" in text_of(again.content.decode())
    assert Assignment.objects.get(unit=day.jm, ends_on=None).practitioner == day.bea


def test_a_school_is_one_stop_however_many_are_seen_there(day: OwnDay) -> None:
    school = Unit.objects.get(program=day.bea.program, code="u2")
    for turn in range(4):
        planned(day, school, turn=turn)
    assert "3 more visits there today" in text_of(page(day, "today"))


def test_what_is_planned_of_a_client_who_left_her_rests_or_barred_her_is_not_shown(day: OwnDay) -> None:
    school = Unit.objects.get(program=day.bea.program, code="u2")
    client = Client.objects.create(program=day.bea.program, code="c-left", initials="L. L.")
    left = Referral.objects.create(client=client, discipline="OT", unit=school, received_on=day.today, state="assigned")
    own = planned(day, school, referral=left)
    RecordedVisit.objects.create(
        program=day.bea.program,
        practitioner=day.bea,
        unit=school,
        time_standard=school.time_standard,
        on=day.today,
        direct_minutes=45,
        outcome="done",
        referral=left,
    )
    planned(day, day.jm)
    planned(day, day.rb)
    assert "L. L." in page(day, "today")
    assert "L. L." in page(day, "client", school.pk)

    Referral.objects.filter(unit=day.jm).update(state="on_hold")
    Assignment.objects.filter(unit=day.rb).update(ends_on=day.today)
    ConsentDirective.objects.create(client=client, practitioner=day.bea, recorded_by=day.person.account, recorded_at=timezone.now())
    Referral.objects.filter(pk=left.pk).update(unit=None)  # a bar takes her out of the unit of several

    assert [one.unit.code for one in planned_visits.of_day(day.bea, day.today)] == []
    assert "L. L." not in page(day, "today") + page(day, "clients") + page(day, "client", school.pk)
    assert day.browser.get(reverse("planned_visit", args=[own.pk])).status_code == 404


def test_who_covers_sees_the_clients_of_a_colleague_while_she_is_away(day: OwnDay) -> None:
    ana = Practitioner.objects.get(program=day.bea.program, code="Ana")
    Assignment.objects.filter(unit__code="u1", practitioner=ana).update(cover=day.bea)
    assert "cover for Ana" not in text_of(page(day, "clients"))

    Leave.objects.create(
        practitioner=ana, first_day=day.today, last_day=day.today, kind="sick", told_by=day.person.account, told_at=timezone.now()
    )

    assert "cover for Ana" in text_of(page(day, "clients"))
    covered = Unit.objects.get(program=day.bea.program, code="u1")
    assert recorded(day, covered).status_code == 302
