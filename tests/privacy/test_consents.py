"""Consents: in which words, when, by whom; a change is another row."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction

from attune.accounts.models import User
from attune.privacy import wordings
from attune.privacy.consents import (
    consents_of,
    has_agreed,
    record_consent,
    withdraw_consent,
)
from attune.privacy.duties import BROWSER_CONSENTS_KEPT_FOR, forget_old_consents
from attune.privacy.models import Consent
from attune.privacy.wordings import STATISTICS, WORDINGS, Wording, current_wording

# Every wording that anybody was ever shown. A line is added and never changed.
SHOWN = {
    ("statistics", "en-1"): "4c7daeb90918c22685b4a111dda835c8bc98fe43d3c0d953bad6479102fe8952",
}


def test_words_that_somebody_agreed_to_are_never_changed_nor_taken_away():
    assert {(one.purpose, one.version): one.digest for one in WORDINGS} == SHOWN


def test_every_part_of_the_words_counts():
    one = WORDINGS[0]
    for part in ("question", "explanation", "yes", "no"):
        changed = Wording(**{**vars(one), part: getattr(one, part) + "."})
        assert changed.digest != one.digest


@pytest.fixture
def newsletter(monkeypatch) -> str:
    """A purpose that a later part of the product asks about."""
    later = Wording("newsletter", "en-1", "May we write?", "Once a month.", "Yes", "No")
    monkeypatch.setattr(wordings, "WORDINGS", (*WORDINGS, later))
    return "newsletter"


def test_consent_holds_words_time_and_scope(ada, now):
    one = record_consent(STATISTICS, given=True, at=now, user=ada, scope="a course")
    wording = current_wording(STATISTICS)
    assert (one.wording, one.wording_hash) == (wording.version, wording.digest)
    assert (one.at, one.scope, one.answer) == (now, "a course", "given")


def test_change_of_mind_is_another_row(ada, now):
    for given in (False, True, True, False, False):
        record_consent(STATISTICS, given=given, at=now, user=ada)
    answers = list(Consent.objects.order_by("id").values_list("answer", flat=True))
    assert answers == ["refused", "given", "withdrawn"]


def test_database_refuses_to_change_a_consent(ada, now):
    one = record_consent(STATISTICS, given=True, at=now, user=ada)
    one.answer = Consent.Answer.REFUSED
    with pytest.raises(ProgrammingError, match="never changed"), transaction.atomic():
        one.save()


def test_purposes_and_scopes_stand_by_themselves(ada, now, newsletter):
    record_consent(newsletter, given=True, at=now, user=ada)
    record_consent(STATISTICS, given=True, at=now, user=ada, scope="one")
    record_consent(STATISTICS, given=False, at=now, user=ada, scope="two")
    assert has_agreed(newsletter, user=ada)
    assert has_agreed(STATISTICS, user=ada, scope="one")
    assert not has_agreed(STATISTICS, user=ada, scope="two")
    assert not has_agreed(STATISTICS, user=ada)


def test_nobody_is_asked_without_words(ada, now):
    with pytest.raises(LookupError):
        record_consent("advertising", given=True, at=now, user=ada)


@pytest.mark.django_db
def test_no_of_somebody_unknown_leaves_no_trace(now):
    assert record_consent(STATISTICS, given=False, at=now) is None
    assert record_consent(STATISTICS, given=False, at=now, browser="a code that is made up") is None
    assert not Consent.objects.exists()


def test_new_words_are_another_agreement(ada, now, newsletter, monkeypatch):
    record_consent(newsletter, given=True, at=now, user=ada)
    other = Wording("newsletter", "en-2", "May we write?", "Twice a month.", "Yes", "No")
    monkeypatch.setattr(wordings, "WORDINGS", (*wordings.WORDINGS, other))
    record_consent(newsletter, given=True, at=now, user=ada)
    assert [known.wording.explanation for known in consents_of(ada)] == [
        "Twice a month.",
        "Once a month.",
    ]


def test_member_sees_every_answer_and_takes_back_what_stands(ada, now, newsletter):
    record_consent(STATISTICS, given=True, at=now, user=ada, browser="one")
    record_consent(newsletter, given=True, at=now, user=ada)
    assert [known.can_withdraw for known in consents_of(ada)] == [True, True]
    withdraw_consent(consents_of(ada)[1].consent, at=now + timedelta(days=1))
    withdraw_consent(consents_of(ada)[2].consent, at=now + timedelta(days=1))
    assert [(known.consent.answer, known.can_withdraw) for known in consents_of(ada)] == [
        ("withdrawn", False),
        ("given", True),
        ("given", False),
    ]
    assert not has_agreed(STATISTICS, browser="one")


def test_member_sees_nobody_elses_answers(ada, now):
    record_consent(
        STATISTICS, given=True, at=now, user=User.objects.create_user("cleo@home.example")
    )
    assert consents_of(ada) == []


def test_answers_cost_the_same_queries_for_one_and_three(
    ada, now, newsletter, django_assert_num_queries
):
    for count, scope in enumerate(("one", "two", "three"), 1):
        record_consent(newsletter, given=True, at=now, user=ada, scope=scope)
        with django_assert_num_queries(1):
            assert len(consents_of(ada)) == count


def test_agreement_without_an_account_goes_after_a_year_and_a_members_stays(ada, now):
    record_consent(STATISTICS, given=True, at=now, browser="somebody's")
    record_consent(STATISTICS, given=True, at=now, browser="ada's", user=ada)
    forget_old_consents(now + BROWSER_CONSENTS_KEPT_FOR)
    assert Consent.objects.count() == 2
    forget_old_consents(now + BROWSER_CONSENTS_KEPT_FOR + timedelta(seconds=1))
    assert Consent.objects.get().user == ada
