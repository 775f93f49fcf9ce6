"""`evenload demo`: a folder of its own, made once, never anything else's records; and how it ends."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from demonstration import Demonstration
from evenload.cli.app import run
from evenload.cli.demo_folder import MARK, RECORDS, Standing, clear, mark, standing


def records_of(folder: Path, *, is_example: bool) -> Path:
    """Records with an organisation, as far as the folder's guard looks."""
    folder.mkdir(exist_ok=True)
    with closing(sqlite3.connect(folder / RECORDS)) as records:
        records.execute("CREATE TABLE records_organisation (id INTEGER, is_example BOOL)")
        records.execute("INSERT INTO records_organisation VALUES (1, ?)", [is_example])
        records.commit()
    return folder / RECORDS


def test_a_new_and_an_empty_folder_may_hold_the_demonstration(tmp_path: Path) -> None:
    assert standing(tmp_path / "new") is Standing.EMPTY
    assert standing(tmp_path) is Standing.EMPTY


def test_a_folder_is_ready_only_after_the_whole_demonstration_was_made(tmp_path: Path) -> None:
    mark(tmp_path, is_ready=False)
    assert standing(tmp_path) is Standing.UNFINISHED
    records_of(tmp_path, is_example=True)
    assert standing(tmp_path) is Standing.UNFINISHED
    mark(tmp_path, is_ready=True)
    assert standing(tmp_path) is Standing.READY


def test_real_records_are_never_taken_for_a_demonstration_whatever_lies_beside_them(tmp_path: Path) -> None:
    records_of(tmp_path, is_example=False)
    assert standing(tmp_path) is Standing.SOMETHING_ELSE
    mark(tmp_path, is_ready=True)
    assert standing(tmp_path) is Standing.SOMETHING_ELSE


@pytest.mark.parametrize("content", ["", "[]", "not json"])
def test_a_mark_that_cannot_be_read_is_no_mark(tmp_path: Path, content: str) -> None:
    (tmp_path / MARK).write_text(content, encoding="utf-8")
    assert standing(tmp_path) is Standing.SOMETHING_ELSE


def test_clearing_leaves_the_key_and_what_somebody_else_put_there(tmp_path: Path) -> None:
    records_of(tmp_path, is_example=True)
    for name in ("secret-key", "notes.txt"):
        (tmp_path / name).write_text("kept", encoding="utf-8")
    (tmp_path / "published" / "clinic").mkdir(parents=True)
    mark(tmp_path, is_ready=True)

    clear(tmp_path)

    assert sorted(path.name for path in tmp_path.iterdir()) == [MARK, "notes.txt", "secret-key"]


@pytest.mark.parametrize("again", [(), ("--again",)])
def test_a_folder_with_anything_else_is_refused_and_left_as_it_was(cli, tmp_path: Path, again: tuple[str, ...]) -> None:
    stated = records_of(tmp_path, is_example=False).read_bytes()

    outcome = cli("demo", "--folder", tmp_path, "--no-serve", *again)

    assert outcome.code == 2
    assert "does not hold a demonstration" in outcome.err
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {RECORDS: stated}


def test_every_wrong_option_is_said_at_once(cli, tmp_path: Path) -> None:
    outcome = cli("demo", "--folder", tmp_path / "demo", "--port", "70000", "--seed", "x", "--as-of", "yesterday")

    assert outcome.code == 2
    assert [line.split(":")[0] for line in outcome.problems] == ["--port", "--seed", "--as-of"]
    assert not (tmp_path / "demo").exists()


def test_it_never_enters_a_process_that_knows_other_records(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="a process of its own"):
        run(["demo", "--folder", str(tmp_path / "demo"), "--no-serve"], {})
    assert not (tmp_path / "demo" / RECORDS).exists()


