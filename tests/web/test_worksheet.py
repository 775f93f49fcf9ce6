"""The planning worksheet on its page."""

from __future__ import annotations

import pytest

from cast import Cast
from web.desk_visits import client_of, page_of, text_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def test_the_three_steps_stand_on_three_pages(everybody: Cast) -> None:
    marie = client_of(everybody.manager_of_a)

    pages = [text_of(page_of(marie, "worksheet", everybody.program_a, step=step)) for step in "123"]

    assert "1,338.6 h" in pages[0]
    assert "772.7 h" in pages[1]
    assert "1.91 FTE; there are 2.33" in pages[2]
