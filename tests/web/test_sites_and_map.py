"""Sites with their teams and gaps, and the map that draws nothing of anybody else."""

from __future__ import annotations

import json
import re

import pytest

from cast import NOW, Cast
from evenload.workflow import drafts
from web.desk_visits import begun, client_of, done, page_of, text_of
from workflow.drafts_made import example_program

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def spots_of(page: str) -> list[dict[str, object]]:
    found = re.search(r'<script id="spots" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    spots: list[dict[str, object]] = json.loads(found[1])
    return spots


def test_a_site_shows_who_comes_and_which_discipline_is_missing(everybody: Cast) -> None:
    draft = begun(everybody)
    client = client_of(everybody.manager_of_a)
    before = text_of(page_of(client, "sites", everybody.program_a))
    done(client, "desk_move", draft, piece="u1", to="")

    after = text_of(page_of(client, "sites", everybody.program_a))

    assert "A School Ana" in before
    assert "A School ▲" not in before
    assert "A School ▲ Missing: OT nobody" in after


def test_only_the_sites_with_a_gap_are_shown_where_that_is_asked(everybody: Cast) -> None:
    draft = begun(everybody)
    client = client_of(everybody.manager_of_a)
    done(client, "desk_move", draft, piece="u1", to="")

    page = text_of(page_of(client, "sites", everybody.program_a, gaps="yes"))

    assert "A School" in page
    assert "B School" not in page


def test_the_map_has_every_known_place_and_its_list_says_the_same(db: None) -> None:
    program, by = example_program(practitioners=8, units=60)
    drafts.open_draft(program, by=by, at=NOW)

    page = page_of(client_of(by.account), "map", program)
    spots = spots_of(page)

    listed = [(spot["kind"], spot["name"]) for spot in spots if spot["kind"] != "town"]
    assert {kind for kind, _ in listed} >= {"site", "base"}
    assert page.count('class="spot"') == len(listed)
    assert all(isinstance(spot["lat"], float) and 40 < spot["lat"] < 60 for spot in spots)


def test_the_map_loads_nothing_from_elsewhere(everybody: Cast) -> None:
    begun(everybody)

    page = page_of(client_of(everybody.manager_of_a), "map", everybody.program_a)

    assert re.findall(r'(?:src|href)="(?:https?:)?//', page) == []


def test_a_name_that_looks_like_a_tag_stays_text(everybody: Cast) -> None:
    program = everybody.program_a
    program.sites.filter(code="A").update(name_en="</script><b>Bad</b>")
    program.facts_version += 1
    program.save()
    begun(everybody)

    page = page_of(client_of(everybody.manager_of_a), "map", program)

    assert "</script><b>Bad" not in page
    assert any(spot["name"] == "</script><b>Bad</b>" for spot in spots_of(page))
