"""A list of real places as a CSV file: read for the example programs, with the school board's language and the size of each school."""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from evenload.exchange.example_places import RealPlace
from evenload.exchange.findings import letters_of
from evenload.exchange.reading import InputError, InputProblem
from evenload.planning.program import Place

COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("NAME", "NAME_EN", "SCHOOL", "SITE", "NOM_ANGLAIS"),
    "name_fr": ("NAME_FR", "NOM"),
    "id": ("OBJECTID", "ID"),
    "board": ("BOARD", "FULL_BOARD", "CONSEIL"),
    "category": ("CATEGORY", "TYPE"),
    "lat": ("LATITUDE", "LAT", "Y"),
    "lon": ("LONGITUDE", "LON", "LONG", "X"),
    "number": ("NUM", "CIVIC_NUMBER"),
    "street": ("STREET", "ADDRESS", "RUE", "ADRESSE"),
    "town": ("TOWN", "CITY", "MUNICIPALITY", "VILLE"),
    "postal": ("POSTAL", "POSTAL_CODE", "POSTALCODE", "CODE_POSTAL"),
    "language": ("LANGUAGE", "LANGUE"),
}
"""Headings that are recognised, whatever their case; the first of a row that is there counts."""

REQUIRED = ("name", "lat", "lon")
FRENCH_HEADINGS = {"name": "NOM_ANGLAIS", "lat": "LATITUDE", "lon": "LONGITUDE"}
FRENCH_BOARDS = ("CECCE", "CEPEO", "CÉPEO", "CSC", "CSDCEO", "CONSEIL")
FRENCH_STARTS = ("école", "lycée", "collège catholique", "académie", "résidence", "centre d")
SCHOOL_CATEGORIES: dict[str, float] = {
    "elementary": 1.0,
    "secondary": 0.8,
    "intermediate": 0.7,
    "elementary/secondary": 1.3,
    "special education": 0.8,
    "alternate program": 0.4,
    "waldorf school": 1.0,
}
"""Categories that have pupils for school services, and their size against an elementary school."""
PRIVATE_SIZE = 0.3


@dataclass(frozen=True, slots=True)
class PlaceList:
    """The places of a list, and the categories that were left out because they are no schools, with their number."""

    places: tuple[RealPlace, ...]
    left_out: dict[str, int]


def read_places(path: Path) -> PlaceList:
    """Reads a CSV list of places. Raises InputError with every problem: no such file, a missing column, a place off the map."""
    rows = list(csv.reader(io.StringIO(_text(path), newline="")))
    headings = [heading.strip().upper() for heading in rows[0]] if rows else []
    columns = {name: place for name, known in COLUMNS.items() if (place := _column(headings, known)) is not None}
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        raise InputError(_missing(path, name) for name in missing)
    seen = _Seen([], Counter(), set())
    places = tuple(_places(rows[1:], columns, path.name, seen))
    if not places and not seen.problems:
        seen.problems.append(InputProblem(path.name, "", "", "no_rows"))
    if seen.problems:
        raise InputError(seen.problems)
    return PlaceList(places, dict(seen.left_out))


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was met on the way through a list: problems, categories left out, ids taken."""

    problems: list[InputProblem]
    left_out: Counter[str]
    ids: set[str]


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError([InputProblem("", "", str(path), "file_missing")]) from error
    except OSError as error:
        raise InputError([InputProblem("", "", str(path), "file_unreadable")]) from error
    if b"\0" in content[:4096]:
        raise InputError([InputProblem("", "", str(path), "text_encoding")])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _column(headings: list[str], known: tuple[str, ...]) -> int | None:
    return next((headings.index(name) for name in known if name in headings), None)


def _missing(path: Path, name: str) -> InputProblem:
    heading = COLUMNS[name][0]
    return InputProblem(str(path), "", "", "column_missing", {"column": heading, "column_fr": FRENCH_HEADINGS[name]})


def _places(rows: list[list[str]], columns: Mapping[str, int], file: str, seen: _Seen) -> Iterator[RealPlace]:
    for number, row in enumerate(rows, start=2):
        cells = {name: row[place].strip() if place < len(row) else "" for name, place in columns.items()}
        if not any(cells.values()):
            continue
        category = cells.get("category", "")
        if category and category.casefold() not in SCHOOL_CATEGORIES:
            seen.left_out[category] += 1
            continue
        lat, lon = (_coordinate(cells, name, limit) for name, limit in (("lat", 90), ("lon", 180)))
        if lat is None or lon is None:
            wrong = "lat" if lat is None else "lon"
            limit = "90" if lat is None else "180"
            cell = f"{letters_of(columns[wrong])}{number}"
            seen.problems.append(InputProblem(file, cell, cells[wrong], "out_of_range", {"low": f"-{limit}", "high": limit}))
            continue
        yield _place(cells, Place(lat, lon), number, seen.ids)


def _coordinate(cells: Mapping[str, str], name: str, limit: int) -> float | None:
    try:
        degrees = float(cells[name])
    except ValueError:
        return None
    return degrees if math.isfinite(degrees) and abs(degrees) <= limit else None


def _place(cells: Mapping[str, str], place: Place, number: int, taken: set[str]) -> RealPlace:
    category = cells.get("category", "").casefold()
    is_private = cells.get("board", "").casefold() == "private"
    id = f"S{cells.get('id') or number}"
    if id in taken:
        id = f"{id}-{number}"
    taken.add(id)
    is_french = _is_french(cells)
    names = [cells["name"], cells.get("name_fr", "")]
    if is_french and names[1]:
        names[0] = names[1]  # a French school is known by its own name; lists often hold a translation of it
    return RealPlace(
        id=id,
        name_en=names[0] or names[1] or id,
        name_fr=names[1] or None,
        lat=place.lat,
        lon=place.lon,
        size=SCHOOL_CATEGORIES.get(category, 1.0) * (PRIVATE_SIZE if is_private else 1.0),
        is_french=is_french,
        is_secondary=category == "secondary",
        address=" ".join(part for part in (cells.get("number"), cells.get("street")) if part) or None,
        town=cells.get("town") or None,
        postal=cells.get("postal") or None,
    )


def _is_french(cells: Mapping[str, str]) -> bool:
    """By the language stated, else by the board, else by a French name in the column of English names."""
    if language := cells.get("language", "").casefold():
        return language.startswith("fr")
    board = cells.get("board", "").upper()
    if board and board != "PRIVATE":
        return any(name in board for name in FRENCH_BOARDS)
    return cells["name"].casefold().startswith(FRENCH_STARTS)
