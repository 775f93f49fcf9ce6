"""What a column of an organisation's own list may mean: names that people give it in English and French, and how its cells read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from evenload.exchange.cells import Converter, Manner, Value, converter, number_of, text_of, unknown_among, within, words_of
from evenload.exchange.column import Column, Limits
from evenload.exchange.columns import folded, sheet_named
from evenload.exchange.columns_people import DISCIPLINE_CHOICES, LEVEL_CHOICES
from evenload.exchange.languages import language_code, nearest_language
from evenload.exchange.text_cells import Cell, Fault, code_point, invisible_in

NOT_USED: Final = ""
"""the meaning of a column that is not read"""
ASSUMED_LEVEL: Final = "fluent"
"""of a language that a list names without a level"""
NOBODY: Final = frozenset(
    folded(word)
    for word in (
        "vacant", "vacancy", "vacante", "poste vacant", "to fill", "to be filled", "tbd", "tba", "n/a", "none", "nobody", "unassigned",
        "waiting", "waiting list", "waitlist", "open", "à combler", "à pourvoir", "à déterminer", "s.o.", "aucun", "aucune", "personne",
        "non affecté", "en attente", "liste d'attente", "x",
    )
)  # fmt: skip
"""what stands in a practitioner's cell where there is none"""
SEVERAL_PEOPLE: Final = re.compile(r"\s*(?:[/;&+]|\n|\s(?:and|et|ou|or)\s)\s*", re.IGNORECASE)
SEPARATORS: Final = re.compile(r"\s*(?:[/;,&+|]|\s(?:and|et)\s)\s*", re.IGNORECASE)
LEVELLED: Final = re.compile(r"(.+?)\s*(?:[:=]\s*|\()\s*([^()]+?)\s*\)?")
DISCIPLINE_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "OT": ("ergo", "ergothérapeute", "occupational therapist", "occ therapy"),
    "PT": ("physio", "physiothérapeute", "physical therapy", "physical therapist", "physiotherapist", "pht"),
    "SLP": ("ortho", "orthophoniste", "speech", "speech therapy", "speech-language pathologist", "speech language", "s-lp"),
    "OTA": ("ot assistant", "aide-ergothérapeute", "assistant en ergothérapie", "assistante en ergothérapie"),
    "PTA": ("pt assistant", "physio assistant", "aide-physiothérapeute", "assistant en physiothérapie", "assistante en physiothérapie"),
    "CDA": ("slp assistant", "aide-orthophoniste"),
    "AUD": ("audio", "audiologist", "audiologiste"),
    "RD": ("dietitian", "dietician", "diététiste", "nutrition"),
    "SW": ("social worker", "travailleuse sociale", "travailleur social", "ts"),
}


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing that a column may tell. `about` is person, place or work; `field` an attribute of that row, or a field of our own."""

    code: str
    about: str
    field: str
    names: tuple[str, ...]
    read: Callable[[Manner], Converter]
    vague: tuple[str, ...] = ()
    """names that may mean other things too: a person looks at the guess"""


def _of(sheet: str, name: str) -> Callable[[Manner], Converter]:
    column: Column = sheet_named(sheet).column(name)
    return lambda manner: converter(column, manner)


def _discipline(manner: Manner) -> Converter:
    words = words_of(DISCIPLINE_CHOICES) | {folded(code): code for code in manner.other_disciplines}
    words |= {folded(name): code for code, names in DISCIPLINE_NAMES.items() for name in names}

    def convert(cell: Cell) -> Value:
        text = text_of(cell)
        if isinstance(text, Fault):
            return text
        return words.get(folded(text)) or unknown_among(text, words, manner.patience)

    return convert


def _person(cell: Cell) -> Value:
    """A practitioner's name, or "" where the cell says that there is nobody."""
    text = text_of(cell)
    if isinstance(text, Fault):
        return text
    if text.strip("-–—?.") == "" or folded(text) in NOBODY:
        return ""
    if SEVERAL_PEOPLE.search(text):
        return Fault("list_several_people")
    return _unseen(text) or text


def _name(cell: Cell) -> Value:
    """A text from which an id is made."""
    text = text_of(cell)
    return text if isinstance(text, Fault) else _unseen(text) or text


def _unseen(text: str) -> Fault | None:
    character = invisible_in(text)
    return None if character is None else Fault("invisible_character", {"character": code_point(character)})


def _language(manner: Manner) -> Converter:
    """The language asked for; words such as "bilingual" ask for none in particular and are doubtful."""
    return _of("units", "language")(manner)


