"""The machine-readable face: one API, its parts written by the apps that own the subjects."""

from importlib.util import find_spec
from importlib import import_module

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from attune.accounts.audience import Audience, audience
from attune.core.errors import InvalidInput

api = NinjaAPI(
    title="Attune",
    version="1",
    description=(
        "Find people who fit, see the times that are free in their diaries here, and book one. "
        "Answers about health are sent in bodies, never in addresses."
    ),
    docs_url=None,
    urls_namespace="api",
)


@api.exception_handler(InvalidInput)
def invalid_input(request: HttpRequest, error: InvalidInput) -> HttpResponse:
    """Name the field, the value and what is accepted."""
    detail = {
        "field": error.field,
        "value": error.value,
        "accepted": error.accepted,
        "message": str(error),
    }
    return api.create_response(request, {"detail": [detail]}, status=422)


for _app in ("finder", "booking"):
    if find_spec(f"attune.{_app}.api"):
        api.add_router("", import_module(f"attune.{_app}.api").router)
__all__ = ("Audience", "api", "audience")
