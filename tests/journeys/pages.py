"""Every page that a person can reach, as walks: the sweep looks wherever a walk stops.

A walk goes by ordinary steps that work with and without script, and names each page it has open.
A part of the product adds its pages to a walk here.
"""

import re
from collections.abc import Callable, Iterator

from journeys.steps import (
    ask_for_code,
    book,
    book_at_once,
    bookable_code,
    choose_time,
    code_now,
    confirm,
    follow,
    listing_code,
    press,
    press_in_vain,
    sign_in,
    tick,
)
from journeys.sweep import Alike, Watch

Walk = Callable[[Watch], Iterator[str]]

ADDRESSES = {
    "home": "/",
    "help now": "/help-now/",
    "free help": "/free-help/",
    "how we choose": "/how-we-choose/",
    "privacy": "/privacy/",
    "cookies": "/cookies/",
    "accessibility": "/accessibility/",
    "sign in": "/accounts/login/",
    "account closed": "/accounts/inactive/",
    "closed after half an hour": "/account/locked/",
    "not found": "/no-such-page/",
    "link to an appointment that does nothing": "/appointments/no-such-link/",
    "link to another site that is over": "/leaving-to/no-such-link/",
    "link to answers that is over": "/match/return/no-such-link/",
    "link to an answer that is over": "/privacy/answer/no-such-link/",
}


# Pages of the library that stand for the others: together they have every block.
OF_EACH_KIND = {
    "/library/therapies/ipt/",
    "/library/issues/depression/",
    "/library/issues/intimacy/",
    "/library/articles/what-therapy-costs/",
}


def pages_for_everybody(watch: Watch) -> Iterator[str]:
    for name, path in ADDRESSES.items():
        watch.go(path)
        yield name
    watch.go("/accounts/login/")
    press_in_vain(watch.page, "Send me a code")
    yield Alike("sign in, with an error")
    watch.go("/accounts/login/")
    watch.page.locator("summary", has_text="With a password").click()
    press_in_vain(watch.page, "Continue")
    yield Alike("sign in: password, with an error")
    watch.go("/match/")
    press(watch.page, "Leave this page", "/month/")
    yield "calendar after leaving"


def library(watch: Watch) -> Iterator[str]:
    """Every page of the library that is published, and what leads to them."""
    for number, path in enumerate(paths_of_library(watch)):
        is_alike = path.count("/") >= 4 and path not in OF_EACH_KIND
        # Of pages that are made alike every other one is looked at with script, the rest without.
        if is_alike and number % 2 == watch.variant.script:
            continue
        watch.go(path)
        yield Alike(path) if is_alike else path
    page = watch.page
    watch.go("/library/therapies/ipt/before-your-first-session/")
    yield "sheet to fill in before a first session"
    watch.go("/library/issues/loneliness/")
    yield "page that is not written yet"
    watch.go("/library/no-such-page/")
    yield "no such page of the library"
    for words, name in {"low mood": "something", "xyzzy": "nothing"}.items():
        watch.go("/library/")
        page.get_by_label("Search the library").fill(words)
        page.get_by_role("main").get_by_role("button", name="Search").click()
        page.wait_for_url("**/library/search/**")
        yield f"search of the library that finds {name}"


def paths_of_library(watch: Watch) -> list[str]:
    """Return the addresses that the sitemap names: the library, its lists, its pages."""
    sitemap = watch.page.request.get(f"{watch.site.url}/sitemap.xml").text()
    paths = re.findall(rf"<loc>{re.escape(watch.site.url)}(/library/[^<]*)</loc>", sitemap)
    assert len(paths) >= 20, sitemap
    return paths


def profiles(watch: Watch) -> Iterator[str]:
    wanted = {
        "direct": {"state": "open", "booking_mode": "direct"},
        "introductory call first": {"state": "open", "booking_mode": "introductory-call"},
        "asked first": {"state": "open", "booking_mode": "ask-first"},
        "paused": {"state": "paused"},
        "unconfirmed": {"state": "unconfirmed"},
    }
    for name, values in wanted.items():
        watch.go(f"/therapists/{listing_code(watch, **values)}/")
        yield f"practitioner: {name}"
    watch.go(f"/book/{listing_code(watch, **wanted['asked first'])}/")
    yield "times of somebody who is asked first"


