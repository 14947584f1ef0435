import pytest
from django.db import connection

from attune.accounts.models import User


@pytest.mark.django_db
def test_each_test_process_has_a_database_of_its_own():
    assert connection.settings_dict["NAME"].startswith("test_")
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_committed_is_gone_in_the_next(turn):
    assert not User.objects.exists()
    User.objects.create_user("ada@example.org")
