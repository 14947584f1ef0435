"""Somebody who goes on reading, so that they are not signed out for want of it."""

from datetime import timedelta

from django.test import Client

# Longer than a second factor or a code opens anything; shorter than anybody is idle in between.
HALF_AN_HOUR_AND_MORE = timedelta(minutes=31)


def read_on(browser: Client, clock) -> None:
    """Let half an hour and a minute pass, with a page asked for in the middle."""
    half = HALF_AN_HOUR_AND_MORE / 2
    clock.shift(half)
    browser.get("/account/")
    clock.shift(half)
