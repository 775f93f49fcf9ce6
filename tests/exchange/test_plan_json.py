import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenload.exchange.plan_json import plan_from_json, plan_to_json
from evenload.planning.codes import SCORE_PARTS
from evenload.planning.plan import Assignment, Bound, Cover, Fix, Load, Plan, Provenance, Reason, Score, Waiting, WholeHour
from evenload.planning.problems import CaseError, Notice, Where


def a_plan(**changes: object) -> Plan:
    plan = Plan(
        case_digest="sha256:" + "ab" * 32,
        assignments=(Assignment("u2", "Béa", 732, 15), Assignment("u1#2", "Ana", 140, 4), Assignment("u1#1", "Ana", 140, 4)),
        waiting=(
            Waiting(
                "u4",
                610,
                (Reason("full", {"practitioner": "Ana", "free_minutes": 12, "price_hours": 1.25}),),
                Fix("more_maximum_minutes", "Ana", {"more_minutes": 60}),
            ),
        ),
        cover=(Cover("u2", "Ana"),),
        loads=(Load("Béa", 1380, 1380, 976, 33, 1, 12, 900, 976), Load("Ana", 1753, 1753, 280, 8, 2, 12, 900, 300)),
        score=Score({name: 0.1 if name in ("travel", "waiting") else 0.0 for name in SCORE_PARTS}, unavoidable=0.05),
        bound=Bound(hours=0.1999999999, certified_hours=0.15, prices={"Ana": 1 / 3, "Béa": 0.0}, move_price=0.0, method="price bound"),
        notices=(Notice("overdrawn", Where("units", "u8", "visits_used"), {"visits": "12"}), Notice("language_not_asked", Where("units"))),
        provenance=Provenance(seed=7, version="0.1.0", seconds=1.23, method="tabu", stopped_by="proved", effort=16000, max_moves=None),
        hours_saved=(WholeHour("SLP", "fr", "east", 2.5), WholeHour("OT", "other", "all", 0.1234564)),
    )
    return replace(plan, **changes)


def problems_of(text: str) -> list[tuple[str, str | None]]:
    with pytest.raises(CaseError) as raised:
        plan_from_json(text)
    return [(problem.code, problem.where.field) for problem in raised.value.problems]


def test_a_plan_has_the_keys_of_the_contract() -> None:
    written = json.loads(plan_to_json(a_plan()))

    assert written["schema"] == "evenload.plan/1"
    assert set(written) >= {"case", "assignments", "unassigned", "cover", "practitioners", "score", "bound", "notices", "provenance"}
    assert written["assignments"][0] == {"unit": "u1#1", "practitioner": "Ana", "minutes": 140, "travel_minutes": 4}
    assert written["unassigned"][0]["reasons"][0] == {"code": "full", "practitioner": "Ana", "free_minutes": 12, "price_hours": 1.25}
    assert written["unassigned"][0]["nearest_fix"] == {"code": "more_maximum_minutes", "practitioner": "Ana", "more_minutes": 60}
    assert written["cover"] == [{"unit": "u2", "practitioner": "Ana"}]
    assert written["hours_saved"] == [
        {"discipline": "OT", "language": "other", "area": "all", "hours": 0.123456},
        {"discipline": "SLP", "language": "fr", "area": "east", "hours": 2.5},
    ]
    assert set(written["practitioners"][0]) >= {"id", "capacity_minutes", "maximum_minutes", "assigned_minutes", "travel_minutes", "units"}
    assert set(written["score"]) == {"hours", "unavoidable", "parts"}
    assert set(written["bound"]) >= {"hours", "certified_hours", "prices", "move_price", "gap_percent", "method"}
    assert set(written["provenance"]) >= {"seed", "version", "seconds", "method", "stopped_by"}


def test_what_was_written_is_read_back() -> None:
    plan = a_plan()

    again = plan_from_json(plan_to_json(plan))

    assert plan_to_json(again) == plan_to_json(plan)
    assert sorted(again.assignments, key=str) == sorted(plan.assignments, key=str)
    assert again.waiting == plan.waiting
    assert again.bound.prices == plan.bound.prices
    assert {notice.code: notice for notice in again.notices} == {notice.code: notice for notice in plan.notices}


