"""The kinds of things we hold of a member, and how each is corrected."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

HOME = "/account/"


@dataclass(frozen=True)
class HeldKind:
    """One kind; ``href`` leads to where it is changed, ``words`` say what the link is called."""

    title: str
    how: str
    href: str
    words: str


def kinds_held() -> tuple[HeldKind, ...]:
    return (
        HeldKind(
            _("Your email address, and how we may reach you"),
            _("You change both yourself."),
            HOME,
            _("Your account"),
        ),
        HeldKind(
            _("Passkeys, authenticator apps and recovery codes"),
            _("You add and remove them yourself."),
            reverse("mfa_index"),
            _("How you sign in"),
        ),
        HeldKind(
            _("Saved people and your notes"),
            _("You change and delete them yourself. Nobody else reads them."),
            HOME,
            _("Your account"),
        ),
        HeldKind(
            _("Your answers to the questions"),
            _("You change each one yourself, or delete all of them."),
            reverse("enquiry_check"),
            _("Your answers"),
        ),
        HeldKind(
            _("Appointments"),
            _(
                "You move or cancel one from your account, or by the link in the email about it."
                " To correct your name, phone number or note, tell your therapist."
            ),
            HOME,
            _("Your account"),
        ),
        HeldKind(
            _("What you agreed to"),
            _("You take an agreement back at any time. What you answered before stays as it was."),
            reverse("agreements"),
            _("Your agreements"),
        ),
        HeldKind(
            _("Who opened what you told us"),
            _("Lines are added, and none is ever changed."),
            reverse("ledger"),
            _("Who opened what"),
        ),
        HeldKind(
            _("Anything else that is wrong"),
            _("Ask us to correct it. We answer within 30 days."),
            reverse("complaint"),
            _("Ask for a correction"),
        ),
    )
