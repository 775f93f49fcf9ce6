"""Many referrals from one file: shown with every problem, taken in whole or not at all, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cast import NOW, Cast, person
from evenload.records.access import Person
from evenload.records.models import Client, Import, Referral
from evenload.workflow import intake, referral_intake
from workflow.referrals_made import client_of, referral_of, refusal

pytestmark = [pytest.mark.slow, pytest.mark.both, pytest.mark.django_db]
HEADINGS = "number,client,initials,birth year,language,discipline,site,postal code,complexity,received on,visits\n"
GOOD = (
    HEADINGS
    + "N-1,,A. B.,1950,fr,OT,,K1K 2B5,high,2026-01-12,12\n"
    + "N-2,c-9,C. D.,1960,,OT,A School,,,2026-01-12,\n"
    + "N-3,,E. F.,,en,OT,École A,,,2026-01-11,\n"
)


@pytest.fixture
def ada(everybody: Cast) -> Person:
    return person(everybody.administrative)


def previewed(everybody: Cast, ada: Person, text: str) -> Import:
    return referral_intake.preview(text.encode(), "list.csv", by=ada, program=everybody.program_a, at=NOW)


def told(made: Import) -> list[tuple[str, str]]:
    return [(one["cell"], one["code"]) for one in made.problems]


def test_all_of_them_are_taken_in_and_the_file_is_forgotten(everybody: Cast, ada: Person) -> None:
    made = previewed(everybody, ada, GOOD)
    before = Referral.objects.count()
    assert (told(made), made.counts["referrals"]["created"], Referral.objects.filter(number="N-1").exists()) == ([], 3, False)
    assert referral_intake.confirm(made, by=ada, at=NOW) == 3
    assert Referral.objects.count() == before + 3
    rows = dict(Referral.objects.exclude(number="").values_list("number", "unit__code"))
    assert (rows["N-2"], rows["N-3"]) == ("u1", "u1")
    assert rows["N-1"].startswith("R")
    first = Client.objects.get(initials="A. B.")
    assert (first.language, first.language_asked_how, Client.objects.get(code="c-9").language) == ("fr", "referrer", "")
    made.refresh_from_db()
    assert (made.state, bytes(made.content)) == ("imported", b"")
    refusal("import_closed", referral_intake.confirm, made, by=ada, at=NOW)


def test_problems_of_the_file_and_of_the_program_stand_together_by_row_and_nothing_can_be_confirmed(everybody: Cast, ada: Person) -> None:
    text = HEADINGS + "N-1,,A. B.,1950,fr,OT,Nowhere,,huge,2026-01-12,12\nN-1,,,,,XX,,,,yesterday,\n"
    made = previewed(everybody, ada, text)
    assert told(made) == [
        ("G2", "site_unknown"),
        ("I2", "complexity_unknown"),
        ("A3", "number_twice"),
        ("C3", "initials_missing"),
        ("F3", "choice_unknown"),
        ("G3", "place_missing"),
        ("J3", "not_a_date"),
    ]
    refusal("import_has_problems", referral_intake.confirm, made, by=ada, at=NOW)


def test_a_number_that_was_taken_in_before_is_refused_and_a_possible_duplicate_is_shown(everybody: Cast, ada: Person) -> None:
    known = client_of(everybody.program_a, "c-7", initials="A. B.")
    Client.objects.filter(pk=known.pk).update(birth_year=1950)
    referral_of(known, number="n-2", state="closed")
    referral_of(known)
    made = previewed(everybody, ada, GOOD)
    assert [(one["cell"], one["code"], bool(one.get("is_doubt"))) for one in made.problems] == [
        ("C2", "referral_alike", True),
        ("A3", "number_known", False),
    ]


def test_what_was_taken_in_between_preview_and_confirmation_stops_the_whole(everybody: Cast, ada: Person) -> None:
    made, other = previewed(everybody, ada, GOOD), previewed(everybody, ada, GOOD)
    referral_intake.confirm(other, by=ada, at=NOW + timedelta(minutes=1))
    count = Referral.objects.count()
    refusal("import_outdated", referral_intake.confirm, made, by=ada, at=NOW + timedelta(minutes=2))
    made.refresh_from_db()
    assert Referral.objects.count() == count
    assert {code for _, code in told(made)} >= {"number_known"}


def test_the_other_way_of_importing_does_not_take_a_list_of_referrals_in(everybody: Cast, ada: Person) -> None:
    made = previewed(everybody, ada, GOOD)
    refusal("import_has_problems", intake.confirm, made, by=ada, at=NOW)
    intake.discard(made, by=ada, at=NOW)
    refusal("import_closed", referral_intake.confirm, made, by=ada, at=NOW)
