"""Signing in. Of allauth's addresses only those that this site uses exist."""

from allauth.account import views as allauth_views
from django.urls import include, path

from attune.accounts import home_views, idle_views, reach_views, views

urlpatterns = [
    path("accounts/invitation/", views.invitation, name="invitation"),
    path("accounts/second-factor/", views.second_factor_setup, name="second_factor_setup"),
    path("accounts/password/", views.choose_password, name="choose_password"),
    path("accounts/login/", allauth_views.login, name="account_login"),
    path("accounts/logout/", allauth_views.logout, name="account_logout"),
    path("accounts/inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("accounts/confirm/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    # Somebody's own page, and how safely they are here.
    path("account/", home_views.home, name="account_home"),
    path("account/signed-out/", home_views.signed_out, name="account_signed_out"),
    path("account/stay/", idle_views.stay, name="account_stay"),
    path("account/locked/", idle_views.locked, name="account_locked"),
    path("account/unfinished/", idle_views.keep_form, name="account_keep_form"),
    path("account/unfinished/<str:code>/", idle_views.unfinished, name="account_unfinished"),
    path(
        "account/unfinished/<str:code>/throw-away/",
        idle_views.throw_away,
        name="account_throw_away",
    ),
    path("account/reach/", reach_views.reach, name="account_reach"),
    path("account/reach/never/", reach_views.send_nothing, name="account_send_nothing"),
    path("account/reach/again/", reach_views.send_again, name="account_send_again"),
    path("account/email/", reach_views.new_address, name="account_email"),
    path("account/email/code/", reach_views.prove_address, name="account_email_code"),
    path("account/email/changed/", reach_views.address_changed, name="account_email_changed"),
]
