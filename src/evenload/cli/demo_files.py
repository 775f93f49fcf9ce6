"""`evenload demo --out FOLDER`: an example program, planned and assigned, with every file that comes out."""

from collections.abc import Iterator
from pathlib import Path

from evenload.cli.assign import assign_outputs
from evenload.cli.columns import wrapped
from evenload.cli.example import workbook_content
from evenload.cli.outputs import Output, write_all
from evenload.cli.plan import capacity_of, plan_outputs
from evenload.cli.solving import Effort, solved
from evenload.cli.sources import Source, read_source
from evenload.cli.terminal import Terminal, UsageProblem
from evenload.exchange.plan_json import plan_to_json
from evenload.planning.capacity_plan import CapacityPlan
from evenload.planning.case import Case
from evenload.planning.changes import over
from evenload.planning.check import differences
from evenload.planning.plan import Plan
from evenload.words import Words, label_in_sentence, problem_sentence, words_in

PROGRAM, PLAN, CAPACITY = "program.xlsx", "plan.json", "capacity.json"


def write_example(terminal: Terminal, out: Path) -> None:
    """Writes one example program with every file that comes of it, and says what they mean."""
    _make_folder(terminal.words, out)
    source = _example(terminal, out / PROGRAM)
    found, case = capacity_of(source, {}), source.case()
    plan = solved(terminal, case, Effort())
    outputs = [
        *plan_outputs(terminal, source, found, json=str(out / CAPACITY), xlsx=None, pdf=None),
        Output(str(out / PLAN), plan_to_json(plan).encode()),
    ]
    for language in ("en", "fr"):
        printed = Terminal(words_in(language), terminal.is_quiet)
        outputs += plan_outputs(
            printed, source, found, json=None, xlsx=str(out / f"worksheet-{language}.xlsx"), pdf=str(out / f"worksheet-{language}.pdf")
        )
        outputs += assign_outputs(printed, source, case, plan, out=str(out / f"assignment-list-{language}.xlsx"), json=None)
    write_all(terminal, outputs)
    _show(terminal, out, source)
    for number, sentence in enumerate(meaning(terminal.words, found, case, plan), start=1):
        for line in wrapped(f"{number}. {sentence}", hanging=3):
            terminal.result(line)


def _make_folder(words: Words, folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageProblem(words.say("{place}: Could not be written: {reason}.", place=str(folder), reason=reason)) from error


def _example(terminal: Terminal, workbook: Path) -> Source:
    """Writes the example and reads it again, as anybody's workbook is read."""
    from evenload.exchange.example import example_rows

    write_all(terminal, [Output(str(workbook), workbook_content(example_rows(), terminal.words.lang))])
    return read_source(terminal, workbook)


def _show(terminal: Terminal, folder: Path, source: Source) -> None:
    words, lang = terminal.words, terminal.words.lang
    rows = source.rows.program
    for line in wrapped(words.say("{program} · {period}", program=words.either(rows.name_en, rows.name_fr), period=_period(words, source))):
        terminal.result(line)
    terminal.result()
    for name, what in (
        (PROGRAM, words.say("the example program: people, sites, caseloads; a workbook like your own")),
        (f"assignment-list-{lang}.xlsx", words.say("who looks after whom, made to be read and printed")),
        (f"worksheet-{lang}.pdf", words.say("the hours there are, the hours needed, and how they were counted")),
    ):
        for line in wrapped(words.say("{file}: {what}", file=str(folder / name), what=what), hanging=2):
            terminal.result(line)
    terminal.result()


def _period(words: Words, source: Source) -> str:
    return words.period(source.rows.program.period_start, source.rows.program.period_weeks)


def meaning(words: Words, found: CapacityPlan, case: Case, plan: Plan) -> Iterator[str]:
    """What the results mean, in three sentences: hours, people, and how far both may be trusted."""
    supply = sum(row.supply_hours for row in found.match)
    demand = sum(row.demand_hours for row in found.match)
    short = [row for row in found.pools if row.area == "all" and row.language == "fr" and row.gap_hours < 0]
    used = words.percent(100 * demand / supply) if supply else words.percent(0)
    if short:
        disciplines = words.list_of(label_in_sentence(words, "discipline", row.discipline) for row in short)
        yield words.say(
            "Clients need {used} of the hours there are; yet hours in French are short in {disciplines}, which the total hides.",
            used=used,
            disciplines=disciplines,
        )
    else:
        yield words.say("Clients need {used} of the hours there are, and no discipline is short of French.", used=used)
    yield words.say(
        "{placed} of {units} units have a practitioner, {over} loads are above capacity, and each of the {waiting} that wait has "
        "its reason and its nearest fix.",
        placed=len(plan.assignments),
        units=len(case.units),
        over=len(over(case, plan)),
        waiting=len(plan.waiting),
    )
    gap = words.percent(plan.bound.gap_percent(plan.score), 1)
    disagreements = differences(case, plan)
    if disagreements:
        yield words.say("An independent recount disagrees: {difference}", difference=problem_sentence(words, disagreements[0]))
    else:
        yield words.say("No plan can be more than {gap} better, and an independent recount agrees with every figure.", gap=gap)
