"""What happens elsewhere and matters to the diary."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.dispatch import receiver

from attune.booking.models import WeeklyRule
from attune.core.availability import WeeklyHours
from attune.directory.bulk import copy_rows
from attune.directory.signals import practices_added


@receiver(practices_added, dispatch_uid="booking.opening_hours")
def keep_opening_hours(hours: Mapping[int, Sequence[WeeklyHours]], **_: Any) -> None:
    """Write down the opening hours that new practices came with."""
    copy_rows(
        WeeklyRule,
        ("practice_id", "weekday", "start", "end", "valid_from", "valid_until"),
        (
            (practice_id, one.weekday, one.start, one.end, one.valid_from, one.valid_until)
            for practice_id, some in hours.items()
            for one in some
        ),
    )
