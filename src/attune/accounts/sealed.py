"""The sealed columns of accounts."""

from attune.accounts.sealed_fields import SealedField, register_sealed

register_sealed(
    SealedField("accounts.Contact", "email_sealed", label="contact", field="email"),
    *(
        SealedField(f"accounts.{model}", f"{field}_sealed", label=f"accounts.{model}", field=field)
        for model, field in (
            ("User", "email"),
            ("Invitation", "email"),
            ("UnfinishedWork", "form"),
            ("AccountNotice", "email"),
        )
    ),
)
