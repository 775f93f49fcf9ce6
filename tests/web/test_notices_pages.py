"""What a person was told, on her page and in the head of every page; how she chooses; the director's page of mails."""

from __future__ import annotations

import ast
import re
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from cast import NOW, Cast, person
from evenload.records.models import Account, JournalEntry, Mail, Notice, NoticeChoice, RoleOfAccount
from evenload.web.middleware import ROLE
from evenload.web.notice_words import HINDRANCES
from evenload.workflow import mailing, notices, outbox
from evenload.workflow.notice_events import REACH
from web.desk_visits import client_of, text_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def bea(everybody: Cast) -> Client:
    everybody.practitioner.email = "bea@example.org"
    everybody.practitioner.save()
    return client_of(everybody.practitioner)


def page(client: Client, name: str, **query: str) -> str:
    return client.get(reverse(name), query).content.decode()


def told(everybody: Cast, event: str = "offer_made", address: str = "/offers", **values: object) -> Notice:
    notices.tell([everybody.practitioner], event, at=NOW, program=everybody.program_a, address=address, values=values)
    return Notice.objects.order_by("-pk")[0]


def test_with_nothing_told_the_page_says_what_will_appear(bea: Client) -> None:
    shown = text_of(page(bea, "notices"))

    assert "Nothing yet. What concerns you appears here" in shown
    assert "Mark all as read" not in shown


def test_the_newest_comes_first_in_her_language_with_the_program(everybody: Cast, bea: Client) -> None:
    told(everybody, area="Embrun", discipline="OT", until="2026-02-03T14:30-05:00")
    told(everybody, "offer_taken", practitioner="Ana")

    shown = text_of(page(bea, "notices"))
    assert shown.index("Ana has accepted") < shown.index("You are asked to take on: Occupational therapy, Embrun.")
    assert "Please answer by Tuesday, February 3 at 2:30 p.m. School rehabilitation · 2026-01-12" in shown

    Account.objects.filter(pk=everybody.practitioner.pk).update(language="fr")
    assert "Veuillez répondre au plus tard le mardi 3 février à 14 h 30. Réadaptation scolaire" in text_of(page(bea, "notices"))


def test_the_head_of_every_page_says_how_many_are_unread(everybody: Cast, bea: Client) -> None:
    assert '<span class="visually-hidden">Notices</span>' in page(bea, "help")

    told(everybody)
    told(everybody, "offer_withdrawn")
    assert "Notices: 2 unread" in page(bea, "help")

    for _ in range(98):
        told(everybody)
    shown = page(bea, "help")
    assert '<span class="unread-count" aria-hidden="true">99+</span>' in shown
    assert "Notices: 100 unread" in shown


def test_the_number_of_notices_does_not_change_the_number_of_queries(
    everybody: Cast, bea: Client, django_assert_max_num_queries: object
) -> None:
    page(bea, "notices")
    asked = []
    for number in (1, 12):
        for _ in range(number):
            told(everybody, area="Embrun")
        with django_assert_max_num_queries(30) as found:  # type: ignore[operator]
            page(bea, "notices")
        asked.append(len(found))

    assert asked[0] == asked[1]


def test_following_a_notice_reads_it_and_leads_to_its_page(everybody: Cast, bea: Client) -> None:
    one, other = told(everybody), told(everybody)

    answer = bea.get(reverse("notice", args=[one.pk]))

    assert (answer.status_code, answer["Location"]) == (302, "/offers")
    assert set(Notice.objects.filter(read_at__isnull=True)) == {other}


@pytest.mark.parametrize(
    "address", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "/\\elsewhere.example", ""]
)
def test_no_notice_leads_away_from_evenload(everybody: Cast, bea: Client, address: str) -> None:
    one = told(everybody, address=address)

    assert bea.get(reverse("notice", args=[one.pk]))["Location"] == reverse("notices")


def test_who_has_several_roles_comes_in_the_one_that_may_see_the_page(everybody: Cast, bea: Client) -> None:
    RoleOfAccount.objects.create(account=everybody.practitioner, role="program_manager", program=everybody.program_a)
    hers, of_planners = told(everybody), told(everybody, "load_said", address="/programs/school-rehab/team")

    for one, role in ((hers, "practitioner"), (of_planners, "program_manager"), (hers, "practitioner")):
        assert bea.get(reverse("notice", args=[one.pk]), follow=True).status_code == 200
        assert bea.session[ROLE] == role


