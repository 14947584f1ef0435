"""The sealed columns of the privacy app."""

from attune.accounts.sealed_fields import SealedField, register_sealed
from attune.privacy.access import TEXTS, bound

register_sealed(
    *(
        SealedField(
            "privacy.Complaint",
            f"{text}_sealed",
            label=bound(text)["model"],
            field=bound(text)["field"],
        )
        for text in TEXTS
    ),
    SealedField("privacy.Farewell", "email_sealed", label="privacy.Farewell", field="email"),
)
