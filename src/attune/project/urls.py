"""Which app answers where. Each app names its own addresses in full."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

APPS = ("web", "content", "enquiries", "finder", "booking", "accounts", "demo")

urlpatterns: list[URLPattern | URLResolver] = [
    *([path("", include("attune.project.health"))] if find_spec("attune.vocabulary.queries") else []),
    path("staff/", admin.site.urls),
    *(path("", include(f"attune.{app}.urls")) for app in APPS if find_spec(f"attune.{app}") and find_spec(f"attune.{app}.urls")),
]
if find_spec("attune.core.errors"):
    from attune.project.api import api
    urlpatterns.append(path("api/v1/", api.urls))
