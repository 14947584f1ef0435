"""Why somebody was suggested, for their profile page."""

from django.http import HttpRequest

from attune.enquiries.results import addresses_of_answers
from attune.enquiries.visit import Visit
from attune.finder.cards import Why, why_of
from attune.finder.queries import UnknownPlace, match
from attune.finder.reasons import Speaker
from attune.finder.why import explains


@explains
def why_this_person(request: HttpRequest, code: str) -> Why | None:
    """Return the reasons of one listing for the enquiry that this browser holds, if it fits."""
    if request.session.session_key is None:
        return None
    visit = Visit(request)
    if visit.enquiry is None:
        return None
    try:
        found = match(
            visit.answers.enquiry, loaded=visit.loaded, now=visit.now, limit=1, order=(code,)
        )
    except UnknownPlace:
        return None
    # Somebody who no longer fits has no place in the order: then the first is another.
    first = next((one for one in found.result.matches if one.code == code), None)
    if first is None:
        return None
    return why_of(first, Speaker.of(found), addresses_of_answers())
