"""Listing again looks at few pairs and answers for all of them; crowds are priced apart, and threads change no bit."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from drawn_cases import drawn_case
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.bound_solvers.all_pairs import counted_again
from benchmarks.instances import Size, caseload
from evenload.planning.goals import pair_hours
from evenload.planning.optimise import apart
from evenload.planning.optimise.candidates import Listed, Listing, Worth, arcs_of
from evenload.planning.optimise.levels import LEVEL_NODES
from evenload.planning.optimise.pairs import empty_row, fill_row
from evenload.planning.optimise.relisted import before_of, relisting_tasks
from evenload.planning.optimise.setting import Setting, priced, setting_of
from evenload.planning.optimise.some_pairs import fill_some
from evenload.planning.optimise.threads import in_chains, using_threads
from evenload.planning.score import may_take
from evenload.planning.travel import load_minutes


def relisted(setting: Setting, first: Worth, then: Worth, listed: int, kept: int) -> Listed:
    """What is listed under the prices `then` after so many arcs were listed under the first ones."""
    lean = arcs_of(setting.instance, setting.exact, first, setting.current, keep=listed, slots=listed, is_lean=True)
    again = Listing(setting.instance, setting.exact, setting.current, keep=kept, slots=kept + 2)
    for wing in setting.instance.wings:
        for task in relisting_tasks(again, wing, then, before_of(setting.instance, lean, first, then)):
            task()
    return again.listed()


@given(st.integers(0, 2**32), st.integers(1, 4), st.floats(0, 0.1))
def test_the_least_price_of_every_node_is_that_of_plain_loops_over_all_pairs(seed: int, listed: int, spread: float) -> None:
    drawn = drawn_case(seed)
    setting = setting_of(drawn)
    instance, dice, people = setting.instance, np.random.default_rng(seed), len(setting.instance.practitioners)
    first = Worth(dice.normal(0.02, 0.03, people), dice.uniform(0, 0.3, people), 0.0)
    then = Worth(first.minute + dice.normal(0, spread, people), np.maximum(0, first.trip + dice.normal(0, 5 * spread, people)), 0.0)

    found = relisted(setting, first, then, listed, kept=3)

    full = arcs_of(instance, setting.exact, then, setting.current, keep=3, slots=5)
    for name in ("node_hours", "eligible_hours", "waiting_moves", "takers"):
        assert np.array_equal(getattr(found, name), getattr(full, name))
    for n, bundle in enumerate(instance.nodes):
        prices = [] if instance.pinned[n] >= 0 else [float(instance.waiting[n])]
        for p, person in enumerate(instance.practitioners):
            if may_take(drawn, person, bundle) and instance.pinned[n] in (-1, p):
                load = sum(load_minutes(drawn, person, unit) for unit in bundle)
                hours = sum(sum(pair_hours(drawn, person, unit).values()) for unit in bundle)
                prices.append(hours + then.minute[p] * load + then.trip[p] * float(instance.trips[n]))
        assert found.node_hours[n] == pytest.approx(min(prices), abs=1e-9)
        reduced = [arc["cost"] + then.minute[arc["to"]] * arc["load"] for arc in found.arcs[n, : min(3, found.degree[n])]]
        trips = [then.trip[arc["to"]] * instance.trips[n] for arc in found.arcs[n, : min(3, found.degree[n])]]
        assert list(np.add(reduced, trips)) == sorted(np.add(reduced, trips))


@given(st.integers(0, 2**32))
def test_pairs_that_are_named_are_judged_as_in_their_row(seed: int) -> None:
    setting = setting_of(drawn_case(seed))
    instance, dice = setting.instance, np.random.default_rng(seed)
    for wing in instance.wings:
        row, some = empty_row(len(wing.members)), empty_row(len(wing.members))
        for n in wing.nodes:
            moves = fill_row(wing, instance.units, setting.exact, instance.scale, instance.pinned[n], n, row)
            named = dice.permutation(len(wing.members)).astype(np.int32)[: dice.integers(0, len(wing.members) + 1)]
            half = len(named) // 2
            for begin, end in ((0, half), (half, len(named))):
                asks = (wing, instance.units, setting.exact, instance.scale, instance.pinned[n], n, moves, named, begin, end, some)
                fill_some(*asks)
            for name in ("eligible", "fits", "cost", "load", "travel"):
                assert np.array_equal(getattr(some, name)[: len(named)], getattr(row, name)[named]), name
            able = some.eligible[: len(named)] > 0
            assert np.array_equal(some.moves[: len(named)][able], row.moves[named][able])


@pytest.fixture(scope="module")
def setting() -> Setting:
    """Every crowd has so many nodes that half of them stand for all while steps are coarse."""
    made = setting_of(caseload(Size(420, 13_500, 1.0)))
    assert min(len(wing.nodes) for wing in made.instance.wings) >= LEVEL_NODES
    return made


def test_few_pairs_are_looked_at_and_prices_and_arcs_are_the_same_for_any_number_of_threads(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for threads in (1, 2, 3):
        with using_threads(threads):
            found.append(priced(setting, None))
    one = found[0]
    for other in found[1:]:
        assert np.array_equal(one.worth.minute, other.worth.minute)
        assert np.array_equal(one.worth.trip, other.worth.trip)
        assert one.listed.arcs.tobytes() == other.listed.arcs.tobytes()
    case, trip = setting.instance.case, np.asarray(one.worth.trip)
    assert one.certified_hours == pytest.approx(counted_again(case, setting.targets_minutes, np.asarray(one.worth.minute), trip), rel=1e-9)

    def all_again(listing: Listing, wing: object, worth: Worth, _before: object) -> list[Callable[[], None]]:
        return listing.tasks(wing, worth)  # type: ignore[arg-type]

    monkeypatch.setattr(apart, "relisting_tasks", all_again)
    over_all = priced(setting, None)
    assert over_all.bound_hours == one.bound_hours
    degree = np.minimum(one.listed.degree, over_all.listed.degree)
    same = (one.listed.arcs["to"] == over_all.listed.arcs["to"]) | (np.arange(one.listed.arcs.shape[1]) >= degree[:, None])
    assert same.all(axis=1).mean() > 0.9


def test_a_stage_begins_when_the_one_before_it_in_its_chain_has_ended() -> None:
    for threads in (1, 2, 3):
        ended: list[tuple[int, int]] = []

        def chain(number: int, ended: list[tuple[int, int]] = ended) -> Iterator[list[Callable[[], None]]]:
            for stage in range(5):
                yield [lambda stage=stage: ended.append((number, stage)) for _ in range(stage)]
                assert ended.count((number, stage)) == stage

        with using_threads(threads):
            in_chains([chain(number) for number in range(4)])
        assert len(ended) == 4 * (1 + 2 + 3 + 4)

    def failing() -> Iterator[list[Callable[[], None]]]:
        yield [lambda: None]
        yield [lambda: 1 // 0]  # type: ignore[list-item, return-value]

    with using_threads(2), pytest.raises(ZeroDivisionError):
        in_chains([failing()])
