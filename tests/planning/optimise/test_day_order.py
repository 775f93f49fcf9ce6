"""The shortest order of a day: against every order of small days, with agreed times, and the same every time."""

from __future__ import annotations

from itertools import pairwise, permutations
from random import Random

import pytest

from evenload.planning.optimise.day_order import Stop, shortest_order

pytestmark = pytest.mark.slow


def ways(stops: int, seed: int) -> list[list[int]]:
    """Minutes between places that lie on a plain, symmetric and whole."""
    rng = Random(seed)
    places = [(rng.uniform(0, 60), rng.uniform(0, 60)) for _ in range(stops + 1)]
    return [[round(((ax - bx) ** 2 + (ay - by) ** 2) ** 0.5) for bx, by in places] for ax, ay in places]


def length(minutes: list[list[int]], order: tuple[int, ...]) -> int:
    return sum(minutes[a][b] for a, b in pairwise((0, *(number + 1 for number in order), 0)))


@pytest.mark.parametrize("stops", [2, 3, 4, 5, 6, 7])
@pytest.mark.parametrize("seed", range(4))
def test_no_order_of_a_small_day_is_shorter(stops: int, seed: int) -> None:
    minutes = ways(stops, seed)

    found = shortest_order(minutes, [Stop(45)] * stops)

    assert found is not None
    assert sorted(found) == list(range(stops))
    assert length(minutes, found) == min(length(minutes, order) for order in permutations(range(stops)))


def test_the_same_day_gives_the_same_order_of_twelve() -> None:
    minutes = ways(12, 1)
    found = [shortest_order(minutes, [Stop(45)] * 12) for _ in range(3)]

    assert found[0] == found[1] == found[2]
    assert sorted(found[0] or ()) == list(range(12))


def test_days_without_a_choice_stand() -> None:
    assert shortest_order([[0]], []) == ()
    assert shortest_order([[0, 9], [9, 0]], [Stop(45)]) == (0,)
    assert shortest_order([[0] * 3] * 3, [Stop(45), Stop(45)]) == (0, 1)


def test_agreed_times_come_before_the_way() -> None:
    line = [[0, 10, 20, 30], [10, 0, 10, 20], [20, 10, 0, 10], [30, 20, 10, 0]]

    assert shortest_order(line, [Stop(60, 14 * 60), Stop(60), Stop(60, 9 * 60)]) == (2, 1, 0)


def test_times_that_cannot_all_be_kept_have_no_order() -> None:
    assert shortest_order([[0, 10, 20], [10, 0, 10], [20, 10, 0]], [Stop(60, 9 * 60), Stop(60, 9 * 60)]) is None


def test_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="square of 3"):
        shortest_order([[0, 1], [1, 0]], [Stop(45), Stop(45)])
