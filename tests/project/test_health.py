"""What a load balancer and an operator ask."""

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder


def test_healthz_answers_without_a_database(client):
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "alive"})
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_readyz_is_200_when_all_parts_work_and_tells_the_age_of_the_index(client):
    response = client.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (200, "ready")
    assert response.json()["index_age_seconds"] >= 0


@pytest.mark.django_db
def test_readyz_names_migrations_that_are_missing(client):
    MigrationRecorder(connection).record_unapplied("booking", "0002_members")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "not ready", "failing": "migrations"}


@pytest.mark.django_db
def test_readyz_names_the_index_when_its_tables_cannot_be_read(client):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE directory_listing RENAME TO elsewhere")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "not ready", "failing": "index"}


@pytest.mark.django_db(transaction=True)
def test_readyz_names_the_database_when_it_is_away(client):
    connection.close()
    host, connection.settings_dict["HOST"] = connection.settings_dict["HOST"], "/nowhere"
    try:
        response = client.get("/readyz")
    finally:
        connection.close()
        connection.settings_dict["HOST"] = host
    assert response.status_code == 503
    assert response.json() == {"status": "not ready", "failing": "database"}


def test_neither_takes_a_post(client):
    assert client.post("/healthz").status_code == 405
    assert client.post("/readyz").status_code == 405
