"""A server of its own for a journey: `evenload serve` as a process, its worker inside, on records that nobody used before."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

START_SECONDS = 60
FAREWELL_SECONDS = 20


@dataclass(slots=True)
class Served:
    """The running server: its address, its folder of records, the shared drive it publishes to, and what it complained of."""

    address: str
    home: Path
    drive: Path
    complaints: list[str] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)

    def run(self, module: str, *arguments: str) -> str:
        """A module of the tests in a process of its own, on the same records; what it said."""
        return run_beside(self.settings, module, *arguments)


def run_beside(settings: dict[str, str], module: str, *arguments: str) -> str:
    """`python -m module` with these settings, as the server has them."""
    tests = str(Path(__file__).resolve().parents[1])
    surroundings = {**settings, "DJANGO_SETTINGS_MODULE": "evenload.settings", "PYTHONPATH": tests}
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, env=surroundings, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


@contextmanager
def served(folder: Path, *, on_postgresql: bool = False, first: tuple[str, ...] = (), **environment: str) -> Iterator[Served]:
    """`evenload serve` on a free port of this machine, until the journey ends. What it writes to its log is kept.

    `first`: a module with its arguments that fills the records before the server begins.
    """
    home, drive = folder / "home", folder / "drive"
    home.mkdir(parents=True, exist_ok=True)
    drive.mkdir(exist_ok=True)
    with database(on_postgresql) as url:
        settings = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("EVENLOAD_", "DJANGO_"))},
            "DATABASE_URL": url,
            "EVENLOAD_HOME": str(home),
            "EVENLOAD_PUBLISH_DIR": str(drive),
            "EVENLOAD_LANG": "en",
            **environment,
        }
        if first:
            run_beside(settings, *first)
        command = [sys.executable, "-m", "evenload", "serve", "--port", "0"]
        process = subprocess.Popen(
            command, env=settings, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        running = Served("", home, drive, settings=settings)
        reader = threading.Thread(target=_keep, args=(process, running.complaints), daemon=True)
        reader.start()
        try:
            running.address = _address(process, running.complaints)
            yield running
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(FAREWELL_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            reader.join(FAREWELL_SECONDS)
            assert process.stdout is not None
            process.stdout.close()


@contextmanager
def database(on_postgresql: bool) -> Iterator[str]:
    """An address for DATABASE_URL: empty (SQLite in the server's own folder), or a new database of the tests' cluster."""
    if not on_postgresql:
        yield ""
        return
    import psycopg

    name = f"journey_{uuid4().hex[:12]}"
    cluster = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path="/postgres"))
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlunsplit(urlsplit(cluster)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(cluster, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _keep(process: subprocess.Popen[str], complaints: list[str]) -> None:
    assert process.stderr is not None
    with process.stderr as lines:
        complaints.extend(line.rstrip() for line in lines)


def _address(process: subprocess.Popen[str], complaints: list[str]) -> str:
    """The address in the line that the server says when it listens."""
    assert process.stdout is not None
    clock = threading.Timer(START_SECONDS, process.kill)
    clock.start()
    try:
        for line in process.stdout:
            if found := re.search(r"http://[^ ]+/", line):
                return found[0].rstrip("/")
    finally:
        clock.cancel()
    raise AssertionError("\n".join(["the server did not start:", *complaints]))