def questions(watch: Watch) -> Iterator[str]:
    page = watch.page
    watch.go("/match/")
    yield "questions: start"
    follow(page, "Start", "/match/1/")
    yield "question 1"
    tick(page, "Me, and I am under 18")
    press(page, "Continue", "/match/under-18/")
    yield "under 18"
    follow(page, "Back", "/match/1/")
    tick(page, "Me")
    press(page, "Continue", "/match/2/")
    yield "question 2"
    page.locator("summary", has_text="Mood and self").click()
    for box in page.get_by_role("checkbox").all()[:4]:
        box.check(force=True)
    press_in_vain(page, "Continue")
    yield Alike("question 2, with an error")
    for box in page.get_by_role("checkbox").all()[:4]:
        box.uncheck(force=True)
    page.get_by_label("Look it up in your own words").fill("xyzzy")
    page.get_by_role("button", name="Look up").click()
    page.get_by_text("We found nothing with these words").wait_for()
    yield "question 2, with words that lead nowhere"
    page.get_by_label("Look it up in your own words").fill("low mood")
    page.get_by_role("button", name="Look up").click()
    tick(page, "Depression and low mood")
    page.locator("summary", has_text="Mood and self").click()
    yield "question 2, with words that lead somewhere"
    tick(page, "Suicidal thoughts")
    press(page, "Continue", "/match/pause/")
    yield "help first"
    follow(page, "Carry on when you are ready", "/match/first/")
    yield "which comes first"
    press(page, "Depression and low mood", "/match/3/")
    yield "question 3"
    tick(page, "I am not sure")
    page.locator("summary", has_text="Interpersonal and brief").click()
    tick(page, "Interpersonal psychotherapy (IPT)")
    press_in_vain(page, "Continue")
    yield Alike("question 3, with an error")
    page.get_by_label("I am not sure").uncheck(force=True)
    press(page, "Continue", "/match/4/")
    yield "question 4"
    page.get_by_label("Postcode or town").fill("XX1")
    press_in_vain(page, "Continue")
    yield Alike("question 4, with an error")
    page.get_by_label("Postcode or town").fill("cv34")
    press(page, "Continue", "/match/place/")
    yield "a place that is known roughly"
    press(page, "Leamington", "/match/5/")
    yield "question 5"
    tick(page, "Monday, Morning")
    tick(page, "Tuesday, Evening")
    press(page, "Continue", "/match/6/")
    yield "question 6"
    page.get_by_label("The most you could pay").fill("lots")
    press_in_vain(page, "Continue")
    yield Alike("question 6, with an error")
    page.get_by_label("The most you could pay").fill("70")
    press(page, "Continue", "/match/7/")
    yield "question 7"
    page.get_by_label("A woman", exact=True).select_option("must")
    page.get_by_label("A man", exact=True).select_option("nice")
    press_in_vain(page, "Continue")
    yield Alike("question 7, with an error")
    page.get_by_label("A man", exact=True).select_option("Does not matter")
    press(page, "Continue", "/match/8/")
    yield "question 8"
    press(page, "Continue", "/match/9/")
    yield "question 9"
    page.get_by_label("Is there anyone you do not want to see?").fill("Nobody Known")
    press_in_vain(page, "Continue")
    yield Alike("question 9, with an error")
    page.get_by_label("Is there anyone you do not want to see?").fill("")
    tick(page, "That I can meet somebody soon")
    press(page, "Continue", "/match/check/")
    yield "answers"
    follow(page, "See people who could fit", "/match/results/")
    yield "results, with a safety topic"
    follow(page, "See profile", "/therapists/**")
    yield "practitioner: why suggested"


def answers_kept(watch: Watch) -> Iterator[str]:
    page = watch.page
    watch.go("/")
    page.get_by_label("What is going on").fill("low mood")
    press(page, "Search", "/match/1/")
    yield "question 1, after a search"
    watch.go("/match/results/")
    yield "results"
    watch.go("/match/results/?sort=cost&page=2")
    yield "results by cost, second page"
    watch.go("/match/")
    yield "questions: start, with answers"
    yield from few_and_nobody(watch)
    watch.go("/match/save/")
    yield "save answers"
    press_in_vain(page, "Send me a link")
    yield Alike("save answers, with an error")
    email = f"saves-{watch.variant}@home.example"
    page.get_by_label("Your email address").fill(email)
    press(page, "Send me a link", "/match/saved/")
    yield "answers saved"
    page.goto(watch.site.link_in(watch.site.message_to(email), "/match/return/"))
    yield "link to answers"
    watch.go("/match/return/")
    yield "come back by reference"
    page.get_by_label("Reference").fill("ABCD")
    press_in_vain(page, "Open my answers")
    yield Alike("come back by reference, with an error")
    yield from a_change_elsewhere(watch)
    watch.go("/match/delete/")
    yield "delete answers"
    press(page, "Delete my answers", "/match/deleted/")
    yield "answers deleted"


