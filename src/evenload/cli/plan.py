"""`evenload plan`: what the hours can carry, what the clients need, and how the two match."""

from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer

from evenload.cli.options import JsonFile, Lang, Quiet, Workbook
from evenload.cli.outputs import Output, check_targets, write_all
from evenload.cli.plan_summary import comparison_lines, summary_lines
from evenload.cli.session import terminal_of
from evenload.cli.sources import Source, read_source, show_notices
from evenload.cli.terminal import Terminal
from evenload.cli.values import mix as mix_of
from evenload.exchange.capacity_json import capacity_to_json
from evenload.planning.capacity_plan import CapacityPlan
from evenload.planning.comparison import compare as compared
from evenload.planning.period_travel import plan_program
from evenload.words import message

HELP = message(
    "Plan capacity: the hours there are, the hours clients need, and the gap, per pool and in both directions.\n"
    "All figures are for the whole period of the workbook."
)
Compare = Annotated[
    Path | None, typer.Option("--compare", metavar="WORKBOOK2", help=message("Show what changes from the workbook to this second one."))
]
XlsxFile = Annotated[str | None, typer.Option("--xlsx", metavar="FILE", help=message("Write the worksheet as a workbook."))]
PdfFile = Annotated[
    str | None, typer.Option("--pdf", metavar="FILE", help=message("Write the worksheet as a PDF, with a one-page gap sheet."))
]
Mix = Annotated[
    str | None,
    typer.Option(
        "--mix", metavar="CLASS=SHARE,…", help=message("Mix of classes for the caseloads, per discipline summing to 1 or to 100.")
    ),
]


def plan(
    ctx: typer.Context,
    workbook: Workbook,
    *,
    compare: Compare = None,
    json: JsonFile = None,
    xlsx: XlsxFile = None,
    pdf: PdfFile = None,
    mix: Mix = None,
    lang: Lang = None,
    quiet: Quiet = False,
) -> None:
    """Plans capacity, says what came out, and writes the files asked for."""
    terminal = terminal_of(ctx, lang, quiet)
    shares = mix_of(terminal.words, mix)
    check_targets(terminal, [json, xlsx, pdf], inputs=[workbook])
    source = read_source(terminal, workbook)
    found = capacity_of(source, shares)
    second = None if compare is None else read_source(terminal, compare)
    after = None if second is None else capacity_of(second, shares)
    write_all(terminal, plan_outputs(terminal, source, found, json=json, xlsx=xlsx, pdf=pdf))
    if second is None or after is None:
        show_plan(terminal, source, found)
    else:
        for line in comparison_lines(terminal.words, compared(found, after), source, second):
            terminal.result(line)


def capacity_of(source: Source, shares: dict[str, Fraction]) -> CapacityPlan:
    """The capacity plan of a workbook. Raises InputError with every contradiction at its cell."""
    with source.located():
        return plan_program(source.program, mix=shares)


def plan_outputs(
    terminal: Terminal, source: Source, found: CapacityPlan, *, json: str | None, xlsx: str | None, pdf: str | None
) -> list[Output]:
    """The files asked for; the printed ones are loaded only where they are."""
    outputs = [] if json is None else [Output(json, capacity_to_json(found).encode())]
    if xlsx is not None:
        from evenload.exchange.worksheet_xlsx import worksheet_xlsx

        outputs.append(Output(xlsx, worksheet_xlsx(found, source.program, source.rows, terminal.words)))
    if pdf is not None:
        from evenload.exchange.worksheet_pdf import worksheet_pdf

        with terminal.step(terminal.words.say("Writing {file}", file=pdf)):
            outputs.append(Output(pdf, worksheet_pdf(found, source.program, source.rows, terminal.words)))
    return outputs


def show_plan(terminal: Terminal, source: Source, found: CapacityPlan) -> None:
    """The summary on standard output, what to know beside it on standard error."""
    for line in summary_lines(terminal.words, found, source):
        terminal.result(line)
    show_notices(terminal, (*source.reading.notices, *found.notices), source.names(terminal.words.lang))
