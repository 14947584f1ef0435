"""Invented people who stand beside pages of the library."""

from dataclasses import replace

from attune.directory.entries import NewTherapy
from attune.directory.models import Listing
from attune.vocabulary.models import TherapyType
from finder.people import CHECK, LINE, ROOM, listed

IPT = (NewTherapy("ipt", "Diploma", CHECK),)
# Kilometres to the north of Warwick, where the tests' visitor is.
NEAR, NEARER, FAR = 30, 10, 200
_ONE_DEGREE_KM = 111.2


def online(
    number: int, name: str = "Ines Online", *, weekday: int = 3, **changes: object
) -> Listing:
    """Somebody who practises IPT by video and phone, on Thursdays unless another day is given."""
    hours = tuple(replace(one, weekday=weekday) for one in LINE.hours)
    line = replace(LINE, code=f"r{number}", hours=hours)
    values: dict[str, object] = {"therapies": IPT} | changes
    return listed(number, **_own(number, name), practices=(line,), **values)


def in_room(number: int, name: str, *, north_km: float = 0, **changes: object) -> Listing:
    """Somebody who sees people in a room, so far to the north of Warwick, and practises IPT."""
    latitude = ROOM.latitude + north_km / _ONE_DEGREE_KM
    room = replace(ROOM, code=f"r{number}", latitude=latitude)
    values: dict[str, object] = {"therapies": IPT} | changes
    return listed(number, **_own(number, name), practices=(room,), **values)


def who_practises_everything(number: int, *issues: str) -> Listing:
    """Somebody trained in every therapy, who works with these issues."""
    therapies = tuple(
        NewTherapy(slug, "Diploma", CHECK)
        for slug in TherapyType.objects.filter(page__live=True).values_list("slug", flat=True)
    )
    return online(
        number,
        f"Edda {issues[0].title()}",
        therapies=therapies,
        focus_issues=issues[:3],
        also_issues=issues[3:10],
    )


def _own(number: int, name: str) -> dict[str, object]:
    return {"name": name, "email": f"n{number}@demo.example"}
