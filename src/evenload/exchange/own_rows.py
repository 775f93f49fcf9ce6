"""The rows that an own list makes: its people, places and units, each completed from what the program has, else from its setting."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from fractions import Fraction
from typing import Any, Final

from evenload.exchange.cells import POSTAL
from evenload.exchange.columns import folded
from evenload.exchange.columns_people import DISCIPLINE_CHOICES, ENGAGEMENT_CHOICES
from evenload.exchange.rows import ClassRow, PractitionerRow, ProgramRow, Rows, SiteRow, UnitRow
from evenload.exchange.setting_rows import SITE_KINDS, absence_rows, class_rows, duty_rows, usual_class
from evenload.exchange.text_cells import number_text, same

ASSUMED_LANGUAGES: Final = {"en": "fluent"}
UNIT_ID_PART: Final = 150
NOT_IN_IDS: Final = re.compile(r"[;#\s]+")
RESERVED: Final = frozenset(
    same(word) for choice in (*DISCIPLINE_CHOICES, *ENGAGEMENT_CHOICES) for word in (choice.code, choice.en, choice.fr)
) | {"*"}
KIND_WORDS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("hospital", ("hospital", "hopital")),
    ("clinic", ("clinic", "clinique")),
    ("school", ("school", "ecole", "academy", "academie", "college", "elementary", "secondary")),
    ("retirement_home", ("retirement", "residence", "lodge", "manor", "manoir", "longtermcare", "home", "foyer")),
)
LEVEL_WORDS: Final[Mapping[str, str]] = {
    folded(word): level
    for level, words in {
        "low": ("low", "faible", "mild", "léger", "légère", "1", "basse", "l"),
        "moderate": ("moderate", "modérée", "modéré", "moyenne", "moyen", "medium", "2", "m"),
        "high": ("high", "élevée", "élevé", "severe", "sévère", "haute", "complex", "3", "h"),
    }.items()
    for word in words
}


@dataclass(frozen=True, slots=True)
class Answers:
    """What a person adds to a list: of a new program its name, setting and period, and what holds where the list says nothing."""

    name_en: str
    setting: str
    period_start: date
    period_weeks: int
    name_fr: str = ""
    discipline: str = ""
    weekly_hours: Fraction = Fraction(75, 2)


def id_of(text: str) -> str:
    """The text as an id: without the signs that separate lists and blocks."""
    return NOT_IN_IDS.sub(" ", text).strip()[:200]


def text_of_value(value: object) -> str:
    """A value as a problem quotes it."""
    if isinstance(value, Fraction):
        return number_text(float(value))
    if isinstance(value, Mapping):
        return "; ".join(f"{language}:{level}" for language, level in value.items())
    if isinstance(value, tuple):
        return "; ".join(str(one) for one in value)
    return str(value)


@dataclass(slots=True)
class Entities:
    """People or places of a list by id: what was stated of each, and where first."""

    known: dict[str, str] = field(default_factory=dict)
    """folded id or name → the id that the program knows, or that the list gave first"""
    rows_by_id: dict[str, dict[str, Any]] = field(default_factory=dict)
    row_numbers: dict[str, int] = field(default_factory=dict)
    first_rows: dict[tuple[str, str], int] = field(default_factory=dict)
    differences: list[tuple[str, int, object, object]] = field(default_factory=list)

    def state(self, id: str, stated: Mapping[str, object], number: int) -> str:
        """Note what a row says; what another row said otherwise is a difference. Returns the id as it is known."""
        key = self.known.setdefault(same(id), id)
        self.row_numbers.setdefault(key, number)
        row = self.rows_by_id.setdefault(key, {})
        for name, value in stated.items():
            first = self.first_rows.setdefault((key, name), number)
            if _comparable(row.setdefault(name, value)) != _comparable(value):
                self.differences.append((name, first, row[name], value))
        return key

    def take_differences(self) -> list[tuple[str, int, object, object]]:
        """Field, row that stated it first, value there, value here; each is handed out once."""
        found, self.differences = self.differences, []
        return found


def _comparable(value: object) -> object:
    return same(value) if isinstance(value, str) else value


class People(Entities):
    """Practitioners, with the disciplines of the rows that name them."""

    def __init__(self, base: Rows | None) -> None:
        super().__init__()
        self.base = {row.id: row for row in base.practitioners} if base else {}
        self.known.update({same(row.name): row.id for row in self.base.values() if row.name})
        self.known.update({same(id): id for id in self.base})
        self.disciplines: dict[str, dict[str, None]] = {}

    def add(self, id: str, stated: Mapping[str, object], discipline: str, number: int) -> str:
        """Note a row that names the person. Returns her id."""
        key = self.state(id, stated, number)
        if discipline:
            self.disciplines.setdefault(key, {})[discipline] = None
        return key

    def disciplines_of(self, named: object) -> tuple[str, ...]:
        """What is known of a person's disciplines so far."""
        key = self.known.get(same(id_of(str(named)))) if named else None
        if key is None:
            return ()
        return self.base[key].disciplines if key in self.base else tuple(self.disciplines.get(key, ()))

    def is_reserved(self, id: str) -> bool:
        """Whether the name means more than one person in absences and duties."""
        return same(id) in RESERVED

    def new_names(self) -> list[tuple[str, int]]:
        """Names that the program does not have, with the row that names each first."""
        new = (id for id in self.rows_by_id if id not in self.base)
        return [(str(self.rows_by_id[id].get("name", id)), self.row_numbers[id]) for id in new]

    def rows(self, answers: Answers, assumed: Counter[str]) -> list[PractitionerRow]:
        """Every practitioner: those of the program in their order, then the new ones."""
        rows = [_completed(row, self.rows_by_id.get(id, {})) for id, row in self.base.items()]
        for id, stated in self.rows_by_id.items():
            if id not in self.base:
                defaults = {"weekly_hours": answers.weekly_hours, "languages": ASSUMED_LANGUAGES, "engagement": "employee"}
                assumed.update(name for name in defaults if name not in stated)
                disciplines = tuple(self.disciplines.get(id, ()))
                rows.append(PractitionerRow(id=id, disciplines=disciplines, **{**defaults, **stated}))
        return rows


