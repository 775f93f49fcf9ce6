"""Files that a command writes: looked at before the work begins, written after all of it succeeded, all of them or none."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evenload.cli.terminal import Terminal, UsageProblem
from evenload.exchange.atomic import staged
from evenload.words import Words

STANDARD_OUTPUT = "-"


@dataclass(frozen=True, slots=True)
class Output:
    """One file to write, or standard output (`-`)."""

    target: str
    content: bytes


def check_targets(terminal: Terminal, targets: Sequence[str | None], inputs: Sequence[Path] = ()) -> None:
    """Refuses, before the work begins, what could not be written or would overwrite an input. Where `-` is one of the targets,
    the rest of the answer moves to standard error."""
    asked = [target for target in targets if target is not None]
    lines = [line for target in asked if (line := _objection(terminal.words, target, inputs))]
    lines += [
        f"{target}: {terminal.words.say('Expected another place for each file; this one is named twice.')}"
        for target in dict.fromkeys(asked)
        if asked.count(target) > 1
    ]
    if lines:
        raise UsageProblem(*lines)
    terminal.results_to_stderr = STANDARD_OUTPUT in asked


def _objection(words: Words, target: str, inputs: Sequence[Path]) -> str | None:
    if target == STANDARD_OUTPUT:
        return None
    path = Path(target)
    folder = path.parent
    if path.is_dir():
        return f"{target}: {words.say('Expected the name of a file; this is a folder.')}"
    if not folder.is_dir():
        return f"{target}: {words.say('The folder {folder} does not exist.', folder=str(folder))}"
    if any(path.exists() and given.exists() and path.samefile(given) for given in inputs):
        return f"{target}: {words.say('This file is the input; it will not be overwritten.')}"
    if not os.access(folder, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        return f"{target}: {words.say('The system does not allow writing here.')}"
    return None


def write_all(terminal: Terminal, outputs: Sequence[Output]) -> None:
    """Writes every file beside its place first; only when all are there do they take their places."""
    beside: list[tuple[Path, Path]] = []
    try:
        for output in outputs:
            if output.target != STANDARD_OUTPUT:
                path = Path(output.target)
                beside.append((staged(path, output.content), path))
        for new, path in beside:
            new.replace(path)
    except OSError as error:
        for new, _ in beside:
            new.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        place = str(error.filename2 or error.filename or "")
        raise UsageProblem(terminal.words.say("{place}: Could not be written: {reason}.", place=place, reason=reason)) from error
    for output in outputs:
        if output.target == STANDARD_OUTPUT:
            sys.stdout.flush()
            sys.stdout.buffer.write(output.content)
            sys.stdout.buffer.flush()
