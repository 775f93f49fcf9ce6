"""Names of the rows of a check, said when they are asked for: of thousands of rows a page names those with a problem."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from evenload.exchange.printed_edition import line_of
from evenload.words import Words
from evenload.workflow.edition_rows import printed_rows
from evenload.workflow.editions import Check


class RowNames(Mapping[str, str]):
    """Piece or practitioner's code → its name in the page's language."""

    def __init__(self, check: Check, words: Words) -> None:
        self._rows = {row.piece: row for row in check.rows}
        self._facts, self._words = check.picture.facts, words

    def __getitem__(self, code: str) -> str:
        if code in self._facts.people:
            return self._facts.name(code)
        line = line_of(printed_rows([self._rows[code]])[0], self._words)
        return ", ".join(filter(None, (line.site, line.discipline, line.unit)))

    def __iter__(self) -> Iterator[str]:
        return iter({**self._rows, **self._facts.people})

    def __len__(self) -> int:
        return len({**self._rows, **self._facts.people})
