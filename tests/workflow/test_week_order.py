"""A practitioner's week: days away, travel of the engine, suggested orders, and the order she uses."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from cast import NOW, Cast, person
from evenload.planning.program import Place
from evenload.planning.travel import drive_minutes
from evenload.records.models import ConsentDirective, PlannedVisit, Practitioner, Program, Unit
from evenload.workflow import leave, week_order
from evenload.workflow.refused import Refused
from evenload.workflow.snapshot import case_of
from own_units import give_all_units

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MONDAY = date(2026, 1, 19)
TODAY = NOW.date()


@pytest.fixture
def bea(everybody: Cast) -> Practitioner:
    """Her base is the origin of a line; the units lie on it, ten kilometres apart, in the order of their numbers."""
    program = everybody.program_a
    for number, unit in enumerate(Unit.objects.filter(program=program).order_by("position"), start=1):
        Unit.objects.filter(pk=unit.pk).update(kind="client", site=None, lat=Decimal("45"), lon=Decimal("-75") + number * Decimal("0.1"))
    Practitioner.objects.filter(program=program, code="Béa").update(base_lat=45, base_lon=-75)
    found = Practitioner.objects.select_related("program").get(program=program, code="Béa")
    give_all_units(found)
    return found


def planned(bea: Practitioner, *codes: str, on: date = MONDAY, at: dict[str, time] | None = None) -> list[PlannedVisit]:
    units = {unit.code: unit for unit in bea.program.units.all()}
    return PlannedVisit.objects.bulk_create(
        PlannedVisit(practitioner=bea, unit=units[code], on=on, turn=turn, minutes=45, at=(at or {}).get(code))
        for turn, code in enumerate(codes, start=1)
    )


def monday_of(bea: Practitioner, *, today: date = TODAY) -> week_order.Day:
    return week_order.week_of([bea], MONDAY, today=today).days[0]


def test_travel_is_that_of_the_engine(bea: Practitioner) -> None:
    planned(bea, "u3")
    case = case_of(bea.program)

    there = drive_minutes(case, case.practitioner("Béa"), next(unit for unit in case.units if unit.id == "u3"))

    assert monday_of(bea).travel_minutes == 2 * there > 0


def test_a_shorter_order_is_suggested_with_what_it_saves(bea: Practitioner) -> None:
    planned(bea, "u3", "u1", "u4", "u2")

    day = monday_of(bea)

    assert day.suggested is not None
    assert [one.unit.code for one in day.suggested.visits] in (["u1", "u2", "u3", "u4"], ["u4", "u3", "u2", "u1"])
    assert day.suggested.saved_minutes == day.travel_minutes - day.suggested.travel_minutes > 0


@pytest.mark.parametrize("codes", [(), ("u1",), ("u1", "u2"), ("u1", "u2", "u3", "u4")])
def test_where_nothing_is_shorter_nothing_is_suggested(bea: Practitioner, codes: tuple[str, ...]) -> None:
    planned(bea, *codes)

    day = monday_of(bea)

    assert (day.suggested, day.why_none) == (None, "")


def test_agreed_times_are_kept_though_the_way_is_longer(bea: Practitioner) -> None:
    planned(bea, "u1", "u2", "u3", at={"u3": time(9), "u1": time(15)})

    day = monday_of(bea)

    assert day.suggested is not None
    assert [one.unit.code for one in day.suggested.visits] == ["u3", "u2", "u1"]


def test_times_that_contradict_each_other_have_a_reason(bea: Practitioner) -> None:
    planned(bea, "u1", "u3", at={"u1": time(9), "u3": time(9)})

    assert monday_of(bea).why_none == "agreed_times"


def test_places_that_are_not_known_take_the_median_drive(bea: Practitioner) -> None:
    Unit.objects.filter(program=bea.program).update(lat=None, lon=None, postal="", site=None, kind="area")
    Program.objects.filter(pk=bea.program_id).update(facts_version=99)
    planned(bea, "u1", "u2")

    day = monday_of(bea)

    assert day.unknown_places == 2
    assert day.travel_minutes == 3 * case_of(bea.program).unknown_place_drive


def test_without_a_base_only_the_way_between_counts(bea: Practitioner) -> None:
    ground = week_order.Ground(None, {}, 20, 1.0)
    first, second = planned(bea, "u1", "u2")

    assert ground.travel_minutes([first, second]) == 20


def test_past_days_have_no_suggestion_and_recorded_visits_stay_first(bea: Practitioner) -> None:
    visits = planned(bea, "u3", "u1", "u4", "u2")
    PlannedVisit.objects.filter(pk=visits[0].pk).update(state="recorded")

    suggested = monday_of(bea).suggested

    assert suggested is None or suggested.visits[0].pk == visits[0].pk
    assert monday_of(bea, today=MONDAY + timedelta(days=1)).suggested is None


def test_twelve_places_and_more_than_can_be_ordered(bea: Practitioner) -> None:
    unit = bea.program.units.get(code="u1")
    keys = []
    for number in range(week_order.MOST_STOPS + 1):
        unit.pk, unit.code, unit.position, unit.lon = None, f"more{number}", 100 + number, Decimal("-75") - Decimal(number) / 50
        unit.save()
        keys.append(unit.code)
    give_all_units(bea)
    Program.objects.filter(pk=bea.program_id).update(facts_version=99)
    planned(bea, *keys[11::-1])
    planned(bea, *keys, on=MONDAY + timedelta(days=1))

    week = week_order.week_of([bea], MONDAY, today=TODAY)

    assert (week.days[0].suggested, week.days[0].why_none) == (None, "")  # one line, there and back: no order is shorter but by rounding
    assert week.days[1].why_none == "too_many"


def test_days_away_stand_in_the_week(bea: Practitioner, everybody: Cast) -> None:
    by = person(everybody.practitioner)
    leave.tell(bea, first_day=MONDAY, last_day=MONDAY, kind="sick", by=by, at=NOW)
    leave.tell(
        bea,
        first_day=MONDAY + timedelta(days=2),
        last_day=MONDAY + timedelta(days=2),
        kind="training",
        by=by,
        at=NOW,
        hours_per_day=Decimal(2),
    )

    week = week_order.week_of([bea], MONDAY, today=TODAY)

    assert [day.away for day in week.days] == [None, 0, 120, 0, 0, 0, 0]


def test_facts_that_contradict_each_other_leave_the_list_without_a_way(bea: Practitioner) -> None:
    planned(bea, "u1", "u2")
    bea.program.duties.update(basis="hours_per_week", amount=100)
    Program.objects.filter(pk=bea.program_id).update(facts_version=99)

    week = week_order.week_of([bea], MONDAY, today=TODAY)

    assert (week.ground, week.visits) == (None, 2)


def test_an_order_moves_turns_and_counts_the_change(bea: Practitioner, everybody: Cast) -> None:
    first, second = planned(bea, "u1", "u2")

    before = week_order.use_order([bea], MONDAY, [second.pk, first.pk], by=person(everybody.practitioner), at=NOW)

    assert before == (first.pk, second.pk)
    assert list(PlannedVisit.objects.order_by("turn").values_list("unit__code", "turn", "sequence")) == [("u2", 1, 1), ("u1", 2, 1)]


def test_a_visit_whose_client_bars_her_is_neither_shown_nor_ordered(bea: Practitioner, everybody: Cast) -> None:
    unit = bea.program.units.filter(referrals__isnull=False).first()
    assert unit is not None
    first, second = planned(bea, unit.code, "u2" if unit.code != "u2" else "u1")
    client = unit.referrals.get().client
    ConsentDirective.objects.create(client=client, practitioner=bea, recorded_by=everybody.manager_of_a, recorded_at=NOW)

    assert [one.pk for one in monday_of(bea).visits] == [second.pk]
    with pytest.raises(Refused, match="week_changed"):
        week_order.use_order([bea], MONDAY, [second.pk, first.pk], by=person(everybody.practitioner), at=NOW)


def test_places_are_symmetric(bea: Practitioner) -> None:
    first, second = planned(bea, "u1", "u2")
    places: dict[int, Place | None] = {first.unit_id: Place(45.1, -75.3), second.unit_id: Place(45.9, -74.2)}
    ground = week_order.Ground(Place(45.0, -75.0), places, 20, 2.0)

    assert ground.between(first, second) == ground.between(second, first)
    assert ground.between(None, second) == ground.between(second, None)
