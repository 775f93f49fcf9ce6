"""Whom most tests of the workflow act as, and in which program. Models are imported late: this file is read before Django has its settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from cast import Cast
    from evenload.records.access import Person
    from evenload.records.models import Program


@pytest.fixture
def marie(everybody: Cast) -> Person:
    """The manager of program A."""
    from cast import person

    return person(everybody.manager_of_a)


@pytest.fixture
def program(everybody: Cast) -> Program:
    """Program A."""
    return everybody.program_a


@pytest.fixture
def share(tmp_path: Path, settings: Any) -> Path:
    """The shared drive, empty."""
    folder = tmp_path / "share"
    folder.mkdir()
    settings.PUBLISH_DIR = folder
    return folder