def test_equal_plans_give_equal_bytes_whatever_the_order_of_their_rows() -> None:
    plan = a_plan()
    turned = a_plan(assignments=plan.assignments[::-1], loads=plan.loads[::-1], notices=plan.notices[::-1])

    assert plan_to_json(turned) == plan_to_json(plan)


@given(
    parts=st.lists(st.floats(0, 1e6), min_size=len(SCORE_PARTS), max_size=len(SCORE_PARTS)),
    share=st.floats(0, 1),
)
def test_the_score_is_the_sum_of_its_parts_and_the_bound_never_above_it(parts: list[float], share: float) -> None:
    score = Score(dict(zip(SCORE_PARTS, parts, strict=True)), unavoidable=0.0)
    bound = Bound(hours=score.hours * share, certified_hours=0.0, prices={}, move_price=0.0, method="")

    text = plan_to_json(a_plan(score=score, bound=bound))

    written = json.loads(text)
    assert abs(written["score"]["hours"] - sum(written["score"]["parts"].values())) <= 1e-6
    assert abs(written["score"]["hours"] - score.hours) <= 1e-5
    assert written["bound"]["hours"] <= written["score"]["hours"]
    assert plan_to_json(plan_from_json(text)) == text


def test_unknown_further_keys_are_no_problem() -> None:
    table = json.loads(plan_to_json(a_plan()))
    table["comment"] = "read by M. Roy"
    table["assignments"][0]["colour"] = 3

    assert plan_from_json(json.dumps(table)).assignments[0].unit == "u1#1"


def test_a_fact_that_would_hide_a_field_is_refused() -> None:
    hiding = Waiting("u4", 610, (Reason("full", {"code": 1}),), Fix("hire"))

    with pytest.raises(ValueError, match="code"):
        plan_to_json(a_plan(waiting=(hiding,)))


def test_another_schema_is_named_with_what_was_expected() -> None:
    with pytest.raises(CaseError) as raised:
        plan_from_json('{"schema": "evenload.plan/2"}')

    (problem,) = raised.value.problems
    assert (problem.code, problem.value, problem.facts["expected"]) == ("plan_schema_unknown", '"evenload.plan/2"', "evenload.plan/1")


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "PK\x03\x04", '{"schema": NaN}', "[" * 100_000, '{"a": ' + "1" * 5_000 + "}", '{"schema": "a", "schema": "b"}'],
)
def test_what_is_no_json_object_is_one_problem(text: str) -> None:
    assert problems_of(text) == [("plan_not_json", None)]


def test_every_wrong_field_is_named_at_once() -> None:
    table = json.loads(plan_to_json(a_plan()))
    table["assignments"][1]["minutes"] = "140"
    table["assignments"][2] = 5
    table["practitioners"][0]["units"] = True
    table["score"]["parts"]["travel"] = None
    table["unassigned"][0]["nearest_fix"] = []
    del table["case"]
    del table["cover"]

    assert sorted(problems_of(json.dumps(table)), key=str) == [
        ("plan_field_missing", "case"),
        ("plan_field_missing", "cover"),
        ("plan_field_wrong", "assignments[1].minutes"),
        ("plan_field_wrong", "assignments[2]"),
        ("plan_field_wrong", "practitioners[0].units"),
        ("plan_field_wrong", "score.parts.travel"),
        ("plan_field_wrong", "unassigned[0].nearest_fix"),
    ]


@pytest.mark.parametrize("number", ["1e999", "-1e999", "1" + "0" * 400])
def test_a_number_without_end_is_a_wrong_field(number: str) -> None:
    text = plan_to_json(a_plan()).replace('"unavoidable": 0.05', f'"unavoidable": {number}')

    assert problems_of(text) == [("plan_field_wrong", "score.unavoidable")]


@settings(max_examples=12)
@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))
)
def test_any_value_in_any_field_ends_in_a_plan_or_in_problems(value: object) -> None:
    table = json.loads(plan_to_json(a_plan()))
    for name in ("assignments", "unassigned", "score", "bound", "notices", "provenance"):
        text = json.dumps(table | {name: value})
        try:
            plan_from_json(text)
        except CaseError:
            assert all(field is None or field.startswith(name) for _, field in problems_of(text))
