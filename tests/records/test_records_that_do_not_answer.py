"""Records that are locked, stopped or brought back: real databases, a real server, a clear page, nothing half-done.

PostgreSQL runs here as a cluster of this module's own, which is really stopped and started again.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

import postgresql_cluster
from postgresql_cluster import Cluster

pytestmark = pytest.mark.slow

BEGIN = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "evenload.settings"
import django
django.setup()
from datetime import UTC, date, datetime
from django.core.management import call_command
call_command("migrate", verbosity=0)
from evenload.exchange.example import example_rows
from evenload.records.access import person_of
from evenload.records.models import Account, Organisation, RoleOfAccount
from evenload.workflow import draft_picture, drafts, editions
from evenload.workflow.records_from_rows import take_in
now = datetime(2026, 1, 12, 14, 30, tzinfo=UTC)
Organisation.objects.create(id=1, name_en="Two Rivers", name_fr="Deux-Rivières")
program = take_in(example_rows(practitioners=6, units=30, setting="school", seed=3), program=None, code="school").program
marie = Account.objects.create_account("marie", "a calm and quick morning", full_name="Marie Roy \\N{SMILING FACE WITH SUNGLASSES} l’Œuvre")
RoleOfAccount.objects.create(account=marie, role="program_manager", program=program)
by = person_of(marie)
draft = drafts.open_draft(program, by=by, at=now)
draft.placements.update(practitioner=None, is_pinned=False, cover=None)
draft_picture.forget()
editions.publish(draft, effective_on=date(2026, 2, 2), by=by, at=now, seen_version=0)
"""

