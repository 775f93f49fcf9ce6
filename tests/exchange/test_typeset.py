"""A large document is set in a process of its own, with the same outcome."""

from __future__ import annotations

import json

import pytest

from evenload.exchange import typeset

pytestmark = pytest.mark.slow

CONTENT = {
    "lang": "en", "font": "Open Sans", "title": "List", "program": "École A", "edition": "Edition 1", "check": "Is it current?",
    "page_of": "Page", "code": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>', "code_name": "1-AAAA",
    "code_millimetres": 20, "headings": [f"H{n}" for n in range(12)],
    "sections": [{"title": "Schools", "rows": [{"look": "plain", "cells": ["x"] * 12}, {"look": "waiting", "cells": ["y"] * 12}]}],
}  # fmt: skip


def test_a_process_of_its_own_sets_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = {"edition": json.dumps(CONTENT)}
    here = typeset.set_pdf("edition.typ", inputs)
    monkeypatch.setattr(typeset, "LARGE_CHARACTERS", 0)

    beside = typeset.set_pdf("edition.typ", inputs)

    assert here.startswith(b"%PDF")
    assert beside == here


def test_what_cannot_be_set_is_an_error_and_no_empty_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typeset, "LARGE_CHARACTERS", 0)

    with pytest.raises(RuntimeError, match=r"edition\.typ: the typesetter ended with"):
        typeset.set_pdf("edition.typ", {"edition": "{}"})
