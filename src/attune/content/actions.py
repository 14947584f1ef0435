"""What changes with the library: its version, what search finds, how long evidence holds."""

from collections.abc import Iterable
from datetime import date, datetime

from django.contrib.postgres.search import SearchVector
from django.db import connection, transaction
from django.db.models import Value

from attune.content.models import IssuePage, LibraryEntry, ReviewedPage, TherapyPage, lapses_on
from attune.content.prose import plain
from attune.vocabulary.models import EvidenceStatement, Term, TherapyType
from attune.vocabulary.names import normalised
from attune.vocabulary.signals import vocabulary_changed

_RAISE = (
    "INSERT INTO content_libraryversion (id, number) VALUES (1, 1)"
    " ON CONFLICT (id) DO UPDATE SET number = content_libraryversion.number + 1"
)


def note_change() -> None:
    """Have every page made anew when it is next asked for; in the change's own transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_RAISE)


def enter(page: ReviewedPage) -> None:
    """Let search and A to Z find a published page by what it says now."""
    names = names_of(page)
    LibraryEntry.objects.update_or_create(
        page_id=page.pk,
        defaults={
            "names": " | ".join(names),
            "words": SearchVector(Value(" ".join(names)), weight="A", config="english")
            + SearchVector(Value(page.summary), weight="B", config="english")
            + SearchVector(Value(" ".join(words_of(page))), weight="C", config="english"),
        },
    )


def leave_out(page: ReviewedPage) -> None:
    LibraryEntry.objects.filter(page_id=page.pk).delete()


def enter_all_again() -> None:
    """Take over changed words of the vocabulary."""
    for model in (TherapyPage, IssuePage):
        for page in model.objects.live():
            enter(page)


def names_of(page: ReviewedPage) -> list[str]:
    """Return what a page may be called, folded, each once."""
    term = term_of(page)
    names = [page.title, *page.also_known_as]
    if term:
        names += [term.label, *term.synonyms]
    if isinstance(term, TherapyType):
        names.append(term.short_label)
    return list(dict.fromkeys(filter(None, map(normalised, names))))


def term_of(page: ReviewedPage) -> Term | None:
    """Return the word of the vocabulary that a page explains; None: it explains none."""
    term: Term | None = getattr(page, "therapy_type", None) or getattr(page, "issue", None)
    return term


def words_of(page: ReviewedPage) -> Iterable[str]:
    """Yield all that a page says, piece by piece, without its markup."""
    for field in type(page)._meta.concrete_fields:  # noqa: SLF001  # Django's public name
        value = getattr(page, field.attname)
        if hasattr(value, "stream_block"):
            yield from map(str, value.stream_block.get_searchable_content(value))
        elif field.name in ("research", "training_to_look_for"):
            yield plain(value)
        elif isinstance(value, list):
            yield from value


@transaction.atomic
def set_lapses(*, at: datetime) -> None:
    """Have each statement lapse when a page that shows it is 90 days late for its review.

    Counted from the pages as they are: whichever of its two is late first decides.
    """
    by_therapy = _late_days(TherapyPage, "therapy_type_id")
    by_issue = _late_days(IssuePage, "issue_id")
    changed = []
    for one in EvidenceStatement.objects.all():
        days = [by_therapy.get(one.therapy_type_id), by_issue.get(one.issue_id)]
        day = min(filter(None, days), default=None)
        if one.lapses_on != day:
            one.lapses_on = day
            changed.append(one)
    if changed:
        EvidenceStatement.objects.bulk_update(changed, ["lapses_on"])
        vocabulary_changed.send(sender=EvidenceStatement, at=at)


def _late_days(model: type[ReviewedPage], term: str) -> dict[int, date]:
    pages = model.objects.live().exclude(next_review_on=None)
    return {getattr(one, term): lapses_on(one.next_review_on) for one in pages}
