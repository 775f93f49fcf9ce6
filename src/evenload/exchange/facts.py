"""From rows to facts: the Program of the core, with ids and codes only. Names, labels and addresses stay behind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from evenload.exchange.places import fsa_of, place_of
from evenload.exchange.rows import AbsenceRow, ClassRow, PractitionerRow, ProgramRow, Rows, SiteRow, UnitRow, VisitRow
from evenload.exchange.text_cells import same
from evenload.planning.codes import SITE_KINDS, UNIT_KINDS
from evenload.planning.prices import Prices, prices_from
from evenload.planning.program import (
    Absence,
    ComplexityClass,
    Duty,
    Period,
    PractitionerFacts,
    Program,
    Site,
    UnitFacts,
    Visit,
)


@dataclass(frozen=True, slots=True)
class Spellings:
    """One spelling for each word that people wrote in several ("AAC", "aac"), whatever the order of rows."""

    chosen: Mapping[str, str]

    @classmethod
    def among(cls, words: Iterable[str | None], codes: Iterable[str] = ()) -> Spellings:
        """One of `codes` where it differs only in case, else the first spelling in the order of characters."""
        groups: dict[str, set[str]] = defaultdict(set)
        for word in words:
            if word is not None:
                groups[same(word)].add(word)
        return cls({key: min(group) for key, group in groups.items()} | {same(code): code for code in codes})

    def one(self, word: str | None) -> str | None:
        """The chosen spelling of a word; None for None."""
        return None if word is None else self.chosen[same(word)]

    def all(self, words: Iterable[str]) -> frozenset[str]:
        """The chosen spellings of several words."""
        return frozenset(self.chosen[same(word)] for word in words)


def program_from(rows: Rows) -> Program:
    """The facts of a workbook. Places: latitude and longitude, else the centroid of the postal code's area, else unknown.

    Raises KeyError for a goal that does not exist (the reader refuses it at its cell).
    """
    tags, places, teams, bundles = _spellings(rows)
    program = rows.program
    return Program(
        setting=program.setting,
        period=_period(program),
        practitioners=tuple(_practitioner(row, tags, places, teams) for row in rows.practitioners),
        classes=tuple(map(_class, rows.classes)),
        units=tuple(_unit(row, tags, bundles) for row in rows.units),
        sites=tuple(_site(row, places, teams) for row in rows.sites),
        absences=tuple(_absence(row) for row in rows.absences),
        duties=tuple(Duty(row.practitioner, row.kind, row.basis, row.amount) for row in rows.duties),
        visits=tuple(map(_visit, rows.visits)),
        contracted_visits=program.contracted_visits,
        fte_weekly_hours=program.fte_weekly_hours,
        reserve_percent=program.reserve_percent,
        block_hours=program.block_hours,
        other_disciplines=program.other_disciplines,
        speed_kmh=program.speed_kmh,
        detour_factor=program.detour_factor,
        prices=_prices(rows),
    )


def _spellings(rows: Rows) -> tuple[Spellings, Spellings, Spellings, Spellings]:
    """Spellings of tags, areas and towns, teams, and bundles."""
    tags = [word for person in rows.practitioners for word in (*person.skills, *person.interests)]
    tags += [word for unit in rows.units for word in (*unit.skills_required, *unit.skills_preferred)]
    places = [word for site in rows.sites for word in (site.area, site.town)] + [person.area for person in rows.practitioners]
    teams = [site.team for site in rows.sites] + [person.team for person in rows.practitioners]
    bundles = [unit.together for unit in rows.units]
    codes = (*UNIT_KINDS, *SITE_KINDS, *(row.id for row in rows.classes))  # interests may name these, too
    return Spellings.among(tags, codes), Spellings.among(places), Spellings.among(teams), Spellings.among(bundles)


def _period(program: ProgramRow) -> Period:
    return Period(program.period_start, program.period_weeks, program.as_of or program.period_start)


def _prices(rows: Rows) -> Prices:
    return prices_from({row.goal: float(row.price) for row in rows.goals})


def _absence(row: AbsenceRow) -> Absence:
    return Absence(row.practitioner, row.kind, hours=row.hours, days=row.days, from_date=row.from_date, to_date=row.to_date)


def _practitioner(row: PractitionerRow, tags: Spellings, places: Spellings, teams: Spellings) -> PractitionerFacts:
    return PractitionerFacts(
        id=row.id,
        disciplines=row.disciplines,
        engagement=row.engagement,
        weekly_hours=row.weekly_hours,
        max_hours=row.max_hours,
        comfortable_min_percent=row.comfortable_min_percent,
        comfortable_max_percent=row.comfortable_max_percent,
        languages=dict(row.languages),
        skills=tags.all(row.skills),
        interests=tags.all(row.interests),
        years_experience=row.years_experience,
        base=place_of(row.base_lat, row.base_lon, row.base_postal),
        longest_drive_minutes=row.longest_drive_minutes,
        max_sites_per_day=row.max_sites_per_day,
        accepts_new=row.accepts_new,
        team=teams.one(row.team),
        area=places.one(row.area),
        from_date=row.from_date,
        to_date=row.to_date,
        days=frozenset(row.days),
        evenings=row.evenings,
        feedback=row.feedback,
    )


def _site(row: SiteRow, places: Spellings, teams: Spellings) -> Site:
    return Site(
        id=row.id,
        kind=row.kind,
        area=places.one(row.area),
        team=teams.one(row.team),
        language=row.language,
        town=places.one(row.town),
        fsa=fsa_of(row.postal),
        place=place_of(row.lat, row.lon, row.postal),
    )


def _class(row: ClassRow) -> ComplexityClass:
    return ComplexityClass(
        id=row.id,
        discipline=row.discipline,
        visits=row.visits,
        direct_minutes=row.direct_minutes,
        indirect_minutes=row.indirect_minutes,
        travel_minutes=row.travel_minutes,
        episode_minutes=row.episode_minutes,
        group_size=row.group_size,
        no_show_rate=row.no_show_rate,
        no_show_minutes=row.no_show_minutes,
        experience_years=row.experience_years,
        judgement_weight=row.judgement_weight,
        source=row.source,
    )


def _unit(row: UnitRow, tags: Spellings, bundles: Spellings) -> UnitFacts:
    return UnitFacts(
        id=row.id,
        kind=row.kind,
        discipline=row.discipline,
        class_id=row.class_id,
        site=row.site,
        clients=row.clients,
        visits_allotted=row.visits_allotted,
        visits_used=row.visits_used,
        visits_per_week=row.visits_per_week,
        language=row.language,
        language_need=row.language_need,
        skills_required=tags.all(row.skills_required),
        skills_preferred=tags.all(row.skills_preferred),
        priority=row.priority,
        waiting_since=row.waiting_since,
        current_practitioner=row.current_practitioner,
        pinned=row.pinned,
        barred_practitioners=frozenset(row.barred_practitioners),
        together=bundles.one(row.together),
        days=frozenset(row.days),
        evening=row.evening,
        from_date=row.from_date,
        fsa=fsa_of(row.postal),
        place=place_of(row.lat, row.lon, row.postal),
    )


def _visit(row: VisitRow) -> Visit:
    return Visit(
        on=row.on,
        class_id=row.class_id,
        direct_minutes=row.direct_minutes,
        outcome=row.outcome,
        practitioner=row.practitioner,
        unit=row.unit,
        indirect_minutes=row.indirect_minutes,
        travel_minutes=row.travel_minutes,
        times=row.times,
    )
