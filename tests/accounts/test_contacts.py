from datetime import timedelta

import pytest

from attune.accounts.contacts import (
    CodeRefused,
    TooManyCodes,
    confirm_contact,
    confirmed_contact,
    contact_with_token,
    digits_for,
    email_of,
    send_contact_code,
    token_for,
)
from attune.accounts.models import Contact
from attune.outbox.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(now):
    return send_contact_code("ada@home.example", origin="here", at=now)


def digits(code):
    return digits_for(Contact.objects.get(code=code))


def wrong(right):
    return f"{(int(right) + 1) % 1_000_000:06d}"


def test_the_right_code_confirms_the_address_and_twice_is_harmless(sent, now):
    contact = confirm_contact(sent, digits(sent), at=now)
    assert confirm_contact(sent, digits(sent), at=now) == contact
    assert email_of(contact) == "ada@home.example"


def test_a_confirmed_address_is_not_asked_again_for_half_an_hour(sent, now):
    confirm_contact(sent, digits(sent), at=now)
    assert confirmed_contact(sent, at=now + timedelta(minutes=29))
    assert confirmed_contact(sent, at=now + timedelta(minutes=30)) is None


def test_an_address_that_was_not_confirmed_counts_for_nothing(sent, now):
    assert confirmed_contact(sent, at=now) is None
    assert contact_with_token(token_for(Contact.objects.get(code=sent)), at=now) is None


def test_a_code_takes_five_attempts_and_then_not_even_the_right_one(sent, now):
    for _ in range(5):
        with pytest.raises(CodeRefused):
            confirm_contact(sent, wrong(digits(sent)), at=now)
    with pytest.raises(CodeRefused):
        confirm_contact(sent, digits(sent), at=now)


def test_the_fifth_attempt_still_counts(sent, now):
    for _ in range(4):
        with pytest.raises(CodeRefused):
            confirm_contact(sent, wrong(digits(sent)), at=now)
    assert confirm_contact(sent, digits(sent), at=now).confirmed_at == now


@pytest.mark.parametrize("typed", ["", "１２３４５６", "abcdef", "0" * 500])
def test_anything_else_is_refused_in_the_same_way(sent, now, typed):
    with pytest.raises(CodeRefused):
        confirm_contact(sent, typed, at=now)


def test_a_code_runs_out_and_an_unknown_one_answers_alike(sent, now):
    with pytest.raises(CodeRefused):
        confirm_contact(sent, digits(sent), at=now + timedelta(minutes=30))
    with pytest.raises(CodeRefused):
        confirm_contact("nothing", "000000", at=now)


def test_one_address_gets_five_codes_an_hour_and_the_sixth_answer_looks_the_same(now):
    answers = [
        send_contact_code(" Ada@home.example", origin=f"origin {number}", at=now)
        for number in range(6)
    ]
    assert len({len(one) for one in answers}) == 1
    assert Message.objects.count() == 5
    with pytest.raises(CodeRefused):
        confirm_contact(answers[5], "000000", at=now)
    send_contact_code("ada@home.example", origin="here", at=now + timedelta(minutes=61))
    assert Message.objects.count() == 6


def test_one_network_address_asks_for_twenty_codes_an_hour(now):
    for number in range(20):
        send_contact_code(f"ada{number}@home.example", origin="here", at=now)
    with pytest.raises(TooManyCodes):
        send_contact_code("cleo@home.example", origin="here", at=now)
    assert send_contact_code("cleo@home.example", origin="elsewhere", at=now)


def test_a_token_that_was_changed_is_nobody(sent, now):
    token = token_for(confirm_contact(sent, digits(sent), at=now))
    assert contact_with_token(token, at=now)
    assert contact_with_token(token[:-1] + ("a" if token[-1] != "a" else "b"), at=now) is None
    assert contact_with_token(sent, at=now) is None
