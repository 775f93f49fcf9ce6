"""Independent runs over processes of this machine and over a Dask cluster with TLS; workers are killed for real."""

from __future__ import annotations

import importlib.util
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from spread_runs import always_killed, process_after, squared, squared_after_a_death

from evenload.planning.check import differences
from evenload.planning.optimise import Limit, solve
from evenload.planning.optimise.many_seeds import best_of_seeds
from evenload.planning.optimise.spread import Cluster, RunLostError, collected, executor_of
from evenload.planning.optimise.warm import tiny_case
from evenload.planning.plan import Plan

pytestmark = pytest.mark.slow

NUMBERS = list(range(8))
SQUARES = [number * number for number in NUMBERS]


def test_answers_come_in_the_order_of_the_questions_and_a_killed_worker_is_replaced(tmp_path: Path) -> None:
    told: list[int] = []
    assert collected(executor_of(None, workers=2), squared, NUMBERS, finished=told.append) == SQUARES
    assert told == sorted(told)
    assert told[-1] == len(NUMBERS)

    questions = [(number, str(tmp_path)) for number in NUMBERS]
    assert collected(executor_of(None, workers=2), squared_after_a_death, questions) == SQUARES
    assert (tmp_path / "died").exists()


def test_a_run_that_kills_every_worker_is_given_up() -> None:
    with pytest.raises(RunLostError):
        collected(executor_of(None, workers=1), always_killed, [1])


def test_asked_to_stop_it_keeps_what_is_answered_and_waits_for_nothing_more() -> None:
    answered: list[int] = []
    began = time.monotonic()
    found = collected(
        executor_of(None, workers=2), process_after, [0.0, 600.0, 600.0], should_stop=lambda: bool(answered), finished=answered.append
    )
    assert found[0] is not None
    assert found[1:] == [None, None]
    assert time.monotonic() - began < 120


def test_the_best_of_several_seeds_is_the_same_for_any_number_of_workers() -> None:
    case = replace(tiny_case(100), robust=1)
    case = replace(case, units=tuple(replace(unit, deviation_minutes=n % 9) for n, unit in enumerate(case.units)))
    limit = Limit(moves_per_unit=5, gap_percent=0.0)
    alone = [solve(case, seed=seed, limit=limit) for seed in (4, 5, 6)]

    plans = [best_of_seeds(case, range(4, 7), limit, executor_of(None, workers=workers)) for workers in (1, 2)]

    assert without_seconds(plans[0]) == without_seconds(plans[1])
    assert plans[0].score.hours == min(plan.score.hours for plan in alone)
    assert plans[0].bound.hours == min(plans[0].score.hours, max(plan.bound.hours for plan in alone))
    assert (plans[0].provenance.seeds, plans[0].provenance.seed) in [(3, seed) for seed in (4, 5, 6)]
    assert plans[0].protection is not None
    assert [notice.code for notice in plans[0].notices].count("protection_price") == 1
    assert differences(case, plans[0]) == ()


def without_seconds(plan: Plan) -> Plan:
    return replace(plan, provenance=replace(plan.provenance, seconds=0.0))


def test_a_cluster_without_encryption_is_refused() -> None:
    with pytest.raises(ValueError, match="tls://"):
        executor_of(Cluster("tcp://127.0.0.1:8786", Path("a"), Path("b"), Path("c")))


@pytest.mark.skipif(importlib.util.find_spec("distributed") is None, reason="distributed is not installed (the extra scale)")
@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make certificates with")
def test_a_cluster_with_tls_gives_the_same_answers_though_a_worker_is_killed(tmp_path: Path) -> None:
    ours, strangers = certificates(tmp_path / "ours"), certificates(tmp_path / "strangers")
    with running_cluster(ours, tmp_path) as address:
        opened = executor_of(Cluster(address, *ours))
        questions = [(number, str(tmp_path)) for number in NUMBERS]
        assert collected(opened, squared_after_a_death, questions) == SQUARES
        assert (tmp_path / "died").exists()

        case, limit = tiny_case(90), Limit(moves_per_unit=5, gap_percent=0.0)
        there, here = (best_of_seeds(case, (1, 2), limit, one) for one in (opened, executor_of(None, workers=1)))
        assert without_seconds(there) == without_seconds(here)

        with pytest.raises(OSError, match="TLS certificate does not match"), executor_of(Cluster(address, *strangers))():
            pytest.fail("a stranger's certificate was taken")


def certificates(folder: Path) -> tuple[Path, Path, Path]:
    """An authority of its own, and a certificate for 127.0.0.1 that it signed."""
    folder.mkdir()
    authority, authority_key, request = folder / "ca.pem", folder / "ca.key", folder / "node.csr"
    certificate, key, names = folder / "node.pem", folder / "node.key", folder / "names"
    names.write_text("subjectAltName=IP:127.0.0.1\n")
    new = ("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-subj")
    for command in (
        (*new, "/CN=authority", "-x509", "-days", "2", "-keyout", authority_key, "-out", authority),
        (*new, "/CN=127.0.0.1", "-keyout", key, "-out", request),
        ("openssl", "x509", "-req", "-in", request, "-CA", authority, "-CAkey", authority_key, "-CAcreateserial", "-days", "2",
         "-extfile", names, "-out", certificate),
    ):  # fmt: skip
        subprocess.run([str(part) for part in command], check=True, capture_output=True)
    return authority, certificate, key


@contextmanager
def running_cluster(files: tuple[Path, Path, Path], folder: Path) -> Iterator[str]:
    """A scheduler and two workers in processes of their own; each worker is begun anew by its nanny when it dies."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tls://127.0.0.1:{free.getsockname()[1]}"
    tls = ["--tls-ca-file", str(files[0]), "--tls-cert", str(files[1]), "--tls-key", str(files[2])]
    dask = [sys.executable, "-m", "dask"]
    places = [str(Path(__file__).parent), str(Path(__file__).parents[2]), str(Path(__file__).parents[3])]
    surroundings = {
        "PYTHONPATH": ":".join(places),
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "3",
    }
    commands = [[*dask, "scheduler", "--protocol", "tls", "--host", address, "--no-dashboard", "--no-show", *tls]]
    commands += [
        [*dask, "worker", address, "--protocol", "tls", "--nthreads", "1", "--no-dashboard", "--local-directory", str(folder), *tls]
    ] * 2
    with ExitStack() as stack:
        for number, command in enumerate(commands):
            log = stack.enter_context((folder / f"log{number}").open("wb"))
            process = subprocess.Popen(command, env=surroundings, cwd=folder, stdout=log, stderr=log)
            stack.callback(process.wait, 30)
            stack.callback(process.terminate)
        yield address
