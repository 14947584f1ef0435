"""Which app answers where. Each app names its own addresses in full."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from attune.project.api import api

# Asked for most often first: an address is compared with one pattern after the other.
APPS = (
    *("enquiries", "finder", "booking", "web", "content", "accounts", "offers", "privacy"),
    "demo",
)

handler500 = "attune.web.views.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("attune.project.health")),
    *(path("", include(f"attune.{app}.urls")) for app in APPS),
    path("api/v1/", api.urls),
    path("staff/", admin.site.urls),
]
