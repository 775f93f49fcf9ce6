"""Names of the rows of a check, said when they are asked for: of thousands of rows a page names those with a problem."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from evenload.exchange.printed_edition import line_of
from evenload.words import Words
from evenload.workflow.edition_rows import parts_of, printed_row
from evenload.workflow.editions import Check


class RowNames(Mapping[str, str]):
    """Piece or practitioner's code → its name in the page's language."""

    def __init__(self, check: Check, words: Words) -> None:
        self._rows = {row.piece: row for row in check.rows}
        self._parts: dict[str, tuple[int, int]] | None = None
        self._facts, self._words = check.picture.facts, words

    def __getitem__(self, code: str) -> str:
        if code in self._facts.people:
            return self._facts.name(code)
        if self._parts is None:
            self._parts = parts_of(self._rows)
        line = line_of(printed_row(self._rows[code], self._parts), self._words)
        return ", ".join(filter(None, (line.site, line.discipline, line.unit)))

    def __iter__(self) -> Iterator[str]:
        return iter({**self._rows, **self._facts.people})

    def __len__(self) -> int:
        return len({**self._rows, **self._facts.people})
