"""Texts that go into workbooks, in both languages: what may stand in a column, and what a template says of itself."""

from __future__ import annotations

from collections.abc import Mapping

from evenload.exchange.column import Column, Limits
from evenload.exchange.columns_people import DISCIPLINE_CHOICES
from evenload.exchange.written import word_of

Bilingual = Mapping[str, str]

README_TITLE: Bilingual = {"en": "read me", "fr": "lisez-moi"}
REQUIRED_NOTE: Bilingual = {"en": "Required.", "fr": "Obligatoire."}
TITLE: Bilingual = {"en": "A program, ready to fill in", "fr": "Un programme, prêt à remplir"}
STEPS: Mapping[str, tuple[str, ...]] = {
    "en": (
        "1. Fill in the sheets from left to right. Dark headings are required; everything else may stay empty.",
        "2. Point at a heading: a note explains the column. Many cells offer a list to choose from.",
        "3. Lists within a cell are separated by semicolons, for example OT; PT.",
        "4. Save, then run: evenload plan, and evenload assign. Everything that is wrong is told at once, cell by cell.",
    ),
    "fr": (
        "1. Remplir les feuilles de gauche à droite. Les en-têtes foncés sont obligatoires; tout le reste peut rester vide.",
        "2. Pointer un en-tête : une note explique la colonne. Beaucoup de cellules offrent une liste de choix.",
        "3. Les listes dans une cellule se séparent par des points-virgules, par exemple OT; PT.",
        "4. Enregistrer, puis lancer : evenload plan, et evenload assign. Tout ce qui ne va pas est dit d'un coup, cellule par cellule.",
    ),
}
PRIVACY: Bilingual = {
    "en": "Write no health card numbers, diagnoses or full names of clients. A class, initials or a number is enough.",
    "fr": "N'écrire ni numéro de carte Santé, ni diagnostic, ni nom complet de client. Une classe, des initiales ou un numéro suffit.",
}
SHEET_HEADINGS: Mapping[str, tuple[str, str, str]] = {
    "en": ("Sheet", "Needed", "What it is for"),
    "fr": ("Feuille", "Exigée", "À quoi elle sert"),
}
COLUMN_HEADINGS: Mapping[str, tuple[str, str, str, str]] = {
    "en": ("Column", "Needed", "What it means", "What may stand in it"),
    "fr": ("Colonne", "Exigée", "Ce qu'elle veut dire", "Ce qui peut y être"),
}
NEEDED: Mapping[str, tuple[str, str]] = {"en": ("optional", "required"), "fr": ("facultative", "obligatoire")}
DISCIPLINES_TITLE: Bilingual = {"en": "Discipline codes", "fr": "Codes de discipline"}

KINDS: Mapping[str, tuple[str, str]] = {
    "id": ("a short text, different in every row", "un texte court, différent à chaque ligne"),
    "text": ("text", "texte"),
    "note": ("text, several lines if need be", "texte, sur plusieurs lignes au besoin"),
    "number": ("a number", "un nombre"),
    "percent": ("a percentage", "un pourcentage"),
    "integer": ("a whole number", "un nombre entier"),
    "date": ("a date, YYYY-MM-DD", "une date, AAAA-MM-JJ"),
    "tags": ("words, separated by semicolons", "des mots, séparés par des points-virgules"),
    "language": ("a language code: en, fr, ar", "un code de langue : en, fr, ar"),
    "postal": ("a postal code, as K1A 0B1 or K1A", "un code postal, comme K1A 0B1 ou K1A"),
    "reference": ("an id of the sheet named", "un identifiant de la feuille nommée"),
}
UNITS_FR: Mapping[str, str] = {
    "hours": "heures",
    "hours per week": "heures par semaine",
    "days": "jours",
    "minutes": "minutes",
    "minutes per visit": "minutes par visite",
    "minutes per client": "minutes par client",
    "visits": "visites",
    "visits per week": "visites par semaine",
    "visits per client and period": "visites par client et période",
    "clients": "clients",
    "weeks": "semaines",
    "years": "années",
    "degrees": "degrés",
    "percent": "pourcentage",
    "km/h": "km/h",
    "sites per day": "lieux par jour",
    "share from 0 to 1": "part de 0 à 1",
    "as stated in basis": "selon la base",
}


def typographic(text: str, lang: str) -> str:
    """French text with no-break spaces before its colons and percent signs; English text as it is."""
    return text.replace(" :", "\u00a0:").replace(" %", "\u00a0%") if lang == "fr" else text


def described(column: Column, lang: str) -> str:
    """What may stand in a column, in a few words: its choices, or its kind with unit and limits."""
    if column.ignored or column.kind in ("reference", "references", "who"):
        return ""
    if column.choices:
        separator = "; " if column.kind in ("choices", "days") else ", "
        return separator.join(_word(column, place, lang) for place in range(len(column.choices)))
    english, french = KINDS[column.kind]
    parts = [french if lang == "fr" else english]
    if column.unit and column.kind != "percent":
        parts.append(UNITS_FR[column.unit] if lang == "fr" else column.unit)
    if column.limits:
        parts.append(_range(column.limits, lang))
    return typographic(", ".join(parts), lang)


def _word(column: Column, place: int, lang: str) -> str:
    word = word_of(column.choices[place], lang)
    return f"en:{word}" if column.kind == "languages" and place == 0 else word


def _range(limits: Limits, lang: str) -> str:
    low, high = (f"{bound:,}".replace(",", "\u00a0" if lang == "fr" else ",") for bound in (limits.low, limits.high))
    if not limits.low_included:
        return f"plus de {low}, au plus {high}" if lang == "fr" else f"above {low}, at most {high}"
    if not limits.high_included:
        return f"de {low}, moins de {high}" if lang == "fr" else f"from {low}, below {high}"
    return f"de {low} à {high}" if lang == "fr" else f"{low} to {high}"


def refused(column: Column, lang: str) -> str:
    """What Excel says when something else is typed into a cell of this column."""
    expected = described(column, lang)
    if not expected:
        return typographic(column.about(lang), lang)
    return typographic(f"Attendu : {expected}" if lang == "fr" else f"Expected: {expected}", lang)


def discipline_lines(lang: str) -> tuple[tuple[str, str], ...]:
    """Each discipline code with its name."""
    return tuple((choice.code, choice.fr if lang == "fr" else choice.en) for choice in DISCIPLINE_CHOICES)
