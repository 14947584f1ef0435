"""What the library does by itself, hour by hour."""

from datetime import datetime, timedelta

from django.core.management import call_command

from attune.outbox.duties import duty


@duty("content-scheduled-pages", every=timedelta(minutes=10))
def publish_scheduled_pages(now: datetime) -> None:
    """Publish and take back the pages whose time an editor has set, if it has come."""
    call_command("publish_scheduled", verbosity=0)
