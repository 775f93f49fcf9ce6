"""Invented names for the example programs, in both languages: people, schools, residences, clinics and wards. Nobody real is meant."""

from __future__ import annotations

from random import Random

FIRST_NAMES_FR = (
    "Josée", "Luc", "Mireille", "Étienne", "Chantal", "Benoît", "Geneviève", "Rémi", "Sylvie", "Mathieu", "Noémie", "Gabriel",
    "Anne-Sophie", "Fatou", "Julien", "Élise", "Olivier", "Maude", "Yasmine", "Pascal", "Corinne", "Aïcha", "Dominique", "Renée",
)  # fmt: skip
SURNAMES_FR = (
    "Martin", "Bédard", "Lafleur", "Séguin", "Charbonneau", "Lalonde", "Diallo", "Beauchamp", "Côté", "Desrosiers", "Ouellette",
    "Brisebois", "Gauthier", "Cyr", "Villeneuve", "Traoré", "Rochon", "Pelletier", "Sabourin", "Lavigne", "Proulx", "Benali",
)  # fmt: skip
FIRST_NAMES_EN = (
    "Amara", "Paul", "Heather", "Ben", "Ana", "Wei", "Priya", "Connor", "Layla", "Megan", "Ryan", "Sofia", "Hodan", "Omar", "Grace",
    "Tyler", "Nadia", "Emily", "Jaspreet", "Karen", "Daniel", "Mei", "Rachel", "Ivan", "Zahra", "Kate", "Samuel", "Lucy",
)  # fmt: skip
SURNAMES_EN = (
    "Lee", "Singh", "MacDonald", "Chan", "Cruz", "Zhang", "Patel", "O'Brien", "Haddad", "Campbell", "Fraser", "Rossi", "Warsame",
    "Nasser", "Okafor", "Wright", "Petrov", "Sinclair", "Gill", "Murphy", "Young", "Lin", "Goldberg", "Kowalski", "Ahmadi", "Reid",
)  # fmt: skip

SCHOOL_NAMES_FR = (
    "Lafond", "des Érables", "Sainte-Cécile", "du Ruisseau", "Belle-Rive", "Marie-Lacroix", "des Pionniers", "L'Envolée", "Saint-Damien",
    "de la Clairière", "Beaupré", "des Voyageurs", "Sainte-Odile", "du Vieux-Moulin", "L'Arc-en-ciel", "Rivière-Rideau",
    "des Hirondelles", "du Boisé", "de la Colline", "des Trois-Ponts", "du Coteau", "de l'Aube", "des Mésanges", "du Grand-Pré",
    "Sainte-Alma", "des Bâtisseurs", "du Vallon", "L'Horizon", "Saint-Elphège", "de la Cascade", "des Bouleaux", "du Carrefour",
    "La Boussole", "des Rapides", "de la Grande-Ourse", "du Phare", "Saint-Télesphore", "des Tisserands", "L'Odyssée", "du Ponceau",
)  # fmt: skip
SCHOOL_NAMES_EN = (
    "Maple Ridge", "St. Brendan", "Willow Creek", "Heron Bay", "Stonebridge Hill", "St. Agatha", "Cedar Grove", "Rideau Crossing",
    "Limestone", "Fieldcrest", "Mer Bleue", "St. Finnian", "Trillium Park", "Bluebird", "Orchard Lane", "Kingfisher", "Beech Street",
    "St. Columba", "Birchmount Hill", "Canal View",
    *(f"{plant} {place}" for place in ("Landing", "Hollow", "Heights", "Bend", "Common") for plant in (
        "Juniper", "Tamarack", "Hawthorn", "Sumac", "Larkspur", "Bluejay", "Hickory", "Spruce", "Aspen", "Foxglove", "Butternut",
        "Basswood", "Elderberry", "Milkweed", "Chickadee",
    )),
)  # fmt: skip
RESIDENCE_NAMES_FR = (
    "des Lilas", "Beau-Soleil", "du Parc", "Sainte-Odile", "des Aînés", "du Belvédère", "Bel-Automne", "des Pommiers", "du Rivage",
    "Mon Logis", "des Bernaches", "du Verger", "L'Accalmie", "de la Tourelle", "des Roseaux", "du Clocher",
)  # fmt: skip
RESIDENCE_NAMES_EN = (
    "Maple Home", "Rideau Manor", "Lakeview", "Stonehaven", "Cedarwood", "The Orchards", "Riverbend", "Amberlea", "Heritage Gate",
    "Fernbank", "Willowmere", "The Lanterns", "Brookside", "Quarry Hill", "Meadowlark", "Elm Court", "Harbour Stone", "Kestrel House",
    "Rosewater", "Tannery Lane", "Wexford", "Island Park Terrace", "Pinecrest Gardens", "The Weavers", "Locksley",
)  # fmt: skip
CLINIC_NAMES = (
    ("Rideau", "Rideau"),
    ("Riverside", "de la Rive"),
    ("Parkside", "du Parc"),
    ("Market", "du Marché"),
    ("Meadow", "de la Prairie"),
)
HOSPITAL_NAMES = (
    ("Civic campus", "Campus municipal"),
    ("Riverside campus", "Campus de la rivière"),
    ("Eastern campus", "Campus de l'Est"),
)
WARD_NAMES = (
    ("Stroke", "AVC"),
    ("Orthopaedics", "Orthopédie"),
    ("Acute medicine", "Médecine aiguë"),
    ("Geriatrics", "Gériatrie"),
    ("Intensive care", "Soins intensifs"),
    ("Cardiology", "Cardiologie"),
    ("Respiratory", "Pneumologie"),
    ("Surgery", "Chirurgie"),
    ("Oncology", "Oncologie"),
    ("Neurology", "Neurologie"),
    ("Rehabilitation", "Réadaptation"),
    ("Emergency", "Urgence"),
    ("Paediatrics", "Pédiatrie"),
    ("Complex continuing care", "Soins continus complexes"),
)


