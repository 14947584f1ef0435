"""What accounts themselves put on somebody's own page, hand out and forget of unfinished work."""

from datetime import datetime, timedelta

from django.conf import settings

from attune.accounts.channels import is_marked
from attune.accounts.erasures import erases
from attune.accounts.exports import Row, exports
from attune.accounts.models import UnfinishedWork, User
from attune.accounts.notices import when_of, words_of
from attune.accounts.panels import Panel, home_panel
from attune.accounts.unfinished import form_of, kept_of, rows_of
from attune.core.phrases import moment_words
from attune.outbox.duties import duty


@home_panel(order=15)
def unfinished_work(user: User, now: datetime) -> Panel | None:
    kept = [
        (code, moment_words(at, settings.VISITOR_ZONE))
        for code, at in kept_of(user, at=now).values_list("code", "created_at")
    ]
    return Panel("accounts/_unfinished_panel.jinja", {"kept": kept}) if kept else None


@home_panel(order=70)
def how_we_reach_you(user: User, now: datetime) -> Panel:
    changes = [(when_of(one), words_of(one)) for one in user.notices.order_by("-at")]
    context = {"is_unsafe": is_marked(user), "changes": changes}
    return Panel("accounts/_reach_panel.jinja", context)


@exports("What you were writing when you were signed out", is_sealed=True)
def unfinished_work_of(user: User, now: datetime) -> list[Row]:
    return [
        {"When": moment_words(work.created_at, settings.VISITOR_ZONE)}
        | dict(rows_of(form_of(work)))
        for work in kept_of(user, at=now)
    ]


@erases("What you were writing when you were signed out")
def unfinished_work_gone(user: User, at: datetime) -> None:
    user.unfinished_work.all().delete()


@duty("accounts-unfinished-work", every=timedelta(hours=1))
def forget_unfinished_work(now: datetime) -> None:
    """Delete what was kept for a day."""
    UnfinishedWork.objects.filter(expires_at__lte=now).delete()
