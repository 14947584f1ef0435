"""Whether a form was sent from a page of ours."""

import pytest
from django.test import RequestFactory

from attune.accounts.origin import comes_from_here


@pytest.mark.parametrize(
    ("headers", "is_ours"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        # Typed, or opened from a bookmark.
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, False),
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "http://elsewhere.example"}, False),
        ({"Origin": "null"}, False),
        ({}, True),
    ],
)
def test_a_form_is_from_here_unless_something_says_otherwise(headers, is_ours):
    assert comes_from_here(RequestFactory(headers=headers).post("/leave/")) is is_ours
