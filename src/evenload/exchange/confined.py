"""Other people's files are read in a process of their own: little memory, little time, nothing of the application in it.

    python -m evenload.exchange.confined < request and content > answer

The request is one line of JSON; what follows is the file. The file lies in a temporary folder under a name made here, never under
its own, and is gone when the process ends.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path, PurePosixPath
from typing import Any, Final

from evenload.exchange.columns import SHEETS, folded
from evenload.exchange.guard import Package, guarded
from evenload.exchange.open_input import WORKBOOKS, open_input
from evenload.exchange.own_guess import ColumnGuess, guesses
from evenload.exchange.own_list import rows_of_list
from evenload.exchange.own_rows import Answers
from evenload.exchange.own_table import OwnTable, own_table
from evenload.exchange.reading import InputError, InputProblem
from evenload.exchange.rows import Rows
from evenload.exchange.rows_json import rows_from_json, rows_to_json
from evenload.exchange.workbook import titles_of

MEMORY_LIMIT_BYTES: Final = 1_000_000_000
SECONDS: Final = 60
TEXTS: Final = (".csv", ".txt", ".tsv")
ZIP_OF_TEXTS: Final = ".zip"
ACCEPTED: Final = (*WORKBOOKS, *TEXTS, ZIP_OF_TEXTS)
SHOWN_NAME: Final = 120
CHILD_REFUSALS: Final[Mapping[str, dict[str, str]]] = {"file_takes_too_long": {"seconds": str(SECONDS)}, "file_corrupted": {}}
"""what a child may die of, with the facts of its sentence"""


@dataclass(frozen=True, slots=True)
class Answered:
    """What the process found: the rows of a workbook or list, or its problems; of a list without mapping, its columns."""

    kind: str
    """workbook, list, or refused (neither can be told)"""
    rows: Rows | None = None
    problems: tuple[InputProblem, ...] = ()
    doubts: tuple[InputProblem, ...] = ()
    notices: tuple[dict[str, Any], ...] = ()
    assumed: Mapping[str, int] = field(default_factory=dict)
    columns: tuple[ColumnGuess, ...] = ()
    headings_hash: str = ""
    title: str = ""
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mapped:
    """How a list is to be read: its sheet, what its columns mean (index → meaning), and the answers beside it."""

    columns: Mapping[int, str]
    answers: Answers
    title: str = ""
    base: Rows | None = None


def read_confined(content: bytes, name: str, *, mapped: Mapped | None = None, title: str = "", seconds: float = SECONDS) -> Answered:
    """The file, read in a child process. Takes `seconds` at most; whatever the child dies of is a problem of the file.

    `name` only tells the kind of file and stands in problems; it never names anything on disk.
    """
    request = {"name": name[:SHOWN_NAME], "suffix": suffix_of(name), "title": title, "mapped": _mapped_out(mapped)}
    answered = in_child("evenload.exchange.confined", request, content, seconds=seconds)
    if isinstance(answered, str):
        facts = {"seconds": str(round(seconds))} if answered == "file_takes_too_long" else {}
        return _refused(name, answered, facts)
    return _answer_in(answered)


def in_child(module: str, request: Mapping[str, Any], content: bytes, *, seconds: float = SECONDS) -> bytes | str:
    """What the module, run as a child with the request and the file, wrote; else the code of what it died of."""
    with tempfile.TemporaryDirectory(prefix="evenload-intake-") as folder:
        command = [sys.executable, "-I", "-m", module, folder]
        sent = json.dumps(request).encode() + b"\n" + content
        try:
            done = subprocess.run(command, input=sent, capture_output=True, timeout=seconds, env=_environment(), check=False)
        except subprocess.TimeoutExpired:
            return "file_takes_too_long"
    return done.stdout if done.returncode == 0 else "file_corrupted"


def _environment() -> dict[str, str]:
    """No secret of the application reaches the child: no database address, no key."""
    return {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR") if name in os.environ}


def suffix_of(name: str) -> str:
    """The kind of file, by its name; empty where it is none that is accepted."""
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    return suffix if suffix in ACCEPTED else ""


def _refused(name: str, code: str, facts: dict[str, str] | None = None) -> Answered:
    return Answered("refused", problems=(InputProblem("", "", _shown(name), code, facts or {}),))


def _shown(name: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in name[:SHOWN_NAME])


# In the child


def main(folder: str) -> None:
    """Read the request and the file from standard input, write the answer to standard output."""
    stop_at_limits()
    request = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read()
    name = str(request["name"])
    try:
        answered = _answer(content, request, Path(folder))
    except InputError as error:
        answered = Answered("refused", problems=tuple(named_problem(problem, folder, name) for problem in error.problems))
    except (MemoryError, RecursionError):
        answered = _refused(name, "file_corrupted")
    sys.stdout.buffer.write(json.dumps(_answer_out(answered)).encode())


def stop_at_limits() -> None:
    """In the child: so much memory and time, and no core file."""
    if sys.platform == "win32":
        return  # no such limits there; the time limit of the parent holds
    import resource  # not on every system

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(content: bytes, request: Mapping[str, Any], folder: Path) -> Answered:
    suffix = request["suffix"]
    if not suffix:
        raise InputError([InputProblem("", "", _shown(request["name"]), "upload_type")])
    if suffix == ZIP_OF_TEXTS:
        return _workbook(_unpacked(content, folder), folder, request["name"])
    path = folder / f"upload{suffix}"
    path.write_bytes(content)
    if suffix in WORKBOOKS and _is_workbook_of_ours(path):
        return _workbook(path, folder, request["name"])
    mapped = _mapped_in(request["mapped"])
    table = own_table(path, (mapped.title if mapped else request["title"]) or None)
    if mapped is None:
        return Answered("list", **_description(table))
    reading = rows_of_list(table, mapped.columns, mapped.answers, base=mapped.base)
    return Answered("list", reading.rows, reading.problems, reading.doubts, assumed=dict(reading.assumed), **_description(table))


def _description(table: OwnTable) -> dict[str, Any]:
    return {"columns": guesses(table), "headings_hash": table.headings_hash, "title": table.title, "titles": table.titles}


def _is_workbook_of_ours(path: Path) -> bool:
    """Whether the sheets are those of the workbook: a program sheet, or at least two others."""
    known = {folded(name): sheet.name for sheet in SHEETS for name in (sheet.name, sheet.fr)}
    found = {known[folded(title)] for title in titles_of(path) if folded(title) in known}
    return "program" in found or len(found) > 1


def _workbook(path: Path, folder: Path, name: str) -> Answered:
    try:
        reading = open_input(path)
    except InputError as error:
        return Answered(
            "workbook",
            problems=tuple(named_problem(problem, str(folder), name) for problem in error.problems),
            notices=tuple(asdict(notice) for notice in error.notices),
        )
    return Answered("workbook", reading.rows, notices=tuple(asdict(notice) for notice in reading.notices))


def _unpacked(content: bytes, folder: Path) -> Path:
    """The CSV files of a zip file, under the names of their sheets. Members that are no sheet are passed over."""
    package = guarded(content, "")
    names = {folded(name): name for sheet in SHEETS for name in (sheet.name, sheet.fr)}
    inside = folder / "sheets"
    inside.mkdir()
    for member in _csv_members(package):
        sheet = names.get(folded(PurePosixPath(member).stem))
        if sheet is not None:
            (inside / f"{sheet}.csv").write_bytes(package.read(member))
    return inside


def _csv_members(package: Package) -> list[str]:
    return [member for member in package.members if member.endswith(".csv")]


def named_problem(problem: InputProblem, folder: str, name: str) -> InputProblem:
    """A problem of the whole file under the file's own name, not under that of the temporary folder."""
    value = _shown(name) if folder in problem.value else problem.value
    return InputProblem(problem.sheet, problem.cell, value, problem.code, problem.facts)


