"""Each rule of matching, told with two or three invented people."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from attune.core.geo import LatLon
from attune.core.index import FeeEntry, Index, ListingEntry, PracticeEntry
from attune.core.matching import find_matches, weights
from attune.core.matching.enquiry import parse_enquiry
from core.worlds import BASE_DAY, CENTRE, NEARBY, NOW, ROUGHLY, WORDS

TODAY = NOW.date()


def at(day, clock="10:00"):
    """A start in UTC minutes, so many days from today."""
    hour, minute = map(int, clock.split(":"))
    moment = datetime(TODAY.year, TODAY.month, TODAY.day, hour, minute, tzinfo=UTC)
    return int((moment + timedelta(days=day)).timestamp()) // 60


IN_TWO_DAYS = (at(2),)


def online(code="online", starts=IN_TWO_DAYS, **access):
    channels = frozenset({"video", "phone"})
    return PracticeEntry(code, channels, None, "Europe/London", np.array(starts), access)


def room(code="room", *, km_north=1.0, starts=IN_TWO_DAYS, **access):
    point = LatLon(CENTRE.lat + km_north / 111.2, CENTRE.lon)
    channels = frozenset({"in-person"})
    return PracticeEntry(code, channels, point, "Europe/London", np.array(starts), access)


def someone(code="ada", practices=None, **facts):
    usual = {
        "listing_id": sum(code.encode()),
        "code": code,
        "practices": practices or (online(),),
        "verified_until": TODAY,
        "confirmed_on": TODAY,
        "fees": {"adults": FeeEntry("fixed", 6000, None, "GBP", 4000, 50)},
        "languages": frozenset({"en"}),
    }
    return ListingEntry(**{**usual, **facts})


def found(people, where=None, seed=1, words=WORDS, now=NOW, **data):
    asked = {key: value for key, value in data.items() if key in ASKED}
    rest = {key: value for key, value in data.items() if key not in ASKED}
    index = Index.build(people, words, BASE_DAY)
    enquiry = parse_enquiry(asked, words)
    return find_matches(index, enquiry, where, now=now, seed=seed, **rest)


ASKED = {
    "for_whom", "issues", "therapy_types", "channels", "max_distance_km", "times", "times_weight",
    "within_days", "budget", "wishes", "style", "matters_most", "exclude",
}  # fmt: skip


def codes(result):
    return [one.code for one in result.matches]


def points(match, criterion):
    return next(one.points for one in match.components if one.criterion == criterion)


def reasons(part):
    return {one.code: dict(one.values) for one in part}


def wish(about, value, weight="nice"):
    return {"about": about, "value": value, "weight": weight}


def pounds(amount, *, reduced_fee=False):
    return {"minor": amount * 100, "currency": "GBP", "reduced_fee": reduced_fee}


EVENINGS = [{"days": ["mon", "tue", "wed", "thu", "fri"], "from": "17:00", "to": "21:00"}]


@pytest.mark.parametrize(
    ("gate", "facts"),
    [
        ("published", {"is_published": False}),
        ("verification", {"verified_until": TODAY - timedelta(days=1)}),
        ("verification", {"verified_until": None}),
        ("paused", {"paused_until": TODAY + timedelta(days=1)}),
        ("confirmed", {"confirmed_on": TODAY - timedelta(days=22)}),
        ("confirmed", {"confirmed_on": None}),
        ("client_group", {"client_groups": frozenset({"couples"})}),
    ],
)
def test_who_is_not_open_today_is_not_shown_and_is_counted(gate, facts):
    result = found([someone(), someone("bea", **facts)])
    assert codes(result) == ["ada"]
    assert {name: count for name, count in result.removed.items() if count} == {gate: 1}


@pytest.mark.parametrize(
    "facts",
    [
        {"verified_until": TODAY},
        {"paused_until": TODAY},
        {"confirmed_on": TODAY - timedelta(days=21)},
    ],
)
def test_the_last_good_day_still_counts(facts):
    assert codes(found([someone(**facts)])) == ["ada"]


def test_without_a_place_only_online_counts():
    people = [someone(), someone("bea", (room(),))]
    assert codes(found(people)) == ["ada"]
    assert codes(found(people, channels=["in-person"])) == ["ada"]
    assert sorted(codes(found(people, NEARBY))) == ["ada", "bea"]


def test_in_person_means_within_the_distance():
    people = [someone("near", (room(km_north=4.9),)), someone("far", (room(km_north=5.1),))]
    result = found(people, NEARBY, channels=["in-person"], max_distance_km=5)
    assert codes(result) == ["near"]
    assert result.matches[0].distance_km == pytest.approx(4.9, abs=0.01)
    assert result.matches[0].practice == "room"


def test_a_place_known_only_roughly_keeps_nobody_out_by_distance():
    people = [someone("near", (room(km_north=1),)), someone("far", (room(km_north=90),))]
    result = found(people, ROUGHLY, channels=["in-person"], max_distance_km=5)
    assert codes(result) == ["near", "far"]
    assert result.not_used == ("max_distance_km",)


def test_only_times_where_they_could_meet_count():
    rooms = (room(starts=[at(9)]), room("elsewhere", km_north=80, starts=[at(2)]))
    result = found([someone(practices=rooms)], NEARBY, channels=["in-person"], max_distance_km=5)
    match = result.matches[0]
    assert (match.first_free_practice, match.first_free) == (
        "room",
        datetime.fromtimestamp(at(9) * 60, UTC),
    )


def test_a_must_about_access_holds_for_the_place_they_would_go_to():
    steps = (
        room("upstairs", **{"step-free": "no"}),
        room("far", km_north=80, **{"step-free": "yes"}),
    )
    asked = {"channels": ["in-person"], "wishes": [wish("access", "step-free", "must")]}
    assert codes(found([someone(practices=steps)], NEARBY, max_distance_km=5, **asked)) == []
    assert codes(found([someone(practices=steps)], NEARBY, max_distance_km=100, **asked)) == ["ada"]


@pytest.mark.parametrize(
    ("fee", "budget", "is_shown"),
    [
        (FeeEntry("fixed", 6000, None, "GBP", 4000, 50), pounds(60), True),
        (FeeEntry("fixed", 6000, None, "GBP", 4000, 50), pounds(59), False),
        (FeeEntry("fixed", 6000, None, "GBP", 4000, 50), pounds(40, reduced_fee=True), True),
        (FeeEntry("range", 5000, 8000, "GBP", None, 50), pounds(60), False),
        (FeeEntry("range", 5000, 8000, "GBP", None, 50), pounds(60, reduced_fee=True), True),
        (FeeEntry("free", 0, None, "GBP", None, 50), pounds(0), True),
        (FeeEntry("donation", 0, None, "GBP", None, 50), pounds(0), True),
        (FeeEntry("fixed", 100, None, "EUR", None, 50), pounds(60), False),
        (None, pounds(60), False),
    ],
)
def test_the_fee_is_within_the_budget(fee, budget, is_shown):
    people = [someone(fees={"adults": fee} if fee else {})]
    assert bool(codes(found(people, budget=budget))) is is_shown


def test_a_group_without_its_own_fee_pays_that_of_the_group_it_is_priced_as():
    people = [someone(client_groups=frozenset({"adults", "young-adults"}))]
    match = found(people, for_whom="young-adults", budget=pounds(60)).matches[0]
    assert match.fee == people[0].fees["adults"]


def test_an_issue_may_need_checked_training():
    people = [
        someone("checked", therapies={"cbt": True}),
        someone("says-so", therapies={"cbt": False}),
        someone("other", therapies={"ipt": True}),
    ]
    assert codes(found(people, issues=["eating"])) == ["checked"]


def test_what_is_not_said_fails_a_must_and_is_counted_in_what_to_relax():
    people = [someone(gender="woman"), someone("bea", gender="")]
    result = found(people, wishes=[wish("gender", "woman", "must")])
    assert codes(result) == ["ada"]
    (relaxation,) = result.relaxations
    assert (relaxation.about, relaxation.wish.value, relaxation.gain) == ("wishes", "woman", 1)
    assert relaxation.change == {"wishes": [wish("gender", "woman", "nice")]}


def test_nobody_excluded_is_shown():
    assert codes(found([someone(), someone("bea")], exclude=["ada", "nobody"])) == ["bea"]


def test_times_are_a_gate_only_as_a_must():
    people = [someone(practices=(online(starts=[at(2, "10:00")]),))]
    nice, must = found(people, times=EVENINGS), found(people, times=EVENINGS, times_weight="must")
    assert codes(nice) == ["ada"]
    assert reasons(nice.matches[0].does_not_fit).keys() == {"free-outside-times"}
    assert codes(must) == []
    assert [one.change for one in must.relaxations] == [{"times_weight": "nice"}]


def test_notice_is_rounded_up_to_the_next_half_hour():
    # 10:07 and 24 hours' notice: from 10:30 tomorrow on.
    early = found([someone(practices=(online(starts=[at(1, "10:25"), at(1, "10:30")]),))])
    assert early.matches[0].first_free == datetime.fromtimestamp(at(1, "10:30") * 60, UTC)


def test_within_days_lasts_to_the_end_of_the_persons_own_day():
    late = [someone(practices=(online(starts=[at(3, "22:55")]),), notice_hours=0)]
    asked = {"times_weight": "must", "within_days": 3}
    # In London it is 23:55 of the third day; in Paris it is already the fourth.
    assert codes(found(late, **asked)) == ["ada"]
    assert codes(found(late, zone="Europe/Paris", **asked)) == []


def test_day_limits_are_lengthened_to_the_next_step_that_helps():
    people = [someone(practices=(online(starts=[at(12)]),))]
    result = found(people, times_weight="must", within_days=3)
    changes = [dict(one.change) for one in result.relaxations]
    assert {"within_days": 14} in changes


def test_main_issues_count_more_than_others_and_the_first_choice_most():
    people = [
        someone("both", issues={"grief": 1, "anxiety": 2}),
        someone("first", issues={"grief": 1}),
        someone("second", issues={"anxiety": 1}),
        someone("also", issues={"anxiety": 0}),
        someone("none"),
    ]
    assert codes(found(people, issues=["grief", "anxiety"])) == [
        "both", "first", "second", "also", "none",
    ]  # fmt: skip


def test_a_named_therapy_counts_and_more_with_checked_training():
    people = [
        someone("checked", therapies={"ipt": True}),
        someone("says-so", therapies={"ipt": False}),
        someone("other", therapies={"cbt": True}),
    ]
    assert codes(found(people, therapy_types=["ipt"])) == ["checked", "says-so", "other"]


def test_not_sure_gives_every_listed_therapy_the_same_and_others_nothing():
    people = [
        someone("offer", therapies={"cbt": True}),
        someone("option", therapies={"ipt": False}),
        someone("both", therapies={"cbt": True, "ipt": True}),
        someone("other", therapies={"gestalt": True}),
    ]
    result = found(people, issues=["depression"])
    by_code = {one.code: points(one, "therapy") for one in result.matches}
    assert by_code["offer"] == by_code["option"] == by_code["both"] > by_code["other"] == 0


def test_a_reason_from_an_unreviewed_statement_says_so():
    people = [someone("checked", therapies={"cbt": True}), someone("not", therapies={"ipt": True})]
    told = {one.code: reasons(one.reasons) for one in found(people, issues=["depression"]).matches}
    assert told["checked"]["listed-therapies"]["is_reviewed"] is True
    assert told["not"]["listed-therapies"]["is_reviewed"] is False


@pytest.mark.parametrize("named", [[], ["gestalt"]])
def test_not_usually_recommended_is_a_caution_and_never_points(named):
    people = [someone(therapies={"gestalt": True})]
    match = found(people, issues=["trauma"], therapy_types=named).matches[0]
    assert points(match, "therapy") == 0
    assert reasons(match.does_not_fit)["therapy-caution"] == {"therapies": ["gestalt"]}


def test_a_wish_not_met_costs_twice_what_one_met_gives():
    people = [
        someone("met", gender="woman"),
        someone("unsaid", gender=""),
        someone("missed", gender="man"),
    ]
    result = found(people, wishes=[wish("gender", "woman")])
    met, unsaid, missed = (points(one, "wishes") for one in result.matches)
    assert codes(result) == ["met", "unsaid", "missed"]
    assert unsaid - missed == pytest.approx(2 * (met - unsaid))


def test_genders_that_would_be_nice_are_alternatives():
    people = [
        someone("first", gender="woman"),
        someone("second", gender="non-binary"),
        someone("unsaid", gender=""),
        someone("neither", gender="man"),
    ]
    wishes = [wish("gender", "woman"), wish("language", "pl"), wish("gender", "non-binary")]
    result = found(people, wishes=wishes)
    about = {"about": "gender", "wishes": ["woman", "non-binary"]}
    by_code = {one.code: one for one in result.matches}
    first, second, unsaid, neither = (by_code[one.code] for one in people)
    assert points(first, "wishes") == points(second, "wishes") > points(unsaid, "wishes")
    for one in (first, second):
        assert reasons(one.fits)["wish-met"] == about
        assert about not in [reason.values for reason in one.does_not_fit]
    assert reasons(unsaid.unknown)["wish-unknown"] == about
    assert about in [reason.values for reason in neither.does_not_fit]


def test_openings_unconfirmed_for_fifteen_days_lose_points_for_soon_and_say_so():
    fresh = someone("fresh", confirmed_on=TODAY - timedelta(days=14))
    stale = someone("stale", confirmed_on=TODAY - timedelta(days=15))
    fresh_match, stale_match = found([fresh, stale]).matches
    assert points(stale_match, "soon") == points(fresh_match, "soon") / 2
    assert reasons(stale_match.unknown)["openings-unconfirmed"] == {"days": 15}


def test_replies_do_not_count_until_there_are_any():
    people = [
        someone("good", asked=30, answered=30),
        someone("poor", asked=30, answered=3),
        someone("new"),
    ]
    matches = {one.code: one for one in found(people).matches}
    assert points(matches["good"], "replies") > points(matches["poor"], "replies") == 0
    assert reasons(matches["new"].unknown)["replies-unknown"] == {}
    component = next(one for one in matches["new"].components if one.criterion == "replies")
    assert (component.weight, component.points) == (0, 0)


def test_who_was_shown_and_asked_less_for_their_times_gets_a_fairer_share():
    people = [
        someone("new"),
        someone("shown", shown=60),
        someone("asked", open_asks=10),
        someone("roomy", (online(starts=[at(2), at(3), at(4), at(5)]),), shown=60),
    ]
    share = {one.code: points(one, "fair-share") for one in found(people).matches}
    assert share["new"] > share["roomy"] > share["shown"] > share["asked"]


def test_a_weekly_place_counts_when_it_is_in_their_times():
    evening = someone("evening", weekly_places=(("online", 1, 18 * 60, TODAY),))
    morning = someone("morning", weekly_places=(("online", 1, 9 * 60, TODAY),))
    matches = {one.code: one for one in found([evening, morning], times=EVENINGS).matches}
    assert reasons(matches["evening"].reasons)["weekly-place"]["minute"] == 18 * 60
    assert matches["evening"].weekly_place.from_date == TODAY
    assert "weekly-place" not in reasons(matches["morning"].reasons)
    assert matches["morning"].weekly_place is None


def test_style_never_enters_the_order_and_says_so():
    people = [someone(), someone("bea"), someone("cleo")]
    without, with_style = found(people), found(people, style={"lead": 3, "time": -2})
    assert with_style.matches == without.matches
    assert (without.not_used, with_style.not_used) == ((), ("style",))


def test_free_times_are_the_first_three_in_their_times():
    starts = [at(2, "10:00"), at(2, "17:00"), at(3, "16:00"), at(5, "17:30"), at(6, "18:00")]
    match = found([someone(practices=(online(starts=starts),))], times=EVENINGS).matches[0]
    assert [int(one.start.timestamp()) // 60 for one in match.free_times] == [
        at(2, "17:00"),
        at(5, "17:30"),
        at(6, "18:00"),
    ]
    assert match.first_free == match.free_times[0].start
    assert match.free_times[0].channels == ("video", "phone")


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("soonest", ["soon", "cheap", "near"]),
        ("nearest", ["near", "cheap", "soon"]),
        ("cost", ["cheap", "near", "soon"]),
    ],
)
def test_people_can_be_sorted(sort, expected):
    def fee(minor):
        return {"adults": FeeEntry("fixed", minor, None, "GBP", None, 50)}

    people = [
        someone("near", (room(km_north=1, starts=[at(9)]),), fees=fee(5000)),
        someone("cheap", (room(km_north=2, starts=[at(5)]),), fees=fee(4000)),
        someone("soon", (room(km_north=3, starts=[at(2)]),), fees=fee(6000)),
    ]
    assert codes(found(people, NEARBY, sort=sort)) == expected


def test_equals_take_turns_by_the_seed_of_the_day():
    people = [someone(f"p{number}", listing_id=number) for number in range(8)]
    orders = {tuple(codes(found(people, seed=seed))) for seed in range(6)}
    assert len(orders) == 6
    assert codes(found(people, seed=3)) == codes(found(list(reversed(people)), seed=3))


def test_an_order_already_seen_is_kept_for_those_who_still_fit():
    people = [someone(f"p{number}", listing_id=number) for number in range(6)]
    seen = found(people, seed=1).order
    kept = [one for one in people if one.code != seen[2]]
    place = next(place for place, one in enumerate(kept) if one.code == seen[4])
    kept[place] = replace(kept[place], paused_until=TODAY + timedelta(days=9))
    newcomer = someone("new", issues={"grief": 1})
    again = found([*kept, newcomer], seed=2, order=seen, issues=["grief"])
    assert codes(again) == [seen[0], seen[1], seen[3], seen[5], "new"]


def test_paging_shows_each_person_once():
    people = [someone(f"p{number}", listing_id=number) for number in range(25)]
    pages = [codes(found(people, offset=start)) for start in (0, 10, 20)]
    assert [len(page) for page in pages] == [10, 10, 5]
    assert len({code for page in pages for code in page}) == 25


def test_asking_only_for_the_count_explains_nobody():
    result = found([someone()], limit=0)
    assert (result.total, result.matches, result.order) == (1, (), ())


def test_softening_is_offered_below_three_people_or_when_asked_for():
    people = [someone(f"p{number}", listing_id=number, gender="woman") for number in range(3)]
    people.append(someone("other", gender="man"))
    asked = {"wishes": [wish("gender", "woman", "must")]}
    assert found(people, **asked).relaxations == ()
    assert found(people, with_relax=True, **asked).relaxations[0].gain == 1
    assert found(people[1:], **asked).relaxations[0].gain == 1


def test_distance_budget_and_concession_are_softened_by_the_smallest_step_that_helps():
    people = [someone("far", (room(km_north=11),)), someone("dear", (room(km_north=1),))]
    people[1] = replace(people[1], fees={"adults": FeeEntry("fixed", 6300, None, "GBP", 4000, 50)})
    asked = {"channels": ["in-person"], "max_distance_km": 10, "budget": pounds(60)}
    changes = [dict(one.change) for one in found(people, NEARBY, **asked).relaxations]
    assert changes == [
        {"budget": pounds(65)},
        {"budget": pounds(60, reduced_fee=True)},
        {"max_distance_km": 15},
    ]


def test_what_is_shown_is_what_is_summed_up_on_the_page_that_explains_the_choice():
    table = weights.weights_for(None)
    match = found([someone()]).matches[0]
    assert [one.criterion for one in match.components] == list(table)
    assert sum(table.values()) == 100
    assert all(one.words.endswith(".") for one in weights.CRITERIA)


def test_among_many_those_with_the_sooner_times_are_found_behind_those_who_fit_more():
    later = {"issues": {"grief": 1}, "practices": (online(starts=[at(12)]),)}
    today = {"issues": {"grief": 0}, "practices": (online(starts=[at(0, "11:00")]),)}
    people = [someone(f"a{one}", listing_id=one, **later) for one in range(600)]
    people += [
        someone(f"b{one}", listing_id=600 + one, notice_hours=0, **today) for one in range(600)
    ]
    result = found(people, issues=["grief"], matters_most="soon")
    assert {code[0] for code in codes(result)} == {"b"}


def test_among_many_equals_everyone_has_a_turn_however_promising_others_looked():
    free = {"practices": (online(starts=[at(0, "17:00")]),), "notice_hours": 0}
    at_noon = (("online", 2, 12 * 60, TODAY),)
    people = [
        someone(f"a{one}", listing_id=one, weekly_places=at_noon, **free) for one in range(300)
    ]
    people += [someone(f"b{one}", listing_id=300 + one, **free) for one in range(600)]
    result = found(people, times=EVENINGS)
    assert {code[0] for code in codes(result)} == {"a", "b"}


@pytest.mark.parametrize(
    ("issues", "codes_told"),
    [
        ({"grief": 1, "anxiety": 5}, {"focus-issues": ["grief", "anxiety"]}),
        ({"grief": 5, "anxiety": 0}, {"focus-issues": ["grief"], "also-issues": ["anxiety"]}),
        ({"anxiety": 0}, {"issues-not-listed": ["grief"], "also-issues": ["anxiety"]}),
        ({}, {"issues-not-listed": ["grief", "anxiety"]}),
    ],
)
def test_how_far_somebody_works_with_each_issue_is_told(issues, codes_told):
    (match,) = found([someone(issues=issues)], issues=["grief", "anxiety"]).matches
    told = {one.code: one.values["issues"] for one in match.reasons if one.criterion == "need"}
    assert told == codes_told


def test_people_who_share_an_answer_are_told_it_with_their_own_points():
    people = [someone("ada", issues={"grief": 5}), someone("bea", issues={"grief": 1})]
    matches = found(people, issues=["grief"]).matches
    told = {one.code: reason.points for one in matches for reason in one.fits[:1]}
    assert told == {match.code: points(match, "need") for match in matches}
    assert told["bea"] > told["ada"]


def test_a_place_out_of_reach_is_offered_by_video_only():
    far = replace(room(km_north=30), channels=frozenset({"in-person", "video"}))
    near = replace(far, code="near", point=CENTRE)
    matches = found([someone(practices=(far,))], NEARBY, max_distance_km=10).matches
    assert [one.channels for one in matches[0].free_times] == [("video",)]
    matches = found([someone(practices=(near,))], NEARBY, max_distance_km=10).matches
    assert [one.channels for one in matches[0].free_times] == [("in-person", "video")]


def test_a_time_just_after_their_hours_is_not_one_of_theirs():
    # 20:35 and 21:00 in London.
    practice = online(starts=(at(2, "19:35"), at(2, "20:00")))
    (match,) = found([someone(practices=(practice,))], times=EVENINGS).matches
    assert [int(one.start.timestamp()) // 60 for one in match.free_times] == [at(2, "19:35")]