def _speaks(cell: Cell) -> Value:
    """Languages by level: `fr:native; en`, "French (fluent), English", "EN/FR", "bilingual". Without a level: fluent."""
    text = text_of(cell)
    if isinstance(text, Fault):
        return text
    if folded(text) in ("bilingual", "bilingue"):
        return {"en": ASSUMED_LEVEL, "fr": ASSUMED_LEVEL}
    levels = words_of(LEVEL_CHOICES)
    spoken: dict[str, str] = {}
    for part in filter(None, SEPARATORS.split(text)):
        found = LEVELLED.fullmatch(part)
        word, level_word = (found[1], found[2]) if found else (part, "")
        code = language_code(word)
        if code is None:
            nearest = nearest_language(word)
            return Fault("language_unknown") if nearest is None else Fault("language_unknown_near", {"nearest": nearest})
        level = levels.get(folded(level_word)) if level_word else ASSUMED_LEVEL
        if level is None:
            return Fault("level_unknown", {"language_code": code, "levels": ", ".join(choice.code for choice in LEVEL_CHOICES)})
        spoken[code] = level
    return spoken


def _number(low: int, high: int) -> Callable[[Manner], Converter]:
    def reader(manner: Manner) -> Converter:
        def convert(cell: Cell) -> Value:
            number = number_of(_without_unit(cell), manner)
            if isinstance(number, Fault):
                return Fault(number.code, {"low": str(low), "high": str(high)}) if number.code == "not_a_number" else number
            return within(number, Limits(low, high))

        return convert

    return reader


def _share(manner: Manner) -> Converter:
    """A full-time equivalent: 0.8, or 80 %."""

    def convert(cell: Cell) -> Value:
        is_percent = isinstance(cell, str) and cell.strip().endswith("%")
        number = number_of(cell.strip()[:-1].rstrip() if isinstance(cell, str) and is_percent else _without_unit(cell), manner)
        if isinstance(number, Fault):
            return number
        share = number / 100 if is_percent else number
        return within(share, Limits(0, 2))

    return convert


def _without_unit(cell: Cell) -> Cell:
    return re.sub(r"\s*(?:h|hrs?|heures?|hours?|h/sem\.?|fte|etp)\.?\s*$", "", cell, flags=re.IGNORECASE) if isinstance(cell, str) else cell


def _plain(convert: Converter) -> Callable[[Manner], Converter]:
    return lambda _manner: convert


PERSON, PLACE, WORK = "person", "place", "work"
NAMES_WORK: Final = ("site", "site_id", "client", "area")
"""meanings of which a list needs one to name anything to assign"""

