"""Every page, in every variant: accessible, valid, light, and talking to nobody else."""

from contextlib import suppress
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, get_resolver, resolve

from journeys.pages import WALKS
from journeys.sweep import OPPOSITES, look_at

pytestmark = pytest.mark.browser

# These act and lead on, or hand out what is no page.
WITHOUT_A_PAGE = {
    "appointment_calendar",
    "book_give_up",
    "book_keep",
    "brand_colours",
    "enquiry_begin",
    "enquiry_change",
    "account_keep_form",
    "account_send_again",
    "account_send_nothing",
    "account_stay",
    "account_throw_away",
    "end_other_sessions",
    "end_session",
    "enquiry_skip",
    "healthz",
    "leave",
    "library_feed",
    "library_search",
    "manifest",
    "mfa_login_webauthn",
    "own_answers_continue",
    "own_answers_keep",
    "own_answers_leave",
    "own_appointment_calendar",
    "picture",
    "practice_seen",
    "practitioner_seen",
    "readyz",
    "robots",
    "save_person",
    "saved_remove",
    "second_factor_done",
    "sign_in_mail",
    "sitemap",
    "take_back_request",
    "withdraw_agreement",
}
# Looked at where there is a passkey (test_passkey_journey.py), and after half an hour
# (test_idle_journey.py).
ELSEWHERE = {
    "account_unfinished",
    "mfa_edit_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
}


@pytest.fixture(scope="module")
def visited():
    """Collect which routes each walk has looked at."""
    return {}


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.__name__)
def test_each_page_is_sound_light_and_dark_narrow_and_wide(open_browser, visited, walk, script):
    watch = open_browser(replace(OPPOSITES[0], script=script))
    looked_at, routes = {}, visited.setdefault(walk, set())
    for name in walk(watch):
        looked_at[name] = look_at(watch, name)
        with suppress(Resolver404):
            routes.add(resolve(urlsplit(watch.page.url).path).url_name)
    assert {name: wrong for name, wrong in looked_at.items() if wrong} == {}


def test_no_page_is_left_out(visited):
    if set(visited) != set(WALKS):
        pytest.skip("Only some of the walks were gone.")
    addresses = get_resolver().reverse_dict
    # What is below /editor/ is Wagtail's.
    named = {
        name
        for name in filter(lambda key: isinstance(key, str), addresses)
        if not addresses[name][0][0][0].startswith("editor/")
    }
    assert named - WITHOUT_A_PAGE - ELSEWHERE - set().union(*visited.values()) == set()
