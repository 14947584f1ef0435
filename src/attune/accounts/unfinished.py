"""What somebody was sending when their sign-in had run out, kept for a day under their own key.

Never kept: files, and fields whose name says that they hold a password, a code or another secret.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.contrib import auth
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import Resolver404, resolve

from attune.accounts.audience import Audience, audience_of
from attune.accounts.models import UnfinishedWork, User
from attune.accounts.sealing import Bound, seal_json, unseal_json
from attune.accounts.sessions import LOCKED_AT, LOCKED_OUT, web_session
from attune.vocabulary.codes import new_secret_code

View = TypeVar("View", bound=Callable[..., Any])
KEPT_FOR = timedelta(days=1)
# Whoever fills the same form again and again pushes out their oldest.
MOST_KEPT = 20
# The address that a form goes to, where the browser tells it beside the fields.
ADDRESS = "unfinished_address"
# What a form that was kept says when it is sent at last: the code of what was kept.
FINISHES = "unfinished_work"
SEALED_FORM = Bound(model="accounts.UnfinishedWork", field="form")
_SECRET = re.compile(
    r"(^|[_.-])(password\d*|passcode|passphrase|code|digits|otp|pin|token|secret|credential)($|[_.-])"
    r"|csrf",
    re.IGNORECASE,
)
# What pages write into their forms, and no person.
_OF_PAGES = ("version", "key", "next")
_WITH_FORMS_TO_KEEP = (
    *(Audience.HOLDER, Audience.MEMBER, Audience.PRACTITIONER, Audience.STAFF, Audience.EDITOR),
)


@dataclass(frozen=True)
class Form:
    """What a page sent: the address, and each field's name and value in their order."""

    address: str
    fields: tuple[tuple[str, str], ...]
    had_files: bool = False


def never_kept(view: View) -> View:
    """Declare that what is sent to this view is not kept for later."""
    view.is_never_kept = True  # type: ignore[attr-defined]
    return view


def may_be_kept(view: Callable[..., Any]) -> bool:
    return audience_of(view) in _WITH_FORMS_TO_KEEP and not getattr(view, "is_never_kept", False)


def leads_to_a_form(address: str) -> bool:
    """Whether this is an address of ours that takes what may be kept."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not address.startswith("/"):
        return False
    try:
        return may_be_kept(resolve(parts.path).func)
    except Resolver404:
        return False


def form_in(request: HttpRequest, address: str) -> Form:
    """Return what was sent, without what is never kept."""
    fields = tuple(
        (name, value)
        for name, values in request.POST.lists()
        if name not in (ADDRESS, FINISHES) and not _SECRET.search(name)
        for value in values
        if isinstance(value, str)
    )
    return Form(address, fields, had_files=bool(request.FILES))


def whose_form(request: HttpRequest, *, at: datetime) -> User | None:
    """Return who is signed in here, or was until less than a day ago they had run out of time."""
    session = web_session(request)
    if auth.SESSION_KEY in session:
        return request.user if request.user.is_authenticated else None
    user_id = session.get(LOCKED_OUT)
    if user_id is None or at.timestamp() - session[LOCKED_AT] >= KEPT_FOR.total_seconds():
        return None
    found = User.objects.filter(pk=user_id, is_active=True)
    return found.select_related("key").first()


def keep(member: User, form: Form, *, at: datetime) -> UnfinishedWork | None:
    """Keep a form for its sender; one that holds nothing is not kept."""
    if not any(value for _name, value in form.fields):
        return None
    code = new_secret_code()
    content = [form.address, form.fields, form.had_files]
    with transaction.atomic():
        work = UnfinishedWork.objects.create(
            code=code,
            member=member,
            form_sealed=seal_json(content, row=code, key=member.key, **SEALED_FORM),
            created_at=at,
            expires_at=at + KEPT_FOR,
        )
        newest = member.unfinished_work.order_by("-created_at", "-pk").values("pk")
        member.unfinished_work.exclude(pk__in=newest[:MOST_KEPT]).delete()
    return work


def kept_of(member: User, *, at: datetime) -> QuerySet[UnfinishedWork]:
    """Return what is kept for somebody, newest first."""
    return member.unfinished_work.filter(expires_at__gt=at).order_by("-created_at", "-pk")


def form_of(work: UnfinishedWork) -> Form:
    """Open what was kept. Raises ``CannotOpen``."""
    address, fields, had_files = unseal_json(work.form_sealed, row=work.code, **SEALED_FORM)
    return Form(address, tuple((name, value) for name, value in fields), had_files)


def label_of(name: str) -> str:
    """Return a field's name in words: "first_name" is "First name"."""
    words = re.sub(r"[_\-.\[\]]+", " ", name).strip()
    return words[:1].upper() + words[1:]


def rows_of(form: Form) -> list[tuple[str, list[str]]]:
    """Return what somebody typed: a label and its values, without empty ones."""
    rows: dict[str, list[str]] = {}
    for name, value in form.fields:
        if value.strip() and name not in _OF_PAGES:
            rows.setdefault(label_of(name), []).append(value)
    return list(rows.items())
