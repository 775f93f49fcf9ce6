"""`make bench`: every figure that the product promises, in one run, the goals beside them."""

from __future__ import annotations

import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import caseload, intake, web


def main() -> None:
    """Name the machine and the commit, then run one benchmark after another."""
    commit = (
        subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout.strip() or "unknown"
    )
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC · commit {commit} · Python {platform.python_version()} · {_machine()}\n")
    caseload.main([])
    print()
    intake.main([])
    web.main([])


def _machine() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return f"{len(names)} × {names[0]}" if names else platform.processor()


if __name__ == "__main__":
    main()
