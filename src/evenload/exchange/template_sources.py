"""Where each default of the templates comes from: what is published is cited, what is judgement is called so.

Each was read in the source named. `published`: the default is the figure that was read; `near`: judgement, beside a published
figure; `judgement`: ours, for want of a published one. All are meant to be edited.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from evenload.words import message

PUBLISHED: Final = "published"
NEAR: Final = "near"
JUDGED: Final = "judgement"


@dataclass(frozen=True, slots=True)
class FigureSource:
    """Where one default comes from. `said`: what was read, as a message; `address`: where; both empty for judgement."""

    how: str
    said: str = ""
    address: str = ""


OUR_JUDGEMENT: Final = FigureSource(JUDGED)

SCHOOL_RULE: Final = FigureSource(
    NEAR,
    message("North Carolina's schools count half an hour of other work for each hour of direct service"),
    "studylib.net/doc/6790153/workload-assessment",
)
SESSION_OF_30: Final = FigureSource(
    NEAR,
    message("sessions of 30 minutes once or twice a week are usual in schools"),
    "leader.pubs.asha.org/article.aspx?articleid=2280132",
)
SCHOOL_SLP_WEEK: Final = FigureSource(
    NEAR,
    message("a week of school SLPs in the United States, 2022: 22.0 h direct, 5.8 h documentation, 3.6 h diagnostics, 1.9 h consultation"),
    "connect.liricare.com/posts/1137",
)
PACKAGE: Final = FigureSource(
    NEAR,
    message("an Australian package of an hour: 10 min preparation, 40 min with the client, 10 min notes"),
    "bloomtherapies.com.au/our-services",
)
HOME_OT_VISIT: Final = FigureSource(
    NEAR, message("home OT visits of a trial took 68.5 min, the middle half 64 to 73"), "pmc.ncbi.nlm.nih.gov/articles/PMC5554402/table/T3"
)
HOME_PT_VISIT: Final = FigureSource(NEAR, message("home PT visits of a trial had about 45 min of treatment"), "JNNP, table 165807")
HOME_PT_MISSED: Final = FigureSource(PUBLISHED, message("1.6% of the home PT visits of a trial were missed"), "JNNP, table 165807")
CLINIC_PT_MISSED: Final = FigureSource(
    PUBLISHED,
    message("10.4% of visits were no-shows in outpatient PT in the United States (n = 634)"),
    "digitalscholarship.unlv.edu/thesesdissertations/2323",
)
INPATIENT_CONTACT: Final = FigureSource(
    NEAR, message("contact a day of inpatients: PT 40, OT 45, SLP 30 min"), "rcpjournals.org/content/9/2/110.abstract"
)

Sources = Mapping[str, FigureSource]
"""figure → where its default comes from; a figure that is absent is our judgement"""

SOURCES: Final[Mapping[tuple[str, str], Sources]] = {
    ("school", "OT"): {"indirect_minutes": SCHOOL_RULE},
    ("school", "SLP"): {"direct_minutes": SESSION_OF_30, "indirect_minutes": SCHOOL_SLP_WEEK},
    ("school", "PT"): {"direct_minutes": PACKAGE, "indirect_minutes": PACKAGE},
    ("community", "OT"): {"direct_minutes": HOME_OT_VISIT},
    ("community", "PT"): {"direct_minutes": HOME_PT_VISIT, "no_show_rate": HOME_PT_MISSED},
    ("community", "SLP"): {"indirect_minutes": PACKAGE},
    ("clinic", "PT"): {"no_show_rate": CLINIC_PT_MISSED},
    ("clinic", "OT"): {"direct_minutes": PACKAGE, "indirect_minutes": PACKAGE},
    ("clinic", "SLP"): {"direct_minutes": PACKAGE, "indirect_minutes": PACKAGE},
    ("hospital", "PT"): {"direct_minutes": INPATIENT_CONTACT},
    ("hospital", "OT"): {"direct_minutes": INPATIENT_CONTACT},
    ("hospital", "SLP"): {"direct_minutes": INPATIENT_CONTACT},
}

RATES: Final[Mapping[tuple[str, str], str]] = {("community", "PT"): "0.016", ("clinic", "PT"): "0.104"}
"""Shares of visits missed that were published for the setting and discipline; not taken where classes are groups."""