class Places(Entities):
    """Sites, schools and areas."""

    def __init__(self, base: Rows | None) -> None:
        super().__init__()
        self.base = {row.id: row for row in base.sites} if base else {}
        self.known.update({same(name): row.id for row in self.base.values() for name in (row.name_fr, row.name_en) if name})
        self.known.update({same(id): id for id in self.base})

    def add(self, id: str, stated: Mapping[str, object], number: int) -> str:
        """Note a row that names the place; a postal code within its address counts. Returns its id."""
        address = str(stated.get("address", ""))
        found = POSTAL.search(address.upper()) if "postal" not in stated else None
        postal = {"postal": f"{found[1]} {found[2]}"} if found and found[2] else {}
        return self.state(id, {**stated, **postal}, number)

    def is_area(self, id: str | None) -> bool:
        """Whether the place is an area rather than a building."""
        if id is None:
            return False
        kind = self.rows_by_id.get(id, {}).get("kind")
        return bool((kind or (self.base[id].kind if id in self.base else "")) == "area")

    def rows(self, setting: str, assumed: Counter[str]) -> list[SiteRow]:
        """Every place: those of the program in their order, then the new ones."""
        rows = [_completed(row, {**self.rows_by_id.get(id, {}), "name_en": row.name_en}) for id, row in self.base.items()]
        for id, stated in self.rows_by_id.items():
            if id not in self.base:
                if "kind" not in stated:
                    assumed["site_kind"] += 1
                rows.append(SiteRow(id=id, **{"kind": _kind_of(str(stated["name_en"]), setting), **stated}))
        return rows


def _kind_of(name: str, setting: str) -> str:
    """The kind of a place by its name, else that of the setting."""
    word = folded(name)
    return next((kind for kind, words in KIND_WORDS if any(one in word for one in words)), SITE_KINDS[setting])


@dataclass(frozen=True, slots=True)
class WorkRow:
    """What one row of a list says of its unit."""

    id: str
    stated: Mapping[str, Any]
    site: str | None
    is_area: bool
    discipline: str


class Work:
    """Units of a list, in its order."""

    def __init__(self, base: Rows | None) -> None:
        self.base = {same(row.id): row for row in base.units} if base else {}
        self.rows: list[WorkRow] = []
        self.row_numbers: dict[str, int] = {}
        self._times: Counter[str] = Counter()

    def add(self, stated: Mapping[str, Any], *, site: str | None, is_area: bool, discipline: str, number: int) -> None:
        """Note the unit of a row. The same list gives the same ids: client or place, discipline, class, and a number where repeated."""
        client = stated.get("client")
        kept = {name: value for name, value in stated.items() if name not in ("client", "discipline")}
        if client:
            kept["label"] = str(client)
        id = self._id(str(client) if client else "", site or "", discipline, str(stated.get("class", "")))
        self.row_numbers[id] = number
        self.rows.append(WorkRow(id, kept, site, is_area, discipline))

    def _id(self, client: str, site: str, discipline: str, class_word: str) -> str:
        known = self.base.get(same(id_of(client))) if client else None
        if known is not None and known.discipline == discipline and not self._times[same(known.id)]:
            self._times[same(known.id)] += 1
            return known.id
        words = (client[:UNIT_ID_PART], discipline) if client else (site[:UNIT_ID_PART], discipline, class_word[:30])
        id = id_of(" ".join(filter(None, words)))
        self._times[same(id)] += 1
        times = self._times[same(id)]
        return f"{id} {times}" if times > 1 else id


