"""What the four settings of the example programs are like: disciplines, classes with sourced minutes, time away, duties.

Where a source is named, the figure was read there; "judgement" figures are ours, plausible and editable.
"""

from __future__ import annotations

from dataclasses import dataclass

SCHOOL_RULE = "Rule of thumb for schools: total time = direct × 1.5"
SCHOOL_SLP = "School SLP week 2022: 22.0 h direct, 5.8 h documentation, 1.9 h consultation (connect.liricare.com/posts/1137)"
HOME_OT = "Home OT visit 68.5 min (IQR 64–73), about one phone contact per visit (PMC5554402, table 3)"
HOME_PT = "Home PT visit about 45 min; missed visits 1.6% (JNNP, table 165807)"
CLINIC_PT = "Judgement; no-shows 10.4% in outpatient PT (digitalscholarship.unlv.edu/thesesdissertations/2323)"
HOSPITAL_CONTACT = "Inpatient contact per day: PT 40, OT 45, SLP 30 min (rcpjournals.org/content/9/2/110)"
PACKAGE = "10 min preparation + 40 min + 10 min notes per hour (bloomtherapies.com.au/our-services)"
JUDGEMENT = "Professional judgement of the team"


@dataclass(frozen=True, slots=True)
class ClassStandard:
    """One complexity class of the example: visits per client and period, minutes per visit and per episode.

    `share` is its share of site units, `client_share` of single clients; `travel` None: travel is modelled from distance.
    """

    id: str
    discipline: str
    label_en: str
    label_fr: str
    visits: int
    direct: int
    indirect: int
    travel: int | None
    episode: int
    share: float
    client_share: float
    source: str
    group_size: int = 1
    no_show_rate: float | None = None
    no_show_minutes: int | None = None
    experience_years: int | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: weeks of the period, staff shares by discipline, how units are made up, and the time that is no client care.

    `client_unit_share` of all units are single clients, `area_unit_share` whole areas; the others are sites, about
    `units_per_site` of them at each.
    """

    name_en: str
    name_fr: str
    weeks: int
    weeks_passed: int
    staff_shares: dict[str, float]
    scarce_french: str
    site_kind: str
    units_per_site: float
    client_unit_share: float
    area_unit_share: float
    independent_share: float
    classes: tuple[ClassStandard, ...]
    absences: tuple[tuple[str, str, float], ...]
    duties: tuple[tuple[str, str, str, float], ...]


def _levels(discipline: str, source: str, *rows: tuple[object, ...], travel: int | None = None) -> tuple[ClassStandard, ...]:
    """Low, moderate and high class of a discipline from rows (visits, direct, indirect, episode, share, client share)."""
    names = (("low", "Low", "Faible"), ("moderate", "Moderate", "Moyenne"), ("high", "High", "Élevée"))
    return tuple(
        ClassStandard(
            id=f"{discipline}-{level}",
            discipline=discipline,
            label_en=f"{en} complexity",
            label_fr=f"Complexité {fr.lower()}",
            visits=int(str(row[0])),
            direct=int(str(row[1])),
            indirect=int(str(row[2])),
            travel=travel,
            episode=int(str(row[3])),
            share=float(str(row[4])),
            client_share=float(str(row[5])),
            source=source,
            experience_years=3 if level == "high" else None,
        )
        for (level, en, fr), row in zip(names, rows, strict=True)
    )


SCHOOL = Setting(
    name_en="School rehabilitation services",
    name_fr="Services de réadaptation en milieu scolaire",
    weeks=24,
    weeks_passed=4,
    staff_shares={"OT": 0.42, "SLP": 0.40, "PT": 0.18},
    scarce_french="SLP",
    site_kind="school",
    units_per_site=6.5,
    client_unit_share=0.12,
    area_unit_share=0.0,
    independent_share=0.5,
    classes=(
        *_levels("OT", SCHOOL_RULE, (4, 40, 20, 60, 0.44, 0.1), (10, 45, 23, 150, 0.42, 0.4), (20, 50, 25, 240, 0.14, 0.5), travel=10),
        *_levels("SLP", SCHOOL_SLP, (4, 30, 15, 45, 0.34, 0.1), (10, 35, 18, 120, 0.38, 0.4), (20, 40, 20, 180, 0.13, 0.5), travel=8),
        ClassStandard(
            "SLP-group",
            "SLP",
            "Language group of four",
            "Groupe de langage à quatre",
            12,
            45,
            25,
            8,
            30,
            0.15,
            0.0,
            SCHOOL_SLP,
            group_size=4,
        ),
        *_levels("PT", PACKAGE, (3, 40, 15, 60, 0.45, 0.1), (8, 40, 20, 120, 0.40, 0.4), (16, 45, 20, 210, 0.15, 0.5)),
    ),
    absences=(
        ("*", "school_break", 5),
        ("employee", "statutory_holidays", 3),
        ("employee", "vacation", 7),
        ("employee", "sick_time", 4),
        ("employee", "education", 2),
        ("independent", "days_away", 6),
    ),
    duties=(
        ("*", "administration", "percent", 6),
        ("employee", "meetings", "hours_per_week", 1.5),
        ("independent", "meetings", "hours_per_week", 0.5),
        ("OT", "equipment", "hours_per_period", 10),
        ("SLP", "research", "hours_per_period", 4),
    ),
)

COMMUNITY = Setting(
    name_en="Community rehabilitation at home",
    name_fr="Réadaptation communautaire à domicile",
    weeks=26,
    weeks_passed=4,
    staff_shares={"OT": 0.40, "PT": 0.38, "SLP": 0.10, "OTA;PTA": 0.12},
    scarce_french="OT",
    site_kind="retirement_home",
    units_per_site=6.0,
    client_unit_share=0.52,
    area_unit_share=0.06,
    independent_share=0.6,
    classes=(
        *_levels("OT", HOME_OT, (3, 65, 30, 60, 0.40, 0.35), (7, 68, 32, 120, 0.45, 0.45), (14, 70, 40, 210, 0.15, 0.20)),
        *_levels("PT", HOME_PT, (5, 45, 15, 45, 0.40, 0.35), (10, 45, 18, 90, 0.45, 0.45), (20, 50, 20, 150, 0.15, 0.20)),
        *_levels("SLP", PACKAGE, (4, 45, 20, 60, 0.40, 0.35), (8, 50, 20, 120, 0.45, 0.45), (16, 50, 25, 180, 0.15, 0.20)),
        *_levels("OTA", JUDGEMENT, (6, 45, 10, 15, 0.40, 0.35), (12, 45, 10, 30, 0.45, 0.45), (24, 50, 10, 30, 0.15, 0.20)),
        *_levels("PTA", JUDGEMENT, (6, 40, 10, 15, 0.40, 0.35), (12, 40, 10, 30, 0.45, 0.45), (24, 45, 10, 30, 0.15, 0.20)),
    ),
    absences=(
        ("employee", "statutory_holidays", 4),
        ("employee", "vacation", 8),
        ("employee", "sick_time", 5),
        ("employee", "education", 2),
        ("independent", "days_away", 9),
    ),
    duties=(
        ("*", "administration", "percent", 8),
        ("employee", "meetings", "hours_per_week", 1.5),
        ("independent", "meetings", "hours_per_week", 0.5),
        ("OT", "equipment", "hours_per_week", 0.5),
        ("PT", "supervision", "hours_per_week", 0.5),
    ),
)

CLINIC = Setting(
    name_en="Outpatient rehabilitation clinics",
    name_fr="Cliniques externes de réadaptation",
    weeks=12,
    weeks_passed=2,
    staff_shares={"PT": 0.52, "OT": 0.26, "SLP": 0.22},
    scarce_french="PT",
    site_kind="clinic",
    units_per_site=10.0,
    client_unit_share=0.84,
    area_unit_share=0.0,
    independent_share=0.4,
    classes=(
        *_levels("PT", CLINIC_PT, (6, 30, 10, 30, 0.30, 0.40), (12, 40, 15, 60, 0.40, 0.45), (20, 45, 20, 90, 0.10, 0.15)),
        ClassStandard(
            "PT-group", "PT", "Exercise group of six", "Groupe d'exercice à six", 12, 60, 20, None, 20, 0.20, 0.0, JUDGEMENT, group_size=6
        ),
        *_levels("OT", PACKAGE, (6, 40, 20, 45, 0.40, 0.40), (10, 45, 20, 90, 0.45, 0.45), (18, 50, 25, 120, 0.15, 0.15)),
        *_levels("SLP", PACKAGE, (6, 40, 20, 45, 0.40, 0.40), (12, 40, 20, 90, 0.45, 0.45), (20, 45, 25, 120, 0.15, 0.15)),
    ),
    absences=(
        ("employee", "statutory_holidays", 2),
        ("employee", "vacation", 4),
        ("employee", "sick_time", 2),
        ("employee", "education", 1),
        ("independent", "days_away", 4),
    ),
    duties=(
        ("*", "administration", "percent", 8),
        ("*", "meetings", "hours_per_week", 1),
        ("OT", "equipment", "hours_per_week", 0.5),
        ("PT", "quality", "hours_per_period", 4),
    ),
)

HOSPITAL = Setting(
    name_en="Hospital rehabilitation",
    name_fr="Réadaptation en milieu hospitalier",
    weeks=12,
    weeks_passed=2,
    staff_shares={"PT": 0.38, "OT": 0.34, "SLP": 0.12, "OTA;PTA": 0.16},
    scarce_french="SLP",
    site_kind="hospital",
    units_per_site=9.0,
    client_unit_share=0.08,
    area_unit_share=0.0,
    independent_share=0.1,
    classes=(
        *_levels("PT", HOSPITAL_CONTACT, (3, 30, 15, 20, 0.40, 0.20), (6, 40, 20, 30, 0.40, 0.40), (14, 40, 25, 45, 0.20, 0.40)),
        *_levels("OT", HOSPITAL_CONTACT, (3, 40, 20, 20, 0.40, 0.20), (6, 45, 25, 45, 0.40, 0.40), (12, 45, 30, 60, 0.20, 0.40)),
        *_levels("SLP", HOSPITAL_CONTACT, (2, 30, 20, 20, 0.40, 0.20), (5, 30, 20, 30, 0.40, 0.40), (10, 30, 25, 45, 0.20, 0.40)),
        *_levels("OTA", JUDGEMENT, (3, 30, 8, 0, 0.40, 0.20), (6, 40, 8, 0, 0.40, 0.40), (12, 45, 8, 10, 0.20, 0.40)),
        *_levels("PTA", JUDGEMENT, (4, 30, 8, 0, 0.40, 0.20), (8, 30, 8, 0, 0.40, 0.40), (16, 40, 8, 10, 0.20, 0.40)),
    ),
    absences=(
        ("employee", "statutory_holidays", 2),
        ("employee", "vacation", 4),
        ("employee", "sick_time", 3),
        ("employee", "education", 1),
        ("independent", "days_away", 4),
    ),
    duties=(
        ("*", "administration", "percent", 8),
        ("*", "meetings", "hours_per_week", 2),
        ("PT", "students", "hours_per_week", 0.5),
        ("OT", "supervision", "hours_per_week", 0.5),
    ),
)

SETTINGS: dict[str, Setting] = {"school": SCHOOL, "community": COMMUNITY, "clinic": CLINIC, "hospital": HOSPITAL}

SKILLS: dict[str, tuple[str, ...]] = {
    "OT": ("AAC", "seating", "sensory", "feeding", "home safety", "mental health"),
    "PT": ("neuro", "orthopaedics", "respiratory", "seating", "falls", "vestibular"),
    "SLP": ("AAC", "fluency", "dysphagia", "voice", "literacy", "aphasia"),
    "OTA": ("seating", "home safety", "feeding"),
    "PTA": ("falls", "neuro", "orthopaedics"),
}
