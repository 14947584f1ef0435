"""How many people use which kinds of pages."""

from django.db import models


class Visit(models.Model):
    """That one visitor who agreed opened a page of a kind in a week; gone when the week is.

    The table is unlogged: it comes into no backup of the log, and writing it waits for no disk. It
    has no numbers of its own, which would tell in what order pages were opened.
    """

    pk = models.CompositePrimaryKey("visitor", "week", "event")
    # Keyed hash of the code in the cookie and the week: another one each week.
    visitor = models.CharField(max_length=64)
    # Its Monday.
    week = models.DateField()
    event = models.CharField(max_length=20)

    def __str__(self) -> str:
        return f"{self.event} {self.week}"


class WeekTotal(models.Model):
    """How many visitors opened pages of a kind in a week: ten or more, fewer leave no row."""

    week = models.DateField()
    event = models.CharField(max_length=20)
    visitors = models.PositiveIntegerField()

    class Meta:
        verbose_name = "visitors in a week"
        verbose_name_plural = "visitors by week"
        constraints = (
            models.UniqueConstraint(fields=("week", "event"), name="one_total_a_week"),
            models.CheckConstraint(
                condition=models.Q(visitors__gte=10), name="total_of_ten_or_more"
            ),
        )

    def __str__(self) -> str:
        return f"{self.event} {self.week}"
