"""What of the questionnaire stands on a member's page, and in their export and erasure."""

from datetime import datetime

from django.conf import settings
from django.dispatch import receiver
from django.utils.translation import gettext as _

from attune.accounts.erasures import erases
from attune.accounts.exports import Row, exports
from attune.accounts.models import User, WebSession
from attune.accounts.panels import Panel, home_panel
from attune.accounts.signals import address_proven
from attune.core.phrases import date_words, moment_words
from attune.core.vocabulary import Vocabulary
from attune.directory.dates import day_of
from attune.enquiries.access import answers_in, enquiries_of, mailed_to, order_in
from attune.enquiries.actions import adopt, delete_answers_of
from attune.enquiries.answers import Answers
from attune.enquiries.forms import first_unanswered
from attune.enquiries.models import Enquiry
from attune.enquiries.queries import names_by_code
from attune.enquiries.questions import QUESTIONS
from attune.enquiries.summary import answer_words
from attune.vocabulary.queries import core_vocabulary


@receiver(address_proven, dispatch_uid="enquiries.adopt_answers")
def adopt_answers(user: User, email_hash: str, at: datetime, **_: object) -> None:
    """Hand over the answers to which a link was mailed to this address."""
    waiting = Enquiry.objects.filter(mailed_to(email_hash), member=None, expires_at__gt=at)
    for one in waiting.order_by("pk"):
        adopt(one, user)


@home_panel(order=20)
def unfinished_answers(user: User, now: datetime) -> Panel | None:
    """Show somebody's answers, and ask about those in a browser that are nobody's yet."""
    mine, key = list(enquiries_of(user, now)), user.key
    in_browsers = _in_browsers_of(user, now)
    if not mine and not in_browsers:
        return None
    words = core_vocabulary(day_of(now))
    rows = [
        {
            "code": one.code,
            "begun": begun_words(one),
            "left_off": left_off_words(answers_in(one, words, key=key)),
            "until": date_words(day_of(one.expires_at)),
        }
        for one in mine
    ]
    return Panel("enquiries/_answers_panel.jinja", {"rows": rows, "in_browsers": in_browsers})


@exports("Answers")
def answers_of_member(user: User, now: datetime) -> list[Row]:
    words, key = core_vocabulary(day_of(now)), user.key
    mine = list(enquiries_of(user, now))
    shown = [(order_in(one, key=key) or ((), 0))[0] for one in mine]
    names = names_by_code({code for codes in shown for code in codes})
    return [
        {
            **_exported(one, answers_in(one, words, key=key), words),
            "People shown, in order": [names[code] for code in codes if code in names],
        }
        for one, codes in zip(mine, shown, strict=True)
    ]


@erases("Answers")
def answers_gone(user: User, at: datetime) -> None:
    delete_answers_of(user)


def begun_words(enquiry: Enquiry) -> str:
    """Return "Wednesday 18 November 2026": what tells answers apart, and nothing of them."""
    return date_words(day_of(enquiry.created_at))


def left_off_words(answers: Answers) -> str:
    """Return which question comes next."""
    number = first_unanswered(answers)
    if number is None:
        return _("All questions are done.")
    words = {"number": number, "total": len(QUESTIONS)}
    return _("You left off at question %(number)s of %(total)s.") % words


def _in_browsers_of(user: User, now: datetime) -> dict[str, str]:
    """Return when the answers were begun that are nobody's and held where somebody is signed in.

    By code: which of them is in the browser that asks, only the page knows.
    """
    browsers = WebSession.objects.filter(user=user, expire_date__gt=now).exclude(enquiry="")
    held = Enquiry.objects.filter(
        member=None, expires_at__gt=now, code__in=browsers.values("enquiry")
    )
    return {one.code: begun_words(one) for one in held}


def _exported(enquiry: Enquiry, answers: Answers, words: Vocabulary) -> Row:
    return {
        "Begun": moment_words(enquiry.created_at, settings.VISITOR_ZONE),
        "Last changed": moment_words(enquiry.updated_at, settings.VISITOR_ZONE),
        "Deleted after": moment_words(enquiry.expires_at, settings.VISITOR_ZONE),
        **{str(one.short): answer_words(one.number, answers, words) for one in QUESTIONS},
    }
