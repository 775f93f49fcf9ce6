"""`evenload backup` and `evenload restore`: a checked copy of all records, and the way back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evenload.cli.options import Lang, Quiet
from evenload.cli.records_room import bring_tables_up, open_records
from evenload.cli.session import terminal_of
from evenload.cli.terminal import Terminal, UsageProblem
from evenload.words import message

BACKUP_HELP = message("Write a checked copy of all records to a new file, while everybody goes on working.")
RESTORE_HELP = message(
    "Replace all records by those of a copy, whole or not at all.\nStop evenload serve and evenload work before, and start them after."
)
Copy = Annotated[Path, typer.Argument(metavar="COPY", help=message("The file of the copy."))]
Replace = Annotated[bool, typer.Option("--replace", help=message("Replace the records that are there now."))]

PROBLEMS = {
    "absent": message("There is no such file."),
    "damaged": message("The copy is damaged; nothing was changed."),
    "exists": message("There is a file of that name already; nothing was written."),
    "not_a_copy": message("This is not a copy of Evenload's records; nothing was changed."),
    "not_written": message("Could not be written."),
    "tool_failed": message("PostgreSQL's own program refused."),
    "tool_missing": message("PostgreSQL's own program is not installed here; install its client programs first."),
}


def backup(ctx: typer.Context, copy: Copy, lang: Lang = None, quiet: Quiet = False) -> None:
    """Writes the copy."""
    terminal = terminal_of(ctx, lang, quiet)
    open_records(terminal, migrate=False)
    from evenload.records.safekeeping import CopyError, take_copy

    try:
        size = take_copy(copy)
    except CopyError as error:
        raise problem(terminal, copy, error.code, error.said) from error
    megabytes = terminal.words.number(size / 1_000_000)
    terminal.result(terminal.words.say("The copy is in {file}: {size} MB, checked.", file=str(copy), size=megabytes))


def restore(ctx: typer.Context, copy: Copy, *, replace: Replace = False, lang: Lang = None, quiet: Quiet = False) -> None:
    """Brings the records back."""
    terminal = terminal_of(ctx, lang, quiet)
    open_records(terminal, migrate=False)
    from evenload.records.safekeeping import CopyError, bring_back, holds_records

    if not replace and holds_records():
        raise UsageProblem(terminal.words.say("There are records already. Add --replace to put the copy in their place."))
    try:
        bring_back(copy)
    except CopyError as error:
        raise problem(terminal, copy, error.code, error.said) from error
    bring_tables_up(terminal)
    terminal.result(terminal.words.say("The records are those of {file} again.", file=str(copy)))


def problem(terminal: Terminal, copy: Path, code: str, said: str) -> UsageProblem:
    """What stood in the way, with the file, and what the system said of it."""
    sentence = f"{copy}: {terminal.words.say(PROBLEMS[code])}"
    return UsageProblem(f"{sentence} ({said})" if said else sentence)