def assembled(people: People, places: Places, work: Work, *, answers: Answers, base: Rows | None) -> tuple[Rows, Counter[str]]:
    """The rows of the whole program, and how often each assumption was made."""
    assumed: Counter[str] = Counter()
    program = base.program if base else _program(answers)
    practitioners = people.rows(answers, assumed)
    disciplines = list(dict.fromkeys((*(row.discipline for row in work.rows), *(one for row in practitioners for one in row.disciplines))))
    classes = _Classes(base.classes if base else (), program.setting, disciplines)
    units = _units(work, classes, assumed)
    if base is not None:
        rows = replace(
            base,
            practitioners=tuple(practitioners),
            sites=tuple(places.rows(program.setting, assumed)),
            classes=tuple(classes.rows),
            units=units,
        )
        return rows, assumed
    engagements = {row.engagement for row in practitioners}
    own = {one for row in practitioners for one in row.disciplines}
    assumed["time_away"] = len(practitioners)
    rows = Rows(
        program=program,
        practitioners=tuple(practitioners),
        absences=absence_rows(program.setting, engagements),
        duties=duty_rows(program.setting, own, engagements),
        sites=tuple(places.rows(program.setting, assumed)),
        classes=tuple(classes.rows),
        units=units,
    )
    return rows, assumed


def _program(answers: Answers) -> ProgramRow:
    return ProgramRow(
        name_en=answers.name_en,
        name_fr=answers.name_fr or None,
        setting=answers.setting,
        period_start=answers.period_start,
        period_weeks=answers.period_weeks,
    )


class _Classes:
    """The classes of the program; those that the list needs and the program lacks are taken from the setting."""

    def __init__(self, rows: Iterable[ClassRow], setting: str, disciplines: Iterable[str]) -> None:
        self.rows = list(rows)
        lacking = [one for one in disciplines if usual_class(self.rows, one) is None]
        known = {same(row.id) for row in self.rows}
        self.rows.extend(row for row in class_rows(setting, lacking) if same(row.id) not in known)

    def of(self, discipline: str, word: str | None, assumed: Counter[str]) -> ClassRow:
        """The class that a row means: by its word, else the usual one of the discipline."""
        own = [row for row in self.rows if row.discipline == discipline]
        usual = usual_class(own, discipline)
        assert usual is not None
        if word is None:
            assumed["class"] += 1
            return usual
        level = LEVEL_WORDS.get(folded(word))
        names = {f"{discipline}-{level}"} if level else set()
        for row in own:
            if row.id in names or folded(word) in {folded(name) for name in (row.id, row.label_en, row.label_fr or "") if name}:
                return row
        assumed["class_minutes"] += 1
        made = replace(usual, id=self._free_id(id_of(f"{discipline}-{word}")), label_en=word, label_fr=None)
        self.rows.append(made)
        return made

    def _free_id(self, id: str) -> str:
        known = {same(row.id) for row in self.rows}
        return next(one for one in (id, *(f"{id} {number}" for number in range(2, len(known) + 3))) if same(one) not in known)


def _units(work: Work, classes: _Classes, assumed: Counter[str]) -> tuple[UnitRow, ...]:
    """Every unit: those of the program in their order, completed where the list names them, then the new ones."""
    units = dict(work.base)
    for row in work.rows:
        known = units.get(same(row.id))
        units[same(row.id)] = _unit(row, known, classes, assumed)
    return tuple(units.values())


def _unit(row: WorkRow, known: UnitRow | None, classes: _Classes, assumed: Counter[str]) -> UnitRow:
    stated = {name: value for name, value in row.stated.items() if name in UNIT_FIELDS}
    word = row.stated.get("class")
    if known is None:
        standard = classes.of(row.discipline, word, assumed)
        kind = "client" if "label" in row.stated else "area" if row.is_area else "site"
        if kind != "client" and "clients" not in stated:
            assumed["clients"] += 1
        known = UnitRow(id=row.id, kind=kind, discipline=row.discipline, class_id=standard.id, site=row.site)
    elif word is not None:
        stated["class_id"] = classes.of(row.discipline, word, assumed).id
    if "work_hours" in row.stated:
        minutes_standard = next(one for one in classes.rows if one.id == stated.get("class_id", known.class_id))
        stated["visits_per_week"] = _visits_per_week(row.stated["work_hours"], minutes_standard)
    if "current_practitioner" in stated and stated["current_practitioner"] is None:
        stated["pinned"] = False
    return replace(known, **stated)


UNIT_FIELDS: Final = frozenset(field.name for field in fields(UnitRow)) - {"id", "kind", "discipline", "class_id", "site"}


def _visits_per_week(hours: Fraction, standard: ClassRow) -> Fraction:
    """Visits that fill these hours, to four decimals."""
    minutes = standard.direct_minutes + standard.indirect_minutes + (standard.travel_minutes or 0)
    return round(hours * 60 * standard.group_size / minutes, 4) if minutes else Fraction(0)


def _completed(row: Any, stated: Mapping[str, Any]) -> Any:
    """The row with what the list states."""
    return replace(row, **stated) if stated else row
