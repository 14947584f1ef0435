"""What a member has asked for, and what stands."""

from datetime import datetime

from django.db.models import Exists

from attune.accounts.models import User
from attune.privacy.models import Delayed, WaitFirst


def delayed_of(user: User) -> dict[str, Delayed]:
    """Return what waits for its time, or is ready, by kind."""
    return {one.kind: one for one in Delayed.objects.filter(member=user).order_by("due_at")}


def waits_first(user: User, now: datetime) -> bool:
    """Whether copies and erasures of this member wait 14 days."""
    is_over = Delayed.objects.filter(member=user, kind=Delayed.Kind.NO_WAIT, due_at__lte=now)
    return WaitFirst.objects.filter(~Exists(is_over), member=user).exists()
