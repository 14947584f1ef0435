"""What the directory tells the apps on its left."""

from django.dispatch import Signal

# New practices were written. hours: Mapping[int, tuple[WeeklyHours, ...]] by practice id. Sent
# inside the transaction, so that a receiver's rows commit or vanish with the practices.
practices_added = Signal()
