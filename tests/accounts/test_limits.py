"""Where a request came from, and how often."""

from datetime import timedelta
from ipaddress import ip_network

import pytest
from allauth.account.adapter import get_adapter
from django.test import RequestFactory

from attune.accounts.duties import forget_old_tallies
from attune.accounts.limits import address_of, origin_of, wait_after
from attune.accounts.models import Tally

CLIENT, MADE_UP, PROXY, SECOND_PROXY = "203.0.113.7", "198.51.100.1", "127.0.0.1", "10.1.2.3"
MINUTE = timedelta(minutes=1)


def request_from(address, forwarded=None):
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded is not None else {}
    return RequestFactory().get("/", REMOTE_ADDR=address, **headers)


@pytest.fixture
def _behind_proxies(settings):
    settings.TRUSTED_PROXIES = (ip_network(PROXY), ip_network("10.0.0.0/8"))


def test_without_proxies_of_ours_the_header_is_nobodys_word():
    assert address_of(request_from(CLIENT, MADE_UP)) == CLIENT
    assert address_of(request_from(PROXY, MADE_UP)) == PROXY


@pytest.mark.usefixtures("_behind_proxies")
@pytest.mark.parametrize(
    ("remote", "forwarded", "found"),
    [
        (PROXY, CLIENT, CLIENT),
        (PROXY, f"{CLIENT}, {SECOND_PROXY}", CLIENT),
        # What somebody made up stands before what the proxy wrote.
        (PROXY, f"{MADE_UP}, {CLIENT}", CLIENT),
        (PROXY, f"{MADE_UP},{PROXY},{CLIENT},{SECOND_PROXY}", CLIENT),
        # Past the proxies, straight to the server.
        (CLIENT, MADE_UP, CLIENT),
        (CLIENT, PROXY, CLIENT),
        # A proxy that says nothing, or nothing that is an address.
        (PROXY, None, PROXY),
        (PROXY, "", PROXY),
        (PROXY, f"{CLIENT}, unknown", PROXY),
        (PROXY, f"{CLIENT}, unknown, {SECOND_PROXY}", SECOND_PROXY),
        # From inside our own network.
        (PROXY, SECOND_PROXY, SECOND_PROXY),
        ("::ffff:127.0.0.1", f"::ffff:{CLIENT}", CLIENT),
        (PROXY, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_the_header_is_believed_as_far_back_as_our_proxies_wrote_it(remote, forwarded, found):
    assert address_of(request_from(remote, forwarded)) == found


@pytest.mark.usefixtures("_behind_proxies")
def test_failed_sign_ins_count_by_the_same_address():
    assert get_adapter().get_client_ip(request_from(PROXY, f"{MADE_UP}, {CLIENT}")) == CLIENT


def test_an_ipv6_network_is_one_origin():
    one, same, other = (
        origin_of(request_from(address))
        for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1")
    )
    assert one == same != other


def test_an_origin_does_not_show_the_address():
    assert CLIENT not in origin_of(request_from(CLIENT))


@pytest.mark.django_db
def test_what_is_over_the_limit_waits_until_the_time_is_over(now):
    def waits(purpose="tries", origin="ada", after=timedelta(0)):
        return wait_after(purpose, origin, most=2, within=MINUTE, at=now + after)

    assert [waits(), waits()] == [None, None]
    assert waits(after=timedelta(seconds=20)) == timedelta(seconds=40)
    assert waits(origin="ben") is None
    assert waits(purpose="others") is None
    assert [waits(after=MINUTE), waits(after=MINUTE)] == [None, None]
    assert waits(after=MINUTE) == MINUTE


@pytest.mark.django_db
def test_counts_of_times_that_are_over_are_forgotten(now):
    wait_after("tries", "ada", most=2, within=MINUTE, at=now)
    wait_after("tries", "ben", most=2, within=2 * MINUTE, at=now)
    forget_old_tallies(now + MINUTE + timedelta(seconds=1))
    assert Tally.objects.count() == 1
