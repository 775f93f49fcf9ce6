"""The benchmarks run, on programs so small that nothing is measured: what they print is complete, and counted again."""

from __future__ import annotations

import importlib
import json
import math
from pathlib import Path

import numpy as np
import pytest

from benchmarks import caseload, gap, growth, objective, record
from benchmarks.gap_solvers.generate import made, write_instances
from benchmarks.gap_solvers.instance import Instance, count_again, read_instance
from benchmarks.gap_solvers.recount import recounted_bound

pytestmark = pytest.mark.slow

SMALL = "c05030"
"""Five agents, thirty jobs: HiGHS proves it in a moment."""


def lines_of(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


@pytest.fixture(scope="module")
def gap_rows(tmp_path_factory: pytest.TempPathFactory) -> list[gap.Row]:
    """The engine and HiGHS on a small instance and on one that has no answer."""
    folder = tmp_path_factory.mktemp("instances")
    write_instances(folder, [SMALL])
    (folder / "a02002").write_text("2 2\n1 2\n3 4\n9 1\n9 1\n5 5\n")
    gap.main([str(folder), "--seconds", "0.5,1", "--solvers", "evenload,highs", "--json", str(folder / "rows.json")])
    rows: list[gap.Row] = json.loads((folder / "rows.json").read_text())
    return rows


def test_every_benchmark_says_what_it_measures_and_how_to_repeat_it() -> None:
    for name in ("caseload", "gap", "growth", "objective", "intake", "__main__"):
        text = importlib.import_module(f"benchmarks.{name}").__doc__ or ""

        assert "python -m benchmarks" in text, name
        assert len(text.splitlines()) > 2, name


def test_an_instance_that_was_written_is_read_back(tmp_path: Path) -> None:
    write_instances(tmp_path, [SMALL])

    instance, again = made(SMALL), read_instance(tmp_path / SMALL)

    assert again.shape == (5, 30)
    assert (again.costs == instance.costs).all()
    assert (again.weights == instance.weights).all()
    assert (again.capacities == instance.capacities).all()


def test_an_assignment_counts_only_where_every_job_has_an_agent_with_room() -> None:
    instance = made(SMALL)

    assert count_again(instance, [-1] * 30) == (0, False)
    assert count_again(instance, [0] * 29) == (0, False)
    value, is_feasible = count_again(instance, [0] * 30)
    assert value == sum(instance.costs[0].tolist())
    assert not is_feasible


def test_the_engine_bounds_and_reaches_the_optimum_of_a_small_instance(gap_rows: list[gap.Row]) -> None:
    last = {row["solver"]: row for row in gap_rows if row["instance"] == SMALL and row["seconds"] == 1}

    optimum = last["highs"]["value"]

    assert last["highs"]["bound"] == pytest.approx(optimum)
    assert last["evenload"]["feasible"]
    assert last["evenload"]["bound"] <= optimum <= last["evenload"]["value"]
    assert last["evenload"]["value"] <= 1.02 * optimum


def test_a_bound_counted_again_from_prices_is_what_trying_every_set_gives() -> None:
    dice = np.random.default_rng(5)
    drawn = Instance("d03006", dice.integers(1, 30, (3, 6)), dice.integers(1, 20, (3, 6)), np.array([25, 31, 28]))
    prices = dice.uniform(5, 25, 6)
    total = prices.sum()
    for agent in range(3):
        sets = [np.array([number >> job & 1 for job in range(6)], bool) for number in range(64)]
        fits = [own for own in sets if drawn.weights[agent, own].sum() <= drawn.capacities[agent]]
        total += min((drawn.costs[agent] - prices)[own].sum() for own in fits)

    assert recounted_bound(drawn, prices.tolist()) == math.ceil(total)


def test_an_instance_without_an_answer_has_none(gap_rows: list[gap.Row]) -> None:
    rows = [row for row in gap_rows if row["instance"] == "a02002"]

    assert len(rows) == 4
    assert not any(row["feasible"] for row in rows)


def test_the_tables_of_instances_stand_without_running_again(
    gap_rows: list[gap.Row], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "rows.json").write_text(json.dumps(gap_rows))

    gap.main([str(tmp_path), "--from", str(tmp_path / "rows.json")])

    printed = lines_of(capsys)
    assert sum(line.startswith(SMALL) for line in printed) == 2
    assert any("worse than the best peer on" in line for line in printed)


def test_a_caseload_is_solved_by_the_engine_and_by_a_peer_and_counted_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["--sizes", "9x60", "--tightness", "1.10", "--seconds", "1", "--seeds", "1", "--peer-seconds", "1"]

    rows = caseload.main([*asked, "--solvers", "evenload,highs", "--json", str(tmp_path / "rows.json")])

    ours, peer = rows
    assert ours["hours"] >= ours["bound"]
    assert peer["hours"] >= ours["bound"] - 1e-6, "a bound over all pairs holds for the peer's plan too"
    assert ours["points"][-1][1] == pytest.approx(ours["gap_percent"])
    assert ours["peak_megabytes"] > 50
    first = lines_of(capsys)
    caseload.main(["--from", str(tmp_path / "rows.json")])
    assert lines_of(capsys) == first


def test_a_goal_is_reached_by_the_median_of_the_seeds() -> None:
    rows = [{"points": [(0.1, 5.0), (second, 0.9)]} for second in (0.2, 0.3, 4.0)]

    assert caseload.median([caseload.seconds_to(row, 1.0) for row in rows]) == 0.3
    assert caseload.median([caseload.gap_at(row, 0.25) for row in rows]) == 5.0
    assert caseload.median([1.0, None, None]) is None


def test_the_exponent_of_a_power_is_its_power() -> None:
    rows = [{"units": units, "seconds": 0.003 * units**1.5} for units in (100, 1_000, 5_000)]

    assert growth.exponent(rows, "seconds") == pytest.approx(1.5)
    assert growth.exponent(rows[:2], "seconds") is None


def test_growth_tells_what_each_stage_takes(capsys: pytest.CaptureFixture[str]) -> None:
    growth.main(["--one", "9x90", "--tightness", "0.95", "--seconds", "1", "--gap", "90"])

    row = json.loads(lines_of(capsys)[-1])
    growth.print_table([row], 90)

    assert row["units"] == 90
    assert row["first_seconds"] > row["arrays_seconds"] > 0
    assert [line.split()[0] for line in lines_of(capsys)] == ["program", "9x90", "exponent"]


def test_each_goal_s_price_is_told_beside_the_default(capsys: pytest.CaptureFixture[str]) -> None:
    rows = objective.main(["--size", "12x120", "--tightness", "1.10", "--moves", "20", "--seconds", "1"])

    by_variant = {row["variant"]: row for row in rows}
    assert by_variant["continuity off"]["kept_share"] < by_variant["default"]["kept_share"]
    assert by_variant["default"]["own_hours"] == pytest.approx(by_variant["default"]["default_hours"])
    assert by_variant["balance x 5"]["own_hours"] != pytest.approx(by_variant["balance x 5"]["default_hours"])
    assert len(lines_of(capsys)) == 1 + len(by_variant)


def test_what_was_recorded_becomes_the_page_and_the_picture(
    gap_rows: list[gap.Row], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("matplotlib", reason="the extra `bench` is not installed")
    from benchmarks import pictures

    monkeypatch.setattr(pictures, "PICTURE", tmp_path / "pictures" / "gap.svg")
    monkeypatch.setattr(record, "RESULTS", tmp_path / "RESULTS.md")
    kept = {"piece": "gap-c", "command": "python -m benchmarks.gap FOLDER", "text": "a table\n", "took_seconds": 1.0, **record.stamp()}

    record.publish([{**kept, "rows": [row for row in gap_rows if row["instance"] == SMALL]}])

    page = (tmp_path / "RESULTS.md").read_text()
    assert "## gap-c" in page
    assert "a table" in page
    assert kept["commit"] in page
    assert f"generalised assignment, {SMALL}" in (tmp_path / "pictures" / "gap.svg").read_text()
