"""The pages of a practitioner's own weeks: her week and its order, her leave, her hours, her calendar's address."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cast import Cast
from evenload.records.models import HoursOffered, JournalEntry, Leave, Notice, PlannedVisit, Practitioner
from own_units import give_all_units

pytestmark = pytest.mark.django_db

MONDAY = timezone.localdate() + timedelta(days=7 - timezone.localdate().weekday())
"""of next week: nothing of it is past"""


@pytest.fixture
def bea(everybody: Cast) -> Practitioner:
    found = Practitioner.objects.get(account=everybody.practitioner)
    give_all_units(found)
    return found


@pytest.fixture
def her(client: Client, everybody: Cast) -> Client:
    client.force_login(everybody.practitioner)
    return client


def visits_of(bea: Practitioner, *units: str, on: date = MONDAY) -> list[PlannedVisit]:
    """One planned visit of each unit, in this order."""
    rows = {unit.code: unit for unit in bea.program.units.all()}
    made = [PlannedVisit(practitioner=bea, unit=rows[code], on=on, turn=turn, minutes=45) for turn, code in enumerate(units, start=1)]
    return PlannedVisit.objects.bulk_create(made)


def turns(on: date = MONDAY) -> list[str]:
    return [row.unit.code for row in PlannedVisit.objects.filter(on=on).select_related("unit").order_by("turn")]


def test_her_week_shows_the_visits_in_their_turn_and_writes_down_the_look(her: Client, bea: Practitioner) -> None:
    visits_of(bea, "u1", "u2")

    page = her.get(f"/week?monday={MONDAY}")

    assert page.status_code == 200
    assert [visit.number for day in page.context["days"] for visit in day.visits] == [1, 2]
    entry = JournalEntry.objects.get(action="week.see")
    assert entry.client_ids == ["u1", "u2"]


def test_a_week_that_is_no_week_is_this_week(her: Client, bea: Practitioner) -> None:
    for asked in ("9999-12-31", "0001-01-01", "x", ""):
        assert her.get("/week", {"monday": asked}).status_code == 200


def test_an_order_is_used_and_taken_back(her: Client, bea: Practitioner) -> None:
    first, second, third = visits_of(bea, "u1", "u2", "u3")
    there = {"on": MONDAY.isoformat(), "keys": f"{third.pk},{first.pk},{second.pk}"}

    her.post("/week/order", there)
    assert turns() == ["u3", "u1", "u2"]

    undo = her.get(f"/week?monday={MONDAY}").context["undo"]
    her.post("/week/order", {**undo, "undo": "1"})
    assert turns() == ["u1", "u2", "u3"]
    assert her.get(f"/week?monday={MONDAY}").context["undo"] == {}
    assert JournalEntry.objects.filter(action="week.order").count() == 2


def test_an_order_of_other_visits_is_refused(her: Client, bea: Practitioner, everybody: Cast) -> None:
    first, _ = visits_of(bea, "u1", "u2")

    page = her.post("/week/order", {"on": MONDAY.isoformat(), "keys": f"{first.pk}"})

    assert page.status_code == 409
    assert turns() == ["u1", "u2"]


def leave_words(**other: Any) -> dict[str, str]:
    return {
        "kind": "vacation",
        "first_day": MONDAY.isoformat(),
        "last_day": (MONDAY + timedelta(days=4)).isoformat(),
        "hours_per_day": "",
    } | other


def test_she_tells_leave_her_planners_are_told_and_she_cancels_it(her: Client, bea: Practitioner, everybody: Cast) -> None:
    version = bea.program.facts_version

    assert her.post("/leave", leave_words()).status_code == 302

    told = Leave.objects.get()
    bea.program.refresh_from_db()
    assert (told.practitioner, told.seen_by, bea.program.facts_version) == (bea, None, version + 1)
    assert Notice.objects.get(event="leave_told").account == everybody.manager_of_a
    her.post(f"/leave/{told.pk}/cancel")
    told.refresh_from_db()
    assert told.state == "cancelled"
    assert Notice.objects.filter(event="leave_told").latest("pk").values["answer"] == "cancelled"


@pytest.mark.parametrize(
    ("field", "other"),
    [
        ("first_day", {"first_day": "soon"}),
        ("last_day", {"last_day": (MONDAY - timedelta(days=1)).isoformat()}),
        ("kind", {"kind": "moon"}),
        ("hours_per_day", {"hours_per_day": "25"}),
        ("hours_per_day", {"hours_per_day": "some"}),
        ("first_day", {"first_day": "0001-01-01", "last_day": "0001-01-02"}),
        ("first_day", {"first_day": (MONDAY + timedelta(days=5)).isoformat(), "last_day": (MONDAY + timedelta(days=6)).isoformat()}),
    ],
)
def test_a_leave_that_cannot_be_is_refused_at_its_field(her: Client, bea: Practitioner, field: str, other: dict[str, str]) -> None:
    page = her.post("/leave", leave_words(**other))

    assert page.status_code == 422
    assert list(page.context["errors"]) == [field]
    assert not Leave.objects.exists()


def test_visits_on_the_days_away_are_named(her: Client, bea: Practitioner) -> None:
    visits_of(bea, "u1", "u2")

    page = her.post("/leave", leave_words(), follow=True)

    assert "2 visits are planned on these days." in page.content.decode()


def test_leave_over_leave_is_refused_with_its_days(her: Client, bea: Practitioner) -> None:
    her.post("/leave", leave_words())

    page = her.post("/leave", leave_words(first_day=(MONDAY + timedelta(days=2)).isoformat()))

    assert page.status_code == 422
    assert MONDAY.isoformat() in page.context["errors"]["first_day"][0]
    assert Leave.objects.count() == 1


def test_a_planner_tells_leave_which_counts_as_seen(client: Client, bea: Practitioner, everybody: Cast) -> None:
    client.force_login(everybody.manager_of_a)

    page = client.post(f"/programs/school-rehab/team/{bea.code}/leave", leave_words(hours_per_day="2,5"))

    assert page.status_code == 302
    told = Leave.objects.get()
    assert (told.seen_by, float(told.hours_per_day or 0)) == (everybody.manager_of_a, 2.5)
    assert not Notice.objects.filter(event="leave_told").exists()


def test_hours_are_offered_taken_back_and_offered_again(her: Client, bea: Practitioner, everybody: Cast) -> None:
    stated = {"practitioner": str(bea.pk), "weekly_hours": "26,5", "from_day": timezone.localdate().isoformat(), "note": "mornings"}

    assert her.post("/hours", stated).status_code == 302
    assert her.post("/hours", stated).status_code == 422  # one still waits
    her.post(f"/hours/{HoursOffered.objects.get().pk}/withdraw")
    assert her.post("/hours", stated).status_code == 302

    assert sorted(HoursOffered.objects.values_list("state", flat=True)) == ["offered", "withdrawn"]
    assert Notice.objects.filter(event="hours_offered", account=everybody.manager_of_a).exists()


def test_her_hours_ahead_are_counted_without_a_draft(her: Client, bea: Practitioner) -> None:
    bea.program.__class__.objects.filter(pk=bea.program_id).update(
        as_of=timezone.localdate(), period_start=timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    )

    page = her.get("/hours")

    (view,) = page.context["views"]
    assert len(view.weeks) == 8
    assert all(line.week.person.capacity_minutes > 0 for line in view.weeks)
    assert view.one_more


def test_more_visits_or_more_leave_ask_no_more_of_the_records(her: Client, bea: Practitioner, everybody: Cast) -> None:
    planner = Client()
    planner.force_login(everybody.manager_of_a)

    def asked(client: Client, address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    def everything() -> list[int]:
        return [
            asked(her, f"/week?monday={MONDAY}"),
            asked(her, "/leave"),
            asked(her, "/hours"),
            asked(planner, "/programs/school-rehab/team"),
        ]

    visits_of(bea, "u1")
    her.post("/leave", leave_words())
    few = everything()
    visits_of(bea, "u2", "u3", "u4", on=MONDAY + timedelta(days=2))
    for weeks in (1, 2, 3):
        days = {name: (MONDAY + timedelta(weeks=weeks, days=number)).isoformat() for name, number in (("first_day", 0), ("last_day", 1))}
        assert her.post("/leave", leave_words(**days)).status_code == 302

    assert everything() == few


def test_her_calendars_address_is_shown_once(her: Client, bea: Practitioner) -> None:
    made = her.post("/calendar-feed", {"act": "make"}).context["address"]

    assert made.endswith(".ics")
    assert made not in her.get("/calendar-feed").content.decode()
    anybody = Client()
    path = made.removeprefix("http://testserver")
    page = anybody.get(path)
    assert (page.status_code, page["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert "private" in page["Cache-Control"]
    her.post("/calendar-feed", {"act": "revoke"})
    assert anybody.get(path).status_code == 404


def test_planners_see_who_is_away_and_who_covers_and_have_seen_it(her: Client, bea: Practitioner, everybody: Cast) -> None:
    her.post("/leave", leave_words())
    held = bea.assignments.order_by("pk")
    held.filter(pk=held[0].pk).update(cover=bea.program.practitioners.get(code="Ana"))
    planner = Client()
    planner.force_login(everybody.manager_of_a)

    (line,) = planner.get("/programs/school-rehab/team").context["leaves"]
    assert (line.name, line.cover, line.seen) == ("Béa", f"1 of {held.count()} covered: Ana", "")

    planner.post(f"/programs/school-rehab/leave/{line.leave.pk}", {"act": "seen"})
    (line,) = planner.get("/programs/school-rehab/team/B%C3%A9a").context["leaves"]
    assert line.seen == "Seen by Marie Roy"
    planner.post(f"/programs/school-rehab/leave/{line.leave.pk}", {"act": "cancel"})
    assert planner.get("/programs/school-rehab/team").context["leaves"] == []


def test_planners_take_hours_up_or_say_why_not(her: Client, bea: Practitioner, everybody: Cast) -> None:
    planner = Client()
    planner.force_login(everybody.manager_of_a)
    stated = {"practitioner": str(bea.pk), "from_day": timezone.localdate().isoformat()}
    her.post("/hours", stated | {"weekly_hours": "20"})
    first = HoursOffered.objects.get()
    planner.post(f"/programs/school-rehab/hours-offered/{first.pk}", {"act": "decline", "answer": ""})
    assert HoursOffered.objects.get().state == "offered"

    planner.post(f"/programs/school-rehab/hours-offered/{first.pk}", {"act": "decline", "answer": "Not before spring"})
    her.post("/hours", stated | {"weekly_hours": "24"})
    planner.post(f"/programs/school-rehab/hours-offered/{HoursOffered.objects.latest('pk').pk}", {"act": "take"})

    bea.refresh_from_db()
    assert bea.weekly_hours == 24
    assert [row.state for row in HoursOffered.objects.order_by("pk")] == ["declined", "taken"]
    assert Notice.objects.filter(event="hours_answered", account=everybody.practitioner).count() == 2
