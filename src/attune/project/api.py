"""The machine-readable face: one API, its parts written by the apps that own the subjects."""

import math
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError, ValidationErrorContext
from ninja.parser import Parser

from attune.accounts.keys import KeyFileUnusable
from attune.accounts.limits import TooManyRequests
from attune.accounts.sealing import CannotOpen
from attune.booking.api import router as booking
from attune.core.errors import InvalidInput
from attune.finder.api import router as finder
from attune.finder.listings import DEEPEST, decoded

# The words of ``InvalidInput`` for what a library finds wrong.
ACCEPTED = {
    "missing": "a value",
    "extra_forbidden": "no field of this name",
    "model_type": "an object",
    "model_attributes_type": "an object",
    # Half of a character.
    "string_unicode": "text without control characters",
}


class StrictParser(Parser):
    def parse_body(self, request: HttpRequest) -> Any:
        return decoded(request.body)


class Api(NinjaAPI):
    def validation_error_from_error_contexts(
        self, error_contexts: list[ValidationErrorContext[Any]]
    ) -> ValidationError:
        """Keep what was sent, which ninja leaves out."""
        return ValidationError(
            [
                dict(error)
                for context in error_contexts
                for error in context.pydantic_validation_error.errors(include_url=False)
            ]
        )


api = Api(
    title="Attune",
    version="1",
    description=(
        "Find people who fit, see the times that are free in their diaries here, and book one. "
        "Answers about health are sent in bodies, never in addresses."
    ),
    docs_url=None,
    urls_namespace="api",
    parser=StrictParser(),
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


@api.exception_handler(HttpError)
def no_json(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer a body that cannot be read, which is all that ninja raises this for here."""
    accepted = f"JSON in UTF-8, at most {DEEPEST} levels deep, without NaN and Infinity"
    return _refused(request, [InvalidInput("body", None, accepted)])


@api.exception_handler(RequestDataTooBig)
def too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return _told(request, "This body is too long.", status=413)


@api.exception_handler(TooManyRequests)
def too_many(request: HttpRequest, error: TooManyRequests) -> HttpResponse:
    """Say when to come back."""
    response = _told(request, str(error), status=429)
    response["Retry-After"] = str(math.ceil(error.wait.total_seconds()))
    return response


@api.exception_handler(CannotOpen)
@api.exception_handler(KeyFileUnusable)
def closed(request: HttpRequest, error: Exception) -> HttpResponse:
    """Say that what is sealed stays closed for the moment."""
    return _told(request, "This is closed for the moment. Try again later.", status=503)


def _as_invalid_input(told: dict[str, Any]) -> InvalidInput:
    kind, where, message = told["type"], told["loc"], str(told["msg"])
    # First stands the name of our argument; alone where all of the body is wrong.
    field = ".".join(where[1:] or where)
    accepted = message.removeprefix("Input should be ").removeprefix("String should have ")
    return InvalidInput(
        field,
        None if kind == "missing" else told["input"],
        ACCEPTED.get(kind, accepted),
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


def _told(request: HttpRequest, sentence: str, *, status: int) -> HttpResponse:
    return api.create_response(request, {"detail": sentence}, status=status)
