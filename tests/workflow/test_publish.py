"""Publishing to a share that fails in every way we could think of: the last good edition stands, and it is tried again until it is written."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cast import NOW, Cast, person
from evenload.records.models import Edition, Program, Publication
from evenload.workflow import journal, publish
from workflow.editions_made import published

pytestmark = [pytest.mark.both, pytest.mark.slow, pytest.mark.django_db]

FILES = 8


@pytest.fixture
def first(everybody: Cast, share: Path) -> Edition:
    """Edition 1, written."""
    edition = published(everybody.program_a, person(everybody.manager_of_a))
    assert publish.write_next(at=NOW)
    return edition


@pytest.fixture
def second(everybody: Cast, first: Edition) -> Edition:
    """Edition 2, not written yet."""
    return published(everybody.program_a, person(everybody.manager_of_a), ("u4", "Cal"), at=NOW + timedelta(days=1))


def folder_of(share: Path, program: Program) -> Path:
    return share / publish.folder_name(program.code, program.pk)


def whole(folder: Path, number: int) -> bool:
    """Exactly one file set of the edition, each file as its digest says, no unfinished file, pointer and index of that edition."""
    pointer = json.loads((folder / "CURRENT").read_text(encoding="utf-8"))
    stated = {file["name"]: file["sha256"] for file in pointer["files"]}
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob(f"edition-{number:04d}_*")}
    names = {path.name for path in folder.iterdir()}
    index = (folder / "index.html").read_text(encoding="utf-8")
    assert not [name for name in names if name.startswith(publish.TEMPORARY)]
    assert all(name in index for name in stated)
    return pointer["edition"] == number and found == stated and len(stated) == FILES


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def state(edition: Edition) -> tuple[str, str]:
    publication = Publication.objects.get(edition=edition)
    return publication.state, publication.refusal


def test_an_edition_is_eight_files_a_pointer_and_an_index(first: Edition, share: Path) -> None:
    folder = folder_of(share, first.program)
    assert whole(folder, 1)
    assert len(list(folder.iterdir())) == FILES + 2
    assert state(first) == ("written", "")
    assert journal.verify() == []


def test_a_second_edition_leaves_every_file_of_the_first_as_it_was(first: Edition, second: Edition, share: Path) -> None:
    folder = folder_of(share, first.program)
    before = {name: content for name, content in contents(folder).items() if name.startswith("edition-0001")}
    assert publish.write_next(at=NOW)
    assert whole(folder, 2)
    assert before.items() <= contents(folder).items()


def test_nothing_waits_once_everything_is_written(first: Edition) -> None:
    assert not publish.write_next(at=NOW + timedelta(days=9))


def test_what_failed_is_tried_again_after_a_minute_and_not_before(second: Edition, share: Path) -> None:
    away = share.rename(share.with_name("away"))
    assert publish.write_next(at=NOW)
    assert not publish.write_next(at=NOW + timedelta(seconds=59))
    away.rename(share)
    assert publish.write_next(at=NOW + timedelta(seconds=61))
    assert state(second) == ("written", "")


# What stands in the way


def refused_then_healed(second: Edition, share: Path, code: str, heal: Callable[[], object]) -> None:
    folder = folder_of(share, second.program)
    before = contents(folder) if folder.is_dir() and not folder.is_symlink() else {}
    assert publish.write_next(at=NOW)
    assert state(second) == ("failed", code)
    now = {name: content for name, content in contents(folder).items() if name in before} if before else {}
    assert now == before
    heal()
    assert publish.write_next(at=NOW + timedelta(minutes=2))
    assert state(second) == ("written", "")
    assert whole(folder, 2)


def test_a_share_that_is_not_mounted_is_not_made_on_the_local_disk(second: Edition, share: Path) -> None:
    away = share.rename(share.with_name("away"))
    assert publish.write_next(at=NOW)
    assert state(second) == ("failed", "share_vanished")
    assert not share.exists()
    away.rename(share)
    assert publish.write_next(at=NOW + timedelta(minutes=2))
    assert whole(folder_of(share, second.program), 2)


def test_a_file_where_the_share_should_be_is_refused(everybody: Cast, tmp_path: Path, settings: Any) -> None:
    settings.PUBLISH_DIR = tmp_path / "file"
    settings.PUBLISH_DIR.write_text("here")
    edition = published(everybody.program_a, person(everybody.manager_of_a))
    assert publish.write_next(at=NOW)
    assert state(edition) == ("failed", "share_is_no_folder")
    assert settings.PUBLISH_DIR.read_text() == "here"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "share_full"),
        (errno.EROFS, "share_read_only"),
        (errno.EACCES, "share_read_only"),
        (errno.EIO, "share_vanished"),
        (errno.ESTALE, "share_vanished"),
        (errno.EBUSY, "share_in_use"),
        (errno.EDOM, "share_refused"),
    ],
)
@pytest.mark.parametrize("call", range(0, 44, 11))
def test_whatever_call_fails_the_last_good_edition_stands(
    second: Edition, share: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str, call: int
) -> None:
    """Each of the calls that reach the share fails once, at its turn: open, sync, link, rename."""
    calls = iter(range(10_000))

    def failing(original: Callable[..., object]) -> Callable[..., object]:
        def called(*arguments: object, **named: object) -> object:
            if next(calls) == call:
                raise OSError(number, os.strerror(number))
            return original(*arguments, **named)

        return called

    with monkeypatch.context() as broken:
        for name in ("open", "fsync", "link"):
            broken.setattr(publish.os, name, failing(getattr(os, name)))
        broken.setattr(Path, "replace", failing(Path.replace))
        folder = folder_of(share, second.program)
        before = contents(folder)
        publish.write_next(at=NOW)
    told = state(second)
    assert told in (("failed", code), ("written", ""))  # a folder that cannot be synchronised is no refusal
    after = contents(folder)
    kept = {name: content for name, content in before.items() if name.startswith("edition-0001")}
    assert kept.items() <= after.items()
    assert json.loads(after["CURRENT"])["edition"] in ((2,) if told[0] == "written" else (1, 2))
    publish.write_next(at=NOW + timedelta(minutes=2))
    assert whole(folder, 2)


def test_a_file_that_somebody_holds_open_on_windows_is_waited_for(second: Edition, share: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def held(place: Path, target: Path) -> None:
        refusal = PermissionError(errno.EACCES, "The process cannot access the file because it is being used by another process")
        refusal.winerror = 32
        raise refusal

    folder = folder_of(share, second.program)
    before = contents(folder)
    with monkeypatch.context() as windows:
        windows.setattr(Path, "replace", held)
        assert publish.write_next(at=NOW)
    assert state(second) == ("failed", "share_in_use")
    assert before.items() <= contents(folder).items()
    assert publish.write_next(at=NOW + timedelta(minutes=2))
    assert whole(folder, 2)


def test_a_reader_who_holds_the_old_pointer_open_reads_it_to_its_end(second: Edition, share: Path) -> None:
    folder = folder_of(share, second.program)
    with (folder / "CURRENT").open(encoding="utf-8") as held:
        start = held.read(5)
        assert publish.write_next(at=NOW)
        old = json.loads(start + held.read())
    assert old["edition"] == 1
    assert whole(folder, 2)


def test_a_share_without_hard_links_gets_whole_files_all_the_same(second: Edition, share: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> None:
        raise OSError(errno.ENOTSUP, "no hard links")

    monkeypatch.setattr(publish.os, "link", none)
    assert publish.write_next(at=NOW)
    assert whole(folder_of(share, second.program), 2)


def test_files_that_cannot_be_made_are_told_and_tried_again(second: Edition, share: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError("no font")

    with monkeypatch.context() as fails:
        fails.setattr(publish, "edition_files", broken)
        assert publish.write_next(at=NOW)
    assert state(second) == ("failed", "not_printable")
    assert publish.write_next(at=NOW + timedelta(minutes=2))
    assert whole(folder_of(share, second.program), 2)


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere; the read-only disk below shows the same")
def test_a_folder_that_may_not_be_written_is_refused(second: Edition, share: Path) -> None:
    folder = folder_of(share, second.program)
    folder.chmod(0o500)
    refused_then_healed(second, share, "share_read_only", lambda: folder.chmod(0o700))


def test_a_disk_that_turns_read_only_keeps_the_old_edition_and_takes_the_new_one_later(
    everybody: Cast, small_disk: Path, settings: Any
) -> None:
    settings.PUBLISH_DIR = small_disk
    published(everybody.program_a, person(everybody.manager_of_a))
    publish.write_next(at=NOW)
    second = published(everybody.program_a, person(everybody.manager_of_a), at=NOW + timedelta(days=1))
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    heal = ["mount", "-o", "remount,rw,size=4m", str(small_disk)]
    refused_then_healed(second, small_disk, "share_read_only", lambda: subprocess.run(heal, check=True))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 400 KiB, where one may be mounted."""
    folder = tmp_path / "small"
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(folder)], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("no disk can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_disk_that_is_really_full_keeps_the_old_edition_and_takes_the_new_one_later(
    everybody: Cast, small_disk: Path, settings: Any
) -> None:
    settings.PUBLISH_DIR = small_disk
    filler = small_disk / "holiday.mov"
    edition = published(everybody.program_a, person(everybody.manager_of_a))
    filler.write_bytes(b"\0" * 380_000)
    assert publish.write_next(at=NOW)
    assert state(edition) == ("failed", "share_full")
    folder = folder_of(small_disk, edition.program)
    assert not (folder / "CURRENT").exists()
    assert not list(folder.glob(".evenload-*"))
    filler.unlink()
    assert publish.write_next(at=NOW + timedelta(minutes=2))
    assert whole(folder, 1)


