"""Pages that belong to no subject: errors, and the way out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that was too old or came from elsewhere."""
    return render(request, "web/form_too_old.jinja", status=403)
