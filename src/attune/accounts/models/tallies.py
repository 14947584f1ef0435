"""How often something was done."""

from django.db import models


class Tally(models.Model):
    """How often one origin did one thing, until ``ends_at``.

    The table is unlogged: a crash of the database forgets it, and counting waits for no disk.
    """

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "tallies"

    def __str__(self) -> str:
        return str(self.count)
