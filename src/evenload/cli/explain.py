"""`evenload explain`: everybody before one unit, with reasons, and what would change."""

from difflib import get_close_matches
from typing import Annotated

import typer

from evenload.cli.explain_lines import explanation_lines
from evenload.cli.options import AsOf, Lang, PlanFile, Quiet, Workbook
from evenload.cli.plans import read_plan
from evenload.cli.session import terminal_of
from evenload.cli.sources import Source, read_source
from evenload.cli.terminal import UsageProblem
from evenload.cli.values import day
from evenload.planning.case import Case, digest
from evenload.planning.explain import candidates, units_named
from evenload.planning.plan import Plan
from evenload.planning.problems import Problem, Where
from evenload.words import Words, message, problem_sentence

HELP = message(
    "Show every practitioner once before one unit: who could take it, why, and what would change; who could not, and what would help.\n"
    "Without --as-of, the plan is explained from the day on which it was made."
)
UnitId = Annotated[str, typer.Argument(metavar="UNIT", help=message("The id of a unit, or of one block of it (U012#2)."))]


def explain(
    ctx: typer.Context, workbook: Workbook, plan: PlanFile, unit: UnitId, *, as_of: AsOf = None, lang: Lang = None, quiet: Quiet = False
) -> None:
    """Explains one unit of the plan."""
    terminal = terminal_of(ctx, lang, quiet)
    words = terminal.words
    since = day(words, "--as-of", as_of)
    stated = read_plan(plan)
    since = since or stated.provenance.as_of
    source = read_source(terminal, workbook, since)
    case = source.case(stated.provenance.robust)
    _check_belongs(words, case, stated)
    ids = _ids(words, case, source, unit)
    for line in explanation_lines(words, case, stated, explained=candidates(case, stated, ids[0]), ids=ids, source=source):
        terminal.result(line)


def _check_belongs(words: Words, case: Case, plan: Plan) -> None:
    """A plan of other facts cannot be explained from these."""
    if plan.case_digest != digest(case):
        raise UsageProblem(problem_sentence(words, Problem("other_case", Where("PLAN.json", None, "case"), plan.case_digest)))


def _ids(words: Words, case: Case, source: Source, asked: str) -> tuple[str, ...]:
    """The unit, or its blocks, by id or by label; an unknown one is answered with the nearest."""
    by_label = {label: id for id, label in source.rows.labels_of_units().items()}
    try:
        return units_named(case, by_label.get(asked, asked))
    except KeyError as error:
        known = [unit.id for unit in case.units]
        nearest = get_close_matches(asked, known, n=1, cutoff=0.6)
        sentence = (
            words.say("No row on the units sheet has this id. Did you mean {nearest}?", nearest=nearest[0])
            if nearest
            else words.say("No row on the units sheet has this id.")
        )
        raise UsageProblem(f"UNIT: {asked}: {sentence}") from error
