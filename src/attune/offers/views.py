"""A member's offers: the list, one offer, claiming it, and what was claimed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from attune.accounts.audience import Audience, audience, needs_step_up
from attune.accounts.limits import wait_after
from attune.accounts.models import User
from attune.offers.access import claimed_code, offer_for
from attune.offers.actions import claim, note_shown
from attune.offers.errors import AllTaken, NotOpen, WordingChanged
from attune.offers.forms import ClaimForm
from attune.offers.models import Offer
from attune.offers.nearness import Nearness, nearness
from attune.offers.queries import Shown, Standing, day_of, is_kept, offers_of, standing_of
from attune.offers.words import card_of, day_words, fact_rows, standing_words
from attune.vocabulary.places import resolve

TRIES_AN_HOUR = 20
ONE_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Refusal:
    """
    Why an offer was not claimed.

    Attributes:
        status: of the answer.

        sentence: what to do; "" where the page says it anyway.

        place: whether it is about the place that was typed; ``towns`` to choose from then.

        is_exhausted: others have the last codes in hand, whether or not the stock shows it yet.
    """

    status: int
    sentence: str = ""
    place: bool = False
    towns: tuple[str, ...] = ()
    is_exhausted: bool = False


@audience(Audience.MEMBER)
@require_safe
def offer_list(request: HttpRequest) -> HttpResponse:
    """List what this member has claimed, and what they can claim."""
    cards = [card_of(one) for one in offers_of(_member(request), now=timezone.now())]
    context = {
        "claimed": [one for one in cards if one.is_claimed],
        "others": [one for one in cards if not one.is_claimed],
    }
    return render(request, "offers/list.jinja", context)


@audience(Audience.MEMBER)
@require_safe
def offer(request: HttpRequest, code: str) -> HttpResponse:
    """Say everything about one offer, before and after it was claimed."""
    return _offer_page(request, code, now=timezone.now())


@audience(Audience.MEMBER)
@needs_step_up
@require_http_methods(["GET", "HEAD", "POST"])
def claim_offer(request: HttpRequest, code: str) -> HttpResponse:
    """Claim an offer. Claiming again leads to what was claimed."""
    # Where confirming that it is you ends, if the form went missing on the way.
    if request.method != "POST":
        return redirect("offer", code)
    now, member = timezone.now(), _member(request)
    wanted, claimed = offer_for(member, code)
    refusal = None if claimed else _claim(request, wanted, member, now=now)
    if refusal:
        return _offer_page(request, code, now=now, refusal=refusal)
    return redirect("offer_claimed", code)


@audience(Audience.MEMBER)
@needs_step_up
@require_safe
def offer_claimed(request: HttpRequest, code: str) -> HttpResponse:
    """Show what was claimed: nowhere else, and to nobody else."""
    now = timezone.now()
    wanted, claimed = offer_for(_member(request), code)
    if claimed is None or not is_kept(claimed, now=now):
        return redirect("offer", code)
    note_shown(claimed, at=now)
    context = {
        "offer": wanted,
        "words": claimed.wording,
        "code": claimed_code(claimed),
        "claimed_on": day_words(claimed.claimed_at),
        "first_shown_on": day_words(claimed.shown_at) if claimed.shown_at else "",
    }
    return render(request, "offers/claimed.jinja", context)


def _claim(request: HttpRequest, wanted: Offer, member: User, *, now: datetime) -> Refusal | None:
    """Claim as the form says; return what kept it from that, if anything did."""
    if wait_after("offer-claims", member.code, most=TRIES_AN_HOUR, within=ONE_HOUR, at=now):
        return Refusal(429, _("That was tried 20 times within an hour. Try again in an hour."))
    form = ClaimForm(request.POST)
    refusal = _too_far(wanted, form.data.get("place", ""))
    if refusal:
        return refusal
    # A number that is none is no wording of the offer either.
    wording = form.cleaned_data["wording"] if form.is_valid() else 0
    try:
        claim(wanted, member, wording=wording, at=now)
    except WordingChanged:
        return Refusal(
            409, _("This offer changed while you read it. Read it again, then claim it.")
        )
    except AllTaken:
        return Refusal(409, is_exhausted=True)
    except NotOpen:
        return Refusal(409)
    return None


def _too_far(wanted: Offer, typed: str) -> Refusal | None:
    """Return why a place is not within an offer's area; where there is none, every place is."""
    if wanted.centre is None or wanted.radius_km is None:
        return None
    place = resolve(typed) if typed.strip() else None
    if not typed.strip():
        return Refusal(422, _("Enter your postcode or town."), place=True)
    if place is None:
        return Refusal(
            422, _("We do not know this place. Enter a postcode or a town near you."), place=True
        )
    match nearness(place, wanted.centre, wanted.radius_km):
        case Nearness.OUTSIDE:
            return Refusal(
                422,
                _("This offer is for people within %(km)s km of %(place)s.")
                % {"km": wanted.radius_km, "place": wanted.place},
                place=True,
            )
        case Nearness.UNSURE:
            return Refusal(
                422,
                _("We know this place only roughly. Enter a full postcode, or a town near you."),
                place=True,
                towns=place.towns,
            )
        case Nearness.WITHIN:
            return None


def _offer_page(
    request: HttpRequest, code: str, *, now: datetime, refusal: Refusal | None = None
) -> HttpResponse:
    member = _member(request)
    wanted, claimed = offer_for(member, code)
    has_codes = wanted.has_codes and not (refusal and refusal.is_exhausted)  # type: ignore[attr-defined]  # of ``with_stock``
    standing = standing_of(wanted, has_codes=has_codes, today=day_of(now))
    one = Shown(wanted, standing, claimed)
    is_open = claimed is None and standing is Standing.OPEN
    others = () if claimed or is_open else offers_of(member, now=now)
    sentence = refusal.sentence if refusal else ""
    context: dict[str, Any] = {
        "offer": wanted,
        "words": one.words,
        "rows": fact_rows(one),
        "is_open": is_open,
        "claimed_on": day_words(claimed.claimed_at) if claimed else "",
        "is_kept": claimed is not None and is_kept(claimed, now=now),
        "closed_words": "" if claimed else standing_words(one),
        "others": [
            card_of(each)
            for each in others
            if each.offer != wanted and each.standing is Standing.OPEN and not each.claim
        ],
        "refusal": refusal,
        "errors": [("place" if refusal and refusal.place else "main", sentence)]
        if sentence
        else [],
        "place": request.POST.get("place", ""),
    }
    return render(request, "offers/offer.jinja", context, status=refusal.status if refusal else 200)


def _member(request: HttpRequest) -> User:
    """Return who is signed in, as the audience of these views has made sure."""
    return cast("User", request.user)
