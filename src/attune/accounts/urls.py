"""Signing in. Of allauth's addresses only those that this site uses exist."""

from allauth.account import views as allauth_views
from django.urls import include, path

from attune.accounts import views

urlpatterns = [
    path("accounts/invitation/", views.invitation, name="invitation"),
    path("accounts/second-factor/", views.second_factor_setup, name="second_factor_setup"),
    path("accounts/password/", views.choose_password, name="choose_password"),
    path("accounts/login/", allauth_views.login, name="account_login"),
    path("accounts/logout/", allauth_views.logout, name="account_logout"),
    path("accounts/inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("accounts/confirm/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
]
