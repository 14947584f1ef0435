"""What happens elsewhere and changes what the library shows."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from attune.content import brand
from attune.content.actions import enter, enter_all_again, leave_out, note_change, set_lapses
from attune.content.models import (
    FAQ,
    Brand,
    LibraryImage,
    Organisation,
    ReviewedPage,
    Reviewer,
    Testimonial,
)
from attune.vocabulary.signals import vocabulary_changed

SHOWN_ON_PAGES = (FAQ, Brand, LibraryImage, Organisation, Redirect, Reviewer, Testimonial)


@receiver(page_published, dispatch_uid="content.published")
def show(instance: Any, **_: Any) -> None:
    note_change()
    if isinstance(instance, ReviewedPage):
        enter(instance)
        set_lapses(at=timezone.now())


@receiver(page_unpublished, dispatch_uid="content.unpublished")
def hide(instance: Any, **_: Any) -> None:
    note_change()
    if isinstance(instance, ReviewedPage):
        leave_out(instance)
        set_lapses(at=timezone.now())


@receiver((page_slug_changed, post_page_move), dispatch_uid="content.moved")
def move(**_: Any) -> None:
    note_change()


@receiver((post_save, post_delete), dispatch_uid="content.parts_changed")
def show_parts(sender: Any, **_: Any) -> None:
    if sender in SHOWN_ON_PAGES:
        note_change()
    if sender in (Brand, LibraryImage):
        brand.forget()
    if issubclass(sender, ReviewedPage) and _.get("signal") is post_delete:
        note_change()
        set_lapses(at=timezone.now())


@receiver(vocabulary_changed, dispatch_uid="content.vocabulary_changed")
def show_words(**_: Any) -> None:
    note_change()
    enter_all_again()
