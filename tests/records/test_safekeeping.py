"""Copies of the records: checked, whole, and brought back whole or not at all; and the commands around them, each in its own process."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

STEPS = """
import contextlib, io, json, os, sys
from evenload.cli.app import run
answers = []
for step in json.load(sys.stdin):
    said, problems = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(problems):
        code = run(step, os.environ)
    answers.append([code, said.getvalue(), problems.getvalue()])
    with contextlib.suppress(Exception):  # settings that cannot be read have no connections
        from django.db import connections
        connections.close_all()
json.dump(answers, sys.stdout)
"""
Answer = tuple[int, str, str]


def commands(home: Path, *steps: list[str], **environment: str) -> list[Answer]:
    """Commands one after another in one process of their own: exit code, output and problems of each."""
    done = subprocess.run(
        [sys.executable, "-c", STEPS],
        input=json.dumps(steps),
        capture_output=True,
        text=True,
        env={**clean(home), **environment},
        check=True,
    )
    return [(code, said, problems) for code, said, problems in json.loads(done.stdout)]


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Records with their tables and one organisation."""
    home = tmp_path_factory.mktemp("begun")
    assert commands(home, ["doctor"], ["audit", "verify"], ["doctor"])[0][0] == 1
    change(home, "INSERT INTO records_organisation (id, name_en, name_fr, time_zone, is_example) VALUES (1, 'Two Rivers', '', 'UTC', 0)")
    return home


@pytest.fixture
def home(begun: Path, tmp_path: Path) -> Path:
    """The same records, for one test alone."""
    return Path(shutil.copytree(begun, tmp_path / "home"))


def clean(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("EVENLOAD_", "DATABASE_URL", "DJANGO_"))}
    return {**kept, "EVENLOAD_HOME": str(home), "LANG": "en_CA.UTF-8"}


def change(home: Path, statement: str) -> None:
    with closing(sqlite3.connect(home / "evenload.sqlite3")) as records:
        records.execute(statement)
        records.commit()


def organisations(home: Path) -> list[str]:
    with closing(sqlite3.connect(home / "evenload.sqlite3")) as records:
        return [row[0] for row in records.execute("SELECT name_en FROM records_organisation")]


def test_a_copy_brings_everything_back(home: Path) -> None:
    copy = str(home / "copy.sqlite3")
    taken, again = commands(home, ["backup", copy], ["backup", copy])
    change(home, "UPDATE records_organisation SET name_en = 'Ruined'")

    refused, restored = commands(home, ["restore", copy], ["restore", copy, "--replace"])

    assert (taken[0], again[0]) == (0, 2)  # never over a file that is there
    assert (refused[0], restored[0]) == (2, 0)
    assert organisations(home) == ["Two Rivers"]


def test_what_is_no_copy_changes_nothing(home: Path) -> None:
    damaged, other, text = home / "damaged", home / "other", home / "text"
    content = bytearray((home / "evenload.sqlite3").read_bytes())
    content[8192:90_000] = b"\0" * (90_000 - 8192)
    damaged.write_bytes(content)
    with closing(sqlite3.connect(other)) as made:
        made.execute("CREATE TABLE anything (x)")
    text.write_text("records")

    answers = commands(home, *(["restore", str(path), "--replace"] for path in (damaged, other, text, home / "absent")))

    assert [answer[0] for answer in answers] == [2, 2, 2, 2]
    assert organisations(home) == ["Two Rivers"]


def test_a_broken_line_of_the_journal_is_named(home: Path) -> None:
    change(
        home,
        "INSERT INTO records_journalentry (number, at, account_name, role, action, subject_kind, subject_id, client_ids, facts, request_id, "
        "address, previous_hash, hash) VALUES (1, '2026-01-01 00:00:00', '', '', 'x', '', '', '[]', '{}', '', '', '', 'f')",
    )

    verified, looked = commands(home, ["audit", "verify"], ["doctor"])

    assert verified[0] == looked[0] == 1
    assert "The first is line 1." in verified[2]
    assert "The first is line 1." in looked[1]


def test_the_doctor_says_what_is_well(home: Path) -> None:
    ((code, said, _),) = commands(home, ["doctor"])

    assert code == 0
    assert "WRONG" not in said


