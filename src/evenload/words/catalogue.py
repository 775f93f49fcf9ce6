"""The catalogue of sentences: read from the source, kept in locale/*/LC_MESSAGES/evenload.po, compiled to .mo.

    python -m evenload.words.catalogue           reads the source again, updates both languages, compiles
    python -m evenload.words.catalogue --check   changes nothing; ends with 1 where a message has no French

A message is the literal text in `say("…")`, `say_n("one", "many", …)`, `Counted("one", "many", …)` or `message("…")`, and in
the templates' `{% say "…" %}` and `{% say_n "one" "many" … %}`.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from babel.messages import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from evenload.words.formats import LANGUAGES
from evenload.words.voice import DOMAIN, LOCALES

SOURCE: Final = Path(__file__).parents[1]
TEXTS_OF: Final = {"say": 1, "message": 1, "say_n": 2, "Counted": 2}
"""How many leading arguments of a call, or of a template's tag, are messages."""

TAG: Final = re.compile(r"\{%\s*(say|say_n)\s(.*?)%\}")
LITERAL: Final = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')(?=\s|$)""")

HEADER: Final = "# The sentences of Evenload. Canadian French: vous, epicene words, no-break spaces before h, %, $, : and inside « »."
WRITTEN_ON: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""Stands in the files instead of the clock, so that the same source gives the same files."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the source: its text, its plural (empty where it has none) and the file that says it."""

    text: str
    plural: str
    file: str

    @property
    def id(self) -> str | tuple[str, str]:
        """The message as catalogues spell it."""
        return (self.text, self.plural) if self.plural else self.text


class NotLiteralError(ValueError):
    """A message that cannot be read from the source: it is put together when the program runs."""


def messages_in(text: str, file: str) -> Iterator[Message]:
    """Every message of one source file. Raises NotLiteralError for an f-string or a sum of texts."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and (count := TEXTS_OF.get(_name_of(node.func), 0)) and len(node.args) >= count:
            yield from _messages_of(node.args[:count], file)


def messages_in_template(text: str, file: str) -> Iterator[Message]:
    """Every message of one template. Raises NotLiteralError for a message that is not one literal text."""
    for tag in TAG.finditer(text):
        texts, rest = [], tag[2]
        for _ in range(TEXTS_OF[tag[1]]):
            literal = LITERAL.match(rest)
            if literal is None:
                line = text.count("\n", 0, tag.start()) + 1
                raise NotLiteralError(f"{file}, line {line}: a message is one literal text with named placeholders")
            texts.append(re.sub(r"\\(.)", r"\1", literal[1] if literal[1] is not None else literal[2]))
            rest = rest[literal.end() :]
        yield Message(texts[0], texts[1] if len(texts) > 1 else "", file)


def messages(source: Path = SOURCE) -> tuple[Message, ...]:
    """Every message of the source tree, programs and templates, by file and place."""
    readers = ((messages_in, "*.py"), (messages_in_template, "*.html"))
    files = [(read, path) for read, pattern in readers for path in sorted(source.rglob(pattern))]
    return tuple(m for read, path in files for m in read(path.read_text(encoding="utf-8"), path.relative_to(source.parent).as_posix()))


def extract(found: Iterable[Message]) -> Catalog:
    """A catalogue without translations. Raises ValueError where one text is both with and without a plural."""
    template, plurals = _empty(None), dict[str, str]()
    for one in sorted(found, key=lambda one: (one.text, one.file)):
        if plurals.setdefault(one.text, one.plural) != one.plural:
            raise ValueError(f"{one.file}: {one.text!r} has two plurals, {plurals[one.text]!r} and {one.plural!r}")
        template.add(one.id, locations=[(one.file, 0)])
    return template


def update(language: str, template: Catalog) -> Catalog:
    """The language's catalogue with the template's messages: translations stay, new messages are empty, unused ones go."""
    updated = _empty(language)
    old = read(language)
    for entry in template:
        if entry.id:
            known = old.get(entry.id)
            string = known.string if known and known.id == entry.id and not known.fuzzy else None
            updated.add(entry.id, string, locations=entry.locations)
    return updated


def read(language: str) -> Catalog:
    """The language's catalogue as it is stored; an empty one where there is none."""
    path = po_path(language)
    if not path.exists():
        return _empty(language)
    with path.open("rb") as file:
        return read_po(file, locale=_locale(language))


def po_text(catalogue: Catalog) -> bytes:
    """The catalogue as the text of a .po file, sorted, so that a difference shows what changed."""
    out = io.BytesIO()
    write_po(out, catalogue, width=120, sort_output=True, no_location=True)
    return out.getvalue()


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as a .mo file."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def po_path(language: str) -> Path:
    """Where the language's sentences are kept."""
    return LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def untranslated(catalogue: Catalog) -> tuple[str, ...]:
    """Messages without a complete translation."""
    return tuple(str(entry.id) for entry in catalogue if entry.id and (entry.fuzzy or not all(strings_of(entry))))


def strings_of(entry: Entry) -> tuple[str, ...]:
    """The translations of one entry: one, or one for each plural form."""
    string = entry.string
    return (string,) if isinstance(string, str) else tuple(string or ("",))


def write(language: str, catalogue: Catalog) -> None:
    """Stores the catalogue and its compiled form."""
    path = po_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(po_text(catalogue))
    path.with_suffix(".mo").write_bytes(compiled(catalogue))


def main(arguments: list[str]) -> int:
    """Updates and compiles both languages, or only checks them; 1 where a message has no French."""
    template = extract(messages())
    catalogues = {language: update(language, template) for language in LANGUAGES}
    if "--check" not in arguments:
        for language, catalogue in catalogues.items():
            write(language, catalogue)
    missing = untranslated(catalogues["fr"])
    for id in missing:
        sys.stderr.write(f"no French: {id}\n")
    return 1 if missing else 0


def _messages_of(arguments: list[ast.expr], file: str) -> Iterator[Message]:
    if len(arguments) == 2:
        one, many = (_literals(argument, file) for argument in arguments)
        yield from (Message(text, plural, file) for text, plural in zip(one, many, strict=True))
    else:
        yield from (Message(text, "", file) for text in _literals(arguments[0], file))


def _literals(argument: ast.expr, file: str) -> tuple[str, ...]:
    """The literal texts of an argument: none for a name (its table marks them), two for `a if … else b`."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return (argument.value,)
    if isinstance(argument, ast.IfExp):
        return _literals(argument.body, file) + _literals(argument.orelse, file)
    if isinstance(argument, ast.JoinedStr | ast.BinOp):
        raise NotLiteralError(f"{file}, line {argument.lineno}: a message is one literal text with named placeholders")
    return ()


def _name_of(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _empty(language: str | None) -> Catalog:
    return Catalog(
        locale=_locale(language) if language else None,
        domain=DOMAIN,
        header_comment=HEADER,
        project="Evenload",
        version="1",
        msgid_bugs_address="see CONTRIBUTING.md",
        last_translator="the Evenload team",
        language_team="Evenload",
        creation_date=WRITTEN_ON,
        revision_date=WRITTEN_ON,
        fuzzy=False,
    )


def _locale(language: str) -> str:
    return f"{language}_CA"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
