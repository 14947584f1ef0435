"""What every page of the questionnaire begins with: the moment, the words, the answers held."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from attune.accounts.sessions import ENQUIRY
from attune.enquiries import actions
from attune.enquiries.access import answers_in, index_and_enquiry_of
from attune.enquiries.answers import Answers
from attune.enquiries.forms import Typed, first_unanswered
from attune.enquiries.models import Enquiry

# A member's own page, and what a session calls the answers that are left out of the account.
HOME, LEFT = "/account/", "answers-left"
# Where "Change" leads back to.
RETURNS = {"check": "enquiry_check", "results": "enquiry_results"}


class Visit:
    """One request's moment, words, and what this browser holds."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.now = timezone.now()
        self.loaded, self.enquiry = index_and_enquiry_of(request, self.now)
        self.words = self.loaded.index.words
        self.answers: Answers = answers_in(self.enquiry, self.words)

    @property
    def version(self) -> int:
        return self.enquiry.version if self.enquiry else 0

    @property
    def to(self) -> str:
        """Where "Change" was pressed, and so where to go back to; empty: go on."""
        to = self.request.GET.get("to", "")
        return to if to in RETURNS else ""

    def address(self, name: str, *args: object) -> str:
        """Return the address of a page that leads back to the same place as this one."""
        return reverse(name, args=args or None) + (f"?to={self.to}" if self.to else "")

    def see_other(self, name: str, *args: object) -> HttpResponse:
        return see_other_at(self.address(name, *args))

    def keep(self, answers: Answers, *, version: int | None = None) -> None:
        """Keep changed answers. Raises ``AnswersChanged`` if the page was made from others.

        The same answers sent twice change nothing.
        """
        if self.enquiry and answers == self.answers:
            return
        seen = self.version if version is None else version
        if self.enquiry:
            actions.change_answers(self.enquiry, answers, version=seen, at=self.now)
        elif seen == 0:
            member = self.request.user if self.request.user.is_authenticated else None
            self.hold(actions.start_enquiry(answers, member=member, at=self.now))
        else:
            # The page was made from answers that have been deleted since.
            raise actions.AnswersChanged

    def hold(self, enquiry: Enquiry) -> None:
        """Make this browser the holder of an enquiry."""
        self.request.session[ENQUIRY] = enquiry.code
        self.request.session.cycle_key()

    def where_left_off(self, enquiry: Enquiry) -> str:
        """Return the address of the first question that is open, or of all the answers."""
        number = first_unanswered(answers_in(enquiry, self.words))
        return reverse("enquiry_question", args=[number]) if number else reverse("enquiry_check")


def see_other(name: str, *args: object) -> HttpResponse:
    return see_other_at(reverse(name, args=args or None))


def see_other_at(address: str) -> HttpResponse:
    """Send the browser on after a POST, so that reloading sends nothing twice."""
    answer = redirect(address)
    answer.status_code = 303
    return answer


def typed_in(request: HttpRequest) -> Typed:
    return Typed(dict(request.POST.lists()))


def version_in(typed: Typed) -> int:
    sent = typed.one("version")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else -1