# The pipe between them


def _mapped_out(mapped: Mapped | None) -> dict[str, Any] | None:
    if mapped is None:
        return None
    answers = asdict(mapped.answers) | {
        "period_start": mapped.answers.period_start.isoformat(),
        "weekly_hours": str(mapped.answers.weekly_hours),
    }
    base = rows_to_json(mapped.base) if mapped.base else None
    return {
        "columns": {str(index): code for index, code in mapped.columns.items()},
        "answers": answers,
        "title": mapped.title,
        "base": base,
    }


def _mapped_in(sent: Mapping[str, Any] | None) -> Mapped | None:
    if sent is None:
        return None
    stated = dict(sent["answers"])
    stated |= {"period_start": date.fromisoformat(stated["period_start"]), "weekly_hours": Fraction(stated["weekly_hours"])}
    base = rows_from_json(sent["base"]) if sent["base"] else None
    return Mapped({int(index): code for index, code in sent["columns"].items()}, Answers(**stated), sent["title"], base)


def _answer_out(answered: Answered) -> dict[str, Any]:
    return {
        "kind": answered.kind,
        "rows": rows_to_json(answered.rows) if answered.rows else None,
        "problems": [problem_out(problem) for problem in answered.problems],
        "doubts": [problem_out(problem) for problem in answered.doubts],
        "notices": list(answered.notices),
        "assumed": dict(answered.assumed),
        "columns": [asdict(column) for column in answered.columns],
        "headings_hash": answered.headings_hash,
        "title": answered.title,
        "titles": list(answered.titles),
    }


def _answer_in(sent: bytes) -> Answered:
    found = json.loads(sent)
    return Answered(
        kind=found["kind"],
        rows=rows_from_json(found["rows"]) if found["rows"] else None,
        problems=_problems_in(found["problems"]),
        doubts=_problems_in(found["doubts"]),
        notices=tuple(found["notices"]),
        assumed=found["assumed"],
        columns=tuple(ColumnGuess(**{**column, "examples": tuple(column["examples"])}) for column in found["columns"]),
        headings_hash=found["headings_hash"],
        title=found["title"],
        titles=tuple(found["titles"]),
    )


def problem_out(problem: InputProblem) -> dict[str, Any]:
    """A problem as plain JSON."""
    return {"sheet": problem.sheet, "cell": problem.cell, "value": problem.value, "code": problem.code, "facts": dict(problem.facts)}


def _problems_in(sent: Sequence[Mapping[str, Any]]) -> tuple[InputProblem, ...]:
    return tuple(InputProblem(**problem) for problem in sent)


if __name__ == "__main__":
    main(sys.argv[1])
