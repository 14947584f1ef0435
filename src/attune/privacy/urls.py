"""Addresses of what we may do, and of complaints."""

from django.urls import path

from attune.privacy.views import choice

urlpatterns = [
    path("cookies/", choice.cookies, name="cookies"),
    path("cookies/choice/", choice.choose, name="choose"),
]
