"""Who asks."""

from typing import cast

from django.http import HttpRequest

from attune.accounts.models import User


def member_of(request: HttpRequest) -> User:
    """Return who is signed in: these views are for members only (``audience``)."""
    return cast("User", request.user)
