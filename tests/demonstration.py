"""The demonstration organisation, for tests that want an organisation of real size.

    from demonstration import Demonstration

    def test_…(demonstration: Demonstration) -> None:                 # the fixture is in tests/conftest.py
        mine = demonstration.copied(tmp_path / "demo")                # a folder of one's own; the first is only read
        with mine.served() as address: …                              # `evenload demo` in a process of its own, with its worker
        with demonstration.opened(): …                                # Django's own connection looks at it; nothing is emptied after
        demonstration.into_test_records()                             # or into Django's test database: needs transaction=True

Made once per state of the sources by `evenload demo` itself, in a process of its own, and kept in the cache of pytest; workers of
one run wait for each other. EVENLOAD_DEMONSTRATION=FOLDER takes one that is there, however old. Everybody has `demonstration.password`; user names are director, manager (English: home-care and
clinic), gestionnaire (French: schools and retirement-homes), office, practitioner (home-care), privacy.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

SOURCES: Final = Path(__file__).resolve().parents[1] / "src" / "evenload"
AS_OF: Final = date(2026, 11, 18)
"""a Wednesday; its week begins on 2026-11-16"""
RECORDS: Final = "evenload.sqlite3"
KEPT: Final = "demonstration-"
NOT_RECORDS: Final = ("web", "api", "words")
"""rooms that leave no trace in the records"""


@dataclass(frozen=True, slots=True)
class Demonstration:
    """The folder of one demonstration that is ready."""

    folder: Path
    as_of: date = AS_OF

    @property
    def records(self) -> Path:
        """The SQLite file."""
        return self.folder / RECORDS

    @property
    def password(self) -> str:
        """The password of every account."""
        from evenload.workflow.demo_cast import demo_password

        return demo_password(secret=(self.folder / "secret-key").read_text(encoding="utf-8").strip())

    def copied(self, place: Path) -> Demonstration:
        """A demonstration of one's own in a folder that is not there yet."""
        # Whoever looks at the original leaves SQLite's side files behind and takes them away again: the records are copied by SQLite.
        shutil.copytree(self.folder, place, ignore=shutil.ignore_patterns(f"{RECORDS}*"))
        with closing(sqlite3.connect(self.records)) as source, closing(sqlite3.connect(place / RECORDS)) as target:
            source.backup(target)
        return Demonstration(place, self.as_of)

    @contextmanager
    def served(self, *, port: int = 0) -> Iterator[str]:
        """Serves this demonstration, which is changed by it, until the block ends; gives the address, as http://127.0.0.1:1234/."""
        serving = _evenload("demo", "--folder", str(self.folder), "--port", str(port), "--lang", "en", stdout=subprocess.PIPE, text=True)
        try:
            yield _address_in(serving)
        finally:
            serving.terminate()
            serving.wait(30)

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Django's connection looks at these records instead of the test's, which stay as they are. On SQLite only."""
        from django.db import connection

        if connection.vendor != "sqlite":
            raise RuntimeError("needs SQLite")
        connection.close()
        stated = connection.settings_dict["NAME"]
        connection.settings_dict["NAME"] = str(self.records)
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = stated

    def into_test_records(self) -> None:
        """Puts the records into Django's test database. On SQLite only, outside of a transaction (`transaction=True`)."""
        from django.db import connection

        if connection.vendor != "sqlite" or connection.in_atomic_block:
            raise RuntimeError("needs SQLite, and a test with transaction=True")
        connection.close()
        place = connection.settings_dict["NAME"]
        with closing(sqlite3.connect(self.records)) as source, closing(sqlite3.connect(place)) as target:
            source.backup(target)


def ready_demonstration(cache: Path) -> Demonstration:
    """The demonstration of these sources, made where it is not in the cache yet; older ones leave the cache."""
    if named := os.environ.get("EVENLOAD_DEMONSTRATION"):
        return Demonstration(Path(named))
    folder = cache / f"{KEPT}{_fingerprint()}"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for older in cache.glob(f"{KEPT}*"):
            if older != folder and older.is_dir():
                shutil.rmtree(older, ignore_errors=True)
        making = _evenload("demo", "--folder", str(folder), "--as-of", AS_OF.isoformat(), "--no-serve", "--quiet")
        if making.wait() != 0:
            raise RuntimeError("evenload demo failed; what it said stands above")
        with closing(sqlite3.connect(folder / RECORDS)) as records:
            records.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Demonstration(folder)


def _fingerprint() -> str:
    """Of every source that may change what is in the records."""
    sealed = hashlib.sha256()
    for path in sorted(SOURCES.rglob("*.py")):
        if path.relative_to(SOURCES).parts[0] not in NOT_RECORDS:
            sealed.update(path.relative_to(SOURCES).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return sealed.hexdigest()[:16]


def _evenload(*arguments: str, **options: object) -> subprocess.Popen[str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("EVENLOAD_", "DATABASE_URL", "DJANGO_"))}
    return subprocess.Popen([sys.executable, "-m", "evenload", *arguments], env=own, **options)  # type: ignore[call-overload,no-any-return]


def _address_in(serving: subprocess.Popen[str]) -> str:
    """The address that the process says it answers at."""
    assert serving.stdout is not None
    for line in serving.stdout:
        if "http://" in line:
            return next(word.removesuffix(".") for word in line.split() if word.startswith("http://"))
    raise RuntimeError(f"evenload demo ended with {serving.wait()}")
