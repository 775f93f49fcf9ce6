"""The pages as people meet them: a real server, a signed-in session, every page, and what it costs to publish.

python -m benchmarks.web [demonstration] [desk] [years] [--rounds 40] [--load 30] [--database URL] [--keep FOLDER]

Without names all three are measured, each on records of its own (benchmarks/web_records.py). `--database` takes the address
of an empty PostgreSQL database instead of SQLite (then one name only). `--keep` keeps the records, and finds them again.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.web_load import under_load
from benchmarks.web_own import own_lines
from benchmarks.web_pages import Line, desk_lines, page_lines
from benchmarks.web_planning import planning_lines
from benchmarks.web_publish import publish_lines
from benchmarks.web_visits import environment, served

NAMES = ("demonstration", "desk", "years")
GOALS = {"demonstration": 150.0, "desk": 150.0, "years": 300.0}
"""milliseconds at the 95th percentile, for a page"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the records that are asked for, visit, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.web")
    parser.add_argument("names", nargs="*", choices=[*NAMES, []])
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--load", type=int, default=30, help="seconds of eight readers and two writers; 0: none")
    parser.add_argument("--database", default="")
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args(arguments)
    if asked.database and len(asked.names) != 1:
        parser.error("--database is for one name")
    for name in asked.names or NAMES:
        with tempfile.TemporaryDirectory() as folder:
            home = (asked.keep or Path(folder)) / name
            measure(name, home, rounds=asked.rounds, load=asked.load, database=asked.database)


def measure(name: str, home: Path, *, rounds: int, load: int, database: str) -> None:
    """One size: its records, every page, the desk's moves, publication, load."""
    made = records(name, home, database)
    on = "PostgreSQL" if database else "SQLite"
    print(f"\n{name}, {on}: {made.get('said', '')} made in {made['seconds']} s; {_size(home, database)}")
    dice, goal = Random(1), GOALS[name]
    with served(home, database=database) as (address, _):
        for line in page_lines(address, made, dice=dice, rounds=rounds, goal=goal):
            _print(line)
        for line in desk_lines(address, made, dice=dice, rounds=rounds, goal=goal):
            _print(line)
        for line in planning_lines(address, made, dice=dice, rounds=rounds):
            _print(line)
        if "practitioner" in made["people"]:
            for line in own_lines(address, made, dice=dice, rounds=rounds, goal=goal):
                _print(line)
        if load:
            print(under_load(address, made, seconds=load))
        if name == "desk":
            for text in publish_lines(address, made, home):
                print(text)


def records(name: str, home: Path, database: str) -> dict[str, Any]:
    """What the records of this name hold; made where they are not there yet."""
    told = home / "made.json"
    if not told.exists():
        (home / "drive").mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "benchmarks.web_records", name]
        done = subprocess.run(command, env=environment(home, database), stdout=subprocess.PIPE, text=True, check=True)
        told.write_text(done.stdout.splitlines()[-1], encoding="utf-8")
    made: dict[str, Any] = json.loads(told.read_text(encoding="utf-8"))
    return made


def _size(home: Path, database: str) -> str:
    if database:
        import psycopg

        with psycopg.connect(database) as connection:
            row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        size = int(row[0]) if row else 0
    else:
        size = sum(file.stat().st_size for file in home.glob("*.sqlite3*"))
    return f"the database has {size / 1e6:.0f} MB"


def _print(line: Line) -> None:
    judged = "" if line.goal is None else f"goal {line.goal:.0f}: {'reached' if line.p95 <= line.goal else 'MISSED'}"
    times = f"first {line.first:7.0f}   p50 {line.p50:6.0f}   p95 {line.p95:6.0f} ms"
    worked = "" if line.processor is None else f"   processor {line.processor:5.0f} ms"
    print(f"  {line.name:44} {times}{worked}   {line.kilobytes:5.0f} KB   {judged}", flush=True)


if __name__ == "__main__":
    main()
