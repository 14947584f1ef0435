"""The nine questions: what each keeps, and what each says to an answer that cannot be used."""

import re

import html5lib
import pytest

from attune.core.matching.enquiry import Budget, Enquiry, TimeWindow, Wish
from attune.core.money import Money
from attune.enquiries.models import Enquiry as StoredEnquiry

pytestmark = pytest.mark.django_db

USABLE = [
    (1, {"for_whom": "couples"}, {"for_whom": "couples"}),
    (2, {"issues": ["depression"]}, {"issues": ("depression",)}),
    (3, {"therapy_types": ["cbt", "ipt"]}, {"therapy_types": ("cbt", "ipt")}),
    (3, {"therapy_types": ["not-sure"]}, {"therapy_types": ()}),
    (
        4,
        {"channels": ["in-person", "video"], "place": "leeds ", "max_distance_km": "10"},
        {"channels": ("in-person", "video"), "place": "leeds", "max_distance_km": 10},
    ),
    (4, {"channels": ["phone"], "place": ""}, {"channels": ("phone",)}),
    (
        5,
        {"times": ["1-evening", "3-evening"], "times_weight": "must", "within_days": "14"},
        {
            "times": (TimeWindow((1, 3), 17 * 60, 21 * 60),),
            "times_weight": "must",
            "within_days": 14,
        },
    ),
    (5, {"within_days": "7"}, {"within_days": 7}),
    (6, {"pay": "up-to", "amount": "47.50"}, {"budget": Budget(Money(4750, "GBP"))}),
    (
        6,
        {"pay": "up-to", "amount": "£60", "reduced_fee": "yes"},
        {"budget": Budget(Money(6000, "GBP"), reduced_fee=True)},
    ),
    (6, {"amount": "60"}, {"budget": Budget(Money(6000, "GBP"))}),
    (6, {"pay": "cannot"}, {"budget": Budget(Money(0, "GBP"))}),
    (
        7,
        {
            "gender_woman": "nice",
            "gender_non-binary": "nice",
            "language_1": "pl",
            "language_1_weight": "nice",
            "language_3": "cy",
            "language_3_weight": "must",
            "access_step-free": "must",
            "community_carers": "nice",
        },
        {
            "wishes": (
                Wish("gender", "woman", "nice"),
                Wish("gender", "non-binary", "nice"),
                Wish("language", "pl", "nice"),
                Wish("language", "cy", "must"),
                Wish("access", "step-free", "must"),
                Wish("community", "carers", "nice"),
            )
        },
    ),
    (
        8,
        {"lead": "2", "emotion": "0", "time": "-1", "challenge": ""},
        {"style": {"lead": 2, "emotion": None, "time": -1, "challenge": None}},
    ),
    (9, {"matters_most": "soon"}, {"matters_most": "soon"}),
]


@pytest.mark.parametrize(("number", "typed", "kept"), USABLE)
def test_an_answer_is_kept(walk, number, typed, kept):
    page = walk.answer(number, **typed)
    assert page.status_code == 303
    assert walk.stored == Enquiry(**kept)


@pytest.mark.parametrize(("number", "typed", "kept"), USABLE)
def test_an_answer_stands_in_its_form_when_the_question_is_opened_again(walk, number, typed, kept):
    walk.answer(number, **typed)
    again = {"version": str(walk.enquiry.version)} | form_of(walk.open(f"/match/{number}/"))
    walk.client.post(f"/match/{number}/", again)
    assert walk.stored == Enquiry(**kept)


def form_of(page):
    """Read the fields of a question's form as a browser would send them."""
    tree = html5lib.parse(page.content.decode(), namespaceHTMLElements=False)
    (form,) = [
        one
        for one in tree.iter("form")
        if one.find(".//input[@name='version']") is not None and "action" not in one.attrib
    ]
    fields = {}
    for one in form.iter("input"):
        kind = one.get("type")
        if kind in ("checkbox", "radio") and one.get("checked") is None:
            continue
        if one.get("name") and kind != "submit":
            fields.setdefault(one.get("name"), []).append(one.get("value"))
    for one in form.iter("select"):
        chosen = [option for option in one.iter("option") if option.get("selected") is not None]
        fields[one.get("name")] = [(chosen or list(one.iter("option")))[0].get("value")]
    for one in form.iter("textarea"):
        fields[one.get("name")] = [one.text or ""]
    return fields


GENDERS = ("woman", "man", "non-binary")
ACCESS = ("step-free", "assistance-dog", "quiet-room", "captions", "easy-read")
COMMUNITIES = ("deaf", "veterans", "faith", "carers", "students")
THIRTEEN = (
    *(f"gender_{slug}" for slug in GENDERS),
    *(f"access_{slug}" for slug in ACCESS),
    *(f"community_{slug}" for slug in COMMUNITIES),
)

