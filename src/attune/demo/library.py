"""Who works on the library of a demonstration, and words that nobody said."""

from datetime import date

from django.contrib.auth.models import Group

from attune.accounts.models import User
from attune.content.models import CLINICAL_REVIEWERS, EDITORS, Reviewer, Testimonial
from attune.demo.cast import CLIO, CLIO_NAME, ERIN, ERIN_NAME

# Each says in its own words that it is made up; the page says "Example" above it.
WORDS = (
    (
        "I did not know what kind of help I needed. Two days later I talked to someone close by.",
        "Rowan",
        "Ely",
    ),
    (
        "Three people had never written back to me. Here I saw times that were free, and took one.",
        "Ines",
        "Durham",
    ),
)


def add_library_people(*, today: date) -> None:
    """Make the accounts of Erin and Clio, neither with a password, and the example quotations."""
    _member(ERIN, ERIN_NAME, EDITORS)
    clio = _member(CLIO, CLIO_NAME, CLINICAL_REVIEWERS)
    Reviewer.objects.create(
        user=clio, name=CLIO_NAME, role="clinical psychologist, invented", registration="EXAMPLE 0"
    )
    for words, who, place in WORDS:
        Testimonial.objects.create(
            words=words,
            who=who,
            role="looked for a therapist",
            place=place,
            consent_reference="none needed: invented",
            consented_on=today,
            is_example=True,
        )


def _member(email: str, name: str, group: str) -> User:
    user = User.objects.create_user(email, name=name)
    user.groups.add(Group.objects.get(name=group))
    return user
