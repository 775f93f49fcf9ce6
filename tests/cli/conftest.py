"""A command line in this process: what it said, and its exit code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from evenload.cli.app import run
from evenload.exchange.example import example_rows
from evenload.exchange.sheets_out import write_rows


@dataclass(frozen=True, slots=True)
class Outcome:
    """Exit code, and both streams as text."""

    code: int
    out: str
    err: str

    @property
    def problems(self) -> list[str]:
        """The lines on standard error."""
        return self.err.splitlines()


Cli = Callable[..., Outcome]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    """Runs `evenload …` in this process, in English unless the environment says otherwise."""

    def command(*arguments: str | Path, **environment: str) -> Outcome:
        code = run([str(argument) for argument in arguments], environment)
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return command


@pytest.fixture(scope="session")
def example_workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small school program as a workbook; tests only read it."""
    path = tmp_path_factory.mktemp("example") / "program.xlsx"
    write_rows(example_rows(practitioners=8, units=60, setting="school", seed=2), path, "en")
    return path


@pytest.fixture(scope="session")
def worked_example(shared_data: Path) -> Path:
    """The folder of definitions.md, section 5."""
    folder = shared_data / "worked-example"
    if not folder.is_dir():
        pytest.skip("the worked example (../shared/data/worked-example) is absent")
    return folder
