"""Where somebody is signed in, and who tried."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.conftest import ADA, PASSWORD, give_totp, sign_in, totp_code
from attune.accounts.devices import device_words
from attune.accounts.duties import forget_old_sign_ins
from attune.accounts.exports import everything_of
from attune.accounts.models import SignIn, User, WebSession
from attune.accounts.panels import panels_for

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
PAGE = "/account/security/"


@pytest.fixture
def phone(ada):
    browser = Client(headers={"User-Agent": FIREFOX})
    sign_in(browser)
    return browser


@pytest.fixture
def laptop(ada, phone):
    browser = Client()
    sign_in(browser)
    return browser


OF_SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0"
OF_CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox on Android"),
        (f"Mozilla/5.0 (iPhone; like Mac OS X) {OF_SAFARI} Safari/604.1", "Safari on an iPhone"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64) {OF_CHROME} Edg/141.0.0.0", "Edge on Windows"),
        (f"Mozilla/5.0 (X11; Linux x86_64) {OF_CHROME}", "Chrome on Linux"),
        (f"Mozilla/5.0 (Macintosh; Mac OS X 10) {OF_SAFARI} Safari/605.1.15", "Safari on a Mac"),
        ("curl/8.0", "A browser"),
        ("", "A browser"),
        ("x" * 9000, "A browser"),
    ],
)
def test_a_device_is_told_in_words_that_fit_many(user_agent, words):
    assert device_words(user_agent) == words


def test_every_browser_is_listed_and_this_one_marked(phone, laptop):
    page = laptop.get(PAGE).text
    assert "<strong>Firefox on Android</strong>" in page
    assert page.count("(this browser)") == 1
    assert "Firefox on Android</strong> (this browser)" in phone.get(PAGE).text


def test_no_network_address_is_kept(phone):
    phone.get(PAGE, REMOTE_ADDR="192.0.2.77")
    kept = [*WebSession.objects.values(), *SignIn.objects.values()]
    assert "192.0.2.77" not in str(kept)
    assert "127.0.0.1" not in str(kept)


def test_one_browser_is_signed_out_by_another(phone, laptop):
    code = WebSession.objects.get(device="Firefox on Android").code
    assert laptop.post(f"{PAGE}{code}/end/").url == PAGE
    assert reverse("account_login") in phone.get(PAGE).url
    assert laptop.get(PAGE).status_code == 200


def test_the_code_of_a_browser_outlasts_what_is_saved_in_it(phone, laptop):
    code = WebSession.objects.get(device="Firefox on Android").code
    session = phone.session
    session["anything"] = 1
    session.save()
    assert laptop.post(f"{PAGE}{code}/end/").status_code == 302


def test_all_others_are_signed_out_at_once(phone, laptop):
    third = Client()
    sign_in(third)
    laptop.post(reverse("end_other_sessions"))
    answers = [browser.get(PAGE).status_code for browser in (phone, third, laptop)]
    assert answers == [302, 302, 200]


def test_another_persons_browser_and_a_missing_one_answer_alike(phone, laptop):
    cleo = Client()
    sign_in(cleo, email="cleo@home.example")
    code = WebSession.objects.get(device="Firefox on Android").code
    answers = [cleo.post(f"{PAGE}{one}/end/") for one in (code, "nothing")]
    assert [one.status_code for one in answers] == [404, 404]
    cleo.post(reverse("end_other_sessions"))
    assert phone.get(PAGE).status_code == 200


def test_looking_ends_nothing(phone, laptop):
    code = WebSession.objects.get(device="Firefox on Android").code
    assert laptop.get(f"{PAGE}{code}/end/").status_code == 405
    assert laptop.get(reverse("end_other_sessions")).status_code == 405


def test_the_history_says_when_how_and_with_what(phone):
    page = phone.get(PAGE).text
    assert "Signed in with a code by email. Firefox on Android." in page
    assert "Wednesday 18 November 2026" in page


def test_the_history_holds_nobody_elses_sign_in(phone, now):
    cleo = User.objects.create_user("cleo@home.example")
    SignIn.objects.create(user=cleo, at=now, how="code", device="Cleos browser")
    assert "Cleos browser" not in phone.get(PAGE).text


def test_nobody_elses_second_factor_is_shown_or_copied(phone, ada, now):
    give_totp(User.objects.create_user("cleo@home.example"))
    assert "A code by email lets you in" in phone.get(PAGE).text
    sections = {one.title: one.rows for one in everything_of(ada, now)}
    assert list(sections["Passkeys and other second factors"]) == []


def test_a_refused_password_stands_in_the_history_of_its_account(client, phone):
    client.post(reverse("account_login"), {"login": ADA, "password": "not the one"})
    assert "Refused: a password and a second factor. A browser." in phone.get(PAGE).text
    client.post(reverse("account_login"), {"login": "cleo@home.example", "password": "not it"})
    assert SignIn.objects.filter(was_refused=True).count() == 1


def test_a_refused_second_factor_does_too(ada):
    give_totp(ada)
    other = Client()
    sign_in(other)
    other.post(reverse("mfa_authenticate"), {"code": "000000"})
    refused = SignIn.objects.get(was_refused=True)
    assert (refused.user, refused.how) == (ada, "code")


def test_a_password_with_its_factor_is_told_as_such(client, ada):
    ada.set_password(PASSWORD)
    ada.save()
    secret = give_totp(ada)
    client.post(reverse("account_login"), {"login": ADA, "password": PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": totp_code(secret)})
    assert SignIn.objects.get().how == "password"


def test_history_is_kept_for_ninety_days(phone, now):
    forget_old_sign_ins(now + timedelta(days=90))
    assert SignIn.objects.exists()
    forget_old_sign_ins(now + timedelta(days=90, seconds=1))
    assert not SignIn.objects.exists()


@pytest.mark.parametrize("change", ["join", "leave", "clear", "from the group"])
def test_another_group_ends_every_sign_in(phone, ada, change):
    group = Group.objects.get(name="Editors")
    if change in ("leave", "clear"):
        ada.groups.add(group)
        phone.force_login(ada)
    if change == "join":
        ada.groups.add(group)
    elif change == "leave":
        ada.groups.remove(group)
    elif change == "clear":
        ada.groups.clear()
    else:
        group.user_set.add(ada)
    assert reverse("account_login") in phone.get(PAGE).url


def test_becoming_staff_ends_every_sign_in(phone, ada):
    User.objects.update(is_staff=True)
    assert reverse("account_login") in phone.get(PAGE).url


def test_signing_out_ends_the_sign_in(phone):
    phone.post(reverse("account_logout"))
    assert not WebSession.objects.filter(device="Firefox on Android").exists()


def test_the_home_panel_counts_the_browsers(phone, laptop, ada):
    panel = next(one for one in panels_for(ada, timezone.now()) if "security" in one.template)
    assert panel.context == {"has_factor": False, "browsers": 2}


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_browser_and_three(
    phone, ada, count, django_assert_num_queries
):
    for _ in range(count - 1):
        sign_in(Client())
    phone.get(PAGE)
    with django_assert_num_queries(8):
        phone.get(PAGE)
