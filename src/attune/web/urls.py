"""Addresses of pages that belong to no subject."""

from django.urls import path

from attune.web import views

urlpatterns = [
    path("leave/", views.leave, name="leave"),
    path("leaving-to/<str:sealed>/", views.leaving_to, name="leaving_to"),
    path("month/", views.month, name="month"),
    path("robots.txt", views.robots, name="robots"),
    path("site.webmanifest", views.manifest, name="manifest"),
]
