"""The folder of the demonstration: what it holds, and that nothing else is ever taken for it."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from enum import Enum
from pathlib import Path
from typing import Final

from evenload.exchange.atomic import write_whole

MARK: Final = "demonstration.json"
RECORDS: Final = "evenload.sqlite3"
OWN_FILES: Final = (RECORDS, f"{RECORDS}-wal", f"{RECORDS}-shm", "publish.lock")
"""what is removed before it is made anew; the key stays, and with it the password"""
NOT_OF_THE_DEMONSTRATION: Final = (
    *("DATABASE_URL", "EVENLOAD_PUBLISH_DIR", "EVENLOAD_SECRET_KEY", "EVENLOAD_TLS", "EVENLOAD_PROXY"),
    *("EVENLOAD_HOSTS", "EVENLOAD_ORIGINS", "EVENLOAD_ADDRESS"),
    *("EVENLOAD_MAIL", "EVENLOAD_MAIL_FROM", "EVENLOAD_DIGEST_HOUR"),
)
"""settings of the real installation: the demonstration never follows them"""


class Standing(Enum):
    """What a folder holds."""

    EMPTY = "empty"
    READY = "ready"
    UNFINISHED = "unfinished"
    SOMETHING_ELSE = "something else"


def standing(folder: Path) -> Standing:
    """What the folder holds. Records that are not marked as an example in the records themselves are something else."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return Standing.EMPTY
    mark = _marked(folder)
    if mark is None or not _is_example(folder / RECORDS):
        return Standing.SOMETHING_ELSE
    return Standing.READY if mark.get("is_ready") is True and (folder / RECORDS).exists() else Standing.UNFINISHED


def _marked(folder: Path) -> dict[str, object] | None:
    try:
        mark = json.loads((folder / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return mark if isinstance(mark, dict) else None


def _is_example(records: Path) -> bool:
    """Whether the records are the demonstration's, or hold no organisation yet."""
    if not records.exists():
        return True
    try:
        with closing(sqlite3.connect(f"{records.absolute().as_uri()}?mode=ro", uri=True)) as opened:
            known = opened.execute("SELECT 1 FROM sqlite_master WHERE name = 'records_organisation'").fetchone()
            rows = opened.execute("SELECT is_example FROM records_organisation").fetchall() if known else []
    except sqlite3.Error:
        return False
    return all(bool(row[0]) for row in rows)


def mark(folder: Path, **said: object) -> None:
    """Says that the folder is the demonstration's, and how far it is."""
    write_whole(folder / MARK, (json.dumps(said) + "\n").encode())


def clear(folder: Path) -> None:
    """Removes the demonstration's records and lists; its key stays, and whatever else somebody put there."""
    for name in OWN_FILES:
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / "published", ignore_errors=True)
