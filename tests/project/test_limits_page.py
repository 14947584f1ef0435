"""The page of limits says what the URL table, the marks and the settings say."""

import runpy
from pathlib import Path

import pytest
from django.db import connection

from attune.accounts.audience import audience_of
from attune.accounts.limits import CHANGES, limit_of
from attune.project.web_server import STATEMENT_SECONDS, limit_statements
from project.test_access_matrix import routes

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_is_as_the_tool_writes_it():
    tool = runpy.run_path(str(ROOT / "tools" / "list_limits.py"))
    assert (ROOT / "docs/reference/limits.md").read_text(encoding="utf-8") == tool["page"]()


@pytest.mark.django_db
def test_every_route_that_changes_something_has_a_limit():
    unlimited = {
        str(route)
        for route in routes()
        for method in ("POST", "PUT", "PATCH", "DELETE")
        if limit_of(route.view, method).most is None
    }
    assert unlimited == {"/leave/"}
    assert CHANGES.most
    assert all(audience_of(route.view) for route in routes())


@pytest.mark.django_db
def test_a_page_waits_for_no_statement_longer_than_that():
    limit_statements(connection)
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == (f"{STATEMENT_SECONDS}s",)
