from datetime import timedelta

import pytest

from attune.directory.actions import record_change
from attune.directory.models import DirectoryChange
from attune.finder.duties import KEPT_FOR, forget_old_changes
from attune.finder.loading import TOO_OLD
from attune.outbox.duties import known_duties

pytestmark = pytest.mark.django_db


def test_the_worker_forgets_changes_after_a_week(now):
    DirectoryChange.objects.all().delete()
    record_change(None, at=now - timedelta(days=7, minutes=1))
    record_change(None, at=now - timedelta(days=7))
    forget_old_changes(now)
    assert DirectoryChange.objects.get().at == now - timedelta(days=7)


def test_no_index_lives_as_long_as_the_change_log():
    assert timedelta(days=1) + TOO_OLD <= KEPT_FOR


def test_the_worker_knows_the_duty():
    assert "finder-old-changes" in {one.name for one in known_duties()}
