"""Sites and their teams: who comes where, and which discipline is missing."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from evenload.planning.site_teams import SiteTeam, site_teams
from evenload.records.access import program_for
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in, shows
from evenload.web.draft_words import names_of
from evenload.words import Words, label
from evenload.words.phrases import Names
from evenload.workflow.current_picture import picture_at_hand
from evenload.workflow.draft_picture import Picture
from evenload.workflow.refused import Refused


@dataclass(frozen=True, slots=True)
class Comer:
    """One discipline at a site: who comes, whether nobody does, whether some of it waits."""

    code: str
    discipline: str
    people: str
    is_gap: bool
    is_partly: bool


@dataclass(frozen=True, slots=True)
class SiteLine:
    """One site and its team."""

    code: str
    name: str
    place: str
    comers: tuple[Comer, ...]
    missing: str
    loses_french: bool

    @property
    def has_gap(self) -> bool:
        """Whether a discipline has units here and nobody for them."""
        return bool(self.missing)

    def of(self, discipline: str) -> Comer | None:
        """Who comes of one discipline; None where it has no units here."""
        return next((one for one in self.comers if one.code == discipline), None)


@door("map.see")
@require_safe
def sites(request: HttpRequest, code: str) -> HttpResponse:
    """Every site with its team; `gaps=yes` shows only those where a discipline is missing."""
    program = program_for(person_in(request), code, "map.see")
    shows(request, program=program)
    try:
        picture, draft = picture_at_hand(program)
    except Refused:
        return redirect("desk", code=code)
    words = words_of(request)
    lines = site_lines(words, names_of(words, picture.facts), picture)
    gaps = [line for line in lines if line.has_gap]
    only_gaps = request.GET.get("gaps") == "yes"
    disciplines = list(dict.fromkeys(one.code for line in lines for one in line.comers))
    shown = gaps if only_gaps else lines
    facts = {
        "program": program,
        "draft": draft,
        "disciplines": disciplines,
        "rows": [(line, [line.of(code) for code in disciplines]) for line in shown],
        "gap_count": len(gaps),
        "count": len(lines),
        "only_gaps": only_gaps,
    }
    return render(request, "sites.html", facts)


def site_lines(words: Words, names: Names, picture: Picture) -> list[SiteLine]:
    """Sites with units, those with a gap first, then by name."""
    lines = [_line(words, names, picture, team) for team in site_teams(picture.standing)]
    return sorted(lines, key=lambda line: (not line.has_gap, line.name.casefold()))


def _line(words: Words, names: Names, picture: Picture, team: SiteTeam) -> SiteLine:
    site = picture.facts.sites.get(team.site)
    comers = tuple(
        Comer(
            code=discipline,
            discipline=label(words, "discipline", discipline),
            people=words.list_of(names.get(code, code) for code in people),
            is_gap=discipline in team.gaps,
            is_partly=discipline in team.partly,
        )
        for discipline, people in team.disciplines.items()
    )
    missing = words.list_of(label(words, "discipline_short", one.code) for one in comers if one.is_gap) if team.gaps else ""
    place = " · ".join(dict.fromkeys(text for text in ((site.town, site.area) if site else ()) if text))
    return SiteLine(team.site, names.get(team.site, team.site), place, comers, missing, team.loses_french)
