"""What pages say of an offer: plain values, made of what one member meets."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from attune.core.phrases import date_words, money_words
from attune.offers.models import Offer
from attune.offers.queries import Shown, Standing


@dataclass(frozen=True)
class OfferCard:
    """One line of a list of offers. ``note``: how it stands, one sentence."""

    href: str
    partner: str
    title: str
    summary: str
    worth: str
    note: str
    is_claimed: bool


def card_of(one: Shown) -> OfferCard:
    return OfferCard(
        reverse("offer", args=[one.offer.code]),
        one.offer.partner.name,
        one.words.title,
        one.words.summary,
        worth_words(one),
        note_words(one),
        one.claim is not None,
    )


def note_words(one: Shown) -> str:
    if one.claim:
        return _("You claimed this on %(day)s.") % {"day": day_words(one.claim.claimed_at)}
    if one.standing is Standing.OPEN:
        return until_words(one.offer.ends_on)
    return standing_words(one)


def standing_words(one: Shown) -> str:
    """Return why an offer cannot be claimed now, one sentence; "" where it can."""
    return {
        Standing.OPEN: "",
        Standing.NOT_YET: _("This offer begins on %(day)s.")
        % {"day": date_words(one.offer.starts_on) if one.offer.starts_on else ""},
        Standing.EXHAUSTED: _("All codes of this offer are taken."),
        Standing.OVER: _("This offer ended on %(day)s.")
        % {"day": date_words(one.offer.ends_on) if one.offer.ends_on else ""},
        Standing.WITHDRAWN: _("This offer was withdrawn."),
    }[one.standing]


def until_words(last: date | None) -> str:
    if last is None:
        return _("It has no last day.")
    return _("You can claim it until %(day)s.") % {"day": date_words(last)}


def worth_words(one: Shown) -> str:
    """Return "worth £38.99", or "" where nobody said."""
    worth = one.words.worth
    return _("worth %(sum)s") % {"sum": money_words(worth)} if worth else ""


def day_words(moment: datetime) -> str:
    """Return the date of a moment on the site's clock: "Tuesday 14 April 2026"."""
    return date_words(moment.astimezone(ZoneInfo(settings.VISITOR_ZONE)))


def fact_rows(one: Shown) -> list[dict[str, Any]]:
    """Return what stands above the terms, for ``summary_list``."""
    offer, worth = one.offer, one.words.worth
    rows = [(_("From"), f"{offer.partner.name}. {offer.partner.what}")]
    if worth:
        rows.append((_("Worth"), money_words(worth)))
    rows += [
        (_("What you get"), what_words(offer)),
        (_("Who can claim it"), who_words(offer)),
        (_("Until"), date_words(offer.ends_on) if offer.ends_on else _("No last day")),
    ]
    return [{"label": label, "value": value} for label, value in rows]


def what_words(offer: Offer) -> str:
    return {
        Offer.Kind.STOCK: _("A code of your own, which works once"),
        Offer.Kind.SHARED: _("A code that all members share"),
        Offer.Kind.LINK: _("A link to their site, the same for everybody"),
    }[Offer.Kind(offer.kind)]


def who_words(offer: Offer) -> str:
    if not offer.place:
        return _("Everybody with an account here")
    return _("Everybody with an account here, within %(km)s km of %(place)s") % {
        "km": offer.radius_km,
        "place": offer.place,
    }
