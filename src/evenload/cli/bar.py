"""The progress bar of a long step, on standard error."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn


class Bar:
    """One bar with a text before and a remark behind; it vanishes when the step is done."""

    def __init__(self, text: str) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[remark]}"),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._progress.add_task(text, total=None, remark="")

    def __enter__(self) -> Bar:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._progress.stop()

    def advance(self, share: float, remark: str = "") -> None:
        """Says how much of the step is done, 0 to 1, and one remark about it."""
        self._progress.update(self._task, total=1.0, completed=min(1.0, share), remark=remark)
