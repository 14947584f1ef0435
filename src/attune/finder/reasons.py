"""A reason of a match as a sentence. Every sentence says what the number was made from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from attune.core.matching.enquiry import FARTHEST_DAYS, Enquiry
from attune.core.matching.matches import Reason
from attune.core.money import Money
from attune.core.phrases import distance_words, list_words, money_words, short_moment_words
from attune.core.vocabulary import Vocabulary
from attune.directory.models import Fee
from attune.finder.queries import Found
from attune.finder.words import minute_as_time, weekly_place_words

# More than this many names in a sentence are counted instead.
MOST_NAMED = 3
AXES = {
    "gender": "genders",
    "language": "languages",
    "access": "access_needs",
    "community": "communities",
}
# Their labels stand inside a sentence as they are.
AS_WRITTEN = {"gender", "language"}


@dataclass(frozen=True)
class Speaker:
    """Who puts reasons in words: in the vocabulary's terms, to the person who asked."""

    words: Vocabulary
    enquiry: Enquiry
    zone: str
    # Needs and wishes are the asker's: many people are told the same of them.
    _said: dict[tuple[str, ...], str] = field(default_factory=dict)

    @classmethod
    def of(cls, found: Found) -> "Speaker":
        """Return who speaks to the person whose enquiry found these matches."""
        return cls(found.loaded.words, found.enquiry, found.zone)

    def sentence(self, reason: Reason) -> str:
        code, values = reason.code, reason.values
        if reason.criterion == "wishes":
            key = code, values["about"], *values["wishes"]
        elif reason.criterion == "need":
            key = code, *values["issues"]
        else:
            return SENTENCES[code](self, values)
        if key not in self._said:
            self._said[key] = SENTENCES[code](self, values)
        return self._said[key]

    def issues(self, slugs: Sequence[str]) -> str:
        return listed([in_text(self.words.labels["issues"][slug]) for slug in slugs])

    def therapies(self, slugs: Sequence[str]) -> str:
        names = [self.words.labels["therapies_in_text"][slug] for slug in slugs]
        if len(names) <= MOST_NAMED:
            return listed(names)
        rest = len(names) - MOST_NAMED + 1
        return listed([*names[: MOST_NAMED - 1], _("%(count)s more") % {"count": rest}])

    def wish(self, values: Mapping[str, Any]) -> str:
        """Return the wish as part of a sentence: "a woman", "Polish", "step-free access"."""
        about = values["about"]
        labels = [self.words.labels[AXES[about]][slug] for slug in values["wishes"]]
        return list_words(
            labels if about in AS_WRITTEN else [in_text(one) for one in labels], _("or")
        )


