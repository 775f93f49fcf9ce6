"""Publication on the shared drive: new immutable file names, a CURRENT pointer and an index page, never a half-written file.

Files are written beside their place and moved there in one step; nothing that was published is ever opened for writing again.
Whatever stands in the way (full, read-only, vanished, a link where a folder should be), the last good edition stays as it
is, the refusal is kept by its code, and the publication is tried again until it succeeds.
"""

from __future__ import annotations

import errno
import hashlib
import json
import logging
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q, QuerySet

from evenload.exchange.edition_files import EditionFile, edition_file, edition_files, index_page
from evenload.records.locks import one_at_a_time
from evenload.records.models import Edition, Publication
from evenload.workflow import journal
from evenload.workflow.edition_rows import printed_edition

try:
    import fcntl
except ImportError:  # Windows, where one worker runs as the service
    fcntl = None  # type: ignore[assignment]

log = logging.getLogger(__name__)

RETRY_AFTER = timedelta(seconds=60)
POINTER, INDEX = "CURRENT", "index.html"
TEMPORARY = ".evenload-"

REFUSALS = {
    errno.ENOSPC: "share_full",
    errno.EDQUOT: "share_full",
    errno.EROFS: "share_read_only",
    errno.EACCES: "share_read_only",
    errno.EPERM: "share_read_only",
    errno.ELOOP: "share_is_a_link",
    errno.ENOTDIR: "share_is_no_folder",
    errno.ENOENT: "share_vanished",
    errno.EIO: "share_vanished",
    errno.ESTALE: "share_vanished",
    errno.ENOTCONN: "share_vanished",
    errno.ENODEV: "share_vanished",
    errno.EHOSTDOWN: "share_vanished",
    errno.EBUSY: "share_in_use",
    errno.ETXTBSY: "share_in_use",
    errno.EFBIG: "share_full",
}
IN_USE = (32, 33)
"""Windows: another program holds the file open"""
"""What stood in the way, by the system's own number; anything else is `share_refused`."""


def write_next(*, at: datetime) -> bool:
    """Write the publication whose turn it is. False: none waits, or none is due again yet."""
    publication = _claim(at)
    if publication is None:
        return False
    edition = Edition.objects.select_related("program").get(pk=publication.edition_id)
    try:
        with alone():
            written = write_edition(edition, Path(settings.PUBLISH_DIR))
    except DatabaseError:
        raise
    except Exception as refusal:
        code = refusal_code(refusal)
        log.warning(
            "edition %s of program %s was not written: %s", edition.number, edition.program_id, code, exc_info=code == "not_printable"
        )
        _mine(publication).update(state="failed", refusal=code)
        return True
    with transaction.atomic():
        if _mine(publication).update(state="written", written_at=at, refusal="", files=[list(file) for file in written]):
            journal.record(None, "edition.written", at=at, program=edition.program, subject=edition, files=len(written))
    return True


def refusal_code(refusal: Exception) -> str:
    """What stood in the way: a code of the share's refusals, or that the files themselves could not be made."""
    if not isinstance(refusal, OSError):
        return "not_printable"
    if getattr(refusal, "winerror", None) in IN_USE:
        return "share_in_use"
    return REFUSALS.get(refusal.errno or 0, "share_refused")


@contextmanager
def alone() -> Iterator[None]:
    """One publication, or report, is written at a time, on this machine and (PostgreSQL) on all: the pointer must never go back."""
    Path(settings.HOME).mkdir(parents=True, exist_ok=True)
    with one_at_a_time(connection, "publish"), (Path(settings.HOME) / "publish.lock").open("a") as lock:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _claim(at: datetime) -> Publication | None:
    """The oldest publication that is due; claimed by its attempt, so that two workers do not write one side by side."""
    due = Q(last_tried_at__isnull=True) | Q(last_tried_at__lte=at - RETRY_AFTER)
    for publication in Publication.objects.filter(due, state__in=("waiting", "failed")).order_by("edition_id")[:5]:
        claimed = Publication.objects.filter(pk=publication.pk, attempt=publication.attempt, state=publication.state).update(
            attempt=F("attempt") + 1, last_tried_at=at
        )
        if claimed:
            publication.refresh_from_db()
            return publication
    return None


def _mine(publication: Publication) -> QuerySet[Publication]:
    return Publication.objects.filter(pk=publication.pk, attempt=publication.attempt)


def write_edition(edition: Edition, root: Path) -> list[tuple[str, str, str, str]]:
    """Write the edition's file set below `root`: [(language, format, file name, SHA-256)]. Raises OSError; safe to repeat.

    The pointer and the index are moved last, and never back to an older edition.
    """
    folder = program_folder(root, edition.program.code, edition.program.pk)
    sweep(folder, edition.number)
    printed = printed_edition(edition)
    written = []
    for file in edition_files(printed):
        name = file_name(edition, file)
        _place(folder, name, file.content, beside=_beside(edition.number, name))
        written.append((file.language, file.form, name, hashlib.sha256(file.content).hexdigest()))
    if current_number(folder) <= edition.number:
        _place(folder, INDEX, index_page(printed, written), beside=_beside(edition.number, INDEX), replace=True)
        _place(folder, POINTER, _pointer(edition, written), beside=_beside(edition.number, POINTER), replace=True)
    return written


