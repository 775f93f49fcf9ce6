import json
from dataclasses import replace
from fractions import Fraction

import pytest
from printed_cases import PrintedCase, printed_case

from evenload.exchange.capacity_json import capacity_to_json, decimal


@pytest.fixture(scope="module")
def printed() -> PrintedCase:
    return printed_case()


def test_a_capacity_plan_has_the_keys_of_the_contract(printed: PrintedCase) -> None:
    table = json.loads(capacity_to_json(printed.capacity))

    assert table["schema"] == "evenload.capacity/1"
    assert table["period"] == {"start": "2026-01-05", "weeks": printed.case.weeks}
    assert set(table) >= {"practitioners", "classes", "pools", "match", "wisn", "sensitivity"}
    assert set(table["practitioners"][0]) >= {
        "id",
        "contracted_hours",
        "absence_hours",
        "available_hours",
        "nonclient_hours",
        "client_care_hours",
        "reserve_hours",
        "disciplines",
    }
    assert set(table["classes"][0]) >= {
        "id",
        "discipline",
        "hours_per_client",
        "clients",
        "hours",
        "direct_hours",
        "indirect_hours",
        "travel_hours",
    }
    assert set(table["pools"][0]) >= {"discipline", "area", "language", "supply_hours", "demand_hours", "gap_hours"}
    assert set(table["match"][0]) >= {
        "discipline",
        "supply_hours",
        "demand_hours",
        "gap_hours",
        "utilisation_percent",
        "fte_current",
        "fte_required",
        "ratio",
        "caseload",
    }
    assert set(table["match"][0]["caseload"]) >= {"mix", "clients", "by_class", "whole_clients"}


def test_figures_are_those_of_the_plan_to_six_places(printed: PrintedCase) -> None:
    table = json.loads(capacity_to_json(printed.capacity))

    exact = {row.practitioner: row for row in printed.capacity.capacities}
    for row in table["practitioners"]:
        assert row["client_care_hours"] == pytest.approx(float(exact[row["id"]].client_care_hours), abs=1e-6)
        waterfall = row["contracted_hours"] - row["absence_hours"] - row["nonclient_hours"]
        assert row["client_care_hours"] == pytest.approx(waterfall, abs=3e-6)
    for row in [*table["match"], *table["pools"], *table["sensitivity"]]:
        assert row["gap_hours"] == pytest.approx(row["supply_hours"] - row["demand_hours"], abs=2e-6)
    for row in table["classes"]:
        parts = row["direct_hours"] + row["indirect_hours"] + row["travel_hours"] + row["no_show_hours"]
        assert row["hours"] == pytest.approx(parts, abs=3e-6)


def test_a_discipline_without_hours_says_null_and_why(printed: PrintedCase) -> None:
    match = replace(printed.capacity.match[0], fte_required=None, ratio=None, reason="no_practitioner", utilisation_percent=None)
    plan = replace(printed.capacity, match=(match,))

    row = json.loads(capacity_to_json(plan))["match"][0]

    assert (row["fte_required"], row["ratio"], row["utilisation_percent"], row["reason"]) == (None, None, None, "no_practitioner")


def test_the_order_of_rows_does_not_change_the_file(printed: PrintedCase) -> None:
    plan = printed.capacity
    turned = replace(plan, capacities=plan.capacities[::-1], classes=plan.classes[::-1], pools=plan.pools[::-1], match=plan.match[::-1])

    assert capacity_to_json(turned) == capacity_to_json(plan)


def test_hours_that_no_decimal_can_hold_are_rounded_not_cut() -> None:
    assert decimal(Fraction(2, 3)) == 0.666667
    assert decimal(Fraction(-2, 3)) == -0.666667