def test_others_notices_do_not_exist_and_cannot_be_read_for_them(everybody: Cast, bea: Client) -> None:
    one = told(everybody)
    marie = client_of(everybody.manager_of_a)

    assert marie.get(reverse("notice", args=[one.pk])).status_code == 404
    marie.post(reverse("notices_read"), {"notice": str(one.pk)})
    marie.post(reverse("notices_read"), {"all": "yes"})

    assert Notice.objects.get().read_at is None


def test_one_or_all_can_be_marked_as_read(everybody: Cast, bea: Client) -> None:
    one, _, _ = told(everybody), told(everybody), told(everybody)

    bea.post(reverse("notices_read"), {"notice": str(one.pk)})
    assert Notice.objects.filter(read_at__isnull=True).count() == 2
    for odd in ("x", "9" * 40, ""):
        assert bea.post(reverse("notices_read"), {"notice": odd}).status_code == 302
    answer = bea.post(reverse("notices_read"), {"all": "yes"}, follow=True)

    assert "2 notices are marked as read." in text_of(answer.content.decode())
    assert not Notice.objects.filter(read_at__isnull=True).exists()


def test_a_long_list_is_turned_page_by_page(everybody: Cast, bea: Client) -> None:
    for number in range(31):
        told(everybody, "edition_published", number=number, address="")

    first, second = text_of(page(bea, "notices")), text_of(page(bea, "notices", page="2"))

    assert "Edition 30 of" in first
    assert "Edition 0 of" not in first
    assert "Older notices" in first
    assert "Edition 0 of" in second
    assert "Newer notices" in second


def test_the_account_offers_only_what_can_reach_its_roles(everybody: Cast, bea: Client) -> None:
    hers = set(re.findall(r'name="channel-(\w+)"', page(bea, "account")))

    assert hers == {event for event, reach in REACH.items() if "practitioner" in reach.roles}
    petra = page(client_of(everybody.privacy_officer), "account")
    assert "channel-" not in petra
    assert "Nothing that is told reaches your role yet." in petra


def test_choices_are_kept_shown_and_followed(everybody: Cast, bea: Client) -> None:
    answer = bea.post(reverse("notice_choices"), {"channel-offer_made": "nothing", "channel-offer_taken": "mail"}, follow=True)

    assert "You are told as you chose from now on." in text_of(answer.content.decode())
    assert re.search(r'name="channel-offer_taken">.*?value="mail" selected', page(bea, "account"), re.DOTALL)
    notices.tell([everybody.practitioner], "offer_made", at=NOW)
    notices.tell([everybody.practitioner], "offer_taken", at=NOW)
    assert [(one.event, one.mails.count()) for one in Notice.objects.all()] == [("offer_taken", 1)]

    bea.post(reverse("notice_choices"), {"channel-offer_made": "mail", "channel-offer_taken": "digest"})
    assert list(NoticeChoice.objects.values_list("event", "channel")) == [("offer_taken", "digest")]


def test_what_is_no_choice_changes_nothing(everybody: Cast, bea: Client) -> None:
    answer = bea.post(reverse("notice_choices"), {"channel-offer_made": "pigeon", "channel-load_said": "nothing"}, follow=True)

    assert "Choose one of the ways on the page." in text_of(answer.content.decode())
    bea.post(reverse("notice_choices"), {"channel-load_said": "nothing"})
    assert not NoticeChoice.objects.exists()


def test_without_an_address_the_account_says_so(everybody: Cast) -> None:
    marie = client_of(everybody.manager_of_a)
    shown = text_of(page(marie, "account"))

    assert "No e-mail address is known for you, so you are told in Evenload only." in shown
    assert "Send me a test mail" not in shown
    refused = marie.post(reverse("mail_test"), follow=True)
    assert "A director can enter it on the page Access." in text_of(refused.content.decode())


def test_a_test_mail_goes_through_the_outbox(bea: Client) -> None:
    bea.post(reverse("mail_test"))
    again = bea.post(reverse("mail_test"), follow=True)

    assert Mail.objects.get().kind == "test"
    assert "A test mail to you waits already." in text_of(again.content.decode())


