"""What a member's own page, export and erasure hold of offers."""

from pathlib import Path

import pytest
from django.apps import apps
from django.template.loader import render_to_string

import attune.offers
from attune.accounts.erasures import forget_everywhere
from attune.accounts.exports import everything_of
from attune.accounts.panels import STANDING, panels_for
from attune.offers.actions import note_shown
from attune.offers.members import offers_panel
from attune.offers.models import Offer, OfferClaim, OfferCode
from attune.offers.queries import CLAIMS_KEPT_FOR
from offers.offering import NOW, TERMS, a_member, an_offer, claimed

FOLDER = Path(attune.offers.__file__).parent
TITLE = "Offers you claimed"


def panel(user, at=NOW):
    found = offers_panel(user, at)
    return found and render_to_string(found.template, found.context)


def exported(user, at=NOW):
    (section,) = [one for one in everything_of(user, at) if one.title == TITLE]
    return section.rows


@pytest.mark.django_db
def test_with_nothing_to_claim_there_is_no_panel():
    an_offer()
    an_offer(title="Withdrawn", state=Offer.State.WITHDRAWN)
    assert panel(a_member()) is None


@pytest.mark.django_db
def test_the_panel_names_the_partner_and_what_they_learn():
    offer = an_offer("WREN-0001")
    said = panel(a_member())
    assert f'href="/account/offers/{offer.code}/">A year of the app</a>. From Quillfen Apps' in said
    assert "Partners learn nothing about you from us" in said


@pytest.mark.django_db
def test_the_panel_stands_on_a_members_page():
    an_offer("WREN-0001")
    # An offer is nothing of their own: whoever is new still sees where to begin.
    everybodys = panels_for(a_member(), NOW, start=STANDING)
    assert "offers/_panel.jinja" in [one.template for one in everybodys]


@pytest.mark.django_db
@pytest.mark.parametrize(("count", "shown"), [(1, 1), (3, 3), (5, 3)])
def test_the_panel_costs_the_same_however_many_there_are(count, shown, django_assert_num_queries):
    ada = a_member()
    for number in range(count):
        claimed(an_offer("WREN-0001", title=f"Claimed {number}"), ada)
    with django_assert_num_queries(2):
        assert panel(ada).count("<li>") == shown


@pytest.mark.django_db
def test_the_export_holds_what_was_claimed_in_its_words_and_of_nobody_else():
    offer, ada = an_offer("WREN-0001", "WREN-0002"), a_member()
    one = claimed(offer, ada)
    claimed(offer, a_member("Cleo"))
    note_shown(one, at=NOW)
    assert exported(ada) == (
        {
            "Partner": "Quillfen Apps",
            "Offer": "A year of the app",
            "What it is": "Short exercises for calm evenings.",
            "Terms": TERMS,
            "Worth": "£38.99",
            "Claimed": "Wednesday 18 November 2026, 10:00am",
            "First shown": "Wednesday 18 November 2026, 10:00am",
            "Code": "WREN-0001",
            "Link": None,
        },
    )
    (later,) = exported(ada, NOW + CLAIMS_KEPT_FOR)
    assert later["Code"] is None


@pytest.mark.django_db
def test_erasing_twice_leaves_nothing_and_frees_no_code():
    offer, ada, cleo = an_offer("WREN-0001", "WREN-0002"), a_member(), a_member("Cleo")
    claimed(offer, ada)
    kept = claimed(offer, cleo)
    for _twice in range(2):
        forget_everywhere(ada, NOW)
    assert exported(ada) == ()
    assert list(OfferClaim.objects.all()) == [kept]
    assert OfferCode.objects.filter(used_at=None).count() == 0
    assert OfferCode.objects.filter(text_sealed=None, claim=None).count() == 1


def test_an_offer_depends_on_no_review_and_no_quotation():
    """Its tables lead to accounts and to each other alone, and its code knows nothing else."""
    models = apps.get_app_config("offers").get_models()
    leads_to = {
        field.related_model._meta.label
        for model in models
        for field in model._meta.get_fields()
        if field.is_relation
    }
    own = {f"offers.{name}" for name in ("Partner", "Offer", "OfferWording", "OfferClaim")}
    assert leads_to <= {*own, "offers.OfferCode", "accounts.User"}
    words = "\n".join(path.read_text() for path in FOLDER.glob("*.py"))
    for app in ("content", "directory", "booking", "enquiries", "finder"):
        assert f"attune.{app}" not in words
    assert "testimonial" not in words.casefold()
