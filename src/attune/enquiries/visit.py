"""What every page of the questionnaire begins with: the moment, the words, the answers held."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from attune.accounts.sessions import ENQUIRY
from attune.enquiries import actions
from attune.enquiries.access import answers_in, index_and_enquiry_of
from attune.enquiries.answers import Answers
from attune.enquiries.forms import Typed
from attune.enquiries.models import Enquiry

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
            self.hold(actions.start_enquiry(answers, at=self.now))
        else:
            # The page was made from answers that have been deleted since.
            raise actions.AnswersChanged

    def hold(self, enquiry: Enquiry) -> None:
        """Make this browser the holder of an enquiry."""
        self.request.session[ENQUIRY] = enquiry.code
        self.request.session.cycle_key()


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
