"""The rows of an edition as its page shows them: one view, searched without accents, sorted, cut into pages.

An edition never changes: its rows, their lines in a language and their orders are worked out once per process.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from evenload.exchange.printed_edition import TITLES, Line, line_of
from evenload.records.models import EditionRow
from evenload.words import Words, message
from evenload.workflow.edition_rows import KeptEdition, printed_rows, without_accents

PAGE_ROWS: Final = 200
VIEWS: Final = {**{kind: TITLES[kind] for kind in TITLES if kind != "area"}, "areas": message("Areas"), "people": message("People")}
"""View → its name. The first four hold the rows of one kind of site; areas and people hold every row."""

EVERY_ROW: Final = ("areas", "people")

SORTS: Final[dict[str, Callable[[Line], object]]] = {
    "site": lambda line: without_accents(line.site),
    "place": lambda line: without_accents(line.place),
    "discipline": lambda line: line.discipline,
    "primary": lambda line: (line.emphasis == "waiting", without_accents(line.primary)),
    "cover": lambda line: without_accents(line.cover),
    "language": lambda line: line.language,
    "left": lambda line: (line.left is None, line.left or 0),
    "from": lambda line: (line.from_date is None, str(line.from_date)),
    "changed": lambda line: (not line.changed, line.changed),
}
"""Column → what it is sorted by."""

SORT_NAMES: Final = {
    "site": message("Site"),
    "place": message("Town or area"),
    "discipline": message("Disc."),
    "primary": message("Primary"),
    "cover": message("Cover"),
    "language": message("Language"),
    "left": message("Used/left"),
    "from": message("From"),
    "changed": message("Changed"),
}
SORT_OF_VIEW: Final = {"areas": "place", "people": "primary"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for."""

    view: str
    search: str
    sort: str
    is_down: bool
    only_changed: bool
    page: int


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row with its line in the page's language."""

    row: EditionRow
    line: Line
    is_changed: bool


@dataclass(frozen=True, slots=True)
class ListPage:
    """The rows that one page shows, and how many there are."""

    rows: tuple[ListRow, ...]
    found: int
    all: int
    views: tuple[str, ...]
    pages: int


def wanted_in(stated: Mapping[str, Any], kinds: tuple[str, ...]) -> Wanted:
    """What the address states, with a default for whatever it does not state or nobody can read."""
    search = str(stated.get("q", ""))[:200].strip()
    default = "areas" if search or not kinds else kinds[0]
    view = stated.get("view", "") if stated.get("view", "") in (*kinds, *EVERY_ROW) else default
    sort = stated.get("sort", "") if stated.get("sort", "") in SORTS else SORT_OF_VIEW.get(view, "site")
    page = str(stated.get("page", ""))
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 6 else 1
    return Wanted(view, search, sort, stated.get("down") == "1", stated.get("changed") == "1", max(1, number))


def kinds_of(kept: KeptEdition) -> tuple[str, ...]:
    """The kinds of site that the edition has rows of, in the order of the views."""
    if "kinds" not in kept.answers:
        found = {row.site_kind for row in kept.rows}
        kept.answers["kinds"] = tuple(kind for kind in VIEWS if kind in found)
    kinds: tuple[str, ...] = kept.answers["kinds"]
    return kinds


def list_page(kept: KeptEdition, wanted: Wanted, words: Words, *, changed: frozenset[str]) -> ListPage:
    """The page that is asked for; `changed` are the pieces that changed since the reader looked."""
    search = without_accents(wanted.search).replace("\0", "").split()
    shown = [pair for pair in _ordered(kept, wanted, words) if _is_wanted(pair[0], wanted, search, changed)]
    pages = max(1, -(-len(shown) // PAGE_ROWS))
    first = (min(wanted.page, pages) - 1) * PAGE_ROWS
    cut = tuple(ListRow(row, line, row.piece in changed) for row, line in shown[first : first + PAGE_ROWS])
    return ListPage(cut, len(shown), len(kept.rows), (*kinds_of(kept), *EVERY_ROW), pages)


def _ordered(kept: KeptEdition, wanted: Wanted, words: Words) -> list[tuple[EditionRow, Line]]:
    """Every row with its line, in the order that is asked for; equal ones by site."""
    asked = ("order", words.lang, wanted.sort, wanted.is_down)
    if asked not in kept.answers:
        pairs = sorted(_lines(kept, words), key=lambda pair: SORTS["site"](pair[1]))  # type: ignore[arg-type,return-value]
        pairs.sort(key=lambda pair: SORTS[wanted.sort](pair[1]), reverse=wanted.is_down)  # type: ignore[arg-type,return-value]
        kept.answers[asked] = pairs
    ordered: list[tuple[EditionRow, Line]] = kept.answers[asked]
    return ordered


def _lines(kept: KeptEdition, words: Words) -> list[tuple[EditionRow, Line]]:
    if ("lines", words.lang) not in kept.answers:
        lines = (line_of(printed, words) for printed in printed_rows(kept.rows))
        kept.answers["lines", words.lang] = list(zip(kept.rows, lines, strict=True))
    found: list[tuple[EditionRow, Line]] = kept.answers["lines", words.lang]
    return found


def _is_wanted(row: EditionRow, wanted: Wanted, search: list[str], changed: frozenset[str]) -> bool:
    if wanted.view not in EVERY_ROW and row.site_kind != wanted.view:
        return False
    if wanted.only_changed and row.piece not in changed:
        return False
    return all(word in row.search_text for word in search)
