"""Is the help that we point to still right?

Run by ``attune check`` alone: a number that grew old must not keep the site from starting.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.utils import timezone

from attune.vocabulary.models import Contact, CrisisContact, HelpRoute, Nation

CONTACTS = "contacts"
GOOD_FOR = timedelta(days=180)
UK_NATIONS = (Nation.ENGLAND, Nation.SCOTLAND, Nation.WALES, Nation.NORTHERN_IRELAND)


@register(CONTACTS, deploy=True)
def contacts_are_right(**_kwargs: Any) -> list[CheckMessage]:
    """Every contact was checked lately, and each nation has help of every urgency."""
    crisis, routes = list(CrisisContact.objects.all()), HelpRoute.objects.all()
    return [
        *stale_contacts([*crisis, *routes], today=timezone.localdate()),
        *missing_help(crisis),
    ]


def stale_contacts(contacts: Iterable[Contact], *, today: date) -> list[CheckMessage]:
    """Return an error for each contact whose last check is more than 180 days old."""
    return [
        Error(
            f"{contact.name} ({contact.slug}) was last checked on {contact.checked_on}.",
            hint=(
                f"Compare it with {contact.url or contact.source}, then set its date in the "
                "editor. Contacts are good for 180 days."
            ),
            id="vocabulary.E001",
        )
        for contact in contacts
        if today - contact.checked_on > GOOD_FOR
    ]


def missing_help(contacts: Iterable[CrisisContact]) -> list[CheckMessage]:
    """Return an error for each nation without an emergency, an urgent or a talking contact."""
    present = {(contact.nation, contact.urgency) for contact in contacts}
    return [
        Error(
            f'No crisis contact for {nation.label} is marked "{urgency}".',
            hint="Run: attune load-vocabulary, or add one in the editor.",
            id="vocabulary.E002",
        )
        for nation in UK_NATIONS
        for urgency in CrisisContact.Urgency
        if not present & {(nation, urgency), (Nation.UK, urgency)}
    ]
