"""Why a person was suggested: asked of whoever keeps enquiries, which stands to our left."""

from collections.abc import Callable

from django.http import HttpRequest

from attune.finder.cards import Why

# Given a request and a listing's code: the reasons, if this browser holds an enquiry that it fits.
Source = Callable[[HttpRequest, str], Why | None]

_sources: list[Source] = []


def explains(source: Source) -> Source:
    """Register the decorated function as knowing why a listing was suggested to a browser."""
    _sources.append(source)
    return source


def why_suggested(request: HttpRequest, code: str) -> Why | None:
    """Return why this browser was shown this listing; None: it did not ask."""
    return next((why for source in _sources if (why := source(request, code))), None)
