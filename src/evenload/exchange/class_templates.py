"""Templates of time standards: the classes of one setting and discipline, each default with its source. All are meant to be edited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from evenload.exchange.example_settings import SETTINGS, ClassStandard
from evenload.exchange.rows import ClassRow
from evenload.exchange.setting_rows import class_row
from evenload.exchange.template_sources import JUDGED, OUR_JUDGEMENT, RATES, SOURCES, FigureSource, Sources
from evenload.words import Words, label, message

DISCIPLINES: Final = ("OT", "PT", "SLP")
TEMPLATES: Final = tuple((setting, discipline) for setting in SETTINGS for discipline in DISCIPLINES)
"""setting × discipline: twelve"""

FIGURES: Final = {
    "visits": message("visits"),
    "direct_minutes": message("direct minutes"),
    "indirect_minutes": message("indirect minutes"),
    "travel_minutes": message("travel minutes"),
    "episode_minutes": message("minutes per episode"),
    "no_show_rate": message("missed visits"),
}
"""Figures of a class that a template states, as its source names them."""


@dataclass(frozen=True, slots=True)
class ClassTemplate:
    """One class as a template has it: its row (without a source text), and where each figure comes from."""

    row: ClassRow
    sources: Mapping[str, FigureSource]


def class_templates(setting: str, discipline: str) -> tuple[ClassTemplate, ...]:
    """The classes of one template, in the order of their complexity. Raises KeyError where there is no such template."""
    own = SOURCES[setting, discipline]
    rate = RATES.get((setting, discipline))
    stated = (one for one in SETTINGS[setting].classes if one.discipline == discipline)
    return tuple(_template(one, own, None if rate is None or one.group_size > 1 else Fraction(rate)) for one in stated)


def source_text(words: Words, setting: str, discipline: str, sources: Mapping[str, FigureSource], *, edited: Iterable[str], by: str) -> str:
    """The source of a class that was entered from a template: what is published with its address, what is judgement, what was edited."""
    changed = set(edited)
    name = words.say(
        "Evenload's template: {setting}, {discipline}.",
        setting=label(words, "setting", setting),
        discipline=label(words, "discipline_short", discipline),
    )
    cited = [_cited(words, figure, source) for figure, source in sources.items() if source.how != JUDGED and figure not in changed]
    judged = [words.say(FIGURES[figure]) for figure, source in sources.items() if source.how == JUDGED and figure not in changed]
    own = [words.say(FIGURES[figure]) for figure in sources if figure in changed]
    parts = [
        name,
        *cited,
        words.say("Judgement of Evenload's authors, to be checked by the team: {figures}.", figures=words.list_of(judged))
        if judged
        else "",
        words.say("Judged by {name}: {figures}.", name=by, figures=words.list_of(own)) if own else "",
    ]
    return " ".join(part for part in parts if part)


def _cited(words: Words, figure: str, source: FigureSource) -> str:
    facts = {"figure": words.say(FIGURES[figure]), "said": words.say(source.said), "address": source.address}
    if source.how == "published":
        return words.say("Published, {figure}: {said} ({address}).", **facts)
    return words.say("Judgement near a published figure, {figure}: {said} ({address}).", **facts)


def _template(standard: ClassStandard, sources: Sources, rate: Fraction | None) -> ClassTemplate:
    stated = replace(class_row(standard), source=None, no_show_rate=rate)
    named = {name: sources.get(name, OUR_JUDGEMENT) for name in FIGURES if getattr(stated, name) is not None}
    return ClassTemplate(stated, named)
