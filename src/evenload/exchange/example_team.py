"""The practitioners of the example programs: disciplines, languages, homes, hours, skills and limits, as a real team has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from math import ceil, floor
from random import Random

from evenload.exchange.example_names import person_name
from evenload.exchange.example_places import coordinate, near
from evenload.exchange.example_region import nearest_neighbourhood
from evenload.exchange.example_settings import SKILLS, Setting
from evenload.exchange.rows import PractitionerRow, ProgramRow
from evenload.planning.program import Place

WEEKLY_HOURS = (
    Fraction(75, 2),
    Fraction(75, 2),
    Fraction(75, 2),
    Fraction(30),
    Fraction(30),
    Fraction(45, 2),
    Fraction(45, 2),
    Fraction(15),
)
WORKING_WEEK = ("mon", "tue", "wed", "thu", "fri")
FEW = 4
"""Below so many people of one discipline and language, each accepts to drive across the whole region."""
OTHER_LANGUAGES = ("ar", "ar", "so", "zh", "es", "pa")


@dataclass(frozen=True, slots=True)
class Need:
    """One point of need that staff is hired for: where it is, how heavy it weighs, whether it asks for French."""

    place: Place
    weight: float
    is_french: bool
    disciplines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hired:
    """Somebody to be hired: for which disciplines (joined by `;`), whether for French, living where, and driving how far."""

    group: str
    speaks_french: bool
    home: Place
    drives_far: bool


def staff_counts(setting: Setting, practitioners: int) -> dict[str, int]:
    """Practitioners per staff group (a discipline, or several joined by `;`), by largest remainder.

    Every group gets at least one where there are enough people; else the largest groups do.
    """
    groups = sorted(setting.staff_shares, key=lambda group: -setting.staff_shares[group])[:practitioners]
    total = sum(setting.staff_shares[group] for group in groups)
    exact = {group: setting.staff_shares[group] / total * practitioners for group in groups}
    counts = {group: max(1, floor(exact[group])) for group in groups}
    while sum(counts.values()) > practitioners:
        counts[max(groups, key=lambda group: counts[group] - exact[group])] -= 1
    while sum(counts.values()) < practitioners:
        counts[max(groups, key=lambda group: exact[group] - counts[group])] += 1
    return counts


def team(
    rng: Random,
    setting: Setting,
    *,
    program: ProgramRow,
    counts: dict[str, int],
    needs: Sequence[Need],
    taken: set[str] | None = None,
) -> list[PractitionerRow]:
    """The practitioners, hired where the need is; French is short in the setting's scarce discipline and ample in the others.

    Names in `taken` are not given again; those given are added to it.
    """
    drafts: list[Hired] = []
    for group, count in counts.items():
        own = [need for need in needs if set(need.disciplines) & set(group.split(";"))]
        french = _french_count(own, count, is_scarce=setting.scarce_french in group.split(";"))
        for speaks_french, number in ((True, french), (False, count - french)):
            asking = [need for need in own if need.is_french is speaks_french] or own
            drafts += [Hired(group, speaks_french, place, number < FEW) for place in _homes(rng, asking, number)]
    taken = set() if taken is None else taken
    width = max(2, len(str(len(drafts))))
    people = [_practitioner(rng, f"P{number:0{width}d}", setting, draft, taken=taken) for number, draft in enumerate(drafts, start=1)]
    return _with_events(rng, program, people)


def _french_count(needs: Sequence[Need], count: int, *, is_scarce: bool) -> int:
    total = sum(need.weight for need in needs)
    share = sum(need.weight for need in needs if need.is_french) / total if total else 0.0
    if share == 0:
        return 0
    wanted = floor(share * count) if is_scarce else ceil(1.15 * share * count)
    return min(count, max(1, wanted))


def _homes(rng: Random, needs: Sequence[Need], count: int) -> list[Place]:
    """Homes spread over the need from east to west, each within some kilometres of it; anywhere where there is no need."""
    if not needs:
        return [Place(45.40, -75.70)] * count
    ordered = sorted(needs, key=lambda need: (need.place.lon, need.place.lat))
    total = sum(need.weight for need in ordered)
    homes, passed, index = [], ordered[0].weight, 0
    for number in range(count):
        while passed < (number + 0.5) / count * total and index < len(ordered) - 1:
            index += 1
            passed += ordered[index].weight
        homes.append(near(rng, nearest_neighbourhood(ordered[index].place), 2.2))
    return homes


def _practitioner(rng: Random, id: str, setting: Setting, hired: Hired, *, taken: set[str]) -> PractitionerRow:
    speaks_french, home = hired.speaks_french, hired.home
    is_francophone = speaks_french and rng.random() < 0.6
    neighbourhood = nearest_neighbourhood(home)
    disciplines = tuple(hired.group.split(";"))
    hours = rng.choice(WEEKLY_HOURS)
    years = Fraction(min(34, floor(rng.expovariate(1 / 8))))
    days = (
        tuple(sorted(rng.sample(WORKING_WEEK, 3 if hours > 20 else 2), key=WORKING_WEEK.index)) if hours < 25 and rng.random() < 0.5 else ()
    )
    by_postal = rng.random() < 0.08 and neighbourhood.fsa not in ("K0A", "K1N")
    engagement = "independent" if rng.random() < setting.independent_share else "employee"
    low, high = rng.choice(((70, 95), (70, 95), (70, 95), (75, 98), (60, 90), (65, 92)))
    skills = _skills(rng, disciplines)
    return PractitionerRow(
        id=id,
        name=person_name(rng, is_francophone, taken),
        disciplines=disciplines,
        engagement=engagement,
        weekly_hours=hours,
        comfortable_min_percent=Fraction(low),
        comfortable_max_percent=Fraction(high),
        languages=_languages(rng, speaks_french=speaks_french, is_francophone=is_francophone),
        skills=skills,
        interests=_interests(rng, setting, disciplines, skills),
        years_experience=years if rng.random() < 0.95 else None,
        base_postal=neighbourhood.fsa if by_postal else None,
        base_lat=None if by_postal else coordinate(home.lat),
        base_lon=None if by_postal else coordinate(home.lon),
        longest_drive_minutes=rng.choice(
            (90, 90, 105) if hired.drives_far else (45, 60, 75, 90) if speaks_french else (35, 40, 45, 60, 60)
        ),
        max_sites_per_day=rng.choice((None, None, 3, 4, 5)),
        team=neighbourhood.team,
        area=neighbourhood.area,
        days=days,
        evenings=rng.choice((None, True, True, False)),
    )


def _languages(rng: Random, *, speaks_french: bool, is_francophone: bool) -> dict[str, str]:
    if is_francophone:
        languages = {"fr": "native", "en": rng.choice(("fluent", "fluent", "fluent", "functional"))}
    else:
        languages = {"en": "native"}
        if speaks_french:
            languages["fr"] = "fluent"
        elif rng.random() < 0.4:
            languages["fr"] = rng.choice(("basic", "functional"))
    if rng.random() < 0.3:
        languages[rng.choice(OTHER_LANGUAGES)] = rng.choice(("native", "fluent", "functional"))
    return languages


def _skills(rng: Random, disciplines: tuple[str, ...]) -> tuple[str, ...]:
    known = sorted({skill for discipline in disciplines for skill in SKILLS[discipline]})
    return tuple(sorted(rng.sample(known, min(len(known), rng.choice((1, 2, 2, 3, 4))))))


def _interests(rng: Random, setting: Setting, disciplines: tuple[str, ...], skills: tuple[str, ...]) -> tuple[str, ...]:
    """Interests share their words with skills, classes and kinds of place: that is how they are matched."""
    offered = [*skills, setting.site_kind, setting.site_kind, "client", f"{disciplines[0]}-high", f"{disciplines[0]}-moderate"]
    return tuple(sorted(set(rng.sample(offered, min(len(offered), rng.choice((0, 1, 1, 2)))))))


def _with_events(rng: Random, program: ProgramRow, people: list[PractitionerRow]) -> list[PractitionerRow]:
    """What happens in a team over a period: one starts late, one goes on leave, some take no new clients. Only in larger teams."""
    if len(people) < 16:
        return people
    late, leaving, *full = rng.sample(range(len(people)), 2 + max(1, len(people) // 20))
    start, weeks = program.period_start, program.period_weeks
    people[late] = replace(people[late], from_date=start + timedelta(weeks=max(1, weeks // 6)))
    people[leaving] = replace(people[leaving], to_date=start + timedelta(weeks=max(2, weeks * 3 // 4), days=-3))
    for index in full:
        people[index] = replace(people[index], accepts_new=False)
    return people
