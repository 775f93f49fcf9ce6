"""Writing the reports that are due to the shared drive: new files with the day in their names, and the same under a name that stays.

Each file is moved into place in one step; whatever stands in the way, the files of before stay as they are, the refusal is kept by
its code and told once, and the day is tried again until it is written. A worker that dies in the middle leaves nothing that the next
one does not put right: the files of a day have the day's name, and the row says `written` only once they stand.
"""

from __future__ import annotations

import errno
import hashlib
import logging
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F, Q, QuerySet

from evenload.exchange.atomic import write_whole
from evenload.records.models import Program, ReportSchedule, ReportWriting
from evenload.workflow import journal, notices
from evenload.workflow.publish import alone, program_folder, refusal_code
from evenload.workflow.refused import Refused
from evenload.workflow.report_files import FORMS, NOT_WHOLE, report_file
from evenload.workflow.report_schedules import newest
from evenload.workflow.states import REPORT_WRITING, step

log = logging.getLogger(__name__)

RETRY_AFTER: Final = timedelta(seconds=60)
FACTS_AFTER: Final = timedelta(hours=1)
"""where the facts contradict each other: somebody has to mend them first"""
FOLDER: Final = "reports"
CURRENT: Final = "current"
UNFINISHED: Final = ("waiting", "failed")
FILE_NAMES: Final = {"worksheet": "planning-worksheet", "gap_sheet": "gap-sheet", "quarter": "quarter-report"}
"""No name of a person or a client, in every language the same, so that scripts find them."""


def write_next(*, at: datetime, today: date) -> bool:
    """Write the report whose turn it is. False: none waits, or none is due again yet."""
    writing = _claim(at)
    if writing is None:
        return False
    schedule = writing.schedule
    try:
        with alone():
            files = write_report(schedule, writing.due_on, Path(settings.PUBLISH_DIR), today=today)
    except DatabaseError:
        raise
    except Exception as refusal:
        code = NOT_WHOLE if isinstance(refusal, Refused) and refusal.code == NOT_WHOLE else refusal_code(refusal)
        log.warning(
            "report %s of program %s was not written: %s", schedule.report, schedule.program_id, code, exc_info=code == "not_printable"
        )
        _tell_failed(writing, code, at)
        return True
    _record_written(writing, files, at)
    return True


def write_report(schedule: ReportSchedule, due_on: date, root: Path, *, today: date) -> list[tuple[str, str, str]]:
    """Write the report's files below `root`: [(format, file name, SHA-256)]. Raises OSError, Refused; safe to repeat."""
    made = [(form, report_file(schedule.program, schedule.report, schedule.language, form, today=today)) for form in FORMS]
    folder = _folder(program_folder(root, schedule.program.code, schedule.program.pk))
    for form, content in made:
        _put(folder, file_name(schedule, due_on.isoformat(), form), content)
    for form, content in made:
        _put(folder, file_name(schedule, CURRENT, form), content)
    return [(form, file_name(schedule, due_on.isoformat(), form), hashlib.sha256(content).hexdigest()) for form, content in made]


def file_name(schedule: ReportSchedule, version: str, form: str) -> str:
    """`gap-sheet_2026-11-23_en.pdf`, or with `current` instead of the day."""
    return f"{FILE_NAMES[schedule.report]}_{version}_{schedule.language}.{form}"


def _folder(of_program: Path) -> Path:
    folder = of_program / FOLDER
    if not folder.is_symlink():
        folder.mkdir(exist_ok=True)
    if folder.is_symlink():
        raise OSError(errno.ELOOP, "a link stands where the folder of reports should be", str(folder))
    return folder


def _put(folder: Path, name: str, content: bytes) -> None:
    """In place in one step; what an interrupted worker left beside it is removed."""
    for left in folder.glob(f".{name[:80]}.*.part"):
        left.unlink(missing_ok=True)
    write_whole(folder / name, content)


def _claim(at: datetime) -> ReportWriting | None:
    """The due day that has waited longest, of schedules that run; an older one of the same schedule is not written any more."""
    is_contradiction = Q(refusal=NOT_WHOLE)
    due = (
        Q(last_tried_at__isnull=True)
        | Q(last_tried_at__lte=at - FACTS_AFTER)
        | (~is_contradiction & Q(last_tried_at__lte=at - RETRY_AFTER))
    )
    rows = newest().filter(due, state__in=UNFINISHED)
    for one in rows.order_by(F("last_tried_at").asc(nulls_first=True), "pk")[:5]:
        claimed = ReportWriting.objects.filter(pk=one.pk, attempt=one.attempt, state=one.state)
        if claimed.update(attempt=F("attempt") + 1, last_tried_at=at):
            return ReportWriting.objects.select_related("schedule__program").get(pk=one.pk)
    return None


def _mine(writing: ReportWriting) -> QuerySet[ReportWriting]:
    return ReportWriting.objects.filter(pk=writing.pk, attempt=writing.attempt)


def _record_written(writing: ReportWriting, files: list[tuple[str, str, str]], at: datetime) -> None:
    program = writing.schedule.program
    with transaction.atomic():
        kept = {"written_at": at, "refusal": "", "files": [list(file) for file in files]}
        if step(_mine(writing), REPORT_WRITING, writing.state, "written", **kept):
            notices.tell(
                notices.planners_of(program),
                "report_written",
                at=at,
                program=program,
                address=_address(program),
                once=f"report:{writing.pk}",
            )
            journal.record(None, "report.written", at=at, program=program, subject=writing, files=len(files))


def _tell_failed(writing: ReportWriting, code: str, at: datetime) -> None:
    """Kept on the due day, and told once, however often it fails."""
    program = writing.schedule.program
    with transaction.atomic():
        if step(_mine(writing), REPORT_WRITING, writing.state, "failed", refusal=code):
            notices.tell(
                notices.planners_of(program),
                "report_failed",
                at=at,
                program=program,
                address=_address(program),
                once=f"report:{writing.pk}",
            )


def _address(program: Program) -> str:
    return f"/programs/{program.code}/reports"
