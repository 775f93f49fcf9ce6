"""`evenload demo`: the demonstration organisation, made once in a folder of its own and served; or the files of one program."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from evenload.cli import demo_files, demo_folder
from evenload.cli.columns import columns, wrapped
from evenload.cli.demo_folder import Standing
from evenload.cli.options import Lang, Quiet
from evenload.cli.records_room import bring_tables_up, open_records
from evenload.cli.serve import address_of, forget_old_sessions, serve_until_stopped, server_at
from evenload.cli.session import terminal_of
from evenload.cli.terminal import Terminal, UsageProblem
from evenload.cli.values import Asked, day, whole_number
from evenload.environment import home
from evenload.words import Words, label, message

HELP = message(
    "Make the demonstration organisation in a folder of its own, and serve it: four programs, 80 practitioners, invented people.\n"
    "It is made once; later starts serve what is there. With --out, only write the files of one example program."
)
Files = Annotated[
    Path | None, typer.Option("--out", metavar="FOLDER", help=message("Write the files of one example program there, and end."))
]
Folder = Annotated[
    Path | None,
    typer.Option(
        "--folder", metavar="FOLDER", help=message("Where the demonstration lives; demonstration in EVENLOAD_HOME unless said otherwise.")
    ),
]
Port = Annotated[
    str | None, typer.Option("--port", metavar="PORT", help=message("Port to listen on; 8000 where it is free, else a free one."))
]
SeedNumber = Annotated[
    str | None, typer.Option("--seed", metavar="N", help=message("Another number gives another example; the same gives the same."))
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help=message("The day that it is made for (YYYY-MM-DD); today unless said otherwise.")),
]
Again = Annotated[bool, typer.Option("--again", help=message("Make it anew, whatever was changed in it."))]
NoServe = Annotated[bool, typer.Option("--no-serve", help=message("Make it, and do not serve it."))]

USUAL_PORT = 8000
STAGES = {
    "programs": message("Importing four programs"),
    "plans": message("Planning them"),
    "editions": message("Publishing their lists"),
    "week": message("Importing the lists of this week"),
    "desk": message("Opening the managers' drafts"),
    "caseloads": message("Filling the weeks of the practitioners"),
}


def demo(
    ctx: typer.Context,
    *,
    out: Files = None,
    folder: Folder = None,
    port: Port = None,
    seed: SeedNumber = None,
    as_of: AsOf = None,
    again: Again = False,
    no_serve: NoServe = False,
    lang: Lang = None,
    quiet: Quiet = False,
) -> None:
    """Makes the demonstration where it is not there yet, and serves it until it is stopped."""
    terminal, asked = terminal_of(ctx, lang, quiet), Asked()
    words = terminal.words
    if out is not None:
        demo_files.write_example(terminal, out)
        return
    number = asked.value(lambda: whole_number(words, "--port", port, low=0, high=65_535))
    dice = asked.value(lambda: whole_number(words, "--seed", seed, low=0)) or 0
    stated_day = asked.value(lambda: day(words, "--as-of", as_of))
    asked.check()
    place = (folder or home() / "demonstration").absolute()
    standing = _make_room(terminal, place, again=again)
    _enter(terminal, place)
    if standing is Standing.READY:
        bring_tables_up(terminal)  # an earlier version may have made them
    else:
        _build(terminal, place, as_of=stated_day, seed=dice)
    server = None if no_serve else _server(terminal, number)
    _tell(terminal)
    if server is not None:
        terminal.result(words.say("Evenload answers at {address}. Stop it with Ctrl+C.", address=address_of(server)))
        sys.stdout.flush()
        serve_until_stopped(server, with_worker=True)
        terminal.result(words.say("Stopped."))


def _make_room(terminal: Terminal, place: Path, *, again: bool) -> Standing:
    """What the folder holds; what is unfinished or to be made anew is gone. Raises UsageProblem where it holds anything else."""
    words = terminal.words
    try:
        standing = demo_folder.standing(place)
        if standing is Standing.SOMETHING_ELSE:
            sentence = words.say("This folder does not hold a demonstration, and nothing in it was changed. Name a new or an empty folder.")
            raise UsageProblem(f"{place}: {sentence}")
        if standing is Standing.UNFINISHED or (standing is Standing.READY and again):
            demo_folder.clear(place)
            standing = Standing.EMPTY
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageProblem(words.say("{place}: Could not be written: {reason}.", place=str(place), reason=reason)) from error
    return standing


def _enter(terminal: Terminal, place: Path) -> None:
    """From here on this process knows the demonstration's folder only, whatever the environment says about the real records."""
    for name in demo_folder.NOT_OF_THE_DEMONSTRATION:
        os.environ.pop(name, None)
    os.environ["EVENLOAD_HOME"] = str(place)
    open_records(terminal, migrate=False)
    from django.conf import settings

    if Path(settings.HOME) != place:
        raise RuntimeError("the settings were read before; the demonstration needs a process of its own")


def _build(terminal: Terminal, place: Path, *, as_of: date | None, seed: int) -> None:
    """Makes the demonstration; the folder is said to hold one before, and to hold a whole one after."""
    from django.utils import timezone

    demo_folder.mark(place, is_ready=False)
    words, on = terminal.words, as_of or timezone.localdate()
    try:
        with terminal.step(words.say("Making the demonstration")) as step:
            bring_tables_up(terminal)
            from evenload.workflow import demo as making  # needs the records to be open

            making.build(as_of=on, seed=seed, tell=_telling(words, step, making.STAGES))
    except KeyboardInterrupt:
        demo_folder.clear(place)
        raise
    demo_folder.mark(place, is_ready=True, as_of=on.isoformat(), seed=seed)


def _telling(words: Words, step: Any, stages: tuple[str, ...]) -> Callable[[str], None]:
    def tell(stage: str) -> None:
        step.advance(stages.index(stage) / len(stages), words.say(STAGES[stage]))

    return tell


def _server(terminal: Terminal, port: int | None) -> Any:
    """The server, listening on the port that was asked for, else on the usual one, else on a free one."""
    forget_old_sessions()
    if port is not None:
        return server_at(terminal, "127.0.0.1", port)
    try:
        return server_at(terminal, "127.0.0.1", USUAL_PORT)
    except UsageProblem:
        return server_at(terminal, "127.0.0.1", 0)


def _tell(terminal: Terminal) -> None:
    """What there is, and who may sign in."""
    from evenload.records.models import Organisation, Practitioner, Program, Unit
    from evenload.workflow.demo_cast import accounts_told, demo_password

    words, organisation = terminal.words, Organisation.objects.get()
    summary = words.say(
        "{organisation}: {programs} programs, {practitioners} practitioners, {units} caseload units. Everybody in it is invented.",
        organisation=words.either(organisation.name_en, organisation.name_fr),
        programs=Program.objects.count(),
        practitioners=Practitioner.objects.count(),
        units=Unit.objects.count(),
    )
    for line in wrapped(summary):
        terminal.result(line)
    terminal.result()
    terminal.result(words.say("Sign in as one of these; all have the password {password}", password=demo_password()))
    rows = [[one.username, label(words, "role", one.role), f"{one.full_name} · {_reach(words, one.programs)}"] for one in accounts_told()]
    for line in columns(rows, indent=2):
        terminal.result(line)
    terminal.result()


def _reach(words: Words, programs: list[tuple[str, str]]) -> str:
    return words.list_of(words.either(en, fr) for en, fr in programs) if programs else words.say("the whole organisation")
