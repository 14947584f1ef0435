"""A page of the library from its first word to its readers, through three people's hands."""

import pytest
from playwright.sync_api import expect

from journeys.steps import (
    act,
    add_source,
    add_text,
    choose,
    open_tab,
    open_waiting,
    part,
    save_draft,
    sign_in,
    take_up_again,
    write,
    write_text,
)
from journeys.sweep import OPPOSITES

pytestmark = pytest.mark.browser

TITLE, ISSUES = "Panic attacks", "/library/issues/"
FIRST, RENAMED = f"{ISSUES}panic-attacks/", f"{ISSUES}panic/"
OLD_SUMMARY = "What a panic attack is, and who can help."
NEW_SUMMARY = "Why panic comes so suddenly, and who can help."
HAND_IN, AGAIN = "Submit to Editor check and clinical review", "Resubmit to Editor check"
HANDED_IN, KEPT = "has been submitted for moderation", "has been updated"
APPROVE, AS_CLINICIAN = "Approve", "Approve as a clinician"


@pytest.fixture
def staff(open_browser):
    """Sign in three people, each in a window of their own: Erin, Dev and Clio."""
    return [signed_in(open_browser, who) for who in ("Erin", "Dev", "Clio")]


def signed_in(open_browser, who):
    watch = open_browser(OPPOSITES[0])
    sign_in(watch, who)
    return watch


def test_a_page_goes_from_its_first_word_to_its_readers_and_on(staff):
    erin, dev, clio = staff
    form = a_draft_is_kept(erin)
    a_draft_is_shown_as_its_readers_would_see_it(erin)
    too_few_sources_are_refused_and_nothing_is_lost(erin)
    a_page_is_sent_back_with_a_word_and_mended(erin, dev, form)
    two_approvals_put_it_before_its_readers(erin, dev, clio)
    a_renamed_page_is_found_at_both_addresses(erin, dev, clio, form)
    an_earlier_version_comes_back(erin, dev, clio, form)


def a_draft_is_kept(erin):
    """Write a page that has one source; return the address of its form."""
    page = erin.page
    erin.go("/editor/pages/")
    for index in ("Library", "What people bring"):
        page.get_by_role("link", name=f"Explore child pages of '{index}'").click()
    page.get_by_role("link", name="Add child page").first.click()
    page.get_by_role("textbox", name="Title").fill(TITLE)
    write(page, "Summary", OLD_SUMMARY)
    choose(page, "Issue", "Panic attacks")
    part(page, "Kind").get_by_role("combobox").select_option("A difficulty")
    save_draft(page)
    add_text(page, "A panic attack is a wave of fear. [1]")
    open_tab(page, "Sources and links")
    add_source(page, "Panic disorder", "NHS", "https://www.nhs.uk/panic-disorder/")
    write(page, "Conflicts", "None declared")
    open_tab(page, "Page")
    part(page, "Call to action").get_by_role("textbox").fill("Find someone who works with panic")
    save_draft(page)
    page.reload()
    expect(part(page, "Body")).to_contain_text("A panic attack is a wave of fear.")
    return page.url.partition("#")[0]


def a_draft_is_shown_as_its_readers_would_see_it(erin):
    page = erin.page
    page.get_by_role("button", name="Toggle preview").click()
    shown = page.frame_locator("iframe[title=Preview]").last
    expect(shown.get_by_role("heading", level=1)).to_contain_text(TITLE)
    expect(shown.locator("main")).to_contain_text("A panic attack is a wave of fear.")
    expect(shown.locator("main")).to_contain_text("Not yet reviewed by a clinician")
    page.get_by_role("button", name="Toggle preview").click()


def too_few_sources_are_refused_and_nothing_is_lost(erin):
    page = erin.page
    write_text(page, " It passes within minutes. [2]")
    act(page, HAND_IN, "Add sources, so that the page has at least two.")
    expect(part(page, "Body").get_by_role("textbox")).to_contain_text("It passes within minutes.")
    open_tab(page, "Sources and links")
    add_source(page, "Panic", "Mind", "https://www.mind.org.uk/panic/")
    act(page, HAND_IN, HANDED_IN)


def a_page_is_sent_back_with_a_word_and_mended(erin, dev, form):
    page, word = erin.page, "Say how long it lasts."
    open_waiting(dev, TITLE)
    act(dev.page, "Request changes", KEPT, comment=word)
    assert "came back" in erin.site.message_to("erin@demo.example", "A page came back")
    page.goto(form)
    page.get_by_role("button", name="Toggle status").click()
    page.get_by_role("button", name="View details").click()
    page.get_by_role("dialog").get_by_text(word).wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Toggle status").click()
    write_text(page, " Most last less than half an hour.")
    act(page, AGAIN, HANDED_IN)


def two_approvals_put_it_before_its_readers(erin, dev, clio):
    page = erin.page
    approve(dev, APPROVE)
    assert page.request.get(erin.site.url + FIRST).status == 404
    approve(clio, AS_CLINICIAN)
    erin.go(FIRST)
    main = page.locator("main")
    expect(main).to_contain_text("Most last less than half an hour.")
    expect(main).to_contain_text("Reviewed by Clio Fernhollow")
    erin.go("/library/")
    expect(page.locator(f"main a[href='{FIRST}']").first).to_be_visible()
    page.get_by_label("Search the library").fill("pannic")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    page.wait_for_url("**/library/search/**")
    expect(page.locator("main").get_by_role("link", name=TITLE)).to_be_visible()


def a_renamed_page_is_found_at_both_addresses(erin, dev, clio, form):
    page = erin.page
    page.goto(form)
    open_tab(page, "Page")
    write(page, "Slug", "panic")
    act(page, HAND_IN, HANDED_IN)
    approve(dev, APPROVE)
    what_is_changed_in_review_is_checked_from_the_start(erin, dev, clio, form)
    erin.go(FIRST)
    page.wait_for_url(f"**{RENAMED}")
    expect(page.locator("main")).to_contain_text(NEW_SUMMARY)
    expect(page.locator("main")).to_contain_text("Reviewed by Clio Fernhollow")


def what_is_changed_in_review_is_checked_from_the_start(erin, dev, clio, form):
    erin.page.goto(form)
    erin.page.get_by_text("Only reviewers for this task can edit the page.").wait_for()
    open_waiting(clio, TITLE)
    write(clio.page, "Summary", NEW_SUMMARY)
    save_draft(clio.page)
    act(clio.page, AS_CLINICIAN, KEPT)
    approve(dev, APPROVE)
    assert erin.page.request.get(erin.site.url + RENAMED).status == 404
    approve(clio, AS_CLINICIAN)


def an_earlier_version_comes_back(erin, dev, clio, form):
    page = erin.page
    page.goto(form.replace("/edit/", "/history/"))
    take_up_again(page, published=1)
    act(page, HAND_IN, HANDED_IN)
    approve(dev, APPROVE)
    approve(clio, AS_CLINICIAN)
    erin.go(RENAMED)
    page.wait_for_url(f"**{FIRST}")
    expect(page.locator("main")).to_contain_text(OLD_SUMMARY)


def approve(reviewer, action):
    open_waiting(reviewer, TITLE)
    act(reviewer.page, action, KEPT)
    expect(reviewer.page.locator(".messages")).not_to_contain_text("Sorry")
