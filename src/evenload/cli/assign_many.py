"""`evenload assign` of several workbooks in one call: each as it would be alone, side by side, all of them or none."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from evenload.cli.assign import assign_outputs, show_assignment, show_written
from evenload.cli.outputs import STANDARD_OUTPUT, Output, check_targets, write_all
from evenload.cli.solving import Effort, runs_said
from evenload.cli.sources import Source, read_source
from evenload.cli.terminal import Terminal, UsageProblem
from evenload.exchange.reading import InputError, InputProblem
from evenload.planning.case import Case
from evenload.planning.plan import Plan
from evenload.planning.problems import CaseError, Problem
from evenload.words import problem_sentence


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of every workbook alike: folders for lists and plans, protection, the day from which is assigned."""

    out: str | None
    json: str | None
    robust: int
    since: datetime.date | None

    def files_of(self, workbook: Path) -> tuple[str | None, str | None]:
        """The list and the plan of one workbook, named after it."""
        named = workbook.resolve().name if workbook.name in ("", "..") else workbook.name
        stem = named if workbook.is_dir() else Path(named).stem
        made = ((self.out, ".xlsx"), (self.json, ".json"))
        out, json = (None if folder is None else str(Path(folder) / f"{stem}{ending}") for folder, ending in made)
        return out, json


def assign_many(terminal: Terminal, workbooks: Sequence[Path], effort: Effort, wanted: Wanted) -> None:
    """Assigns every workbook and writes its files, once all of them are found. Raises UsageProblem with every problem of every workbook."""
    files = [wanted.files_of(workbook) for workbook in workbooks]
    made = _checked_folders(terminal, workbooks, wanted, files)
    sources, cases = _read_all(terminal, workbooks, wanted)
    plans = _solved_side_by_side(terminal, cases, effort)
    found = list(zip(sources, cases, plans, files, strict=True))
    outputs = [one for source, case, plan, (out, json) in found for one in assign_outputs(terminal, source, case, plan, out=out, json=json)]
    _write(terminal, outputs, made)
    for source, case, plan, targets in found:
        terminal.result(str(source.path))
        show_assignment(terminal, source, case, plan)
        show_written(terminal, targets)


def _write(terminal: Terminal, outputs: Sequence[Output], made: Sequence[Path]) -> None:
    """Makes the folders and writes every file; where one cannot be written, the folders go again."""
    for folder in made:
        folder.mkdir(exist_ok=True)
    try:
        write_all(terminal, outputs)
    except UsageProblem:
        for folder in made:
            with suppress(OSError):
                folder.rmdir()
        raise


def _checked_folders(
    terminal: Terminal, workbooks: Sequence[Path], wanted: Wanted, files: Sequence[tuple[str | None, str | None]]
) -> list[Path]:
    """Folders still to be made. Refuses, before the work begins, what could not be written or would overwrite an input or another list."""
    words = terminal.words
    folders = {Path(folder): folder for folder in (wanted.out, wanted.json) if folder is not None}
    lines = [
        f"{stated}: {words.say('Expected a folder: several workbooks are named, and each has a file in it.')}"
        for folder, stated in folders.items()
        if stated == STANDARD_OUTPUT or (folder.exists() and not folder.is_dir())
    ]
    targets = [target for pair in files for target in pair if target is not None]
    times = Counter(str(wanted.files_of(workbook)).casefold() for workbook in workbooks)
    lines += [
        f"{workbook}: {words.say('Another workbook of this call has the same name; their files would be one.')}"
        for workbook in workbooks
        if targets and times[str(wanted.files_of(workbook)).casefold()] > 1
    ]
    if lines:
        raise UsageProblem(*lines)
    made = [folder for folder in folders if not folder.exists()]
    check_targets(terminal, [str(folder) for folder in made])
    check_targets(terminal, [target for target in targets if Path(target).parent not in made], inputs=workbooks)
    return made


def _read_all(terminal: Terminal, workbooks: Sequence[Path], wanted: Wanted) -> tuple[list[Source], list[Case]]:
    sources, cases, lines = [], [], []
    for workbook in workbooks:
        try:
            source = read_source(terminal, workbook, wanted.since)
            cases.append(source.case(wanted.robust))
            sources.append(source)
        except (InputError, CaseError) as error:
            lines += [_line(terminal, workbook, problem) for problem in error.problems]
        except UsageProblem as problem:
            lines += problem.lines
    if lines:
        raise UsageProblem(*lines)
    return sources, cases


def _line(terminal: Terminal, workbook: Path, problem: InputProblem | Problem) -> str:
    """The problem with its workbook; a problem of a whole file names it by itself."""
    sentence = problem_sentence(terminal.words, problem)
    is_whole = isinstance(problem, InputProblem) and not problem.place and problem.value == str(workbook)
    return sentence if is_whole else f"{workbook}: {sentence}"


def _solved_side_by_side(terminal: Terminal, cases: Sequence[Case], effort: Effort) -> list[Plan]:
    """The plan of each Case, the best of its seeds: the same as alone, for a run depends on nothing beside it. Ctrl-C ends all of them."""
    # compiled code and a solver: only where a plan is asked for
    from evenload.planning.optimise import Limit
    from evenload.planning.optimise.many_seeds import Run, best_plan, carried_out
    from evenload.planning.optimise.spread import Cluster, collected, executor_of

    words = terminal.words
    limit = Limit(seconds=effort.seconds, max_moves=effort.max_moves)
    runs = [Run(case, seed, limit) for case in cases for seed in range(effort.seed, effort.seed + effort.seeds)]
    with terminal.step(words.say("Searching")) as step:

        def count(done: int) -> None:
            step.advance(done / len(runs), words.say("{n} of {of} runs", n=words.integer(done), of=words.integer(len(runs))))

        opened = executor_of(None if effort.cluster is None else Cluster(*effort.cluster))
        with runs_said(words):
            answers = [plan for plan in collected(opened, carried_out, runs, finished=count) if plan is not None]
    own = [answers[first : first + effort.seeds] for first in range(0, len(answers), effort.seeds)]
    return [best_plan(plans, seconds=sum(plan.provenance.seconds for plan in plans)) for plans in own]
