"""A number that nobody checked for half a year fails ``attune check``, and nothing else."""

import re
from datetime import date, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.checks import run_checks
from django.core.management import CommandError, call_command

from attune.vocabulary.checks import CONTACTS, missing_help, stale_contacts
from attune.vocabulary.models import CrisisContact, HelpRoute

pytestmark = pytest.mark.django_db
CHECKED = date(2026, 11, 22)


def problems(on):
    with time_machine.travel(on, tick=False):
        return run_checks(tags=[CONTACTS], include_deployment_checks=True)


def test_contacts_hold_for_180_days_and_then_each_is_named():
    CrisisContact.objects.update(checked_on=CHECKED)
    assert problems(CHECKED + timedelta(days=180)) == []
    stale = problems(CHECKED + timedelta(days=181))
    assert len(stale) == CrisisContact.objects.count() + HelpRoute.objects.count()
    assert "Samaritans (samaritans) was last checked on 2026-11-22." in {one.msg for one in stale}


def test_one_stale_contact_is_enough():
    CrisisContact.objects.filter(slug="calm").update(checked_on=CHECKED - timedelta(days=1))
    assert [one.msg for one in problems(CHECKED + timedelta(days=180))] == [
        "CALM (calm) was last checked on 2026-11-21."
    ]


@pytest.mark.parametrize(
    ("slug", "complaint"),
    [
        ("nhs-24-scotland", 'No crisis contact for Scotland is marked "urgent".'),
        ("lifeline-northern-ireland", 'No crisis contact for Northern Ireland is marked "urgent".'),
    ],
)
def test_a_nation_without_urgent_help_is_named(slug, complaint):
    CrisisContact.objects.filter(slug=slug).delete()
    assert [one.msg for one in problems(CHECKED)] == [complaint]


def test_without_contacts_every_nation_and_urgency_is_missing():
    assert len(missing_help([])) == 4 * 3
    assert stale_contacts([], today=CHECKED) == []


def test_attune_check_fails_on_a_stale_contact_and_says_what_to_do():
    CrisisContact.objects.filter(slug="shout").update(checked_on=date(2026, 1, 1))
    with time_machine.travel(CHECKED, tick=False), pytest.raises(CommandError) as caught:
        call_command("check", stdout=StringIO())
    assert "Shout (shout) was last checked on 2026-01-01." in str(caught.value)
    assert "Compare it with https://giveusashout.org/" in str(caught.value)


def test_other_commands_still_run_with_a_stale_contact():
    CrisisContact.objects.update(checked_on=date(2020, 1, 1))
    assert [one for one in run_checks(databases=["default"]) if one.id == "vocabulary.E001"] == []


# A page that was read: "nhs.uk", "giveusashout.org/about-us/faq".
AN_ADDRESS = re.compile(r"\b[a-z0-9-]+\.[a-z]{2,}\b")


def test_every_contact_says_how_to_reach_it_and_where_that_was_read():
    for contact in [*CrisisContact.objects.all(), *HelpRoute.objects.all()]:
        is_reachable = contact.phone or contact.text_number or contact.url
        # A GP or a school is known to whoever reads it.
        assert is_reachable or "GP" in contact.when_to_use, contact.slug
        assert AN_ADDRESS.search(contact.source), contact.slug
        assert "memory" not in contact.source
        assert bool(contact.text_number) == bool(contact.text_word)