def person_name(rng: Random, is_francophone: bool, taken: set[str]) -> str:
    """An invented name that is not yet in `taken`, and now is; a middle letter is added when the names run out."""
    first, last = (FIRST_NAMES_FR, SURNAMES_FR) if is_francophone else (FIRST_NAMES_EN, SURNAMES_EN)
    for attempt in range(1000):
        middle = f" {rng.choice('ABCDEFGHJKLMNPRSTV')}." * (attempt // 20)
        name = f"{rng.choice(first)}{middle} {rng.choice(last)}"
        if name not in taken:
            break
    taken.add(name)
    return name


def initials(rng: Random) -> str:
    """Initials that stand for a client; lists never show names of clients."""
    letters = "ABCDEFGHJKLMNOPRSTVWZ"
    return f"{rng.choice(letters)}. {rng.choice(letters)}."


def school_name(is_french: bool, is_secondary: bool, number: int) -> tuple[str, str]:
    """Name of an invented school, in English and in French; `number` keeps names apart when a list is used up."""
    names = SCHOOL_NAMES_FR if is_french else SCHOOL_NAMES_EN
    name = names[number % len(names)]
    again = f" {number // len(names) + 1}" if number >= len(names) else ""
    if is_french:
        kind = "École secondaire" if is_secondary else "École élémentaire"
        return f"{kind} {name}{again}", f"{kind} {name}{again}"
    if is_secondary:
        return f"{name}{again} Secondary School", f"École secondaire {name}{again}"
    return f"{name}{again} Public School", f"École élémentaire {name}{again}"


def residence_name(is_french: bool, number: int) -> tuple[str, str]:
    """Name of an invented retirement home, in English and in French."""
    names = RESIDENCE_NAMES_FR if is_french else RESIDENCE_NAMES_EN
    again = f" {number // len(names) + 1}" if number >= len(names) else ""
    name = names[number % len(names)]
    return (f"Résidence {name}{again}",) * 2 if is_french else (f"{name} Retirement Residence{again}", f"Résidence {name}{again}")


def clinic_name(area: str, number: int) -> tuple[str, str]:
    """Name of an invented clinic, in English and in French."""
    en, fr = CLINIC_NAMES[number % len(CLINIC_NAMES)]
    return f"{en} Clinic, {area}", f"Clinique {fr}, {area}"


def ward_name(number: int) -> tuple[str, str]:
    """Name of an invented hospital ward with its campus, in English and in French."""
    campus_en, campus_fr = HOSPITAL_NAMES[number % len(HOSPITAL_NAMES)]
    ward_en, ward_fr = WARD_NAMES[number // len(HOSPITAL_NAMES) % len(WARD_NAMES)]
    again = (
        f" {chr(ord('A') + number // (len(HOSPITAL_NAMES) * len(WARD_NAMES)) % 26)}"
        if number >= len(HOSPITAL_NAMES) * len(WARD_NAMES)
        else ""
    )
    return f"{ward_en}{again}, {campus_en}", f"{ward_fr}{again}, {campus_fr}"
