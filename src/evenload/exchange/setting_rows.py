"""What a new program begins with, by its setting: time standards with their sources, time away and duties. All are meant to be edited."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from evenload.exchange.example_settings import JUDGEMENT, SETTINGS, ClassStandard
from evenload.exchange.rows import AbsenceRow, ClassRow, DutyRow
from evenload.planning.codes import ENGAGEMENTS

SITE_KINDS = {setting: standard.site_kind for setting, standard in SETTINGS.items()}
"""setting → the kind of site it mostly works at"""
EVERYBODY = "*"


def class_rows(setting: str, disciplines: Iterable[str]) -> tuple[ClassRow, ...]:
    """The classes of these disciplines: those of the setting, else of another one, else one of judgement, named after the discipline.

    Raises KeyError for an unknown setting.
    """
    rows: list[ClassRow] = []
    for discipline in dict.fromkeys(disciplines):
        settings = [SETTINGS[setting], *(other for code, other in SETTINGS.items() if code != setting)]
        own = (tuple(one for one in each.classes if one.discipline == discipline and one.group_size == 1) for each in settings)
        standards = next((found for found in own if found), ())
        rows.extend(class_row(standard) for standard in standards)
        if not standards:
            rows.append(_judged(discipline))
    return tuple(rows)


def usual_class(classes: Iterable[ClassRow], discipline: str) -> ClassRow | None:
    """The class that is meant where a list names none: the moderate one of the discipline, else its first; None without any."""
    own = [row for row in classes if row.discipline == discipline]
    return next((row for row in own if row.id == f"{discipline}-moderate"), own[0] if own else None)


def absence_rows(setting: str, engagements: Iterable[str]) -> tuple[AbsenceRow, ...]:
    """The usual time away in the setting, for everybody and for these engagements."""
    who = {EVERYBODY, *engagements}
    return tuple(AbsenceRow(name, kind, days=Fraction(str(days))) for name, kind, days in SETTINGS[setting].absences if name in who)


def duty_rows(setting: str, disciplines: Iterable[str], engagements: Iterable[str] = ENGAGEMENTS) -> tuple[DutyRow, ...]:
    """The usual duties in the setting, for everybody, these engagements and these disciplines."""
    who = {EVERYBODY, *engagements, *disciplines}
    stated = SETTINGS[setting].duties
    return tuple(DutyRow(name, kind, basis, Fraction(str(amount))) for name, kind, basis, amount in stated if name in who)


def class_row(standard: ClassStandard) -> ClassRow:
    """A class as the settings state it, as a row of the workbook."""
    return ClassRow(
        id=standard.id,
        discipline=standard.discipline,
        label_en=standard.label_en,
        label_fr=standard.label_fr,
        visits=Fraction(standard.visits),
        direct_minutes=Fraction(standard.direct),
        indirect_minutes=Fraction(standard.indirect),
        travel_minutes=None if standard.travel is None else Fraction(standard.travel),
        episode_minutes=Fraction(standard.episode),
        group_size=standard.group_size,
        experience_years=None if standard.experience_years is None else Fraction(standard.experience_years),
        source=standard.source,
    )


def _judged(discipline: str) -> ClassRow:
    return ClassRow(
        id=f"{discipline}-moderate",
        discipline=discipline,
        label_en="Moderate complexity",
        label_fr="Complexité moyenne",
        visits=Fraction(8),
        direct_minutes=Fraction(45),
        indirect_minutes=Fraction(15),
        episode_minutes=Fraction(60),
        source=JUDGEMENT,
    )
