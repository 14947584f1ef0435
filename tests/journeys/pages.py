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
    "calendar after leaving": leaves,
    "not found": at("/no-such-page/"),
}
