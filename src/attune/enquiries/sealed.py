"""The sealed columns of enquiries."""

from attune.accounts.sealed_fields import SealedField, register_sealed

register_sealed(
    *(
        SealedField("enquiries.Enquiry", column, label="enquiries.Enquiry", field=column)
        for column in ("answers_sealed", "order_sealed")
    ),
    SealedField(
        "enquiries.ReturnLink", "email_sealed", label="enquiries.ReturnLink", field="email_sealed"
    ),
)
