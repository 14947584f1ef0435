"""What happens elsewhere and changes what the library shows."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import TaskState, WorkflowState
from wagtail.signals import (
    page_published,
    page_slug_changed,
    page_unpublished,
    post_page_move,
    task_submitted,
    workflow_rejected,
)

from attune.accounts.models import User
from attune.content import brand
from attune.content.actions import enter, enter_all_again, leave_out, note_change, set_lapses
from attune.content.mail import PAGE_CAME_BACK, PAGE_WAITS
from attune.content.models import (
    FAQ,
    Brand,
    LibraryImage,
    Organisation,
    ReviewedPage,
    Reviewer,
    Testimonial,
)
from attune.outbox.actions import enqueue
from attune.vocabulary.models import CrisisContact, DataFile, EvidenceStatement, HelpRoute
from attune.vocabulary.signals import vocabulary_changed

SHOWN_ON_PAGES = (FAQ, Brand, LibraryImage, Organisation, Redirect, Reviewer, Testimonial)
# What data files bring and editors may delete.
WORDS = (CrisisContact, EvidenceStatement, HelpRoute)


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


@receiver(post_delete, dispatch_uid="content.page_deleted")
def forget_page(sender: Any, **_: Any) -> None:
    if issubclass(sender, ReviewedPage):
        note_change()
        set_lapses(at=timezone.now())


@receiver(task_submitted, sender=TaskState, dispatch_uid="content.page_waits")
def tell_who_checks(instance: TaskState, user: Any, **_: Any) -> None:
    """Write to everybody who may check a page, but whoever handed it in."""
    if instance.status == TaskState.STATUS_IN_PROGRESS:
        groups = instance.task.specific.groups.all()
        waiting = User.objects.filter(groups__in=groups, is_active=True).distinct()
        for one in waiting:
            if one != user:
                _enqueue(PAGE_WAITS, one, instance.pk)


@receiver(workflow_rejected, sender=WorkflowState, dispatch_uid="content.page_came_back")
def tell_who_wrote(instance: WorkflowState, user: Any, **_: Any) -> None:
    if instance.requested_by and instance.requested_by != user:
        _enqueue(PAGE_CAME_BACK, instance.requested_by, instance.current_task_state.pk)


def _enqueue(kind: str, to: User, number: int) -> None:
    enqueue(kind, to.code, key=f"{kind}:{number}:{to.pk}", at=timezone.now())


@receiver(post_delete, dispatch_uid="content.words_deleted")
def tell_what_was_deleted(sender: Any, **_: Any) -> None:
    """Have matching forget it too, also where a list deletes many at once."""
    if sender in WORDS:
        vocabulary_changed.send(sender=sender, at=timezone.now())


@receiver(vocabulary_changed, dispatch_uid="content.vocabulary_changed")
def show_words(sender: Any, **_: Any) -> None:
    note_change()
    # Names and synonyms come with data files alone; evidence and contacts are in no search.
    if sender is DataFile:
        enter_all_again()
