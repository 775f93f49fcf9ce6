"""A PostgreSQL cluster of its own for one test run: in a temporary folder, on a free port, never synced to disk, gone afterwards."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

OWNER = "postgres"
ON_POSTGRESQL = os.environ.get("EVENLOAD_TEST_DATABASE", "") == "postgresql"
"""whether this run is of what is marked `both`, on PostgreSQL"""


class ClusterError(RuntimeError):
    """PostgreSQL cannot be started here; the message says why."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running cluster; `url` is what DATABASE_URL takes."""

    folder: Path
    port: int
    programs: Path
    options: str = ""

    @property
    def url(self) -> str:
        return f"postgresql://{OWNER}@127.0.0.1:{self.port}/evenload"

    def pause(self) -> None:
        """Ends the server at once, as when its machine fails; what it wrote stays."""
        _as_owner(self.programs / "pg_ctl", "-D", self.folder / "cluster", "-m", "immediate", "-w", "stop")

    def resume(self) -> None:
        """Starts it again where it was."""
        _started(self.programs, self.folder, self.options)

    def stop(self) -> None:
        """Ends the server at once and removes everything it wrote."""
        _as_owner(self.programs / "pg_ctl", "-D", self.folder / "cluster", "-m", "immediate", "-w", "stop", check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


def programs() -> Path | None:
    """The folder of `initdb` and `pg_ctl`: the newest that is installed."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    return installed[-1].parent if installed else None


def start() -> Cluster:
    """A fresh cluster. Raises ClusterError where PostgreSQL is not installed or may not be started."""
    folder_of_programs = programs()
    if folder_of_programs is None:
        raise ClusterError("PostgreSQL (initdb, pg_ctl) is not installed")
    folder = Path(tempfile.mkdtemp(prefix="evenload-postgresql-"))
    if os.getuid() == 0:
        shutil.chown(folder, OWNER)
    port = _free_port()
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    try:
        _as_owner(
            folder_of_programs / "initdb",
            "-D",
            folder / "cluster",
            "-U",
            OWNER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        _started(folder_of_programs, folder, options)
    except subprocess.CalledProcessError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise ClusterError(error.stderr.decode(errors="replace")) from error
    return Cluster(folder, port, folder_of_programs, options)


def _started(folder_of_programs: Path, folder: Path, options: str) -> None:
    _as_owner(folder_of_programs / "pg_ctl", "-D", folder / "cluster", "-l", folder / "log", "-o", options, "-w", "start")


def _as_owner(program: Path, *arguments: object, check: bool = True) -> None:
    command = [str(program), *map(str, arguments)]
    if os.getuid() == 0:
        command = ["runuser", "-u", OWNER, "--", *command]
    subprocess.run(command, check=check, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/", timeout=60)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
