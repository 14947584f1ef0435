"""Where practitioners are found."""

from django.urls import URLPattern, path

from attune.finder import views

urlpatterns: list[URLPattern] = [
    path("therapists/<slug:code>/", views.profile, name="profile"),
]
