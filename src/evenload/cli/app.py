"""All commands together, and how their outcomes become exit codes: 0 done, 1 the answer is no, 2 bad input or usage."""

from collections.abc import Mapping, Sequence
from typing import Annotated

import typer
from typer.exceptions import TyperException
from typer.main import get_command

from evenload import __version__
from evenload.cli import assign, audit, backup, check, demo, doctor, example, explain, plan, serve, template, work
from evenload.cli.language import language_of
from evenload.cli.options import Lang, Quiet
from evenload.cli.session import terminal_of
from evenload.cli.spoken import SpokenCommand, SpokenGroup, usage_problem
from evenload.cli.terminal import Terminal, UsageProblem
from evenload.exchange.reading import InputError
from evenload.planning.problems import CaseError
from evenload.words import message, problem_sentence, words_in

DONE, ANSWER_IS_NO, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
Version = Annotated[bool, typer.Option("--version", help=message("Show the version."))]
ABOUT = message(
    "Plans the capacity of therapy services and assigns their caseloads, from a workbook.\n"
    "Start with evenload demo to see what comes out, or with evenload template to fill in your own program."
)

app = typer.Typer(
    name="evenload",
    cls=SpokenGroup,
    help=ABOUT,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for name, module_help, command in (
    ("template", template.HELP, template.template),
    ("example", example.HELP, example.example),
    ("plan", plan.HELP, plan.plan),
    ("assign", assign.HELP, assign.assign),
    ("check", check.HELP, check.check),
    ("explain", explain.HELP, explain.explain),
    ("demo", demo.HELP, demo.demo),
    ("serve", serve.HELP, serve.serve),
    ("work", work.HELP, work.work),
    ("backup", backup.BACKUP_HELP, backup.backup),
    ("restore", backup.RESTORE_HELP, backup.restore),
    ("audit", audit.HELP, audit.audit),
    ("doctor", doctor.HELP, doctor.doctor),
):
    app.command(name, help=module_help, cls=SpokenCommand)(command)


@app.callback(invoke_without_command=True)
def root(ctx: typer.Context, version: Version = False, lang: Lang = None, quiet: Quiet = False) -> None:
    """Options before the command count for the command."""
    ctx.obj = terminal_of(ctx, lang, quiet)
    if version:
        print(f"evenload {__version__}")
        raise typer.Exit(DONE)
    if ctx.invoked_subcommand is None:
        print(ctx.get_help())
        raise typer.Exit(DONE)


def run(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Runs one command line and returns its exit code. Every problem has been said; only a mistake of ours raises."""
    terminal = Terminal(words_in(language_of(arguments, environment)))
    words = terminal.words
    try:
        code = get_command(app).main(args=list(arguments), prog_name="evenload", standalone_mode=False, obj=terminal)
    except UsageProblem as problem:
        terminal.problems(problem.lines)
    except InputError as error:
        terminal.problems(problem_sentence(words, found) for found in error.problems)
    except CaseError as error:
        terminal.problems(problem_sentence(words, found) for found in error.problems)
    except TyperException as error:
        terminal.problems([usage_problem(words, error)])
    except KeyboardInterrupt:
        code = INTERRUPTED
    else:
        if code == INTERRUPTED:
            terminal.problems([words.say("Stopped. Nothing was written.")])
        return int(code or DONE)
    return BAD_INPUT
