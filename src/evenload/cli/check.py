"""`evenload check`: a plan counted again, by plain loops that share nothing with the optimiser."""

import typer

from evenload.cli.options import AsOf, Lang, PlanFile, Quiet, Workbook
from evenload.cli.plans import read_plan
from evenload.cli.session import terminal_of
from evenload.cli.sources import read_source
from evenload.cli.values import day
from evenload.planning.case import Case
from evenload.planning.check import RECOUNTABLE_PAIRS, differences
from evenload.words import message, problem_sentence

HELP = message(
    "Count a plan again: every rule, every sum and the bound. Exit 1, with each difference, where the two counts disagree.\n"
    "Without --as-of, the plan is checked from the day on which it was made."
)


def check(ctx: typer.Context, workbook: Workbook, plan: PlanFile, *, as_of: AsOf = None, lang: Lang = None, quiet: Quiet = False) -> None:
    """Recounts the plan against its workbook."""
    terminal = terminal_of(ctx, lang, quiet)
    words = terminal.words
    since = day(words, "--as-of", as_of)
    stated = read_plan(plan)
    since = since or stated.provenance.as_of
    source = read_source(terminal, workbook, since)
    case = source.case(stated.provenance.robust)
    with terminal.step(words.say("Counting again")):
        found = differences(case, stated)
    names = source.names(words.lang)
    for difference in found:
        terminal.result(problem_sentence(words, difference, names))
    if found:
        terminal.result(words.say_n("{n} difference.", "{n} differences.", len(found)))
        raise typer.Exit(1)
    terminal.result(
        words.say(
            "Both counts agree: {assigned} units placed, {waiting} waiting, price {hours} a week.",
            assigned=len(stated.assignments),
            waiting=len(stated.waiting),
            hours=words.hours(stated.score.hours),
        )
    )
    if not bound_was_recounted(case):
        terminal.remark(words.say("The bound was not recounted: there are too many pairs of practitioner and unit for plain loops."))
    elif case.robust and not stated.bound.unit_prices and stated.bound.hours > stated.bound.certified_hours:
        terminal.remark(words.say("The bound was recounted without protection: the plan has no prices of units."))


def bound_was_recounted(case: Case) -> bool:
    """Whether the recount includes the bound; beyond a size it does not."""
    return len(case.practitioners) * len(case.units) <= RECOUNTABLE_PAIRS
