"""Copies of the records: taken while everybody works, checked before they count, and brought back whole or not at all."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection

OUR_TABLE = "records_organisation"
PATIENCE_SECONDS = 3600


class CopyError(RuntimeError):
    """A copy could not be taken, or is not one: `code`, and what the system said."""

    def __init__(self, code: str, said: str = "") -> None:
        self.code, self.said = code, " ".join(said.split())[:300]
        super().__init__(f"{code}: {self.said}")


def take_copy(target: Path) -> int:
    """Writes a checked copy of all records to `target`, which must not exist; returns its size in bytes. Nobody has to stop working.

    Raises CopyError: `exists`, `not_written`, `damaged`, `tool_missing` (PostgreSQL without pg_dump), `tool_failed`.
    """
    if target.exists():
        raise CopyError("exists")
    half = target.with_name(f".{target.name}.half")
    try:
        _sqlite_copy(half) if connection.vendor == "sqlite" else _run("pg_dump", "--format=custom", f"--file={half}")
        half.chmod(0o600)
        half.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise CopyError("not_written", str(error)) from error
    finally:
        half.unlink(missing_ok=True)
    return target.stat().st_size


def bring_back(source: Path) -> None:
    """Replaces all records by those of a copy, in one step: on any error the records stay as they were.

    Raises CopyError: `absent`, `not_a_copy`, `damaged`, `tool_missing`, `tool_failed`, `not_written`.
    """
    if not source.is_file():
        raise CopyError("absent")
    if connection.vendor != "sqlite":
        _run(
            "pg_restore",
            "--clean",
            "--if-exists",
            "--no-owner",
            "--single-transaction",
            "--exit-on-error",
            f"--dbname={_name()}",
            str(source),
        )
        connection.close()
        return
    _check_sqlite(source)
    connection.ensure_connection()
    try:
        with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as copy:
            copy.backup(connection.connection)
    except sqlite3.Error as error:
        raise CopyError("not_written", str(error)) from error
    finally:
        connection.close()


def holds_records() -> bool:
    """Whether there is an organisation in the records now."""
    if OUR_TABLE not in connection.introspection.table_names():
        return False
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {OUR_TABLE}")
        return bool(cursor.fetchone()[0])


def _sqlite_copy(half: Path) -> None:
    half.unlink(missing_ok=True)
    connection.ensure_connection()
    with closing(sqlite3.connect(half)) as copy:
        connection.connection.backup(copy, pages=1000)
        copy.execute("PRAGMA journal_mode=DELETE")
    _check_sqlite(half)


def _check_sqlite(path: Path) -> None:
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
            answer = copy.execute("PRAGMA integrity_check").fetchone()[0]
            names = {row[0] for row in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.DatabaseError as error:
        raise CopyError("not_a_copy", str(error)) from error
    if answer != "ok":
        raise CopyError("damaged", answer)
    if OUR_TABLE not in names:
        raise CopyError("not_a_copy")


def _run(tool: str, *arguments: str) -> None:
    """One of PostgreSQL's own programs, with the connection in its environment, never on its command line."""
    found = shutil.which(tool)
    if found is None:
        raise CopyError("tool_missing", tool)
    settings: dict[str, Any] = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    environment = {**os.environ, **{name: str(settings[key]) for name, key in names.items() if settings.get(key)}}
    try:
        subprocess.run([found, *arguments], check=True, capture_output=True, env=environment, timeout=PATIENCE_SECONDS)
    except subprocess.CalledProcessError as error:
        raise CopyError("tool_failed", error.stderr.decode(errors="replace")) from error
    except subprocess.TimeoutExpired as error:
        raise CopyError("tool_failed", str(error)) from error


def _name() -> str:
    return str(connection.settings_dict["NAME"])