MEANINGS: Final[tuple[Meaning, ...]] = (
    Meaning(
        "practitioner", PERSON, "name",
        ("practitioner", "therapist", "clinician", "provider", "assigned to", "therapist name", "assigned therapist", "primary",
         "thérapeute", "intervenant", "intervenante", "clinicien", "clinicienne", "praticien", "praticienne", "professionnel",
         "professionnelle", "responsable", "responsable actuelle", "current practitioner", "current therapist", "staff", "staff name"),
        _plain(_person), ("name", "nom", "employee", "employé", "employée", "assigned", "affecté à", "who", "qui"),
    ),
    Meaning(
        "practitioner_id", PERSON, "id",
        ("practitioner id", "practitioner number", "staff id", "employee number", "employee id", "no employé", "numéro d'employé",
         "matricule"),
        _plain(_name),
    ),
    Meaning(
        "speaks", PERSON, "languages",
        ("languages", "languages spoken", "spoken languages", "speaks", "therapist language", "langues", "langues parlées", "parle"),
        _plain(_speaks),
    ),
    Meaning(
        "weekly_hours", PERSON, "weekly_hours",
        ("weekly hours", "hours per week", "contracted hours", "hours/week", "hrs/wk", "hrs/week", "heures par semaine", "h/sem", "h/sem.",
         "heures/semaine", "heures au contrat", "heures hebdomadaires"),
        _number(0, 168), ("hrs", "hours", "heures", "h"),
    ),
    Meaning("fte", PERSON, "fte", ("fte", "etp", "full-time equivalent", "équivalent temps plein", "eq temps plein"), _share),
    Meaning("max_hours", PERSON, "max_hours", ("max hours", "maximum hours", "heures maximales", "max h"), _number(0, 168), ("maximum",)),
    Meaning(
        "base_postal", PERSON, "base_postal",
        ("home postal code", "base postal code", "therapist postal code", "base postal", "code postal du domicile", "code postal de la base"),
        _of("practitioners", "base_postal"),
    ),
    Meaning("engagement", PERSON, "engagement", ("engagement", "employment", "contract type", "lien d'emploi", "type d'emploi"),
            _of("practitioners", "engagement")),
    Meaning("years_experience", PERSON, "years_experience",
            ("years of experience", "experience", "years experience", "années d'expérience", "expérience", "ancienneté"), _number(0, 80)),
    Meaning("skills", PERSON, "skills", ("skills", "competencies", "compétences", "expertise"), _of("practitioners", "skills")),
    Meaning("team", PERSON, "team", ("team", "équipe"), _of("practitioners", "team")),
    Meaning(
        "site", PLACE, "name_en",
        ("site", "school", "school name", "location", "facility", "residence", "retirement home", "clinic", "hospital", "building",
         "lieu", "école", "nom de l'école", "établissement", "résidence", "clinique", "hôpital", "site name", "nom du lieu", "place"),
        _plain(_name),
    ),
    Meaning("site_fr", PLACE, "name_fr", ("french name", "nom français", "name_fr", "name fr", "school name french"), _of("sites", "name_fr")),
    Meaning("site_id", PLACE, "id", ("site id", "school number", "school id", "site code", "bsid", "no école", "code du lieu"), _plain(_name)),
    Meaning("site_kind", PLACE, "kind", ("site type", "type of site", "type de lieu", "site kind"), _of("sites", "kind")),
    Meaning("address", PLACE, "address", ("address", "street", "adresse", "rue", "street address"), _of("sites", "address")),
    Meaning("town", PLACE, "town", ("town", "city", "municipality", "ville", "municipalité"), _of("sites", "town")),
    Meaning("postal", PLACE, "postal", ("postal", "postal code", "code postal", "cp", "fsa"), _of("sites", "postal")),
    Meaning("lat", PLACE, "lat", ("lat", "latitude"), _of("sites", "lat")),
    Meaning("lon", PLACE, "lon", ("lon", "long", "lng", "longitude"), _of("sites", "lon")),
    Meaning("area", PLACE, "area", ("area", "region", "zone", "secteur", "région", "district", "neighbourhood", "quartier"), _of("sites", "area")),
    Meaning(
        "client", WORK, "client",
        ("client", "client id", "client code", "client number", "patient", "student", "resident", "case", "no client", "no de client",
         "numéro de client", "élève", "dossier", "file number", "no dossier", "initials", "initiales", "unit", "unité"),
        _plain(_name), ("id", "code", "no", "numéro", "number"),
    ),
    Meaning("discipline", WORK, "discipline", ("discipline", "service", "profession", "specialty", "disc", "disc."), _discipline, ("type",)),
    Meaning("class", WORK, "class", ("class", "complexity", "level of need", "complexité", "classe", "niveau", "intensity", "intensité"),
            _plain(_name), ("level",)),
    Meaning(
        "clients", WORK, "clients",
        ("clients", "number of clients", "caseload", "students", "patients", "nombre de clients", "nb clients", "nombre d'élèves", "élèves",
         "nb élèves", "clientèle", "# clients", "# students", "no of clients", "count"),
        _of("units", "clients"),
    ),
    Meaning("visits_allotted", WORK, "visits_allotted",
            ("visits allotted", "visits authorized", "authorized visits", "visits", "allotment", "visites accordées", "visites autorisées",
             "visites"), _of("units", "visits_allotted")),
    Meaning("visits_used", WORK, "visits_used", ("visits used", "visits made", "used", "visites utilisées", "visites faites"),
            _of("units", "visits_used")),
    Meaning("visits_per_week", WORK, "visits_per_week", ("visits per week", "frequency", "visites par semaine", "fréquence"),
            _of("units", "visits_per_week")),
    Meaning("work_hours", WORK, "work_hours",
            ("hours needed", "service hours", "hours at site", "heures requises", "heures de service", "direct hours", "caseload hours"),
            _number(0, 168)),
    Meaning("language", WORK, "language", ("language", "client language", "language of service", "langue", "langue de service", "lang", "lang."),
            _language),
    Meaning("priority", WORK, "priority", ("priority", "priorité", "urgency", "urgence"), _of("units", "priority")),
    Meaning("waiting_since", WORK, "waiting_since",
            ("waiting since", "referral date", "date referred", "referred on", "en attente depuis", "date d'aiguillage", "date de référence",
             "date de la demande"), _of("units", "waiting_since"), ("date",)),
    Meaning("note", WORK, "note", ("note", "notes", "comment", "comments", "remarks", "commentaires", "remarques"), _of("units", "note")),
)  # fmt: skip
"""In the order in which a page offers them."""

BY_CODE: Final[Mapping[str, Meaning]] = {meaning.code: meaning for meaning in MEANINGS}


def readers(codes: Mapping[int, str], manner: Manner) -> dict[int, tuple[Meaning, Converter]]:
    """Meaning and converter of every column that is read, by its index. Raises KeyError for a meaning that does not exist."""
    return {index: (BY_CODE[code], _remembering(BY_CODE[code].read(manner))) for index, code in codes.items() if code != NOT_USED}


def reader_of(meaning: Meaning, manner: Manner) -> Converter:
    """The converter of a meaning, with a memory."""
    return _remembering(meaning.read(manner))


def _remembering(convert: Converter) -> Converter:
    known: dict[tuple[type, Cell], Value] = {}
    return partial(_remembered, known, convert)


def _remembered(known: dict[tuple[type, Cell], Value], convert: Converter, cell: Cell) -> Value:
    key = (type(cell), cell)
    if key not in known:
        known[key] = convert(cell)
    return known[key]