def hears_control_c() -> None:
    """Whoever starts the tests in the background has Ctrl-C ignored, and with it every process that they start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def started(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """The command in a process of its own, which is gone when the block ends."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("EVENLOAD_", "DATABASE_URL", "DJANGO_"))}
    begun = subprocess.Popen(
        [sys.executable, "-m", "evenload", "demo", *arguments],
        env={**own, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hears_control_c,
    )
    try:
        yield begun
    finally:
        begun.kill()
        begun.communicate()


def taken_back_a_version(folder: Path) -> str:
    """The records as the version before the last migration had them; the name of that migration."""
    from django.db.migrations.loader import MigrationLoader

    latest = MigrationLoader(None).graph.leaf_nodes("records")[0]
    before = MigrationLoader(None).graph.node_map[latest].parents
    name = next(one.key[1] for one in before if one.key[0] == "records")
    lines = (
        "import django; django.setup(); from django.core.management import call_command; call_command('migrate', 'records', sys.argv[1])"
    )
    own = {"DJANGO_SETTINGS_MODULE": "evenload.settings", "EVENLOAD_HOME": str(folder)}
    kept = {one: value for one, value in os.environ.items() if one != "DATABASE_URL"}
    subprocess.run([sys.executable, "-c", f"import sys; {lines}", name], env={**kept, **own}, check=True, capture_output=True)
    return latest[1]


@pytest.mark.slow
def test_a_later_version_brings_the_records_up_and_makes_nothing_anew(demonstration: Demonstration, tmp_path: Path) -> None:
    mine = demonstration.copied(tmp_path / "demo")
    before, latest = (mine.folder / MARK).read_bytes(), taken_back_a_version(mine.folder)
    with started("--folder", str(mine.folder), "--no-serve") as made:
        _, err = made.communicate(timeout=120)

    assert (made.returncode, err) == (0, "")
    assert (mine.folder / MARK).read_bytes() == before
    with sqlite3.connect(mine.folder / RECORDS) as records:
        assert records.execute("SELECT count(*) FROM django_migrations WHERE app = 'records' AND name = ?", [latest]).fetchone() == (1,)


@pytest.mark.slow
def test_a_later_start_makes_nothing_anew_and_follows_no_setting_of_the_real_installation(
    demonstration: Demonstration, tmp_path: Path
) -> None:
    mine = demonstration.copied(tmp_path / "demo")
    real = tmp_path / "real"
    before = json.loads((mine.folder / MARK).read_text(encoding="utf-8"))

    settings = {"DATABASE_URL": f"sqlite:///{real}/records.sqlite3", "EVENLOAD_HOME": str(real)}
    with started("--folder", str(mine.folder), "--no-serve", **settings) as made:
        out, err = made.communicate(timeout=120)

    assert (made.returncode, err) == (0, "")
    assert mine.password in out
    assert "Margaret Osei" in out
    assert not real.exists()
    assert json.loads((mine.folder / MARK).read_text(encoding="utf-8")) == before


@pytest.mark.slow
def test_it_is_served_on_this_machine_until_control_c_which_ends_it_in_order(demonstration: Demonstration, tmp_path: Path) -> None:
    mine = demonstration.copied(tmp_path / "demo")
    with started("--folder", str(mine.folder), "--port", "0") as serving:
        assert serving.stdout is not None
        address = next(line for line in serving.stdout if "http://" in line).split()[3].removesuffix(".")
        with urllib.request.urlopen(f"{address}sign-in") as page:
            assert page.status == 200
        serving.send_signal(signal.SIGINT)
        out, _ = serving.communicate(timeout=60)

    assert address.startswith("http://127.0.0.1:")
    assert serving.returncode == 0
    assert out.splitlines()[-1] == "Stopped."


@pytest.mark.slow
def test_control_c_while_it_is_made_leaves_no_records_and_the_next_start_makes_them_anew(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    ends = time.monotonic() + 60
    with started("--folder", str(folder), "--no-serve") as making:
        while not (folder / RECORDS).exists() and time.monotonic() < ends:
            time.sleep(0.1)
        making.send_signal(signal.SIGINT)
        _, err = making.communicate(timeout=60)

    assert making.returncode == 130
    assert "Traceback" not in err
    assert not (folder / RECORDS).exists()
    assert standing(folder) is Standing.UNFINISHED
