"""Partners, offers and their stock at /editor/."""

from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.models import ReferenceIndex

from attune.content.models import CLINICAL_REVIEWERS
from attune.offers.access import shared_code
from attune.offers.models import Offer, OfferCode, OfferWording, Partner
from attune.vocabulary.places import resolve
from content.staff import at_the_editor, erin, member
from offers.offering import TERMS, a_member, a_partner, an_offer, claimed

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

CHANGED_MEANWHILE = "Somebody saved this while you had it open."


@pytest.fixture
def editor():
    return at_the_editor(erin())


def snippet(model, action, *args):
    return reverse(model.snippet_viewset.get_url_name(action), args=args)


def said(answer):
    return unescape(answer.content.decode())


def typed(browser, address, **changes):
    """Return what a form holds when it is opened, some of it changed."""
    form = browser.get(address).context["form"]
    data = {
        one.html_name: value
        for one in form
        if (value := one.field.prepare_value(one.value())) not in (None, False)
    }
    return data | changes


def sent(browser, address, **changes):
    return browser.post(address, typed(browser, address, **changes))


def made(browser, **fields):
    """Add an offer as an editor does."""
    words = {"title": "A year of the app", "summary": "Short exercises.", "terms": TERMS}
    return sent(
        browser,
        snippet(Offer, "add"),
        partner=a_partner().pk,
        **{**words, "kind": "link", **fields},
    )


def test_an_editor_adds_a_partner_and_an_offer(editor):
    sent(
        editor,
        snippet(Partner, "add"),
        name="Quillfen Apps",
        what="They make an app.",
        website="https://quillfen.example/",
    )
    made(editor, link="https://quillfen.example/offer", state="published", worth_minor="3899")
    offer = Offer.objects.get()
    assert (offer.partner.name, offer.state, offer.worth.minor) == (
        "Quillfen Apps",
        "published",
        3899,
    )
    assert offer.wording_number == OfferWording.objects.get().number == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kind": "link", "state": "published"}, "Enter the link before you publish the offer."),
        ({"kind": "shared", "state": "published"}, "Enter the code before you publish the offer."),
        ({"kind": "stock", "state": "published"}, "Save the offer as a draft, add codes"),
        ({"kind": "shared", "shared_code": "abc"}, "Enter a code of 4 to 200 characters."),
        ({"link": "not an address"}, "Enter a valid URL."),
        (
            {"starts_on": "2026-12-02", "ends_on": "2026-12-01"},
            "Enter a day that is not before the first day.",
        ),
        ({"radius_km": "10"}, "Enter the place, or leave the kilometres empty."),
        ({"place": "Coventry"}, "Enter 1 to 500 kilometres."),
        ({"place": "Coventry", "radius_km": "501"}, "Enter 1 to 500 kilometres."),
        ({"place": "Nowhere-on-Sea", "radius_km": "10"}, "We do not know this place."),
        ({"place": "CV", "radius_km": "2"}, "This place is known to about"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, dict) else "",
)
def test_an_offer_that_cannot_be_is_refused_in_one_sentence(editor, fields, sentence):
    answer = made(editor, **fields)
    assert sentence in said(answer)
    assert "Short exercises." in said(answer)
    assert not Offer.objects.exists()


def test_an_offer_around_a_place_keeps_where_that_is(editor):
    made(editor, place="Coventry", radius_km="20")
    offer = Offer.objects.get()
    assert offer.centre == resolve("Coventry").whereabouts.point
    sent(editor, snippet(Offer, "edit", offer.pk), place="", radius_km="")
    offer.refresh_from_db()
    assert offer.centre is None


def test_a_shared_code_is_typed_once_and_never_shown(editor):
    made(editor, kind="shared", shared_code="OTTER-ALL", state="published")
    offer = Offer.objects.get()
    assert shared_code(offer) == "OTTER-ALL"
    address = snippet(Offer, "edit", offer.pk)
    assert "OTTER-ALL" not in said(editor.get(address))
    sent(editor, address, title="Another year")
    offer.refresh_from_db()
    assert (offer.title, shared_code(offer)) == ("Another year", "OTTER-ALL")


def test_the_second_of_two_editors_is_told_and_overwrites_nothing(editor):
    offer = an_offer("WREN-0001")
    address = snippet(Offer, "edit", offer.pk)
    second = typed(editor, address, title="The second one's title")
    sent(editor, address, title="The first one's title")
    answer = editor.post(address, second)
    assert CHANGED_MEANWHILE in said(answer)
    assert "The second one's title" in said(answer)
    offer.refresh_from_db()
    assert offer.title == "The first one's title"


def test_a_partner_is_edited_by_one_at_a_time_too(editor):
    address = snippet(Partner, "edit", a_partner().pk)
    second = typed(editor, address, name="Second")
    sent(editor, address, name="First")
    assert CHANGED_MEANWHILE in said(editor.post(address, second))
    assert Partner.objects.get().name == "First"


def test_an_edit_without_its_version_is_refused(editor):
    offer = an_offer("WREN-0001")
    assert CHANGED_MEANWHILE in said(sent(editor, snippet(Offer, "edit", offer.pk), version=""))


def test_an_offer_that_was_published_is_withdrawn_and_not_turned_into_another(editor):
    offer, other = an_offer("WREN-0001"), a_partner("Tern & Tide")
    address = snippet(Offer, "edit", offer.pk)
    assert "Withdraw it instead." in said(sent(editor, address, state="draft"))
    for change in ({"partner": other.pk}, {"kind": "link", "link": "https://quillfen.example/"}):
        assert "This stays as it was published." in said(sent(editor, address, **change))
    sent(editor, address, state="withdrawn")
    offer.refresh_from_db()
    assert (offer.state, offer.partner.name) == ("withdrawn", "Quillfen Apps")


