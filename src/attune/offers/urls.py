"""Addresses of a member's offers."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