UNUSABLE = [
    (1, {"for_whom": "cats"}, "Choose from the answers on this page"),
    (
        2,
        {"issues": ["depression", "anxiety", "stress", "sleep"]},
        "Choose up to three. You chose 4",
    ),
    (2, {"issues": ["no-such-thing"]}, "Choose from the answers on this page"),
    (
        3,
        {"therapy_types": ["not-sure", "cbt"]},
        "Choose “I am not sure”, or therapies, but not both",
    ),
    (
        3,
        {"therapy_types": ["cbt", "act", "dbt", "ipt", "emdr", "cat"]},
        "Choose up to five. You chose 6",
    ),
    (
        4,
        {"channels": ["in-person"]},
        "Enter a UK postcode or a town, or choose video or phone only",
    ),
    (4, {"place": "XX1"}, "We could not find XX1. Enter a UK postcode or a town"),
    (4, {"place": "Leeds", "max_distance_km": "-3"}, "Choose from the answers on this page"),
    (5, {"times": ["8-evening"]}, "Choose from the answers on this page"),
    (6, {"pay": "up-to"}, "Enter the most you could pay for a session, in pounds"),
    (6, {"pay": "up-to", "amount": "lots"}, "Enter an amount from 1 to 1,000 pounds"),
    (6, {"pay": "up-to", "amount": "0"}, "Enter an amount from 1 to 1,000 pounds"),
    (6, {"pay": "up-to", "amount": "1001"}, "Enter an amount from 1 to 1,000 pounds"),
    (7, {"gender_woman": "very"}, "Choose from the answers on this page"),
    (7, {"language_6": "xx"}, "Choose from the answers on this page"),
    (
        7,
        {"gender_woman": "must", "gender_non-binary": "nice"},
        "Choose one gender as a must, or mark each that suits you as nice",
    ),
    (
        7,
        dict.fromkeys(THIRTEEN, "nice"),
        "Choose up to twelve wishes. You chose 13",
    ),
    (8, {"lead": "5"}, "Choose from the answers on this page"),
    (9, {"exclude": "Nobody Byname"}, "We could not find Nobody Byname."),
]


@pytest.mark.parametrize(("number", "typed", "sentence"), UNUSABLE)
def test_an_unusable_answer_gets_one_sentence_twice_and_nothing_is_kept(
    walk, number, typed, sentence
):
    page = walk.answer(number, **typed)
    assert page.status_code == 422
    assert "<title>Error:" in walk.text
    assert "There is a problem" in walk.words
    # Once in the summary above, once beside the field.
    assert walk.words.count(sentence) == 2
    assert not StoredEnquiry.objects.exists()


@pytest.mark.parametrize(
    ("number", "typed", "still_there"),
    [
        (2, {"issues": ["depression", "anxiety", "stress", "sleep"]}, 'value="sleep" checked'),
        (4, {"place": "XX1", "channels": ["video"]}, 'value="XX1"'),
        (4, {"place": "XX1", "channels": ["video"]}, 'value="video" checked'),
        (6, {"pay": "up-to", "amount": "lots"}, 'value="lots"'),
        (9, {"exclude": "Nobody Byname"}, "Nobody Byname</textarea>"),
    ],
)
def test_what_was_typed_stays_on_the_page(walk, number, typed, still_there):
    walk.answer(number, **typed)
    assert still_there in walk.text


@pytest.mark.parametrize("number", range(1, 10))
def test_every_question_can_be_skipped_and_then_holds_nothing(walk, number):
    typed, _kept = next((typed, kept) for one, typed, kept in USABLE if one == number)
    walk.answer(number, **typed)
    page = walk.skip(number)
    assert page.url == (f"/match/{number + 1}/" if number < 9 else "/match/check/")
    assert walk.stored == Enquiry()
    assert "Not provided" in walk.open("/match/check/").content.decode()


@pytest.mark.parametrize("number", range(1, 10))
def test_going_on_with_nothing_chosen_is_skipping(walk, number):
    typed, _kept = next((typed, kept) for one, typed, kept in USABLE if one == number)
    walk.answer(number, **typed)
    page = walk.answer(number)
    assert page.url == (f"/match/{number + 1}/" if number < 9 else "/match/check/")
    assert walk.stored == Enquiry()


def test_every_link_of_an_error_summary_leads_to_something_on_the_page(walk):
    for number, typed, _sentence in UNUSABLE:
        text = walk.answer(number, **typed).content.decode()
        summary = text.split("error-summary-title", 2)[2].split("</ul>")[0]
        for target in re.findall(r'href="#([^"]+)"', summary):
            assert f'id="{target}"' in text, (number, target)
