"""Members for tests: made, signed in, and looked for in the database."""

from allauth.account.internal.flows.login import record_authentication
from django.db import connection
from django.test import Client, RequestFactory

from attune.accounts.actions import note_second_factor
from attune.accounts.audience import CODE
from attune.accounts.models import User


def member(email: str, *, is_staff: bool = False) -> User:
    return User.objects.create_user(email, name="", is_staff=is_staff)


def log_in(client: Client, user: User, *, factor: bool = False, step_up: bool = True) -> None:
    """Sign somebody in as if by a code from the mailbox, or with a second factor."""
    client.force_login(user)
    request = RequestFactory().post("/")
    request.session, request.user = client.session, user
    if factor:
        note_second_factor(request, user, kind="test")
    elif step_up:
        record_authentication(request, user, method=CODE)
    request.session.save()


def planted_in_database(text: str) -> list[str]:
    """Return the tables in which a text stands in the clear, in any column."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                f'SELECT count(*) FROM "{table}" AS one'
                " WHERE position(%s IN one::text) > 0 OR position(%s IN one::text) > 0",
                [text, text.encode().hex()],
            )
            if cursor.fetchone()[0]:
                found.append(table)
    return found
