"""`evenload template`: an empty workbook that explains itself."""

from typing import Annotated

import typer

from evenload.cli.options import Lang, Quiet
from evenload.cli.outputs import Output, check_targets, write_all
from evenload.cli.session import terminal_of
from evenload.words import message

HELP = message(
    "Write an empty workbook: every sheet, every column explained, lists to choose from.\n"
    "Fill it in, then run evenload plan and evenload assign on it."
)
OutFile = Annotated[str, typer.Argument(metavar="OUT.xlsx", help=message("The workbook to write; - is standard output."))]


def template(ctx: typer.Context, out: OutFile, lang: Lang = None, quiet: Quiet = False) -> None:
    """Writes the empty workbook."""
    terminal = terminal_of(ctx, lang, quiet)
    words = terminal.words
    check_targets(terminal, [out])
    write_all(terminal, [Output(out, template_content(words.lang))])
    terminal.result(words.say("The empty workbook is in {file}.", file=out))


def template_content(lang: str) -> bytes:
    """The bytes of the empty workbook."""
    from evenload.cli.written import content_of
    from evenload.exchange.template import write_template

    return content_of("template.xlsx", lambda path: write_template(path, lang))
