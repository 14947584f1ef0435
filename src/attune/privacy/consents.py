"""Recording consents, and what stands: the latest row about the same thing."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet

from attune.accounts.models import User
from attune.privacy.models import Consent
from attune.privacy.wordings import Wording, current_wording, wording_of

Answer = Consent.Answer


def record_consent(
    purpose: str,
    *,
    given: bool,
    at: datetime,
    user: User | None = None,
    browser: str = "",
    scope: str = "",
) -> Consent | None:
    """
    Write down what somebody answered to the words that are asked now.

    The same answer again adds nothing, and a no after a yes is a withdrawal. Somebody without an
    account who refuses leaves no trace: then, as where nothing was added, None is returned.

    Args:
        purpose: One that ``wordings.py`` has words for.

        browser: Hash of the code in the browser's cookie; "": the browser holds none.

        scope: What it reaches to, such as the code of a course.
    """
    wording = current_wording(purpose)
    last = _latest(purpose, user=user, browser=browser, scope=scope)
    answer = _answer_after(last, given=given)
    if not (user or last) and answer == Answer.REFUSED:
        return None
    if last and (last.answer, last.wording) == (answer, wording.version):
        return None
    return Consent.objects.create(
        # What a browser was asked stays with the member who answered there first.
        user=(last.user if last else None) or user,
        browser=browser,
        purpose=purpose,
        scope=scope,
        wording=wording.version,
        wording_hash=wording.digest,
        answer=answer,
        at=at,
    )


def _answer_after(last: Consent | None, *, given: bool) -> Answer:
    if given:
        return Answer.GIVEN
    if last and last.answer != Answer.REFUSED:
        return Answer.WITHDRAWN
    return Answer.REFUSED


def _latest(
    purpose: str, *, user: User | None = None, browser: str = "", scope: str = ""
) -> Consent | None:
    """Return the last answer of a browser that holds a code, else of a member."""
    rows = Consent.objects.filter(purpose=purpose, browser=browser, scope=scope)
    if not browser:
        if user is None:
            return None
        rows = rows.filter(user=user)
    return rows.select_related("user").order_by("-id").first()


def has_agreed(
    purpose: str, *, user: User | None = None, browser: str = "", scope: str = ""
) -> bool:
    """Whether somebody agreed, and has not taken it back."""
    last = _latest(purpose, user=user, browser=browser, scope=scope)
    return last is not None and last.answer == Answer.GIVEN


def consent_of_browser(purpose: str, browser: str) -> Consent | None:
    """Return the last answer that was given in a browser, or None."""
    return _latest(purpose, browser=browser)


class KnownConsent(NamedTuple):
    """An answer, the words it was given to, and whether it stands and can be withdrawn."""

    consent: Consent
    wording: Wording
    can_withdraw: bool


def consents_of(user: User) -> list[KnownConsent]:
    """Return every answer that a member gave, newest first."""
    seen: set[tuple[str, str, str]] = set()
    found = []
    for one in rows_of(user):
        about = one.purpose, one.scope, one.browser
        stands = about not in seen and one.answer == Answer.GIVEN
        found.append(KnownConsent(one, wording_of(one.purpose, one.wording), stands))
        seen.add(about)
    return found


def rows_of(user: User) -> QuerySet[Consent]:
    return Consent.objects.filter(user=user).order_by("-id")


def withdraw_consent(consent: Consent, *, at: datetime) -> None:
    """Take back one agreement of a member; one that no longer stands stays as it is."""
    record_consent(
        consent.purpose,
        given=False,
        at=at,
        user=consent.user,
        browser=consent.browser,
        scope=consent.scope,
    )