def few_and_nobody(watch: Watch) -> Iterator[str]:
    page = watch.page
    watch.go("/match/6/")
    tick(page, "I cannot pay")
    press(page, "Continue", "/match/7/")
    watch.go("/match/results/")
    yield "results for somebody who cannot pay"
    watch.go("/match/7/?to=results")
    page.get_by_label("Non-binary", exact=True).select_option("must")
    page.get_by_label("I would like to speak").select_option("cy")
    page.get_by_label("How much does this matter?").first.select_option("must")
    press(page, "Continue", "/match/results/")
    yield "results with nobody"


def a_change_elsewhere(watch: Watch) -> Iterator[str]:
    """Two tabs of one window: the answers change in the second while the first is open."""
    page = watch.page
    watch.go("/match/9/")
    other = watch.open_in_another_tab("/match/6/")
    tick(other, "I can pay up to an amount")
    other.get_by_label("The most you could pay").fill("45")
    press(other, "Continue", "/match/7/")
    tick(page, "That they are near")
    page.get_by_role("button", name="Continue").click()
    page.get_by_text("Your answers changed on another page").wait_for()
    yield "question 9, after a change elsewhere"


def booking(watch: Watch) -> Iterator[str]:
    page, site = watch.page, watch.site
    email, code = f"books-{watch.variant}@home.example", bookable_code(watch)
    watch.go(f"/book/{code}/")
    yield "free times"
    press_in_vain(page, "Continue")
    yield Alike("free times, with none chosen")
    choose_time(page, 0, "Continue", "/address/")
    yield "booking: address"
    press_in_vain(page, "Send me a code")
    yield Alike("booking: address, with an error")
    digits = ask_for_code(watch, email)
    yield "booking: code"
    page.get_by_label("Your code").fill("12345")
    press_in_vain(page, "Continue")
    yield Alike("booking: code, with an error")
    confirm(page, digits)
    yield "booking: check"
    press_in_vain(page, re.compile("^Book "))
    yield Alike("booking: check, with an error")
    late = watch.open_in_another_tab(f"/book/{code}/")
    reference = book(page)
    yield "booked"
    watch.page = late
    late.get_by_role("radio").nth(0).check(force=True)
    late.get_by_role("button", name="Continue").click()
    late.get_by_text("This time is no longer free").wait_for()
    yield "time just taken"
    watch.page = page
    yield from appointments(watch, code, email)
    site.let_it_be_over(reference)
    page.goto(site.link_in(site.message_to(email, "Did you meet?"), "/appointments/"))
    yield "did you meet"
    press_in_vain(page, "Send")
    yield Alike("did you meet, with an error")
    tick(page, "We did not meet")
    page.get_by_role("button", name="Send").click()
    page.get_by_role("heading", name="Thank you").wait_for()
    yield "did you meet: thanks"


def appointments(watch: Watch, code: str, email: str) -> Iterator[str]:
    """Two more appointments: one that is moved and cancelled, one that the practitioner cancels."""
    page, site = watch.page, watch.site
    mine, theirs = book_at_once(watch, code), book_at_once(watch, code)
    watch.go(f"/book/{code}/")
    page.get_by_role("radio").nth(0).check(force=True)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="appointments ahead").wait_for()
    yield "too many appointments"
    page.goto(site.link_in(site.message_to(email, "is booked", mine), "/appointments/"))
    yield "appointment"
    follow(page, "Change the time", "/change/")
    yield "appointment: change"
    press_in_vain(page, "Change to this time")
    yield Alike("appointment: change, with none chosen")
    yield from a_change_meanwhile(watch)
    follow(page, "Back", "/appointments/**")
    follow(page, "Cancel", "/cancel/")
    yield "appointment: cancel"
    press(page, "Cancel the appointment", "/appointments/**")
    yield "appointment, cancelled"
    told = site.message_to("@", "new appointment", theirs)
    page.goto(site.link_in(told, "/practice/link/"))
    yield "practitioner's link"
    page.get_by_role("button", name="I have seen this").click()
    page.get_by_text("You have confirmed").wait_for()
    yield "practitioner's link, seen"
    press_in_vain(page, "Cancel the appointment")
    yield Alike("practitioner's link, with an error")
    tick(page, "I am away")
    page.get_by_role("button", name="Cancel the appointment").click()
    page.get_by_role("heading", name="This appointment is cancelled").wait_for()
    yield "practitioner's link, cancelled"
    cancelled = site.message_to(email, "is away", theirs)
    assert "Choose another time" in cancelled
    booked = site.message_to(email, "is booked", theirs)
    page.goto(site.link_in(booked, "/appointments/"))
    yield "appointment, cancelled by the practitioner"


