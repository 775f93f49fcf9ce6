"""Arguments and options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from evenload.words import message

Workbook = Annotated[Path, typer.Argument(metavar="WORKBOOK", help=message("A workbook (.xlsx), or a folder of CSV files."))]
Workbooks = Annotated[
    list[Path],
    typer.Argument(
        metavar="WORKBOOK...",
        help=message("A workbook (.xlsx), or a folder of CSV files. Several at once: --out and --json name folders, with a file for each."),
    ),
]
PlanFile = Annotated[Path, typer.Argument(metavar="PLAN.json", help=message("A plan that evenload assign wrote with --json."))]
Lang = Annotated[str | None, typer.Option("--lang", metavar="en|fr", help=message("Language of everything that is said and written."))]
Quiet = Annotated[bool, typer.Option("--quiet", help=message("Write the files and say nothing, except problems."))]
JsonFile = Annotated[str | None, typer.Option("--json", metavar="FILE", help=message("Write the figures as JSON; - is standard output."))]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help=message("Assign what remains from this day on (YYYY-MM-DD); else the workbook's as_of.")),
]
Seed = Annotated[
    str | None, typer.Option("--seed", metavar="N", help=message("Number that the search starts from; the same gives the same."))
]
Seconds = Annotated[
    str | None,
    typer.Option("--seconds", metavar="S", help=message("Time for the search; without it, a fixed effort: the same plan every time.")),
]
