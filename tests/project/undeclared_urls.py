"""A URL table with one view that does not say who may use it."""

from django.http import HttpResponse
from django.urls import include, path

urlpatterns = [
    path("", include("attune.project.urls")),
    path("undeclared/", lambda request: HttpResponse("open to all")),
]
