"""The staff pages hold what staff look after, and no sign-ins of people."""

from django.contrib import admin

OURS = ("accounts.", "directory.", "privacy.", "vocabulary.")


def test_staff_pages_hold_our_own_models_and_groups():
    shown = {model._meta.label for model in admin.site._registry}
    assert "directory.Listing" in shown
    theirs = {label for label in shown if not label.startswith(OURS)}
    assert theirs == {"auth.Group"}