def a_change_meanwhile(watch: Watch) -> Iterator[str]:
    """Two tabs: the appointment moves in the second while the first is open."""
    page = watch.page
    other = watch.open_in_another_tab(page.url.replace(watch.site.url, ""))
    choose_time(other, 1, "Change to this time", "/appointments/**")
    page.get_by_role("radio").nth(0).check(force=True)
    page.get_by_role("button", name="Change to this time").click()
    page.get_by_role("heading", name="The appointment has changed").wait_for()
    yield "appointment: changed meanwhile"
    follow(page, "See it as it is now", "/appointments/**")
    follow(page, "Change the time", "/change/")


def practice(watch: Watch) -> Iterator[str]:
    page = watch.page
    page.goto(watch.site.new_sign_in_link("Ben"))
    yield "demonstration: sign in"
    press(page, "Sign in", "/practice/")
    yield "practice"
    follow(page, "Cancel", "/cancel/")
    yield "practice: cancel"
    press_in_vain(page, "Cancel the appointment")
    yield Alike("practice: cancel, with an error")
    tick(page, "I am away")
    page.get_by_role("button", name="Cancel the appointment").click()
    page.get_by_role("heading", name="This appointment is cancelled").wait_for()
    yield "practice: cancelled"
    with watch.site.without_appointments():
        watch.go("/practice/")
    page.get_by_text("No appointments ahead").wait_for()
    yield "practice, with nothing ahead"
    watch.go("/demo/outbox/")
    yield "demonstration: messages"


def making_an_account(watch: Watch) -> Iterator[str]:
    page, email = watch.page, f"dev-{watch.variant}@staff.example"
    watch.go("/accounts/invitation/")
    yield "invitation"
    page.get_by_label("Code").fill("abcde")
    press_in_vain(page, "Continue")
    yield Alike("invitation, with an error")
    page.get_by_label("Code").fill(watch.site.invite(email))
    press(page, "Continue", "/second-factor/")
    yield "second factor"
    follow(page, "Set up a passkey", "/webauthn/add/")
    yield "passkey: set up"
    watch.go("/accounts/password/")
    yield "password"
    press_in_vain(page, "Continue")
    yield Alike("password, with an error")
    password = "four words nobody knows"
    for label in ("New password", "New password confirmation"):
        page.get_by_label(label, exact=True).fill(password)
    press(page, "Continue", "/totp/activate/")
    yield "authenticator app: set up"
    press_in_vain(page, "Continue")
    yield Alike("authenticator app: set up, with an error")
    page.get_by_label("code").fill(code_now(page.locator("code").inner_text()))
    press(page, "Continue", "/recovery-codes/")
    # They are shown once.
    recovery = page.locator("main code").first.inner_text()
    yield "recovery codes"
    watch.go("/accounts/2fa/recovery-codes/")
    yield "recovery codes, once more"
    yield from how_to_be_reached(watch)
    yield from signing_in(watch, email, password, recovery)


def signing_in(watch: Watch, email: str, password: str, recovery: str) -> Iterator[str]:
    page = watch.page
    places = {
        "how you sign in": "/account/security/",
        "passkeys": "/accounts/2fa/webauthn/",
        "authenticator app: remove": "/accounts/2fa/totp/deactivate/",
        "recovery codes: make new": "/accounts/2fa/recovery-codes/generate/",
        "confirm that it is you": "/accounts/2fa/reauthenticate/",
        "password: remove": "/accounts/password/remove/",
        "sign out": "/accounts/logout/",
    }
    for name, path in places.items():
        watch.go(path)
        yield name
    yield from too_many_tries(watch)
    watch.go("/accounts/logout/")
    press(page, "Sign out", "/signed-out/")
    yield "signed out"
    watch.go("/accounts/login/")
    page.locator("summary", has_text="With a password").click()
    page.get_by_label("Email", exact=True).fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    press(page, "Continue", "/authenticate/")
    yield "sign in: code"
    press_in_vain(page, "Sign in")
    yield Alike("sign in: code, with an error")
    page.get_by_label("Code").fill(recovery)
    press(page, "Sign in", "/staff/")


