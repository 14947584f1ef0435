"""What people type while booking, made into clean values."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from attune.booking.access import Details
from attune.booking.actions import Wanted
from attune.booking.models import Appointment
from attune.booking.words import how_words
from attune.directory.models import Channel

NOTE_LENGTH = 500
REACH = (("mail", _("Email")), ("text", _("Text message")), ("call", _("Phone call")))
CHOOSE_A_TIME = _("Choose a time")


def parse_start(value: str) -> datetime:
    """Return an ISO 8601 moment in UTC. Raises ``ValueError`` when it names no zone."""
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("A start names its zone.")
    return moment.astimezone(UTC)


def version_in(request: HttpRequest) -> int:
    """Return the version that a form was made from; one that never was, if it says none."""
    value = request.POST.get("version", "")
    return int(value) if value.isascii() and value.isdigit() else 0


class TimeForm(forms.Form):
    """A free time. ``start`` is ISO 8601 with a zone, optionally with ``@`` and a practice."""

    start = forms.CharField(
        max_length=80, error_messages={"required": CHOOSE_A_TIME, "max_length": CHOOSE_A_TIME}
    )
    practice = forms.CharField(max_length=16, required=False)
    channel = forms.ChoiceField(choices=Channel.choices, required=False)

    def clean_start(self) -> tuple[datetime, str]:
        moment, _at, practice = self.cleaned_data["start"].partition("@")
        try:
            return parse_start(moment), practice
        except (ValueError, OverflowError):
            raise ValidationError(CHOOSE_A_TIME) from None

    @property
    def wanted(self) -> Wanted:
        """The time that was chosen, once the form is valid."""
        start, practice = self.cleaned_data["start"]
        return Wanted(
            start, practice or self.cleaned_data["practice"], self.cleaned_data["channel"]
        )


class DetailsForm(forms.Form):
    """Who comes, how to reach them, and what they would like to say first."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        error_messages={"required": _("Enter the name that you would like to be called by")},
    )
    reach = forms.ChoiceField(
        choices=REACH,
        label=_("If something changes, how can they reach you?"),
        error_messages={"required": _("Choose email, text message or phone call")},
    )
    phone = forms.RegexField(
        r"^\+?[\d\s().-]{7,25}$",
        label=_("Your phone number"),
        required=False,
        error_messages={"invalid": _("Enter a phone number like 07700 900123")},
    )
    may_leave_message = forms.BooleanField(
        required=False, label=_("It is fine to leave me a message")
    )
    note = forms.CharField(
        required=False,
        max_length=NOTE_LENGTH,
        label=_("Anything you would like to say first"),
        error_messages={
            "max_length": _("Use 500 characters or fewer: you have used %(show_value)s")
        },
    )

    def __init__(
        self,
        data: Mapping[str, str] | None = None,
        *,
        appointment: Appointment,
        channels: Sequence[str],
    ) -> None:
        super().__init__(data)
        self.fields["channel"] = forms.ChoiceField(
            choices=[(one, how_words(one)) for one in channels],
            required=False,
            label=_("How would you like to meet?"),
        )
        self.initial = {"channel": appointment.channel, "reach": "mail"}

    def clean(self) -> None:
        data = self.cleaned_data
        channel = data.get("channel") or self.initial["channel"]
        needs_phone = channel == Channel.PHONE or data.get("reach") in ("text", "call")
        if needs_phone and not data.get("phone") and "phone" not in self.errors:
            self.add_error("phone", _("Enter your phone number, so that they can reach you"))

    @property
    def details(self) -> Details:
        """What the practitioner learns, once the form is valid."""
        data = self.cleaned_data
        return Details(
            name=data["name"],
            phone=data["phone"],
            reach=data["reach"],
            may_leave_message=data["may_leave_message"],
            note=data["note"],
        )


class ReasonForm(forms.Form):
    reason = forms.ChoiceField(
        choices=Appointment.CancelReason.choices,
        label=_("Why do you cancel?"),
        error_messages={"required": _("Choose a reason")},
    )


class MetForm(forms.Form):
    met = forms.ChoiceField(
        choices=Appointment.Met.choices,
        label=_("Did you meet?"),
        error_messages={"required": _("Choose an answer")},
    )
