"""The site's addresses, and an empty view to compare with."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from attune.accounts.audience import Audience, audience
from attune.project.urls import urlpatterns as of_the_site


@audience(Audience.ANYONE)
def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"")


urlpatterns = [path("bench/empty/", empty), *of_the_site]
