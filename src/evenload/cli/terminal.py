"""What a command knows of its terminal: the language, how much to say, and where to say it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Protocol
from unicodedata import category

from evenload.words import Words

STEERING: Final = ("Cc", "Cf", "Zl", "Zp")
"""Categories of signs that a terminal obeys instead of showing: controls, directions, line separators."""


class UsageProblem(Exception):  # noqa: N818 - the house's word for what is wrong with an input is "problem"
    """What was asked cannot be done as it was asked: one line for each problem, ready to be shown."""

    def __init__(self, *lines: str) -> None:
        self.lines = lines
        super().__init__("; ".join(lines))


def _printable(line: str) -> str:
    """The line without signs that would steer a terminal; they come from file names and values that others wrote."""
    return "".join(f"\\u{ord(sign):04x}" if category(sign) in STEERING else sign for sign in line)


class Step(Protocol):
    """One long step that is being shown."""

    def advance(self, share: float, remark: str = "") -> None:
        """Says how much of the step is done, 0 to 1, and one remark about it."""


class _Unseen:
    """A step nobody watches."""

    def advance(self, share: float, remark: str = "") -> None:
        """Shows nothing."""


@dataclass(slots=True)
class Terminal:
    """One language, one volume. Results go to standard output, everything else to standard error."""

    words: Words
    is_quiet: bool = False
    results_to_stderr: bool = False
    """standard output is taken by a file that was asked for there (`-`)"""

    def result(self, text: str = "") -> None:
        """One line or paragraph of the answer; nothing with --quiet."""
        if not self.is_quiet:
            print(text, file=sys.stderr if self.results_to_stderr else sys.stdout)

    def remark(self, text: str) -> None:
        """Something to know that is neither answer nor problem; nothing with --quiet."""
        if not self.is_quiet:
            self.problems([text])

    def problems(self, lines: Iterable[str]) -> None:
        """Every problem on a line of its own, quiet or not."""
        sys.stdout.flush()  # what was said before stands before
        for line in lines:
            print(_printable(line), file=sys.stderr)

    @contextmanager
    def step(self, text: str) -> Iterator[Step]:
        """Shows a bar on a terminal while a long step runs; nothing elsewhere."""
        if self.is_quiet or not sys.stderr.isatty():
            yield _Unseen()
            return
        from evenload.cli.bar import Bar  # rich is loaded only where somebody watches

        with Bar(text) as bar:
            yield bar
