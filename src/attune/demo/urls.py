"""Addresses that exist on demonstration sites only."""

from django.urls import path

from attune.demo import sign_in, views

urlpatterns = [
    path("demo/outbox/", views.outbox, name="demo_outbox"),
    path("demo/sign-in/<str:token>/", sign_in.sign_in, name="demo_sign_in"),
]
