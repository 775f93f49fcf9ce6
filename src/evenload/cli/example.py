"""`evenload example`: a realistic program to look at, or the sites of a real list with invented caseloads."""

from pathlib import Path
from typing import Annotated

import typer

from evenload.cli.options import Lang, Quiet
from evenload.cli.outputs import STANDARD_OUTPUT, Output, check_targets, write_all
from evenload.cli.session import terminal_of
from evenload.cli.terminal import Terminal, UsageProblem
from evenload.cli.values import Asked, one_of, whole_number
from evenload.cli.written import content_of
from evenload.exchange.rows import Rows
from evenload.planning.codes import SETTINGS
from evenload.words import Words, message

HELP = message(
    "Write an example program: invented people and caseloads, realistic and bilingual.\n"
    "With --sites, the sites are those of a list of real places, and only people and caseloads are invented."
)
OutFile = Annotated[
    str, typer.Argument(metavar="OUT.xlsx", help=message("The workbook to write, or a folder for CSV files; - is standard output."))
]
Practitioners = Annotated[
    str | None, typer.Option("--practitioners", metavar="N", help=message("How many practitioners; 30 unless said otherwise."))
]
Units = Annotated[str | None, typer.Option("--units", metavar="N", help=message("How many caseload units; 600 unless said otherwise."))]
SettingName = Annotated[
    str, typer.Option("--setting", metavar="NAME", help=message("school, community, clinic or hospital; school unless said otherwise."))
]
SeedNumber = Annotated[
    str | None, typer.Option("--seed", metavar="N", help=message("Another number gives another example; the same gives the same."))
]
SitesFile = Annotated[
    Path | None,
    typer.Option(
        "--sites", metavar="FILE", help=message("A CSV list of places: NAME, LATITUDE, LONGITUDE; also NAME_FR, BOARD, CATEGORY, STREET.")
    ),
]

KINDS_NAMED = 5
UNITS_PER_SITE = 4.5
UNITS_PER_PRACTITIONER = 20


def example(
    ctx: typer.Context,
    out: OutFile,
    *,
    practitioners: Practitioners = None,
    units: Units = None,
    setting: SettingName = "school",
    seed: SeedNumber = None,
    sites: SitesFile = None,
    lang: Lang = None,
    quiet: Quiet = False,
) -> None:
    """Writes the example program."""
    terminal = terminal_of(ctx, lang, quiet)
    words = terminal.words
    asked = Asked()
    kind = asked.value(lambda: one_of(words, "--setting", setting, SETTINGS)) or setting
    people = asked.value(lambda: whole_number(words, "--practitioners", practitioners, low=1, high=100_000))
    count = asked.value(lambda: whole_number(words, "--units", units, low=1, high=1_000_000))
    number = asked.value(lambda: whole_number(words, "--seed", seed, low=0)) or 0
    is_folder = asked.value(lambda: _is_folder(words, out))
    asked.check()
    if not is_folder:
        check_targets(terminal, [out], inputs=[sites] if sites else [])
    with terminal.step(words.say("Inventing a program")):
        rows = _rows(terminal, sites, people=people, count=count, setting=kind, seed=number)
    if is_folder:
        _write_folder(terminal, rows, Path(out))
    else:
        write_all(terminal, [Output(out, workbook_content(rows, words.lang))])
    _tell(terminal, rows, out)


def _is_folder(words: Words, out: str) -> bool:
    """Whether OUT means a folder of CSV files: a folder that is there, a name without an ending, or one that ends in a slash."""
    suffix = Path(out).suffix.lower()
    if out == STANDARD_OUTPUT or suffix == ".xlsx":
        return False
    if suffix == "" or out.endswith(("/", "\\")) or Path(out).is_dir():
        return True
    raise UsageProblem(f"{out}: {words.say('Expected a name that ends in .xlsx, or a folder.')}")


def workbook_content(rows: Rows, lang: str) -> bytes:
    """The rows as the bytes of a workbook."""
    from evenload.exchange.sheets_out import write_rows

    return content_of("example.xlsx", lambda path: write_rows(rows, path, lang))


def _rows(terminal: Terminal, sites: Path | None, *, people: int | None, count: int | None, setting: str, seed: int) -> Rows:
    from evenload.exchange.example import example_rows

    if sites is None:
        return example_rows(practitioners=people or 30, units=count or 600, setting=setting, seed=seed)
    from evenload.exchange.example_list import read_places

    listed = read_places(sites)
    if listed.left_out:
        sentence = words_left_out(terminal, listed.left_out)
        terminal.remark(sentence)
    count = count or (people * UNITS_PER_PRACTITIONER if people else round(UNITS_PER_SITE * len(listed.places)))
    people = people or max(1, round(count / UNITS_PER_PRACTITIONER))
    return example_rows(practitioners=people, units=count, setting=setting, seed=seed, places=listed.places)


def words_left_out(terminal: Terminal, left_out: dict[str, int]) -> str:
    """Which kinds of places of the list are no schools and were left out."""
    often = sorted(left_out, key=lambda kind: (-left_out[kind], kind))
    kinds = ", ".join(f"{kind} ({left_out[kind]})" for kind in often[:KINDS_NAMED]) + (", …" if len(often) > KINDS_NAMED else "")
    return terminal.words.say_n(
        "Left out of the list, for it is no school: {n} place. {kinds}.",
        "Left out of the list, for they are no schools: {n} places. {kinds}.",
        sum(left_out.values()),
        kinds=kinds,
    )


def _write_folder(terminal: Terminal, rows: Rows, folder: Path) -> None:
    from evenload.exchange.sheets_out import write_csv_folder

    words = terminal.words
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageProblem(f"{folder}: {words.say('Expected a new or an empty folder.')}")
    try:
        write_csv_folder(rows, folder, words.lang)
    except OSError as error:
        raise UsageProblem(
            words.say("{place}: Could not be written: {reason}.", place=str(folder), reason=error.strerror or str(error))
        ) from error


def _tell(terminal: Terminal, rows: Rows, out: str) -> None:
    words = terminal.words
    terminal.result(
        words.say(
            "{name}: {practitioners} practitioners, {units} caseload units, {sites} sites, {weeks} weeks from {start}.",
            name=words.either(rows.program.name_en, rows.program.name_fr),
            practitioners=len(rows.practitioners),
            units=len(rows.units),
            sites=len(rows.sites),
            weeks=rows.program.period_weeks,
            start=rows.program.period_start,
        )
    )
    if out != STANDARD_OUTPUT:
        terminal.result(words.say("It is in {file}. Next: evenload plan {file}, evenload assign {file}.", file=out))
