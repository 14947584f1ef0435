"""What happens elsewhere and changes every listing."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from attune.directory.actions import record_change
from attune.vocabulary.signals import vocabulary_changed


@receiver(vocabulary_changed, dispatch_uid="directory.vocabulary_changed")
def read_everything_again(at: datetime, **_: Any) -> None:
    """New words, or new evidence: every listing may be described otherwise."""
    record_change(None, at=at)
