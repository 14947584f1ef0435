"""Which app answers where."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("staff/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
]
