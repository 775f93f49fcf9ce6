"""Columns of the sheets about people: practitioners, absences, duties."""

from __future__ import annotations

from evenload.exchange.column import Choice, Column, Limits, Sheet

DISCIPLINE_CHOICES = (
    Choice("OT", "occupational therapy", "ergothérapie"),
    Choice("PT", "physiotherapy", "physiothérapie"),
    Choice("SLP", "speech-language pathology", "orthophonie"),
    Choice("OTA", "occupational therapist assistant", "assistance en ergothérapie"),
    Choice("PTA", "physiotherapist assistant", "assistance en physiothérapie"),
    Choice("CDA", "communicative disorders assistant", "assistance en troubles de la communication", ("assistance en orthophonie",)),
    Choice("AUD", "audiology", "audiologie"),
    Choice("RD", "dietetics", "diététique"),
    Choice("SW", "social work", "travail social"),
)
ENGAGEMENT_CHOICES = (
    Choice("employee", "employee", "membre du personnel salarié", ("salarié", "salariée", "personnel salarié")),
    Choice("independent", "independent practitioner", "praticienne ou praticien autonome", ("autonome",)),
)
LEVEL_CHOICES = (
    Choice("native", "native", "langue maternelle", ("maternelle",)),
    Choice("fluent", "fluent", "courant", ("courante", "couramment")),
    Choice("functional", "functional", "fonctionnel", ("fonctionnelle",)),
    Choice("basic", "basic", "de base"),
)
DAY_CHOICES = (
    Choice("mon", "mon", "lun", ("monday", "lundi")),
    Choice("tue", "tue", "mar", ("tuesday", "mardi")),
    Choice("wed", "wed", "mer", ("wednesday", "mercredi")),
    Choice("thu", "thu", "jeu", ("thursday", "jeudi")),
    Choice("fri", "fri", "ven", ("friday", "vendredi")),
    Choice("sat", "sat", "sam", ("saturday", "samedi")),
    Choice("sun", "sun", "dim", ("sunday", "dimanche")),
)
YES_NO_CHOICES = (Choice("yes", "yes", "oui"), Choice("no", "no", "non"))
FEEDBACK_CHOICES = (
    Choice("too_high", "too high", "trop élevée"),
    Choice("right", "right", "bonne", ("juste",)),
    Choice("too_low", "too low", "trop faible"),
)
BASIS_CHOICES = (
    Choice("hours_per_period", "hours per period", "heures par période"),
    Choice("hours_per_week", "hours per week at work", "heures par semaine travaillée", ("hours per week", "heures par semaine")),
    Choice("percent", "percent of hours after absence", "pourcentage des heures après absence", ("pourcentage", "%")),
)

WEEK_HOURS = Limits(0, 168)
PERCENT = Limits(0, 100)
DAY_MINUTES = Limits(0, 1440)
LATITUDE = Limits(-90, 90)
LONGITUDE = Limits(-180, 180)
YEARS = Limits(0, 80)


