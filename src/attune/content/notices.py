"""What the privacy page says is kept, for whom, and for how long."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from attune.accounts.duties import LEDGER_KEPT_FOR
from attune.accounts.history import HISTORY_KEPT_FOR
from attune.accounts.notices import KEPT_FOR as NOTICES_KEPT_FOR
from attune.booking.duties import APPOINTMENTS_KEPT_FOR, ORIGINS_KEPT_FOR
from attune.enquiries.models import KEPT_FOR as ANSWERS_KEPT_FOR
from attune.offers.queries import CLAIMS_KEPT_FOR
from attune.outbox.retention import KEPT_FOR as MESSAGES_KEPT_FOR
from attune.privacy.duties import BROWSER_CONSENTS_KEPT_FOR

Words = str | Promise


@dataclass(frozen=True)
class Kept:
    """One kind of thing we keep."""

    what: Words
    why: Words
    who: Words
    how_long: Words


KEPT = (
    Kept(
        _("Your answers to the questions"),
        _("To work out who could fit, and to show you why."),
        _("Nobody. They are encrypted, and only the program opens them, for you."),
        format_lazy(
            _("{days} days after your last change. You can delete them at once."),
            days=ANSWERS_KEPT_FOR.days,
        ),
    ),
    Kept(
        _("Your email address, if you save your answers or book"),
        _("To send you a link, a code, or news about your appointment."),
        _("The therapist you book, so that they can reach you. It is encrypted."),
        _("With the appointment. A link to saved answers goes with the answers."),
    ),
    Kept(
        _("Your booking: name, phone, how to reach you, and your note"),
        _("So that you and the therapist can meet."),
        _("The therapist you book. It is encrypted."),
        format_lazy(_("{days} days after the appointment."), days=APPOINTMENTS_KEPT_FOR.days),
    ),
    Kept(
        _("An account, if you make one: your email address, and what you sign in with"),
        _("To know you again. If you call the address unsafe, to send nothing there."),
        _("Nobody. The address is encrypted, and that you have an account is told to nobody."),
        _("Until you erase the account, which you do yourself."),
    ),
    Kept(
        _("When and with what kind of browser you signed in, or somebody tried to"),
        _("So that you see if it was not you. What changed about your account is noted too."),
        _("You. Network addresses are not kept with it."),
        format_lazy(
            _("{days} days; what changed, {fewer} days."),
            days=HISTORY_KEPT_FOR.days,
            fewer=NOTICES_KEPT_FOR.days,
        ),
    ),
    Kept(
        _("The people you save, where you are with them, and your notes"),
        _("So that you find them again."),
        _("You alone. The people are not told, and notes are encrypted with a key of your own."),
        _("Until you remove them, or erase the account."),
    ),
    Kept(
        _("What you were writing when a page closed by itself"),
        _("So that nothing you wrote is lost."),
        _("You alone. It is encrypted with a key of your own."),
        _("A day."),
    ),
    Kept(
        _("Which offers you claimed, and their codes"),
        _("To show you the code again, and to give one to each person."),
        _("You. Codes are encrypted, and partners learn nothing from us."),
        format_lazy(
            _("The code for {days} days. That you claimed it, as long as the offer is open."),
            days=CLAIMS_KEPT_FOR.days,
        ),
    ),
    Kept(
        _("Who opened what you told us, and why"),
        _("So that you can see it."),
        _("You. The database only lets lines be added."),
        format_lazy(_("{days} days, or until you erase the account."), days=LEDGER_KEPT_FOR.days),
    ),
    Kept(
        _("The network address you send something from, or open therapists' pages from"),
        _("So that nobody can take up many times, or copy all listings, by many requests."),
        _("Nobody. We keep a code made from it, not the address."),
        format_lazy(_("{hours} hours."), hours=ORIGINS_KEPT_FOR // timedelta(hours=1)),
    ),
    Kept(
        _("Messages we send"),
        _("To know that they were sent, and to send them again if they were not."),
        _("Nobody reads them as a matter of course."),
        format_lazy(_("{days} days after they were sent."), days=MESSAGES_KEPT_FOR.days),
    ),
    Kept(
        _("What you agreed to"),
        _("To show you, and others if they must know, what you said yes to and in which words."),
        _("You, if you have an account. A no without an account is not written down."),
        format_lazy(
            _("With your account. Without one, {days} days, known only by a code in your browser."),
            days=BROWSER_CONSENTS_KEPT_FOR.days,
        ),
    ),
    Kept(
        _("Which kinds of pages are used, if you said yes to counting"),
        _("To know what people use here, so that we can make it better."),
        _("Nobody sees one visitor. Staff see numbers of ten people or more."),
        _("Until the week is over, or you take your yes back. Numbers stay for two years."),
    ),
    Kept(
        _("A complaint, or a request about your data: what you write, and your email address"),
        _("To answer you, and to show that we did."),
        _("Staff who deal with complaints. It is encrypted, and each opening is written down."),
        _("Two years after it is closed."),
    ),
    Kept(
        _("What therapists publish about themselves"),
        _("To show it to people who look for a therapist."),
        _("Everyone, apart from their contact details and full address."),
        _("As long as they are listed here."),
    ),
)