def test_changed_terms_leave_those_of_earlier_claims(editor):
    offer, ada = an_offer("WREN-0001"), a_member()
    one = claimed(offer, ada)
    sent(editor, snippet(Offer, "edit", offer.pk), terms="For one month.")
    one.refresh_from_db()
    assert one.wording.terms == TERMS
    assert OfferWording.objects.get(number=2).terms == "For one month."


@pytest.mark.parametrize("model", [Offer, Partner])
def test_nobody_deletes_what_somebody_may_have_claimed(model):
    browser = at_the_editor(member("Dev", is_superuser=True, is_staff=True))
    an_offer("WREN-0001")
    browser.post(snippet(model, "delete", model.objects.get().pk))
    assert model.objects.exists()


def test_who_may_not_edit_offers_sees_neither_offers_nor_stock():
    clinician = at_the_editor(member("Clio", CLINICAL_REVIEWERS))
    offer = an_offer("WREN-0001")
    stock, issue = (reverse(name, args=[offer.code]) for name in STOCK)
    for answer in (
        clinician.get(snippet(Offer, "list")),
        clinician.get(snippet(Offer, "edit", offer.pk)),
        clinician.get(stock),
        clinician.post(issue, {"count": "1"}),
    ):
        assert answer.status_code in (302, 403)
    assert OfferCode.objects.count() == 1


# -- the stock -------------------------------------------------------------------------------------
STOCK = ("offer_stock", "offer_stock_issue")


def stock_of(offer):
    return reverse("offer_stock", args=[offer.code])


def upload(browser, offer, content, name="codes.csv"):
    return browser.post(stock_of(offer), {"file": SimpleUploadedFile(name, content)})


def test_a_file_of_codes_fills_the_stock_and_says_what_was_left_out(editor):
    offer = an_offer("WREN-0003", state="draft")
    answer = upload(editor, offer, b"code\nWREN-0001\nabc\nWREN-0003\nWREN-0001\n")
    for sentence in (
        "Codes added: 1.",
        "Left out, since the stock has them: 1, on line 4.",
        "Left out, since an earlier line has them: 1, on line 5.",
        "Left out, since a code has 4 to 200 characters: 1, on line 3.",
    ):
        assert sentence in said(answer)
    assert OfferCode.objects.count() == 2


def test_many_lines_are_named_in_part(editor):
    content = b"abc\n" * 60 + b"WREN-0001"
    answer = upload(editor, an_offer(), content)
    assert "49, 50 and 10 more." in said(answer)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty. It needs one code a line."),
        (b"WREN-0001,Ada\n", "Line 1 has more than one column."),
        (b"\xff\xfeW", "The file is not text in UTF-8."),
        (b"W" * (1024 * 1024 + 1), "The file is larger than 1 MB."),
        (b"WREN-" * 800_000, "The file is larger than 1 MB."),
    ],
    ids=["empty", "two columns", "not text", "large", "larger than memory"],
)
def test_a_file_that_is_none_adds_nothing(editor, content, sentence):
    offer = an_offer()
    assert sentence in said(upload(editor, offer, content))
    assert not OfferCode.objects.exists()


def test_no_file_at_all_is_asked_for(editor):
    assert "Choose a file." in said(editor.post(stock_of(an_offer())))


def test_codes_of_our_own_come_as_a_file_once(editor):
    offer = an_offer()
    answer = editor.post(reverse("offer_stock_issue", args=[offer.code]), {"count": "3"})
    header, *codes = answer.content.decode().split()
    assert (header, len(set(codes)), OfferCode.objects.count()) == ("code", 3, 3)
    assert answer["Content-Disposition"] == 'attachment; filename="codes.csv"'
    assert "no-store" in answer["Cache-Control"]
    assert not any(one in said(editor.get(stock_of(offer))) for one in codes)


@pytest.mark.parametrize("count", ["", "0", "1001", "ten", "1.5"])
def test_a_number_that_is_none_makes_nothing(editor, count):
    offer = an_offer()
    answer = editor.post(reverse("offer_stock_issue", args=[offer.code]), {"count": count})
    assert "Enter 1 to 1,000." in said(answer)
    assert not OfferCode.objects.exists()


@pytest.mark.parametrize(
    ("members", "sentence"), [(0, "fewer than 10"), (9, "fewer than 10"), (12, "10 or more")]
)
def test_editors_read_claims_in_tens_on_every_page(editor, members, sentence):
    offer = an_offer(*(f"WREN-{number:04}" for number in range(20)))
    for number in range(members):
        claimed(offer, a_member(f"member{number}"))
    for page in (stock_of(offer), snippet(Offer, "edit", offer.pk)):
        assert f"Claimed: {sentence}." in said(editor.get(page))
        assert f">{members}<" not in said(editor.get(page))


def test_nothing_of_wagtails_own_counts_claims(editor):
    offer, ada = an_offer("WREN-0001"), a_member()
    # Saved as any row is: Wagtail would note it then.
    claimed(offer, ada).save()
    usage = said(editor.get(snippet(Offer, "usage", offer.pk)))
    assert "claim" not in usage.casefold()
    assert not ReferenceIndex.objects.filter(base_content_type__model="offerclaim").exists()


def test_no_code_stands_on_an_editors_page(editor):
    offer = an_offer("WREN-0001")
    claimed(offer, a_member())
    for page in (stock_of(offer), snippet(Offer, "edit", offer.pk), snippet(Offer, "list")):
        assert "WREN-0001" not in said(editor.get(page))
