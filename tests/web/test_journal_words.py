"""Every action that is ever written down has a name that a privacy officer understands."""

from __future__ import annotations

import ast
from pathlib import Path

from evenload.records.access import JOURNALLED
from evenload.records.models.drafts import CHANGE_KINDS
from evenload.web.journal_words import ACTIONS

SOURCE = Path(__file__).resolve().parents[2] / "src" / "evenload"
PATTERNS = {
    "draft.": [f"draft.{kind}" for kind in CHANGE_KINDS],
    "mail.": ["mail.failed", "mail.doubtful"],
    "visit.": ["visit.plan", "visit.drop"],
}
"""beginnings of actions that are put together → what they become"""


def written_actions() -> set[str]:
    """The action of every call of `record` and `record_alone` in the source."""
    found: set[str] = set()
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            is_line = isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("record", "record_alone") and len(node.args) > 1
            if is_line and isinstance(node.args[1], ast.Constant):
                found.add(str(node.args[1].value))
            elif is_line and isinstance(node.args[1], ast.JoinedStr) and isinstance(node.args[1].values[0], ast.Constant):
                found.update(PATTERNS[str(node.args[1].values[0].value)])
    return found


def test_every_action_of_the_journal_has_a_name() -> None:
    found = written_actions()

    assert len(found) > 15
    assert sorted((found | JOURNALLED) - set(ACTIONS)) == []


def test_no_name_is_left_of_an_action_that_nobody_takes() -> None:
    assert sorted(set(ACTIONS) - written_actions() - JOURNALLED - {"edition.publish"}) == []
