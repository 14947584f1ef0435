"""The standing cast: Ben who practises, Ada and Cleo who come to people, Dev at the desk, Erin who
edits the library and Clio who reviews it."""

from datetime import UTC, date, datetime, time, timedelta

from attune.core.availability import WeeklyHours
from attune.demo.people import CHECKERS
from attune.directory.entries import (
    Check,
    NewFee,
    NewListing,
    NewPractice,
    NewTherapy,
    NewWeeklyPlace,
    Registration,
)

ADA, CLEO = "ada@demo.example", "cleo@demo.example"
BEN, DEV = "ben@demo.example", "dev@demo.example"
ERIN, CLIO = "erin@demo.example", "clio@demo.example"
DEV_NAME, ERIN_NAME, CLIO_NAME = "Dev Marsh", "Erin Tollgate", "Clio Fernhollow"


def ben(today: date) -> NewListing:
    """Return the practitioner that a visitor of a demonstration site can sign in as."""
    check = Check(
        today - timedelta(days=40),
        CHECKERS[0],
        "the register's own page",
        today + timedelta(days=325),
    )
    evenings = tuple(WeeklyHours(day, time(17), time(20)) for day in (1, 3))
    mornings = tuple(WeeklyHours(day, time(9), time(12)) for day in (0, 2, 4))
    next_tuesday = today + timedelta(days=(1 - today.weekday()) % 7 + 7)
    return NewListing(
        name="Ben Hathersage-Quaye",
        email=BEN,
        phone="07700 900000",
        pronouns="he/him",
        gender="man",
        languages=("en", "fr"),
        communities=("carers", "racially-minoritised"),
        registration=Registration("bacp", "DEMO-00000", check),
        title="Interpersonal psychotherapist",
        state="published",
        consented_at=datetime.combine(today, time(9), UTC) - timedelta(days=200),
        one_line="Interpersonal therapy for low mood, grief and changes that are hard to take in",
        how_i_work=(
            "I work with how you feel and with what is happening between you and other people. "
            "We choose one area to work on: a loss, a change, a quarrel that does not end, or "
            "finding it hard to get close. I will ask about the people around you, and I like "
            "names.\n\nBefore I trained I was a hospital porter in Coventry, and I learned there "
            "how much people carry home. Sessions are calm and have a plan. You can change it."
        ),
        what_to_expect=(
            "In the first meeting we look at what brought you now and who is in your life. "
            "At the end I say what I have understood, and you have a week to decide."
        ),
        client_groups=("adults", "older-adults"),
        payment_routes=("self", "insurer"),
        focus_issues=("depression", "bereavement", "life-changes", "relationships"),
        also_issues=("loneliness", "caring", "perinatal", "anxiety"),
        therapies=(
            NewTherapy("ipt", "Practitioner training and supervised cases, 2015", check),
            NewTherapy("integrative", "Postgraduate diploma, 2011"),
        ),
        fees=(
            NewFee(
                "adults",
                50,
                "fixed",
                minor=6000,
                concession_minor=4000,
                concession_rule="For students and people on benefits.",
            ),
        ),
        practices=(
            NewPractice(
                channels=("in-person",),
                town="Royal Leamington Spa",
                outward_postcode="CV32",
                latitude=52.2931,
                longitude=-1.5357,
                address="14 Alder Row (invented)\nRoyal Leamington Spa\nCV32",
                joining_details="Ring the lower bell. The room is on the ground floor.",
                step_free="yes",
                access=("quiet-room", "assistance-dog"),
                hours=evenings,
                code="bendemo2345r",
                weekly_places=(NewWeeklyPlace(1, time(18), next_tuesday),),
            ),
            NewPractice(
                channels=("video", "phone"),
                joining_details="You will receive a link to a private video room.",
                access=("captions",),
                hours=mornings,
                code="bendemo2345v",
            ),
        ),
        booking_mode="direct",
        notice_hours=12,
        cancellation_hours=48,
        how_to_pay="By bank transfer after each session.",
        style={"lead": -1, "emotion": 0, "time": 2, "challenge": -1},
        confirmed_on=today - timedelta(days=2),
        code="bendemo2345x",
        practitioner_code="bendemo2345y",
    )
