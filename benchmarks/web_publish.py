"""What it costs to publish: the transaction behind the button, and every file of the edition on the shared drive."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.web_records import PASSWORD
from benchmarks.web_visits import Visitor

GOAL_SECONDS = 20.0
PATIENCE_SECONDS = 300


def publish_lines(address: str, made: dict[str, Any], home: Path) -> Iterator[str]:
    """Publishes the draft as it stands, through the page, and waits until the pointer names the new edition."""
    manager, program = Visitor(address, made["people"]["manager"], PASSWORD), made["programs"][0]
    page = manager.get(f"/programs/{program}/draft/check").body
    fields = dict(re.findall(r'name="(draft|seen_version|effective_on)"[^>]*? value="([^"]*)"', page))
    began = time.perf_counter()
    answer = manager.post(f"/programs/{program}/draft/publish", fields)
    pressed = time.perf_counter() - began
    if answer.status != 302:
        raise RuntimeError(f"publishing was answered with {answer.status}")
    number = max(
        int(one) for one in re.findall(rf"/programs/{program}/editions/(\d+)\b", manager.get(f"/programs/{program}/editions").body)
    )
    while not any(_number(pointer) == number for pointer in (home / "drive").glob("*/CURRENT")):
        if time.perf_counter() - began > PATIENCE_SECONDS:
            raise RuntimeError("the files were not written")
        time.sleep(0.05)
    spent = time.perf_counter() - began
    files = sorted((home / "drive").glob(f"*/edition-{number:04d}_*"))
    yield f"  publish: the button answers after {pressed:.1f} s"
    yield (
        f"  publish: {len(files)} files of 6,000 rows on the drive after {spent:.1f} s, {sum(one.stat().st_size for one in files) / 1e6:.1f} MB"
        f"   goal {GOAL_SECONDS:.0f} s: {'reached' if spent <= GOAL_SECONDS else 'MISSED'}"
    )


def _number(pointer: Path) -> int:
    try:
        return int(json.loads(pointer.read_text(encoding="utf-8"))["edition"])
    except (OSError, ValueError, KeyError):
        return 0
