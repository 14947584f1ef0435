"""What accounts hold of somebody: shown to them in full, and forgotten when they erase it."""

from datetime import datetime

from allauth.mfa.models import Authenticator

from attune.accounts.erasures import erases
from attune.accounts.exports import Row, exports
from attune.accounts.ledger import allow_deletion, lines_about
from attune.accounts.models import Contact, Invitation, User


@exports("Your account")
def account(user: User, now: datetime) -> list[Row]:
    return [
        {
            "Email address": user.email,
            "Name": user.name,
            "Account code": user.code,
            "Since": user.created_at.isoformat(),
            "Last sign-in": _iso(user.last_login),
            "You have a password": user.has_usable_password(),
        }
    ]


@exports("Passkeys and other second factors")
def second_factors(user: User, now: datetime) -> list[Row]:
    """Give what each is and since when; the secrets in them open the account and stay here."""
    return [
        {"What": one.get_type_display(), "Name": str(one), "Since": one.created_at.isoformat()}
        for one in Authenticator.objects.filter(user=user).order_by("id")
    ]


@exports("Sign-ins")
def sign_ins(user: User, now: datetime) -> list[Row]:
    return [
        {
            "When": one.at.isoformat(),
            "How": one.get_how_display(),
            "Refused": one.was_refused,
            "Browser": one.device,
        }
        for one in user.sign_ins.order_by("-at")
    ]


@exports("Browsers in which you are signed in")
def browsers(user: User, now: datetime) -> list[Row]:
    return [
        {"Browser": one.device, "Signed in": _iso(one.signed_in_at), "Last seen": _iso(one.seen_at)}
        for one in user.web_sessions.filter(expire_date__gt=now).order_by("-seen_at")
    ]


@exports("Who opened what")
def openings(user: User, now: datetime) -> list[Row]:
    return [
        {
            "When": one.at.isoformat(),
            "Who": one.by_words or "The service itself",
            "What": one.what,
            "Why": one.purpose,
        }
        for one in lines_about(user)
    ]


@erases("Your account")
def account_gone(user: User, at: datetime) -> None:
    """Forget what does not go with the row of the account by itself."""
    allow_deletion()
    lines_about(user).delete()
    Invitation.objects.filter(email_hash=user.email_hash).delete()
    # An appointment may hang on it, and whoever is seen then keeps its time.
    Contact.objects.filter(email_hash=user.email_hash).update(email_sealed=b"", email_hash="")


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
