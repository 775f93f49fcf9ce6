"""The benchmarks run, on programs so small that nothing is measured: what they print is complete, and counted again."""

from __future__ import annotations

import importlib
import json
import math
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import __main__ as benchmarks_main
from benchmarks import bound, caseload, gap, goals, growth, growth_goals, objective, picture_style, pictures, record, stages
from benchmarks.caseload_solvers.evenload import planned
from benchmarks.caseload_solvers.evenload import recounted_bound as recounted_hours
from benchmarks.gap_goals import verdicts, worse_than_peers
from benchmarks.gap_rows import DisagreementError, Row, checked
from benchmarks.gap_solvers import rest
from benchmarks.gap_solvers.generate import made, write_instances
from benchmarks.gap_solvers.instance import Instance, count_again, read_instance
from benchmarks.gap_solvers.recount import recounted_bound
from evenload.planning.optimise.setting import CLIMBS

pytestmark = pytest.mark.slow

SMALL = "c05030"
"""Five agents, thirty jobs: HiGHS proves it in a moment."""


def lines_of(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


@pytest.fixture(scope="module")
def gap_rows(tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    """The engine and HiGHS on a small instance and on one that has no answer."""
    folder = tmp_path_factory.mktemp("instances")
    write_instances(folder, [SMALL])
    (folder / "a02002").write_text("2 2\n1 2\n3 4\n9 1\n9 1\n5 5\n")
    gap.main([str(folder), "--seconds", "0.5,1", "--solvers", "evenload,highs", "--json", str(folder / "rows.json")])
    rows: list[Row] = json.loads((folder / "rows.json").read_text())
    return rows


def test_every_benchmark_says_what_it_measures_and_how_to_repeat_it() -> None:
    for name in ("caseload", "gap", "growth", "objective", "intake", "stages", "goals", "pictures", "__main__"):
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


def test_the_engine_bounds_and_reaches_the_optimum_of_a_small_instance(gap_rows: list[Row]) -> None:
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


def test_an_instance_without_an_answer_has_none(gap_rows: list[Row]) -> None:
    rows = [row for row in gap_rows if row["instance"] == "a02002"]

    assert len(rows) == 4
    assert not any(row["feasible"] for row in rows)


def test_the_tables_of_instances_stand_without_running_again(
    gap_rows: list[Row], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "rows.json").write_text(json.dumps(gap_rows))

    gap.main([str(tmp_path), "--from", str(tmp_path / "rows.json")])

    printed = lines_of(capsys)
    assert sum(line.startswith(SMALL) for line in printed) == 2
    assert any("worse than the best peer on" in line for line in printed)


def row_of(solver: str, value: int | None, **others: object) -> Row:
    """A row as `gap` writes it, at its last second."""
    usual = {"instance": "d05100", "seconds": 60.0, "bound": 6350.0, "best_known": 6353, "recounted": None, "claimed": None}
    return {**usual, "solver": solver, "value": value, "feasible": value is not None, **others}


def test_a_run_that_was_interrupted_goes_on_with_what_it_lacks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept, others = tmp_path / "kept.json", tmp_path / "others.json"
    write_instances(tmp_path, [SMALL])
    told = {"instance": SMALL, "seconds": 0.5, "bound": 1.0, "best_known": None}
    kept.write_text(json.dumps({"piece": "gap-c", "rows": [row_of("highs", 9_000, **told)]}))
    others.write_text(json.dumps([row_of("highs", 9_999, **told), row_of("scip", 9_998, **told), row_of("scip", 6_400)]))
    asked = [str(tmp_path), "c", "--seconds", "0.5", "--solvers", "evenload,highs", "--keep", str(kept)]

    gap.main([*asked, "--merge", str(others)])

    record_of_piece = json.loads(kept.read_text())
    assert record_of_piece["piece"] == "gap-c", "the record is still one"
    values = {row["solver"]: row["value"] for row in record_of_piece["rows"]}
    assert list(values) == ["evenload", "highs", "scip"]
    assert values["highs"] == 9_000, "what was there is neither run again nor replaced"
    assert values["scip"] == 9_998
    ours = next(row for row in record_of_piece["rows"] if row["solver"] == "evenload")
    assert ours["feasible"]
    assert ours["commit"]
    assert ours["processor_seconds"] > 0
    scip = next(row for row in record_of_piece["rows"] if row["solver"] == "scip")
    assert scip["date"].startswith("20"), "rows that do not say when have the date of their file"

    gap.main([*asked, "--again", "highs"])

    values = {row["solver"]: row["value"] for row in json.loads(kept.read_text())["rows"]}
    assert values["highs"] < 9_000, "asked for anew"
    assert values["evenload"] == ours["value"]
    assert "worse than the best peer on 0 of 1" in capsys.readouterr().out


def test_a_solver_that_is_not_installed_is_left_out_and_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_instances(tmp_path, [SMALL])
    monkeypatch.setitem(gap.SOLVERS, "timefold", "a_package_that_nobody_has")

    gap.main([str(tmp_path), "--seconds", "0.5", "--solvers", "timefold,highs"])

    printed = lines_of(capsys)
    assert sum("timefold" in line for line in printed) == 1
    assert any(line.startswith(SMALL) and "highs" in line for line in printed)


def test_a_certificate_that_does_not_hold_stops_the_benchmark() -> None:
    assert checked([row_of("evenload", 6_356, claimed=6349.2, recounted=6350)])

    with pytest.raises(DisagreementError, match=r"prove 6350, not 6350\.2"):
        checked([row_of("evenload", 6_356, claimed=6350.2, recounted=6350)])
    with pytest.raises(DisagreementError, match="there is an assignment of 6354"):
        checked([row_of("evenload", 6_356, bound=6355.0), row_of("highs", 6_354)])
    with pytest.raises(DisagreementError, match="there is an assignment of 6354"):
        checked([row_of("evenload", 6_356, bound=None, recounted=6355), row_of("highs", 6_354)])


def test_the_summary_says_where_a_peer_is_better() -> None:
    rows = [row_of("evenload", 6_356), row_of("highs", 6_354), row_of("scip", 6_360)]
    rows += [row_of(solver, value, instance="d10200") for solver, value in (("evenload", None), ("highs", 12_440))]
    rows += [row_of(solver, 7, instance="d20100", bound=6.0, best_known=7) for solver in ("evenload", "highs")]

    assert worse_than_peers(rows, 60.0) == (["d05100", "d10200"], 3)
    assert worse_than_peers(rows, 60.0, ["scip"]) == ([], 1)
    told = {verdict.goal: verdict for verdict in verdicts(rows)}
    assert told["D: never worse than the best peer at 60 s"].is_reached is False
    assert "2 of 3 d05100 d10200" in told["D: never worse than the best peer at 60 s"].measured
    assert told["D: mean gap ≤ 0.08 % at 60 s"].measured == "none on 1 of 3"
    assert told["D: every bound counted again by separately written code"].is_reached is False


def test_what_prices_leave_open_holds_every_cheaper_assignment(tmp_path: Path) -> None:
    dice = np.random.default_rng(7)
    drawn = Instance("e03006", dice.integers(1, 30, (3, 6)), dice.integers(1, 20, (3, 6)), np.array([25, 31, 28]))
    plans = [[number // 3**job % 3 for job in range(6)] for number in range(3**6)]
    counted = [(count_again(drawn, plan), plan) for plan in plans]
    feasible = sorted((value, plan) for (value, is_feasible), plan in counted if is_feasible)
    optimum = feasible[0][0]

    for prices in (np.zeros(6), dice.uniform(5, 25, 6)):
        assert recounted_bound(drawn, prices.tolist()) <= optimum
        arcs = rest.open_arcs(drawn, prices.tolist(), optimum + 4)
        for value, plan in feasible:
            if value <= optimum + 3:
                assert all(arcs[agent, job] for job, agent in enumerate(plan)), (value, plan)

    pytest.importorskip("pyscipopt", reason="the extra `bench` is not installed")
    everything = np.ones(drawn.shape, bool)
    assert rest.nothing_cheaper(drawn, everything, optimum, 10)
    assert not rest.nothing_cheaper(drawn, everything, optimum + 1, 10)


def test_the_bound_of_weeks_counted_again_is_what_the_engine_says_and_a_false_one_is_found() -> None:
    from benchmarks.instances import Size
    from benchmarks.instances import caseload as made_caseload
    from evenload.planning.optimise import Limit

    case = made_caseload(Size(9, 120, 1.1))
    plan, proofs = planned(case, Limit(moves_per_unit=20))
    told, prices = proofs.best[0]
    assert told > plan.bound.certified_hours + 0.01

    counted = recounted_hours(case, plan, proofs)

    assert told - 1e-6 <= counted <= plan.score.hours
    proofs.note(counted + 0.01, prices)
    with pytest.raises(SystemExit, match="the second count of the bound disagrees: prices of units"):
        recounted_hours(case, plan, proofs)


def test_a_solver_whose_answer_does_not_stand_the_recount_ends_the_benchmark(monkeypatch: pytest.MonkeyPatch) -> None:
    said = "the second count of the bound disagrees: prices of units prove 410.0, not 410.5"

    def ended(*_arguments: object, **_named: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-c", f"raise SystemExit({said!r})"], capture_output=True, text=True, check=False)

    for module, measure in ((caseload, lambda: caseload.measured("evenload", "9x60", 0.95, seconds=1)), (bound, lambda: bound.main([]))):
        with monkeypatch.context() as within:
            within.setattr(module, "subprocess", SimpleNamespace(run=ended, TimeoutExpired=subprocess.TimeoutExpired))
            with pytest.raises(SystemExit, match=said):
                measure()


def test_a_caseload_is_solved_by_the_engine_and_by_a_peer_and_counted_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["--sizes", "9x60", "--tightness", "1.10", "--seconds", "1", "--seeds", "1", "--peer-seconds", "1"]

    rows = caseload.main([*asked, "--solvers", "evenload,highs", "--json", str(tmp_path / "rows.json")])

    ours, peer = rows
    assert ours["hours"] >= ours["bound"] >= ours["recounted_bound"] - 1e-6
    assert peer["hours"] >= ours["bound"] - 1e-6, "a bound over all pairs holds for the peer's plan too"
    assert ours["points"][-1][1] == pytest.approx(ours["gap_percent"])
    assert ours["peak_megabytes"] > 50
    first = lines_of(capsys)
    caseload.main(["--from", str(tmp_path / "rows.json")])
    assert lines_of(capsys) == first


def test_the_speed_of_the_bound_is_judged_on_the_same_arcs_and_with_all_pairs_priced() -> None:
    told = {"size": bound.GOAL_SIZE, "tightness": 0.95, "hours": 100.0}
    same = {"seconds": 0.1, "hours": 99.99}
    rows = [{**told, "solver": "evenload", "seconds": 0.4, "same_arcs": same}, {**told, "solver": "simplex", "seconds": 12.0}]

    found = {verdict.goal.split(", ", 2)[-1]: verdict for verdict in bound.verdicts(rows) if "simplex" in verdict.goal}

    assert (found["on the same arcs"].is_reached, found["on the same arcs"].measured) == (True, "120 ×")
    assert (found["all pairs priced"].is_reached, found["all pairs priced"].measured) == (False, "30 ×")


def test_a_long_piece_is_run_where_it_is_named_alone() -> None:
    everything = [piece.name for piece in benchmarks_main._chosen([])]

    assert "growth" in everything
    assert "million" not in everything
    assert [piece.name for piece in benchmarks_main._chosen(["million"])] == ["million"]


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


def test_the_share_of_time_by_stage_is_the_whole_time(capsys: pytest.CaptureFixture[str]) -> None:
    stages.main(["--one", "12x120", "--tightness", "0.95", "--moves", "5"])

    row = json.loads(lines_of(capsys)[-1])
    stages.print_table([row])

    for stage in ("facts → arrays", "dual", "search", "knapsack bound", "result"):
        assert row["seconds"][stage] > 0, stage
    assert row["seconds"]["other"] < 0.2 * sum(row["seconds"].values())
    assert row["passes"] == sum(passes for passes, _ in CLIMBS)
    assert row["bandwidth"]["1"] > 0.1
    assert any("the dual pass of 12 × 120" in line for line in lines_of(capsys))


def test_all_goals_stand_in_one_table_with_what_was_measured(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"size": "30x600", "tightness": 0.95, "solver": "evenload", "points": [[0.5, 0.15]], "seconds": 60.1}]
    growth_rows = [{"size": growth_goals.SIZE, "units": 10**6, "tightness": 0.95, "points": [[12.0, 0.9]], "peak_megabytes": 499}]
    records = [{"piece": "caseload-600", "date": "2026-01-01 00:00 UTC", "rows": rows}]
    records.append({"piece": "growth", "date": "2026-01-02 00:00 UTC", "rows": growth_rows})
    records.append({"piece": "million", "date": "2026-01-03 00:00 UTC", "rows": growth_rows})

    goals.print_goals(records, ["caseload-600", "bound"])

    printed = lines_of(capsys)
    assert [line for line in printed if "proved 0.2 % in 1 s" in line and " reached" in line and "2026-01-01" in line]
    assert [line for line in printed if "proved 0.05 % in 60 s" in line and "not reached" in line]
    assert [line for line in printed if "1,000,000" not in line and "at most 500 MB" in line and "reached" in line and "499 MB" in line]
    of_ten_minutes = [line for line in printed if "proved 0.5 % in 600 s" in line]
    assert ["not measured" in line and "2026-01-03" in line for line in of_ten_minutes] == [True], (
        "that run ended too soon to say, growth always does"
    )
    assert "not recorded: bound" in printed


def test_rows_of_a_run_that_has_not_come_to_its_end_are_no_record(tmp_path: Path) -> None:
    pieces = [record.Piece(name, "gap", (), None, keeps_rows=True) for name in ("gap-c", "gap-d")]
    (tmp_path / "gap-c.json").write_text(json.dumps({"piece": "gap-c", "rows": []}))
    (tmp_path / "gap-d.json").write_text("[]")

    assert [found["piece"] for found in record.recorded(tmp_path, pieces)] == ["gap-c"]


def test_what_was_recorded_becomes_the_page_and_the_pictures(gap_rows: list[Row], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("matplotlib", reason="the extra `bench` is not installed")
    monkeypatch.setattr(picture_style, "FOLDER", tmp_path / "pictures")
    monkeypatch.setattr(pictures, "FOLDER", tmp_path / "pictures")
    monkeypatch.setattr(record, "RESULTS", tmp_path / "RESULTS.md")
    kept = {"piece": "gap-c", "command": "python -m benchmarks.gap FOLDER", "text": "a table\n", "took_seconds": 1.0, **record.stamp()}

    record.publish([{**kept, "rows": [row for row in gap_rows if row["instance"] == SMALL]}])

    page = (tmp_path / "RESULTS.md").read_text()
    assert "## gap-c" in page
    assert "a table" in page
    assert kept["commit"] in page
    assert "(pictures/gap-by-class.svg)" in page
    assert "C: every bound counted again" in page
    picture = (tmp_path / "pictures" / "gap-by-class.svg").read_text()
    assert "class C, 1 instance" in picture
    assert "prefers-color-scheme: dark" in picture
