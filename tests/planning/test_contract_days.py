"""Which contract a visit belongs to: by hand, and day by day against the stretches."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenload.planning.contract_days import Bought, Stretch, contract_of, owners, visits_by_contract

JANUARY = date(2026, 1, 1)
OLD = Bought(1, date(2025, 1, 1), date(2025, 12, 31))
ALL = Bought(2, date(2026, 1, 1), date(2026, 12, 31))
OT = Bought(3, date(2026, 1, 1), date(2026, 12, 31), "OT")
SHORT = Bought(4, date(2026, 3, 1), date(2026, 3, 31), "OT")


@pytest.mark.parametrize(
    ("day", "discipline", "stated", "key"),
    [
        (date(2026, 2, 1), "OT", None, 3),
        (date(2026, 2, 1), "PT", None, 2),
        (date(2026, 3, 1), "OT", None, 4),
        (date(2026, 3, 31), "OT", 2, 2),
        (date(2026, 2, 1), "PT", 3, 2),
        (date(2026, 2, 1), "OT", 1, 3),
        (date(2024, 12, 31), "OT", 1, None),
    ],
    ids=["own discipline", "every discipline", "ends first", "named", "names another discipline", "names a past one", "none"],
)
def test_a_visit_counts_to_the_contract_it_names_else_to_that_of_its_discipline_and_day(
    day: date, discipline: str, stated: int | None, key: int | None
) -> None:
    assert contract_of((OLD, ALL, OT, SHORT), day, discipline, stated) == key


days = st.integers(0, 60).map(lambda number: JANUARY + timedelta(days=number))
contracts = st.lists(
    st.builds(
        lambda first, length, discipline: (first, first + timedelta(days=length), discipline),
        days,
        st.integers(0, 40),
        st.sampled_from(["", "OT", "PT"]),
    ),
    max_size=5,
).map(lambda rows: tuple(Bought(number, *row) for number, row in enumerate(rows)))
stretches = st.lists(
    st.builds(
        lambda first, length, visits: Stretch(first, first + timedelta(days=length), visits),
        days,
        st.integers(0, 50),
        st.fractions(0, 3, max_denominator=7),
    ),
    max_size=4,
)


@given(contracts=contracts, stretches=stretches, stated=st.integers(0, 4), from_day=days)
def test_the_stretches_hold_what_is_counted_day_by_day(
    contracts: tuple[Bought, ...], stretches: list[Stretch], stated: int, from_day: date
) -> None:
    expected: Counter[int] = Counter()
    for stretch in stretches:
        for number in range((stretch.last_day - stretch.first_day).days + 1):
            day = stretch.first_day + timedelta(days=number)
            key = contract_of(contracts, day, "OT", stated)
            if day >= from_day and key is not None:
                expected[key] += stretch.visits_per_day  # type: ignore[assignment]

    found = visits_by_contract(stretches, owners(contracts, "OT", stated), from_day=from_day)

    assert {key: visits for key, visits in found.items() if visits} == {key: visits for key, visits in expected.items() if visits}


def test_half_a_week_of_a_contract_holds_half_of_its_visits() -> None:
    week = Stretch(date(2025, 12, 29), date(2026, 1, 4), Fraction(2, 7))

    found = visits_by_contract([week], owners((OLD, ALL), "PT"), from_day=date(2025, 1, 1))

    assert found == {1: Fraction(6, 7), 2: Fraction(8, 7)}