EVERYTHING = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "evenload.settings"
import django, hashlib, json
django.setup()
from django.apps import apps
from evenload.exchange.rows_json import rows_to_json
from evenload.records.models import Program
from evenload.workflow import journal
from evenload.workflow.snapshot import rows_of
found = {one.code: rows_to_json(rows_of(one)) for one in Program.objects.order_by("code")}
tables = {model.__name__: sorted(map(str, model.objects.values_list())) for model in apps.get_app_config("records").get_models()}
print(json.dumps([found, tables, journal.verify()], sort_keys=True, default=str))
"""


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    try:
        started = postgresql_cluster.start()
    except postgresql_cluster.ClusterError as refusal:
        pytest.skip(f"PostgreSQL: {refusal}")
    made = subprocess.run(
        ["psql", "-h", "127.0.0.1", "-p", str(started.port), "-U", "postgres", "-c", "CREATE DATABASE evenload"], capture_output=True
    )
    assert made.returncode == 0, made.stderr
    yield started
    started.stop()


def clean(home: Path, url: str = "") -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("EVENLOAD_", "DATABASE_URL", "DJANGO_"))}
    return {**kept, "EVENLOAD_HOME": str(home), "DATABASE_URL": url, "LANG": "en_CA.UTF-8"}


@pytest.fixture(scope="module")
def on_postgresql(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A program with a published edition, in PostgreSQL."""
    environment = {**clean(tmp_path_factory.mktemp("on-postgresql"), cluster.url), "EVENLOAD_DATABASE_WAIT_SECONDS": "1"}
    python(BEGIN, environment)
    return environment


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The same in SQLite."""
    environment = {**clean(tmp_path_factory.mktemp("on-sqlite")), "EVENLOAD_DATABASE_WAIT_SECONDS": "1"}
    python(BEGIN, environment)
    return environment


def everything_in(home: str) -> tuple[str, ...]:
    """All that the SQLite file holds, but for sessions, which every visitor gets."""
    with closing(sqlite3.connect(Path(home) / "evenload.sqlite3")) as records:
        return tuple(line for line in records.iterdump() if '"django_session"' not in line)


def python(script: str, environment: dict[str, str]) -> str:
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def evenload(environment: dict[str, str], *arguments: str) -> tuple[int, str]:
    done = subprocess.run([sys.executable, "-m", "evenload", *arguments], env=environment, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


@contextmanager
def served(environment: dict[str, str]) -> Iterator[http.client.HTTPConnection]:
    command = [sys.executable, "-m", "evenload", "serve", "--port", "0", "--no-worker"]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert server.stdout is not None
        address = urlsplit(server.stdout.readline().split()[3].rstrip("."))
        with closing(http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)) as browser:
            yield browser
    finally:
        server.terminate()
        server.wait(timeout=30)
        server.stdout.close()  # type: ignore[union-attr]


def asked(connection: http.client.HTTPConnection, method: str, path: str, **rest: object) -> tuple[int, str]:
    connection.request(method, path, **rest)  # type: ignore[arg-type]
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def sign_in(connection: http.client.HTTPConnection) -> tuple[int, str]:
    """What the form of the sign-in page gets, with its cookie and token."""
    connection.request("GET", "/sign-in")
    answer = connection.getresponse()
    page, cookie = answer.read().decode(), (answer.headers["Set-Cookie"] or "").partition(";")[0]
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None, page[:500]
    return sent(connection, cookie, token[1])


def sent(connection: http.client.HTTPConnection, cookie: str, token: str) -> tuple[int, str]:
    fields = urlencode({"username": "marie", "password": "a calm and quick morning", "csrfmiddlewaretoken": token})
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    return asked(connection, "POST", "/sign-in", body=fields, headers=headers)


def test_a_copy_of_postgresql_brings_everything_back(cluster: Cluster, on_postgresql: dict[str, str], tmp_path: Path) -> None:
    copy, half = tmp_path / "copy", tmp_path / "half"
    before = python(EVERYTHING, on_postgresql)
    taken = evenload(on_postgresql, "backup", str(copy))
    half.write_bytes(copy.read_bytes()[: copy.stat().st_size // 2])
    psql = ["psql", "-h", "127.0.0.1", "-p", str(cluster.port), "-U", "postgres", "-d", "evenload", "-v", "ON_ERROR_STOP=1", "-c"]
    ruin = "DELETE FROM records_assignment; UPDATE records_organisation SET name_en = 'Ruined'; DROP TABLE records_editionnotice"
    subprocess.run([*psql, ruin], check=True, capture_output=True)

    refused = evenload(on_postgresql, "restore", str(copy))
    damaged = evenload(on_postgresql, "restore", str(half), "--replace")
    ruined = subprocess.run([*psql, "SELECT name_en FROM records_organisation"], check=True, capture_output=True, text=True).stdout
    restored = evenload(on_postgresql, "restore", str(copy), "--replace")

    assert taken[0] == 0, taken[1]
    assert copy.stat().st_mode & 0o077 == 0
    assert (refused[0], damaged[0], restored[0]) == (2, 2, 0), restored[1]
    assert "Ruined" in ruined  # half a copy changed nothing
    assert python(EVERYTHING, on_postgresql) == before
    programs, tables, broken_lines = json.loads(before)
    assert (list(programs), broken_lines) == (["school"], [])
    assert len(tables["EditionRow"]) == 30


def test_while_postgresql_is_down_there_is_a_clear_page_and_afterwards_everything_is_there(
    cluster: Cluster, on_postgresql: dict[str, str]
) -> None:
    with served(on_postgresql) as browser:
        before = sign_in(browser)
        cluster.pause()
        acted = asked(browser, "GET", "/programs/school/list", headers={"Cookie": "sessionid=abcdefghabcdefghabcdefghabcdefgh"})
        health = asked(browser, "GET", "/health")
        cluster.resume()
        after = sign_in(browser)

    assert (before[0], after[0]) == (302, 302)
    assert (acted[0], health[0]) == (503, 503)
    assert "The records cannot be reached. Nothing is lost, and nothing is half-done." in acted[1]
    assert '<section lang="fr"' in acted[1]
    assert "Traceback" not in acted[1]


def test_what_somebody_holds_in_postgresql_is_not_waited_for_without_end(cluster: Cluster, on_postgresql: dict[str, str]) -> None:
    psql = ["psql", "-h", "127.0.0.1", "-p", str(cluster.port), "-U", "postgres", "-d", "evenload", "-tA"]
    with served(on_postgresql) as browser:
        with subprocess.Popen(psql, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
            assert other.stdin is not None
            assert other.stdout is not None
            other.stdin.write("BEGIN;\nLOCK TABLE records_journalentry IN ACCESS EXCLUSIVE MODE;\nSELECT 'held';\n")
            other.stdin.flush()
            while "held" not in other.stdout.readline():
                pass
            locked = sign_in(browser)
            other.stdin.write("ROLLBACK;\n")
        after = sign_in(browser)

    assert locked[0] == 503
    assert "Nothing is lost, and nothing is half-done." in locked[1]
    assert after[0] == 302


def test_while_sqlite_is_locked_there_is_a_clear_page_and_nothing_is_half_done(on_sqlite: dict[str, str]) -> None:
    home = on_sqlite["EVENLOAD_HOME"]
    before = everything_in(home)
    with served(on_sqlite) as browser, closing(sqlite3.connect(Path(home) / "evenload.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        locked = sign_in(browser)
        waited = time.monotonic() - began
        other.execute("ROLLBACK")
        half = everything_in(home)
        after = sign_in(browser)

    assert locked[0] == 503
    assert "The records cannot be reached. Nothing is lost, and nothing is half-done." in locked[1]
    assert waited < 15
    assert half == before
    assert after[0] == 302


def test_a_request_above_thirty_megabytes_is_refused_with_a_sentence_and_nothing_of_it_is_kept(on_sqlite: dict[str, str]) -> None:
    before = everything_in(on_sqlite["EVENLOAD_HOME"])
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    with served(on_sqlite) as browser:
        status, page = asked(browser, "POST", "/imports/new", body=b"x" * (30 * 1024 * 1024 + 1), headers=headers)
        smaller = asked(browser, "POST", "/imports/new", body=b"x" * 1024, headers=headers)

    assert status == 413
    assert "Evenload takes 30 MB at once. Nothing was kept." in page.replace("\N{NO-BREAK SPACE}", " ")
    assert "Evenload accepte 30 Mo" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert smaller[0] in (302, 403)
    assert everything_in(on_sqlite["EVENLOAD_HOME"]) == before