def in_text(label: str) -> str:
    """Return a label as it stands inside a sentence; "ADHD" and "LGBTQ+ people" stay."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def listed(names: Sequence[str]) -> str:
    """Return "a", "a and b" or "a, b, and c"; commas wherever a name has an "and" of its own."""
    if len(names) < 2 or (len(names) == 2 and not any(" and " in name for name in names)):
        return _(" and ").join(names)
    return _("%(first)s, and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


Values = Mapping[str, Any]


def _focus_issues(speaker: Speaker, values: Values) -> str:
    named, chosen = len(values["issues"]), len(speaker.enquiry.issues)
    issues = speaker.issues(values["issues"])
    if chosen == 1:
        return _("Works mainly with %(issues)s, which you chose") % {"issues": issues}
    if named == chosen:
        sentence = _("Works mainly with %(issues)s, the %(count)s things you chose")
    else:
        sentence = ngettext(
            "Works mainly with %(issues)s, one of the things you chose",
            "Works mainly with %(issues)s, %(count)s of the things you chose",
            named,
        )
    return sentence % {"issues": issues, "count": _number_words(named)}


def _number_words(number: int) -> str:
    return {2: _("two"), 3: _("three")}.get(number, str(number))


def _also_issues(speaker: Speaker, values: Values) -> str:
    return _("Also works with %(issues)s") % {"issues": speaker.issues(values["issues"])}


def _issues_not_listed(speaker: Speaker, values: Values) -> str:
    return _("Does not say that they work with %(issues)s") % {
        "issues": speaker.issues(values["issues"])
    }


def _named_therapies(speaker: Speaker, values: Values) -> str:
    therapies = {"therapies": speaker.therapies(values["therapies"])}
    if not values["checked"]:
        return _("Offers %(therapies)s, training not yet checked") % therapies
    if values["checked"] == values["therapies"]:
        return _("Offers %(therapies)s, training checked") % therapies
    therapies["checked"] = speaker.therapies(values["checked"])
    return _("Offers %(therapies)s, training in %(checked)s checked") % therapies


def _therapies_not_offered(speaker: Speaker, values: Values) -> str:
    return _("Does not offer %(therapies)s") % {"therapies": speaker.therapies(values["therapies"])}


def _therapy_caution(speaker: Speaker, values: Values) -> str:
    return _(
        "Offers %(therapies)s, which guidelines do not usually recommend for what you chose"
    ) % {"therapies": speaker.therapies(values["therapies"])}


def _listed_therapies(speaker: Speaker, values: Values) -> str:
    words = {
        "therapies": speaker.therapies(values["therapies"]),
        "issues": speaker.issues(values["issues"]),
    }
    if values["is_reviewed"]:
        return _("Offers %(therapies)s, which guidelines list for %(issues)s") % words
    return (
        _(
            "Offers %(therapies)s, which guidelines list for %(issues)s"
            " (not yet reviewed by a clinician)"
        )
        % words
    )


def _first_free(speaker: Speaker, values: Values) -> str:
    return _("Next free on %(when)s") % _when(speaker, values)


def _free_in_times(speaker: Speaker, values: Values) -> str:
    return _("Free on %(when)s, when you can come") % _when(speaker, values)


def _free_outside_times(speaker: Speaker, values: Values) -> str:
    return _("Next free on %(when)s, not in the times you chose") % _when(speaker, values)


def _when(speaker: Speaker, values: Values) -> dict[str, str]:
    return {"when": short_moment_words(values["start"], speaker.zone)}


def _no_free_time(speaker: Speaker, values: Values) -> str:
    return _("No free time in the next %(days)s days") % {"days": FARTHEST_DAYS}


def _weekly_place(speaker: Speaker, values: Values) -> str:
    start = minute_as_time(values["minute"])
    return _("Has a weekly place: %(when)s") % {
        "when": weekly_place_words(values["weekday"], start, values["from_date"])
    }


def _openings_unconfirmed(speaker: Speaker, values: Values) -> str:
    return _("Whether these openings are still right: last confirmed %(days)s days ago") % values


def _near(speaker: Speaker, values: Values) -> str:
    return _("%(distance)s away, in a straight line") % {"distance": distance_words(values["km"])}


def _online_only(speaker: Speaker, values: Values) -> str:
    return _("Would not meet you in person")


def _fee_within_budget(speaker: Speaker, values: Values) -> str:
    if values["kind"] in (Fee.Kind.FREE, Fee.Kind.DONATION):
        return _fee(speaker, values)
    words = {"money": _money(values)}
    if values["is_reduced"]:
        return _("A reduced fee of %(money)s a session, which is within your budget") % words
    return _("%(money)s a session, which is within your budget") % words


def _fee(speaker: Speaker, values: Values) -> str:
    if values["kind"] == Fee.Kind.FREE:
        return _("Nothing to pay")
    if values["kind"] == Fee.Kind.DONATION:
        return _("You give what you can")
    return _("%(money)s a session") % {"money": _money(values)}


def _money(values: Values) -> str:
    return money_words(Money(values["minor"], values["currency"]))


def _fee_unknown(speaker: Speaker, values: Values) -> str:
    return _("What a session costs")


def _wish_met(speaker: Speaker, values: Values) -> str:
    return WISH_MET[values["about"]]() % {"wish": speaker.wish(values)}


def _wish_partly_met(speaker: Speaker, values: Values) -> str:
    return _("Partly has %(wish)s") % {"wish": speaker.wish(values)}


def _wish_missed(speaker: Speaker, values: Values) -> str:
    return WISH_MISSED[values["about"]]() % {"wish": speaker.wish(values)}


def _wish_unknown(speaker: Speaker, values: Values) -> str:
    return WISH_UNKNOWN[values["about"]]() % {"wish": speaker.wish(values)}


def _replies(speaker: Speaker, values: Values) -> str:
    return _("Answered %(answered)s of %(asked)s people within 48 hours") % values


def _replies_unknown(speaker: Speaker, values: Values) -> str:
    return _("How quickly they answer")


def _fair_share(speaker: Speaker, values: Values) -> str:
    return _("A fair share, so that people with fewer new requests are seen too")


# Called when a sentence is made: the language is the reader's.
WISH_MET: Mapping[str, Callable[[], str]] = {
    "gender": lambda: _("Is %(wish)s, as you asked"),
    "language": lambda: _("Works in %(wish)s, as you asked"),
    "access": lambda: _("Has %(wish)s, as you asked"),
    "community": lambda: _("Has experience with %(wish)s, as you asked"),
}
WISH_MISSED: Mapping[str, Callable[[], str]] = {
    "gender": lambda: _("Is not %(wish)s"),
    "language": lambda: _("Does not work in %(wish)s"),
    "access": lambda: _("Does not have %(wish)s"),
    "community": lambda: _("Has no experience with %(wish)s"),
}
WISH_UNKNOWN: Mapping[str, Callable[[], str]] = {
    "gender": lambda: _("Whether they are %(wish)s"),
    "language": lambda: _("Whether they work in %(wish)s"),
    "access": lambda: _("Whether they have %(wish)s"),
    "community": lambda: _("Whether they have experience with %(wish)s"),
}

SENTENCES: Mapping[str, Callable[[Speaker, Values], str]] = {
    "focus-issues": _focus_issues,
    "also-issues": _also_issues,
    "issues-not-listed": _issues_not_listed,
    "named-therapies": _named_therapies,
    "therapies-not-offered": _therapies_not_offered,
    "therapy-caution": _therapy_caution,
    "listed-therapies": _listed_therapies,
    "first-free": _first_free,
    "free-in-times": _free_in_times,
    "free-outside-times": _free_outside_times,
    "no-free-time": _no_free_time,
    "weekly-place": _weekly_place,
    "openings-unconfirmed": _openings_unconfirmed,
    "near": _near,
    "online-only": _online_only,
    "fee-within-budget": _fee_within_budget,
    "fee": _fee,
    "fee-unknown": _fee_unknown,
    "must-met": _wish_met,
    "wish-met": _wish_met,
    "wish-partly-met": _wish_partly_met,
    "wish-missed": _wish_missed,
    "wish-unknown": _wish_unknown,
    "replies": _replies,
    "replies-unknown": _replies_unknown,
    "fair-share": _fair_share,
}
