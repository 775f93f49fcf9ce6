"""The shared drive goes away for real while an edition is written, between two of its files."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cast import NOW, Cast, person
from evenload.records.models import Edition, Publication
from evenload.workflow import publish
from workflow.editions_made import published

pytestmark = [pytest.mark.both, pytest.mark.django_db]


@pytest.fixture
def second(everybody: Cast, share: Path) -> Edition:
    """Edition 2, not written yet; edition 1 is."""
    marie = person(everybody.manager_of_a)
    published(everybody.program_a, marie)
    assert publish.write_next(at=NOW)
    return published(everybody.program_a, marie, ("u4", "Cal"), at=NOW + timedelta(days=1))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("turn", [0, 3, 7])
def test_a_share_that_really_vanishes_while_files_are_written_keeps_the_old_edition(
    second: Edition, share: Path, monkeypatch: pytest.MonkeyPatch, turn: int
) -> None:
    folder, away = share / publish.folder_name(second.program.code, second.program.pk), share.with_name("away")
    turns = iter(range(10_000))
    before, link = contents(folder), os.link

    def pulled(*arguments: Any, **named: Any) -> None:
        if next(turns) == turn:
            share.rename(away)  # the cable is pulled between two files
        link(*arguments, **named)

    with monkeypatch.context() as broken:
        broken.setattr(publish.os, "link", pulled)
        publish.write_next(at=NOW)

    publication = Publication.objects.get(edition=second)
    assert (publication.state, publication.refusal) == ("failed", "share_vanished")
    assert not share.exists()  # nothing was made on the local disk in its place
    away.rename(share)
    after = contents(folder)
    assert {name: after.get(name) for name in before} == before
    assert json.loads(after["CURRENT"])["edition"] == 1
    publish.write_next(at=NOW + timedelta(minutes=2))
    written = contents(folder)
    assert json.loads(written["CURRENT"])["edition"] == 2
    assert len([name for name in written if name.startswith("edition-0002")]) == 8
    assert not [name for name in written if name.startswith(publish.TEMPORARY)]