PRACTITIONERS = Sheet(
    "practitioners",
    "praticiennes et praticiens",
    also=("praticiens", "praticiennes"),
    required=True,
    about_en="One row for each practitioner, employees and independents: hours, languages, skills, where they start from.",
    about_fr="Une ligne par praticienne ou praticien, personnel salarié et autonome : heures, langues, compétences, point de départ.",
    columns=(
        Column(
            "id",
            "identifiant",
            "id",
            required=True,
            about_en="A short name or number, unique in this sheet. Other sheets point to it.",
            about_fr="Un nom ou numéro court, unique dans cette feuille. Les autres feuilles y renvoient.",
        ),
        Column(
            "name",
            "nom",
            "text",
            about_en="The name as it will appear in the assignment list. Empty: the id is shown.",
            about_fr="Le nom tel qu'il paraîtra dans la liste d'affectation. Vide : l'identifiant est montré.",
        ),
        Column(
            "disciplines",
            "disciplines",
            "choices",
            required=True,
            choices=DISCIPLINE_CHOICES,
            about_en="The discipline, or several separated by semicolons, for example OT;PT.",
            about_fr="La discipline, ou plusieurs séparées par des points-virgules, par exemple OT;PT.",
        ),
        Column(
            "engagement",
            "mode d'engagement",
            "choice",
            required=True,
            choices=ENGAGEMENT_CHOICES,
            about_en="Employee or independent. Absences and duties can be stated for all of either.",
            about_fr="Personne salariée ou autonome. Absences et tâches peuvent être indiquées pour toutes celles d'un groupe.",
        ),
        Column(
            "weekly_hours",
            "heures par semaine",
            "number",
            required=True,
            limits=WEEK_HOURS,
            unit="hours per week",
            about_en="Contracted hours in a normal week. A day is a fifth of them.",
            about_fr="Heures prévues au contrat pour une semaine normale. Une journée en est le cinquième.",
        ),
        Column(
            "max_hours",
            "heures maximales",
            "number",
            limits=WEEK_HOURS,
            unit="hours per week",
            about_en="The most hours of client care in a week at work. Never exceeded. Empty: the hours left after absences and duties.",
            about_fr="Le plus d'heures de soins dans une semaine de travail, jamais dépassé. Vide : les heures après absences et tâches.",
        ),
        Column(
            "comfortable_min_percent",
            "bas de la plage de confort (%)",
            "percent",
            limits=PERCENT,
            unit="percent",
            about_en="Below this share of capacity the load is too low. Write 70 for 70 percent. Default 70.",
            about_fr="Sous cette part de la capacité, la charge est trop faible. Écrire 70 pour 70 %. Défaut 70.",
        ),
        Column(
            "comfortable_max_percent",
            "haut de la plage de confort (%)",
            "percent",
            limits=PERCENT,
            unit="percent",
            about_en="Above this share of capacity the load is heavy. Write 95 for 95 percent. Default 95.",
            about_fr="Au-delà de cette part de la capacité, la charge est lourde. Écrire 95 pour 95 %. Défaut 95.",
        ),
        Column(
            "languages",
            "langues",
            "languages",
            required=True,
            choices=LEVEL_CHOICES,
            about_en="Each language with its level (native, fluent, functional, basic), for example en:native; fr:fluent.",
            about_fr="Chaque langue avec son niveau (langue maternelle, courant, fonctionnel, de base), par exemple fr:langue maternelle; en:courant.",
        ),
        Column(
            "skills",
            "compétences",
            "tags",
            about_en="Special skills in your own words, separated by semicolons, for example seating; AAC.",
            about_fr="Compétences particulières dans vos mots, séparées par des points-virgules, par exemple positionnement; CAA.",
        ),
        Column(
            "interests",
            "intérêts",
            "tags",
            about_en="Kinds of work this person likes, separated by semicolons. A shared word is a small advantage.",
            about_fr="Types de travail que la personne aime, séparés par des points-virgules. Un mot commun est un léger avantage.",
        ),
        Column(
            "years_experience",
            "années d'expérience",
            "number",
            limits=YEARS,
            unit="years",
            about_en="Years of experience. Compared with what a class asks for. Empty: counted as 0 there.",
            about_fr="Années d'expérience, comparées à ce qu'une classe demande. Vide : comptées comme 0.",
        ),
        Column(
            "base_postal",
            "code postal de départ",
            "postal",
            about_en="Postal code from which drives start. Its first three characters are enough.",
            about_fr="Code postal d'où partent les trajets. Ses trois premiers caractères suffisent.",
        ),
        Column(
            "base_lat",
            "latitude de départ",
            "number",
            limits=LATITUDE,
            unit="degrees",
            about_en="Latitude of the starting point, for example 45.42. More exact than the postal code.",
            about_fr="Latitude du point de départ, par exemple 45,42. Plus précise que le code postal.",
        ),
        Column(
            "base_lon",
            "longitude de départ",
            "number",
            limits=LONGITUDE,
            unit="degrees",
            about_en="Longitude of the starting point, for example -75.69 (negative in Canada).",
            about_fr="Longitude du point de départ, par exemple -75,69 (négative au Canada).",
        ),
        Column(
            "longest_drive_minutes",
            "trajet le plus long (minutes)",
            "integer",
            limits=DAY_MINUTES,
            unit="minutes",
            about_en="The longest drive one way this person accepts. Empty: no limit.",
            about_fr="Le plus long trajet aller que la personne accepte. Vide : aucune limite.",
        ),
        Column(
            "max_sites_per_day",
            "nombre maximal de lieux par jour",
            "integer",
            limits=Limits(1, 50),
            unit="sites per day",
            about_en="How many places this person can visit in a day. Empty: no limit.",
            about_fr="Combien de lieux la personne peut visiter par jour. Vide : aucune limite.",
        ),
        Column(
            "accepts_new",
            "accepte une nouvelle clientèle",
            "yes_no",
            choices=YES_NO_CHOICES,
            about_en="No: keeps the present clients and gets no others. Default yes.",
            about_fr="Non : garde sa clientèle actuelle et n'en reçoit pas d'autre. Défaut : oui.",
        ),
        Column(
            "team",
            "équipe",
            "text",
            about_en="The team. Sites of the same team are preferred.",
            about_fr="L'équipe. Les lieux de la même équipe sont préférés.",
        ),
        Column(
            "area",
            "secteur",
            "text",
            about_en="Home area, for counting hours by area. Empty: the area of the nearest site.",
            about_fr="Secteur d'attache, pour compter les heures par secteur. Vide : le secteur du lieu le plus proche.",
        ),
        Column(
            "from_date",
            "date de début",
            "date",
            about_en="First day at work, if it falls within the period. A date such as 2026-01-31.",
            about_fr="Premier jour de travail, s'il tombe dans la période. Une date comme 2026-01-31.",
        ),
        Column(
            "to_date",
            "date de fin",
            "date",
            about_en="Last day at work, included, if it falls within the period.",
            about_fr="Dernier jour de travail, inclus, s'il tombe dans la période.",
        ),
        Column(
            "days",
            "jours",
            "days",
            choices=DAY_CHOICES,
            about_en="Working days, for example mon;tue;thu. Empty: any day.",
            about_fr="Jours de travail, par exemple lun;mar;jeu. Vide : tous les jours.",
        ),
        Column(
            "evenings",
            "soirs",
            "yes_no",
            choices=YES_NO_CHOICES,
            about_en="Works evenings: yes or no. Empty: no limit.",
            about_fr="Travaille le soir : oui ou non. Vide : aucune limite.",
        ),
        Column(
            "feedback",
            "rétroaction",
            "choice",
            choices=FEEDBACK_CHOICES,
            about_en="What this person said of the present load: too high, right, too low. Moves the comfortable range by 10 points.",
            about_fr="Ce que la personne dit de sa charge : trop élevée, bonne, trop faible. Déplace la plage de confort de 10 points.",
        ),
    ),
)

