"""What the editor's pages may do that no public page may."""

from datetime import timedelta

import pytest
import time_machine
from wagtail.models import Page

from attune.content.duties import publish_scheduled_pages
from attune.content.models import ArticlePage
from content.reading import paths
from content.staff import at_the_editor, erin

POLICY = "Content-Security-Policy"

pytestmark = pytest.mark.django_db


def policy_of(answer) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in answer[POLICY].split(";"))
    return {name: value for name, _, value in parts}


def test_no_public_page_may_run_or_style_anything_of_its_own(client):
    for path in (*paths(), "/match/", "/help-now/", "/no-such-page/", "/library/search/"):
        answer = client.get(path)
        assert "unsafe" not in answer[POLICY]
        assert policy_of(answer)["frame-ancestors"] == "'none'"
        assert policy_of(answer)["script-src"] == "'self'"


def test_what_the_editor_needs_is_confined_to_it():
    browser = at_the_editor(erin())
    policy = policy_of(browser.get("/editor/"))
    assert policy["script-src"] == "'self' 'unsafe-inline'"
    assert policy["frame-ancestors"] == "'self'"
    assert "unsafe-eval" not in str(policy)
    # Nothing of another origin, there as elsewhere.
    assert not [value for value in policy.values() if "http" in value or "*" in value]
    assert "unsafe" not in browser.get("/library/")[POLICY]


def test_a_preview_may_stand_in_the_editors_own_frame_alone():
    browser = at_the_editor(erin())
    page = ArticlePage.objects.get(slug="what-therapy-costs")
    answer = browser.get(f"/editor/pages/{page.pk}/view_draft/")
    assert answer.status_code == 200
    assert policy_of(answer)["frame-ancestors"] == "'self'"
    assert page.title in answer.content.decode()


def test_a_page_goes_out_at_the_time_that_was_set_for_it(now):
    page = ArticlePage.objects.get(slug="what-therapy-costs")
    page.title, page.go_live_at = "What therapy costs from tomorrow", now.replace(day=now.day + 1)
    page.save_revision().publish()
    after = page.go_live_at + timedelta(minutes=1)
    for moment, title in ((now, "What therapy costs"), (after, page.title)):
        with time_machine.travel(moment, tick=False):
            publish_scheduled_pages(moment)
        assert Page.objects.get(pk=page.pk).title == title
