"""Reads of the directory that are used more than once."""

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from attune.directory.models import Credential, Listing, Practitioner, Verification


def verifications_on(practitioner: Practitioner, day: date) -> QuerySet[Verification]:
    """Return the checks of this practitioner's registrations and trainings that hold on ``day``."""
    return Verification.objects.filter(credential__practitioner=practitioner, expires_on__gte=day)


def is_verified_on(practitioner: Practitioner, day: date) -> bool:
    """Whether somebody has checked a registration, and that check still holds."""
    return (
        verifications_on(practitioner, day)
        .filter(credential__kind=Credential.Kind.REGISTRATION)
        .exists()
    )


def missing_to_publish(listing: Listing, day: date) -> tuple[str, ...]:
    """Return what stands in the way of publishing, one sentence each; nothing: it can be."""
    lacks = (
        (listing.consented_at is None, _("The practitioner has not agreed to be listed.")),
        (
            not is_verified_on(listing.practitioner, day),
            _("No registration has been checked, or the check has run out."),
        ),
        (not listing.fees.exists(), _("No fee is given. Nothing to pay is a fee too.")),
        (
            not listing.practitioner.practices.exists(),
            _("No practice is given: a room, video or phone."),
        ),
        (not listing.client_groups.exists(), _("Nobody is named whom this practitioner sees.")),
    )
    return tuple(sentence for is_missing, sentence in lacks if is_missing)
