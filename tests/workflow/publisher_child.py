"""Run as a process of its own and killed in the middle: publishes edition after edition into the folder it is given.

The files are made once, by the real writers; what is killed is their way to the share. No records are needed for that.
"""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

import django

django.setup()

from evenload.exchange.edition_files import EditionFile, PrintedEdition, PrintedRow, edition_files  # noqa: E402
from evenload.records.models import Edition, Program  # noqa: E402
from evenload.workflow import publish  # noqa: E402

ROW = PrintedRow(
    "St. Anne", "Sainte-Anne", "school", "site", "", None, "Embrun", "K0A", "OT", "Ana", "Béa", "fr", 3, 9, date(2026, 2, 2), "", "new", ""
)
PRINTED = PrintedEdition(
    "School", "École", 1, date(2026, 2, 2), date(2026, 1, 12), "1-K7Q2", "http://localhost/e/1-K7Q2", 1, 0, (ROW,) * 40
)


def edition_numbered(number: int) -> Edition:
    """An edition that is in no records."""
    program = Program(pk=1, code="school", name_en="School")
    return Edition(
        program=program, number=number, effective_on=date(2026, 2, 2), published_at=datetime(2026, 1, 12, tzinfo=UTC), code=f"{number}-K7Q2"
    )


def write(number: int, root: Path, files: tuple[EditionFile, ...]) -> None:
    """Write one edition with these files."""
    publish.printed_edition = lambda _: PRINTED
    publish.edition_files = lambda _: files
    publish.write_edition(edition_numbered(number), root)


if __name__ == "__main__":
    made = edition_files(PRINTED)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for number in count(int(sys.argv[2])):
        write(number, Path(sys.argv[1]), made)
