"""Messages go thirty days after they were dealt with."""

from datetime import datetime, timedelta

from django.db.models import Q

from attune.outbox.duties import duty
from attune.outbox.models import Message

KEPT_FOR = timedelta(days=30)


@duty("outbox-retention", every=timedelta(hours=1))
def forget_old_messages(now: datetime) -> None:
    before = now - KEPT_FOR
    Message.objects.filter(Q(sent_at__lt=before) | Q(dropped_at__lt=before)).delete()