def test_the_doctor_counts_mails_that_failed_or_are_doubtful_and_names_nobody(home: Path) -> None:
    columns = "username, password, full_name, email, language, is_active, must_change_password, compact_rows, theme, letter_keys, joined_at"
    values = "'ana', '', 'Ana Roy', 'ana@example.org', 'en', 1, 0, 0, '', 1, '2026-01-01'"
    change(home, f"INSERT INTO records_account ({columns}, session_round) VALUES ({values}, 0)")
    mail = "account_id, language, kind, message_id, state, attempt, not_before, made_at, taken_by, refusal"
    for number, state in enumerate(("failed", "doubtful", "waiting", "sent")):
        row = f"1, 'en', 'notice', '<{number}@x>', '{state}', 1, '2026-01-01', '2026-01-01', '', ''"
        change(home, f"INSERT INTO records_mail ({mail}) VALUES ({row})")

    ((code, said, _),) = commands(home, ["doctor"])

    assert code == 1
    assert "WRONG  Mails: 1 wait for more than 15 minutes, 1 failed, 1 doubtful." in said
    assert "Ana Roy" not in said
    assert "example.org" not in said


def test_the_doctor_finds_a_shared_drive_that_cannot_be_written(home: Path) -> None:
    blocked = home / "file"
    blocked.write_text("")

    ((code, said, _),) = commands(home, ["doctor"], EVENLOAD_PUBLISH_DIR=str(blocked / "published"))

    assert code == 1
    assert "WRONG" in said


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("EVENLOAD_TLS", "maybe", "Expected yes or no."),
        ("EVENLOAD_IDLE_SECONDS", "-5", "Expected a whole number from 0."),
        ("DATABASE_URL", "mysql://x", "Expected sqlite:///path or postgresql://user:password@host:port/name."),
        ("EVENLOAD_MAIL", "smtp://me:very-secret@mail.example.org", "Expected folder, console, smtp+tls://"),
        ("EVENLOAD_DIGEST_HOUR", "24", "Expected an hour from 0 to 23."),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, name: str, value: str, sentence: str) -> None:
    ((code, _, problems),) = commands(tmp_path, ["doctor"], **{name: value})

    assert code == 2
    assert problems.startswith(f"{name}: ")
    assert sentence in problems
    assert "very-secret" not in problems


def test_a_database_that_does_not_answer_is_said_without_its_password(tmp_path: Path) -> None:
    ((code, _, problems),) = commands(tmp_path, ["audit", "verify"], DATABASE_URL="postgresql://me:very-secret@127.0.0.1:1/none")

    assert code == 2
    assert "The database does not answer" in problems
    assert "very-secret" not in problems


def test_the_server_answers_and_stops_in_order(home: Path) -> None:
    command = [sys.executable, "-m", "evenload", "serve", "--port", "0", "--no-worker"]
    server = subprocess.Popen(command, env=clean(home), stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        address = server.stdout.readline().split()[3].rstrip(".")
        with urllib.request.urlopen(f"{address}health", timeout=20) as answer:
            assert answer.read() == b"ok\n"
        server.terminate()
        assert server.wait(timeout=20) == 0
    finally:
        server.kill()
        server.communicate()


def test_a_port_that_is_taken_is_said(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ((code, _, problems),) = commands(home, ["serve", "--port", str(taken.getsockname()[1])])

    assert code == 2
    assert "Could not listen there" in problems


def test_every_setting_and_every_command_is_explained_to_whoever_runs_it(repository: Path) -> None:
    page = (repository / "docs" / "running.md").read_text(encoding="utf-8")
    source = "".join(file.read_text(encoding="utf-8") for file in (repository / "src" / "evenload").rglob("*.py"))
    settings = set(re.findall(r"\b(EVENLOAD_[A-Z_]+|DATABASE_URL)\b", source))

    assert len(settings) > 8
    assert sorted(setting for setting in settings if f"`{setting}`" not in page) == []
    assert [command for command in ("serve", "work", "backup", "restore", "audit", "doctor") if f"evenload {command}" not in page] == []
