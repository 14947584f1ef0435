"""What partners offer to members: in which words, from which stock, and who has claimed what.

Nothing here knows of reviews, quotations, appointments or practitioners, and nothing may: an offer
depends on having an account, on a place and on a date (S32).
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from attune.core.geo import LatLon
from attune.core.money import Money
from attune.vocabulary.codes import new_code

WIDEST_RADIUS_KM = 500


class Partner(models.Model):
    """Somebody else who makes offers. They learn nothing about a member from this site."""

    name = models.CharField(max_length=120, unique=True)
    what = models.CharField(
        _("what they do"), max_length=200, help_text=_("One sentence, in plain words")
    )
    website = models.URLField()
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Offer(models.Model):
    """One thing that one partner offers."""

    class Kind(models.TextChoices):
        STOCK = "stock", _("A code for each member, from a stock")
        SHARED = "shared", _("One code that all members share")
        LINK = "link", _("A link")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Currency(models.TextChoices):
        GBP = "GBP", "£"
        EUR = "EUR", "€"

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="offers")
    title = models.CharField(max_length=120, help_text=_("What it is: “A year of the app”"))
    summary = models.CharField(max_length=300, help_text=_("One or two sentences"))
    terms = models.TextField(
        max_length=4000,
        help_text=_("All of the partner's conditions. Who claimed before a change keeps these."),
    )
    worth_minor = models.PositiveIntegerField(
        _("worth, in pence or cents"), null=True, blank=True, help_text=_("3899 for £38.99")
    )
    worth_currency = models.CharField(
        _("currency"), max_length=3, choices=Currency, default=Currency.GBP
    )
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.STOCK)
    shared_code_sealed = models.BinaryField(null=True)
    link = models.URLField(blank=True, help_text=_("The same address for everybody"))
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    place = models.CharField(
        max_length=120, blank=True, help_text=_("A postcode or town; empty: everywhere")
    )
    place_latitude = models.FloatField(null=True, editable=False)
    place_longitude = models.FloatField(null=True, editable=False)
    radius_km = models.PositiveSmallIntegerField(
        _("within how many kilometres"), null=True, blank=True
    )
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    # The wording in force; 0: never saved by ``save_offer``.
    wording_number = models.PositiveIntegerField(default=0, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ("title", "pk")
        constraints = (
            models.CheckConstraint(
                name="offer_ends_after_it_starts",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="offer_place_is_whole",
                condition=Q(place="", place_latitude=None, place_longitude=None, radius_km=None)
                | Q(
                    ~Q(place=""),
                    place_latitude__isnull=False,
                    place_longitude__isnull=False,
                    radius_km__range=(1, WIDEST_RADIUS_KM),
                ),
            ),
            models.CheckConstraint(
                name="offer_gives_what_it_is",
                condition=~Q(state="published")
                | Q(kind="stock")
                | Q(kind="shared", shared_code_sealed__isnull=False)
                | Q(~Q(link=""), kind="link"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.title}, {self.partner}"

    @property
    def worth(self) -> Money | None:
        return None if self.worth_minor is None else Money(self.worth_minor, self.worth_currency)

    @property
    def centre(self) -> LatLon | None:
        """The middle of the area in which it holds; None: everywhere."""
        if self.place_latitude is None or self.place_longitude is None:
            return None
        return LatLon(self.place_latitude, self.place_longitude)


class OfferWording(models.Model):
    """What an offer said from some moment on. Never changed: a claim keeps the words it was made
    on."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="wordings")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=300)
    terms = models.TextField(max_length=4000)
    worth_minor = models.PositiveIntegerField(null=True)
    worth_currency = models.CharField(max_length=3)
    since = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("offer", "number"), name="one_wording_per_number"),
        )

    def __str__(self) -> str:
        return f"{self.title}, {self.number}"

    @property
    def worth(self) -> Money | None:
        return None if self.worth_minor is None else Money(self.worth_minor, self.worth_currency)


class OfferClaim(models.Model):
    """One member has claimed one offer."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="claims")
    wording = models.ForeignKey(OfferWording, models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField(db_index=True)
    # When what was claimed stood on a page for the first time.
    shown_at = models.DateTimeField(null=True)

    # Wagtail keeps a list of what points to what, which would tell editors of each claim.
    wagtail_reference_index_ignore = True

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("member", "offer"), name="one_claim_per_member"),
        )

    def __str__(self) -> str:
        return f"{self.wording}"


class OfferCode(models.Model):
    """One code of an offer's stock. Once used it is never given again, whoever used it leaves."""

    # Names the row that the text is sealed for; it stands in no address.
    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="stock")
    # Null once nobody is left who may read it.
    text_sealed = models.BinaryField(null=True)
    # Keyed hash, to find a duplicate without opening.
    text_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)
    # On this side of the relation, so that taking a code is one update, and a claim that goes
    # leaves the code used.
    claim = models.OneToOneField(OfferClaim, models.SET_NULL, null=True, related_name="taken")

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("offer", "text_hash"), name="one_code_per_offer"),
            models.CheckConstraint(
                name="code_is_free_or_used",
                condition=Q(claim=None, used_at=None, text_sealed__isnull=False)
                | Q(used_at__isnull=False),
            ),
        )
        indexes = (
            # In the order in which they are given, whatever the stock's size.
            models.Index(
                fields=("offer", "id"), condition=Q(used_at=None), name="offer_free_codes"
            ),
        )

    def __str__(self) -> str:
        return self.code
