"""The goals of the pages, judged by the lines that `web` printed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from benchmarks.goals import Verdict

VISITED = re.compile(r"^ {2}(?P<page>\S.*?) +first +\d+ +p50 +\d+ +p95 +(?P<p95>\d+) ms .*goal (?P<goal>\d+): ")
SECTION = re.compile(r"^(?P<name>\w+), (?:SQLite|PostgreSQL):")
WHAT_IF = "what-if"
MOST_NAMED = 6


def verdicts(rows: Sequence[dict[str, Any]]) -> list[Verdict]:
    """What-if through the web; and how many of all pages stay within their goal."""
    section, visits = "", []
    for row in rows:
        if begins := SECTION.match(row["line"]):
            section = begins["name"]
        elif found := VISITED.match(row["line"]):
            visits.append((found["page"], section, int(found["p95"]), int(found["goal"])))
    if not visits:
        return []
    tries = [visit for visit in visits if visit[0].startswith(WHAT_IF)]
    late = [f"{page} ({section}, {p95} ms)" for page, section, p95, goal in visits if p95 > goal]
    judged = []
    if tries:
        said = ", ".join(f"{p95} ms ({section})" for _, section, p95, _ in tries)
        judged.append(Verdict("what-if through the web: p95 ≤ 100 ms", all(p95 <= goal for _, _, p95, goal in tries), said))
    more = f" and {len(late) - MOST_NAMED} more" if len(late) > MOST_NAMED else ""
    said = f"{len(visits) - len(late)} of {len(visits)}{': not ' if late else ''}{', '.join(late[:MOST_NAMED])}{more}"
    judged.append(Verdict("pages within 150 ms, after ten years 300 ms, p95", not late, said))
    return judged