ABSENCES = Sheet(
    "absences",
    "absences",
    about_en="Time away over the whole period: vacation, statutory holidays, illness, training leave. Rows add up.",
    about_fr="Temps d'absence sur toute la période : vacances, jours fériés, maladie, congés de formation. Les lignes s'additionnent.",
    columns=(
        Column(
            "practitioner",
            "praticienne ou praticien",
            "who",
            required=True,
            refers_to="practitioners",
            about_en="An id of the practitioners sheet, employee, independent, or * for everybody.",
            about_fr="Un identifiant de la feuille praticiennes et praticiens, salarié, autonome, ou * pour tout le monde.",
        ),
        Column(
            "kind",
            "motif",
            "text",
            required=True,
            about_en="What kind of absence, in your own words, for example vacation.",
            about_fr="Le motif de l'absence, dans vos mots, par exemple vacances.",
        ),
        Column(
            "days",
            "jours",
            "number",
            limits=Limits(0, 2000),
            unit="days",
            about_en="Days away in the period. Fill in days or hours, not both.",
            about_fr="Jours d'absence dans la période. Remplir jours ou heures, pas les deux.",
        ),
        Column(
            "hours",
            "heures",
            "number",
            limits=Limits(0, 20000),
            unit="hours",
            about_en="Hours away in the period. Fill in days or hours, not both.",
            about_fr="Heures d'absence dans la période. Remplir jours ou heures, pas les deux.",
        ),
        Column(
            "from_date",
            "date de début",
            "date",
            about_en="First day away, where it is known. The day counts in its own week; without days and hours every working day is meant.",
            about_fr="Premier jour d'absence, s'il est connu. Il compte dans sa semaine; sans jours ni heures, chaque jour de travail compte.",
        ),
        Column(
            "to_date",
            "date de fin",
            "date",
            about_en="Last day away, included. Empty: the first one only.",
            about_fr="Dernier jour d'absence, inclus. Vide : le premier seulement.",
        ),
    ),
)

DUTIES = Sheet(
    "duties",
    "tâches",
    about_en="Work that is not client care: meetings, supervision, administration. Rows add up.",
    about_fr="Travail hors soins : réunions, supervision, administration. Les lignes s'additionnent.",
    columns=(
        Column(
            "practitioner",
            "praticienne ou praticien",
            "who",
            required=True,
            refers_to="practitioners",
            about_en="An id of the practitioners sheet, a discipline, employee, independent, or * for everybody.",
            about_fr="Un identifiant de la feuille praticiennes et praticiens, une discipline, salarié, autonome, ou * pour tout le monde.",
        ),
        Column(
            "kind",
            "nature",
            "text",
            required=True,
            about_en="What kind of duty, in your own words, for example team meeting.",
            about_fr="La nature de la tâche, dans vos mots, par exemple réunion d'équipe.",
        ),
        Column(
            "basis",
            "base de calcul",
            "choice",
            required=True,
            choices=BASIS_CHOICES,
            about_en="How the amount counts: hours in the period, hours a week at work, or percent of hours after absences.",
            about_fr="Comment la quantité compte : heures par période, heures par semaine de travail, ou pourcentage des heures après absences.",
        ),
        Column(
            "amount",
            "quantité",
            "number",
            required=True,
            limits=Limits(0, 20000),
            unit="as stated in basis",
            about_en="The hours or the percent. Write 10 for 10 percent.",
            about_fr="Les heures ou le pourcentage. Écrire 10 pour 10 %.",
        ),
    ),
)
