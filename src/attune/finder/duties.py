"""What the worker does for the index: the change log does not grow for ever."""

from datetime import datetime, timedelta

from attune.directory.models import DirectoryChange
from attune.outbox.duties import duty

# No index is this old: it is built anew before (``loading.TOO_OLD``).
KEPT_FOR = timedelta(days=7)


@duty("finder-old-changes", every=timedelta(hours=6))
def forget_old_changes(now: datetime) -> None:
    """Delete the changes that every index has read, or will never ask for."""
    DirectoryChange.objects.filter(at__lt=now - KEPT_FOR).delete()
