"""XML of workbooks, element by element, with a reader that refuses document types and therefore knows no entities."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from xml.parsers import expat

Attributes = dict[str, str]
XmlError = expat.ExpatError


def walk(
    chunks: Iterable[bytes],
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] = lambda _name: None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Call `start` and `end` for each element, by its local name and its attributes by local name, and `text` for text.

    Raises XmlError for XML that is damaged or declares a document type.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: start(local(name), {local(key): value for key, value in attributes.items()})
    parser.EndElementHandler = lambda name: end(local(name))
    parser.StartDoctypeDeclHandler = _refuse
    if text is not None:
        parser.CharacterDataHandler = text
    for chunk in chunks:
        parser.Parse(chunk, False)
    parser.Parse(b"", True)


def local(name: str) -> str:
    """The name without its namespace."""
    return name.rpartition(" ")[2]


def _refuse(*_declaration: object) -> None:
    raise XmlError("document types are refused")
