"""What invented partners offer on a demonstration site: one offer of each kind."""

from datetime import date, datetime, timedelta

from attune.offers.access import sealed_shared_code
from attune.offers.actions import issue_codes, save_offer
from attune.offers.models import Offer, Partner
from attune.vocabulary.places import resolve

CODES = 25
COVENTRY, RADIUS_KM = "Coventry", 30


def add_offers(*, now: datetime, today: date) -> None:
    """Publish three offers: a code each from a stock, a shared code around a place, and a link."""
    app, room, paper = (
        Partner.objects.create(name=f"{name} (invented)", what=what, website=website)
        for name, what, website in (
            ("Pondlight", "They would make an app.", "https://pondlight.example/"),
            ("Copse and Kettle", "They would keep a reading room.", "https://copse.example/"),
            ("Halfpenny Paper", "They would make notebooks.", "https://halfpenny.example/"),
        )
    )
    year = Offer(
        code="offerdemo234",
        partner=app,
        title="A year of the Pondlight app",
        summary="Short exercises for the evening, to read or to listen to.",
        terms="For twelve months from the day you enter the code.\nIt ends by itself.",
        worth_minor=3899,
    )
    _publish(year, now)
    issue_codes(year, CODES)
    hour = Offer(
        code="offerdemo235",
        partner=room,
        title="Four quiet hours in a reading room",
        summary="A chair, a lamp and a pot of tea, on any weekday.",
        terms="Book a seat with the code. Each hour can be used once.",
        worth_minor=2000,
        kind=Offer.Kind.SHARED,
    )
    hour.shared_code_sealed = sealed_shared_code(hour, "KETTLE-EXAMPLE")
    _around_coventry(hour)
    _publish(hour, now)
    notebook = Offer(
        code="offerdemo236",
        partner=paper,
        title="A notebook for the price of the post",
        summary="Plain pages, sewn, to write in or to leave empty.",
        terms="One to a household. You give them an address to send it to.",
        kind=Offer.Kind.LINK,
        link="https://halfpenny.example/notebook/",
        ends_on=today + timedelta(days=60),
    )
    _publish(notebook, now)


def _around_coventry(offer: Offer) -> None:
    place = resolve(COVENTRY)
    # Without the places of the vocabulary there is nowhere to be around: it holds everywhere.
    if place:
        point = place.whereabouts.point
        offer.place, offer.radius_km = COVENTRY, RADIUS_KM
        offer.place_latitude, offer.place_longitude = point.lat, point.lon


def _publish(offer: Offer, now: datetime) -> None:
    offer.state = Offer.State.PUBLISHED
    save_offer(offer, at=now)
