"""`evenload work`: a worker of its own, on this machine or another."""

from __future__ import annotations

import signal
import threading

import typer

from evenload.cli.options import Lang, Quiet
from evenload.cli.records_room import open_records
from evenload.cli.session import terminal_of
from evenload.words import message

HELP = message(
    "Carry out plans and publications, without pages. Several may run at once, on several machines with one PostgreSQL.\n"
    "evenload serve already has a worker, unless it runs with --no-worker."
)


def work(ctx: typer.Context, *, lang: Lang = None, quiet: Quiet = False) -> None:
    """Works until it is stopped."""
    terminal = terminal_of(ctx, lang, quiet)
    open_records(terminal)
    from evenload.workflow.worker import work as work_until  # needs the records to be open

    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    terminal.result(terminal.words.say("The worker waits for plans and publications. Stop it with Ctrl+C."))
    work_until(stop)
    terminal.result(terminal.words.say("Stopped."))
