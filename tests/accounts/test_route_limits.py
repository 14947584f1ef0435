"""How often one origin may use each route, and what somebody over a limit is told."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import resolve, reverse

from attune.accounts import limits
from attune.accounts.limits import CHANGES, Limit, limit_of, wait_for
from attune.accounts.models import Tally, User
from attune.enquiries.models import Enquiry

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"
ELSEWHERE = "192.0.2.7"


@pytest.fixture
def clock(now, time_machine):
    time_machine.move_to(now, tick=False)
    return time_machine


@pytest.fixture
def few(monkeypatch):
    """The limit of routes that say none, small enough to reach."""
    monkeypatch.setattr(limits, "CHANGES", Limit("changes", 2))


@pytest.fixture
def broken_store():
    """A database that has everything but the table of counts."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_tally RENAME TO accounts_tally_away")


def begin(client, **extra):
    return client.post(
        "/match/begin/", {"for_whom": "me", "again": ["planted <one>", "two"]}, **extra
    )


def test_what_changes_something_is_counted_for_all_such_routes_together(client, clock, few):
    assert begin(client).status_code == 303
    assert client.post("/match/delete/").status_code == 303
    assert begin(client).status_code == 429
    assert begin(client, REMOTE_ADDR=ELSEWHERE).status_code == 303
    clock.shift(60)
    assert begin(client).status_code == 303


def test_over_the_limit_nothing_is_done_and_what_was_typed_can_be_sent_again(client, clock, few):
    client.post("/match/delete/")
    client.post("/match/delete/")
    page = begin(client)
    assert (page.status_code, page["Retry-After"]) == (429, "60")
    assert "Nothing was changed. Wait a minute and try again." in page.text
    assert page["Cache-Control"] == "private, no-store"
    assert '<form method="post" action="/match/begin/">' in page.text
    assert '<input type="hidden" name="again" value="planted &lt;one&gt;">' in page.text
    assert '<input type="hidden" name="again" value="two">' in page.text
    assert Enquiry.objects.count() == 0


@pytest.mark.parametrize("field", ["password", "new_password1", "code"])
def test_a_secret_is_never_put_into_a_page(client, clock, few, field):
    for _ in range(3):
        page = client.post("/match/begin/", {field: "planted", "for_whom": "me"})
    assert page.status_code == 429
    assert "planted" not in page.text
    assert "Send it again" not in page.text


def test_leaving_always_works(client, clock, few):
    assert [client.post("/leave/").status_code for _ in range(5)] == [303] * 5


def test_reading_is_counted_only_where_a_route_says_so(client, clock):
    for address in ("/", "/library/", "/match/", "/help-now/", "/accounts/login/"):
        client.get(address)
    assert Tally.objects.count() == 0
    client.get("/therapists/nobody/")
    client.get("/api/v1/listings")
    assert Tally.objects.count() == 2


@pytest.mark.parametrize(
    ("address", "most"), [("/therapists/nobody/", 120), ("/library/search/abc/", 60)]
)
def test_what_is_worth_copying_is_read_at_a_humans_pace(client, clock, address, most):
    assert [client.get(address).status_code for _ in range(most)] == [404] * most
    assert client.get(address).status_code == 429
    assert client.get(address, REMOTE_ADDR=ELSEWHERE).status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("broken_store")
def test_while_nothing_can_be_counted_reading_goes_on_and_changes_are_refused(client):
    assert client.get("/therapists/nobody/").status_code == 404
    assert client.get("/api/v1/listings").status_code == 200
    assert client.get("/match/").status_code == 200
    page = begin(client)
    assert (page.status_code, page["Retry-After"]) == (503, "60")
    assert "Nothing was changed. Wait a minute and try again." in page.text
    assert 'value="planted &lt;one&gt;"' in page.text
    told = client.post("/api/v1/contacts", {"email": "ada@home.example"}, "application/json")
    assert (told.status_code, list(told.json())) == (503, ["detail"])
    assert client.post("/leave/").status_code == 303


def test_a_form_with_a_file_that_nothing_takes_is_refused_before_it_is_read(client, settings):
    def sent(address, size):
        file = SimpleUploadedFile("one.png", b"x" * size)
        return client.post(address, {"file": file}).status_code

    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert sent("/match/begin/", most // 2) == 303
    assert sent("/match/begin/", most) == 413
    assert sent("/editor/images/add/", most) == 302
    assert sent("/editor/images/add/", limits.LONGEST_WITH_FILES) == 413


def test_a_method_of_the_api_has_the_limit_of_its_own_function():
    view = resolve("/api/v1/matches").func
    assert limit_of(view, "POST").purpose == "matches"
    assert limit_of(view, "PUT") is CHANGES


def test_a_limit_without_a_number_counts_nothing(now):
    assert wait_for(Limit("leaving", None), "ada", at=now) is None
    assert Tally.objects.count() == 0


# -- lockout: allauth's, by account and by origin -----------------------------------------------
@pytest.fixture
def dev():
    user = User.objects.create_user("dev@example.org", PASSWORD, name="Dev")
    TOTP.activate(user, generate_totp_secret())
    return user


def sign_in(login, password, origin):
    answer = Client().post(
        reverse("account_login"), {"login": login, "password": password}, REMOTE_ADDR=origin
    )
    return "2fa" in answer.get("Location", ""), answer


def words_of(answer):
    lines = answer.text.splitlines()
    return "\n".join(line for line in lines if "csrfmiddlewaretoken" not in line)


@pytest.mark.slow
def test_two_hundred_guesses_from_as_many_origins_get_nowhere(dev, clock):
    for number in range(200):
        assert not sign_in("dev@example.org", f"wrong {number}", f"198.51.100.{number}")[0]
    assert not sign_in("dev@example.org", PASSWORD, ELSEWHERE)[0]
    clock.shift(timedelta(minutes=5))
    assert sign_in("dev@example.org", PASSWORD, ELSEWHERE)[0]


def test_in_a_day_one_account_takes_fifty_guesses(dev, clock):
    for _ in range(10):
        for number in range(5):
            sign_in("dev@example.org", f"wrong {number}", f"198.51.100.{number}")
        clock.shift(timedelta(minutes=6))
    assert not sign_in("dev@example.org", PASSWORD, ELSEWHERE)[0]
    clock.shift(timedelta(days=1))
    assert sign_in("dev@example.org", PASSWORD, ELSEWHERE)[0]


def test_one_origin_takes_ten_guesses_a_minute_over_all_accounts(dev, clock):
    for number in range(10):
        sign_in(f"somebody{number}@example.org", "wrong", ELSEWHERE)
    assert not sign_in("dev@example.org", PASSWORD, ELSEWHERE)[0]
    assert sign_in("dev@example.org", PASSWORD, "198.51.100.1")[0]


def test_an_account_that_is_locked_looks_like_one_that_nobody_has(dev, clock):
    said = []
    for login in ("dev@example.org", "cleo@example.org"):
        for number in range(6):
            _, answer = sign_in(login, "wrong", f"198.51.100.{number}")
        said.append((answer.status_code, words_of(answer).replace("dev@", "cleo@")))
    assert said[0] == said[1]
    assert "Too many" in said[0][1]


def test_codes_of_an_app_are_guessed_five_times(dev, clock):
    browser = Client(REMOTE_ADDR=ELSEWHERE)
    browser.post(reverse("account_login"), {"login": "dev@example.org", "password": PASSWORD})
    answers = [browser.post(reverse("mfa_authenticate"), {"code": "000000"}) for _ in range(6)]
    assert "This code does not work" in answers[4].text
    assert answers[5].status_code == 200
    assert "Too many" in answers[5].text
