"""The sealed columns of booking."""

from attune.accounts.sealed_fields import SealedField, register_sealed

register_sealed(
    SealedField("booking.Appointment", "details_sealed", label="appointment", field="details")
)
