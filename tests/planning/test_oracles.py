"""Published and constructed figures of the field, reproduced to the printed digit."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from evenload.planning.balance import plan_capacity
from evenload.planning.capa import QUARTER_WEEKS, Service, capa_figures
from evenload.planning.capacity import Capacity, capacities
from evenload.planning.caseload import clients_within, demand_hours, fte_required, visits_within
from evenload.planning.demand import unit_demand
from evenload.planning.program import Absence, Duty, Program, Visit
from evenload.planning.standards import class_time
from evenload.planning.waitlist import WaitingList, clients_on_caseload, pressure, queue_figures, target_capacity
from evenload.planning.wisn import available_working_days, basic_staff, category_allowance_factor, required_staff, standard_workload
from planning.facts_made import MONDAY, complexity, person, program, unit


def shown(value: Fraction | None, digits: int) -> str:
    """The value as it would be printed, rounded half up exactly."""
    assert value is not None
    scaled = value * 10**digits
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return f"{whole / 10**digits:.{digits}f}"


# ---- C1: an employee, one year -----------------------------------------------------------------------------------------------------

AWAY = (
    Absence("*", "vacation", days=Fraction(20)),
    Absence("*", "statutory", days=Fraction(9)),
    Absence("*", "sick", days=Fraction(8)),
    Absence("*", "education", days=Fraction(4)),
)
C1_CLASSES = (
    complexity("low", visits=6, direct_minutes=45, indirect_minutes=15, travel_minutes=10, episode_minutes=120),
    complexity("moderate", visits=12, direct_minutes=45, indirect_minutes=20, travel_minutes=10, episode_minutes=180),
    complexity("high", visits=24, direct_minutes=60, indirect_minutes=30, travel_minutes=10, episode_minutes=300),
)


def c1(staff: str = "1", clients: tuple[int, int, int] = (120, 80, 40)) -> Program:
    """So many full-time equivalents of 37.5 h over 52 weeks, a quarter of their hours for other duties."""
    hours = Fraction(staff) * Fraction("37.5")
    people = tuple(person(f"p{i}", str(part)) for i, part in enumerate(_weeks_of(hours)))
    return program(
        52,
        practitioners=people,
        classes=C1_CLASSES,
        units=tuple(unit(id, id, clients=n) for id, n in zip(("low", "moderate", "high"), clients, strict=True)),
        absences=AWAY,
        duties=(Duty("*", "non-client", "percent", Fraction(25)),),
    )


def _weeks_of(hours: Fraction) -> list[Fraction]:
    """Full weeks of 37.5 hours, and what is left of them."""
    full, rest = divmod(hours, Fraction("37.5"))
    return [Fraction("37.5")] * full + ([rest] if rest else [])


def test_c1_waterfall() -> None:
    (found,) = capacities(c1())
    assert (found.contracted_hours, found.absence_hours) == (1950, Fraction("307.5"))
    assert (found.available_hours, found.worked_weeks) == (Fraction("1642.5"), Fraction("43.8"))
    assert (found.nonclient_hours, found.client_care_hours) == (Fraction("410.625"), Fraction("1231.875"))
    assert found.client_care_hours / found.worked_weeks == Fraction("28.125")


def test_c1_hours_per_client() -> None:
    assert [line.hours_per_client for line in plan_capacity(c1()).classes] == [9, 18, 45]


def test_c1_a_the_caseload_that_the_hours_carry() -> None:
    carried = plan_capacity(c1(), mix={"low": Fraction(50), "moderate": Fraction(30), "high": Fraction(20)}).match[0].caseload
    assert demand_hours(carried.mix, carried.hours_per_client) == Fraction("18.9")
    assert shown(carried.clients, 2) == "65.18"
    assert [shown(n, 2) for n in carried.by_class.values()] == ["32.59", "19.55", "13.04"]
    assert carried.whole_clients == {"low": 33, "moderate": 19, "high": 13}
    assert (carried.hours - carried.spare_hours, carried.spare_hours) == (1224, Fraction("7.875"))
    assert (
        demand_hours({"low": Fraction(33), "moderate": Fraction(20), "high": Fraction(13)}, carried.hours_per_client)
        == 1242
        > carried.hours
    )


def test_c1_b_the_staff_that_the_clients_need() -> None:
    plan = plan_capacity(c1())
    assert plan.match[0].demand_hours == 4320
    assert sum(line.direct_hours for line in plan.classes) == 2220
    assert sum(line.indirect_hours for line in plan.classes) == 1660
    assert sum(line.travel_hours for line in plan.classes) == 440
    assert shown(plan.match[0].fte_required, 4) == "3.5068"


@pytest.mark.parametrize(
    "staff, gap, utilisation, ratio",
    [("3.0", "-624.375", "116.9", "0.8555"), ("3.6", "114.75", "97.4", "1.0266"), ("4.0", "607.5", "87.7", "1.1406")],
)
def test_c1_b_gap_utilisation_and_ratio(staff: str, gap: str, utilisation: str, ratio: str) -> None:
    row = plan_capacity(c1(staff)).match[0]
    assert row.fte_current == Fraction(staff)
    assert row.gap_hours == Fraction(gap)
    assert (shown(row.utilisation_percent, 1), shown(row.ratio, 4)) == (utilisation, ratio)
    assert shown(row.fte_required, 4) == "3.5068"


def test_c1_the_caseload_of_one_requires_exactly_one() -> None:
    row = plan_capacity(c1(), mix={"low": Fraction(50), "moderate": Fraction(30), "high": Fraction(20)}).match[0]
    assert fte_required(demand_hours(row.caseload.by_class, row.caseload.hours_per_client), row.supply_hours) == 1


# ---- C2: an independent practitioner, a block of ten weeks --------------------------------------------------------------------------


def c2() -> Capacity:
    (found,) = capacities(
        program(
            10,
            practitioners=(person(hours=30, engagement="independent"),),
            absences=(Absence("independent", "away", days=Fraction(5)),),
            duties=(Duty("independent", "non-client", "hours_per_week", Fraction(3)),),
            reserve_percent=Fraction(10),
        )
    )
    return found


def test_c2_plannable_hours() -> None:
    found = c2()
    assert (found.available_hours, found.nonclient_hours, found.client_care_hours) == (270, 27, 243)
    assert (found.reserve_hours, found.plannable_hours) == (Fraction("24.3"), Fraction("218.7"))


def test_c2_visits_commitments_and_new_clients() -> None:
    time = class_time(complexity(visits=5, direct_minutes=45, indirect_minutes=20, travel_minutes=18, episode_minutes=150))
    plannable = c2().plannable_hours
    assert time.visit_minutes == 83
    assert shown(visits_within(plannable, time), 2) == "158.10"
    committed = 96 * time.visit_minutes / 60
    assert (committed, plannable - committed) == (Fraction("132.8"), Fraction("85.9"))
    assert time.hours_per_client * 60 == 565
    assert shown(time.hours_per_client, 4) == "9.4167"
    assert shown(clients_within(plannable - committed, time), 2) == "9.12"


# ---- C3: details -------------------------------------------------------------------------------------------------------------------


def test_c3_blend_of_past_visits_and_judgement() -> None:
    recorded = [Visit(MONDAY, "mod", Fraction(55), "done") for _ in range(20)]
    assert class_time(complexity(direct_minutes=70, judgement_weight=10), recorded).direct_minutes == 60


def test_c3_bookings_for_twelve_delivered_visits() -> None:
    assert shown(12 * class_time(complexity(no_show_rate="0.104")).bookings_per_visit, 3) == "13.393"


def test_c3_littles_law() -> None:
    assert clients_on_caseload(Fraction(2), Fraction(12)) == 24


def test_c3_a_group_charges_its_clock_time_once() -> None:
    time = class_time(complexity(visits=1, direct_minutes=60, indirect_minutes=15, group_size=5))
    assert time.hours_per_client * 60 == 15
    assert unit_demand(unit(clients=5), time, weeks=1, weeks_left=1).minutes == 75


# ---- W1, W2, W3: WISN --------------------------------------------------------------------------------------------------------------


def test_w1_kisumu() -> None:
    days = available_working_days(Fraction("4.5") * 52, Fraction(10), Fraction(30), Fraction(15))
    workload_hours = 10_000 * 10 * Fraction("0.25")
    workload_days = workload_hours / 8
    assert (days, workload_hours, workload_days) == (179, 25_000, 3_125)
    basic = basic_staff([(workload_days, standard_workload(days, Fraction(1)))])
    factor = category_allowance_factor([Fraction(10) / days])
    required = required_staff(basic, factor)
    assert (shown(basic, 2), shown(100 * Fraction(10) / days, 3), shown(factor, 4)) == ("17.46", "5.587", "1.0592")
    assert factor == Fraction(179, 169)
    assert shown(required, 2) == "18.49"
    assert (shown(12 / required, 3), shown(Fraction("11.67") / required, 3)) == ("0.649", "0.631")


def test_w2_intensive_care() -> None:
    hours = available_working_days(Fraction(260), Fraction(13), Fraction(18), Fraction(12), Fraction(5)) * 8
    standard = standard_workload(hours, Fraction("0.33"))
    assert hours == 1_696
    assert shown(standard, 2) == "5139.39"
    assert shown(basic_staff([(Fraction(17_520), standard)]), 2) == "3.41"
    assert [shown(category_allowance_factor([share]), 3) for share in (Fraction(1, 8), Fraction(1, 6))] == ["1.143", "1.200"]


def test_w3_identity_on_c1() -> None:
    plan = plan_capacity(c1("4.0"))
    view, row = plan.wisn[0], plan.match[0]
    assert (shown(view.basic_staff, 6), shown(view.category_factor, 6)) == ("2.630137", "1.333333")
    assert shown(view.required_staff, 6) == "3.506849"
    assert view.required_staff == row.fte_required
    assert view.available_hours_per_fte == Fraction("1642.5")


# ---- P2: a waiting list of the NHS ---------------------------------------------------------------------------------------------------

LIST = WaitingList(demand=Fraction(30), capacity=Fraction(27), queue=1200, mean_wait=Fraction(63), target_wait=Fraction(52))


def test_p2_figures_of_the_walkthrough() -> None:
    found = queue_figures(LIST)
    assert (shown(found.load, 4), found.target_mean_wait, found.target_queue) == ("1.1111", 13, 390)
    assert (shown(found.queue_ratio, 4), shown(found.relief_capacity, 4)) == ("3.0769", "61.1538")
    assert shown(found.target_capacity, 5) == "30.07692"
    assert shown(found.pressure, 6) == "2.423077"


@pytest.mark.parametrize("factor, printed", [("1", "30.01923"), ("6.58", "30.12654"), ("4", "30.07692")])
def test_p2_target_capacity_by_factor(factor: str, printed: str) -> None:
    assert shown(target_capacity(Fraction(30), Fraction(52), factor=Fraction(factor)), 5) == printed


def test_p2_second_list() -> None:
    assert pressure(Fraction(24), Fraction(4)) == 12


# ---- P3: small ones ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("weekly, yearly", [("37.5", 1950), ("35", 1820)])
def test_p3_contracted_hours_of_a_year(weekly: str, yearly: int) -> None:
    (found,) = capacities(program(52, practitioners=(person(hours=weekly),)))
    assert found.contracted_hours == yearly


def test_p3_half_an_hour_of_other_work_for_each_direct_hour() -> None:
    time = class_time(complexity(visits="22.5", direct_minutes=60, indirect_minutes=30))
    assert time.hours_per_client == Fraction("33.75")


def test_p3_the_week_of_a_school_therapist() -> None:
    other = ("5.8", "3.6", "2.1", "1.9", "1.0", "0.8")
    duties = tuple(Duty("*", f"part {i}", "hours_per_week", Fraction(hours)) for i, hours in enumerate(other))
    (found,) = capacities(program(1, practitioners=(person(hours="37.2", disciplines=("SLP",)),), duties=duties))
    assert found.client_care_hours == 22
    assert found.nonclient_hours + found.client_care_hours == Fraction("37.2")
    assert shown(100 * found.client_care_hours / found.available_hours, 1) == "59.1"


# ---- what holds for C1 whatever the numbers -----------------------------------------------------------------------------------------


def test_c1_doubling_the_hours_doubles_the_caseload() -> None:
    mix = {"low": Fraction(50), "moderate": Fraction(30), "high": Fraction(20)}
    one, two = (plan_capacity(c1(staff), mix=mix).match[0].caseload.clients for staff in ("1", "2"))
    assert one is not None
    assert two == 2 * one


def test_c1_adding_a_class_without_clients_changes_nothing() -> None:
    stated = c1()
    more = replace(stated, classes=(*C1_CLASSES, complexity("rare", visits=100, travel_minutes=1)))
    before, after = plan_capacity(stated).match[0], plan_capacity(more).match[0]
    assert (before.fte_required, before.caseload.clients, before.gap_hours) == (after.fte_required, after.caseload.clients, after.gap_hours)


# ---- P1: the Choice and Partnership Approach ---------------------------------------------------------------------------------------

CAPA = Service(referrals=Fraction(12), fte=Fraction(10), share=Fraction(30, 100), partnership_hours=Fraction(11))


def test_p1_eleven_partnership_hours_are_nine_new_clients_a_quarter() -> None:
    found = capa_figures(CAPA)
    assert (shown(found.sessions, 2), found.multiplier, shown(found.new_clients, 1)) == ("3.14", 3, "9.4")
    assert shown(found.multiplier / Fraction("3.5"), 2) == "0.86"


def test_p1_what_a_referral_costs_and_the_share_that_it_takes() -> None:
    found = capa_figures(CAPA)
    assert found.referral_hours == Fraction("5.95")
    assert (found.half_days, found.share_needed) == (36, Fraction(36, 100))
    assert found.half_days_exact == Fraction("35.7")


def test_p1_the_balance_check() -> None:
    assert shown(capa_figures(CAPA).balance, 1) == "8.6"
    assert shown(capa_figures(replace(CAPA, transfer=Fraction(70, 100))).balance, 1) == "9.1"
    assert QUARTER_WEEKS * Fraction(66, 100) == capa_figures(CAPA).balance


def test_p1_caution_the_rule_of_thumb_leaves_absence_out() -> None:
    found = capa_figures(replace(CAPA, fte=Fraction(12)))
    assert (found.slots, found.need, shown(found.slots_worked, 1)) == (72, Fraction("71.4"), "62.3")
    assert found.slots_worked < found.need < found.slots
