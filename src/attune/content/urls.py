"""Addresses of the pages that explain."""

from django.urls import path

from attune.content import views

urlpatterns = [
    path("", views.home, name="home"),
    path("help-now/", views.help_now, name="help_now"),
    path("free-help/", views.free_help, name="free_help"),
    path("how-we-choose/", views.how_we_choose, name="how_we_choose"),
    path("privacy/", views.privacy, name="privacy"),
    path("cookies/", views.cookies, name="cookies"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("library/therapies/ipt/", views.interpersonal_therapy, name="interpersonal_therapy"),
]
