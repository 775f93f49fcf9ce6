"""Rows as canonical JSON and back: how a run's facts are kept as they were."""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from evenload.exchange.rows import Rows


def rows_to_json(rows: Rows) -> str:
    """Canonical JSON: the same rows give the same bytes. Fractions as `p/q` texts, dates as YYYY-MM-DD; empty facts are left out."""
    return json.dumps(_plain(rows), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def rows_from_json(text: str) -> Rows:
    """The rows that `rows_to_json` wrote. Raises ValueError, KeyError or TypeError for anything else."""
    return cast(Rows, _typed(json.loads(text), Rows))


def _plain(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value) if getattr(value, f.name) not in (None, ())}
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Fraction):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


@lru_cache(maxsize=32)
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _typed(value: Any, kind: Any) -> Any:
    """The value as the field's type says."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return None if value is None else _typed(value, next(one for one in get_args(kind) if one is not type(None)))
    if origin is tuple:
        return tuple(_typed(one, get_args(kind)[0]) for one in value)
    if origin is not None and issubclass(origin, Mapping):
        return dict(value)
    if is_dataclass(kind):
        hints = _hints(cast(type, kind))
        return cast(type, kind)(**{name: _typed(one, hints[name]) for name, one in value.items()})
    if kind is Fraction:
        return Fraction(value)
    return date.fromisoformat(value) if kind is date else value
