"""When a search ends, and whom it tells how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Progress = Callable[[float, float], None]
"""(share of the effort, 0 to 1; proved gap in percent)"""


@dataclass(frozen=True, slots=True)
class Limit:
    """When the search ends. Without `seconds` the effort alone decides, and the plan can be computed again.

    moves_per_unit: steps of the search per bundle. gap_percent: proved gap at which it is good enough (small programs are
    proved optimal whatever it says). seconds: wall clock, looked at between rounds; with it the search goes on until then (or
    until that gap is proved), and more time searches longer. max_moves: at most so many units change
    hands (blocks count singly).
    """

    moves_per_unit: int = 2000
    gap_percent: float = 0.1
    seconds: float | None = None
    max_moves: int | None = None


DEFAULT_LIMIT = Limit()


def never() -> bool:
    """Nobody asks to stop."""
    return False


def untold(_share: float, _gap_percent: float) -> None:
    """Nobody is told."""
