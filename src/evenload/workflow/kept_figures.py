"""Figures that were counted before, kept in the records with the moment of their facts: typed values to JSON and back, exactly."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from django.db import DatabaseError, transaction

from evenload.records.models import KeptFigures, Program

Figures = TypeVar("Figures")


@dataclass(frozen=True, slots=True)
class Kept:
    """What a row says: what the figures stand for, when they were counted, and the figures."""

    stands_for: str
    counted_at: datetime
    figures: dict[str, Any]


def kept_of(programs: list[Program], part: str) -> Mapping[int, Kept]:
    """Program → what is kept of that part; one query."""
    rows = KeptFigures.objects.filter(program__in=programs, part=part)
    return {row.program_id: Kept(row.stands_for, row.counted_at, row.figures) for row in rows if row.program_id is not None}


def keep(program: Program, part: str, kept: Kept) -> None:
    """Write it down, unless somebody else has counted later facts meanwhile; a page that cannot write shows what it counted all the same."""
    values = {"stands_for": kept.stands_for, "counted_at": kept.counted_at, "figures": kept.figures}
    rows = KeptFigures.objects.filter(program=program, part=part)
    with suppress(DatabaseError), transaction.atomic():
        if not rows.filter(counted_at__lte=kept.counted_at).update(**values) and not rows.exists():
            KeptFigures.objects.bulk_create([KeptFigures(program=program, part=part, **values)], ignore_conflicts=True)


def to_json(value: Any) -> Any:
    """Frozen dataclasses, tuples, fractions and days as JSON can hold them; a fraction as its text, so that nothing is rounded."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_json(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple | list):
        return [to_json(one) for one in value]
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def from_json(kind: type[Figures], found: Any) -> Figures:
    """The value of that type again. Raises KeyError, TypeError or ValueError for what an other version wrote otherwise."""
    value: Figures = _read(kind, found)
    return value


def _read(kind: Any, found: Any) -> Any:
    if get_origin(kind) in (Union, UnionType):
        return None if found is None else _read(next(one for one in get_args(kind) if one is not NoneType), found)
    if get_origin(kind) is tuple:
        kinds = get_args(kind)
        if len(kinds) == 2 and kinds[1] is Ellipsis:
            return tuple(_read(kinds[0], one) for one in found)
        return tuple(_read(own, one) for own, one in zip(kinds, found, strict=True))
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        return kind(**{name: _read(own, found[name]) for name, own in _fields(kind)})
    if kind is Fraction:
        return Fraction(found)
    if kind in (date, datetime):
        return kind.fromisoformat(found)
    if not isinstance(found, kind):
        raise TypeError(f"expected {kind.__name__}, got {found!r}")
    return found


@cache
def _fields(kind: type) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(kind)
    return tuple((field.name, hints[field.name]) for field in dataclasses.fields(kind))
