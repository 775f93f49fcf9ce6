"""`evenload assign` and `evenload demo`: the whole way from a workbook to a list. Slow: they search for plans."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import openpyxl
import pytest

from evenload.cli.solving import Effort, interruptible, solved
from evenload.cli.terminal import Terminal
from evenload.exchange.example import example_rows
from evenload.exchange.facts import program_from
from evenload.exchange.plan_json import plan_from_json, plan_to_json
from evenload.planning.check import differences
from evenload.planning.prepare import case_from
from evenload.words import words_in

pytestmark = pytest.mark.slow


def test_the_worked_example_comes_out_as_printed_and_goes_through_every_command(cli, worked_example: Path, tmp_path: Path) -> None:
    # given
    plan, listed = tmp_path / "plan.json", tmp_path / "list.xlsx"
    # when
    outcome = cli("assign", worked_example, "--out", listed, "--json", plan)
    # then
    assert outcome.code == 0
    table = json.loads(plan.read_text(encoding="utf-8"))
    holder = {row["unit"]: row["practitioner"] for row in table["assignments"]}
    assert holder == {"u1": "Ana", "u3": "Ana", "u2": "Béa", "u5": "Béa", "u6": "Béa", "u4": "Cal", "u7": "Cal", "u8": "Cal"}
    assert table["score"]["hours"] == pytest.approx(4.93, abs=0.005)
    assert openpyxl.load_workbook(listed, read_only=True).sheetnames
    assert str(listed) in outcome.out
    # and the recount agrees, and every unit can be explained
    assert cli("check", worked_example, plan).code == 0
    assert "Possible" in cli("explain", worked_example, plan, "u8").out


def test_the_best_of_several_seeds_is_one_of_them_and_says_so(cli, worked_example: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = [json.loads(cli("assign", worked_example, "--json", "-", "--quiet", "--seed", seed).out) for seed in ("7", "8")]
    best = json.loads(cli("assign", worked_example, "--json", "-", "--quiet", "--seed", "7", "--seeds", "2").out)
    assert best["provenance"]["seeds"] == 2
    assert best["score"]["hours"] == min(table["score"]["hours"] for table in alone)
    assert "seeds" not in alone[0]["provenance"]
    # and a cluster is reached encrypted, or not at all
    monkeypatch.setenv("EVENLOAD_CLUSTER", "tcp://127.0.0.1:8786")
    refused = cli("assign", worked_example, "--seeds", "2")
    assert (refused.code, "EVENLOAD_CLUSTER: tcp://127.0.0.1:8786" in refused.err) == (2, True)
    monkeypatch.setenv("EVENLOAD_CLUSTER", "tls://127.0.0.1:8786")
    assert "EVENLOAD_CLUSTER_CA" in cli("assign", worked_example, "--seeds", "0").err


def test_a_protected_plan_says_its_price_and_goes_through_every_command(cli, worked_example: Path, tmp_path: Path) -> None:
    # given
    plain, none, plan, listed = tmp_path / "plain.json", tmp_path / "none.json", tmp_path / "plan.json", tmp_path / "list.xlsx"
    # when
    outcomes = [
        cli("assign", worked_example, "--json", plain),
        cli("assign", worked_example, "--json", none, "--robust", "0"),
        cli("assign", worked_example, "--json", plan, "--out", listed, "--robust", "2"),
    ]
    # then
    assert [outcome.code for outcome in outcomes] == [0, 0, 0]
    without, zero, table = (json.loads(path.read_text(encoding="utf-8")) for path in (plain, none, plan))
    for one in (without, zero):
        del one["provenance"]["seconds"]
    assert without == zero
    assert "protection" not in without
    price = table["protection"]
    assert table["provenance"]["robust"] == price["robust"] == 2
    assert price["hours"]["without"] == pytest.approx(without["score"]["hours"], abs=1e-5)
    assert price["price_hours"] == pytest.approx(table["score"]["hours"] - without["score"]["hours"], abs=1e-5)
    assert {"protection_price", "deviation_assumed"} <= {notice["code"] for notice in table["notices"]}
    assert plan_to_json(plan_from_json(plan.read_text(encoding="utf-8"))) == plan.read_text(encoding="utf-8")
    said = [row[:2] for row in openpyxl.load_workbook(listed, read_only=True)["Provenance"].iter_rows(values_only=True)]
    assert ("Units of each practitioner that may need more than planned", "2") in said
    assert "needs more" in outcomes[2].err or "need more" in outcomes[2].err
    assert cli("check", worked_example, plan).code == 0
    assert cli("explain", worked_example, plan, "u8").code == 0
    # and only whole numbers protect
    refused = cli("assign", worked_example, "--robust", "many")
    assert (refused.code, "--robust: many" in refused.err) == (2, True)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_an_assignment_is_said_in_sentences_of_eighty_characters(cli, example_workbook: Path, lang: str) -> None:
    outcome = cli("assign", example_workbook, "--lang", lang)
    assert outcome.code == 0
    assert len(outcome.out.splitlines()) >= 5
    assert max(len(line) for line in outcome.out.splitlines()) <= 80


def test_the_same_seed_gives_the_same_bytes_and_a_dash_writes_them_to_standard_output(cli, example_workbook: Path) -> None:
    first = cli("assign", example_workbook, "--json", "-", "--quiet", "--seed", "4")
    again = cli("assign", example_workbook, "--json", "-", "--quiet", "--seed", "4")
    tables = [json.loads(outcome.out) for outcome in (first, again)]
    for table in tables:
        del table["provenance"]["seconds"]
    assert tables[0] == tables[1]
    assert first.err == ""


def test_a_plan_is_checked_from_the_day_it_was_made_for_unless_another_is_named(cli, example_workbook: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    assert cli("assign", example_workbook, "--as-of", "2026-03-02", "--json", plan).code == 0
    assert cli("check", example_workbook, plan).code == 0
    assert cli("check", example_workbook, plan, "--as-of", "2026-03-02").code == 0
    assert cli("check", example_workbook, plan, "--as-of", "2026-04-06").code == 1


def test_a_limit_on_moves_is_kept_or_said(cli, example_workbook: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    assert cli("assign", example_workbook, "--max-moves", "0", "--json", plan).code == 0
    table = json.loads(plan.read_text(encoding="utf-8"))
    assert table["provenance"]["max_moves"] == 0
    assert cli("check", example_workbook, plan).code == 0


def test_the_demonstration_writes_everything_and_says_what_it_means_in_three_sentences(cli, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    outcome = cli("demo", "--no-serve", "--out", folder)
    assert outcome.code == 0
    assert sorted(path.name for path in folder.iterdir()) == [
        "assignment-list-en.xlsx",
        "assignment-list-fr.xlsx",
        "capacity.json",
        "plan.json",
        "program.xlsx",
        "worksheet-en.pdf",
        "worksheet-en.xlsx",
        "worksheet-fr.pdf",
        "worksheet-fr.xlsx",
    ]
    assert [line[:2] for line in outcome.out.splitlines() if line[:2] in ("1.", "2.", "3.", "4.")] == ["1.", "2.", "3."]
    assert "an independent recount agrees" in " ".join(outcome.out.split())
    assert cli("check", folder / "program.xlsx", folder / "plan.json").code == 0


class Impatient(Terminal):
    """A terminal at which somebody presses Ctrl-C at the first sign of progress, once."""

    @contextmanager
    def step(self, text: str) -> Iterator[Impatient]:
        yield self

    def advance(self, share: float, remark: str = "") -> None:
        if not self.is_quiet:
            os.kill(os.getpid(), signal.SIGINT)
        self.is_quiet = True


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent otherwise there")
def test_ctrl_c_keeps_the_best_plan_so_far() -> None:
    # given a program that is not solved at the first sign of progress
    case = case_from(program_from(example_rows(practitioners=30, units=600, setting="school", seed=1)))
    # when
    plan = solved(Impatient(words_in("en")), case, Effort())
    # then
    assert plan.provenance.stopped_by == "interrupted"
    assert differences(case, plan) == ()


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent otherwise there")
def test_the_second_ctrl_c_interrupts_as_usual() -> None:
    before = signal.getsignal(signal.SIGINT)  # a build in the background ignores the signal from the start
    with interruptible() as asked:
        os.kill(os.getpid(), signal.SIGINT)
        assert asked.is_set()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_while_reading_is_a_sentence_and_nothing_is_written(cli, example_workbook: Path, tmp_path: Path, monkeypatch) -> None:
    # given
    def pressed(path: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("evenload.cli.sources.open_input", pressed)
    # when
    outcome = cli("assign", example_workbook, "--json", tmp_path / "plan.json")
    # then
    assert (outcome.code, outcome.out) == (130, "")
    assert outcome.problems == ["Stopped. Nothing was written."]
    assert list(tmp_path.iterdir()) == []