def test_files_cut_short_by_a_limit_are_never_given_a_name(second: Edition, share: Path) -> None:
    import signal

    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    folder, old = folder_of(share, second.program), contents(folder_of(share, second.program))
    resource.setrlimit(resource.RLIMIT_FSIZE, (9_000, hard))
    try:
        files = publish.edition_files(publish.printed_edition(second))
        refused = [file for file in files if len(file.content) > 9_000]
        assert refused
        for file in refused:
            with pytest.raises(OSError, match="large"):
                publish._place(folder, "cut", file.content, beside=".evenload-0002-cut")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert contents(folder) == old


# Where files may land


@pytest.mark.parametrize("place", ["folder", "dangling"])
def test_a_link_in_place_of_the_programs_folder_is_not_followed(everybody: Cast, share: Path, tmp_path: Path, place: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    if place == "folder":
        elsewhere.mkdir()
    edition = published(everybody.program_a, person(everybody.manager_of_a))
    folder_of(share, edition.program).symlink_to(elsewhere)

    assert publish.write_next(at=NOW)

    assert state(edition) == ("failed", "share_is_a_link")
    assert not elsewhere.exists() or not list(elsewhere.iterdir())


def test_a_link_in_place_of_a_file_is_replaced_and_never_written_through(second: Edition, share: Path, tmp_path: Path) -> None:
    folder, victim = folder_of(share, second.program), tmp_path / "victim"
    victim.write_text("mine")
    for name in ("CURRENT", "index.html"):
        (folder / name).unlink()
        (folder / name).symlink_to(victim)
    (folder / f"edition-0002_{second.effective_on}_en.csv").symlink_to(victim)

    assert publish.write_next(at=NOW)

    assert victim.read_text() == "mine"
    assert whole(folder, 2)
    assert not [path for path in folder.iterdir() if path.is_symlink()]


@pytest.mark.parametrize(
    "code",
    [
        "../x",
        "/etc",
        "..",
        ".",
        "CON",
        "nul.txt",
        "a:b",
        "x" * 300,
        "École-Supérieure",
        "é" * 90,
        "a b. ",
        "a\\b",
        "",
        "$(id)",
        "💼",
        "a\nb",
        "‮txt",
    ],
)
def test_the_folders_name_is_plain_whatever_the_program_is_called(tmp_path: Path, code: str) -> None:
    folder = publish.program_folder(tmp_path, code, 7)
    assert folder.parent == tmp_path
    assert folder.is_dir()
    assert folder.name.replace("-", "").isalnum()
    assert folder.name.isascii()
    assert len(folder.name) <= 70
    assert folder.name.endswith("-7")


def test_the_pointer_never_goes_back_to_an_older_edition(first: Edition, second: Edition, share: Path) -> None:
    assert publish.write_next(at=NOW)
    publish.write_edition(first, share)
    assert whole(folder_of(share, first.program), 2)


def test_a_pointer_that_cannot_be_read_is_written_anew(first: Edition, second: Edition, share: Path) -> None:
    (folder_of(share, first.program) / "CURRENT").write_text("{half")
    assert publish.write_next(at=NOW)
    assert whole(folder_of(share, first.program), 2)


def test_a_file_is_given_out_as_it_was_published_and_made_anew_where_it_was_touched(first: Edition, share: Path) -> None:
    name, content = publish.file_of(first, "fr", "csv")
    (folder_of(share, first.program) / name).write_bytes(b"other rows")
    assert publish.file_of(first, "fr", "csv") == (name, content)


def test_a_slow_worker_that_lost_its_turn_changes_nothing(second: Edition, share: Path) -> None:
    slow = publish._claim(NOW)
    assert slow is not None
    later: datetime = NOW + timedelta(minutes=5)
    assert publish.write_next(at=later)
    assert publish._mine(slow).update(state="failed", refusal="share_full") == 0
    assert state(second) == ("written", "")
