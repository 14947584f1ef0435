"""A connection that is kept from request to request is looked at before it is used again."""

import pytest
from django.db import OperationalError, connection

import databases

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_connection_that_stands_is_kept_and_asked_nothing(somebody_else):
    pid = _ask("SELECT pg_backend_pid()")
    _between_requests()
    connection.close_if_health_check_failed()
    last = somebody_else("SELECT query FROM pg_stat_activity WHERE pid = %s", pid)
    assert last == "SELECT pg_backend_pid()"
    assert _ask("SELECT pg_backend_pid()") == pid


def test_a_connection_that_the_server_closed_is_replaced_before_it_is_used(somebody_else):
    pid = _ask("SELECT pg_backend_pid()")
    somebody_else("SELECT pg_terminate_backend(%s, 5000)", pid)
    _between_requests()
    assert _ask("SELECT pg_backend_pid()") != pid


def test_after_an_error_it_is_looked_at_however_short_ago_it_stood(somebody_else):
    pid = _ask("SELECT pg_backend_pid()")
    _between_requests()
    connection.close_if_health_check_failed()
    somebody_else("SELECT pg_terminate_backend(%s, 5000)", pid)
    with pytest.raises(OperationalError):
        _ask("SELECT 1")
    connection.close_if_unusable_or_obsolete()
    assert _ask("SELECT pg_backend_pid()") != pid


def test_news_that_ends_nothing_ends_nothing(somebody_else):
    pid = _ask("SELECT pg_backend_pid()")
    with connection.cursor() as cursor:
        cursor.execute("LISTEN news")
    somebody_else("SELECT 1 FROM pg_notify('news', '')")
    _between_requests()
    assert _ask("SELECT pg_backend_pid()") == pid


@pytest.fixture
def somebody_else():
    with databases.connected(connection.settings_dict["NAME"]) as other:
        yield lambda query, *values: other.execute(query, values).fetchone()[0]


def _ask(query: str):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


def _between_requests() -> None:
    """Do what Django does when a request begins, some time after the last one."""
    connection._stood_at = 0.0
    connection.close_if_unusable_or_obsolete()