def how_to_be_reached(watch: Watch) -> Iterator[str]:
    page = watch.page
    watch.go("/account/reach/")
    yield "how we may reach you"
    page.get_by_role("button", name="Never write to my email address").click()
    page.get_by_text("We send nothing to your email address").wait_for()
    yield "how we may reach you: not by mail"
    page.get_by_role("button", name="Write to my email address again").click()
    page.get_by_role("button", name="Never write to my email address").wait_for()


def joining(watch: Watch) -> Iterator[str]:
    """A member's first visit, by a code from the mailbox; what we hold; and the account's end."""
    page = watch.page
    watch.go("/accounts/login/")
    digits = ask_for_code(watch, f"ada-{watch.variant}@home.example")
    yield "sign in: code from the mailbox"
    press_in_vain(page, "Continue")
    yield Alike("sign in: code from the mailbox, with an error")
    page.get_by_label("Your code").fill(digits)
    press(page, "Continue", "/account/welcome/**")
    yield "first visit"
    places = {
        "a member without a second factor": "/accounts/second-factor/?next=/account/notes/",
        "how a member signs in": "/account/security/",
        "a member confirms: asked": "/accounts/confirm/",
    }
    for name, path in places.items():
        watch.go(path)
        yield name
    press(page, "Send a code to my email address", "/accounts/confirm/**")
    yield "a member confirms: code"
    press_in_vain(page, "Continue")
    yield Alike("a member confirms: code, with an error")
    yield from another_address(watch)
    yield from own_data(watch)


def another_address(watch: Watch) -> Iterator[str]:
    page, email = watch.page, f"moved-{watch.variant}@home.example"
    watch.go("/account/reach/")
    yield "how we may reach you, without a second factor"
    watch.go("/account/email/")
    yield "another address"
    page.get_by_label("Your new email address").fill("nobody at home")
    press_in_vain(page, "Send a code")
    yield Alike("another address, with an error")
    page.get_by_label("Your new email address").fill(email)
    press(page, "Send a code", "/email/code/")
    yield "another address: code"
    press_in_vain(page, "Change my address")
    yield Alike("another address: code, with an error")
    digits = re.search(r"\b\d{6}\b", watch.site.message_to(email, "Your code is")).group()
    page.get_by_label("Your code").fill(digits)
    press(page, "Change my address", "/email/changed/")
    yield "another address: changed"


def own_data(watch: Watch) -> Iterator[str]:
    """What we hold: who opened it, a copy, and erasing it, at once and after a wait."""
    page = watch.page
    watch.go("/account/ledger/")
    yield "who opened what, nobody"
    watch.go("/account/export/")
    yield "copy of everything"
    watch.go("/account/wait/")
    yield "wait first: off"
    press(page, "Turn it on", "/account/wait/")
    page.get_by_text("It is on.").wait_for()
    yield "wait first: on"
    watch.go("/account/export/")
    yield "copy that waits"
    page.get_by_role("button", name="Ask for a copy").click()
    page.get_by_text("Your copy is ready on").wait_for()
    yield "copy that was asked for"
    watch.go("/account/erase/")
    yield "erasure that waits"
    page.get_by_role("button", name="Erase in 14 days").click()
    page.get_by_text("Everything is erased on").wait_for()
    yield "erasure that was asked for"
    watch.go("/account/data/")
    yield "what we hold, with requests"
    watch.go("/account/")
    yield "your account, with requests"
    watch.go("/account/erase/")
    press(page, "Keep my account", "/account/data/")
    watch.go("/account/wait/")
    page.get_by_role("button", name="Turn it off in 14 days").click()
    page.get_by_text("It is on until").wait_for()
    yield "wait first: ends"
    watch.site.let_the_wait_be_over()
    watch.go("/account/erase/")
    yield "erase everything"
    follow(page, "Erase now", "/account/erase/now/")
    yield "erase everything: asked once more"
    press(page, "Yes, erase everything", "/erased/")
    yield "everything is erased"


