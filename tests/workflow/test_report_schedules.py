"""Reports that are written to the shared drive by themselves: once per due day, whole or not at all, whatever stands in the way."""

from __future__ import annotations

import errno
import hashlib
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from at_once import answers_at_once
from cast import Cast, person
from evenload.records.models import JournalEntry, Notice, Program, ReportSchedule, ReportWriting
from evenload.workflow import journal, publish, report_schedules, report_writing
from evenload.workflow.due import Due
from evenload.workflow.planning_worksheet import forget
from evenload.workflow.refused import Refused
from evenload.workflow.report_schedules import due_day
from evenload.workflow.worker import publish_next
from workflow import report_writer_child
from workflow.test_worker import database_url

pytestmark = [pytest.mark.both, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

MONDAY = date(2026, 1, 12)
AT = datetime(2026, 1, 12, 14, 0, tzinfo=UTC)
GAP_SHEET = ("gap_sheet", "fr", "weekly")


@pytest.fixture
def share(tmp_path: Path, settings: Any) -> Path:
    forget()
    folder = tmp_path / "share"
    folder.mkdir()
    settings.PUBLISH_DIR = folder
    return folder


@pytest.fixture
def due(everybody: Cast, share: Path) -> ReportWriting:
    """The gap sheet in French, due every Monday, and this one has come."""
    made = begun(everybody)
    assert Due(lambda: AT).look()
    return ReportWriting.objects.get(schedule=made)


def begun(everybody: Cast, chosen: tuple[str, str, str] = GAP_SHEET) -> ReportSchedule:
    by = person(everybody.manager_of_a)
    return report_schedules.begin(everybody.program_a, chosen, by=by, today=MONDAY - timedelta(days=3), at=AT - timedelta(days=3))


def folder_of(share: Path, program: Program) -> Path:
    return share / publish.folder_name(program.code, program.pk) / report_writing.FOLDER


def write(minutes: int = 0) -> bool:
    """What the worker's publisher does at that moment."""
    return publish_next(lambda: AT + timedelta(minutes=minutes))


def stands(due: ReportWriting, share: Path) -> bool:
    """Both files of the day, as their digests say, and the same under the name that stays; nothing else, and nothing unfinished."""
    due.refresh_from_db()
    folder = folder_of(share, due.schedule.program)
    names = {name for _, name, _ in due.files}
    kept = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert names == {f"gap-sheet_{MONDAY}_fr.pdf", f"gap-sheet_{MONDAY}_fr.xlsx"}
    assert {name: hashlib.sha256(kept[name]).hexdigest() for name in names} == {name: digest for _, name, digest in due.files}
    assert kept.keys() == names | {"gap-sheet_current_fr.pdf", "gap-sheet_current_fr.xlsx"}
    assert all(kept[name] == kept[name.replace(str(MONDAY), "current")] for name in names)
    return due.state == "written" and kept[f"gap-sheet_{MONDAY}_fr.pdf"].startswith(b"%PDF")


def told(event: str) -> int:
    return Notice.objects.filter(event=event).count()


def test_a_report_is_due_on_mondays_first_days_of_months_or_of_quarters() -> None:
    friday = date(2026, 1, 9)

    assert due_day("weekly", friday) == due_day("weekly", MONDAY) == MONDAY
    assert due_day("monthly", friday) == date(2026, 2, 1) == due_day("monthly", date(2026, 2, 1))
    assert due_day("quarterly", friday) == date(2026, 4, 1)
    assert due_day("quarterly", date(2026, 12, 31)) == date(2027, 1, 1) == due_day("monthly", date(2026, 12, 2))


def test_a_due_report_is_written_told_and_written_down_once(due: ReportWriting, share: Path) -> None:
    assert write()

    assert stands(due, share)
    assert not write(minutes=600)
    assert not Due(lambda: AT + timedelta(hours=3)).look()
    assert (told("report_written"), told("report_failed")) == (1, 0)
    assert JournalEntry.objects.filter(action="report.written").count() == 1
    assert journal.verify() == []
    assert ReportSchedule.objects.get().next_on == MONDAY + timedelta(weeks=1)


def test_days_missed_while_nothing_ran_are_written_once_for_the_last_of_them(everybody: Cast, share: Path) -> None:
    made = begun(everybody)

    later = AT + timedelta(weeks=5, days=2)
    Due(lambda: later).look()
    while publish_next(lambda: later):
        pass

    assert [(one.due_on, one.state) for one in made.writings.all()] == [(MONDAY + timedelta(weeks=5), "written")]
    assert len(list(folder_of(share, everybody.program_a).iterdir())) == 4
    made.refresh_from_db()
    assert made.next_on == MONDAY + timedelta(weeks=6)


def test_a_refused_choice_a_second_schedule_and_a_second_end_change_nothing(everybody: Cast, share: Path) -> None:
    made, by = begun(everybody), person(everybody.manager_of_a)

    for chosen, code in (
        (GAP_SHEET, "scheduled_already"),
        (("workload", "en", "weekly"), "unknown_choice"),
        (("quarter", "de", "weekly"), "unknown_choice"),
    ):
        with pytest.raises(Refused) as refused:
            begun(everybody, chosen)
        assert refused.value.code == code
    report_schedules.end(made, by=by, at=AT)
    with pytest.raises(Refused):
        report_schedules.end(made, by=by, at=AT)
    begun(everybody)  # after an end it may begin anew

    assert ReportSchedule.objects.count() == 2


def test_what_was_ended_is_not_written_any_more(due: ReportWriting, everybody: Cast, share: Path) -> None:
    report_schedules.end(due.schedule, by=person(everybody.manager_of_a), at=AT)

    assert not write()
    Due(lambda: AT + timedelta(weeks=2)).look()
    assert not write(minutes=60 * 24 * 15)
    assert list(share.iterdir()) == []


def test_a_drive_that_is_gone_is_told_once_and_the_report_is_written_when_it_is_back(due: ReportWriting, share: Path) -> None:
    away = share.rename(share.with_name("away"))

    assert write()
    assert not write()  # a minute has to pass
    assert write(minutes=2)
    due.refresh_from_db()
    assert (due.state, due.refusal, due.attempt) == ("failed", "share_vanished", 2)
    assert list(report_schedules.newest().filter(state="failed")) == [due]
    assert not share.exists()
    away.rename(share)
    assert write(minutes=4)

    assert stands(due, share)
    assert (told("report_failed"), told("report_written")) == (1, 1)


@pytest.mark.parametrize(
    ("number", "code"), [(errno.EROFS, "share_read_only"), (errno.EIO, "share_vanished"), (errno.ENOSPC, "share_full")]
)
def test_a_drive_that_goes_in_the_middle_leaves_no_half_file(
    due: ReportWriting, share: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    whole, put = report_writing.write_whole, list[Path]()

    def goes(path: Path, content: bytes) -> None:
        if len(put) == 2:
            raise OSError(number, "gone")
        put.append(path)
        whole(path, content)

    monkeypatch.setattr(report_writing, "write_whole", goes)
    assert write()
    due.refresh_from_db()
    assert (due.state, due.refusal) == ("failed", code)
    assert sorted(path.name for path in folder_of(share, due.schedule.program).iterdir()) == sorted(path.name for path in put)
    monkeypatch.setattr(report_writing, "write_whole", whole)
    assert write(minutes=2)

    assert stands(due, share)


def test_a_link_in_the_place_of_the_folder_is_refused(due: ReportWriting, share: Path, tmp_path: Path) -> None:
    folder = folder_of(share, due.schedule.program)
    folder.parent.mkdir()
    (tmp_path / "elsewhere").mkdir()
    folder.symlink_to(tmp_path / "elsewhere")

    assert write()

    due.refresh_from_db()
    assert (due.state, due.refusal) == ("failed", "share_is_a_link")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_facts_that_contradict_each_other_are_recorded_and_tried_again_every_hour(due: ReportWriting, everybody: Cast, share: Path) -> None:
    away = everybody.program_a.absences.create(who="*", kind="vacation", hours=5_000)  # more than anybody works
    Program.objects.update(facts_version=99)

    assert write()
    due.refresh_from_db()
    assert (due.state, due.refusal) == ("failed", "facts_contradict")
    assert not write(minutes=59)
    away.delete()
    Program.objects.update(facts_version=100)
    assert write(minutes=61)

    assert stands(due, share)
    assert told("report_failed") == 1


def test_several_workers_in_the_same_instant_write_a_day_once(everybody: Cast, share: Path) -> None:
    begun(everybody)

    answers_at_once([Due(lambda: AT).look for _ in range(3)])
    written = answers_at_once([write for _ in range(3)])

    assert sorted(map(bool, written)) == [False, False, True]
    assert stands(ReportWriting.objects.get(), share)
    assert told("report_written") == 1


@pytest.mark.parametrize("place", ["unfinished", "half", "unrecorded"])
def test_a_killed_worker_leaves_nothing_doubled_and_nothing_lost(due: ReportWriting, share: Path, place: str) -> None:
    child = Path(report_writer_child.__file__)
    paths = os.pathsep.join([str(child.parents[1]), *sys.path])
    own = {"PYTHONPATH": paths, "DATABASE_URL": database_url(), "EVENLOAD_PUBLISH_DIR": str(share)}
    with subprocess.Popen([sys.executable, str(child), place, AT.isoformat()], stdout=subprocess.PIPE, env={**os.environ, **own}) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == b"here\n"
        killed.kill()
    due.refresh_from_db()
    assert (due.state, due.attempt) == ("waiting", 1)
    assert len(list(folder_of(share, due.schedule.program).iterdir())) == {"unfinished": 1, "half": 1, "unrecorded": 4}[place]

    assert not write()  # a minute has to pass
    assert write(minutes=2)

    assert stands(due, share)
    assert due.attempt == 2
    assert (told("report_written"), told("report_failed")) == (1, 0)
    assert JournalEntry.objects.filter(action="report.written").count() == 1
