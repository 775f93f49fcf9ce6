"""`evenload audit verify`: whether the journal still is what was written."""

from __future__ import annotations

from typing import Annotated

import typer

from evenload.cli.options import Lang, Quiet
from evenload.cli.records_room import open_records
from evenload.cli.session import terminal_of
from evenload.cli.values import one_of
from evenload.words import message

HELP = message("Check the journal: every line's hash is counted again, and the first broken line is named.")
What = Annotated[str, typer.Argument(metavar="verify", help=message("What to do; verify is all there is."))]


def audit(ctx: typer.Context, what: What, lang: Lang = None, quiet: Quiet = False) -> None:
    """Ends with 1 where a line is broken."""
    terminal = terminal_of(ctx, lang, quiet)
    words = terminal.words
    one_of(words, "audit", what, ("verify",))
    open_records(terminal)
    from evenload.records.models import JournalEntry
    from evenload.workflow.journal import verify

    broken = verify()
    if broken:
        terminal.problems(
            [
                words.say_n(
                    "The journal is broken: {n} line is not what was written. The first is line {number}.",
                    "The journal is broken: {n} lines are not what was written. The first is line {number}.",
                    len(broken),
                    number=broken[0],
                )
            ]
        )
        raise typer.Exit(1)
    last = JournalEntry.objects.order_by("-number").first()
    terminal.result(words.say_n("The journal is whole: {n} line.", "The journal is whole: {n} lines.", last.number if last else 0))
    if last:
        terminal.result(
            words.say(
                "Last line {number}, hash {hash}. Kept elsewhere, it shows if lines are cut off the end.",
                number=last.number,
                hash=last.hash,
            )
        )
