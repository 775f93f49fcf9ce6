"""Reading JSON that a person or a script may have changed: every problem is collected, with the path of its field."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, TypeVar

from evenload.planning.problems import CaseError, Problem, Where

TABLE: Final = "PLAN.json"
_SHOWN_CHARACTERS: Final = 60
_MISSING: Final = object()
T = TypeVar("T")


class Node:
    """One JSON object at a path. Its readers return a value of the asked type; where there is none, they note a problem."""

    def __init__(self, fields: Mapping[str, Any], path: str, problems: list[Problem]) -> None:
        self._fields, self._path, self._problems = fields, path, problems

    def text(self, name: str, default: str | None = None) -> str:
        """The text in this field."""
        value = self._field(name, default)
        return value if isinstance(value, str) else self._wrong(name, value, "a_text", "")

    def text_or_none(self, name: str) -> str | None:
        """The text in this field; None where it is empty or absent."""
        return None if self._fields.get(name) is None else self.text(name)

    def whole(self, name: str, default: int | None = None) -> int:
        """The whole number in this field."""
        value = self._field(name, default)
        return value if _is_whole(value) else self._wrong(name, value, "a_whole_number", 0)

    def whole_or_none(self, name: str) -> int | None:
        """The whole number in this field; None where it is empty or absent."""
        return None if self._fields.get(name) is None else self.whole(name)

    def day_or_none(self, name: str) -> date | None:
        """The day (YYYY-MM-DD) in this field; None where it is empty or absent."""
        value = self._fields.get(name)
        if value is None:
            return None
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            return self._wrong(name, value, "a_day", None)

    def number(self, name: str) -> float:
        """The finite number in this field."""
        value = self._field(name, None)
        return float(value) if _is_number(value) else self._wrong(name, value, "a_number", 0.0)

    def numbers(self, name: str, *, optional: bool = False) -> dict[str, float]:
        """The table of finite numbers in this field; an empty one where it is optional and absent."""
        inner = self.table(name, optional=optional)
        return {key: inner.number(key) for key in inner._fields}

    def texts(self) -> dict[str, str]:
        """All fields of this object, each a text."""
        return {key: self.text(key) for key in self._fields}

    def facts(self, *named: str) -> dict[str, str | int | float]:
        """All fields but the named ones, each a text or a number."""
        return {key: self._fact(key) for key in self._fields if key not in named}

    def table(self, name: str, *, optional: bool = False) -> Node:
        """The object in this field; an empty one where it is optional and absent."""
        value = self._field(name, {} if optional else None)
        fields = value if isinstance(value, dict) else self._wrong(name, value, "a_table", {})
        return Node(fields, self._at(name), self._problems if isinstance(value, dict) else [])

    def rows(self, name: str, *, optional: bool = False) -> list[Node]:
        """The objects of the list in this field; none where it is optional and absent."""
        value = self._field(name, [] if optional else None)
        rows = value if isinstance(value, list) else self._wrong(name, value, "a_list", [])
        return [node for position, row in enumerate(rows) if (node := self._row(f"{name}[{position}]", row)) is not None]

    def _row(self, name: str, value: Any) -> Node | None:
        if isinstance(value, dict):
            return Node(value, self._at(name), self._problems)
        return self._wrong(name, value, "a_table", None)

    def _fact(self, name: str) -> str | int | float:
        value = self._fields[name]
        if isinstance(value, str) or _is_number(value):
            return value  # type: ignore[no-any-return]
        return self._wrong(name, value, "a_number", 0)

    def _field(self, name: str, default: Any) -> Any:
        value = self._fields.get(name, _MISSING)
        return value if value is not _MISSING else (_MISSING if default is None else default)

    def _wrong(self, name: str, value: Any, expected: str, instead: T) -> T:
        code, shown = ("plan_field_missing", "") if value is _MISSING else ("plan_field_wrong", _shown(value))
        self._problems.append(Problem(code, Where(TABLE, None, self._at(name)), shown, {"expected": expected}))
        return instead

    def _at(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name


def parsed(text: str, schema: str, build: Callable[[Node], T]) -> T:
    """What `build` makes of the JSON object in `text`. Raises CaseError with every problem that was met on the way."""
    root = _root(text)
    found = root.get("schema")
    if found != schema:
        raise CaseError([Problem("plan_schema_unknown", Where(TABLE, None, "schema"), _shown(found), {"expected": schema})])
    problems: list[Problem] = []
    result = build(Node(root, "", problems))
    if problems:
        raise CaseError(problems)
    return result


def _root(text: str) -> dict[str, Any]:
    try:
        root = json.loads(text, parse_constant=_refused_constant, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise _not_json(str(error)) from None
    if not isinstance(root, dict):
        raise _not_json(_shown(root))
    return root


def _not_json(detail: str) -> CaseError:
    return CaseError([Problem("plan_not_json", Where(TABLE), "", {"detail": detail[:200]})])


def _refused_constant(name: str) -> float:
    raise ValueError(name)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(next(f"{name!r} twice" for name in names if names.count(name) > 1))
    return fields


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53


def _is_number(value: Any) -> bool:
    return _is_whole(value) or (isinstance(value, float) and math.isfinite(value))


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "…"
