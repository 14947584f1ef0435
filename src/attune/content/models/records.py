"""What the library remembers of its pages."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from wagtail.models import Page, Revision

from attune.content.models.pages import ReviewedPage


class LibraryEntry(models.Model):
    """A published page as search and A to Z know it."""

    page = models.OneToOneField(ReviewedPage, models.CASCADE, related_name="entry")
    # What it may be called, folded: compared with what was typed, mistakes allowed for.
    names = models.TextField()
    words = SearchVectorField()

    class Meta:
        indexes = (
            GinIndex(fields=("words",), name="library_words"),
            GinIndex(fields=("names",), opclasses=("gin_trgm_ops",), name="library_names"),
        )

    def __str__(self) -> str:
        return str(self.page)


class LibraryVersion(models.Model):
    """One row: rises in the transaction of every change to what the library shows."""

    number = models.BigIntegerField(default=1)

    def __str__(self) -> str:
        return str(self.number)


class LoadedPage(models.Model):
    """A page that a data file brought."""

    file = models.CharField(max_length=120, unique=True)
    # Null: somebody here deleted it, and it does not come back.
    page = models.ForeignKey(Page, models.SET_NULL, null=True, related_name="+")
    # The revision that the file made last: a newer one is an editor's.
    revision = models.ForeignKey(Revision, models.SET_NULL, null=True, related_name="+")
    # SHA-256 of the file as it was taken, and of one that waits to be taken ("": none does).
    digest = models.CharField(max_length=64)
    offered_digest = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return self.file