def offers(watch: Watch) -> Iterator[str]:
    """What partners offer: an area that is not theirs, a code of their own, and the way out."""
    page = watch.page
    watch.go("/accounts/login/")
    digits = ask_for_code(watch, f"offers-{watch.variant}@home.example")
    page.get_by_label("Your code").fill(digits)
    press(page, "Continue", "/account/welcome/**")
    watch.go("/account/offers/")
    yield "offers"
    follow(page, "Four quiet hours in a reading room", "/account/offers/*/")
    yield "offer around a place"
    page.get_by_label("Your postcode or town").fill("Leeds")
    press_in_vain(page, "Claim this offer")
    yield "offer around another place"
    watch.go("/account/offers/")
    follow(page, "A year of the Pondlight app", "/account/offers/*/")
    press(page, "Claim this offer", "/claimed/")
    yield "what was claimed"
    follow(page, "Go to their site", "/leaving-to/*/")
    yield "on the way to another site"
    follow(page, "Stay here", "/claimed/")
    follow(page, "The offer and its terms", "/account/offers/*/")
    yield "offer that was claimed"
    watch.go("/account/offers/")
    yield "offers, one claimed"


def what_is_saved(watch: Watch) -> Iterator[str]:
    """What a member keeps in mind and has booked: saved people, notes, answers, appointments."""
    page = watch.page
    sign_in(watch, "Ada")
    watch.go("/account/saved/")
    yield "saved people, with nobody"
    code = listing_code(watch, state="open", booking_mode="direct")
    watch.go(f"/therapists/{code}/")
    press(page, re.compile("^Save"), f"/therapists/{code}/")
    page.get_by_role("link", name=re.compile("^Saved")).wait_for()
    yield "practitioner: saved"
    watch.go("/account/saved/")
    yield "saved people"
    page.locator(".people__one a").first.click()
    yield "saved person"
    other = watch.open_in_another_tab(page.url.removeprefix(watch.site.url))
    tick(other, "Contacted")
    other.get_by_role("button", name="Save").click()
    other.wait_for_load_state("load")
    tick(page, "Seeing them")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("This was changed on another page").wait_for()
    yield "saved person, changed on another page"
    page.get_by_role("link", name=re.compile("note")).click()
    yield "note about a saved person"
    page.get_by_label("Your note").fill("x" * 2001)
    press_in_vain(page, "Save")
    yield Alike("note about a saved person, with an error")
    watch.go("/account/saved/")
    page.locator(".people__one a").first.click()
    press(page, re.compile("^Remove"), "/account/saved/")
    yield from own_answers(watch)
    yield from own_appointments(watch)


def own_answers(watch: Watch) -> Iterator[str]:
    page = watch.page
    watch.go("/match/2/")
    page.get_by_label("Look it up in your own words").fill("low mood")
    page.get_by_role("button", name="Look up").click()
    tick(page, "Depression and low mood")
    press(page, "Continue", "/match/3/")
    watch.go("/match/save/")
    yield "save answers, of a member"
    watch.go("/account/")
    yield "your account, with answers and an appointment"
    follow(page, "Delete", "/delete/")
    yield "delete answers, of a member"
    press(page, "Delete my answers", "/account/")


def own_appointments(watch: Watch) -> Iterator[str]:
    page = watch.page
    watch.go("/account/appointments/")
    yield "a member's appointments"
    page.locator("main li a").first.click()
    yield "a member's appointment"
    follow(page, "Change the time", "/change/")
    yield "a member's appointment: other times"
    follow(page, "Back", "/account/appointments/**")
    follow(page, "Cancel", "/cancel/")
    yield "a member's appointment: cancel"


def too_many_tries(watch: Watch) -> Iterator[str]:
    page = watch.page
    watch.go("/accounts/2fa/reauthenticate/")
    while page.get_by_label("Code").count():
        page.get_by_role("button", name="Continue").click()
        page.wait_for_load_state("load")
    page.get_by_role("heading", name="Too many tries").wait_for()
    yield "too many tries"


