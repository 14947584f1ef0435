"""What a member sees of their consents: a page, a panel, an export, and nothing after erasure."""

import pytest
from django.template.loader import render_to_string
from django.test import Client

from attune.accounts.erasures import forget_everywhere
from attune.accounts.exports import everything_of
from attune.accounts.models import User
from attune.accounts.panels import panels_for
from attune.privacy.choice import NAME
from attune.privacy.consents import consents_of, record_consent
from attune.privacy.models import Consent, Visit
from attune.privacy.wordings import STATISTICS, current_wording

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreed(ada, answer) -> Client:
    """Ada's browser, in which she said yes."""
    client = Client()
    client.force_login(ada)
    answer(client, "yes")
    return client


def test_member_sees_what_when_and_in_which_words(agreed):
    page = agreed.get("/account/agreements/").content.decode()
    wording = current_wording(STATISTICS)
    assert wording.question in page
    assert "You said yes on Wednesday 18 November 2026, 10:00am." in page
    assert "Version en-1 of these words." in page


def test_page_says_so_when_nothing_was_asked(ada):
    client = Client()
    client.force_login(ada)
    assert "We have asked you nothing yet" in client.get("/account/agreements/").content.decode()


def test_taking_back_is_one_press_and_ends_the_counting_here(ada, agreed):
    agreed.get("/how-we-choose/")
    (known,) = consents_of(ada)
    address = f"/account/agreements/{known.consent.code}/"
    for _ in range(2):
        assert agreed.post(address).status_code == 303
    assert agreed.cookies[NAME].value == "no"
    assert not Visit.objects.exists()
    assert [one.consent.answer for one in consents_of(ada)] == ["withdrawn", "given"]


def test_another_persons_agreement_and_a_missing_one_answer_alike(agreed, ada):
    ben = User.objects.create_user("ben@example.org")
    other = Client()
    other.force_login(ben)
    (known,) = consents_of(ada)
    for code in (known.consent.code, "nosuchcode"):
        assert other.post(f"/account/agreements/{code}/").status_code == 404
    assert Consent.objects.count() == 1


def test_panel_leads_to_them(ada, agreed, now):
    (panel,) = [one for one in panels_for(ada, now) if "agreements" in one.template]
    assert len(panel.context["standing"]) == 1


def test_panel_renders_with_and_without_an_agreement(ada, agreed, now):
    wording = current_wording(STATISTICS)
    for standing in (consents_of(ada), []):
        page = render_to_string("privacy/_agreements_panel.jinja", {"standing": standing})
        assert (wording.question in page) == bool(standing)


def test_export_holds_every_answer_with_its_words(ada, agreed, now):
    (section,) = [one for one in everything_of(ada, now) if one.title == "What you agreed to"]
    (row,) = section.rows
    wording = current_wording(STATISTICS)
    assert row["Question"] == wording.question
    assert row["Explanation"] == wording.explanation
    assert row["Your answer"] == "agreed"
    assert row["When"] == now.isoformat()


def test_erasure_removes_hers_alone_and_can_be_repeated(ada, agreed, now):
    ben = User.objects.create_user("ben@example.org")
    record_consent(STATISTICS, given=True, at=now, user=ben)
    for _ in range(2):
        forget_everywhere(ada, now)
    assert Consent.objects.get().user == ben
