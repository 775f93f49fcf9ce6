"""What lies behind, in figures: how evenly past weeks were carried, who kept whom, service in French, and open load conversations."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from django.db.models import Count, Exists, Max, OuterRef

from evenload.planning.fairness import gini, mean, volatility
from evenload.records.models import Assignment, Edition, EditionRow, LoadTalk, LoadWeek, Program, Referral
from evenload.records.models.talks import OPEN_TALKS
from evenload.workflow import french_service
from evenload.workflow.french_service import Asked, Waits
from evenload.workflow.load_weeks import past_weeks, percents

FRENCH_DAYS: Final = 90
CHANGED_WEEKS: Final = 12


@dataclass(frozen=True, slots=True)
class Evenness:
    """How evenly past weeks were carried. `weeks`: so many are written down; `change`: points from week to week, on average."""

    weeks: int
    last_monday: date | None
    gini: Fraction | None
    """of the last week that is written"""
    change: Fraction | None


@dataclass(frozen=True, slots=True)
class Continuity:
    """Who kept whom. `kept` of `held` pieces that somebody had in the edition before and that are still in the current one.

    `edition` 0: nothing is published; `before` 0: there is no edition before. `changed`: pieces that went from one practitioner to
    another in the last CHANGED_WEEKS weeks, `since` the first of these days.
    """

    edition: int
    before: int
    held: int
    kept: int
    changed: int
    since: date

    @property
    def share(self) -> Fraction | None:
        """Kept of held; None where nothing was held, or no edition is before."""
        return Fraction(self.kept, self.held) if self.held else None


@dataclass(frozen=True, slots=True)
class FrenchFigures:
    """Service in French of referrals received from `first` to `last`, both included, and of visits in these days."""

    first: date
    last: date
    received: int
    offered: int
    requested: int
    served: int
    waiting: int
    not_asked: int
    waits_french: Waits
    waits_english: Waits
    visits: int
    visits_french: int

    @property
    def longer_days(self) -> Fraction | None:
        """Days that French waits longer than English, in the middle; below 0 where shorter; None where one of them is not known."""
        french, english = self.waits_french.middle, self.waits_english.middle
        return french - english if french is not None and english is not None else None


@dataclass(frozen=True, slots=True)
class TalkFigures:
    """Load conversations that are open; of them late (no answer by the day it was due), and to be looked at again by today."""

    open: int
    late: int
    too_high: int
    too_low: int
    follow_up: int


_evenness: dict[int, tuple[tuple[date | None, int], Evenness]] = {}
_kept_units: dict[int, tuple[tuple[int, int], tuple[int, int]]] = {}


def forget() -> None:
    """Empty what is kept in this process."""
    _evenness.clear()
    _kept_units.clear()


def evenness(program: Program) -> Evenness:
    """Of the weeks that were written down. They are never written again, so that the answer holds until there is another one."""
    known = LoadWeek.objects.filter(practitioner__program=program).aggregate(last=Max("monday"), n=Count("pk"))
    key = (known["last"], known["n"])
    kept = _evenness.get(program.pk)
    if kept is None or kept[0] != key:
        kept = _evenness[program.pk] = (key, _evenness_of(program))
    return kept[1]


def _evenness_of(program: Program) -> Evenness:
    loads = [percents(own) for own in past_weeks(program).values()]
    days = {day for own in loads for day in own}
    last = max(days, default=None)
    here = [own[last] for own in loads if last is not None and last in own]
    return Evenness(len(days), last, gini(here), mean([found for own in loads if (found := volatility(own)) is not None]))


def continuity(program: Program, *, today: date) -> Continuity:
    """Between the last two editions, and by the assignments of the last weeks."""
    since = today - timedelta(weeks=CHANGED_WEEKS)
    numbers = list(Edition.objects.filter(program=program).order_by("-number").values_list("pk", "number")[:2])
    before_it = Assignment.objects.filter(unit=OuterRef("unit"), piece=OuterRef("piece"), ends_on=OuterRef("starts_on"))
    begun = Assignment.objects.filter(unit__program=program, starts_on__range=(since, today))
    changed = begun.filter(Exists(before_it.exclude(practitioner=OuterRef("practitioner")))).count()
    if len(numbers) < 2:
        return Continuity(numbers[0][1] if numbers else 0, 0, 0, 0, changed, since)
    (current, number), (earlier, before) = numbers
    kept = _kept_units.get(program.pk)
    if kept is None or kept[0] != (current, earlier):
        kept = _kept_units[program.pk] = ((current, earlier), _kept_of(current, earlier))
    return Continuity(number, before, *kept[1], changed, since)


def _kept_of(current: int, earlier: int) -> tuple[int, int]:
    """Pieces of both editions that somebody had in the earlier one, and those of them that she has still. Editions never change."""
    held = EditionRow.objects.filter(edition=earlier).exclude(practitioner_code="").values_list("piece", "practitioner_code")
    now = dict(EditionRow.objects.filter(edition=current).values_list("piece", "practitioner_code"))
    both = [(code, now[piece]) for piece, code in held if piece in now]
    return len(both), sum(before == after for before, after in both)


def french_figures(program: Program, visits: tuple[int, int], *, today: date) -> FrenchFigures:
    """Of the last FRENCH_DAYS days; `visits`: those with whoever asks for French in these days, and of them by French speakers."""
    first = french_first(today)
    rows = Referral.objects.filter(client__program=program, received_on__range=(first, today)).order_by()
    languages: Counter[str] = Counter()
    offered = 0
    for language, asked_on, count in rows.values_list("client__language", "client__language_asked_on").annotate(count=Count("pk")):
        languages[language] += count
        offered += count if asked_on is not None else 0
    french, english = (
        [Asked(*row) for row in rows.filter(client__language=language).values_list(*Asked._fields)] for language in ("fr", "en")
    )
    speakers, held = french_service.french_speakers(program), french_service.holders_of(french)
    stands = Counter(french_service.stand_of(one, held.get(one.unit_id or 0, frozenset()), speakers) for one in french)
    return FrenchFigures(
        first=first,
        last=today,
        received=languages.total(),
        offered=offered,
        requested=len(french),
        served=stands["french"],
        waiting=stands["waiting"],
        not_asked=languages[""],
        waits_french=french_service.waits_of(french),
        waits_english=french_service.waits_of(english),
        visits=visits[0],
        visits_french=visits[1],
    )


def french_first(today: date) -> date:
    """First day of the days that service in French is counted over."""
    return today - timedelta(days=FRENCH_DAYS)


def talk_figures(program: Program, *, today: date) -> TalkFigures:
    """The conversations that are open on a day."""
    rows = LoadTalk.objects.filter(practitioner__program=program, state__in=OPEN_TALKS).order_by()
    found = list(rows.values_list("state", "answer_due", "follow_up_on", "signal__feeling"))
    return TalkFigures(
        open=len(found),
        late=sum(state != "agreed" and due < today for state, due, _, _ in found),
        too_high=sum(feeling == "too_high" for *_, feeling in found),
        too_low=sum(feeling == "too_low" for *_, feeling in found),
        follow_up=sum(state == "agreed" and on is not None and on <= today for state, _, on, _ in found),
    )