def what_goes_wrong(watch: Watch) -> Iterator[str]:
    """Pages that Django shows by itself."""
    page = watch.page
    elsewhere = {"host": "elsewhere.example"}
    page.route("**/", lambda route: route.fulfill(response=route.fetch(headers=elsewhere)))
    watch.go("/")
    page.unroute_all()
    page.get_by_role("heading", name="We could not read what was sent").wait_for()
    yield "sent to a name that is not ours"
    with watch.site.without_table("content_libraryversion"):
        watch.go("/library/therapies/ipt/")
    page.get_by_role("heading", name="Something is broken on our side").wait_for()
    yield "broken on our side"
    page.goto(watch.site.new_sign_in_link("Dev"))
    press(page, "Sign in", "/staff/")
    watch.go("/staff/vocabulary/presentingissue/add/")
    page.get_by_role("heading", name="This page is not open to you").wait_for()
    yield "page that is not open to this person"


def a_form_too_old(watch: Watch) -> Iterator[str]:
    watch.go("/match/1/")
    watch.page.context.clear_cookies()
    watch.page.get_by_role("button", name="Continue").click()
    watch.page.get_by_role("heading", name="This page was open for a long time").wait_for()
    yield "form that was open for too long"


def counting(watch: Watch) -> Iterator[str]:
    """Every other walk sees the question on each page; here it is answered."""
    page = watch.page
    watch.go("/how-we-choose/")
    press(page, "Do not count", "/how-we-choose/#your-choice")
    page.get_by_text("We count nothing.").wait_for()
    yield "back from a no"
    watch.go("/cookies/")
    yield "cookies, after a no"
    press(page, "You may count", "/cookies/#your-choice")
    page.get_by_text("You said yes on").wait_for()
    yield "cookies, after a yes"
    page.locator("button[value=no]").evaluate("one => one.value = 'maybe'")
    press(page, "Do not count", "/cookies/choice/")
    yield "an answer that cannot be read"
    watch.go("/match/1/#your-choice")
    page.get_by_text("We count the kinds of pages you open.").wait_for()
    yield "question 1, counted"


def complaints(watch: Watch) -> Iterator[str]:
    """Somebody asks for their data without an account, and staff answer."""
    page, site, email = watch.page, watch.site, f"asks-{watch.variant}@home.example"
    watch.go("/privacy/complaint/")
    yield "complaint"
    press_in_vain(page, "Send")
    yield Alike("complaint, with errors")
    tick(page, "I want a copy of what you keep about me")
    tick(page, "How my information is used")
    page.get_by_label("What happened, or what do you need?").fill("All of it.")
    page.get_by_label("Your email address").fill(email)
    press(page, "Send", "/privacy/complaint/sent/")
    reference = page.locator("h1 .caption").inner_text().split()[-1]
    yield "complaint: sent"
    page.goto(site.new_sign_in_link("Dev"))
    press(page, "Sign in", "/staff/")
    watch.go("/staff/complaints/")
    yield "staff: complaints"
    follow(page, reference, "/staff/complaints/**")
    yield "staff: complaint"
    press_in_vain(page, "Answer and close")
    yield Alike("staff: complaint, with errors")
    page.get_by_label("How did you check who asks?").fill("By a call.")
    page.get_by_role("button", name="Write it down").click()
    page.get_by_text("By a call.").wait_for()
    tick(page, "done as asked")
    page.get_by_label("Your answer to the person").fill("Here it is.")
    page.get_by_role("button", name="Answer and close").click()
    page.get_by_text("Closed ").wait_for()
    yield "staff: complaint, closed"
    page.goto(site.link_in(site.message_to(email, "There is an answer"), "/privacy/answer/"))
    yield "link to an answer"
    page.get_by_role("button", name="Read the answer").click()
    page.get_by_text("Here it is.").wait_for()
    yield "answer"
    watch.go("/staff/statistics/")
    yield "staff: statistics"
    yield from agreements(watch)


def agreements(watch: Watch) -> Iterator[str]:
    page = watch.page
    watch.go("/account/agreements/")
    yield "agreements, none"
    press(page, "You may count", "/account/agreements/#your-choice")
    yield "agreements"
    page.get_by_role("button", name="Take it back").click()
    page.get_by_text("You took your yes back").first.wait_for()
    yield "agreements, taken back"


WALKS: tuple[Walk, ...] = (
    counting,
    complaints,
    questions,
    booking,
    making_an_account,
    joining,
    offers,
    answers_kept,
    pages_for_everybody,
    library,
    profiles,
    practice,
    what_is_saved,
    a_form_too_old,
    what_goes_wrong,
)
