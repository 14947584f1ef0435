"""Every reason that matching gives is a plain sentence."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from attune.core.matching import find_matches
from attune.core.matching.enquiry import Enquiry, parse_enquiry
from attune.core.matching.matches import Reason
from attune.finder.reasons import SENTENCES, Speaker
from core.worlds import NEARBY, NOW, WORDS, world

LABELS = {
    "issues": {
        "depression": "Depression and low mood",
        "anxiety": "Anxiety",
        "grief": "Grief",
        "trauma": "Trauma and PTSD",
        "eating": "Eating disorders",
    },
    "therapies_in_text": {
        "cbt": "CBT",
        "ipt": "interpersonal therapy",
        "emdr": "EMDR",
        "gestalt": "gestalt therapy",
    },
    "languages": {"en": "English", "pl": "Polish", "cy": "Welsh"},
    "access_needs": {"step-free": "Step-free access", "quiet-room": "A quiet room"},
    "communities": {"lgbtq": "LGBTQ+ people", "carers": "Carers"},
    "genders": {"woman": "a woman", "man": "a man", "non-binary": "someone non-binary"},
}
SPOKEN = replace(WORDS, labels=LABELS)
START = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)

ENQUIRIES = (
    {},
    {"issues": ["depression", "trauma"], "place": "x", "max_distance_km": 40},
    {"issues": ["trauma"], "therapy_types": ["gestalt", "cbt"], "within_days": 2},
    {"therapy_types": ["ipt"], "times": [{"days": ["sun"], "from": "03:00", "to": "03:30"}]},
    {"place": "x", "budget": {"minor": 6000, "currency": "GBP", "reduced_fee": True}},
    {"matters_most": "cost"},
    {"for_whom": "couples", "matters_most": "cost"},
    {
        "wishes": [
            {"about": "gender", "value": "woman", "weight": "nice"},
            {"about": "language", "value": "pl", "weight": "nice"},
            {"about": "access", "value": "step-free", "weight": "nice"},
            {"about": "community", "value": "carers", "weight": "nice"},
            {"about": "community", "value": "lgbtq", "weight": "must"},
        ]
    },
)


def reasons_of(data):
    enquiry = parse_enquiry(data, WORDS)
    for seed in range(3):
        _entries, index = world(seed)
        where = NEARBY if enquiry.place else None
        result = find_matches(index, enquiry, where, now=NOW, seed=1, limit=None)
        for match in result.matches:
            yield from ((enquiry, reason) for reason in match.reasons)


def test_there_is_a_sentence_for_every_reason_that_matching_gives_and_for_no_other():
    given = set()
    for data in ENQUIRIES:
        for enquiry, reason in reasons_of(data):
            sentence = Speaker(SPOKEN, enquiry, "Europe/London").sentence(reason)
            assert sentence[0].isupper() or sentence[0].isdigit() or sentence[0] in "£€", sentence
            assert not sentence.endswith((".", " ")), sentence
            assert "%(" not in sentence
            given.add(reason.code)
    assert given == set(SENTENCES)


@pytest.mark.parametrize(
    ("code", "values", "chosen", "sentence"),
    [
        (
            "focus-issues",
            {"issues": ["depression"]},
            ("depression",),
            "Works mainly with depression and low mood, which you chose",
        ),
        (
            "focus-issues",
            {"issues": ["grief"]},
            ("grief", "anxiety"),
            "Works mainly with grief, one of the things you chose",
        ),
        (
            "focus-issues",
            {"issues": ["grief", "anxiety"]},
            ("grief", "anxiety", "trauma"),
            "Works mainly with grief and anxiety, two of the things you chose",
        ),
        (
            "focus-issues",
            {"issues": ["grief", "anxiety", "trauma"]},
            ("grief", "anxiety", "trauma"),
            "Works mainly with grief, anxiety, and trauma and PTSD, the three things you chose",
        ),
        (
            "named-therapies",
            {"therapies": ["cbt", "ipt"], "checked": ["ipt"]},
            (),
            "Offers CBT and interpersonal therapy, training in interpersonal therapy checked",
        ),
        (
            "listed-therapies",
            {
                "therapies": ["cbt", "ipt", "emdr", "gestalt"],
                "issues": ["grief"],
                "is_reviewed": False,
            },
            ("grief",),
            (
                "Offers CBT, interpersonal therapy, and 2 more, which guidelines list for grief"
                " (not yet reviewed by a clinician)"
            ),
        ),
        (
            "therapy-caution",
            {"therapies": ["gestalt"]},
            (),
            "Offers gestalt therapy, which guidelines do not usually recommend for what you chose",
        ),
        ("free-in-times", {"start": START}, (), "Free on Tue 24 Nov, 6:00pm, when you can come"),
        (
            "weekly-place",
            {"weekday": 1, "minute": 1080, "from_date": date(2026, 12, 1)},
            (),
            "Has a weekly place: Tuesdays at 6:00pm from 1 December 2026",
        ),
        (
            "fee-within-budget",
            {"kind": "fixed", "minor": 3000, "currency": "GBP", "is_reduced": True},
            (),
            "A reduced fee of £30 a session, which is within your budget",
        ),
        (
            "fee-within-budget",
            {"kind": "free", "minor": 0, "currency": "GBP", "is_reduced": False},
            (),
            "Nothing to pay",
        ),
        ("wish-met", {"about": "gender", "wishes": ["woman"]}, (), "Is a woman, as you asked"),
        (
            "wish-missed",
            {"about": "gender", "wishes": ["woman", "non-binary"]},
            (),
            "Is not a woman or someone non-binary",
        ),
        ("wish-missed", {"about": "language", "wishes": ["pl"]}, (), "Does not work in Polish"),
        (
            "wish-partly-met",
            {"about": "access", "wishes": ["step-free"]},
            (),
            "Partly has step-free access",
        ),
        (
            "wish-unknown",
            {"about": "community", "wishes": ["lgbtq"]},
            (),
            "Whether they have experience with LGBTQ+ people",
        ),
        ("near", {"km": 1.94}, (), "1.9 km away, in a straight line"),
    ],
)
def test_a_reason_reads_as_a_person_would_say_it(code, values, chosen, sentence):
    reason = Reason("any", code, values, 0.0, None)
    assert Speaker(SPOKEN, Enquiry(issues=chosen), "Europe/London").sentence(reason) == sentence
