"""The machine-readable face: one API, its parts written by the apps that own the subjects."""

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError

from attune.booking.api import router as booking
from attune.core.errors import InvalidInput
from attune.finder.api import router as finder

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
api.add_router("", finder)
api.add_router("", booking)


@api.exception_handler(InvalidInput)
def invalid_input(request: HttpRequest, error: InvalidInput) -> HttpResponse:
    """Name the field, the value and what is accepted."""
    return _refused(request, [error])


@api.exception_handler(ValidationError)
def wrong_shape(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Tell a missing or wrongly typed field in the same shape as every other mistake."""
    return _refused(request, [_as_invalid_input(one) for one in error.errors])


def _as_invalid_input(told: dict[str, object]) -> InvalidInput:
    where = told.get("loc")
    names = [str(part) for part in where] if isinstance(where, list | tuple) else []
    # ninja puts "body" and the name of our argument before the field's own name.
    field = ".".join(names[2:] or names[-1:]) or "body"
    accepted = str(told.get("msg", "")).lower().removeprefix("input should be ")
    return InvalidInput(
        field, told.get("input"), "a value" if told.get("type") == "missing" else accepted
    )


def _refused(request: HttpRequest, errors: list[InvalidInput]) -> HttpResponse:
    detail = [
        {
            "field": error.field,
            "value": error.value,
            "accepted": error.accepted,
            "message": str(error),
        }
        for error in errors
    ]
    return api.create_response(request, {"detail": detail}, status=422)
