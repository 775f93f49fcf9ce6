"""`evenload assign`: who should look after whom, and how good that is at least."""

from collections.abc import Iterable
from typing import Annotated

import typer

from evenload.cli.columns import wrapped
from evenload.cli.options import AsOf, Lang, Quiet, Seconds, Seed, Workbooks
from evenload.cli.outputs import STANDARD_OUTPUT, Output, check_targets, write_all
from evenload.cli.session import terminal_of
from evenload.cli.solving import Effort, cluster_of, solved
from evenload.cli.sources import Source, read_source, show_notices
from evenload.cli.terminal import Terminal
from evenload.cli.values import Asked, day, whole_number
from evenload.cli.values import seconds as seconds_of
from evenload.exchange.plan_json import plan_to_json
from evenload.planning.case import Case
from evenload.planning.plan import Plan
from evenload.words import message

HELP = message(
    "Assign caseloads: every unit goes to one eligible practitioner or waits, with its reason and its nearest fix.\n"
    "The plan only proposes: a named manager confirms every assignment. Ctrl-C stops the search and keeps the best plan so far."
)
ListFile = Annotated[
    str | None, typer.Option("--out", metavar="LIST.xlsx", help=message("Write the assignment list, made to be read and printed."))
]
PlanJson = Annotated[str | None, typer.Option("--json", metavar="PLAN.json", help=message("Write the plan as JSON; - is standard output."))]
MaxMoves = Annotated[
    str | None, typer.Option("--max-moves", metavar="N", help=message("At most so many units change hands; without it, as many as pay."))
]

MOST_SEEDS = 1_000

Robust = Annotated[
    str | None,
    typer.Option(
        "--robust",
        metavar="N",
        help=message("Nobody's maximum is passed although N of her units need more than planned at once; takes twice as long."),
    ),
]

Seeds = Annotated[
    str | None,
    typer.Option("--seeds", metavar="N", help=message("The best of N independent runs, side by side on all cores or on the cluster.")),
]


def assign(
    ctx: typer.Context,
    workbooks: Workbooks,
    *,
    out: ListFile = None,
    json: PlanJson = None,
    as_of: AsOf = None,
    seed: Seed = None,
    seeds: Seeds = None,
    seconds: Seconds = None,
    max_moves: MaxMoves = None,
    robust: Robust = None,
    lang: Lang = None,
    quiet: Quiet = False,
) -> None:
    """Assigns, says what came out, and writes the files asked for."""
    terminal = terminal_of(ctx, lang, quiet)
    words = terminal.words
    asked = Asked()
    effort = Effort(
        seed=asked.value(lambda: whole_number(words, "--seed", seed, low=0)) or 0,
        seconds=asked.value(lambda: seconds_of(words, "--seconds", seconds)),
        max_moves=asked.value(lambda: whole_number(words, "--max-moves", max_moves, low=0)),
        seeds=asked.value(lambda: whole_number(words, "--seeds", seeds, low=1, high=MOST_SEEDS)) or 1,
        cluster=asked.value(lambda: cluster_of(words)),
    )
    against = asked.value(lambda: whole_number(words, "--robust", robust, low=0)) or 0
    since = asked.value(lambda: day(words, "--as-of", as_of))
    asked.check()
    if len(workbooks) > 1:
        from evenload.cli.assign_many import Wanted, assign_many

        assign_many(terminal, workbooks, effort, Wanted(out=out, json=json, robust=against, since=since))
        return
    (workbook,) = workbooks
    check_targets(terminal, [out, json], inputs=[workbook])
    source = read_source(terminal, workbook, since)
    case = source.case(against)
    plan = solved(terminal, case, effort)
    write_all(terminal, assign_outputs(terminal, source, case, plan, out=out, json=json))
    show_assignment(terminal, source, case, plan)
    show_written(terminal, (out, json))


def show_written(terminal: Terminal, targets: Iterable[str | None]) -> None:
    """The files that are there now."""
    for target in targets:
        if target is not None and target != STANDARD_OUTPUT:
            terminal.result(terminal.words.say("Written: {file}", file=target))


def assign_outputs(terminal: Terminal, source: Source, case: Case, plan: Plan, *, out: str | None, json: str | None) -> list[Output]:
    """The files asked for."""
    outputs = [] if json is None else [Output(json, plan_to_json(plan).encode())]
    if out is not None:
        from evenload.exchange.assignment_list import assignment_list_xlsx

        with terminal.step(terminal.words.say("Writing {file}", file=out)):
            outputs.append(Output(out, assignment_list_xlsx(source.rows, source.program, case, plan, words=terminal.words)))
    return outputs


def show_assignment(terminal: Terminal, source: Source, case: Case, plan: Plan) -> None:
    """The first page of the list as sentences: over, room, waiting, changes, French, and the bound."""
    from evenload.exchange.list_facts import list_facts
    from evenload.exchange.list_summary import statements

    words = terminal.words
    if plan.provenance.stopped_by == "interrupted":
        terminal.result(words.say("Stopped as you asked. This is the best plan found so far."))
    for heading, sentences in statements(list_facts(source.rows, source.program, case, plan, words=words))[:6]:
        for line in wrapped(words.say("{title}: {statement}", title=heading, statement=sentences), hanging=2):
            terminal.result(line)
    show_notices(terminal, (*source.reading.notices, *case.notices, *plan.notices), source.names(words.lang))