def program_folder(root: Path, code: str, key: int) -> Path:
    """The program's folder, made where it is missing; a link in its place is refused. The name comes from the code alone."""
    if root == Path(settings.HOME) / "published":
        root.mkdir(parents=True, exist_ok=True)
    elif not root.is_dir():
        # A share that is not mounted is no empty folder: nothing is written beside it, where nobody would look for it.
        raise OSError(errno.ENOTDIR if root.exists() else errno.ENOENT, "the shared folder is not there", str(root))
    folder = root / folder_name(code, key)
    if not folder.is_symlink():
        folder.mkdir(exist_ok=True)
    if folder.is_symlink():
        raise OSError(errno.ELOOP, "a link stands where the program's folder should be", str(folder))
    if root.resolve() not in folder.resolve().parents:
        raise OSError(errno.ELOOP, "the program's folder lies outside", str(folder))
    return folder


def folder_name(code: str, key: int) -> str:
    """Letters, digits, hyphens: whatever the program is called. The key keeps two programs apart."""
    plain = unicodedata.normalize("NFKD", code).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-").lower()[:60]
    return f"{slug or 'program'}-{key}"


def file_name(edition: Edition, file: EditionFile) -> str:
    """`edition-0007_2026-02-09_en.xlsx`: number, effective date, language; no name of a person or a place."""
    return f"edition-{edition.number:04d}_{edition.effective_on.isoformat()}_{file.language}.{file.form}"


def current_number(folder: Path) -> int:
    """Number of the edition that the pointer names; 0 where there is none or it cannot be read."""
    try:
        return int(json.loads((folder / POINTER).read_text(encoding="utf-8"))["edition"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0


def _pointer(edition: Edition, written: Iterable[tuple[str, str, str, str]]) -> bytes:
    content = {
        "program": edition.program.code,
        "edition": edition.number,
        "effective_on": edition.effective_on.isoformat(),
        "code": edition.code,
        "files": [{"language": language, "format": form, "name": name, "sha256": digest} for language, form, name, digest in written],
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def file_of(edition: Edition, language: str, form: str, *, hidden: frozenset[str] = frozenset()) -> tuple[str, bytes]:
    """Name and content of one file: as it was published where it still is what was published, else made anew, the same bytes.

    For a reader from whom units are `hidden` it is made for her, without their rows.
    """
    if hidden:
        made = edition_file(printed_edition(edition, hidden=hidden), language, form)
        return file_name(edition, made), made.content
    publication = Publication.objects.filter(edition=edition, state="written").first()
    folder = Path(settings.PUBLISH_DIR) / folder_name(edition.program.code, edition.program.pk)
    for stated_language, stated_form, name, digest in publication.files if publication else []:
        if (stated_language, stated_form) == (language, form):
            try:
                content = (folder / Path(name).name).read_bytes()
            except OSError:
                break
            if hashlib.sha256(content).hexdigest() == digest:
                return name, content
    made = edition_file(printed_edition(edition), language, form)
    return file_name(edition, made), made.content


def _beside(number: int, name: str) -> str:
    """The name of a file that is not finished: its edition's, so that nobody sweeps another's."""
    return f"{TEMPORARY}{number:04d}-{os.getpid()}-{name}"


def sweep(folder: Path, number: int) -> None:
    """Remove what an interrupted publication of this edition left half-written; published files never bear such names."""
    for left in folder.glob(f"{TEMPORARY}{number:04d}-*"):
        left.unlink(missing_ok=True)


def _place(folder: Path, name: str, content: bytes, *, beside: str, replace: bool = False) -> None:
    """Put the content in place in one step. A published file that is already there stays as it is, unless `replace`."""
    place, unfinished = folder / name, folder / beside
    if not replace and not place.is_symlink() and place.is_file() and place.read_bytes() == content:
        return
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o644)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            unfinished.replace(place)
        else:
            _link(unfinished, place)
    finally:
        unfinished.unlink(missing_ok=True)
    _sync(folder)


def _link(beside: Path, place: Path) -> None:
    """Give the finished file its name; a name that is taken by other content belongs to a publication cut short by hand."""
    try:
        os.link(beside, place)
    except FileExistsError:
        beside.replace(place)
    except OSError as refusal:
        # Some shares know no hard links; there the finished file is renamed, which is one step as well.
        if refusal.errno not in (errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS):
            raise
        beside.replace(place)


def _sync(folder: Path) -> None:
    """Make the new names durable, where the share lets a folder be synchronised."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError:
        return
    finally:
        os.close(descriptor)
