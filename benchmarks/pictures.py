"""All pictures of RESULTS.md, from what was recorded: `python -m benchmarks.pictures`.

gap-by-class: mean gap to the best value known against time, class by class, beside the peers. gap-against-time: programs of three sizes,
the gap that each solver proved itself. growth and memory: what each stage takes, and the peak, against the number of units.
stages: the share of each stage, and the passes over prices beside the memory's bandwidth. A picture without rows is not drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.picture_style import FOLDER

Record = dict[str, Any]

TITLES: Mapping[str, str] = {
    "gap-by-class": "Generalised assignment, mean gap to the best known against time, class by class, Evenload and its peers",
    "gap-against-time": "Caseloads, proved gap against time, Evenload and its peers",
    "growth": "Seconds of each stage against the number of units",
    "memory": "Peak memory against the number of units",
    "stages": "Share of time by stage, and the passes over prices beside the memory's bandwidth",
}


def draw(records: Sequence[Record]) -> None:
    """Draws each picture that these records have rows for; others stay as they are."""
    from benchmarks import pictures_gap, pictures_growth, pictures_stages

    pictures_gap.draw_classes(_rows(records, "gap"))
    pictures_gap.draw_caseloads(_rows(records, "caseload"))
    pictures_growth.draw_growth(_rows(records, "growth"))
    pictures_growth.draw_memory(_rows(records, "growth"), _rows(records, "caseload"))
    pictures_stages.draw_stages(_rows(records, "stages"))


def _rows(records: Sequence[Record], begins: str) -> list[Record]:
    return [row for record in records if record["piece"].startswith(begins) for row in record["rows"]]


def shown() -> str:
    """The pictures that there are, as Markdown."""
    return "\n\n".join(f"![{title}](pictures/{name}.svg)" for name, title in TITLES.items() if (FOLDER / f"{name}.svg").exists())


if __name__ == "__main__":
    import json

    from benchmarks.record import RECORDED

    draw([json.loads(file.read_text()) for file in sorted(RECORDED.glob("*.json"))])
