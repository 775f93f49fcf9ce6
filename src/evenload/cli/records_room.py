"""The way from a command to the records: settings read, database reachable, tables as this version wants them."""

from __future__ import annotations

import os

from evenload.cli.terminal import Terminal, UsageProblem
from evenload.environment import SettingError, home


def open_records(terminal: Terminal, *, migrate: bool = True) -> None:
    """Reads the settings and, unless told otherwise, brings the tables to this version. Raises UsageProblem with what stands in the way."""
    words = terminal.words
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenload.settings")
    try:
        home().mkdir(mode=0o700, parents=True, exist_ok=True)
        import django  # only the commands that need records pay for it

        django.setup()
    except SettingError as error:
        raise UsageProblem(f"{error.name}: {error.value}: {words.say(error.expected)}") from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageProblem(words.say("{place}: Could not be written: {reason}.", place=str(home()), reason=reason)) from error
    if migrate:
        bring_tables_up(terminal)


def bring_tables_up(terminal: Terminal) -> None:
    """Carries out the migrations that are missing; several nodes that start at once wait for each other."""
    from django.core.management import call_command
    from django.db import DatabaseError, connection

    from evenload.records.locks import one_at_a_time

    try:
        with one_at_a_time(connection, "migrate"):
            call_command("migrate", verbosity=0, interactive=False)
    except DatabaseError as error:
        raise UsageProblem(database_problem(terminal, error)) from error


def database_problem(terminal: Terminal, error: Exception) -> str:
    """That the database does not answer, with its own words and without its password."""
    return terminal.words.say("The database does not answer: {reason}.", reason=" ".join(str(error).split()).rstrip("."))
