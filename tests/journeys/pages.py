"""How to get to every page: the sweep opens each in all variants.

A part of the product adds its pages here. Each entry is a name and a function that leaves the page
open, by ordinary steps that work with and without script.
"""

from collections.abc import Callable

from journeys.sweep import Watch

Steps = Callable[[Watch], None]


def at(path: str) -> Steps:
    """Return the steps for a page that is only an address."""

    def go(watch: Watch) -> None:
        watch.page.goto(watch.site.url + path)

    return go


def a_practitioner(**wanted: str) -> Steps:
    """Return the steps for the profile of the first listing with these values in the API."""

    def go(watch: Watch) -> None:
        answer = watch.page.request.get(f"{watch.site.url}/api/v1/listings?limit=100").json()
        code = next(
            one["code"]
            for one in answer["listings"]
            if wanted.items() <= {**one, "state": one["accepting"]["state"]}.items()
        )
        watch.page.goto(f"{watch.site.url}/therapists/{code}/")

    return go


def asks(*steps: Steps) -> Steps:
    """Return the steps of somebody who says on the first page what is going on, and goes on."""

    def go(watch: Watch) -> None:
        watch.page.goto(watch.site.url)
        watch.page.get_by_label("What is going on").fill("low mood")
        watch.page.get_by_label("Your town or postcode").fill("Leamington Spa")
        watch.page.get_by_role("button", name="Search").click()
        watch.page.wait_for_url("**/match/**")
        for step in steps:
            step(watch)

    return go


def sends_nothing(watch: Watch) -> None:
    """Send the open form with what must be in it left out."""
    watch.page.get_by_role("textbox").last.fill("XX1")
    watch.page.get_by_role("button", name="Continue").click()
    watch.page.get_by_role("heading", name="There is a problem").wait_for()


def leaves(watch: Watch) -> None:
    watch.page.goto(f"{watch.site.url}/match/")
    watch.page.get_by_role("button", name="Leave this page").first.click()
    watch.page.wait_for_url("**/month/")


PAGES: dict[str, Steps] = {
    "home": at("/"),
    "help now": at("/help-now/"),
    "free help": at("/free-help/"),
    "how we choose": at("/how-we-choose/"),
    "privacy": at("/privacy/"),
    "cookies": at("/cookies/"),
    "accessibility": at("/accessibility/"),
    "interpersonal therapy": at("/library/therapies/ipt/"),
    "practitioner": a_practitioner(state="open", booking_mode="direct"),
    "practitioner who is asked first": a_practitioner(state="open", booking_mode="ask-first"),
    "practitioner who is paused": a_practitioner(state="paused"),
    "practitioner with unconfirmed times": a_practitioner(state="unconfirmed"),
    "questions: start": at("/match/"),
    **{f"question {number}": asks(at(f"/match/{number}/")) for number in range(1, 10)},
    "question with an error": asks(at("/match/4/"), sends_nothing),
    "answers": asks(at("/match/check/")),
    "results": asks(at("/match/results/")),
    "results by cost, second page": asks(at("/match/results/?sort=cost&page=2")),
    "save answers": asks(at("/match/save/")),
    "delete answers": asks(at("/match/delete/")),
    "come back by reference": at("/match/return/"),
    "help first": asks(at("/match/pause/")),
    "under 18": at("/match/under-18/"),
    "sign in": at("/accounts/login/"),
    "calendar after leaving": leaves,
    "not found": at("/no-such-page/"),
}
