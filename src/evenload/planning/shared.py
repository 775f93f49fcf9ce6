"""Equal values kept once: in a large program most facts of a unit are those of many others, and a set of its own costs 216 bytes."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


class Shared:
    """Gives back, for every value, the first one of the same type that was equal to it. For values that never change."""

    def __init__(self) -> None:
        self._known: dict[tuple[type, Hashable], Hashable] = {}

    def __call__(self, value: T) -> T:
        return self._known.setdefault((type(value), value), value)  # type: ignore[return-value]
