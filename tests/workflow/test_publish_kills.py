"""A publisher killed (SIGKILL) at any moment: nobody ever meets half a file, and whoever takes over finishes one whole set."""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from evenload.exchange.edition_files import EditionFile, edition_files
from evenload.workflow import publish
from workflow import publisher_child

pytestmark = pytest.mark.slow

CHILD = Path(publisher_child.__file__)
LONGEST_SECONDS = 0.25


@pytest.fixture(scope="module")
def files() -> tuple[EditionFile, ...]:
    return edition_files(publisher_child.PRINTED)


def killed_after(root: Path, seconds: float, *, start: int) -> None:
    """A publisher that writes edition after edition, killed so many seconds after its first file may have been written."""
    paths = os.pathsep.join([str(CHILD.parents[1]), *sys.path])
    command = [sys.executable, str(CHILD), str(root), str(start)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": paths})
    assert child.stdout is not None
    assert child.stdout.readline() == b"ready\n"
    time.sleep(seconds)
    child.kill()
    child.wait()
    child.stdout.close()


def legal(folder: Path, digests: set[str]) -> int:
    """Every published file is whole, the pointer is whole and all that it names is there; the number it names."""
    for path in folder.glob("edition-*"):
        assert hashlib.sha256(path.read_bytes()).hexdigest() in digests, path.name
    if not (folder / "CURRENT").exists():
        return 0
    pointer = json.loads((folder / "CURRENT").read_text(encoding="utf-8"))
    assert len(pointer["files"]) == 8
    for file in pointer["files"]:
        assert hashlib.sha256((folder / file["name"]).read_bytes()).hexdigest() == file["sha256"]
    assert (folder / "index.html").read_text(encoding="utf-8").endswith("</html>\n")
    return int(pointer["edition"])


def kills(root: Path, files: tuple[EditionFile, ...], number: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """So many kills at random moments; after each, another publisher takes up what was interrupted. How many left something."""
    monkeypatch.setattr(publish, "printed_edition", publish.printed_edition)
    monkeypatch.setattr(publish, "edition_files", publish.edition_files)
    digests = {hashlib.sha256(file.content).hexdigest() for file in files}
    folder, dice, interrupted, start = root / publish.folder_name("school", 1), random.Random(number), 0, 1
    for _ in range(number):
        killed_after(root, dice.uniform(0, LONGEST_SECONDS), start=start)
        current = legal(folder, digests) if folder.exists() else 0
        begun = max([current, *(int(path.name[8:12]) for path in folder.glob("edition-*"))]) if folder.exists() else start
        interrupted += any(folder.glob(f"{publish.TEMPORARY}*")) or begun > current
        begun = max(begun, current + 1)
        publisher_child.write(begun, root, files)
        assert legal(folder, digests) == begun
        assert len(list(folder.glob(f"edition-{begun:04d}_*"))) == 8
        assert not list(folder.glob(f"{publish.TEMPORARY}*"))
        start = begun + 1
    return interrupted


def test_a_killed_publisher_leaves_nothing_half_written_and_is_taken_over(
    tmp_path: Path, files: tuple[EditionFile, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    kills(tmp_path, files, 5, monkeypatch)


@pytest.mark.soak
def test_a_hundred_kills_leave_nothing_half_written(
    tmp_path: Path, files: tuple[EditionFile, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kills(tmp_path, files, 100, monkeypatch) >= 50  # the kills do land in the middle
