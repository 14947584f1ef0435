"""What search engines and assistants read of a practitioner: no more than their page shows."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from attune.booking.words import amount_words
from attune.core.money import Money
from attune.directory.models import Channel, Fee, Listing
from attune.finder.profile import Profile, Registration
from attune.interop import schema_org
from attune.vocabulary.models import Language


@dataclass(frozen=True)
class ForMachines:
    """One practitioner's page; whose site it stands on is told by whoever renders it."""

    page: schema_org.Page
    practitioner: schema_org.Practitioner

    def structured_data(self, site: schema_org.Site) -> Markup:
        """Return the page in the words of schema.org, as the content of a script element."""
        data = schema_org.profile_page(site=site, page=self.page, practitioner=self.practitioner)
        return Markup(schema_org.as_script(data))  # noqa: S704 - it escapes what could end it


def for_machines(listing: Listing, one: Profile) -> ForMachines:
    """
    Say a practitioner's page in plain values, without a query.

    Args:
        listing: as ``access.shown_listing`` gave it.

        one: the same listing as its page shows it.
    """
    address = settings.PUBLIC_URL + reverse("profile", args=[one.code])
    page = schema_org.Page(one.name, address, description=one.one_line or one.role)
    return ForMachines(page, _practitioner(listing, one, address))


def _practitioner(listing: Listing, one: Profile, address: str) -> schema_org.Practitioner:
    therapies = [therapy.label for therapy in one.therapies]
    return schema_org.Practitioner(
        name=one.name,
        url=address,
        job_title=listing.title,
        pronouns=listing.practitioner.pronouns,
        description=one.one_line,
        languages=[_language(spoken) for spoken in listing.practitioner.languages.all()],
        knows=[*one.main_issues, *one.other_issues, *therapies],
        credentials=[_registration(one.registration)],
        places=list(dict.fromkeys(_places(listing))),
        fees=[offer for fee in listing.fees.all() for offer in _offers(fee)],
    )


def _language(one: Language) -> str:
    """Return its BCP 47 code, which schema.org asks for; its name where it has none (Makaton)."""
    return one.slug if len(one.slug) <= 3 else one.label


def _registration(one: Registration) -> schema_org.Credential:
    register = schema_org.Organisation(one.name, one.href)
    return schema_org.Credential(_("Registration"), "registration", one.number, register)


def _places(listing: Listing) -> Iterator[schema_org.Place]:
    """Yield the rooms; where somebody sits who works online is not on the page."""
    for one in listing.practitioner.practices.all():
        if Channel.IN_PERSON in one.channels:
            yield schema_org.Place(one.town, one.outward_postcode, one.country)


def _offers(fee: Fee) -> Iterator[schema_org.Fee]:
    """Yield what one service costs, and what it costs who can pay less."""
    words = {"minutes": fee.minutes, "group": fee.client_group.label}
    service = _("Session of %(minutes)s minutes: %(group)s") % words
    if fee.kind == Fee.Kind.DONATION:
        yield schema_org.Fee(service, None, note=amount_words(fee))
    else:
        upper = None if fee.upper_minor is None else Money(fee.upper_minor, fee.currency)
        yield schema_org.Fee(service, Money(fee.minor, fee.currency), upper)
    if fee.concession_minor is not None:
        reduced = Money(fee.concession_minor, fee.currency)
        yield schema_org.Fee(service, reduced, note=_concession_words(fee))


def _concession_words(fee: Fee) -> str:
    if not fee.concession_rule:
        return _("Reduced fee")
    return _("Reduced fee: %(rule)s") % {"rule": fee.concession_rule}
