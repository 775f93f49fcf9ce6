"""A refusal: an action that may not happen, as a code and the facts its sentence needs."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 — the house's word (docs/decisions, house style): a refusal is an answer, not an accident
    """The action was refused and nothing was changed. `words` says the sentence from `code` and `facts`."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts = facts
        super().__init__(f"{code}: {facts}")
