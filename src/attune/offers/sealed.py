"""The sealed columns of offers."""

from attune.accounts.sealed_fields import SealedField, register_sealed
from attune.offers.access import SHARED, STOCK

register_sealed(
    SealedField("offers.OfferCode", "text_sealed", label=STOCK["model"], field=STOCK["field"]),
    SealedField("offers.Offer", "shared_code_sealed", label=SHARED["model"], field=SHARED["field"]),
)
