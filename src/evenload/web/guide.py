"""The guide for managers (docs/guide) as blocks that a page can show: the few forms of Markdown that its pages use, nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

PACKED: Final = Path(__file__).resolve().parent / "guide"
"""where an installed package has it"""
WRITTEN: Final = Path(__file__).resolve().parents[3] / "docs" / "guide"
FIRST: Final = "README"
SPAN: Final = re.compile(r"\*\*(?P<bold>.+?)\*\*|\*(?P<em>.+?)\*|`(?P<code>.+?)`|\[(?P<link>[^\]]+)\]\((?P<href>[^)]+)\)")
PICTURE: Final = re.compile(r"!\[(?P<text>[^\]]*)\]\(pictures/(?P<name>[a-z-]+)\.png\)")
ITEM: Final = re.compile(r"(?:- |\d+\. )(?P<text>.*)")


@dataclass(frozen=True, slots=True)
class Span:
    """A few words in one manner: text, bold, em, code or link; `page` is the page of the guide that a link leads to."""

    kind: str
    text: str
    page: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, picture, code, list (of items) or table (of rows of cells; the first row heads it)."""

    kind: str
    spans: tuple[Span, ...] = ()
    text: str = ""
    rows: tuple[tuple[tuple[Span, ...], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the guide."""

    title: str
    blocks: tuple[Block, ...]


def folder() -> Path:
    """The folder of the guide, in a package or in a clone."""
    return PACKED if PACKED.is_dir() else WRITTEN


@cache
def page_of(name: str, lang: str) -> Page | None:
    """The page in this language; None where there is none of this name."""
    if name not in names(lang):
        return None
    lines = (folder() / lang / f"{name}.md").read_text(encoding="utf-8").splitlines()
    return Page(lines[0].removeprefix("# "), tuple(_blocks(lines[1:])))


@cache
def names(lang: str) -> frozenset[str]:
    """The names of the pages in this language."""
    return frozenset(path.stem for path in (folder() / lang).glob("*.md"))


def picture_of(name: str, lang: str) -> Path | None:
    """The file of a picture; None where there is none of this name."""
    path = folder() / lang / "pictures" / f"{name}.png"
    return path if re.fullmatch(r"[a-z-]+", name) and path.is_file() else None


def _blocks(lines: list[str]) -> Iterator[Block]:
    for group in _groups(lines):
        first = group[0]
        if first.startswith("```"):
            yield Block("code", text="\n".join(group[1:-1]))
        elif first.startswith("## "):
            yield Block("heading", spans=spans(first[3:]))
        elif first.startswith("|"):
            rows = [tuple(spans(cell.strip()) for cell in line.strip("|").split("|")) for line in group if not line.startswith("|---")]
            yield Block("table", rows=tuple(rows))
        elif found := PICTURE.fullmatch(first):
            yield Block("picture", spans=(Span("text", found["text"]),), text=found["name"])
        elif ITEM.match(first):
            yield Block("numbers" if first[0].isdigit() else "list", rows=tuple((spans(item),) for item in _items(group)))
        else:
            yield Block("paragraph", spans=spans(" ".join(group)))


def _groups(lines: list[str]) -> Iterator[list[str]]:
    """Lines that belong together: until an empty one; a code block as a whole."""
    group: list[str] = []
    for line in [*lines, ""]:
        is_in_code = bool(group) and group[0].startswith("```")
        if line.strip() and not is_in_code:
            group.append(line.strip() if not line.startswith("```") else line)
        elif is_in_code:
            group.append(line)
            if line.startswith("```"):
                yield group
                group = []
        elif group:
            yield group
            group = []


def _items(group: list[str]) -> list[str]:
    items: list[str] = []
    for line in group:
        if found := ITEM.match(line):
            items.append(found["text"])
        else:
            items[-1] += f" {line}"
    return items


def spans(text: str) -> tuple[Span, ...]:
    """The words of a line by their manner. A link that leads out of the guide keeps its words only."""
    found, end = [], 0
    for match in SPAN.finditer(text):
        if match.start() > end:
            found.append(Span("text", text[end : match.start()]))
        kind = str(match.lastgroup if match.lastgroup != "href" else "link")
        page = (match["href"] or "").removesuffix(".md")
        is_outside = kind == "link" and not re.fullmatch(r"[a-zA-Z-]+", page)
        found.append(Span("text" if is_outside else kind, match[kind], "" if is_outside else page))
        end = match.end()
    return (*found, *((Span("text", text[end:]),) if end < len(text) else ()))
