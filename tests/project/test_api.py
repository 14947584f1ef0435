"""What the API says about itself, and what it answers to what it cannot use."""

import json

import pytest

pytestmark = pytest.mark.django_db

TOO_ODD = "JSON in UTF-8, at most 20 levels deep, without NaN and Infinity"
APPOINTMENT = {"token": "t", "listing": "l", "start": "s", "idempotency_key": "k"}


def nested(levels):
    return "[" * levels + "]" * levels


def post(client, path, body):
    return client.post(f"/api/v1/{path}", body, content_type="application/json")


def described(client):
    return client.get("/api/v1/openapi.json").json()


def test_the_api_describes_itself(client):
    assert described(client)["openapi"].startswith("3.1")
    assert set(described(client)["paths"]) == {
        "/api/v1/matches",
        "/api/v1/listings",
        "/api/v1/listings/{code}",
        "/api/v1/listings/{code}/slots",
        "/api/v1/contacts",
        "/api/v1/contacts/{contact}/confirm",
        "/api/v1/appointments",
    }


def test_every_answer_has_a_shape_of_named_fields_and_no_others(client):
    shapes = described(client)["components"]["schemas"]
    for path, methods in described(client)["paths"].items():
        for operation in methods.values():
            for status, answer in operation["responses"].items():
                name = answer["content"]["application/json"]["schema"]["$ref"].split("/")[-1]
                shape = shapes[name]
                assert shape["additionalProperties"] is False, (path, status)
                assert shape["required"] == list(shape["properties"]), (path, status)


@pytest.mark.parametrize(
    ("path", "body", "field", "value", "accepted"),
    [
        ("appointments", APPOINTMENT | {"token": 3}, "token", 3, "a valid string"),
        ("appointments", {"token": "t"}, "listing", None, "a value"),
        ("appointments", APPOINTMENT | {"when": [1]}, "when", [1], "no field of this name"),
        ("appointments", APPOINTMENT | {"name": {"a": 1}}, "name", {"a": 1}, "a valid string"),
        ("appointments", APPOINTMENT | {"idempotency_key": ""}, "idempotency_key", "", "at least"),
        ("contacts", {"email": None}, "email", None, "a valid string"),
        ("contacts", {"email": "x" * 201}, "email", "x" * 201, "at most 200 characters"),
        ("contacts", {"email": "a\0@b.org"}, "email", "a\0@b.org", "without control characters"),
        ("contacts", {"email": "\ud800"}, "email", "\ud800", "without control characters"),
        ("contacts", {"email": 10**30}, "email", 10**30, "a valid string"),
        ("contacts", ["email"], "body", ["email"], "an object"),
        ("contacts", '"email"', "body", "email", "an object"),
        ("contacts", "null", "body", None, "an object"),
        ("matches", {"budget": {"minor": "abc"}}, "budget.minor", "abc", "a whole number"),
        ("matches", {"budget": {"minor": 1e300}}, "budget.minor", 1e300, "a whole number"),
        ("matches", {"budget": {"pounds": 7}}, "budget.pounds", 7, "only minor"),
        ("matches", {"budget": [7]}, "budget", [7], "an object with minor"),
        ("matches", {"times": [{"days": ["tue"], "from": 9}]}, "times[0].from", 9, "half hour"),
        ("matches", {"times": [{"days": "tue"}]}, "times[0].days", "tue", "a list of"),
        ("matches", {"wishes": [{"about": "\ud800"}]}, "wishes[0].about", "\ud800", "one of"),
        ("matches", {"issues": [None]}, "issues[0]", None, "known values"),
        ("matches", {"style": {"lead": 4}}, "style.lead", 4, "from -3 to 3"),
        ("matches", {"exclude": ["\0"]}, "exclude[0]", "\0", "the code"),
        ("matches", {"planet": "x"}, "planet", "x", "only for_whom"),
        ("matches", {"max_distance_km": 10**400}, "max_distance_km", 10**400, "from 1 to 200"),
        ("matches", {"limit": "10"}, "limit", "10", "from 1 to 50"),
        ("matches", "[]", "enquiry", [], "an object with for_whom"),
        ("matches", '"x"', "enquiry", "x", "an object with for_whom"),
    ],
)
def test_what_cannot_be_used_is_told_as_it_was_sent(client, path, body, field, value, accepted):
    answer = post(client, path, body if isinstance(body, str) else json.dumps(body))
    assert answer.status_code == 422
    (told, *_others) = answer.json()["detail"]
    assert (told["field"], told["value"]) == (field, value)
    assert accepted in told["accepted"]
    assert told["message"].startswith(f"{field}: ")


@pytest.mark.parametrize("path", ["matches", "contacts", "appointments", "contacts/x/confirm"])
@pytest.mark.parametrize(
    "body",
    [
        "{broken",
        '{"email": NaN}',
        '{"email": -Infinity}',
        '{"email": 1e999}',
        '{"email": %s}' % ("9" * 5000),
        nested(21),
        nested(100_000),
        "[" * 100_000,
        b"\xff",
    ],
    ids=range(9),
)
def test_a_body_that_is_no_json_of_ours_is_told(client, path, body):
    answer = post(client, path, body)
    assert answer.status_code == 422
    (told,) = answer.json()["detail"]
    assert (told["field"], told["value"], told["accepted"]) == ("body", None, TOO_ODD)


def test_a_body_nested_as_deep_as_is_read_is_told_as_it_was_sent(client):
    answer = post(client, "contacts", nested(20))
    assert answer.json()["detail"][0]["value"] == json.loads(nested(20))


def test_no_body_at_all_is_told(client):
    for path in ("matches", "contacts", "appointments"):
        answer = post(client, path, b"")
        assert answer.status_code == 422
        assert answer.json()["detail"][0]["accepted"] == "a value"


def test_a_body_that_is_too_long_is_told(client, settings):
    for path in ("matches", "contacts", "appointments"):
        answer = post(client, path, " " * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1))
        assert (answer.status_code, list(answer.json())) == (413, ["detail"])


def test_text_that_no_keyboard_types_is_refused_before_it_is_looked_up(client):
    for field in ("token", "listing", "start", "practice", "channel", "name", "phone", "note"):
        answer = post(client, "appointments", APPOINTMENT | {field: "a\0b"})
        assert [one["field"] for one in answer.json()["detail"]] == [field]
    answer = post(client, "appointments", APPOINTMENT | {"note": "one\r\n\ttwo"})
    assert answer.json()["detail"][0]["field"] == "token"


def test_the_hundred_and_twenty_first_match_of_a_minute_waits(client, now, time_machine):
    time_machine.move_to(now, tick=False)
    answers = [post(client, "matches", {"limit": 0}) for _ in range(120)]
    assert {one.status_code for one in answers} == {422}
    refused = post(client, "matches", {"limit": 1})
    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    assert refused.json() == {
        "detail": "More than 120 requests in a minute came from this address. Try again soon."
    }
    other = client.post(
        "/api/v1/matches", {}, content_type="application/json", REMOTE_ADDR="192.0.2.7"
    )
    assert other.status_code == 200
    time_machine.shift(60)
    assert post(client, "matches", {}).status_code == 200


def test_looks_at_listings_and_their_times_are_counted_together(client, now, time_machine):
    time_machine.move_to(now, tick=False)
    paths = ("listings", "listings/nobody", "listings/nobody/slots")
    for number in range(240):
        assert client.get(f"/api/v1/{paths[number % 3]}?limit=0").status_code != 429
    for path in paths:
        refused = client.get(f"/api/v1/{path}")
        assert (refused.status_code, refused["Retry-After"]) == (429, "60")
