"""Addresses of a member's offers."""

from django.urls import path

from attune.offers import views

urlpatterns = [
    path("account/offers/", views.offer_list, name="offers"),
    path("account/offers/<str:code>/", views.offer, name="offer"),
    path("account/offers/<str:code>/claim/", views.claim_offer, name="offer_claim"),
    path("account/offers/<str:code>/claimed/", views.offer_claimed, name="offer_claimed"),
]
