import pytest

pytestmark = pytest.mark.django_db


def test_the_api_describes_itself(client):
    described = client.get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert {"/api/v1/matches", "/api/v1/listings", "/api/v1/contacts", "/api/v1/appointments"} <= (
        set(described["paths"])
    )


@pytest.mark.parametrize(
    ("body", "field", "accepted"),
    [
        ({"token": 3}, "token", "a valid string"),
        ({"token": "x"}, "listing", "a value"),
    ],
)
def test_a_missing_or_wrongly_typed_field_is_named(client, body, field, accepted):
    answer = client.post("/api/v1/appointments", body, content_type="application/json")
    told = answer.json()["detail"][0]
    assert (answer.status_code, told["field"], told["accepted"]) == (422, field, accepted)


def test_a_body_that_is_no_json_is_refused(client):
    answer = client.post("/api/v1/contacts", "{broken", content_type="application/json")
    assert answer.status_code == 400
