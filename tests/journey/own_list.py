"""A list as a program keeps it for itself: one workbook with English headings, one text file with French ones, the same sixteen rows."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from typing import Final

import xlsxwriter

HEADINGS: Final = {
    "en": ("School", "City", "Postal", "Type", "Therapist", "Hrs", "Speaks", "Language", "Students", "Waiting since", "Parking"),
    "fr": ("École", "Ville", "CP", "Type", "Thér.", "Hrs", "Langues parlées", "Langue", "Nb élèves", "En attente depuis", "Stationnement"),
}
PEOPLE: Final = {
    "Amara Lee": ("22.5", "English"),
    "Fatou Diallo": ("37.5", "French, English"),
    "Luc Bédard": ("30", "French, English"),
    "Ana Cruz": ("37.5", "English"),
    "Ben Chan": ("30", "English"),
    "Josée Martin": ("30", "French, English"),
}
SCHOOLS: Final = {
    "Lafond": ("Orléans", "K1C 2T1"),
    "Sainte-Anne": ("Orléans", "K4A 1B1"),
    "Des Érables": ("Embrun", "K0A 1W0"),
    "Maple Ridge": ("Ottawa", "K1G 3N4"),
    "Riverside": ("Ottawa", "K1H 7X7"),
    "Glebe": ("Ottawa", "K1S 2H5"),
    "Jeanne-Lajoie": ("Orléans", "K1E 3M7"),
    "Beacon Hill": ("Gloucester", "K1J 8N5"),
}
ROWS: Final = (
    # school, discipline, practitioner, language, clients, waiting since
    ("Lafond", "OT", "Fatou Diallo", "fr", 9, ""),
    ("Lafond", "SLP", "Josée Martin", "fr", 8, ""),
    ("Sainte-Anne", "OT", "Amara Lee", "en", 12, ""),
    ("Sainte-Anne", "SLP", "Josée Martin", "fr", 7, ""),
    ("Des Érables", "OT", "Luc Bédard", "fr", 8, ""),
    ("Des Érables", "SLP", "", "fr", 4, "2026-08-24"),
    ("Maple Ridge", "OT", "Amara Lee", "en", 14, ""),
    ("Maple Ridge", "SLP", "Ben Chan", "en", 9, ""),
    ("Riverside", "OT", "Amara Lee", "en", 11, ""),
    ("Riverside", "SLP", "Ben Chan", "en", 6, ""),
    ("Glebe", "OT", "Ana Cruz", "en", 6, ""),
    ("Glebe", "SLP", "Ben Chan", "en", 7, ""),
    ("Beacon Hill", "OT", "", "en", 6, "2026-09-14"),
    ("Beacon Hill", "SLP", "Ben Chan", "en", 5, ""),
    ("Jeanne-Lajoie", "OT", "", "fr", 3, "2026-10-05"),
    ("Riverside", "OT", "Ana Cruz", "fr", 2, ""),
)
DISCIPLINES: Final = {"en": {"OT": "OT", "SLP": "Speech"}, "fr": {"OT": "Ergo", "SLP": "Orthophonie"}}
NOBODY: Final = {"en": "vacant", "fr": "à combler"}


def lines(lang: str) -> list[tuple[str, ...]]:
    """The headings and the rows as they stand in the file."""
    found = [HEADINGS[lang]]
    for school, discipline, person, language, clients, since in ROWS:
        town, postal = SCHOOLS[school]
        hours, speaks = PEOPLE.get(person, ("", ""))
        if lang == "fr":
            hours, speaks = hours.replace(".", ","), speaks.replace("French", "français").replace("English", "anglais")
        named = f"École {school}" if language == "fr" or school in ("Lafond", "Sainte-Anne", "Des Érables") else f"{school} School"
        found.append(
            (
                named,
                town,
                postal,
                DISCIPLINES[lang][discipline],
                person or NOBODY[lang],
                hours,
                speaks,
                language.upper(),
                str(clients),
                since,
                "P2",
            )
        )
    return found


def file_of(lang: str) -> tuple[str, str, bytes]:
    """Name, media type and content: an Excel workbook in English; in French a CSV file as Excel writes it there."""
    if lang == "en":
        kept = BytesIO()
        with xlsxwriter.Workbook(kept) as book:
            sheet = book.add_worksheet("Caseloads")
            sheet.write(0, 0, "Caseload list, fall")
            for number, line in enumerate(lines(lang), start=2):
                sheet.write_row(number, 0, line)
        return "caseloads.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", kept.getvalue()
    text = StringIO()
    csv.writer(text, delimiter=";").writerows([("Liste des affectations, automne",), *lines(lang)])
    return "affectations.csv", "text/csv", text.getvalue().encode("cp1252")