def test_the_director_sees_what_failed_or_is_doubtful_and_acts_knowingly(everybody: Cast, bea: Client) -> None:
    told(everybody, practitioner="Ana")
    outbox.mark(outbox.claim("w", at=NOW + timedelta(minutes=2)), at=NOW)
    outbox.reap(at=NOW + timedelta(minutes=30))
    doubtful = Mail.objects.get()
    dora = client_of(everybody.director)

    shown = text_of(page(dora, "mails"))
    assert "Béa Martin An offer to you Doubtful: it may have left, or not The worker stopped while it was sending." in shown
    assert "bea@example.org" not in shown
    answer = dora.post(reverse("mail_act", args=[doubtful.pk]), {"what": "again"}, follow=True)
    assert "It is sent once more." in text_of(answer.content.decode())
    again = dora.post(reverse("mail_act", args=[doubtful.pk]), {"what": "again"}, follow=True)
    assert "Somebody has dealt with this mail already." in text_of(again.content.decode())

    fresh = Mail.objects.exclude(pk=doubtful.pk).get()
    assert (fresh.state, list(fresh.notices.all())) == ("waiting", list(doubtful.notices.all()))
    assert "No mail failed, and none is doubtful." in text_of(page(dora, "mails"))


def test_a_mail_that_waits_cannot_be_sent_again(everybody: Cast) -> None:
    everybody.director.email = "dora@example.org"
    everybody.director.save()
    mail = outbox.ask_test(everybody.director, by=person(everybody.director), at=NOW)
    dora = client_of(everybody.director)

    assert dora.post(reverse("mail_act", args=[mail.pk]), {"what": "again"}).status_code == 404
    assert Mail.objects.count() == 1


def addresses_in(file: Path) -> set[str]:
    """Every address that a workflow writes, with 1 in the place of each key or code."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            found.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            found.add("".join(str(part.value) if isinstance(part, ast.Constant) else "1" for part in node.values))
    return {one for one in found if re.fullmatch(r"/[a-z]\S*", one)}


def test_every_address_that_a_notice_leads_to_is_a_page() -> None:
    files = [file for file in Path(notices.__file__).parent.glob("*.py") if "notices.tell" in file.read_text(encoding="utf-8")]
    addresses = {address.partition("?")[0] for file in files for address in addresses_in(file)}

    assert len(addresses) > 5
    assert {address for address in addresses if not is_page(address)} == set()


def is_page(address: str) -> bool:
    try:
        return bool(resolve(address).url_name)
    except Resolver404:
        return False


def test_whatever_stands_in_the_way_of_a_mail_is_said_in_words() -> None:
    said = {node.args[1].value for node in calls_in(mailing, "Outcome") if len(node.args) > 1 and isinstance(node.args[1], ast.Constant)}
    said |= {node.args[1].value for node in calls_in(outbox, "Outcome") if len(node.args) > 1 and isinstance(node.args[1], ast.Constant)}
    said |= {code for _, code in mailing.LATER} | {"worker_lost"}

    assert said - {"not_ours"} == set(HINDRANCES)


def calls_in(module: ModuleType, name: str) -> list[ast.Call]:
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name]


def test_a_director_keeps_the_address_that_mails_go_to(everybody: Cast) -> None:
    dora, path = client_of(everybody.director), reverse("account_email", args=[everybody.practitioner.pk])

    kept = dora.post(path, {"email": " bea@example.org "}, follow=True)
    assert "The e-mail address of Béa Martin is kept." in text_of(kept.content.decode())
    for odd in ("bea", "a@b\r\nBcc: c@example.org", f"{'x' * 60}@{'y' * 60}.{'z' * 60}.{'w' * 60}.{'v' * 60}.org"):
        refused = dora.post(path, {"email": odd})
        assert (refused.status_code, "This is not an e-mail address." in text_of(refused.content.decode())) == (422, True)
    assert client_of(everybody.manager_of_a).post(path, {"email": "x@example.org"}).status_code == 403

    everybody.practitioner.refresh_from_db()
    assert everybody.practitioner.email == "bea@example.org"
    line = JournalEntry.objects.get(action="access.email_changed")
    assert (line.subject_id, line.facts) == (str(everybody.practitioner.pk), {})
    dora.post(path, {"email": ""})
    everybody.practitioner.refresh_from_db()
    assert everybody.practitioner.email == ""
