"""Running one piece, keeping what it printed and measured, and making RESULTS.md of what was kept."""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

HERE = Path(__file__).parent
RECORDED = HERE / "recorded"
RESULTS = HERE / "RESULTS.md"

Record = dict[str, Any]

HEAD = """# Results

What `python -m benchmarks --record` printed, piece by piece, each with its own date, commit and machine; how to read the tables: [README.md](README.md),
and the docstring of each module. The rows behind them are in `benchmarks/recorded/`. Seconds on a machine that others use drift; `load` is the
number of tasks that wanted to run when the piece began (1.0: one core busy with something else); where far fewer seconds were spent on a processor than
passed, others had the machine, and every solver was held up alike. Rows of `gap` may come from several runs: each has its own date. What was tried for the gap, and what it brought: [TRIED.md](TRIED.md).
"""


@dataclass(frozen=True, slots=True)
class Piece:
    """One run of one benchmark: its arguments in full and in a quick run (None: left out of it)."""

    name: str
    module: str
    full: tuple[str, ...]
    quick: tuple[str, ...] | None
    has_rows: bool = True
    """whether the module takes --json"""
    keeps_rows: bool = False
    """whether the module takes --keep: rows gathered over several runs"""
    by_name: bool = False
    """whether it is run only where its own name is given: it is long"""


def run_piece(piece: Piece, arguments: Sequence[str], keep: Path | None) -> bool:
    """Runs the piece in a process of its own and prints what it prints; kept in the folder `keep`, where one is given.

    False where it failed: then nothing is kept.
    """
    record: Record = {"piece": piece.name, **stamp(), "command": shown_command(piece, arguments)}
    print(heading(record), flush=True)
    began, used = time.perf_counter(), _processor_seconds()
    with TemporaryDirectory() as folder:
        rows = Path(folder) / "rows.json"
        asked = [*arguments, "--json", str(rows)] if piece.has_rows else arguments
        text = _printed([sys.executable, "-m", f"benchmarks.{piece.module}", *asked])
        if text is None:
            return False
        record["text"] = text
        record["rows"] = json.loads(rows.read_text()) if rows.exists() else []
    record["took_seconds"] = round(time.perf_counter() - began, 1)
    record["processor_seconds"] = round(_processor_seconds() - used, 1)
    print(f"({record['took_seconds']:.0f} s, {record['processor_seconds']:.0f} s of them on a processor)\n", flush=True)
    if keep is not None:
        keep.mkdir(exist_ok=True)
        (keep / f"{piece.name}.json").write_text(json.dumps(record, separators=(",", ":")) + "\n")
    return True


def _processor_seconds() -> float:
    """Processor time of everything that this process has started and that has ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _printed(command: Sequence[str]) -> str | None:
    """What the command prints, shown line by line while it runs; None where it fails."""
    lines = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        for line in running.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    if running.returncode != 0:
        print(f"failed with {running.returncode}\n", flush=True)
        return None
    return "".join(lines)


def shown_command(piece: Piece, arguments: Sequence[str]) -> str:
    """The command as a reader repeats it: folders of this machine by a word, many files by one."""
    words = ["FOLDER" if Path(word).is_absolute() else word for word in arguments]
    if "--merge" in words:
        begins = words.index("--merge") + 1
        ends = next((at for at in range(begins, len(words)) if words[at].startswith("--")), len(words))
        words[begins:ends] = ["FILE", "…"]
    return " ".join(["python -m", f"benchmarks.{piece.module}", *words])


def stamp() -> Record:
    """Date, commit, Python, machine, cores that may be used, and how busy they are."""
    commit = _git("rev-parse", "--short", "HEAD") or "unknown"
    is_changed = bool(_git("status", "--porcelain", "--", "src", "benchmarks/*.py", "benchmarks/*_solvers"))
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "commit": commit + (" + changes" if is_changed else ""),
        "python": platform.python_version(),
        "machine": machine(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "load": load_average(),
    }


def load_average() -> float | None:
    """How many tasks wanted to run in the last minute, where the system says."""
    return round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], capture_output=True, text=True, check=False, cwd=HERE.parent).stdout.strip()


def machine() -> str:
    """Name of the processor and memory, as far as the system says."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        memory = Path("/proc/meminfo").read_text(encoding="utf-8").split()[1]
    except OSError:
        return platform.processor()
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return f"{len(names)} × {names[0] if names else platform.machine()}, {int(memory) // 2**20} GiB"


def heading(record: Record) -> str:
    """One line: what was run, when, on what."""
    return (
        f"== {record['piece']} · {record['date']} · commit {record['commit']} · Python {record['python']} · {record['machine']} · "
        f"{record['cores']} cores used · load {record['load']}"
    )


def recorded(folder: Path, pieces: Iterable[Piece]) -> list[Record]:
    """What the folder holds of these pieces, in their order; bare rows are those of a run that has not come to its end."""
    files = [folder / f"{piece.name}.json" for piece in pieces]
    found = [json.loads(file.read_text()) for file in files if file.exists()]
    return [record for record in found if isinstance(record, dict)]


def publish(records: Sequence[Record]) -> None:
    """RESULTS.md and the pictures, from what was recorded."""
    from benchmarks.goals import print_goals
    from benchmarks.pictures import draw, shown

    draw(records)
    goals = StringIO()
    with redirect_stdout(goals):
        print_goals(records)
    table = "\n".join(line.rstrip() for line in goals.getvalue().rstrip().splitlines())
    summary = f"## All goals\n\n```text\n{table}\n```\n"
    RESULTS.write_text("\n".join([HEAD, summary, shown(), "", *(_section(record) for record in records)]))


def _on_processor(record: Record) -> str:
    return f", {record['processor_seconds']:.0f} s of them on a processor" if "processor_seconds" in record else ""


def _section(record: Record) -> str:
    lines = [line.rstrip() for line in record["text"].rstrip().splitlines()]
    return "\n".join(
        [
            f"## {record['piece']}",
            "",
            f"`{record['command']}` · {record['date']} · commit {record['commit']} · Python {record['python']} · {record['machine']} · "
            f"{record['cores']} cores used · load {record['load']} · took {record['took_seconds']:.0f} s{_on_processor(record)}",
            "",
            "```text",
            *lines,
            "```",
            "",
        ]
    )
